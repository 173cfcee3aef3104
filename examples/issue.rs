//! Issues one license and everything that a verifier needs to believe it, then verifies it offline:
//! `cargo run --features issue --example issue`.
//!
//! A federation of one province, one authority with a key for licenses and one for its status list. Keys come from fixed seeds here; a
//! real one comes from a cryptographic source of randomness and is kept in a file (`zhengyin::issue::key`) or in a device (implement
//! `zhengyin::issue::Signer`). A register (`zhengyin::register`) allots positions; this example counts to one by itself.

#![allow(
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "an example that prints its answer and counts days"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use zhengyin::claims::id::{CreditCode, Region, RegionPrefix, TypeCode, TypePrefix};
use zhengyin::claims::{Binding, CredentialId, HolderIdType, StatusPointer, Validity};
use zhengyin::issue::certificate::{CertificateRequest, IssuedBy, MandateText, Role, Subject, issue};
use zhengyin::issue::{
    CredentialFacts, FieldLabel, FieldValue, HolderFacts, LicenseFacts, StatusFacts, issue_license, pack,
    publish_directory, publish_status, publish_trust_list,
};
use zhengyin::policy::Policy;
use zhengyin::status::State;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::SecretKey;
use zhengyin::time::{Clock, Day, Period, TimeWindow, Timestamp};
use zhengyin::trust::{
    Anchor, Contact, Directory, Grace, History, IssuerEntry, ListSigner, Mandate, Names, Profile, Province, TrustList,
};
use zhengyin::verify::{Report, Verifier};
use zhengyin::x509::{Certificate, Use};

const DAY: i64 = 86_400;
/// Region 99 and everything below it is nobody's in GB/T 2260.
const PROVINCE: &str = "99";
const BUREAU: &str = "11990000MB0000908E";
const AUTHORITY: &str = "11990100MB0000000P";
/// Types are named by the body that defines them: its credit code and three digits.
const DEFINER: &str = "11950000MB0000019Y";

/// No period of this example does.
const ORDER: &str = "a period ends before it begins";

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let now = Timestamp::new(seconds).ok_or("the clock")?;
    let operator = SecretKey::from_seed(&[1; 32])?;
    let anchor = SecretKey::from_seed(&[2; 32])?;
    let license_signer = SecretKey::from_seed(&[3; 32])?;
    let status_signer = SecretKey::from_seed(&[4; 32])?;

    // 1. The trust list: whom the federation consists of. The verifier is given its pin, by a person.
    let anchor_certificate = anchor_certificate(&anchor, now)?;
    let list = trust_list(&operator, &anchor_certificate, now)?;
    let trust = publish_trust_list(&list, None, &[&operator])?;
    let mut store = Store::new(Pin::new(list.signers_pin()));
    store.apply(&trust, TimeWindow::at(now))?;

    // 2. The directory: who signs in the province, for what. It is published against the store: a verifier must take it.
    let mut entries = Vec::new();
    for (key, purpose) in [(&license_signer, Use::License), (&status_signer, Use::Status)] {
        entries.push(entry(key, purpose, &anchor, &anchor_certificate, now)?);
    }
    let directory = publish_directory(&directory(entries, now)?, Some(&store), &anchor)?;
    store.apply(&directory, TimeWindow::at(now))?;

    // 3. The license. The store tells that its signer may issue it, before anything leaves.
    let credential = CredentialFacts {
        issuer: CreditCode::parse(AUTHORITY)?,
        expires: Some(now.saturating_add(365 * DAY)),
        not_before: now,
        issued_at: now,
        id: CredentialId::new([5; 16]), // to be drawn at random
        holder_key: None,
        status: StatusPointer { list: 1, index: 0 },
    };
    let license = issue_license(&facts(now)?, &credential, Some(&store), &license_signer)?;
    println!("issued {} in {} bytes", license.identifier.as_str(), license.bytes.len());

    // 4. The status list, and the pack that travels to verifiers.
    let status = StatusFacts {
        authority: credential.issuer,
        list: 1,
        epoch: 0,
        seq: 1,
        issued: now,
        next_update: now.saturating_add(DAY),
        length: 1,
    };
    let first = publish_status(&status, [], None, Some(&store), &status_signer)?;
    let pack = pack(&[&trust, &directory, &first])?;

    // 5. Somewhere else, later, without a network.
    let mut elsewhere = Store::new(Pin::new(list.signers_pin()));
    for answer in elsewhere.apply_pack(&pack, TimeWindow::at(now))? {
        answer?;
    }
    let policy = Policy::counter(Some(Region::parse("990100")?));
    let clock = |minutes: i64| Clock::reads(now.saturating_add(60 * minutes));
    print("in force", &Verifier::new(&elsewhere, policy.clone()).verify(&license.bytes, clock(10)));

    // 6. The license is revoked: the next list says so, and no later one can take it back.
    let next = StatusFacts { seq: 2, issued: now.saturating_add(60), ..status };
    let second = publish_status(&next, [(0, State::Revoked)], Some(&first), Some(&store), &status_signer)?;
    elsewhere.apply(&second, TimeWindow::at(next.issued))?;
    print("revoked", &Verifier::new(&elsewhere, policy).verify(&license.bytes, clock(10)));
    let third = StatusFacts { seq: 3, issued: now.saturating_add(120), ..status };
    match publish_status(&third, [], Some(&second), Some(&store), &status_signer) {
        Err(error) => println!("a list that takes it back is not published: {error}"),
        Ok(_) => return Err("an irreversible state was taken back".into()),
    }
    Ok(())
}

fn print(what: &str, report: &Report<'_>) {
    let ground = report.steps().deciding().map_or("every step passed", |(_, reason)| reason.symbol());
    println!("{what}: {:?} ({ground})", report.verdict());
}

/// From `from` days before now to `until` days after it.
fn around(now: Timestamp, from: i64, until: i64) -> Result<Period, &'static str> {
    Period::new(now.seconds() - from * DAY, Some(now.seconds() + until * DAY)).ok_or(ORDER)
}

fn anchor_certificate(anchor: &SecretKey, now: Timestamp) -> Result<Vec<u8>, Box<dyn Error>> {
    let request = CertificateRequest {
        subject: Subject {
            province: "示例甲省（演示）",
            organization: "示例甲省数据局（演示）",
            common_name: "信任锚",
            credit_code: BUREAU,
        },
        public_key: anchor.public_key(),
        role: Role::Issuer {
            mandate: MandateText { regions: &[PROVINCE], types: None, authorities: None },
            path_length: Some(1),
        },
        serial: [6; 16], // to be drawn at random
        validity: around(now, 30, 3_650)?,
    };
    Ok(issue(&request, IssuedBy::Itself, anchor)?)
}

fn trust_list(operator: &SecretKey, anchor: &[u8], now: Timestamp) -> Result<TrustList, Box<dyn Error>> {
    let region = RegionPrefix::parse(PROVINCE)?;
    let anchor = Anchor {
        certificate: anchor.to_vec(),
        interval: around(now, 0, 3_650)?,
        uses: vec![Use::License, Use::Status, Use::Directory],
        mandate: Mandate { regions: vec![region], types: None, authorities: None },
        history: History::active_since(now),
        identifier: None,
    };
    let province = Province {
        names: Names::new("示例甲省（演示）", "Demonstration Province Jia"),
        anchors: vec![anchor],
        history: History::active_since(now),
        contact: Contact::default(),
        test: true,
        epoch: 0,
        min_seq: 0,
    };
    // How long after `next_update` each kind of list may still be used, in seconds.
    let grace = Grace { list: 30 * 86_400, directory: 7 * 86_400, status: 3 * 86_400 };
    Ok(TrustList {
        federation: "示例联邦（演示）".into(),
        seq: 1,
        issued: now,
        next_update: now.saturating_add(90 * DAY),
        expires: now.saturating_add(180 * DAY),
        signers: vec![ListSigner::new(operator.public_key(), "秘书处")],
        threshold: 1,
        provinces: BTreeMap::from([(region, province)]),
        rules: Vec::new(),
        grace: BTreeMap::from([("normal".into(), grace)]),
        defects: Vec::new(),
        renames: Vec::new(),
        classes: BTreeMap::new(),
        emergency: None,
        sunsets: Vec::new(),
    })
}

fn entry(
    key: &SecretKey,
    purpose: Use,
    anchor: &SecretKey,
    anchor_certificate: &[u8],
    now: Timestamp,
) -> Result<IssuerEntry, Box<dyn Error>> {
    let request = CertificateRequest {
        subject: Subject {
            province: "示例甲省（演示）",
            organization: "示例甲省示范市市场监督管理局",
            common_name: if purpose == Use::License { "证照签发" } else { "吊销清单签发" },
            credit_code: AUTHORITY,
        },
        public_key: key.public_key(),
        role: Role::EndEntity(purpose),
        serial: [7 + purpose.number(); 16], // to be drawn at random
        validity: around(now, 0, 730)?,
    };
    let by = Certificate::parse(anchor_certificate)?;
    Ok(IssuerEntry {
        certificate: issue(&request, IssuedBy::Certificate(&by), anchor)?,
        mandate: Mandate {
            regions: vec![RegionPrefix::parse("9901")?],
            types: Some(vec![TypePrefix::parse(DEFINER)?]),
            authorities: None,
        },
        signing: around(now, 0, 365)?,
        history: History::active_since(now),
        authority: CreditCode::parse(AUTHORITY)?,
        uses: vec![purpose],
        profile: Profile::Ours,
    })
}

fn directory(issuers: Vec<IssuerEntry>, now: Timestamp) -> Result<Directory, Box<dyn Error>> {
    Ok(Directory {
        province: RegionPrefix::parse(PROVINCE)?,
        seq: 1,
        issued: now,
        next_update: now.saturating_add(7 * DAY),
        expires: now.saturating_add(30 * DAY),
        issuers,
        complete: true,
        epoch: 0,
        minimums: BTreeMap::new(),
    })
}

fn facts(now: Timestamp) -> Result<LicenseFacts, Box<dyn Error>> {
    let today = Day::of(now);
    let mut facts = LicenseFacts {
        type_code: TypeCode::parse(&[DEFINER, "001"].concat())?,
        name: "营业执照".into(),
        number: "91990100MA00000A9K".into(),
        holders: vec![HolderFacts {
            name: "示范市样本茶业有限公司（演示）".into(),
            id_type: HolderIdType::CREDIT_CODE,
            id: "91990100MA00000A9K".into(),
        }],
        authority_name: "示例甲省示范市市场监督管理局".into(),
        region: Region::parse("990102")?,
        issued_on: today,
        validity: Validity::new(today, None).ok_or(ORDER)?,
        fields: vec![
            (FieldLabel::of_text("法定代表人"), FieldValue::Text("张示例".into())),
            (FieldLabel::of_text("成立日期"), FieldValue::Day(today)),
        ],
        serial: "202610010001".into(),
        version: 1,
        authority_code: None,
        attachments: Vec::new(),
        copy: None,
        replaces: None,
        binding: Binding::Bearer,
    };
    // Two texts that look alike are signed alike. Show a person what this changed.
    for rewritten in facts.normalize() {
        println!("{}: {} became {}", rewritten.place, rewritten.before, rewritten.after);
    }
    Ok(facts)
}
