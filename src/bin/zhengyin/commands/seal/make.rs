//! `seal make`: a maker of seals (制章者) makes one, through the register.

use super::signers;
use crate::args::{self, Global};
use crate::clock::{self, Moment};
use crate::drawing::{self, Plan, Shape};
use crate::files;
use crate::home::Home;
use crate::keys;
use crate::office::sealing::{self, Order, Place};
use crate::office::seat::Seat;
use crate::office::standing::pointer_text;
use crate::office::{known, register};
use crate::output::{Exit, Failure, Loudness, Out, Say, bold, good, plain, say, unsure};
use crate::page::{FontFile, Fonts};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::{CreditCode, Region, SealCode};
use zhengyin::claims::{PictureFormat, SealKind};
use zhengyin::issue::SealFacts;
use zhengyin::limits::MAX_PICTURE;
use zhengyin::register::{Act, Replacing, Sealed};
use zhengyin::status::State;
use zhengyin::time::{Day, Timestamp};

/// Make a seal (电子印章): its position in the maker's status list is allotted and recorded before it is signed, and it is verified before it leaves
///
/// The same command gives the same seal again: one that was stopped is repeated without harm.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin seal make --owner 示例市数据局 --owner-code 11990100MB00001174 --signer 11990100MB00001174 --until 2030-01-01\n  zhengyin seal make --owner 示例市数据局 --owner-code 11990100MB00001174 --bottom 合同专用章 --signer 11990100MB00001174 --until 1825d --preview seal.svg\n  zhengyin seal make --owner 王示例 --kind person --owner-code 11990100MB00001174 --signer officer.crt --until 1825d\n  zhengyin seal make --owner 示例市数据局 --owner-code 11990100MB00001174 --code 99010000000017 --signer officer.crt --signer deputy.crt --until 1825d --picture seal.png --size 40x30 --out bureau.zye --dry-run"
)]
pub(super) struct Args {
    /// Whose seal it is: the name in full
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// The owner's unified social credit code: in its name the seal stamps
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    owner_code: CreditCode,
    /// What the seal is called [default: the owner's name and 公章, or what --bottom says; of a person the name and 名章]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The kind of seal: unit (单位印章) or person (个人印章)
    #[arg(long, value_name = "KIND", default_value = "unit", value_parser = kind)]
    kind: SealKind,
    /// The seal's code: 14 digits, the first six a region [default: the next one of --region]
    #[arg(long, value_name = "CODE", value_parser = SealCode::parse)]
    code: Option<SealCode>,
    /// The region in which the next code is allotted [default: the maker's, if it has one]
    #[arg(long, value_name = "REGION", value_parser = Region::parse, conflicts_with = "code")]
    region: Option<Region>,
    /// A key that may stamp: the code of an authority that is enrolled here for seal-signer, a certificate, a public key or a key; may be repeated
    #[arg(long = "signer", value_name = "SIGNER", required = true)]
    signers: Vec<String>,
    /// A media type or a license type that the seal may be used on; may be repeated [default: any]
    #[arg(long = "allow", value_name = "TYPE")]
    allowed: Vec<String>,
    /// From when the seal may be used; a duration is counted from now [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    from: Option<Moment>,
    /// From when it may no longer be used; a duration lasts to the end of its last day
    #[arg(long, value_name = "TIME", value_parser = Moment::parse)]
    until: Moment,
    /// The picture (印模): PNG, or SVG of plain shapes [default: one is drawn]
    #[arg(long, value_name = "FILE", requires = "size")]
    picture: Option<PathBuf>,
    /// What is drawn: round with a star, oval, or square for a person [default: round, of a person square]
    #[arg(long, value_name = "SHAPE", value_parser = shape, conflicts_with = "picture")]
    shape: Option<Shape>,
    /// What stands below the star, or at the foot of an oval seal, such as 合同专用章
    #[arg(long, value_name = "TEXT", conflicts_with = "picture")]
    bottom: Option<String>,
    /// What stands in the middle of an oval seal [default: the owner's code]
    #[arg(long, value_name = "TEXT", conflicts_with = "picture")]
    middle: Option<String>,
    /// A font with Chinese (TrueType, OpenType; PATH#N for a face of a collection); a further one for what the first has not [default:
    /// `font` in config, else one that the system has]
    #[arg(long = "font", value_name = "PATH", conflicts_with = "picture")]
    fonts: Vec<String>,
    /// Draw the picture into this file, to be looked at, and make nothing
    #[arg(long, value_name = "FILE", conflicts_with = "picture")]
    preview: Option<PathBuf>,
    /// How large the seal is on paper, in mm: 42, or 40x30 [default: 42, of a special seal 40, oval 40x30, square 18]
    #[arg(long, value_name = "MM", value_parser = size)]
    size: Option<[u8; 2]>,
    /// Another seal of this code is there: it is superseded by this one
    #[arg(long)]
    replace: bool,
    /// The maker [default: the only one that is enrolled here]
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    maker: Option<CreditCode>,
    /// The maker's status list in which it is to stand
    #[arg(long, value_name = "N", default_value_t = 1)]
    list: u64,
    /// Where the seal is written, or - for standard output [default: out/CODE.zye in the home folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Check everything that can be checked without the maker's key, and do nothing
    #[arg(long)]
    dry_run: bool,
}

fn kind(word: &str) -> Result<SealKind, String> {
    match word {
        "unit" => Ok(SealKind::UNIT),
        "person" => Ok(SealKind::PERSON),
        _ => Err("expected unit or person".to_owned()),
    }
}

fn shape(word: &str) -> Result<Shape, String> {
    match word {
        "round" => Ok(Shape::Round),
        "oval" => Ok(Shape::Oval),
        "square" => Ok(Shape::Square),
        _ => Err("expected round, oval or square".to_owned()),
    }
}

/// `42`, or `40x30`: width and height.
fn size(text: &str) -> Result<[u8; 2], String> {
    let (width, height) = text.split_once(['x', '×']).unwrap_or((text, text));
    let side = |text: &str| text.parse().ok().filter(|side| (1..=100).contains(side));
    match (side(width), side(height)) {
        (Some(width), Some(height)) => Ok([width, height]),
        _ => Err("expected millimetres from 1 to 100, as 42 or 40x30".to_owned()),
    }
}

/// What stands on a seal.
struct Names {
    owner: String,
    name: String,
}

impl Args {
    /// The seal as it is asked for.
    fn order(&self, names: Names, home: &Home, maker: &Seat, global: &Global) -> Result<Order, Failure> {
        let now = clock::now()?;
        let (picture_format, picture, millimetres) = self.picture(&names, global)?;
        let Names { owner, name } = names;
        let code = match self.code {
            Some(code) => code,
            None => sealing::code(home, maker, self.region, (self.owner_code, &name))?,
        };
        let signers: Result<Vec<_>, Failure> =
            self.signers.iter().map(|text| signers::read(text, home, global).map(|key| key.thumbprint())).collect();
        let mut signers = signers?;
        signers.sort_unstable();
        signers.dedup();
        let facts = SealFacts {
            code,
            name,
            kind: self.kind,
            owner_name: owner,
            owner: self.owner_code,
            picture_format,
            picture,
            millimetres,
            signers,
            allowed: self.allowed.clone(),
        };
        Ok(Order {
            maker: maker.facts.authority,
            facts,
            list: self.list,
            from: self.from.map(|from| from.after(now)),
            until: self.until(now)?,
            replacing: if self.replace { Replacing::Former } else { Replacing::Nothing },
        })
    }

    /// A duration ends with a day, so that the same command means the same seal all day.
    fn until(&self, now: Timestamp) -> Result<Timestamp, Failure> {
        let until = self.until.after(now);
        match self.until {
            Moment::At(_) => Ok(until),
            Moment::Within(_) => Timestamp::new(Day::of(until).end())
                .ok_or_else(|| Failure::usage(say!("--until 太远", "--until is too far away"))),
        }
    }

    /// The names in the one form of Unicode; what was not in it is told.
    fn names(&self, out: &mut Out) -> Names {
        let mut settled = |text: String| {
            let Some(after) = SealFacts::normalized(&text) else { return text };
            out.remark(
                Loudness::Normal,
                &say!("已规范化（NFC）：{text} → {after}", "brought to Unicode normalization form C: {text} → {after}"),
            );
            after
        };
        let owner = settled(self.owner.clone());
        let name = match (&self.name, self.kind) {
            (Some(name), _) => settled(name.clone()),
            (None, SealKind::PERSON) => format!("{owner}名章"),
            (None, _) => format!("{owner}{}", self.bottom.as_deref().unwrap_or("公章")),
        };
        Names { owner, name }
    }

    /// The picture that was named, or one that is drawn, and its size.
    fn picture(&self, names: &Names, global: &Global) -> Result<(PictureFormat, Vec<u8>, [u8; 2]), Failure> {
        let Some(path) = &self.picture else {
            let (svg, millimetres) = self.draw(names, global)?;
            return Ok((PictureFormat::Svg, svg.into_bytes(), millimetres));
        };
        let (picture, shown) = (files::read(path, MAX_PICTURE)?, path.display());
        let format = PictureFormat::sniff(&picture)
            .ok_or_else(|| Failure::usage(say!("{shown} 既不是 PNG 也不是 SVG", "{shown} is neither PNG nor SVG")))?;
        Ok((format, picture, self.size.unwrap_or_default()))
    }

    fn draw(&self, names: &Names, global: &Global) -> Result<(String, [u8; 2]), Failure> {
        let usual = if self.kind == SealKind::PERSON { Shape::Square } else { Shape::Round };
        let shape = self.shape.unwrap_or(usual);
        let millimetres = self.size.unwrap_or_else(|| shape.usual_size(self.bottom.is_some()));
        let configured = global.config()?.font;
        let named = if self.fonts.is_empty() { configured.into_iter().collect() } else { self.fonts.clone() };
        let files = match named.as_slice() {
            [] => vec![FontFile::known_for_seals()?],
            named => named.iter().map(|named| FontFile::read(named)).collect::<Result<_, _>>()?,
        };
        let middle = self.middle.as_deref().unwrap_or(self.owner_code.as_str());
        let middle = Some(middle).filter(|_| shape == Shape::Oval);
        let plan = Plan { shape, name: &names.owner, below: self.bottom.as_deref(), middle, millimetres };
        drawing::draw(&plan, &Fonts::parse(&files)?).map(|svg| (svg, millimetres))
    }
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let names = args.names(out);
    if let Some(path) = &args.preview {
        let (svg, [width, height]) = args.draw(&names, global)?;
        let shown = path.display();
        if args.dry_run {
            out.text(&say!("将画出 {shown}（{width} × {height} 毫米）", "would draw {shown} ({width} × {height} mm)"));
            out.json(&json!({"schema": "zhengyin.preview/1", "dry_run": true, "file": path, "width_mm": width, "height_mm": height, "size": svg.len()}));
            return Ok(Exit::Done);
        }
        files::create(path, svg.as_bytes(), files::Access::Shared)?;
        if path != Path::new(files::STREAM) {
            out.text(&say!(
                "已画出 {shown}（{width} × {height} 毫米）；没有制作印章",
                "drew {shown} ({width} × {height} mm); no seal was made"
            ));
            out.json(&json!({"schema": "zhengyin.preview/1", "file": path, "width_mm": width, "height_mm": height, "size": svg.len()}));
        }
        return Ok(Exit::Done);
    }
    let home = global.home()?;
    let now = clock::now()?;
    let maker = sealing::maker(&home, args.maker)?;
    let store = known::demand(&home)?;
    let order = args.order(names, &home, &maker, global)?;
    let place = sealing::check(&home, &order, &maker, &store, now)?;
    let (code, name) = (order.facts.code, &order.facts.name);
    if args.dry_run {
        out.text(&say!("将制作印章 {code}（{name}）", "would make seal {code} ({name})"));
        let (Place::New(at) | Place::Held(at)) = place;
        let at = pointer_text(at);
        out.line(&[plain("  "), plain(out.say(&at))]);
        out.json(&json!({
            "schema": "zhengyin.sealed/1", "code": code.as_str(), "name": name, "owner": order.facts.owner.as_str(), "dry_run": true,
        }));
        return Ok(Exit::Done);
    }
    let signer = keys::load(&maker.key_path(), global)?;
    maker.check_key(&signer)?;
    if let Some(path) = &args.out {
        // What could not be handed out is not begun.
        if matches!(place, Place::New(_)) {
            files::check_absent(path)?;
        }
        files::check_can_create(path)?;
    } else {
        home.make_within(&home.out())?;
    }
    let actor = global.operator();
    let act = Act::new(&actor, now);
    let (mut register, recovery) = register::open(&home, order.maker, &act)?;
    register::tell_recovery(&recovery, out);
    let sealed = sealing::make(&home, &mut register, &order, (&store, &signer), &act)?;
    let seal = sealed.seal();
    let path = args.out.clone().unwrap_or_else(|| sealing::default_out(&home, &seal.entry));
    // It is in the register: asked for again, it is handed out again.
    sealing::hand_out(&seal.bytes, &path).map_err(|failure| failure.next(args::command_line()))?;
    if path != Path::new(files::STREAM) {
        tell(&sealed, &order, &path, out);
        out.next(&home.command(&format!("status publish {}", order.maker.as_str())));
    }
    Ok(Exit::Done)
}

fn tell(sealed: &Sealed, order: &Order, path: &Path, out: &mut Out) {
    let (seal, again) = (sealed.seal(), matches!(sealed, Sealed::Again(_)));
    let (entry, facts) = (&seal.entry, &order.facts);
    let (name, code, shown) = (&facts.name, facts.code, path.display());
    let said = if again {
        say!("{name} {code} 此前已制作，再次写出", "{name} {code} was made before; here it is again")
    } else {
        say!("已制作{name} {code}", "made {name} {code}")
    };
    out.line(&[good("✓ "), plain(out.say(&said))]);
    out.line(&[plain("  "), bold(shown.to_string()), plain(format!("  ({} bytes)", seal.bytes.len()))]);
    let (at, [width, height]) = (pointer_text(entry.status), facts.millimetres);
    let rows = [
        (say!("凭据编号", "credential"), entry.issuance.id.to_string()),
        (say!("印模", "picture"), format!("{}, {width} × {height} mm", facts.picture_format.media_type())),
        (say!("状态位置", "status"), out.say(&at).to_owned()),
    ];
    for (label, value) in rows {
        let label = crate::output::pad(out.say(&label), 11).into_owned();
        out.line(&[plain("  "), plain(label), plain(value)]);
    }
    // A seal that is handed out again may have been revoked meanwhile.
    if entry.state != State::InForce {
        let state = register::state_text(entry.state);
        let said =
            Say { zh: format!("注意：这枚印章{}", state.zh), en: format!("mind: this seal is {}", state.en) };
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
    let making = entry.seal.as_ref().map(|seal| seal.making);
    out.json(&json!({
        "schema": "zhengyin.sealed/1", "file": path, "again": again, "code": code.as_str(), "making": making, "name": name,
        "owner": facts.owner.as_str(), "owner_name": facts.owner_name, "credential": entry.issuance.id.to_string(),
        "digest": entry.issuance.digest.to_string(), "status": [entry.status.list, entry.status.index],
        "state": entry.state.number(), "bytes": seal.bytes.len(), "picture_bytes": facts.picture.len(), "dry_run": false,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!((size("42"), size("40x30"), size("40×30")), (Ok([42, 42]), Ok([40, 30]), Ok([40, 30])));
        for wrong in ["", "0", "101", "40x", "4.2", "-1", "40x30x20"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
