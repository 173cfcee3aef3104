//! Writes the seeds of the fuzz targets: `cargo run --features issue --example make_seeds -- fuzz/seeds`. `.ci/long fuzz` does it.
//!
//! A fuzzer finds nothing in structured input without real objects to begin from. These are objects of the demonstration federation,
//! each in the shape that its target reads; the same ones each time.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "made of constants: what fails here fails for everyone"
)]

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use zhengyin::carrier::{Label, encode_base45, encode_block, encode_digits};
use zhengyin::claims::id::{Region, TypePrefix};
use zhengyin::claims::{Challenge, Nonce, PresentationClaims};
use zhengyin::envelope::{Envelope, Expected, MultiEnvelope, ObjectType};
use zhengyin::issue::certificate::{IssuedBy, MandateText, Role, Subject};
use zhengyin::status::{Cause, LicenseHistory, Spell, State, StatusDelta, StatusList, StatusProof};
use zhengyin::suite::sha256;
use zhengyin::time::{Day, Period};
use zhengyin::trust::{Effect, LegalBasis, Rename, Rule};
use zhengyin::x509::{Certificate, Use};

#[path = "world/mod.rs"]
mod world;

use world::data::{LICENSES, authority, bureau};
use world::seals::{file, object_digest};
use world::{World, sign};

/// The authority whose status list takes many shapes.
const AUTHORITY: &str = "11990100MB0000000P";

/// An authority's place, in the order of their codes: how `signed` names a signer.
fn place(world: &World, code: &str) -> u8 {
    let place = world.lists.keys().position(|(authority, _)| authority.as_str() == code);
    u8::try_from(place.unwrap()).unwrap()
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("usage: make_seeds FOLDER")?;
    let mut seeds = Seeds { folder: PathBuf::from(folder), written: 0 };
    licenses(&mut seeds)?;
    lists(&mut seeds)?;
    between_lists(&mut seeds)?;
    federations(&mut seeds)?;
    paths(&mut seeds)?;
    stamps(&mut seeds)?;
    #[cfg(feature = "sm")]
    national(&mut seeds)?;
    for item in [
        "00",
        "1b0000000100000000",
        "3b7fffffffffffffff",
        "f4",
        "f5",
        "f6",
        "d864390fff",
        "8301820203820405",
        "a26161016162820203",
    ] {
        let bytes: Vec<u8> = item
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        seeds.put("cbor", &bytes)?;
    }
    Ok(())
}

struct Seeds {
    folder: PathBuf,
    written: usize,
}

impl Seeds {
    fn put(&mut self, target: &str, bytes: &[u8]) -> std::io::Result<()> {
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder)?;
        self.written = self.written.wrapping_add(1);
        fs::write(folder.join(format!("{:04}", self.written)), bytes)
    }

    fn put_signed(&mut self, kind: u8, signer: u8, payload: &[u8]) -> std::io::Result<()> {
        self.put("signed", &[&[kind, signer], payload].concat())
    }
}

/// Objects of SM2: a license with its holder's key, a seal and its stamp, a trust list, a directory, certificates.
#[cfg(feature = "sm")]
fn national(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    world::throughout_sm2(|| {
        let mut world = World::new().with_seals();
        let license = world.issue("business-license").bytes;
        let seal = world.make_seal("99");
        let plan = world.plan_stamp(&seal, b"document");
        let stamp = world.stamp(&plan);
        for object in [&license, &seal.bytes, &stamp, &world.trust_object(), &world.directory_object("99")] {
            seeds.put("envelope", object)?;
        }
        seeds.put("license", Envelope::parse(&license, Expected::AnyKnown)?.claimed_payload())?;
        seeds.put("stamps", &file(&[&seal.bytes, &stamp]))?;
        seeds.put("pack", &world.pack())?;
        Ok(())
    })
}

/// Seals, stamps, a counter-stamp, and files of them.
fn stamps(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    let mut world = World::new().with_seals();
    let (seal, other) = (world.make_seal("99"), world.make_seal("98"));
    seeds.put("stamps", &seal.facts.encode(&seal.credential)?)?;
    seeds.put("stamps", seal.facts.picture.as_slice())?;
    let mut plan = world.plan_stamp(&seal, b"document");
    plan.reason = Some("同意".into());
    let stamp = world.stamp(&plan);
    let mut counter = world.plan_stamp(&other, b"document");
    (counter.document, counter.media_type) = (object_digest(&stamp), "application/x.zy.stamp".into());
    let counter = world.stamp(&counter);
    for objects in [&[&seal.bytes[..], &stamp][..], &[&stamp], &[&seal.bytes, &other.bytes, &stamp, &counter]] {
        seeds.put("stamps", &file(objects))?;
    }
    seeds.put("envelope", &stamp)?;
    seeds.put("envelope", &seal.bytes)?;
    pictures(seeds)?;
    // Each kind of change by itself, and some one after the other.
    for what in 0..10u8 {
        seeds.put("sealed", &[1, what, 0, 2, 1, 0, 9, 1, 1])?;
        seeds.put("sealed", &[1, what, 0, 2, 7, 0, 12, 2, 0, 9, 8, 0, 2, 0, 0, 1, 1])?;
    }
    seeds.put("sealed", &[0, 0, 5, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5])?;
    Ok(())
}

/// The pictures of the test vectors, those that may be drawn and those that may not.
fn pictures(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("test-vectors/cases/stamp");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("picture-")) {
            continue;
        }
        let case: serde_json::Value = serde_json::from_str(&fs::read_to_string(path)?)?;
        for row in case["inputs"].as_array().unwrap() {
            let text = row["hex"].as_str().unwrap().as_bytes();
            let bytes: Vec<u8> =
                text.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
            let file = zhengyin::claims::StampFile::parse(&bytes)?;
            for seal in &file.seals {
                seeds.put("picture", picture_of(seal.claimed_payload()))?;
            }
        }
    }
    Ok(())
}

/// What stands in the payload of a seal from the picture's first bytes on; whatever may be wrong with the picture.
fn picture_of(payload: &[u8]) -> &[u8] {
    let begins = |window: &[u8]| window.starts_with(b"<") || window.starts_with(b"\x89PNG");
    let at = payload.windows(4).position(begins).unwrap_or_default();
    // Its size in millimetres follows it, and one key.
    let end = payload.len().saturating_sub(6 + 36).max(at);
    payload.get(at..end).unwrap_or_default()
}

/// Every license of the demonstration data.
fn licenses(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    let mut world = World::new();
    for (name, _) in LICENSES {
        let license = world.issue(name);
        let payload = license.facts.encode(&license.credential)?;
        seeds.put("cbor", &license.bytes)?;
        seeds.put("envelope", &license.bytes)?;
        seeds.put("license", &payload)?;
        seeds.put_signed(0, place(&world, license.credential.issuer.as_str()), &payload)?;
        seeds.put("carrier", encode_digits(&license.bytes)?.as_bytes())?;
        seeds.put("carrier", encode_base45(&license.bytes)?.as_bytes())?;
    }
    for (label, count) in Label::ALL.into_iter().zip([1, 2, 3, 47, 48, 49, 95, 96, 97]) {
        seeds.put("carrier", encode_block(&vec![0xa5; count], label)?.as_bytes())?;
        seeds.put("carrier", encode_digits(&vec![0xff; count])?.as_bytes())?;
    }
    presentations(seeds)?;
    let prepared = zhengyin::issue::prepare(&[0xa5; 900])?;
    seeds.put("carrier", prepared.digits().as_bytes())?;
    seeds.put("carrier", prepared.content())?;
    let parts = zhengyin::carrier::Prepared::plain(&[0xa5; 90])?.split(40)?;
    let lines: Vec<String> = parts.iter().map(zhengyin::carrier::Prepared::base45).collect();
    seeds.put("carrier", lines.join("\n").as_bytes())?;
    seeds.put("carrier", " zy1:%69 vd92ex0\r\n".as_bytes())?;
    seeds.put("carrier", "８６０１２５５".as_bytes())?;
    Ok(())
}

/// Claims of each form, a challenge, and what somebody else signed.
fn presentations(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    let shown = PresentationClaims::of(sha256(b"a license"), World::new().base);
    let nonce = Nonce::new([7; 16]);
    let mut for_hall = shown;
    (for_hall.audience, for_hall.purpose) = (Some("hall"), Some("入住"));
    let (mut answer, mut service) = (for_hall, shown);
    answer.nonce = Some(nonce);
    service.service = Some(world::code(AUTHORITY));
    for claims in [shown, for_hall, answer, service] {
        seeds.put("presentation", &claims.encode()?)?;
        seeds.put("presentation", &sign(ObjectType::Presentation, claims.encode()?, "somebody"))?;
    }
    seeds.put("presentation", &Challenge::new(nonce, Some("hall"), None).encode()?)?;
    Ok(())
}

/// Status lists of every density, alone and with all states.
fn lists(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    for length in [0_u32, 1, 300, 5_000] {
        for every in [1_u32, 2, 7, 100, 1_000] {
            let mut world = World::new();
            let signer = place(&world, AUTHORITY);
            let list = world.list(AUTHORITY);
            list.facts.length = length;
            for position in (0..length).filter(|position| position.is_multiple_of(every)) {
                // Runs and scattered positions, and one state more often than the others.
                let state = State::LISTED[usize::try_from(position / 300 % 7)?];
                list.states.insert(position, state);
            }
            let object = world.status_object(AUTHORITY);
            let read = StatusList::parse(&object)?;
            let header = read.envelope().claimed_payload();
            let length = u16::try_from(header.len())?.to_be_bytes();
            seeds.put("status", &object)?;
            seeds.put("envelope", read.envelope().bytes())?;
            seeds.put_signed(2, signer, &[&length[..], header, read.body_bytes()].concat())?;
        }
    }
    Ok(())
}

/// Proofs, deltas and details: real ones behind a zero, and what the targets draw lists from.
fn between_lists(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    let mut world = World::new();
    for _ in 0..40 {
        let license = world.issue("business-license");
        let at = u32::try_from(license.credential.status.index)?;
        let state = State::LISTED[usize::try_from(at % 7)?];
        if at.is_multiple_of(3) {
            let mut history = LicenseHistory::of(state, Day::new(20_000 + i64::from(at)));
            if at.is_multiple_of(2) && state != State::Void {
                let (from, until) = (Day::new(19_000).unwrap(), Day::new(19_000 + i64::from(at)).unwrap());
                history.past = vec![Spell { state: State::Suspended, from, until, cause: Cause::UNSTATED }];
            }
            world.set_history(&license, history);
        }
        let list = world.status_object(license.credential.issuer.as_str());
        let parsed = StatusList::parse(&list)?;
        seeds.put("details", &[&[0], &list[..]].concat())?;
        seeds.put("proof", &[&[0], &StatusProof::make(&parsed, u64::from(at))?[..]].concat())?;
    }
    let mut before: Option<Vec<u8>> = None;
    for every in [1_000_u32, 100, 7, 2, 1] {
        let mut world = World::new();
        let list = world.list(AUTHORITY);
        list.facts.seq = 2_000 - u64::from(every);
        list.facts.length = 5_000;
        for position in (0..5_000_u32).filter(|position| position.is_multiple_of(every)) {
            list.states.insert(position, State::LISTED[usize::try_from(position / 900 % 7)?]);
        }
        let list = world.status_object(AUTHORITY);
        if let Some(old) = before.replace(list.clone()) {
            let delta = StatusDelta::make(&StatusList::parse(&old)?, &StatusList::parse(&list)?)?;
            let length = u16::try_from(old.len())?.to_be_bytes();
            seeds.put("delta", &[&[0], &length[..], &old, &delta].concat())?;
            seeds.put("pack", &[World::new().pack(), delta].concat())?;
        }
    }
    for drawn in 0..=255_u8 {
        let length = 40 + usize::from(drawn);
        let bytes: Vec<u8> = (0_u8..8).flat_map(|part| *sha256(&[drawn, part]).as_bytes()).take(length).collect();
        for target in ["proof", "delta", "details"] {
            seeds.put(target, &bytes)?;
        }
    }
    Ok(())
}

/// Trust lists and directories, plain and with everything that they can say.
fn federations(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    let plain = World::new();
    let mut full = World::new();
    full.trust.seq = 2;
    full.trust.issued = full.time(-world::HOUR);
    full.trust.rules = vec![Rule {
        id: "R-1".into(),
        revision: 3,
        recognised_in: vec![world::prefix("98")],
        from: vec![world::prefix("99")],
        types: vec![TypePrefix::parse("11950000MB0000019Y")?],
        as_type: None,
        use_cases: Some(vec!["企业开办".into()]),
        effect: Effect::Conditional,
        period: Period::new(world::BASE, None).ok_or("a period")?,
        min_binding: Some(1),
        max_status_age: Some(86_400),
        class: Some("high".into()),
        legal_basis: LegalBasis { document: "示例〔2026〕1号".into(), zh: "示例".into(), en: "Sample".into() },
    }];
    full.trust.renames = vec![Rename { old: Region::parse("990103")?, new: Region::parse("990102")?, from: full.base }];
    full.befall(
        AUTHORITY,
        Use::License,
        zhengyin::trust::HistoryState::Compromised,
        full.base,
        Some(full.time(-world::DAY)),
    );
    full.directory("99").seq = 2;
    full.directory("99").issued = full.time(-1_800);
    full.give_mandate(AUTHORITY, &["9901"], Some(&["11950000MB0000019Y001"]));
    for world in [&plain, &full] {
        let trust = world.trust_object();
        let payload = MultiEnvelope::parse(&trust, Expected::AnyKnown)?.claimed_payload().to_vec();
        seeds.put("cbor", &payload)?;
        seeds.put("envelope", &trust)?;
        seeds.put("pack", &trust)?;
        seeds.put_signed(3, 0, &payload)?;
        for (index, province) in world.directories.keys().enumerate() {
            let directory = world.directory_object(province.as_str());
            let payload = Envelope::parse(&directory, Expected::AnyKnown)?.claimed_payload().to_vec();
            seeds.put("cbor", &payload)?;
            seeds.put("pack", &[trust.as_slice(), &directory].concat())?;
            seeds.put_signed(1, u8::try_from(index)?, &payload)?;
        }
        let status = world.status_object(AUTHORITY);
        seeds.put("pack", &[trust, world.directory_object("99"), status].concat())?;
    }
    seeds.put("pack", &[full.trust_object(), plain.trust_object()].concat())?;
    seeds.put("pack", &plain.pack())?;
    Ok(())
}

/// Paths of two and of three certificates, for each question.
fn paths(seeds: &mut Seeds) -> Result<(), Box<dyn Error>> {
    let world = World::new();
    let held = authority(AUTHORITY);
    let anchor = world.anchor("99").certificate.clone();
    let mandate = MandateText { regions: &["9901"], types: None, authorities: None };
    let subject = |common_name| Subject {
        province: "示例甲省",
        organization: "示例数据局（演示）",
        common_name,
        credit_code: bureau("99"),
    };
    let issuer = {
        let anchor = Certificate::parse(&anchor)?;
        let role = Role::Issuer { mandate, path_length: Some(0) };
        world.certify(
            subject("下级（演示）"),
            role,
            "intermediate",
            IssuedBy::Certificate(&anchor),
            &world::anchor_key("99"),
        )
    };
    for purpose in Use::ALL {
        let direct = world.certificate(&held, Role::EndEntity(purpose), "leaf", "99");
        let below = {
            let issuer = Certificate::parse(&issuer)?;
            world.certify(
                subject("签发（演示）"),
                Role::EndEntity(purpose),
                "leaf",
                IssuedBy::Certificate(&issuer),
                "intermediate",
            )
        };
        for question in [purpose.number(), 0x0f, 0x80 | purpose.number(), 0xcf] {
            for certificates in [&[&direct, &anchor][..], &[&below, &anchor, &issuer]] {
                let mut input = vec![question, 1];
                for certificate in certificates {
                    input.extend(u16::try_from(certificate.len())?.to_be_bytes());
                    input.extend_from_slice(certificate);
                }
                seeds.put("path", &input)?;
            }
        }
    }
    Ok(())
}
