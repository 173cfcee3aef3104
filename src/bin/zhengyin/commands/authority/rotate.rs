//! `authority rotate-key`: a new key in the place of an old one, which is retired: what it signed stands.

use super::{made, no_validity, purpose, reference, tell};
use crate::args::Global;
use crate::clock::{self, Moment};
use crate::keys::{self, Place};
use crate::office::existing::Existing;
use crate::office::province::Root;
use crate::office::register;
use crate::office::seat::{Certifier, Exchange, Seat};
use crate::office::use_word;
use crate::output::{Exit, Failure, Out, bold, good, plain, say, unsure};
use crate::secrets::Source;
use serde_json::json;
use std::path::PathBuf;
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::Signer;
use zhengyin::register::Act;
use zhengyin::time::Period;
use zhengyin::x509::Use;

/// Exchange a key of an authority: a new key and certificate, with the mandate of the old one, which is retired
///
/// The old key signs nothing more; what it signed stands. The new one signs from the next directory on (`zhengyin trust directory`), which
/// tells verifiers both. A command that was stopped is repeated without harm. Where the old key was withdrawn or compromised, it stays so.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin authority rotate-key 11990100MB0000000P --use license --dry-run\n  zhengyin authority rotate-key 11990100MB0000000P --use license --key \"pkcs11:token=desk;object=license-2\" --reason 年度更换"
)]
pub(super) struct Args {
    /// The authority's unified social credit code
    #[arg(value_parser = CreditCode::parse)]
    code: CreditCode,
    /// What the key signs: license, status, …
    #[arg(long = "use", value_name = "USE", value_parser = purpose)]
    purpose: Use,
    /// The new key, where it is not to be made in a file: exec:PROGRAM ARGS, pkcs11:…, or a key file that is there
    #[arg(long, value_name = "KEY")]
    key: Option<Place>,
    /// The certificate of the new key, where an existing authority issued one (DER or PEM); without it the root issues one
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// Until when the new certificate holds, if the root issues it
    #[arg(long, value_name = "TIME", default_value = "1095d", value_parser = Moment::parse)]
    until: Moment,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Where the passphrase of the new key comes from [default: as --passphrase]
    #[arg(long, value_name = "SOURCE")]
    new_passphrase: Option<Source>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let refused = |error| register::refused(&home, error);
    let (code, word) = (args.code.as_str(), use_word(args.purpose));
    let mut exchange = Exchange::look(&home, args.code, args.purpose)?;
    let seats = [&exchange.before, &exchange.next];
    let Some(facts) = seats.into_iter().flatten().map(|seat| seat.facts.clone()).next() else { return Ok(Exit::Done) };
    let existing = args.certificate.as_ref().map(|path| Existing::read(path, now)).transpose()?;
    let root = Root::demand(&home, facts.province)?;
    if let Some(Place::Unusable(why)) = &args.key {
        return Err(Failure::usage(say!("--key 不可用", "--key cannot be used")).because(why.clone()));
    }
    if args.dry_run {
        let kid = match &exchange.before {
            Some(before) => before.public_key()?.key_id().to_string(),
            None => "–".to_owned(),
        };
        out.text(&say!(
            "将为 {code} 用途 {word} 更换密钥：{kid} 停用，新密钥自下一份目录起签署",
            "would exchange the key of {code} for `{word}`: {kid} would sign nothing more, and a new one sign from the next directory on"
        ));
        return Ok(Exit::Done);
    }
    let _lock = home.lock()?;
    if exchange.next.is_none() {
        // The root's certificate may end first.
        let until = args.until.after(now).seconds();
        let until = root.parsed()?.validity().until().map_or(until, |ends| ends.min(until));
        let validity = Period::new(now.seconds(), Some(until)).ok_or_else(no_validity)?;
        let signer;
        let certifier = match &existing {
            Some(existing) => Certifier::Existing(existing),
            None => {
                signer = keys::load(&root.key_path(), global)?;
                Certifier::Root(&signer, validity)
            }
        };
        let source = args.new_passphrase.as_ref().unwrap_or(global.passphrase());
        let (key, kept) = match &args.key {
            Some(place) => (keys::open(place, source, global)?, reference(place)),
            None => made(&keys::new_passphrase(global, Some(source), &home.authority(args.code))?, global.suite()?)?,
        };
        check_new(&Seat::all(&home)?, &key)?;
        exchange.prepare((&root, certifier), facts.clone(), (&key, kept.as_kept()))?;
    } else {
        let said = say!("继续此前中断的更换", "going on with an exchange that was stopped");
        out.line(&[unsure("! "), plain(out.say(&said))]);
    }
    let Some(next) = &exchange.next else { return Ok(Exit::Done) };
    let new = next.public_key()?;
    let mut retired = None;
    if let Some(before) = &exchange.before {
        let old = before.public_key()?;
        let actor = global.operator();
        let act = Act::new(&actor, now).because(&args.reason);
        let (mut register, _) = register::open(&home, args.code, &act)?;
        register.rotate(&old, &new, &act).map_err(refused)?;
        retired = Some(old.key_id().to_string());
    }
    let validity = next.parsed()?.validity();
    let aside = exchange.finish()?;
    let seat = Seat::demand(&home, args.code, args.purpose)?;
    let said = say!("已为 {code} 更换用途为 {word} 的密钥", "exchanged the key of {code} for `{word}`");
    out.line(&[good("✓ "), plain(out.say(&said))]);
    tell(&seat.key_path().display().to_string(), &new, validity, out);
    if let (Some(kid), Some(aside)) = (&retired, &aside) {
        out.text(&say!("  旧密钥 {kid} 已停用，存放于", "  the old key {kid} signs nothing more, and stands in"));
        out.line(&[plain("  "), bold(aside.display().to_string())]);
    }
    out.json(&json!({
        "schema": "zhengyin.key-rotated/1", "authority": code, "use": word, "key": seat.key_path(),
        "kid": new.key_id().to_string(), "alg": keys::suite_name(new.algorithm()), "retired": retired, "retired_folder": aside,
    }));
    out.next(&home.command(&format!("trust directory {}", facts.province.as_str())));
    Ok(Exit::Done)
}

/// The new key is nobody's yet: a directory lists a key once.
fn check_new(seats: &[Seat], key: &dyn Signer) -> Result<(), Failure> {
    for seat in seats {
        if seat.public_key()? == *key.public_key() {
            let (code, word) = (seat.facts.authority.as_str(), use_word(seat.facts.purpose));
            return Err(Failure::usage(say!(
                "新密钥已是 {code} 用途为 {word} 的密钥",
                "the new key is that of {code} for `{word}` already"
            )));
        }
    }
    Ok(())
}
