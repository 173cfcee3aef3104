#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use alloc::string::{String, ToString};
use alloc::vec;

use proptest::prelude::*;

use super::*;
use crate::claims::LicenseFault;
use crate::claims::id::{CitizenIdCheckError, CreditCodeCheckError, ShapeError, TypeCodeCheckError};
use crate::reason::Language;

fn day(days: i64) -> Day {
    Day::new(days).unwrap()
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn credential() -> CredentialFacts {
    CredentialFacts {
        issuer: CreditCode::parse("11990100MB0000000P").unwrap(),
        expires: Some(time(1_800_000_000)),
        not_before: time(1_700_000_000),
        issued_at: time(1_700_000_000),
        id: CredentialId::new([7; 16]),
        holder_key: None,
        status: StatusPointer { list: 1, index: 0 },
    }
}

fn license() -> LicenseFacts {
    LicenseFacts {
        type_code: TypeCode::parse("11100000MB03271699001").unwrap(),
        name: "不动产权证书".into(),
        number: "示例（2025）示例市不动产权第0000001号".into(),
        holders: vec![HolderFacts {
            name: "王小明".into(),
            id_type: HolderIdType::CITIZEN_ID,
            id: "11010519491231002X".into(),
        }],
        authority_name: "示例市自然资源局".into(),
        region: Region::parse("990100").unwrap(),
        issued_on: day(20_000),
        validity: Validity::new(day(20_000), None).unwrap(),
        fields: vec![(FieldLabel::of_text("坐落"), FieldValue::Text("示例市示例路1号".into()))],
        serial: "0000001".into(),
        version: 1,
        authority_code: None,
        attachments: Vec::new(),
        copy: None,
        replaces: None,
        binding: Binding::Identity,
    }
}

#[test]
fn what_is_written_is_what_is_read() {
    let payload = license().encode(&credential()).unwrap();
    let read = LicenseClaims::parse(&payload).unwrap();
    let claims: &LicenseClaims<'_> = read.claimed();
    assert_eq!(LicenseFacts::from(&claims.license), license());
    assert_eq!(CredentialFacts::from(claims), credential());
    assert_eq!(claims.warnings().count(), 0);
    // Written out by hand: {1: "11990100MB0000000P", 4: 1800000000, 5: 1700000000, 6: 1700000000, 7: h'07…', …
    assert_eq!(payload[..3], [0xa7, 0x01, 0x72]);
    assert_eq!(payload[21..27], [0x04, 0x1a, 0x6b, 0x49, 0xd2, 0x00]);
    // … -70002: [1, 0]} at the end.
    assert_eq!(payload[payload.len() - 8..], [0x3a, 0x00, 0x01, 0x11, 0x71, 0x82, 0x01, 0x00]);
}

#[test]
fn failing_check_characters_are_not_written() {
    let refused = |credential: &CredentialFacts, license: &LicenseFacts| license.encode(credential).unwrap_err();
    let mut wrong = credential();
    wrong.issuer = CreditCode::parse("11990100MB0000000X").unwrap();
    let expected = FactsError::Issuer(CreditCodeCheckError::CheckCharacter { expected: 'P' });
    assert_eq!(refused(&wrong, &license()), expected);
    let mut wrong = license();
    wrong.type_code = TypeCode::parse("11100000MB0327169900A").unwrap();
    assert_eq!(refused(&credential(), &wrong), FactsError::TypeCode(TypeCodeCheckError::Number));

    let holder = |id_type, id: &str| {
        let mut facts = license();
        facts.holders.push(HolderFacts { name: "甲".into(), id_type, id: id.into() });
        facts.encode(&credential())
    };
    let at_1 = |fault| Err(FactsError::HolderId { index: 1, fault });
    let citizen = |id| holder(HolderIdType::CITIZEN_ID, id);
    let expected = CitizenIdCheckError::CheckCharacter { expected: 'X' };
    assert_eq!(citizen("110105194912310021"), at_1(HolderIdFault::CitizenId(expected)));
    assert_eq!(citizen("110105194913310021"), at_1(HolderIdFault::CitizenId(CitizenIdCheckError::DayOfBirth)));
    assert_eq!(citizen("110105491231002"), at_1(HolderIdFault::Shape(ShapeError::Length { found: 15 })));
    assert!(citizen("110105********0021").is_ok());
    let company = |id| holder(HolderIdType::CREDIT_CODE, id);
    let expected = CreditCodeCheckError::CheckCharacter { expected: 'W' };
    assert_eq!(company("11100000000013338X"), at_1(HolderIdFault::CreditCode(expected)));
    assert!(matches!(company("1110000000001333**1"), Err(FactsError::HolderId { fault: HolderIdFault::Shape(_), .. })));
    assert!(company("1110000000*******W").is_ok());
    assert!(holder(HolderIdType::PASSPORT, "E12345678").is_ok());
}

#[test]
fn texts_are_rewritten_only_with_a_word_about_it() {
    let mut facts = license();
    // A CJK compatibility ideograph (U+FA12 for U+6674) and a decomposed é.
    facts.holders[0].name = "王\u{fa12}".into();
    facts.fields.push((FieldLabel::Name("备用".into()), FieldValue::Texts(vec!["好".into(), "cafe\u{301}".into()])));
    assert_eq!(facts.encode(&credential()), Err(FactsError::NotNormalized(Place::HolderName(0))));
    let rewritten = facts.normalize();
    assert_eq!(
        rewritten,
        [
            Rewritten { place: Place::HolderName(0), before: "王\u{fa12}".into(), after: "王晴".into() },
            Rewritten { place: Place::FieldValue(1), before: "cafe\u{301}".into(), after: "caf\u{e9}".into() },
        ]
    );
    assert!(facts.normalize().is_empty());
    assert!(facts.encode(&credential()).is_ok());
}

#[test]
fn texts_show_and_say_something() {
    let with = |edit: &dyn Fn(&mut LicenseFacts)| {
        let mut facts = license();
        edit(&mut facts);
        facts.encode(&credential()).map(|_| ())
    };
    assert_eq!(with(&|f| f.name.push('\u{202e}')), Err(FactsError::Character(Place::Name)));
    assert_eq!(with(&|f| f.number.push('\n')), Err(FactsError::Character(Place::Number)));
    assert_eq!(with(&|f| f.authority_name = "　".into()), Err(FactsError::Empty(Place::AuthorityName)));
    assert_eq!(with(&|f| f.holders[0].id.clear()), Err(FactsError::Empty(Place::HolderId(0))));
    // A blank on the face of the license is a blank.
    assert_eq!(with(&|f| f.fields[0].1 = FieldValue::Text(String::new())), Ok(()));
}

#[test]
fn a_field_has_one_form_and_stands_once() {
    let with =
        |fields: Vec<(FieldLabel, FieldValue)>| LicenseFacts { fields, ..license() }.encode(&credential()).map(|_| ());
    let value = || FieldValue::Int(1);
    assert_eq!(FieldLabel::of_text("坐落"), FieldLabel::Number(34));
    assert_eq!(FieldLabel::of_text("Location"), FieldLabel::Number(34));
    assert_eq!(
        with(vec![(FieldLabel::Name("坐落".into()), value())]),
        Err(FactsError::FieldHasNumber { index: 0, number: 34 })
    );
    for number in [0, 60_000, u64::MAX] {
        assert_eq!(
            with(vec![(FieldLabel::Number(number), value())]),
            Err(FactsError::FieldNumber { index: 0, number })
        );
    }
    let twice = vec![
        (FieldLabel::Number(34), value()),
        (FieldLabel::of_text("楼层"), value()),
        (FieldLabel::Number(34), value()),
    ];
    assert_eq!(with(twice), Err(FactsError::FieldTwice { index: 2 }));
}

#[test]
fn what_the_reader_refuses_is_not_written() {
    let fault = |facts: LicenseFacts, credential: CredentialFacts| match facts.encode(&credential) {
        Err(FactsError::Refused(error)) => error.fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(LicenseFacts { holders: Vec::new(), ..license() }, credential()), LicenseFault::NoHolder);
    assert_eq!(fault(LicenseFacts { version: 0, ..license() }, credential()), LicenseFault::Version);
    let shape = LicenseFault::Serial(ShapeError::Character { at: 1 });
    assert_eq!(fault(LicenseFacts { serial: "1-2".into(), ..license() }, credential()), shape);
    assert_eq!(
        fault(LicenseFacts { binding: Binding::HolderKey, ..license() }, credential()),
        LicenseFault::HolderKeyMissing
    );
    let late = CredentialFacts { not_before: time(1_900_000_000), ..credential() };
    assert_eq!(fault(license(), late), LicenseFault::NotBeforeAfterExpiry);
    let replaces = Some(credential().id);
    assert_eq!(LicenseFacts { replaces, ..license() }.encode(&credential()), Err(FactsError::ReplacesItself));
}

/// Text that people write: printable ASCII and ideographs, never blank.
fn words() -> impl Strategy<Value = String> {
    "[!-~一-龥（）]{1,20}"
}

fn any_value() -> impl Strategy<Value = FieldValue> {
    prop_oneof![
        "[ -~一-龥]{0,30}".prop_map(FieldValue::Text),
        any::<i64>().prop_map(FieldValue::Int),
        any::<bool>().prop_map(FieldValue::Bool),
        (-719_162_i64..=2_932_896).prop_map(|days| FieldValue::Day(day(days))),
        prop::collection::vec("[ -~一-龥]{0,9}", 0..4).prop_map(FieldValue::Texts),
    ]
}

prop_compose! {
    fn any_license()(
        (name, number, authority_name) in (words(), words(), words()),
        holders in prop::collection::vec((words(), prop_oneof![Just(414_u16), Just(999), 200_u16..400], words()), 1..30),
        region in "[0-9]{6}",
        (issued_on, from, length) in (-3_000_i64..40_000, -3_000_i64..40_000, prop::option::of(0_i64..40_000)),
        fields in prop::collection::btree_map(prop_oneof![(1_u64..=100).prop_map(FieldLabel::Number), words().prop_map(FieldLabel::Name)], any_value(), 0..30),
        (serial, version, authority_code) in ("[0-9A-Z]{1,64}", 1_u16..=999, prop::option::of("[0-9A-Z]{1,18}")),
        attachments in prop::collection::vec((words(), "[a-z]{1,9}/[a-z][a-z.+-]{0,9}", prop::collection::vec(any::<u8>(), 32), any::<u64>()), 0..3),
        copy in prop::option::of((words(), prop::option::of(words()), 0_i64..=253_402_300_799, prop::option::of(words()))),
        (replaces, bearer) in (prop::option::of(any::<[u8; 16]>()), any::<bool>()),
    ) -> LicenseFacts {
        LicenseFacts {
            type_code: license().type_code,
            name,
            number,
            holders: holders.into_iter().map(|(name, id_type, id)| HolderFacts { name, id_type: HolderIdType::new(id_type).unwrap(), id }).collect(),
            authority_name,
            region: Region::parse(&region).unwrap(),
            issued_on: day(issued_on),
            validity: Validity::new(day(from), length.map(|length| day(from + length))).unwrap(),
            fields: fields.into_iter().collect(),
            serial,
            version,
            authority_code,
            attachments: attachments.into_iter().map(|(name, media_type, digest, size)| AttachmentFacts { name, media_type, digest_algorithm: -16, digest, size }).collect(),
            copy: copy.map(|(purpose, audience, expires, made_by)| CopyFacts { purpose, audience, expires: time(expires), made_by }),
            replaces: replaces.map(CredentialId::new),
            binding: if bearer { Binding::Bearer } else { Binding::Identity },
        }
    }
}

/// Fields as they come out: numbers first, then names by length and bytes.
fn sorted(mut facts: LicenseFacts) -> LicenseFacts {
    facts.fields.sort_by_key(|(label, _)| match label {
        FieldLabel::Number(number) => (0, *number, String::new()),
        FieldLabel::Name(name) => (1, u64::try_from(name.len()).unwrap(), name.clone()),
    });
    facts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_license_comes_back(facts in any_license(), list in any::<u64>(), index in any::<u64>(), expires in prop::option::of(1_700_000_000_i64..=253_402_300_799)) {
        let credential = CredentialFacts { status: StatusPointer { list, index }, expires: expires.map(time), ..credential() };
        let payload = facts.encode(&credential).unwrap();
        let read = LicenseClaims::parse(&payload).unwrap();
        let read = read.claimed();
        prop_assert_eq!(LicenseFacts::from(&read.license), sorted(facts.clone()));
        prop_assert_eq!(CredentialFacts::from(read), credential.clone());
        let again = LicenseFacts::from(&read.license).encode(&credential).unwrap();
        prop_assert_eq!(&again, &payload);
        let authority = facts.authority_code.unwrap_or_else(|| credential.issuer.to_string());
        let identifier = read.identifier();
        prop_assert_eq!(identifier.authority(), authority);
        prop_assert_eq!(identifier.check(), Ok(()));
        prop_assert!(read.license.fields.clone().all(|(key, _)| key.text(Language::Zh).is_some()));
    }
}
