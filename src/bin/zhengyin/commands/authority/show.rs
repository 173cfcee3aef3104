//! `authority show`: who may sign here, for what, until when.

use super::{Seat, Use, seats_of, use_word};
use crate::args::Global;
use crate::clock;
use crate::home::numbered;
use crate::keys;
use crate::office::known;
use crate::office::province::Root;
use crate::output::{Exit, Failure, Out, bold, dim, hex, pad, plain, say, unsure};
use serde_json::{Value, json};
use zhengyin::claims::id::{CreditCode, RegionPrefix, TypePrefix};
use zhengyin::store::{HeldTrust, Store};
use zhengyin::time::Timestamp;
use zhengyin::trust::{Mandate, Profile, TrustList};
use zhengyin::x509::Certificate;

/// Show the roots and the authorities in this home
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin authority show\n  zhengyin authority show 11990100MB0000000P --json")]
pub(crate) struct Args {
    /// Only this authority
    #[arg(value_parser = CreditCode::parse)]
    code: Option<CreditCode>,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let roots = if args.code.is_none() { Root::all(&home)? } else { Vec::new() };
    let seats = seats_of(Seat::all(&home)?, args.code);
    if roots.is_empty() && seats.is_empty() {
        let shown = home.root().display();
        return Err(Failure::new(say!(
            "{shown} 里没有省份或机构",
            "there is no such province or authority in {shown}"
        ))
        .next(home.command("authority init --help")));
    }
    let known = known::trust(&home)?;
    let shown = Shown { list: known.as_ref().and_then(Store::trust).map(HeldTrust::list) };
    for root in &roots {
        let directories = numbered(root.folder(), "directory")?.len();
        let (code, name) = (root.facts.code.as_str(), root.facts.names());
        let language = if out.language == zhengyin::reason::Language::Zh { "zh" } else { "en" };
        let published = say!("，已发布目录 {directories} 份", ", directories published: {directories}");
        out.line(&[bold(code), plain("  "), plain(name.get(language)), plain(out.say(&published))]);
        shown.tell(&root.parsed()?, &root.facts.mandate, out);
        out.json(&shown.json(
            "root",
            (code, &root.facts.name_zh),
            Use::Directory,
            &root.parsed()?,
            &root.facts.mandate,
        ));
    }
    for seat in &seats {
        let (code, purpose) = (seat.facts.authority.as_str(), seat.facts.purpose);
        let is_admitted = seat.facts.profile == Profile::Admitted;
        let admitted = say!("（现有机构签发的证书）", " (a certificate of an existing authority)");
        let admitted = if is_admitted { out.say(&admitted) } else { "" };
        let word = pad(use_word(purpose), 13);
        out.line(&[bold(code), plain("  "), plain(word), plain(&seat.facts.name), plain(admitted)]);
        shown.tell(&seat.parsed()?, &seat.facts.mandate, out);
        let mut json = shown.json("seat", (code, &seat.facts.name), purpose, &seat.parsed()?, &seat.facts.mandate);
        if let (true, Some(map)) = (is_admitted, json.as_object_mut()) {
            map.insert("profile".to_owned(), "admitted".into());
        }
        out.json(&json);
    }
    Ok(Exit::Done)
}

/// How keys are shown.
#[derive(Clone, Copy)]
struct Shown<'l> {
    /// The trust list of their federation, if one is known here.
    list: Option<&'l TrustList>,
}

impl Shown<'_> {
    fn tell(&self, certificate: &Certificate<'_>, mandate: &Mandate, out: &mut Out) {
        let until = ends(certificate).map(clock::local_text).unwrap_or_default();
        let regions: Vec<&str> = mandate.regions.iter().map(RegionPrefix::as_str).collect();
        let mut scope = regions.join(" ");
        if let Some(types) = &mandate.types {
            let types: Vec<&str> = types.iter().map(TypePrefix::as_str).collect();
            scope = format!("{scope} · {}", types.join(" "));
        }
        let kid = hex(certificate.public_key().key_id().as_bytes());
        let suite = keys::suite_name(certificate.public_key().algorithm());
        out.line(&[
            plain("    kid "),
            plain(kid),
            plain(format!("  {suite}")),
            dim(format!("  → {until}  ")),
            plain(scope),
        ]);
        if let Some(signed_until) = self.signed_until(certificate) {
            let at = clock::local_text(signed_until);
            let text = say!(
                "联邦自 {at} 起不以 {suite} 签名：须更换密钥",
                "from {at} +08:00 on the federation signs nothing with {suite}: exchange the key"
            );
            out.line(&[unsure("    ! "), plain(out.say(&text))]);
        }
    }

    /// When the federation stops signing by the key's algorithm, if it said so.
    fn signed_until(&self, certificate: &Certificate<'_>) -> Option<Timestamp> {
        let sunsets = self.list?.sunsets_of(certificate.public_key().algorithm());
        sunsets.map(|sunset| sunset.signed_until).min()
    }

    fn json(
        &self,
        kind: &str,
        (code, name): (&str, &str),
        purpose: Use,
        certificate: &Certificate<'_>,
        mandate: &Mandate,
    ) -> Value {
        json!({
            "schema": "zhengyin.authority/1", "kind": kind, "code": code, "name": name, "use": use_word(purpose),
            "kid": hex(certificate.public_key().key_id().as_bytes()), "alg": keys::suite_name(certificate.public_key().algorithm()),
            "until": ends(certificate).map(clock::utc_text), "signed_until": self.signed_until(certificate).map(clock::utc_text),
            "mandate": crate::office::mandate_json(mandate),
        })
    }
}

fn ends(certificate: &Certificate<'_>) -> Option<Timestamp> {
    certificate.validity().until().and_then(Timestamp::new)
}
