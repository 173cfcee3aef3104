//! Each rule of the license, broken alone.

use super::*;

#[test]
fn whatever_is_not_optional_must_be_there() {
    for key in [1, 5, 6, 7, cwt::STATUS] {
        let mut draft = Draft::new();
        draft.claims.remove(&key);
        let error = LicenseClaims::parse(&draft.payload()).unwrap_err();
        assert_eq!(error, LicenseFault::Missing { part: Part::Claims, key }.at(0));
        assert_eq!(error.reason(), Reason::EncodingClaims);
    }
    for key in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14] {
        let mut draft = Draft::new();
        draft.license.remove(&key);
        draft.refused(LicenseFault::Missing { part: Part::License, key }, &map(&draft.license));
    }
    let claims = Draft::new().claims;
    assert_eq!(
        LicenseClaims::parse(&map(&claims)).unwrap_err(),
        LicenseFault::Missing { part: Part::Claims, key: cwt::LICENSE }.at(0)
    );
    let mut draft = Draft::new();
    draft.claims.remove(&4);
    assert_eq!(LicenseClaims::parse(&draft.payload()).unwrap().claimed().expires, None);

    for (part, key, whole) in [
        (Part::Holder, 4, BTreeMap::from([(1, text("甲")), (2, int(111)), (3, text("1"))])),
        (
            Part::Attachment,
            11,
            BTreeMap::from([
                (1, text("a")),
                (2, text("a/b")),
                (3, array(&[int(-16), item(|w| w.bytes(&[0; 32]))])),
                (4, int(0)),
            ]),
        ),
    ] {
        assert!(LicenseClaims::parse(&Draft::new().with(key, array(&[map(&whole)])).payload()).is_ok());
        for missing in whole.keys() {
            let mut rest = whole.clone();
            rest.remove(missing);
            Draft::new()
                .with(key, array(&[map(&rest)]))
                .refused(LicenseFault::Missing { part, key: *missing }, &map(&rest));
        }
    }
    for (whole, missing) in [(map_of([(1, text("x"))]), 3), (map_of([(3, int(0))]), 1)] {
        Draft::new().with(12, whole.clone()).refused(LicenseFault::Missing { part: Part::Copy, key: missing }, &whole);
    }
    let fault = LicenseFault::Missing { part: Part::Confirmation, key: 1 };
    assert_eq!(LicenseClaims::parse(&Draft::new().with_claim(8, map_of([])).payload()).unwrap_err().fault, fault);
}

#[test]
fn maps_are_closed() {
    let unknown = LicenseFault::Encoding(Fault::UnknownKey);
    let key = |key: i64, value: &[u8]| [int(key), value.to_vec()].concat();
    let odd = text("odd");
    for claim in [2, 3, 9, 39, -70_003] {
        Draft::new().with_claim(claim, odd.clone()).refused(unknown, &key(claim, &odd));
    }
    for extra in [0, 15, -1] {
        Draft::new().with(extra, odd.clone()).refused(unknown, &key(extra, &odd));
    }
    let holder = map_of([(1, text("甲")), (2, int(111)), (3, text("1")), (4, odd.clone())]);
    Draft::new().with(4, array(&[holder])).refused(unknown, &key(4, &odd));
    let copy = map_of([(1, text("x")), (3, int(0)), (5, odd.clone())]);
    Draft::new().with(12, copy).refused(unknown, &key(5, &odd));
    let attachment = map_of([
        (1, text("a")),
        (2, text("a/b")),
        (3, array(&[int(-16), item(|w| w.bytes(&[0; 32]))])),
        (4, int(0)),
        (5, odd.clone()),
    ]);
    Draft::new().with(11, array(&[attachment])).refused(unknown, &key(5, &odd));
    let mut two_ways = BTreeMap::from([(1, confirmation(&KEY)[2..].to_vec())]);
    two_ways.insert(3, odd.clone());
    Draft::new().with_claim(8, map(&two_ways)).refused(unknown, &key(3, &odd));
    // A text key where numbers are wanted.
    let texts = item(|w| w.map(|map| map.entry("1", |w| w.int(1))));
    Draft::new().with_claim(8, texts).refused(unknown, &text("1"));
}

#[test]
fn identifiers_have_their_shape() {
    let length = |found| ShapeError::Length { found };
    let draft = Draft::new;
    draft()
        .with_claim(1, text("11990100MB0000000"))
        .refused(LicenseFault::Issuer(length(17)), &text("11990100MB0000000"));
    let lower = text("11990100mb0000000P");
    draft().with_claim(1, lower.clone()).refused(LicenseFault::Issuer(ShapeError::Character { at: 8 }), &lower);
    draft()
        .with(1, text("11100000MB0327169902"))
        .refused(LicenseFault::TypeCode(length(20)), &text("11100000MB0327169902"));
    draft().with(6, text("9901")).refused(LicenseFault::Region(length(4)), &text("9901"));
    draft().with(6, text("99O100")).refused(LicenseFault::Region(ShapeError::Character { at: 2 }), &text("99O100"));

    let serial = |serial: &str| draft().with(10, array(&[text(serial), int(1)]));
    serial("").refused(LicenseFault::Serial(length(0)), &[0x60, 0x01]);
    serial("12-3").refused(LicenseFault::Serial(ShapeError::Character { at: 2 }), &text("12-3"));
    let long = "A".repeat(65);
    serial(&long).refused(LicenseFault::Serial(length(65)), &text(&long));
    assert!(LicenseClaims::parse(&serial(&"A".repeat(64)).payload()).is_ok());
    for version in [0, 1_000] {
        let payload = draft().with(10, array(&[text("XYZ"), int(version)])).payload();
        assert_eq!(LicenseClaims::parse(&payload).unwrap_err().fault, LicenseFault::Version);
    }
    let authority = draft().with(10, array(&[text("1"), int(1), text("3401.0")]));
    authority.refused(LicenseFault::AuthorityCode(ShapeError::Character { at: 4 }), &text("3401.0"));
    let long = draft().with(10, array(&[text("1"), int(1), text("1234567890123456789")]));
    long.refused(LicenseFault::AuthorityCode(length(19)), &text("1234567890123456789"));
    for items in [&[text("1")][..], &[text("1"), int(1), text("1"), text("1")]] {
        draft().with(10, array(items)).refused(LicenseFault::Encoding(Fault::OutOfRange), &array(items));
    }
}

#[test]
fn times_and_days_stand_in_order_and_in_range() {
    let draft = Draft::new;
    draft().with_claim(5, int(1_800_000_001)).refused(LicenseFault::NotBeforeAfterExpiry, &int(1_800_000_001));
    draft().with_claim(6, int(1_800_000_002)).refused(LicenseFault::IssuedAfterExpiry, &int(1_800_000_002));
    let all_at_once = draft().with_claim(5, int(1_800_000_000)).with_claim(6, int(1_800_000_000));
    assert!(LicenseClaims::parse(&all_at_once.payload()).is_ok());
    let out_of_range = LicenseFault::Encoding(Fault::OutOfRange);
    for claim in [4, 5, 6] {
        for time in [-77_777, 253_402_300_800] {
            draft().with_claim(claim, int(time)).refused(out_of_range, &int(time));
        }
    }
    for days in [[int(20_001), int(20_000)], [int(20_000), int(-20_000)]] {
        draft().with(8, array(&days)).refused(LicenseFault::ValidityOrder, &array(&days));
    }
    for day in [-719_163, 2_932_897] {
        draft().with(7, int(day)).refused(out_of_range, &int(day));
        draft().with(8, array(&[int(day)])).refused(out_of_range, &int(day));
    }
    for days in [&[][..], &[int(1), int(2), int(3)]] {
        let payload = draft().with(8, array(days)).payload();
        assert_eq!(LicenseClaims::parse(&payload).unwrap_err().fault, out_of_range);
    }
    draft().with(12, map_of([(1, text("x")), (3, int(-77_777))])).refused(out_of_range, &int(-77_777));
}

#[test]
fn sizes_and_numbers_stay_within_the_format() {
    let draft = Draft::new;
    let out_of_range = LicenseFault::Encoding(Fault::OutOfRange);
    for length in [15, 17] {
        let id = item(|w| w.bytes(&alloc::vec![0xee; length]));
        draft().with_claim(7, id.clone()).refused(out_of_range, &id);
        draft().with(13, id.clone()).refused(out_of_range, &id);
    }
    draft().with(4, array(&[])).refused(LicenseFault::NoHolder, &[0x80]);
    let error = LicenseClaims::parse(&draft().with(11, array(&[])).payload()).unwrap_err();
    assert_eq!(error.fault, LicenseFault::NoAttachment);
    draft().with(4, array(&[holder("甲", 1_000, "1")])).refused(LicenseFault::HolderIdType, &int(1_000));
    for bind in [3, 70_000] {
        assert_eq!(
            LicenseClaims::parse(&draft().with(14, int(bind)).payload()).unwrap_err().fault,
            LicenseFault::Binding
        );
    }
    for pointer in [&[int(1)][..], &[int(1), int(2), int(3)]] {
        draft().with_claim(cwt::STATUS, array(pointer)).refused(out_of_range, &array(pointer));
    }
    let negative = draft().with_claim(cwt::STATUS, array(&[int(1), int(-78_787)]));
    negative.refused(LicenseFault::Encoding(Fault::WrongType), &int(-78_787));
}

#[test]
fn field_values_are_of_five_types() {
    let field = |value: Vec<u8>| Draft::new().with(9, map_of([(1, value)]));
    let bytes = item(|w| w.bytes(b"????"));
    field(bytes.clone()).refused(LicenseFault::FieldValue, &bytes);
    let nested = map_of([(77, int(7_777))]);
    field(nested.clone()).refused(LicenseFault::FieldValue, &nested);
    assert_eq!(LicenseClaims::parse(&field(item(Writer::null)).payload()).unwrap_err().fault, LicenseFault::FieldValue);
    let mixed = array(&[text("一"), int(-78_787)]);
    field(mixed).refused(LicenseFault::Encoding(Fault::WrongType), &int(-78_787));
    let late = item(|w| {
        w.tag(100);
        w.int(2_932_897);
    });
    field(late).refused(LicenseFault::Encoding(Fault::OutOfRange), &int(2_932_897));
    let negative = map_of([(-78_787, int(1))]);
    Draft::new().with(9, negative).refused(LicenseFault::FieldNumber, &int(-78_787));
    assert!(LicenseClaims::parse(&Draft::new().with(9, map_of([])).payload()).is_ok());
    assert!(LicenseClaims::parse(&field(array(&[])).payload()).is_ok());
}

#[test]
fn attachments_name_a_type_and_a_whole_digest() {
    let with = |media_type: &str, algorithm: i64, length: usize| {
        let digest = array(&[int(algorithm), item(|w| w.bytes(&alloc::vec![0xdd; length]))]);
        Draft::new().with(11, array(&[map_of([(1, text("a")), (2, text(media_type)), (3, digest), (4, int(0))])]))
    };
    for media_type in ["", "pdf", "/pdf", "application/", "application/pdf; a=b", "a/b/c", "应用/pdf", "-a/b"] {
        let error = LicenseClaims::parse(&with(media_type, -16, 32).payload()).unwrap_err();
        assert_eq!(error.fault, LicenseFault::MediaType, "{media_type}");
    }
    for (algorithm, length) in [(-16, 31), (-16, 33), (-16, 64), (-44, 31), (-44, 65), (-44, 0)] {
        let error = LicenseClaims::parse(&with("image/svg+xml", algorithm, length).payload()).unwrap_err();
        assert_eq!(error.fault, LicenseFault::DigestLength);
    }
    let payload = with("image/svg+xml", -44, 64).payload();
    let claims = LicenseClaims::parse(&payload).unwrap();
    let attachment = claims.claimed().license.attachments.clone().unwrap().next().unwrap();
    assert_eq!((attachment.digest_algorithm, attachment.digest.len(), attachment.known_digest()), (-44, 64, None));
}

#[test]
fn the_holder_key_is_there_when_needed_and_admissible() {
    Draft::new().with(14, int(2)).refused(LicenseFault::HolderKeyMissing, &Draft::new().with(14, int(2)).payload());
    assert!(LicenseClaims::parse(&Draft::new().with_claim(8, confirmation(&KEY)).payload()).is_ok());
    let mut identity = [0; 32];
    identity[0] = 1;
    let small = Draft::new().with_claim(8, confirmation(&identity)).payload();
    let error = LicenseClaims::parse(&small).unwrap_err();
    assert_eq!(
        (error.fault, error.reason()),
        (LicenseFault::HolderKey(KeyError::SmallOrder), Reason::EncodingKeyRefused)
    );
    // SM2 is another build's business where this one has not it: it must not call it malformed. Nor may any the next algorithm.
    let curve = if cfg!(feature = "sm") { cose::CRV_SM2 - 1 } else { cose::CRV_SM2 };
    let key =
        map_of([(1, int(2)), (-1, int(curve)), (-2, item(|w| w.bytes(&[1; 32]))), (-3, item(|w| w.bytes(&[1; 32])))]);
    let error = LicenseClaims::parse(&Draft::new().with_claim(8, map_of([(1, key)])).payload()).unwrap_err();
    assert_eq!(error.reason(), Reason::EncodingAlgorithmUnknown);
}

#[test]
fn bytes_that_follow_or_lack_are_refused() {
    let payload = Draft::new().payload();
    let error = LicenseClaims::parse(&[&payload[..], &[0]].concat()).unwrap_err();
    assert_eq!(error, LicenseError::from(Error { fault: Fault::TrailingBytes, at: payload.len() }));
    assert_eq!(error.reason(), Reason::EncodingTrailing);
    for end in 0..payload.len() {
        assert!(LicenseClaims::parse(&payload[..end]).is_err());
    }
    let hidden = Draft::new().with(2, text("营业执照").into_iter().collect());
    let mut spoilt = hidden.payload();
    let at = spoilt.windows(12).position(|window| window == "营业执照".as_bytes()).unwrap();
    // U+202E in the place of one ideograph.
    spoilt[at..at + 3].copy_from_slice("\u{202e}".as_bytes());
    assert_eq!(LicenseClaims::parse(&spoilt).unwrap_err().reason(), Reason::EncodingText);
}
