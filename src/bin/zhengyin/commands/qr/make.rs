//! `qr make`: an object as one code, or as several.

use crate::files::{self, Access, STREAM};
use crate::output::{Exit, Failure, Out, bold, good, plain, say};
use crate::qr::{Drawn, Level, MAX_VERSION, Symbol, draw};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, Content, Form, MAX_DECODED, Prepared};
use zhengyin::issue::prepare;

/// More codes than this nobody scans.
const MAX_CODES: usize = 16;

/// Write an object as a QR code: PNG, SVG, or on the terminal
///
/// Digits by default: they survive scanners that type, any keyboard layout and input methods. Compressed where that is smaller. Print the
/// picture at its own size or larger: a module is half a millimetre wide then.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin qr make license.zyl\n  zhengyin qr make license.zyl --out code.png\n  zhengyin qr make license.zyl --out code.svg --level Q\n  zhengyin qr make large.zyl --out code.png --max-version 20"
)]
pub(super) struct Args {
    /// The object: a file, the text of a code or a text block; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where the picture is written: NAME.png, NAME.svg, or - for standard output [default: on the terminal]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// png, svg or text [default: by the ending of --out, else text]
    #[arg(long = "as", value_name = "KIND", value_parser = Kind::parse)]
    kind: Option<Kind>,
    /// What of the code may be damaged, at least: L 7 %, M 15 %, Q 25 % (for paper that is folded or stamped), H 30 %
    #[arg(long, value_name = "LEVEL", value_parser = Level::parse, default_value = "M")]
    level: Level,
    /// digits, or base45 for readers of alphanumeric codes
    #[arg(long, value_name = "NAME", value_parser = ["digits", "base45"], default_value = "digits")]
    carrier: String,
    /// Do not compress
    #[arg(long)]
    plain: bool,
    /// No code larger than this version (1 to 40): what does not fit is divided into several
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=40), default_value_t = MAX_VERSION)]
    max_version: u8,
    /// Pixels a module of a PNG
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64), default_value_t = 8)]
    scale: u8,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Png,
    Svg,
    Text,
}

impl Kind {
    fn parse(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "png" => Ok(Self::Png),
            "svg" => Ok(Self::Svg),
            "text" | "txt" => Ok(Self::Text),
            _ => Err("expected png, svg or text".to_owned()),
        }
    }
}

impl Args {
    fn kind(&self) -> Result<Kind, Failure> {
        let ending = self.out.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
        match (self.kind, &self.out, ending) {
            (Some(kind), ..) => Ok(kind),
            (None, None, _) => Ok(Kind::Text),
            (None, Some(path), _) if path == Path::new(STREAM) => Ok(Kind::Text),
            (None, Some(path), ending) => ending.and_then(|ending| Kind::parse(ending).ok()).ok_or_else(|| {
                let shown = path.display();
                Failure::usage(say!(
                    "从文件名 {shown} 看不出图片类型",
                    "the name {shown} does not say what kind of picture it is"
                ))
                .next(format!(
                    "zhengyin qr make {} --out {}.png",
                    files::quoted(&self.file),
                    files::quoted(path)
                ))
            }),
        }
    }

    fn text(&self, prepared: &Prepared) -> String {
        if self.carrier == "base45" { prepared.base45() } else { prepared.digits() }
    }

    fn symbol(&self, prepared: &Prepared) -> Option<Symbol> {
        Symbol::of(&self.text(prepared), self.level, self.max_version)
    }

    /// One code if it fits, else as few as need be.
    fn symbols(&self, whole: &Prepared) -> Result<Vec<Symbol>, Failure> {
        if let Some(symbol) = self.symbol(whole) {
            return Ok(vec![symbol]);
        }
        let all = |parts: Vec<Prepared>| parts.iter().map(|part| self.symbol(part)).collect::<Option<Vec<_>>>();
        let size = whole.content().len().saturating_add(1);
        let fitting = (2..=MAX_CODES).find_map(|count| all(whole.split(size.div_ceil(count)).ok()?));
        fitting.ok_or_else(|| {
            let version = self.max_version;
            let what = say!(
                "{MAX_CODES} 个版本 {version} 的二维码装不下",
                "it does not fit {MAX_CODES} codes of version {version}"
            );
            Failure::new(what).next(format!("zhengyin qr make {} --max-version 40", files::quoted(&self.file)))
        })
    }
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let kind = args.kind()?;
    let bytes = object(&args.file)?;
    let refused = |error: carrier::Error| {
        let shown = args.file.display();
        Failure::new(say!("{shown} 不能写成二维码", "{shown} cannot be written as a code"))
            .because(say!("{error}", "{error}"))
    };
    let prepared = if args.plain { Prepared::plain(&bytes) } else { prepare(&bytes) }.map_err(refused)?;
    let symbols = args.symbols(&prepared)?;
    let names: Vec<PathBuf> = args.out.iter().flat_map(|path| names(path, symbols.len())).collect();
    names.iter().try_for_each(|path| files::check_absent(path))?;
    if !args.dry_run {
        write(args, kind, &symbols, &names, out)?;
    }
    let to_stream = args.out.as_deref().is_none_or(|path| path == Path::new(STREAM));
    if !to_stream || args.dry_run {
        tell(args, &prepared, &symbols, &names, out);
    }
    let form = if prepared.form() == Form::Plain { "plain" } else { "brotli" };
    out.json(&json!({
        "schema": "zhengyin.code/1", "files": names, "bytes": bytes.len(), "packed": prepared.content().len(), "form": form,
        "carrier": args.carrier, "codes": symbols.iter().map(|symbol| {
            json!({"version": symbol.version(), "level": symbol.level().name(), "modules": symbol.size()})
        }).collect::<Vec<_>>(),
    }));
    Ok(Exit::Done)
}

/// The bytes of a file, or what its text carries.
fn object(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = files::read(path, MAX_DECODED.saturating_mul(3))?;
    let shown = path.display();
    match Content::of(&bytes) {
        Content::Object(_) => Ok(bytes),
        Content::Text(text) => carrier::decode(text).map(|decoded| decoded.bytes).map_err(|error| {
            let what = say!("{shown} 不是证照文件或其文字形式", "{shown} is no object and no text of one");
            Failure::new(what)
                .because(say!("{error}", "{error}"))
                .next(format!("zhengyin inspect {}", files::quoted(path)))
        }),
    }
}

/// `code.png`, or `code-1.png`, `code-2.png` …
fn names(path: &Path, count: usize) -> Vec<PathBuf> {
    if count == 1 || path == Path::new(STREAM) {
        return vec![path.to_owned()];
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    (1..=count).map(|number| path.with_file_name(format!("{stem}-{number}{ending}"))).collect()
}

fn write(args: &Args, kind: Kind, symbols: &[Symbol], names: &[PathBuf], out: &mut Out) -> Result<(), Failure> {
    let drawn = match kind {
        Kind::Png => Drawn::Png(usize::from(args.scale)),
        Kind::Svg => Drawn::Svg,
        Kind::Text if args.out.is_none() && out.is_coloured() => Drawn::Coloured,
        Kind::Text => Drawn::Plain,
    };
    for (at, symbol) in symbols.iter().enumerate() {
        let picture = draw(symbol, drawn)?;
        match names.get(at) {
            Some(path) if path != Path::new(STREAM) => files::create(path, &picture, Access::Shared)?,
            // Under --json the answer is the JSON.
            _ if out.is_json() => {}
            _ => out.bytes(&picture),
        }
    }
    Ok(())
}

fn tell(args: &Args, prepared: &Prepared, symbols: &[Symbol], names: &[PathBuf], out: &mut Out) {
    let bytes = prepared.content().len();
    for (at, symbol) in symbols.iter().enumerate() {
        let (version, level) = (symbol.version(), symbol.level().name());
        let (whole, tenth) = symbol.millimetres();
        let said = match args.dry_run {
            false => say!(
                "版本 {version}-{level}，{whole}.{tenth} 毫米见方",
                "version {version}-{level}, {whole}.{tenth} mm wide"
            ),
            true => say!(
                "将写入：版本 {version}-{level}，{whole}.{tenth} 毫米见方",
                "would write version {version}-{level}, {whole}.{tenth} mm wide"
            ),
        };
        let mut line = vec![good("✓ "), plain(out.say(&said))];
        if let Some(path) = names.get(at) {
            line.extend([plain("  "), bold(path.display().to_string())]);
        }
        out.line(&line);
    }
    if symbols.len() > 1 {
        let count = symbols.len();
        let said = say!(
            "分为 {count} 部分（共 {bytes} 字节）：须全部扫描，先后不限",
            "in {count} parts ({bytes} bytes in all): each must be scanned, in any order"
        );
        out.text(&said);
    }
}
