//! `license issue`: facts become a signed license, through the register.

use super::batch::{self, Many, Wish};
use crate::args::{self, Global};
use crate::clock::{self, Moment};
use crate::files;
use crate::home::Home;
use crate::keys;
use crate::keys::hex_key;
use crate::office::catalogue::Catalogue;
use crate::office::facts::key_of;
use crate::office::license::{self, Order};
use crate::office::seat::Seat;
use crate::office::standing::pointer_text;
use crate::office::{known, register};
use crate::output::{Exit, Failure, Loudness, Out, Say, bold, good, plain, say, unsure};
use crate::template::{self, Template};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::claims::Binding;
use zhengyin::claims::id::{CreditCode, LicenseIdentifier};
use zhengyin::issue::IssuedLicense;
use zhengyin::register::{Act, Issued};
use zhengyin::status::State;
use zhengyin::suite::PublicKey;
use zhengyin::time::Timestamp;
use zhengyin::x509::Use;

/// Issue one license: its position in the status list is allotted and recorded before it is signed, and it is verified before it leaves
///
/// The same facts give the same license again: a command that was stopped is repeated without harm.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin license issue --data business-license.json\n  zhengyin license issue --data - --out license.zyl --dry-run < facts.json\n  zhengyin license issue --batch table.csv --map-template map.json\n  zhengyin license issue --batch table.csv --map map.json --out licenses"
)]
pub(crate) struct Args {
    /// The facts as JSON (examples/data/README.md describes the keys), or - for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "batch")]
    data: Option<PathBuf>,
    /// The issuing authority [default: `authority` in the facts]
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Where the license is written, or - for standard output [default: out/IDENTIFIER.zyl in the home folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The status list in which it is to stand
    #[arg(long, value_name = "N", default_value_t = 1)]
    list: u64,
    /// The holder's public key, 64 hexadecimal digits, or 128 of SM2 (`zhengyin key show`); needed where `bind` is 2
    #[arg(long, value_name = "HEX", value_parser = hex_key)]
    holder_key: Option<PublicKey>,
    /// When the credential is to be refreshed; the license itself may hold longer
    #[arg(long, value_name = "TIME", default_value = "365d", value_parser = Moment::parse)]
    expires: Moment,
    /// Check everything that can be checked without a key, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    many: Many,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    if args.many.is_batch() {
        let wish = Wish {
            authority: args.authority,
            out: args.out.as_deref(),
            list: args.list,
            expires: args.expires.after(now),
            now,
            is_dry_run: args.dry_run,
        };
        return batch::run(&args.many, &wish, global, out);
    }
    let asked = Asked {
        data: args.data.as_deref(),
        authority: args.authority,
        list: args.list,
        holder_key: args.holder_key.as_ref(),
        expires: args.expires.after(now),
    };
    let mut order = asked.read(out)?;
    let unknown = global.config()?.unknown_types;
    Catalogue::read(Some(&home))?.admit(&mut order.facts, unknown, out)?;
    let seat = Seat::demand(&home, order.authority, Use::License)?;
    let store = known::demand(&home)?;
    let at = license::check(&home, &order, &seat, &store, now)?;
    let path = args.out.clone().unwrap_or_else(|| default_out(&home, &order));
    let number = &order.facts.number;
    if args.dry_run {
        let shown = path.display();
        let at = pointer_text(at);
        out.text(&say!("将颁发证照 {number}，写入 {shown}", "would issue license {number} into {shown}"));
        out.line(&[plain("  "), plain(out.say(&at))]);
        return Ok(Exit::Done);
    }
    let signer = keys::load(&seat.key_path(), global)?;
    seat.check_key(&signer)?;
    if args.out.is_none() {
        home.make_within(&home.out())?;
    }
    let actor = global.operator();
    let act = Act::new(&actor, now);
    let (mut register, recovery) = register::open(&home, order.authority, &act)?;
    register::tell_recovery(&recovery, out);
    license::check_out(&home, &register, &order, &path)?;
    let issued = license::issue(&home, &mut register, &order, (&store, &signer), &act)?;
    // It is in the register: asked for again, it is handed out again.
    license::hand_out(issued.license(), &path).map_err(|failure| failure.next(args::command_line()))?;
    if path != Path::new(files::STREAM) {
        tell(&issued, &order, &path, out);
        let entry = register.by_id(issued.license().id).map_err(|error| register::refused(&home, error))?;
        warn(entry.map(|entry| entry.state), out);
        out.next(&home.command(&format!("status publish {}", order.authority.as_str())));
    }
    Ok(Exit::Done)
}

/// A license as the command line asks for it.
pub(super) struct Asked<'a> {
    pub(super) data: Option<&'a Path>,
    pub(super) authority: Option<CreditCode>,
    pub(super) list: u64,
    pub(super) holder_key: Option<&'a PublicKey>,
    pub(super) expires: Timestamp,
}

impl Asked<'_> {
    /// Reads the facts; what was not in the one form of Unicode is brought to it, and told.
    pub(super) fn read(&self, out: &mut Out) -> Result<Order, Failure> {
        let data = self.data.unwrap_or(Path::new(files::STREAM));
        let shown = data.display();
        let json = files::read(data, template::MAX_FILE)?;
        let Template { authority, mut facts } = template::parse(&json)
            .map_err(|why| Failure::new(say!("无法使用 {shown}", "{shown} cannot be used")).because(why))?;
        let authority = match (self.authority, authority) {
            (Some(asked), Some(stated)) if asked != stated => {
                let stated = stated.as_str();
                return Err(Failure::usage(say!(
                    "{shown} 由 {stated} 颁发，与 --authority 不符",
                    "{shown} is to be issued by {stated}, not by --authority"
                )));
            }
            (asked, stated) => asked.or(stated).ok_or_else(|| {
                Failure::usage(say!("没有说明由谁颁发", "nothing says who is to issue it"))
                    .next("zhengyin license issue --help")
            })?,
        };
        if facts.binding == Binding::HolderKey && self.holder_key.is_none() {
            return Err(Failure::usage(say!(
                "bind 为 2：需要持证人的公钥",
                "bind is 2: the holder's public key is needed"
            ))
            .because(say!("用 --holder-key 给出", "give it by --holder-key"))
            .next("zhengyin key show holder.pem"));
        }
        for rewritten in facts.normalize() {
            let (key, before, after) = (key_of(&facts, rewritten.place), rewritten.before, rewritten.after);
            let (from, to) = (points_of_difference(&before, &after), points_of_difference(&after, &before));
            out.remark(
                Loudness::Normal,
                &say!(
                    "{key}：已规范化（NFC）：{before} → {after}（{from} → {to}）",
                    "{key}: brought to Unicode normalization form C: {before} → {after} ({from} → {to})"
                ),
            );
        }
        let Self { list, expires, .. } = *self;
        Ok(Order { authority, facts, list, holder_key: self.holder_key.cloned(), expires })
    }
}

/// The characters that the other text does not have, by their code points: on paper they may look alike.
fn points_of_difference(text: &str, other: &str) -> String {
    let points = text.chars().filter(|c| !other.contains(*c)).map(|c| format!("U+{:04X}", u32::from(c)));
    points.collect::<Vec<_>>().join(" ")
}

/// The identifier names a version of a license among all.
pub(super) fn default_out(home: &Home, order: &Order) -> PathBuf {
    let facts = &order.facts;
    let authority = facts.authority_code.as_deref().unwrap_or(order.authority.as_str());
    let identifier = LicenseIdentifier::from_parts(&facts.type_code, authority, &facts.serial, facts.version);
    let name = identifier.map_or_else(|_| "license".to_owned(), |identifier| identifier.as_str().to_owned());
    home.out().join(format!("{name}.zyl"))
}

/// A license that is handed out again may have been revoked meanwhile.
fn warn(state: Option<State>, out: &mut Out) {
    if let Some(state) = state.filter(|state| *state != State::InForce) {
        let state = register::state_text(state);
        let said =
            Say { zh: format!("注意：这份证照{}", state.zh), en: format!("mind: this license is {}", state.en) };
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
}

pub(super) fn tell(issued: &Issued, order: &Order, path: &Path, out: &mut Out) {
    let (name, number, shown) = (&order.facts.name, &order.facts.number, path.display());
    let again = matches!(issued, Issued::Again(_));
    let said = if again {
        say!("{name} {number} 此前已颁发，再次写出", "{name} {number} was issued before; here it is again")
    } else {
        say!("已颁发{name} {number}", "issued {name} {number}")
    };
    let IssuedLicense { identifier, id, digest, status, bytes } = issued.license();
    out.line(&[good("✓ "), plain(out.say(&said))]);
    out.line(&[plain("  "), bold(shown.to_string()), plain(format!("  ({} bytes)", bytes.len()))]);
    let at = pointer_text(*status);
    let rows = [
        (say!("证照标识", "identifier"), identifier.as_str().to_owned()),
        (say!("凭据编号", "credential"), id.to_string()),
        (say!("状态位置", "status"), out.say(&at).to_owned()),
    ];
    for (label, value) in rows {
        let label = crate::output::pad(out.say(&label), 11).into_owned();
        out.line(&[plain("  "), plain(label), plain(value)]);
    }
    out.json(&json!({
        "schema": "zhengyin.issued/1", "file": path, "again": again, "identifier": identifier.as_str(), "number": number,
        "credential": id.to_string(), "digest": digest.to_string(), "status": [status.list, status.index],
    }));
}
