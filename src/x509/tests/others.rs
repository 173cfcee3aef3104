//! Certificates as other authorities and their software write them: what the admitted profile takes, and what it does not.

use super::refusals::{der, leaf, refused};
use super::*;
use crate::reason::Reason;

/// GmSSL 3 writes both: `critical` and `cA` that are FALSE.
#[test]
fn a_default_that_is_written_out_is_for_the_admitted_profile_alone() {
    let not_critical =
        [element(OBJECT_IDENTIFIER, &[0x55, 0x1d, 9]), element(BOOLEAN, &[0]), element(OCTET_STRING, &[])];
    let not_critical = element(SEQUENCE, &not_critical.concat());
    let changes: [&dyn Fn(&mut Make); 2] =
        [&|m| m.basic_constraints = constraints(&[1, 1, 0]), &|m| m.more.clone_from(&not_critical)];
    for change in changes {
        let bytes = leaf().with(change).sign(&key(2));
        let read = Certificate::parse(&bytes).unwrap();
        assert_eq!(check_admitted(&read), Ok(()));
        let refused = check_end_entity(&read, Use::License).unwrap_err();
        assert_eq!((refused, refused.reason()), (ProfileError::DefaultWritten, Reason::CertificateNotCanonical));
        let issuer = Make::issuer("issuer", &key(2), "anchor", &key(3));
        let issuer = issuer.with(|m| m.more.clone_from(&not_critical)).sign(&key(3));
        assert_eq!(check_issuer(&Certificate::parse(&issuer).unwrap()), Err(ProfileError::DefaultWritten));
    }
    // It is no way to write an authority without saying so.
    let both = leaf().with(|m| m.basic_constraints = constraints(&[1, 1, 0, 2, 1, 0])).sign(&key(2));
    assert_eq!(Certificate::parse(&both).unwrap_err(), CertificateError::Extension(ExtensionError::PathLength));
}

/// Of names nothing is read but what its reader checks, so they may hold what X.680 §41 does not allow them.
#[test]
fn names_hold_what_real_ones_hold() {
    for (tag, text) in [
        (super::super::der::PRINTABLE_STRING, &b"051@office_1 & *"[..]),
        (super::super::der::PRINTABLE_STRING, "示例".as_bytes()),
        // The same in GB 18030.
        (super::super::der::PRINTABLE_STRING, b"\xca\xbe\xc0\xfd"),
        (0x14, b"\xca\xbe\xc0\xfd"),
        (0x1e, b"\x79\x3a\x4f\x8b"),
    ] {
        let one = |kind: &[u8]| element(SET, &seq(&[&element(OBJECT_IDENTIFIER, kind), &element(tag, text)]));
        let bytes = leaf().with(|m| m.subject = seq(&[&one(oid::COMMON_NAME), &one(oid::ORGANIZATION_IDENTIFIER)]));
        let bytes = bytes.sign(&key(2));
        let read = Certificate::parse(&bytes).unwrap();
        assert_eq!(check_admitted(&read), Ok(()));
        assert_eq!(read.subject().credit_code(), None);
    }
    // In a Mandate it is refused.
    let value = seq(&[&seq(&[&element(super::super::der::PRINTABLE_STRING, b"99\xff")])]);
    let refused = refused(&leaf().with(|m| m.mandate = extension(oid::MANDATE, true, &value)));
    assert_eq!(refused.reason(), Reason::CertificateExtension);
}

/// Its text was that of a length in bytes.
#[test]
fn too_many_extensions_are_called_so() {
    let more: Vec<u8> = (0..65_u8).flat_map(|number| extension(&[0x2a, 3, number], false, &[])).collect();
    assert_eq!(der(refused(&leaf().with(|m| m.more.clone_from(&more)))), DerRule::TooMany);
}

#[test]
fn the_admitted_profile_is_lenient_where_real_certificates_are() {
    let check =
        |change: fn(&mut Make)| check_admitted(&Certificate::parse(&leaf().with(change).sign(&key(2))).unwrap());
    assert_eq!(check(|m| m.basic_constraints = vec![]), Ok(()));
    assert_eq!(check(|m| m.key_usage = extension(oid::KEY_USAGE, false, &element(BIT_STRING, &[6, 0xc0]))), Ok(()));
    assert_eq!(check(|m| m.key_usage = usage(&[4, 0xf0])), Ok(()));
    assert_eq!(check(|m| m.extended_key_usage = purposes(&[&[0x2b, 6, 1, 5, 5, 7, 3, 1]])), Ok(()));
    assert_eq!(check(|m| m.subject = seq(&[&attribute(oid::COMMON_NAME, "11990000000001")])), Ok(()));
    assert_eq!(check(|m| (m.subject_key_id, m.authority_key_id) = (vec![], vec![])), Ok(()));
    assert_eq!(check(|m| m.basic_constraints = constraints(AUTHORITY)), Err(ProfileError::Authority));
    assert_eq!(check(|m| m.key_usage = vec![]), Err(ProfileError::KeyUsageMissing));
    assert_eq!(check(|m| m.key_usage = usage(&[2, 0xc4])), Err(ProfileError::KeyUsageTooWide));
    assert_eq!(check(|m| m.key_usage = usage(&[1, 0xc2])), Err(ProfileError::KeyUsageTooWide));
    assert_eq!(check(|m| m.key_usage = usage(&[4, 0x30])), Err(ProfileError::KeyUsageSignsNothing));
}
