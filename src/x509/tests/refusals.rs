//! Certificates that break one rule each.

use alloc::string::ToString;

use super::*;
use crate::reason::Reason;

pub(super) fn refused(make: &Make) -> CertificateError {
    Certificate::parse(&make.sign(&key(2))).expect_err("a certificate that breaks a rule")
}

pub(super) fn leaf() -> Make {
    Make::leaf(&key(1), "issuer", &key(2))
}

pub(super) fn der(error: CertificateError) -> DerRule {
    match error {
        CertificateError::Der(error) | CertificateError::Extension(ExtensionError::Value(_, error)) => error.rule,
        other => panic!("{other:?} is no error of encoding"),
    }
}

#[test]
fn the_honest_ones_are_read() {
    let chain = chain();
    let leaf = Certificate::parse(&chain.leaf).unwrap();
    assert_eq!(leaf.subject().credit_code(), Some("11990000MB0000000J"));
    assert_eq!(leaf.subject().common_name(), Some("leaf"));
    assert_eq!(leaf.subject().organization(), Some("示范省数据局"));
    assert_eq!(leaf.issuer().common_name(), Some("issuer"));
    assert_eq!(leaf.serial(), [0x11; 16]);
    assert_eq!(leaf.validity().from(), FROM_SECONDS);
    assert_eq!(leaf.validity().until(), Some(UNTIL_SECONDS + 1));
    assert_eq!(leaf.public_key(), key(1).public_key());
    assert_eq!(leaf.subject_key_id(), Some(key_id(&key(1)).as_slice()));
    assert_eq!(leaf.authority_key_id(), Some(key_id(&key(2)).as_slice()));
    assert_eq!(check_end_entity(&leaf, Use::License), Ok(()));
    assert_eq!(check_admitted(&leaf), Ok(()));
    assert_eq!(leaf.verify_signed_by(key(2).public_key()), Ok(()));
    assert!(leaf.verify_signed_by(key(3).public_key()).is_err());
    let issuer = Certificate::parse(&chain.issuer).unwrap();
    assert_eq!(check_issuer(&issuer), Ok(()));
    assert_eq!(issuer.claimed_mandate().unwrap().regions().collect::<Vec<_>>(), ["99"]);
    assert!(Certificate::parse(&chain.anchor).unwrap().is_self_issued());
}

/// Each line breaks the shape or the encoding of one field.
#[test]
fn fields_out_of_shape_are_refused() {
    type Change = fn(&mut Make);
    let cases: &[(&str, Change, DerRule)] = &[
        ("version v1 written out", |m| m.version = vec![0xa0, 3, 2, 1, 0], DerRule::DefaultWritten),
        ("serial padded", |m| m.serial = element(INTEGER, &[0, 1]), DerRule::Integer),
        ("serial empty", |m| m.serial = element(INTEGER, &[]), DerRule::Integer),
        ("issuer without a name", |m| m.issuer = seq(&[]), DerRule::Shape),
        ("subject without a name", |m| m.subject = seq(&[]), DerRule::Shape),
        ("subject with an empty set", |m| m.subject = seq(&[&element(SET, &[])]), DerRule::Shape),
        (
            "attribute without a value",
            |m| {
                m.subject = seq(&[&element(SET, &seq(&[&element(OBJECT_IDENTIFIER, oid::COMMON_NAME)]))]);
            },
            DerRule::Shape,
        ),
        (
            "attributes of a set out of order",
            |m| {
                let [a, b] = ["b", "a"].map(|text| {
                    seq(&[&element(OBJECT_IDENTIFIER, oid::COMMON_NAME), &element(UTF8_STRING, text.as_bytes())])
                });
                m.subject = seq(&[&element(SET, &[a, b].concat())]);
            },
            DerRule::SetOrder,
        ),
        (
            "an attribute twice in a set",
            |m| {
                let one = seq(&[&element(OBJECT_IDENTIFIER, oid::COMMON_NAME), &element(UTF8_STRING, b"a")]);
                m.subject = seq(&[&element(SET, &[one.clone(), one].concat())]);
            },
            DerRule::SetOrder,
        ),
        (
            "name of bad UTF-8",
            |m| {
                let value = element(UTF8_STRING, &[0xff]);
                m.subject = seq(&[&element(SET, &seq(&[&element(OBJECT_IDENTIFIER, oid::COMMON_NAME), &value]))]);
            },
            DerRule::Text,
        ),
        ("time without seconds", |m| m.validity = validity(b"2001010000Z", UNTIL), DerRule::Time),
        ("time with an offset", |m| m.validity = validity(b"200101000000+0800", UNTIL), DerRule::Time),
        (
            "time with a fraction",
            |m| {
                let from = element(super::super::der::GENERALIZED_TIME, b"20200101000000.5Z");
                m.validity = seq(&[&from, &element(super::super::der::UTC_TIME, UNTIL)]);
            },
            DerRule::Time,
        ),
        (
            "three times",
            |m| {
                let time = element(super::super::der::UTC_TIME, FROM);
                m.validity = seq(&[&time, &time, &time]);
            },
            DerRule::Shape,
        ),
        ("one time", |m| m.validity = seq(&[&element(super::super::der::UTC_TIME, FROM)]), DerRule::Shape),
        ("something after the extensions", |m| m.after = element(INTEGER, &[1]), DerRule::Shape),
        ("something after the signature", |m| m.tail = element(INTEGER, &[1]), DerRule::Shape),
        ("cA TRUE as 01", |m| m.basic_constraints = constraints(&[1, 1, 1]), DerRule::Boolean),
        ("negative path length", |m| m.basic_constraints = constraints(&[1, 1, 0xff, 2, 1, 0xff]), DerRule::Integer),
        (
            "something after the path length",
            |m| {
                m.basic_constraints = constraints(&[1, 1, 0xff, 2, 1, 0, 5, 0]);
            },
            DerRule::Shape,
        ),
        (
            "something after an extension's value",
            |m| {
                m.more = seq(&[&element(OBJECT_IDENTIFIER, &[0x55, 0x1d, 9]), &element(OCTET_STRING, &[]), &[5, 0]]);
            },
            DerRule::Shape,
        ),
        ("key usage with a zero at the end", |m| m.key_usage = usage(&[6, 0x80]), DerRule::BitString),
        ("key usage with unused bits set", |m| m.key_usage = usage(&[7, 0xc0]), DerRule::BitString),
        (
            "bytes after the key usage",
            |m| {
                m.key_usage = extension(oid::KEY_USAGE, true, &[3, 2, 7, 0x80, 5, 0]);
            },
            DerRule::TrailingBytes,
        ),
        ("no purposes", |m| m.extended_key_usage = purposes(&[]), DerRule::Shape),
        ("a purpose cut short", |m| m.extended_key_usage = purposes(&[&[0x55, 0x9d]]), DerRule::ObjectIdentifier),
        (
            "a purpose with a padded arc",
            |m| {
                m.extended_key_usage = purposes(&[&[0x55, 0x80, 0x1d]]);
            },
            DerRule::ObjectIdentifier,
        ),
        (
            "empty subject key identifier",
            |m| {
                m.subject_key_id = extension(oid::SUBJECT_KEY_IDENTIFIER, false, &element(OCTET_STRING, &[]));
            },
            DerRule::Shape,
        ),
        (
            "subject key identifier of another type",
            |m| {
                m.subject_key_id = extension(oid::SUBJECT_KEY_IDENTIFIER, false, &element(BIT_STRING, &[0, 1]));
            },
            DerRule::Shape,
        ),
        (
            "empty authority key identifier",
            |m| {
                m.authority_key_id = extension(oid::AUTHORITY_KEY_IDENTIFIER, false, &seq(&[&[0x80, 0]]));
            },
            DerRule::Shape,
        ),
        (
            "unknown member of the authority key identifier",
            |m| {
                m.authority_key_id = extension(oid::AUTHORITY_KEY_IDENTIFIER, false, &seq(&[&[0x83, 1, 1]]));
            },
            DerRule::Shape,
        ),
        (
            "inner algorithm with bytes after NULL",
            |m| m.inner = seq(&[&[6, 3, 0x2b, 0x65, 0x70, 5, 1, 0]]),
            DerRule::Null,
        ),
    ];
    for (name, change, rule) in cases {
        assert_eq!(der(refused(&leaf().with(change))), *rule, "{name}");
    }
}

#[test]
fn what_no_role_admits_is_refused() {
    use CertificateError as E;
    type Change = fn(&mut Make);
    const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    let cases: &[(&str, Change, CertificateError, Reason)] = &[
        ("no version", |m| m.version = vec![], E::Version, Reason::CertificateMalformed),
        ("version 2", |m| m.version = vec![0xa0, 3, 2, 1, 1], E::Version, Reason::CertificateMalformed),
        ("serial 0", |m| m.serial = element(INTEGER, &[0]), E::Serial, Reason::CertificateMalformed),
        ("negative serial", |m| m.serial = element(INTEGER, &[0x80]), E::Serial, Reason::CertificateMalformed),
        ("serial of 21 bytes", |m| m.serial = element(INTEGER, &[1; 21]), E::Serial, Reason::CertificateMalformed),
        (
            "inner algorithm differs",
            |m| m.inner = seq(&[&element(OBJECT_IDENTIFIER, P384)]),
            E::AlgorithmsDiffer,
            Reason::CertificateAlgorithm,
        ),
        (
            "outer algorithm with NULL",
            |m| m.outer = seq(&[&[6, 3, 0x2b, 0x65, 0x70, 5, 0]]),
            E::AlgorithmsDiffer,
            Reason::CertificateAlgorithm,
        ),
        (
            "both algorithms unknown",
            |m| {
                m.inner = seq(&[&element(OBJECT_IDENTIFIER, P384)]);
                m.outer = m.inner.clone();
            },
            E::Algorithm(crate::suite::UnknownAlgorithm),
            Reason::EncodingAlgorithmUnknown,
        ),
        (
            "key of an unknown kind",
            |m| {
                m.spki = seq(&[&seq(&[&element(OBJECT_IDENTIFIER, P384)]), &element(BIT_STRING, &[0; 33])]);
            },
            E::Key(crate::suite::KeyError::UnknownAlgorithm),
            Reason::EncodingAlgorithmUnknown,
        ),
        (
            "key of small order",
            |m| {
                let mut point = [0; 33];
                point[1] = 1;
                m.spki = seq(&[&seq(&[&[6, 3, 0x2b, 0x65, 0x70]]), &element(BIT_STRING, &point)]);
            },
            E::Key(crate::suite::KeyError::SmallOrder),
            Reason::CertificateKey,
        ),
        ("a month 13", |m| m.validity = validity(b"201301000000Z", UNTIL), E::Validity, Reason::CertificateValidity),
        (
            "a 30th of February",
            |m| m.validity = validity(FROM, b"290230000000Z"),
            E::Validity,
            Reason::CertificateValidity,
        ),
        ("a second 60", |m| m.validity = validity(FROM, b"281231235960Z"), E::Validity, Reason::CertificateValidity),
        ("ends before it begins", |m| m.validity = validity(UNTIL, FROM), E::Validity, Reason::CertificateValidity),
        (
            "ends one second before it begins",
            |m| m.validity = validity(b"200101000001Z", FROM),
            E::Validity,
            Reason::CertificateValidity,
        ),
        (
            "an extension twice",
            |m| m.more = m.key_usage.clone(),
            E::Extension(ExtensionError::Duplicate),
            Reason::CertificateExtension,
        ),
        (
            "an unknown extension twice",
            |m| m.more = extension(P384, false, &[]).repeat(2),
            E::Extension(ExtensionError::Duplicate),
            Reason::CertificateExtension,
        ),
        (
            "unknown critical",
            |m| m.more = extension(P384, true, &[]),
            E::Extension(ExtensionError::UnknownCritical),
            Reason::CertificateExtension,
        ),
        (
            "critical alternative name",
            |m| {
                m.more = extension(&[0x55, 0x1d, 17], true, &seq(&[&element(0x82, b"example.org")]));
            },
            E::Extension(ExtensionError::UnknownCritical),
            Reason::CertificateExtension,
        ),
        (
            "critical policies",
            |m| {
                m.more = extension(&[0x55, 0x1d, 32], true, &seq(&[&seq(&[&element(OBJECT_IDENTIFIER, P384)])]));
            },
            E::Extension(ExtensionError::PolicyCritical),
            Reason::CertificateExtension,
        ),
        (
            "critical policy constraints",
            |m| m.more = extension(&[0x55, 0x1d, 36], true, &seq(&[&[0x80, 1, 0]])),
            E::Extension(ExtensionError::PolicyCritical),
            Reason::CertificateExtension,
        ),
        (
            "name constraints",
            |m| m.more = extension(oid::NAME_CONSTRAINTS, false, &seq(&[])),
            E::Extension(ExtensionError::NameConstraints),
            Reason::CertificateExtension,
        ),
        (
            "key usage without a bit",
            |m| m.key_usage = usage(&[0]),
            E::Extension(ExtensionError::KeyUsageBits),
            Reason::CertificateConstraint,
        ),
        (
            "key usage with a tenth bit",
            |m| m.key_usage = usage(&[6, 0x80, 0x40]),
            E::Extension(ExtensionError::KeyUsageBits),
            Reason::CertificateConstraint,
        ),
        (
            "path length without cA",
            |m| m.basic_constraints = constraints(&[2, 1, 0]),
            E::Extension(ExtensionError::PathLength),
            Reason::CertificateConstraint,
        ),
        (
            "path length 256",
            |m| m.basic_constraints = constraints(&[1, 1, 0xff, 2, 2, 1, 0]),
            E::Extension(ExtensionError::PathLength),
            Reason::CertificateConstraint,
        ),
        (
            "a purpose twice",
            |m| m.extended_key_usage = purposes(&[Use::License.oid().as_slice(); 2]),
            E::Extension(ExtensionError::PurposeTwice),
            Reason::CertificateUse,
        ),
        (
            "Mandate not critical",
            |m| {
                m.mandate = extension(oid::MANDATE, false, &encode_mandate(&["99"], None, None).unwrap());
            },
            E::Extension(ExtensionError::MandateNotCritical),
            Reason::CertificateExtension,
        ),
        (
            "Mandate for a region of 3 digits",
            |m| {
                let value = seq(&[&seq(&[&element(super::super::der::PRINTABLE_STRING, b"999")])]);
                m.mandate = extension(oid::MANDATE, true, &value);
            },
            E::Extension(ExtensionError::Mandate(MandateError::Region)),
            Reason::CertificateExtension,
        ),
    ];
    for (name, change, error, reason) in cases {
        let refused = refused(&leaf().with(change));
        assert_eq!(refused, *error, "{name}");
        assert_eq!(refused.reason(), *reason, "{name}");
        assert!(!refused.to_string().is_empty());
    }
}

#[test]
fn certificates_without_extensions_are_refused() {
    let make = leaf();
    for extensions in [vec![], element(0xa3, &[]), element(0xa3, &seq(&[])), element(0xa3, &make.extensions())] {
        let bytes = make.sign_tbs(&make.tbs_with(&extensions), &key(2));
        assert_eq!(der(Certificate::parse(&bytes).unwrap_err()), DerRule::Shape);
    }
}

#[test]
fn a_signature_is_a_whole_number_of_bytes() {
    let make = leaf();
    let bytes = seq(&[&make.tbs(), &make.outer, &element(BIT_STRING, &[1, 0xfe])]);
    assert_eq!(Certificate::parse(&bytes).unwrap_err(), CertificateError::SignatureBits);
}

fn profile(change: impl FnOnce(&mut Make)) -> Result<(), ProfileError> {
    check_end_entity(&Certificate::parse(&leaf().with(change).sign(&key(2))).unwrap(), Use::License)
}

#[test]
fn end_entities_are_held_to_our_profile() {
    use ProfileError as E;
    assert_eq!(profile(|_| ()), Ok(()));
    assert_eq!(profile(|m| m.key_usage = usage(&[6, 0xc0])), Ok(()));
    type Change = fn(&mut Make);
    let cases: &[(Change, ProfileError)] = &[
        (|m| m.unique_ids = vec![0x81, 2, 0, 1], E::UniqueIds),
        (|m| m.unique_ids = vec![0x82, 2, 0, 1], E::UniqueIds),
        (|m| m.basic_constraints = vec![], E::BasicConstraintsMissing),
        (|m| m.basic_constraints = extension(oid::BASIC_CONSTRAINTS, false, &seq(&[])), E::BasicConstraintsNotCritical),
        (|m| m.basic_constraints = constraints(AUTHORITY), E::Authority),
        (|m| m.key_usage = vec![], E::KeyUsageMissing),
        (
            |m| m.key_usage = extension(oid::KEY_USAGE, false, &element(BIT_STRING, DIGITAL_SIGNATURE)),
            E::KeyUsageNotCritical,
        ),
        (|m| m.key_usage = usage(KEY_CERT_SIGN), E::KeyUsageTooWide),
        (|m| m.key_usage = usage(&[2, 0x84]), E::KeyUsageTooWide),
        (|m| m.key_usage = usage(&[1, 0x82]), E::KeyUsageTooWide),
        (|m| m.key_usage = usage(&[5, 0x20]), E::KeyUsageSignsNothing),
        (|m| m.key_usage = usage(&[5, 0xa0]), E::KeyUsageEnciphers),
        (|m| m.key_usage = usage(&[7, 0x80, 0x80]), E::KeyUsageEnciphers),
        (|m| m.extended_key_usage = vec![], E::PurposeMissing),
        (|m| m.extended_key_usage = purposes(&[&Use::License.oid(), &Use::Status.oid()]), E::PurposeSeveral),
        (|m| m.extended_key_usage = purposes(&[&[0x55, 0x1d, 0x25, 0]]), E::PurposeForeign),
        (|m| m.extended_key_usage = purposes(&[&Use::License.oid(), &[0x55, 0x1d, 0x25, 0]]), E::PurposeForeign),
        (|m| m.subject_key_id = vec![], E::SubjectKeyIdMissing),
        (|m| m.authority_key_id = vec![], E::AuthorityKeyIdMissing),
        (|m| m.subject = seq(&[&attribute(oid::COMMON_NAME, "leaf")]), E::CreditCodeMissing),
        (
            |m| m.subject = seq(&[&attribute(oid::ORGANIZATION_IDENTIFIER, "VATCN-11990000MB0000000J")]),
            E::CreditCodeMissing,
        ),
        (
            |m| m.subject = seq(&[&attribute(oid::ORGANIZATION_IDENTIFIER, "GOVCN-11990000MB0000000")]),
            E::CreditCodeMissing,
        ),
        (
            |m| {
                m.subject = seq(&[
                    &attribute(oid::ORGANIZATION_IDENTIFIER, "GOVCN-11990000MB0000000J"),
                    &attribute(oid::ORGANIZATION_IDENTIFIER, "GOVCN-11980000MB0000000E"),
                ]);
            },
            E::CreditCodeMissing,
        ),
    ];
    for (change, error) in cases {
        assert_eq!(profile(change), Err(*error));
    }
}

/// Every use against every purpose: only the diagonal passes.
#[test]
fn a_certificate_is_for_one_use() {
    for purpose in Use::ALL {
        let bytes = leaf().with(|m| m.extended_key_usage = purposes(&[&purpose.oid()])).sign(&key(2));
        let certificate = Certificate::parse(&bytes).unwrap();
        for asked in Use::ALL {
            let expected = if asked == purpose { Ok(()) } else { Err(ProfileError::PurposeOther) };
            assert_eq!(check_end_entity(&certificate, asked), expected);
        }
    }
}

#[test]
fn issuers_are_held_to_our_profile() {
    use ProfileError as E;
    type Change = fn(&mut Make);
    let cases: &[(Change, ProfileError)] = &[
        (|m| m.unique_ids = vec![0x81, 2, 0, 1], E::UniqueIds),
        (|m| m.basic_constraints = vec![], E::BasicConstraintsMissing),
        (
            |m| m.basic_constraints = extension(oid::BASIC_CONSTRAINTS, false, &seq(&[AUTHORITY])),
            E::BasicConstraintsNotCritical,
        ),
        (|m| m.basic_constraints = constraints(&[]), E::NotAuthority),
        (|m| m.key_usage = vec![], E::KeyUsageMissing),
        (|m| m.key_usage = usage(DIGITAL_SIGNATURE), E::KeyUsageSignsNoCertificates),
        (|m| m.key_usage = usage(&[1, 0x02]), E::KeyUsageSignsNoCertificates),
        (|m| m.key_usage = usage(&[2, 0x24]), E::KeyUsageEnciphers),
        (|m| m.extended_key_usage = purposes(&[&Use::License.oid()]), E::PurposeOnIssuer),
        (|m| m.subject_key_id = vec![], E::SubjectKeyIdMissing),
        (|m| m.authority_key_id = vec![], E::AuthorityKeyIdMissing),
        (|m| m.mandate = vec![], E::MandateMissing),
    ];
    for (change, error) in cases {
        let bytes = Make::issuer("issuer", &key(2), "anchor", &key(3)).with(change).sign(&key(3));
        assert_eq!(check_issuer(&Certificate::parse(&bytes).unwrap()), Err(*error));
    }
    let wider = Make::issuer("issuer", &key(2), "anchor", &key(3)).with(|m| m.key_usage = usage(&[1, 0x86]));
    assert_eq!(check_issuer(&Certificate::parse(&wider.sign(&key(3))).unwrap()), Ok(()));
}
