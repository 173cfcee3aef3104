//! A federation of two suites: two provinces sign with SM2 and SM3, two with Ed25519 and SHA-256, and all of them are believed alike.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test")]

#[path = "../examples/world/mod.rs"]
mod world;

#[path = "suites/crossed.rs"]
mod crossed;
#[path = "suites/existing.rs"]
mod existing;
#[path = "suites/forged.rs"]
mod forged;

use std::collections::BTreeSet;
use std::path::Path;

use world::{DAY, Issued, World, data, key, with_sm2};
use zhengyin::claims::id::{Region, TypePrefix};
use zhengyin::claims::{Binding, PresentationClaims};
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::issue::present;
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::suite::{Algorithm, sha256};
use zhengyin::trust::{Effect, LegalBasis, Rule};
use zhengyin::verify::{Report, Step, Texts, Value, Verdict, Verifier};

/// The provinces with SM2.
const OF_SM2: &[&str] = &["98", "96"];

fn policy() -> Policy {
    Policy::counter(None).without_recognition()
}

fn verify<'a>(world: &World, store: &'a Store, license: &'a [u8]) -> Report<'a> {
    Verifier::new(store, policy()).verify(license, world.clock())
}

fn algorithm_of(license: &[u8]) -> Algorithm {
    Envelope::parse(license, Expected::AnyKnown).unwrap().algorithm()
}

/// All licenses of the demonstration that are in order.
fn issued(world: &mut World) -> Vec<Issued> {
    let names = data::LICENSES.iter().map(|(name, _)| *name);
    names.filter(|name| ![data::OUTSIDE_MANDATE, data::EXPIRED].contains(name)).map(|name| world.issue(name)).collect()
}

#[test]
fn licenses_of_both_suites_are_valid_and_all_others_are_not() {
    with_sm2(OF_SM2, || {
        let mut world = World::new();
        let licenses = issued(&mut world);
        let store = world.store();
        let mut seen = [0, 0];
        for license in &licenses {
            let algorithm = algorithm_of(&license.bytes);
            let is_national = OF_SM2.contains(&&license.credential.issuer.as_str()[2..4]);
            assert_eq!(algorithm == Algorithm::Sm2, is_national);
            seen[usize::from(is_national)] += 1;
            let report = verify(&world, &store, &license.bytes);
            assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.steps().deciding());
            // Property G: no byte of what is signed, nor of the signature, can be another.
            for at in (0..license.bytes.len()).step_by(7).chain(license.bytes.len() - 64..license.bytes.len()) {
                let spoilt = world::spoil::flip(&license.bytes, at, 1);
                assert_ne!(verify(&world, &store, &spoilt).verdict(), Verdict::Valid, "byte {at}");
            }
        }
        assert!(seen.iter().all(|seen| *seen >= 3), "{seen:?}");
    });
}

#[test]
fn a_store_of_both_is_kept_and_loaded() {
    with_sm2(OF_SM2, || {
        let mut world = World::new();
        let licenses = issued(&mut world);
        let store = world.store();
        let again = Store::from_bytes(&store.to_bytes()).unwrap();
        for license in &licenses {
            let first = verify(&world, &store, &license.bytes).digest().unwrap();
            assert_eq!(first, verify(&world, &again, &license.bytes).digest().unwrap());
        }
    });
}

#[test]
fn what_is_revoked_is_told_by_lists_and_proofs_of_both() {
    with_sm2(OF_SM2, || {
        let mut world = World::new();
        for (at, license) in issued(&mut world).iter().enumerate() {
            if at % 2 == 0 {
                world.set_state(license, State::Revoked);
            }
        }
        let mut again = World::new();
        let licenses = issued(&mut again);
        let store = world.store();
        for (at, license) in licenses.iter().enumerate() {
            let report = verify(&world, &store, &license.bytes);
            let expected = if at % 2 == 0 { Verdict::Invalid } else { Verdict::Valid };
            assert_eq!(report.verdict(), expected);
            // The same by a proof, where the store has no list.
            let proved = world.with_proof(license);
            let mut bare = world.clone();
            bare.lists.clear();
            let bare = bare.store();
            let report = verify(&world, &bare, &proved);
            assert_eq!(report.verdict(), expected, "{:?}", report.steps().deciding());
            if at % 2 == 0 {
                assert_eq!(report.steps().deciding().map(|(_, reason)| reason), Some(Reason::StatusRevoked));
            }
        }
    });
}

#[test]
fn a_holder_may_have_a_key_of_either_suite() {
    with_sm2(OF_SM2, || {
        for holder in ["holder", "SM2 holder"] {
            for name in ["business-license", "birth-certificate"] {
                let mut world = World::new();
                let template = data::license(name);
                let mut credential = world.credential(&template.authority);
                let mut facts = template.facts;
                facts.binding = Binding::HolderKey;
                credential.holder_key = Some(key(holder).public_key().clone());
                let license = world.issue_as(facts, credential);
                let digest = Envelope::parse(&license.bytes, Expected::AnyKnown).unwrap().object_digest();
                let claims = PresentationClaims::of(digest, world.time(-10));
                let store = world.store();
                let shown = present(&license.bytes, &claims, &key(holder)).unwrap();
                let report = Verifier::new(&store, policy()).verify(&shown, world.clock());
                assert_eq!(report.verdict(), Verdict::Valid, "{:?}", report.steps().deciding());
                // Another's key, of the same suite, does not show it.
                assert!(present(&license.bytes, &claims, &key("SM2 another")).is_err());
            }
        }
    });
}

#[test]
fn a_key_is_of_one_suite_and_an_algorithm_is_not_chosen_by_the_message() {
    // A license of a province with SM2, signed by an Ed25519 key of the same authority's name: nobody listed it.
    let license = with_sm2(&[], || World::new().issue("birth-certificate"));
    with_sm2(OF_SM2, || {
        let mut world = World::new();
        let _ = world.issue("birth-certificate");
        let store = world.store();
        let report = verify(&world, &store, &license.bytes);
        assert_ne!(report.verdict(), Verdict::Valid);
        assert_eq!(report.steps().deciding(), Some((Step::Issuer, Reason::IssuerNotListed)));
    });
}

#[test]
fn delayed_lists_of_sm2_follow_each_other_as_deltas() {
    with_sm2(OF_SM2, || {
        let mut world = World::new();
        let licenses: Vec<Issued> = (0..300).map(|_| world.issue("birth-certificate")).collect();
        let authority = licenses[0].credential.issuer.as_str().to_owned();
        let older = world.status_object(&authority);
        licenses.iter().step_by(9).for_each(|license| world.set_state(license, State::Cancelled));
        let (issued, next_update) = (world.time(-60), world.time(DAY));
        let facts = &mut world.list(&authority).facts;
        (facts.seq, facts.issued, facts.next_update) = (2, issued, next_update);
        let newer = world.status_object(&authority);
        let [old, new] = [&older, &newer].map(|list| zhengyin::status::StatusList::parse(list).unwrap());
        let delta = zhengyin::status::StatusDelta::make(&old, &new).unwrap();
        let delta = zhengyin::status::StatusDelta::parse(&delta).unwrap();
        assert_eq!(delta.apply(&old).unwrap(), newer);
    });
}

#[test]
fn seals_and_stamps_of_both_suites_are_valid_each_by_its_own_digest() {
    use world::seals::{file, unit};
    use zhengyin::suite::HashAlgorithm;
    const DOCUMENT: &[u8] = b"a decision of four provinces";
    with_sm2(OF_SM2, || {
        let mut world = World::new().with_seals();
        let mut objects: Vec<Vec<u8>> = Vec::new();
        for province in ["99", "98", "97", "96"] {
            let seal = world.make_seal(province);
            let plan = world.plan_stamp(&seal, DOCUMENT);
            let national = OF_SM2.contains(&province);
            assert_eq!(plan.hash == HashAlgorithm::Sm3, national);
            assert_eq!(seal.facts.owner.as_str(), unit(province).0);
            let stamp = world.stamp(&plan);
            objects.extend([seal.bytes, stamp]);
        }
        // A neighbour of the other suite countersigns the first.
        let other = world.make_seal("98");
        let mut counter = world.plan_stamp(&other, DOCUMENT);
        counter.counter(&objects[1]);
        objects.extend([other.bytes.clone(), world.stamp(&counter)]);
        let pieces: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
        let stamps = file(&pieces);
        let store = world.sound_store();
        let verifier = Verifier::new(&store, policy());
        for size in [1, 7, 4_096] {
            let mut asked = verifier.stamps(&stamps, world.clock());
            DOCUMENT.chunks(size).for_each(|piece| asked.update(piece));
            let report = asked.finish();
            assert_eq!(report.stamps().len(), 5);
            assert!(report.document().unwrap().sm3.is_some());
            for stamp in report.stamps() {
                assert_eq!(stamp.verdict(), Verdict::Valid, "{:?}", stamp.steps().deciding());
            }
        }
        // A document that was digested by SHA-256 alone leaves open what was stamped by SM3, and that alone.
        let sha256 = zhengyin::issue::digest_document(&mut &DOCUMENT[..]).unwrap();
        let report = verifier.stamps(&stamps, world.clock()).finish_with(sha256);
        let open = |stamp: &&zhengyin::verify::SealReport<'_>| {
            stamp.steps().deciding() == Some((Step::Document, Reason::DocumentNotDigested))
        };
        assert_eq!(report.stamps().iter().filter(open).count(), 2);
        assert_eq!(report.count(Verdict::Valid), 3);
        // SM3 is computed where a stamp asks for it, and nowhere else.
        let alone = file(&pieces[..2]);
        let mut asked = verifier.stamps(&alone, world.clock());
        asked.update(DOCUMENT);
        assert_eq!(asked.finish().document().unwrap().sm3, None);
    });
}

/// What callers in other languages must come to: verdict, step and ground as the script of calls has them, and digests of JSON and CBOR.
struct Told {
    answer: String,
    digests: String,
}

fn told<'r>(verdict: Verdict, deciding: Option<(Step, Reason)>, value: impl Fn(Texts) -> Value<'r>) -> Told {
    let verdict = [Verdict::Undetermined, Verdict::Valid, Verdict::Invalid].iter().position(|known| *known == verdict);
    let step = |step| (1..).zip(Step::ALL).find(|(_, known)| *known == step).unwrap().0;
    let (step, reason) = deciding.map_or((0_u32, 0), |(at, reason)| (step(at), reason.number()));
    let json = sha256(&serde_json::to_vec(&value(Texts::Both)).unwrap());
    let cbor = sha256(&value(Texts::None).to_cbor().unwrap());
    Told { answer: format!("{}\t{step}\t{reason}", verdict.unwrap()), digests: format!("{json}\t{cbor}") }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const PROVINCES: [&str; 4] = ["99", "98", "97", "96"];

/// A rule by which every license counts in every province.
fn mutual(world: &World, licenses: &[Issued]) -> Rule {
    let types: BTreeSet<&str> = licenses.iter().map(|license| &license.facts.type_code.as_str()[..18]).collect();
    Rule {
        id: "four-provinces".into(),
        revision: 1,
        recognised_in: PROVINCES.map(world::prefix).into(),
        from: PROVINCES.map(world::prefix).into(),
        types: types.into_iter().map(|prefix| TypePrefix::parse(prefix).unwrap()).collect(),
        as_type: None,
        use_cases: None,
        effect: Effect::Recognise,
        period: world.period(-100 * DAY, 100 * DAY),
        min_binding: None,
        max_status_age: None,
        class: None,
        legal_basis: LegalBasis {
            document: "示例发〔2026〕4号".into(),
            zh: "示例四省互认协议".into(),
            en: "Example agreement of four provinces".into(),
        },
    }
}

/// The federation as a script of calls, which callers in other languages run: the answers in it are Rust's. Every license counts in every
/// province, whichever suite signed it and whichever signs there. `.ci/callers/script.py` describes the calls.
#[test]
fn the_federation_is_told_to_callers_in_other_languages() {
    const DOCUMENT: &[u8] = b"a decision of four provinces";
    with_sm2(OF_SM2, || {
        let mut world = World::new().with_seals();
        let licenses = issued(&mut world);
        world.trust.rules = vec![mutual(&world, &licenses)];
        let mut objects = Vec::new();
        for province in PROVINCES {
            let seal = world.make_seal(province);
            let plan = world.plan_stamp(&seal, DOCUMENT);
            objects.extend([seal.bytes, world.stamp(&plan)]);
        }
        let stamps = world::seals::file(&objects.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let (store, now) = (world.sound_store(), world.base.seconds());
        let taken = vec!["n"; world.objects().len()].join(",");
        let pack = hex(&world.pack());
        let mut script =
            format!("case\ta-federation-of-two-suites\nstore\t{}\npack\t{pack}\t{now}\t{taken}\n", world.pin());
        let mut abroad = [0, 0];
        for province in PROVINCES {
            let region = format!("{province}0102");
            let nothing = "\t-".repeat(9);
            script += &format!("policy\tcounter\t{region}\t-\t-\t-\t-\t-\nquestion{nothing}\nverifier\n");
            let verifier = Verifier::new(&store, Policy::counter(Some(Region::parse(&region).unwrap())));
            for license in &licenses {
                let report = verifier.verify(&license.bytes, world.clock());
                let from = &license.credential.issuer.as_str()[2..4];
                let counts = report.verdict() == Verdict::Valid && from != province;
                abroad[usize::from(OF_SM2.contains(&from))] += usize::from(counts);
                let told =
                    told(report.verdict(), report.steps().deciding(), |texts| report.to_value(texts).into_owned());
                let Told { answer, digests } = told;
                script += &format!("verify\t{}\t{now}\t120\t{answer}\t{digests}\n", hex(&license.bytes));
            }
            let mut asked = verifier.stamps(&stamps, world.clock());
            asked.update(DOCUMENT);
            let report = asked.finish();
            assert_eq!((report.verdict(), report.stamps().len()), (Verdict::Valid, 4));
            let Told { answer, digests } =
                told(report.verdict(), report.deciding(), |texts| report.to_value(texts).into_owned());
            let given = format!("{}\t{}\t-\t-\t{now}\t120", hex(&stamps), hex(DOCUMENT));
            script += &format!("stamps\t{given}\t{answer}\t{digests}\t4\n");
            for (at, stamp) in report.stamps().iter().enumerate() {
                let deciding = stamp.steps().deciding();
                let Told { answer, digests } =
                    told(stamp.verdict(), deciding, |texts| stamp.to_value(texts).into_owned());
                script += &format!("stamp\t{at}\t{answer}\t-\t{digests}\n");
            }
        }
        assert!(abroad.iter().all(|counted| *counted >= 9), "{abroad:?}");
        std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("federation.txt"), script).unwrap();
    });
}
