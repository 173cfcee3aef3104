#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::cbor::Writer;
use crate::claims::id::{CreditCode, Region, RegionPrefix, TypeCode, TypePrefix};
use crate::suite::{KeyId, PublicKey};
use crate::time::{Period, Timestamp};
use crate::x509::Use;

fn t(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn prefix(text: &str) -> RegionPrefix {
    RegionPrefix::parse(text).unwrap()
}

fn code(text: &str) -> CreditCode {
    CreditCode::parse(text).unwrap()
}

const TYPE: &str = "11990000MB0000000J001";

fn mandate() -> Mandate {
    Mandate {
        regions: vec![prefix("99"), prefix("9801")],
        types: Some(vec![TypePrefix::parse(TYPE).unwrap(), TypePrefix::parse("11990000MB0000000J").unwrap()]),
        authorities: Some(vec![code("11990000MB0000000J")]),
    }
}

fn history() -> History {
    let mut history = History::active_since(t(10));
    let entry = |state, from, since, head: Option<&[u8]>| HistoryEntry {
        state,
        from: t(from),
        compromised_since: since,
        log_head: head.map(Vec::from),
    };
    assert!(history.append(entry(HistoryState::Retired, 20, None, Some(b"head"))));
    assert!(history.append(entry(HistoryState::Compromised, 30, Some(t(15)), None)));
    assert!(history.append(entry(HistoryState::Compromised, 40, Some(t(14)), Some(b""))));
    history
}

fn province() -> Province {
    let anchor = Anchor {
        certificate: vec![0x30, 0x00],
        interval: Period::new(1, Some(1_000)).unwrap(),
        uses: vec![Use::License, Use::Directory],
        mandate: mandate(),
        history: history(),
        identifier: None,
    };
    Province {
        names: Names::new("示例省", "Example Province"),
        anchors: vec![anchor],
        history: History::active_since(t(1)),
        contact: Contact {
            phone: Some("000-00000000".into()),
            url: None,
            names: Some(Names::new("示例局", "Example Bureau")),
        },
        test: true,
        epoch: 2,
        min_seq: 7,
    }
}

fn rule() -> Rule {
    Rule {
        id: "rule-1".into(),
        revision: 3,
        recognised_in: vec![prefix("98")],
        from: vec![prefix("99")],
        types: vec![TypePrefix::parse(TYPE).unwrap()],
        as_type: Some(TypeCode::parse(TYPE).unwrap()),
        use_cases: Some(vec!["registration".into()]),
        effect: Effect::Conditional,
        period: Period::new(5, None).unwrap(),
        min_binding: Some(1),
        max_status_age: Some(86_400),
        class: Some("low".into()),
        legal_basis: LegalBasis {
            document: "示例发〔2026〕1号".into(),
            zh: "示例依据".into(),
            en: "Example basis".into(),
        },
    }
}

fn defect() -> Defect {
    Defect {
        id: "defect-1".into(),
        applies_to: DefectMatch {
            key_id: KeyId::from_slice(&[1; 8]).unwrap(),
            positions: Some((0, 5, 9)),
            issued: Period::new(3, Some(4)),
            type_code: Some(TypeCode::parse(TYPE).unwrap()),
        },
        kind: "misprint".into(),
        treatment: Treatment::Manual,
        names: Names::new("示例瑕疵", "Example defect"),
        from: t(9),
    }
}

fn key() -> PublicKey {
    // RFC 8032 §7.1, test 1.
    let bytes = [
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
        0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ];
    PublicKey::ed25519(&bytes).unwrap()
}

fn list() -> TrustList {
    TrustList {
        federation: "示例联盟".into(),
        seq: 4,
        issued: t(100),
        next_update: t(200),
        expires: t(300),
        signers: vec![ListSigner::new(&key(), "示例运营方")],
        threshold: 1,
        provinces: BTreeMap::from([(prefix("99"), province())]),
        rules: vec![rule()],
        grace: BTreeMap::from([("normal".to_string(), Grace { list: 1, directory: 2, status: 3 })]),
        defects: vec![defect()],
        classes: [(TypePrefix::parse("11950000MB0000019Y001").unwrap(), "high".into())].into(),
        emergency: Some(Emergency { why: Names::new("示例急用", "Example urgency"), rules: vec!["rule-1".into()] }),
        renames: vec![Rename {
            old: Region::parse("990101").unwrap(),
            new: Region::parse("990102").unwrap(),
            from: t(50),
        }],
        sunsets: vec![
            Sunset { algorithm: -48, signed_until: t(60), relied_until: None },
            Sunset { algorithm: -19, signed_until: t(70), relied_until: Some(t(70)) },
        ],
    }
}

fn directory() -> Directory {
    let entry = IssuerEntry {
        certificate: vec![0x30, 0x01],
        mandate: mandate(),
        signing: Period::new(1, Some(2)).unwrap(),
        history: history(),
        authority: code("11990000MB0000000J"),
        uses: vec![Use::License],
        profile: Profile::Admitted,
    };
    let other = IssuerEntry { certificate: vec![0x30, 0x02], profile: Profile::Ours, ..entry.clone() };
    Directory {
        province: prefix("99"),
        seq: 1,
        issued: t(100),
        next_update: t(200),
        expires: t(200),
        issuers: vec![entry, other],
        complete: true,
        epoch: 0,
        minimums: BTreeMap::from([(
            code("11990000MB0000000J"),
            vec![Minimum { list: 0, epoch: 1, min_seq: 2 }, Minimum { list: 3, epoch: 0, min_seq: 0 }],
        )]),
    }
}

#[test]
fn lists_and_directories_are_read_as_they_were_written() {
    let written = list().encode().unwrap();
    let read = TrustList::parse(&written).unwrap();
    assert_eq!(read, list());
    assert_eq!(read.encode().unwrap(), written);
    let written = directory().encode().unwrap();
    assert_eq!(Directory::parse(&written), Ok(directory()));
}

/// A spoiled copy: the change, and why it is refused.
fn refused(spoil: impl FnOnce(&mut TrustList)) -> Error {
    let mut spoiled = list();
    spoil(&mut spoiled);
    TrustList::parse(&spoiled.encode().unwrap()).unwrap_err()
}

fn refused_directory(spoil: impl FnOnce(&mut Directory)) -> Error {
    let mut spoiled = directory();
    spoil(&mut spoiled);
    Directory::parse(&spoiled.encode().unwrap()).unwrap_err()
}

#[test]
fn what_cannot_be_meant_is_refused() {
    assert!(matches!(refused(|l| l.next_update = l.issued), Error::Value { .. }));
    assert!(matches!(refused(|l| l.expires = t(199)), Error::Value { .. }));
    assert!(matches!(refused(|l| l.threshold = 0), Error::Value { .. }));
    assert!(matches!(refused(|l| l.threshold = 2), Error::Value { .. }));
    assert!(matches!(refused(|l| l.signers.clear()), Error::Value { .. }));
    assert!(matches!(refused(|l| l.signers.push(l.signers[0].clone())), Error::Duplicate { .. }));
    assert!(matches!(refused(|l| l.federation = "  ".into()), Error::Value { .. }));
    assert!(matches!(refused(|l| l.provinces.clear()), Error::Value { .. }));
    assert!(matches!(refused(|l| l.grace.clear()), Error::Value { .. }));
    assert!(matches!(refused(|l| l.sunsets.swap(0, 1)), Error::Value { .. }));
    assert!(matches!(refused(|l| l.sunsets[0].algorithm = -19), Error::Value { .. }));
    assert!(matches!(refused(|l| l.sunsets[1].relied_until = Some(t(69))), Error::Value { .. }));
    let many = |l: &mut TrustList| {
        l.sunsets = (0..17).map(|algorithm| Sunset { algorithm, signed_until: t(1), relied_until: None }).collect();
    };
    assert!(matches!(refused(many), Error::TooMany { .. }));
    let anchors = |spoil: fn(&mut Anchor)| {
        refused(move |list| {
            list.provinces.values_mut().for_each(|province| province.anchors.iter_mut().for_each(spoil));
        })
    };
    assert!(matches!(anchors(|a| a.mandate.regions.clear()), Error::Value { .. }));
    assert!(matches!(anchors(|a| a.mandate.types = Some(vec![])), Error::Value { .. }));
    assert!(matches!(anchors(|a| a.interval = Period::new(5, Some(5)).unwrap()), Error::Value { .. }));
    assert!(matches!(anchors(|a| a.uses.clear()), Error::Value { .. }));

    assert!(matches!(refused_directory(|d| d.issuers.push(d.issuers[0].clone())), Error::Duplicate { .. }));
    assert!(matches!(refused_directory(|d| d.expires = t(100)), Error::Value { .. }));
    let repeat = |d: &mut Directory| {
        for lists in d.minimums.values_mut() {
            let last = *lists.last().unwrap();
            lists.push(last);
        }
    };
    assert!(matches!(refused_directory(repeat), Error::Duplicate { .. }));
    // A province is named by two digits, not by four.
    assert!(matches!(refused_directory(|d| d.province = prefix("9901")), Error::Value { .. }));
}

#[test]
fn an_algorithm_ends_by_every_number_that_stands_for_it() {
    let mut list = list();
    let algorithm = crate::suite::Algorithm::Ed25519;
    assert_eq!(list.relied_on_until(algorithm), Some(t(70)));
    assert!(list.has_stopped_signing_by(algorithm, t(70)) && !list.has_stopped_signing_by(algorithm, t(69)));
    // -8 is EdDSA, which is read for Ed25519.
    list.sunsets.push(Sunset { algorithm: -8, signed_until: t(40), relied_until: Some(t(50)) });
    assert_eq!(list.relied_on_until(algorithm), Some(t(50)));
    assert!(list.has_stopped_signing_by(algorithm, t(40)));
    list.sunsets.retain(|sunset| sunset.algorithm == -48);
    assert_eq!((list.sunsets_of(algorithm).count(), list.relied_on_until(algorithm)), (0, None));
}

/// Adds entries to an encoded map of small integer keys.
fn with_entry(map: &[u8], key: i64, value: impl Fn(&mut Writer)) -> Vec<u8> {
    let mut reader = Reader::new(map);
    let mut entries = reader.map().unwrap();
    let mut writer = Writer::new();
    writer.map(|out| {
        while let Some(known) = entries.next(&mut reader).unwrap() {
            let item = reader.skip().unwrap();
            out.entry(known, |w| w.item(item));
        }
        out.entry(key, &value);
    });
    writer.finish().unwrap()
}

#[test]
fn maps_are_closed_and_critical_additions_are_too_new() {
    let known = list().encode().unwrap();
    let unknown = TrustList::parse(&with_entry(&known, 17, |w| w.uint(1))).unwrap_err();
    assert_eq!(unknown.reason(), Reason::EncodingClaims);
    let critical = with_entry(&known, 12, |w| w.array_of([17i64].iter(), |w, key| w.int(*key)));
    assert_eq!(TrustList::parse(&critical), Err(Error::CriticalUnknown));
    assert_eq!(TrustList::parse(&with_entry(&critical, 17, |w| w.uint(1))), Err(Error::CriticalUnknown));
    let empty = with_entry(&known, 12, |w| w.array(0));
    assert!(matches!(TrustList::parse(&empty), Err(Error::Value { .. })));
    let directory = directory().encode().unwrap();
    assert!(Directory::parse(&with_entry(&directory, 10, Writer::null)).is_err());
}

#[test]
fn every_key_that_must_be_there_is_missed() {
    for (encoded, keys) in [(list().encode().unwrap(), 1..=10), (directory().encode().unwrap(), 1..=9)] {
        for absent in keys {
            let mut reader = Reader::new(&encoded);
            let mut entries = reader.map().unwrap();
            let mut writer = Writer::new();
            writer.map(|out| {
                while let Some(key) = entries.next(&mut reader).unwrap() {
                    let item = reader.skip().unwrap();
                    if key != Key::Int(absent) {
                        out.entry(key, |w| w.item(item));
                    }
                }
            });
            let spoiled = writer.finish().unwrap();
            let list = TrustList::parse(&spoiled).map(|_| ());
            let directory = Directory::parse(&spoiled).map(|_| ());
            let missing = Err(Error::Missing { key: absent, at: 0 });
            assert!(list == missing || directory == missing, "{absent}: {list:?} {directory:?}");
        }
    }
}

#[test]
fn a_history_tells_the_state_and_never_shrinks() {
    let history = history();
    assert_eq!(history.state_at(t(9)), None);
    assert_eq!(history.state_at(t(10)), Some(HistoryState::Active));
    assert_eq!(history.state_at(t(29)), Some(HistoryState::Retired));
    assert_eq!(history.compromised_since(), Some(t(14)));
    let shorter = History::active_since(t(10));
    assert!(shorter.is_continued_by(&history));
    assert!(!history.is_continued_by(&shorter));
    let mut older = history.clone();
    let entry = HistoryEntry { state: HistoryState::Active, from: t(39), compromised_since: None, log_head: None };
    assert!(!older.append(entry));
    assert_eq!(older, history);
}

#[test]
fn a_mandate_covers_what_it_names() {
    let mandate = mandate();
    assert!(mandate.covers_region(&Region::parse("990102").unwrap()));
    assert!(mandate.covers_region(&Region::parse("980100").unwrap()));
    assert!(!mandate.covers_region(&Region::parse("980200").unwrap()));
    assert!(mandate.covers_type(&TypeCode::parse("11990000MB0000000J777").unwrap()));
    assert!(!mandate.covers_type(&TypeCode::parse("11980000MB0000000E001").unwrap()));
    assert!(!mandate.covers_authority(&code("11980000MB0000000E")));
    let any = Mandate { regions: vec![prefix("99")], types: None, authorities: None };
    assert!(any.covers_authority(&code("11980000MB0000000E")));
    assert!(!any.names_authority(&code("11980000MB0000000E")), "any is not a name");
}

fn prefixes() -> impl Strategy<Value = Vec<RegionPrefix>> {
    let one = prop_oneof!["9[89]", "9[89]0[12]", "9[89]0[12]0[12]"].prop_map(|text: String| prefix(&text));
    prop::collection::vec(one, 1..4)
}

fn mandates() -> impl Strategy<Value = Mandate> {
    let types = ["11990000MB0000000J", "11990000MB0000000J001", "11990000MB0000000J002", "11980000MB0000000E001"];
    let types =
        prop::collection::vec(prop::sample::select(types.to_vec()).prop_map(|t| TypePrefix::parse(t).unwrap()), 1..3);
    let codes = ["11990000MB0000000J", "11980000MB0000000E"];
    let codes = prop::collection::vec(prop::sample::select(codes.to_vec()).prop_map(code), 1..3);
    (prefixes(), prop::option::of(types), prop::option::of(codes)).prop_map(|(regions, types, authorities)| Mandate {
        regions,
        types,
        authorities,
    })
}

proptest! {
    /// Whatever a narrower mandate covers, the wider one covers too: narrowing never adds validity.
    #[test]
    fn what_lies_within_covers_no_more(wide in mandates(), narrow in mandates(), region in "9[89]0[0-3]0[0-3]", at in 0usize..4) {
        if wide.check_contains(&narrow).is_ok() {
            let region = Region::parse(&region).unwrap();
            let type_code = ["11990000MB0000000J001", "11990000MB0000000J003", "11980000MB0000000E001", "11970000MB0000000A001"][at];
            let type_code = TypeCode::parse(type_code).unwrap();
            let authority = code(&type_code.as_str()[..18]);
            prop_assert!(!narrow.covers_region(&region) || wide.covers_region(&region));
            prop_assert!(!narrow.covers_type(&type_code) || wide.covers_type(&type_code));
            prop_assert!(!narrow.covers_authority(&authority) || wide.covers_authority(&authority));
        }
        prop_assert_eq!(wide.check_contains(&wide), Ok(()));
    }

    #[test]
    fn a_spoiled_list_is_refused_or_read_as_what_it_says(at in any::<prop::sample::Index>(), with in 1u8..) {
        for encoded in [list().encode().unwrap(), directory().encode().unwrap()] {
            let mut spoiled = encoded;
            let at = at.index(spoiled.len());
            spoiled[at] ^= with;
            if let Ok(list) = TrustList::parse(&spoiled) {
                prop_assert_eq!(list.encode().unwrap(), spoiled);
            } else if let Ok(directory) = Directory::parse(&spoiled) {
                prop_assert_eq!(directory.encode().unwrap(), spoiled);
            }
        }
    }
}
