//! `license export`: a license of the register once more: its file, its code, or a page to print.

use crate::args::Global;
use crate::clock;
use crate::files::{self, Access, STREAM};
use crate::home::Home;
use crate::office::catalogue::Catalogue;
use crate::office::listing::{Ids, Selection, with_claims};
use crate::office::register;
use crate::office::standing::{self, Found};
use crate::output::{Exit, Failure, Out, bold, good, plain, say, unsure};
use crate::page::{self, FontFile, Fonts, Picture, Sheet};
use crate::qr::{Drawn, Level, MAX_VERSION, Symbol, draw};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::TypeCode;
use zhengyin::issue::catalogue::TypeCatalogue;
use zhengyin::issue::{FieldLabel, prepare};
use zhengyin::status::State;
use zhengyin::time::Timestamp;

/// Write licenses of the register again: as a page to print (PDF, SVG), as a QR code, or as the file itself
///
/// A page says in the open that it is a printed copy. Its Chinese is embedded, so it prints anywhere.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin license export 91990100MA00000A9K\n  zhengyin license export 91990100MA00000A9K --out page.svg --font /usr/share/fonts/truetype/wqy/wqy-microhei.ttc\n  zhengyin license export 91990100MA00000A9K --as code --out code.png\n  zhengyin license export 91990100MA00000A9K --out again.zyl\n  zhengyin license export --type 11950000MB0000019Y002 --state in-force --out pages --dry-run"
)]
pub(super) struct Args {
    /// The license: its number, credential id, license identifier, or its file; without one, those that are meant by the words below
    #[arg(value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    selection: Selection,
    /// Where it is written: NAME.pdf, NAME.svg, NAME.png, NAME.zyl, or - for standard output; for several, the folder to fill [default:
    /// out/IDENTIFIER.pdf in the home folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// page, code or file [default: by the ending of --out, else page]
    #[arg(long = "as", value_name = "KIND", value_parser = Kind::parse)]
    kind: Option<Kind>,
    /// A font with Chinese (TrueType, OpenType; PATH#N for a face of a collection); a further one for what the first has not [default:
    /// `font` in config, else one that the system has]
    #[arg(long = "font", value_name = "PATH")]
    fonts: Vec<String>,
    /// The picture of the authority's seal, a PNG, to be shown on the page
    #[arg(long, value_name = "FILE")]
    seal: Option<PathBuf>,
    /// Write the ids of persons in full; they are masked otherwise
    #[arg(long)]
    full_ids: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Page,
    Code,
    File,
}

impl Kind {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "page" => Ok(Self::Page),
            "code" => Ok(Self::Code),
            "file" => Ok(Self::File),
            _ => Err("expected page, code or file".to_owned()),
        }
    }

    /// How files of this kind end, the first if nothing is said.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Page => &["pdf", "svg"],
            Self::Code => &["png", "svg"],
            Self::File => &["zyl"],
        }
    }
}

/// What is written, and how its files end.
#[derive(Clone, Copy, Debug)]
struct Form {
    kind: Kind,
    ending: &'static str,
}

impl Args {
    fn form(&self, several: bool) -> Result<Form, Failure> {
        let named = self.out.as_deref().filter(|path| !several && *path != Path::new(STREAM));
        let ending = named.and_then(Path::extension).and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let kind = self.kind.unwrap_or(match ending.as_deref() {
            Some("png") => Kind::Code,
            Some("zyl") => Kind::File,
            _ => Kind::Page,
        });
        let first = kind.endings().first().copied().unwrap_or_default();
        let ending = match ending {
            None if named.is_some() => None,
            None => Some(first),
            Some(ending) => kind.endings().iter().find(|known| **known == ending).copied(),
        };
        let ending = ending.ok_or_else(|| {
            let known = kind.endings().iter().map(|known| format!(".{known}")).collect::<Vec<_>>().join(", ");
            Failure::usage(say!("--out 应以 {known} 结尾", "--out is to end with {known}"))
        })?;
        Ok(Form { kind, ending })
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let several = args.id.is_none();
    if several && args.selection.is_everything() {
        return Err(Failure::usage(say!("没有说明导出哪些证照", "nothing says which licenses are meant"))
            .next("zhengyin license export --help"));
    }
    let form = args.form(several)?;
    let configured = global.config()?.font;
    let files = if form.kind == Kind::Page { font_files(args, configured)? } else { Vec::new() };
    let types = Catalogue::read(Some(&home))?.types;
    let desk = Desk {
        types,
        form,
        fonts: Fonts::parse(&files)?,
        seal: args.seal.as_deref().map(Picture::read).transpose()?,
        now,
        args,
    };
    if let Some(id) = &args.id {
        let found = standing::find(&home, id, args.selection.authority)?;
        let path = match &args.out {
            Some(path) => path.clone(),
            None => desk.named(&home, &found, &default_folder(&home, args)?)?,
        };
        desk.export(&home, &found, &path, out)?;
        return Ok(Exit::Done);
    }
    let folder = args.out.clone().unwrap_or_else(|| home.out());
    if !args.dry_run {
        files::make_folder(&folder, Access::Private)?;
    }
    let count = args.selection.each(&home, &mut |found, content| {
        // What was erased by law is listed, and not written again.
        if content.is_some() {
            desk.named(&home, found, &folder).and_then(|path| desk.export(&home, found, &path, out))
        } else {
            Ok(())
        }
    })?;
    if count == 0 {
        out.text(&say!("没有这样的证照", "there is no such license"));
    }
    Ok(Exit::Done)
}

fn default_folder(home: &Home, args: &Args) -> Result<PathBuf, Failure> {
    let folder = home.out();
    if !args.dry_run {
        home.make_within(&folder)?;
    }
    Ok(folder)
}

fn font_files(args: &Args, configured: Option<String>) -> Result<Vec<FontFile>, Failure> {
    let named: Vec<String> = if args.fonts.is_empty() { configured.into_iter().collect() } else { args.fonts.clone() };
    match named.as_slice() {
        [] => FontFile::known().map(|file| vec![file]),
        named => named.iter().map(|named| FontFile::read(named)).collect(),
    }
}

struct Desk<'a> {
    form: Form,
    types: TypeCatalogue,
    fonts: Fonts<'a>,
    seal: Option<Picture>,
    now: Timestamp,
    args: &'a Args,
}

impl Desk<'_> {
    /// The file of a license in a folder: the identifier names a version of a license among all, the credential one of several.
    fn named(&self, home: &Home, found: &Found, folder: &Path) -> Result<PathBuf, Failure> {
        let bytes = content(home, found)?;
        let name = with_claims(&bytes, |claims| claims.identifier().as_str().to_owned()).unwrap_or_default();
        let kind = found.entry.kind.number();
        let name = if kind == 0 { name } else { format!("{name}-{}", found.entry.issuance.id) };
        Ok(folder.join(format!("{name}.{}", self.form.ending)))
    }

    fn export(&self, home: &Home, found: &Found, path: &Path, out: &mut Out) -> Result<(), Failure> {
        let bytes = content(home, found)?;
        let written = match (self.form.kind, self.form.ending) {
            (Kind::File, _) => vec![bytes],
            (Kind::Code, ending) => codes(&bytes, ending)?,
            (Kind::Page, ending) => self.pages(found, &bytes, ending)?,
        };
        let names = names(path, written.len());
        names.iter().try_for_each(|name| files::check_absent(name))?;
        if !self.args.dry_run {
            for (name, bytes) in names.iter().zip(&written) {
                // It says what the license says: as private as the home.
                files::create(name, bytes, Access::Private)?;
            }
        }
        if path != Path::new(STREAM) {
            self.tell(found, &names, out);
        }
        Ok(())
    }

    fn pages(&self, found: &Found, bytes: &[u8], ending: &str) -> Result<Vec<Vec<u8>>, Failure> {
        let symbols = symbols(bytes)?;
        let laid_out = with_claims(bytes, |claims| {
            let sheet = Sheet {
                claims,
                symbols,
                seal: self.seal.clone(),
                ids: if self.args.full_ids { Ids::Full } else { Ids::Masked },
                order: self.order(claims.license.type_code),
                state: found.entry.state,
                printed: self.now,
            };
            page::lay_out(sheet, &self.fonts)
        });
        let document = laid_out.unwrap_or_else(|| Err(unreadable(found)))?;
        if ending == "pdf" {
            return page::pdf(&document, &self.fonts).map(|file| vec![file]);
        }
        Ok(document.pages.iter().map(|page| page::svg(&document, page, &self.fonts).into_bytes()).collect())
    }

    /// The order of the fields on a license of this type.
    fn order(&self, code: TypeCode) -> Vec<FieldLabel> {
        let definition = self.types.get(&code);
        definition.map_or_else(Vec::new, |found| found.fields.iter().map(|field| field.label.clone()).collect())
    }

    fn tell(&self, found: &Found, names: &[PathBuf], out: &mut Out) {
        let number = found.entry.number();
        let said = match self.args.dry_run {
            true => say!("将导出证照 {number}", "would write license {number}"),
            false => say!("已导出证照 {number}", "wrote license {number}"),
        };
        let mut line = vec![good("✓ "), plain(out.say(&said))];
        for name in names {
            line.extend([plain("  "), bold(name.display().to_string())]);
        }
        out.line(&line);
        if found.entry.state != State::InForce {
            let state = register::state_text(found.entry.state);
            let (zh, en) = (state.zh, state.en);
            out.line(&[unsure("! "), plain(out.say(&say!("注意：这份证照{zh}", "mind: this license is {en}")))]);
        }
        out.json(&json!({
            "schema": "zhengyin.export/1", "number": number, "credential": found.entry.issuance.id.to_string(),
            "state": found.entry.state.number(), "files": names, "written": !self.args.dry_run,
        }));
    }
}

/// The license as it was handed out.
fn content(home: &Home, found: &Found) -> Result<Vec<u8>, Failure> {
    let desk = register::read(home, found.authority)?.ok_or_else(|| unreadable(found))?;
    let content = desk.content(found.entry.status).map_err(|error| register::refused(home, error))?;
    content.ok_or_else(|| {
        let number = found.entry.number();
        Failure::new(say!("无法导出证照 {number}", "license {number} cannot be written"))
            .because(say!("它的内容已依法删除", "its content was erased by law"))
    })
}

fn unreadable(found: &Found) -> Failure {
    let number = found.entry.number();
    Failure::new(say!("无法读取证照 {number}", "license {number} cannot be read"))
}

/// One code if it fits, else as few as need be; of a size that prints well.
fn symbols(bytes: &[u8]) -> Result<Vec<Symbol>, Failure> {
    let failed = || Failure::new(say!("证照装不进二维码", "the license does not fit QR codes"));
    let whole = prepare(bytes).map_err(|_| failed())?;
    if let Some(symbol) = Symbol::of(&whole.digits(), Level::M, MAX_VERSION.min(30)) {
        return Ok(vec![symbol]);
    }
    let size = whole.content().len().saturating_add(1);
    let all = |count: usize| {
        let parts = whole.split(size.div_ceil(count)).ok()?;
        parts.iter().map(|part| Symbol::of(&part.digits(), Level::M, 22)).collect::<Option<Vec<_>>>()
    };
    (2..=9).find_map(all).ok_or_else(failed)
}

fn codes(bytes: &[u8], ending: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let drawn = if ending == "svg" { Drawn::Svg } else { Drawn::Png(8) };
    symbols(bytes)?.iter().map(|symbol| draw(symbol, drawn)).collect()
}

/// `NAME.svg`, or `NAME-1.svg`, `NAME-2.svg` …
fn names(path: &Path, count: usize) -> Vec<PathBuf> {
    if count == 1 || path == Path::new(STREAM) {
        return vec![path.to_owned()];
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    (1..=count).map(|number| path.with_file_name(format!("{stem}-{number}{ending}"))).collect()
}
