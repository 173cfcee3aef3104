//! `authority`: the root of a province, and the keys of those who sign under it.

mod rotate;
mod show;
mod withdraw;

use crate::args::Global;
use crate::clock::{self, Moment};
use crate::files;
use crate::keys::{self, Kept, Key, NewKey, Place};
use crate::office::existing::Existing;
use crate::office::province::{self, ProvinceFacts, Root};
use crate::office::seat::{self, Certifier, Seat, SeatFacts};
use crate::office::{MandateArgs, use_from_word, use_word};
use crate::output::{Exit, Failure, Out, bold, good, hex, plain, say};
use crate::secrets::{Passphrase, Source};
use serde_json::json;
use std::path::PathBuf;
use zhengyin::claims::id::{CreditCode, RegionPrefix};
use zhengyin::issue::Signer;
use zhengyin::suite::{Algorithm, PublicKey};
use zhengyin::time::{Period, Timestamp};
use zhengyin::trust::{Mandate, Profile};
use zhengyin::x509::Use;

/// Found the root of a province, enrol authorities under it, show them
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Init(Init),
    Enrol(Enrol),
    RotateKey(rotate::Args),
    WithdrawKey(withdraw::Args),
    Show(show::Args),
}

/// Found the root of a province: a key, its certificate, and what the trust list is to say of the province
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin authority init 99 --name 示例甲省 --name-en \"Province Jia\" --keeper 示例甲省数据局 --code 11990000MB0000908E"
)]
struct Init {
    /// The province: two digits of GB/T 2260
    #[arg(value_parser = province_code)]
    province: RegionPrefix,
    /// Its name in Chinese
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Its name in English
    #[arg(long, value_name = "NAME")]
    name_en: String,
    /// Who keeps the root
    #[arg(long, value_name = "NAME")]
    keeper: String,
    /// The keeper's unified social credit code
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    code: CreditCode,
    /// A telephone number where doubts are settled
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// A web address where doubts are settled
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// A demonstration or test province: every verdict will say so
    #[arg(long)]
    test: bool,
    /// The root's key, where it is not to be made in a file: exec:PROGRAM ARGS, pkcs11:…, or a key file that is there
    #[arg(long, value_name = "KEY")]
    key: Option<Place>,
    /// Until when the certificate holds
    #[arg(long, value_name = "TIME", default_value = "3650d", value_parser = Moment::parse)]
    until: Moment,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Enrol an authority: for each use a key and a certificate under the province's root
///
/// It signs from the next directory on (`zhengyin trust directory`). An office that holds a certificate of an existing authority (GB/T 20518) keeps it: `--key` says
/// where its key is, and the directory admits the certificate as it stands.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin authority enrol 11990100MB0000000P --province 99 --name 示范市市场监督管理局 --region 9901 --type 11950000MB0000019Y\n  zhengyin authority enrol 11990100MB0000000P --province 99 --name 示范市市场监督管理局 --key \"license=pkcs11:token=desk;object=license\"\n  zhengyin authority enrol 11990100MB0000000P --province 99 --name 示范市市场监督管理局 --use license --key license=office.pem --certificate license=office.crt"
)]
struct Enrol {
    /// The authority's unified social credit code
    #[arg(value_parser = CreditCode::parse)]
    code: CreditCode,
    /// The province under whose root it stands
    #[arg(long, value_name = "PROVINCE", value_parser = province_code)]
    province: RegionPrefix,
    /// Its name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it signs: license, status, seal-maker, seal-signer, presentation, time-stamping or receipt; may be repeated
    #[arg(long = "use", value_name = "USE", default_values = ["license", "status"], value_parser = purpose)]
    uses: Vec<Use>,
    #[command(flatten)]
    mandate: MandateArgs,
    /// The key of a use, where it is not to be made in a file, as license=pkcs11:token=desk;object=license; may be repeated
    #[arg(long = "key", value_name = "USE=KEY", value_parser = use_and_key)]
    keys: Vec<(Use, Place)>,
    /// The certificate of a use, where an existing authority issued one for its key, as license=office.crt (DER or PEM); may be repeated
    #[arg(long = "certificate", value_name = "USE=FILE", value_parser = use_and_file)]
    certificates: Vec<(Use, PathBuf)>,
    /// Until when the certificates hold that the root issues
    #[arg(long, value_name = "TIME", default_value = "1095d", value_parser = Moment::parse)]
    until: Moment,
    /// Where the passphrase of the new keys comes from [default: as --passphrase]
    #[arg(long, value_name = "SOURCE")]
    new_passphrase: Option<Source>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

fn province_code(text: &str) -> Result<RegionPrefix, String> {
    let code = RegionPrefix::parse(text).ok().filter(|code| code.as_str().len() == 2);
    code.ok_or_else(|| "a province is two digits of GB/T 2260".to_owned())
}

fn purpose(word: &str) -> Result<Use, String> {
    use_from_word(word).ok_or_else(|| {
        "expected license, status, seal-maker, seal-signer, presentation, time-stamping or receipt".to_owned()
    })
}

fn use_and_key(text: &str) -> Result<(Use, Place), String> {
    let (word, key) =
        text.split_once('=').ok_or_else(|| "expected USE=KEY, as license=pkcs11:token=desk".to_owned())?;
    Ok((purpose(word)?, Place::from(key)))
}

fn use_and_file(text: &str) -> Result<(Use, PathBuf), String> {
    let (word, file) = text.split_once('=').ok_or_else(|| "expected USE=FILE, as license=office.crt".to_owned())?;
    Ok((purpose(word)?, PathBuf::from(file)))
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Init(args) => init(args, global, out),
        Action::Enrol(args) => enrol(args, global, out),
        Action::RotateKey(args) => rotate::run(args, global, out),
        Action::WithdrawKey(args) => withdraw::run(args, global, out),
        Action::Show(args) => show::run(args, global, out),
    }
}

fn init(args: &Init, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let facts = ProvinceFacts {
        code: args.province,
        name_zh: args.name.clone(),
        name_en: args.name_en.clone(),
        keeper: args.keeper.clone(),
        keeper_code: args.code,
        phone: args.phone.clone(),
        url: args.url.clone(),
        test: args.test,
        mandate: Mandate { regions: vec![args.province], types: None, authorities: None },
        uses: Use::ALL.to_vec(),
    };
    let validity = validity(args.until)?;
    let folder = home.province(args.province);
    let (code, shown) = (args.province.as_str(), folder.display());
    files::check_absent(&folder).map_err(|failure| failure.next(home.command("authority show")))?;
    if args.dry_run {
        // A key that is thrown away shows whether the certificate could be issued.
        province::certify(&facts, &keys::generate(global.suite()?)?, validity)?;
        out.text(&say!("将在 {shown} 建立省份 {code} 的根", "would found the root of province {code} in {shown}"));
        return Ok(Exit::Done);
    }
    let _lock = home.lock()?;
    let (key, kept) = match &args.key {
        Some(place) => (keys::open(place, global.passphrase(), global)?, reference(place)),
        None => made(&keys::new_passphrase(global, None, &folder.join("root.pem"))?, global.suite()?)?,
    };
    let root = province::found(&home, facts, (&key, kept.as_kept()), validity)?;
    out.line(&[good("✓ "), plain(out.say(&say!("已建立省份 {code} 的根", "founded the root of province {code}")))]);
    tell(&root.folder().display().to_string(), key.public_key(), validity, out);
    out.json(&json!({
        "schema": "zhengyin.root/1", "province": code, "folder": root.folder(), "kid": hex(key.public_key().key_id().as_bytes()),
        "alg": keys::suite_name(key.public_key().algorithm()),
    }));
    out.next(&home.command(&format!("authority enrol --province {code} --help")));
    Ok(Exit::Done)
}

fn enrol(args: &Enrol, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let root = Root::demand(&home, args.province)?;
    let now = clock::now()?;
    let mut uses = args.uses.clone();
    uses.sort_unstable();
    uses.dedup();
    let seats: Vec<SeatFacts> = uses.into_iter().map(|purpose| seat_facts(args, purpose)).collect();
    // Everything that can be refused is refused before anybody is asked for a passphrase.
    seats.iter().try_for_each(|facts| seat::check(&home, &root, facts))?;
    check_keys(args, &seats)?;
    let certificates = read_certificates(args, &seats, now)?;
    let certificate = |of: Use| certificates.iter().find(|(purpose, _)| *purpose == of).map(|(_, existing)| existing);
    let code = args.code.as_str();
    if args.dry_run {
        for facts in &seats {
            let word = use_word(facts.purpose);
            out.text(&say!("将为 {code} 登记用途 {word}", "would enrol {code} for `{word}`"));
        }
        return Ok(Exit::Done);
    }
    let _lock = home.lock()?;
    // The root's certificate may end first.
    let until = args.until.after(now).seconds();
    let until = root.parsed()?.validity().until().map_or(until, |ends| ends.min(until));
    let validity = Period::new(now.seconds(), Some(until)).ok_or_else(no_validity)?;
    // The root signs only what it issues.
    let signer;
    let by_root = if certificates.len() == seats.len() {
        None
    } else {
        signer = keys::load(&root.key_path(), global)?;
        Some(Certifier::Root(&signer, validity))
    };
    let source = args.new_passphrase.as_ref().unwrap_or(global.passphrase());
    let place = |purpose: Use| args.keys.iter().find(|(of, _)| *of == purpose).map(|(_, place)| place);
    // Asked for once, and only where a key is written to a file.
    let passphrase = match seats.iter().any(|facts| place(facts.purpose).is_none()) {
        true => Some(keys::new_passphrase(global, Some(source), &home.authority(args.code))?),
        false => None,
    };
    for facts in seats {
        let (key, kept) = match (place(facts.purpose), &passphrase) {
            (Some(place), _) => (keys::open(place, source, global)?, reference(place)),
            (None, Some(passphrase)) => made(passphrase, global.suite()?)?,
            (None, None) => continue,
        };
        let Some(certifier) = certificate(facts.purpose).map(Certifier::Existing).or(by_root) else { continue };
        let word = use_word(facts.purpose);
        let seat = seat::enrol(&home, (&root, certifier), facts, (&key, kept.as_kept()))?;
        out.line(&[good("✓ "), plain(out.say(&say!("已为 {code} 登记用途 {word}", "enrolled {code} for `{word}`")))]);
        tell(&seat.key_path().display().to_string(), key.public_key(), certifier.validity(), out);
        out.json(&json!({
            "schema": "zhengyin.seat/1", "authority": code, "use": word, "key": seat.key_path(),
            "kid": hex(key.public_key().key_id().as_bytes()), "alg": keys::suite_name(key.public_key().algorithm()),
        }));
    }
    out.next(&home.command(&format!("trust directory {}", args.province.as_str())));
    Ok(Exit::Done)
}

/// Each key that is named is that of a use that is enrolled, once.
fn check_keys(args: &Enrol, seats: &[SeatFacts]) -> Result<(), Failure> {
    for (purpose, place) in &args.keys {
        if let Place::Unusable(why) = place {
            let word = use_word(*purpose);
            return Err(
                Failure::usage(say!("--key {word}=… 不可用", "--key {word}=… cannot be used")).because(why.clone())
            );
        }
    }
    check_uses("--key", args.keys.iter().map(|(purpose, _)| *purpose), seats)
}

/// What is named by use is of uses that are enrolled, of each once.
fn check_uses(option: &str, named: impl Iterator<Item = Use>, seats: &[SeatFacts]) -> Result<(), Failure> {
    let mut before = Vec::new();
    for purpose in named {
        let word = use_word(purpose);
        if !seats.iter().any(|facts| facts.purpose == purpose) {
            return Err(Failure::usage(say!(
                "{option} {word}=… 的用途没有登记",
                "{option} {word}=… is of a use that is not enrolled"
            ))
            .because(say!("用 --use {word} 登记", "enrol it by --use {word}")));
        }
        if before.contains(&purpose) {
            return Err(Failure::usage(say!("{option} {word}=… 出现两次", "{option} {word}=… stands twice")));
        }
        before.push(purpose);
    }
    Ok(())
}

/// The certificates that are there already, each with the key that it was issued for.
fn read_certificates(args: &Enrol, seats: &[SeatFacts], now: Timestamp) -> Result<Vec<(Use, Existing)>, Failure> {
    check_uses("--certificate", args.certificates.iter().map(|(purpose, _)| *purpose), seats)?;
    let read = |(purpose, path): &(Use, PathBuf)| {
        let word = use_word(*purpose);
        if !args.keys.iter().any(|(of, _)| of == purpose) {
            return Err(Failure::usage(say!(
                "--certificate {word}=… 没有说明密钥在哪里",
                "--certificate {word}=… does not say where its key is"
            ))
            .because(say!("用 --key {word}=… 指明", "name it by --key {word}=…")));
        }
        Ok((*purpose, Existing::read(path, now)?))
    };
    args.certificates.iter().map(read).collect()
}

/// What will be kept of a key.
enum KeptText {
    Pem(String),
    Reference(String),
}

impl KeptText {
    fn as_kept(&self) -> Kept<'_> {
        match self {
            Self::Pem(text) => Kept::Pem(text),
            Self::Reference(text) => Kept::Reference(text),
        }
    }
}

fn reference(place: &Place) -> KeptText {
    KeptText::Reference(format!("{}\n", place.settled()))
}

/// A new key, for a file.
fn made(passphrase: &Passphrase, suite: Algorithm) -> Result<(Key, KeptText), Failure> {
    let NewKey { key, pem } = NewKey::make(passphrase, suite)?;
    Ok((Key::File(key), KeptText::Pem(pem)))
}

fn seat_facts(args: &Enrol, purpose: Use) -> SeatFacts {
    SeatFacts {
        authority: args.code,
        name: args.name.clone(),
        province: args.province,
        purpose,
        mandate: args.mandate.mandate(args.province),
        profile: Profile::Ours,
    }
}

fn validity(until: Moment) -> Result<Period, Failure> {
    let now = clock::now()?;
    let until: Timestamp = until.after(now);
    Period::new(now.seconds(), Some(until.seconds())).ok_or_else(no_validity)
}

fn no_validity() -> Failure {
    Failure::usage(say!("--until 早于现在", "--until lies before now"))
}

fn tell(place: &str, key: &PublicKey, validity: Period, out: &mut Out) {
    let until = validity.until().and_then(Timestamp::new).map(clock::local_text).unwrap_or_default();
    out.line(&[plain("  "), bold(place)]);
    out.line(&[plain("  alg   "), plain(keys::suite_name(key.algorithm()))]);
    out.line(&[plain("  kid   "), plain(hex(key.key_id().as_bytes()))]);
    out.line(&[plain("  until "), plain(until)]);
}

/// The seats of one authority, or all.
fn seats_of(seats: Vec<Seat>, code: Option<CreditCode>) -> Vec<Seat> {
    seats.into_iter().filter(|seat| code.is_none_or(|code| seat.facts.authority == code)).collect()
}
