//! `qr make`: an object as one code, or as several.

use crate::files::{self, Access, STREAM};
use crate::output::{Exit, Failure, Out, bold, good, plain, say};
use crate::qr::{Drawn, Level, MAX_VERSION, Symbol, draw};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, Content, Form, MAX_DECODED, Prepared};
use zhengyin::claims::StampFile;
use zhengyin::envelope::Envelope;
use zhengyin::issue::prepare;

/// More codes than this nobody scans.
const MAX_CODES: usize = 16;

/// Write an object as a QR code: PNG, SVG, or on the terminal
///
/// Digits by default: they survive scanners that type, any keyboard layout and input methods. Compressed where that is smaller. Print the
/// picture at its own size or larger: a module is half a millimetre wide then.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin qr make license.zyl\n  zhengyin qr make license.zyl --out code.png\n  zhengyin qr make license.zyl --out code.svg --level Q\n  zhengyin qr make large.zyl --out code.png --max-version 20\n  zhengyin qr make decision.pdf.zys --without-seals --out stamp.png"
)]
pub(super) struct Args {
    /// The object: a file, the text of a code or a text block; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    code: CodeArgs,
    /// Of a file of stamps the stamps alone, small enough to be printed beside the text; whoever scans them has the seals (kiosk --seals)
    #[arg(long)]
    without_seals: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// How bytes become codes, and where those go.
#[derive(clap::Args, Debug)]
pub(crate) struct CodeArgs {
    /// Where it is written: NAME.png, NAME.svg, NAME.txt (the text that the code holds), NAME.zyl (the bytes), or - for standard output
    /// [default: drawn on the terminal]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// png, svg, text, bytes or drawn [default: by the ending of --out, else drawn]
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
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Png,
    Svg,
    /// The text that the code holds.
    Text,
    /// The object itself.
    Bytes,
    /// The code, drawn with characters.
    Drawn,
}

impl Kind {
    fn parse(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "png" => Ok(Self::Png),
            "svg" => Ok(Self::Svg),
            "text" | "txt" => Ok(Self::Text),
            "bytes" | "zyl" | "zys" | "zye" => Ok(Self::Bytes),
            "drawn" => Ok(Self::Drawn),
            _ => Err("expected png, svg, text, bytes or drawn".to_owned()),
        }
    }
}

/// Codes that are ready to be written.
struct Codes {
    texts: Vec<String>,
    symbols: Vec<Symbol>,
    prepared: Prepared,
}

impl CodeArgs {
    fn kind(&self) -> Result<Kind, Failure> {
        let ending = self.out.as_deref().and_then(Path::extension).and_then(|ending| ending.to_str());
        match (self.kind, &self.out, ending) {
            (Some(kind), ..) => Ok(kind),
            (None, None, _) => Ok(Kind::Drawn),
            (None, Some(path), _) if path == Path::new(STREAM) => Ok(Kind::Text),
            (None, Some(path), ending) => ending.and_then(|ending| Kind::parse(ending).ok()).ok_or_else(|| {
                let shown = path.display();
                Failure::usage(say!(
                    "从文件名 {shown} 看不出写成什么",
                    "the name {shown} does not say what is to be written"
                ))
                .because(say!("应以 .png、.svg、.txt 或 .zyl 结尾", "it should end with .png, .svg, .txt or .zyl"))
            }),
        }
    }

    fn text(&self, prepared: &Prepared) -> String {
        if self.carrier == "base45" { prepared.base45() } else { prepared.digits() }
    }

    fn code(&self, prepared: &Prepared) -> Option<(String, Symbol)> {
        let text = self.text(prepared);
        let symbol = Symbol::of(&text, self.level, self.max_version)?;
        Some((text, symbol))
    }

    /// One code if it fits, else as few as need be.
    fn codes(&self, bytes: &[u8]) -> Result<Codes, Failure> {
        let refused = |error: carrier::Error| {
            Failure::new(say!("不能写成二维码", "it cannot be written as a code")).because(say!("{error}", "{error}"))
        };
        let prepared = if self.plain { Prepared::plain(bytes) } else { prepare(bytes) }.map_err(refused)?;
        let whole = || self.code(&prepared).map(|code| vec![code]);
        let all = |parts: Vec<Prepared>| parts.iter().map(|part| self.code(part)).collect::<Option<Vec<_>>>();
        let size = prepared.content().len().saturating_add(1);
        let divided = || (2..=MAX_CODES).find_map(|count| all(prepared.split(size.div_ceil(count)).ok()?));
        let codes = whole().or_else(divided).ok_or_else(|| {
            let version = self.max_version;
            Failure::new(say!(
                "{MAX_CODES} 个版本 {version} 的二维码装不下",
                "it does not fit {MAX_CODES} codes of version {version}"
            ))
            .because(say!("请用 --max-version 40", "use --max-version 40"))
        })?;
        let (texts, symbols) = codes.into_iter().unzip();
        Ok(Codes { texts, symbols, prepared })
    }

    /// Writes bytes as they are asked for, or only says what would be written; and what became of them, as JSON.
    pub(crate) fn write(&self, bytes: &[u8], dry_run: bool, out: &mut Out) -> Result<Value, Failure> {
        let kind = self.kind()?;
        let codes = self.codes(bytes)?;
        let count = if kind == Kind::Bytes { 1 } else { codes.symbols.len() };
        let paths: Vec<PathBuf> = self.out.iter().flat_map(|path| names(path, count)).collect();
        paths.iter().try_for_each(|path| files::check_absent(path))?;
        if !dry_run {
            self.put(kind, bytes, &codes, &paths, out)?;
        }
        if dry_run || !paths.is_empty() && paths.iter().all(|path| path != Path::new(STREAM)) {
            tell(kind, &codes, &paths, dry_run, out);
        }
        let form = if codes.prepared.form() == Form::Plain { "plain" } else { "brotli" };
        Ok(json!({
            "files": paths, "bytes": bytes.len(), "packed": codes.prepared.content().len(), "form": form,
            "carrier": self.carrier, "codes": codes.symbols.iter().zip(&codes.texts).map(|(symbol, text)| {
                json!({"version": symbol.version(), "level": symbol.level().name(), "modules": symbol.size(), "text": text})
            }).collect::<Vec<_>>(),
        }))
    }

    fn put(&self, kind: Kind, bytes: &[u8], codes: &Codes, paths: &[PathBuf], out: &mut Out) -> Result<(), Failure> {
        let drawn = match kind {
            Kind::Png => Some(Drawn::Png(usize::from(self.scale))),
            Kind::Svg => Some(Drawn::Svg),
            Kind::Drawn if self.out.is_none() && out.is_coloured() => Some(Drawn::Coloured),
            Kind::Drawn => Some(Drawn::Plain),
            Kind::Text | Kind::Bytes => None,
        };
        let mut pieces = Vec::new();
        match drawn {
            Some(drawn) => {
                for symbol in &codes.symbols {
                    pieces.push(draw(symbol, drawn)?);
                }
            }
            None if kind == Kind::Bytes => pieces.push(bytes.to_vec()),
            // A line end would be white space to be repaired, for whoever reads the file.
            None => pieces.extend(codes.texts.iter().map(|text| text.clone().into_bytes())),
        }
        for (at, piece) in pieces.iter().enumerate() {
            match paths.get(at) {
                Some(path) if path != Path::new(STREAM) => files::create(path, piece, Access::Shared)?,
                // Under --json the answer is the JSON.
                _ if out.is_json() => {}
                _ => {
                    out.bytes(piece);
                    if kind == Kind::Text {
                        out.bytes(b"\n");
                    }
                }
            }
        }
        Ok(())
    }
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let bytes = object(&args.file)?;
    let bytes = if args.without_seals { stamps_alone(&bytes, &args.file)? } else { bytes };
    let mut json = args.code.write(&bytes, args.dry_run, out)?;
    if let Value::Object(map) = &mut json {
        map.insert("schema".to_owned(), "zhengyin.code/1".into());
    }
    out.json(&json);
    Ok(Exit::Done)
}

/// The stamps of a file, without the seals that they name.
fn stamps_alone(bytes: &[u8], path: &Path) -> Result<Vec<u8>, Failure> {
    let file = StampFile::parse(bytes).unwrap_or_default();
    let stamps: Vec<&[u8]> = file.stamps.iter().map(Envelope::bytes).collect();
    if stamps.is_empty() {
        let shown = path.display();
        let next = format!("zhengyin inspect {}", files::quoted(path));
        return Err(Failure::new(say!("{shown} 中没有签章", "there is no stamp in {shown}")).next(next));
    }
    Ok(stamps.concat())
}

/// The bytes of a file, or what its text carries.
pub(crate) fn object(path: &Path) -> Result<Vec<u8>, Failure> {
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

fn tell(kind: Kind, codes: &Codes, paths: &[PathBuf], dry_run: bool, out: &mut Out) {
    let bytes = codes.prepared.content().len();
    let count = if kind == Kind::Bytes { 1 } else { codes.symbols.len() };
    for (at, symbol) in codes.symbols.iter().enumerate().take(count) {
        let (version, level) = (symbol.version(), symbol.level().name());
        let (whole, tenth) = symbol.millimetres();
        let said = match (kind, dry_run) {
            (Kind::Bytes, false) => say!("已写入", "written"),
            (Kind::Bytes, true) => say!("将写入", "would be written"),
            (_, false) => say!(
                "版本 {version}-{level}，{whole}.{tenth} 毫米见方",
                "version {version}-{level}, {whole}.{tenth} mm wide"
            ),
            (_, true) => say!(
                "将写入：版本 {version}-{level}，{whole}.{tenth} 毫米见方",
                "would write version {version}-{level}, {whole}.{tenth} mm wide"
            ),
        };
        let mut line = vec![good("✓ "), plain(out.say(&said))];
        if let Some(path) = paths.get(at) {
            line.extend([plain("  "), bold(path.display().to_string())]);
        }
        out.line(&line);
    }
    if count > 1 {
        let said = say!(
            "分为 {count} 部分（共 {bytes} 字节）：须全部扫描，先后不限",
            "in {count} parts ({bytes} bytes in all): each must be scanned, in any order"
        );
        out.text(&said);
    }
}
