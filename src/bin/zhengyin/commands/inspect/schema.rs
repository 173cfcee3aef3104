//! What the keys of our objects are called (docs/format.md), for people who look into one. Nothing is decided by it.

use zhengyin::labels::{cose, cwt, typ};

/// Where in an object an item stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Unknown,
    Time,
    Day,
    Header,
    Algorithm,
    Signatures,
    Signature,
    Claims,
    Confirmation,
    Key,
    License,
    Holders,
    Holder,
    Days,
    Copy,
    Attachments,
    Attachment,
    Status,
    Trust,
    Provinces,
    Province,
    Anchors,
    Anchor,
    Mandate,
    Issuers,
    Entries,
    Entry,
    Operators,
    Operator,
    Sunsets,
    Sunset,
    KeyType,
    Curve,
}

/// The place of a payload, by its envelope's typ.
pub(super) fn payload(of: &str) -> Place {
    match of {
        typ::LICENSE | typ::SEAL | typ::PRESENTATION => Place::Claims,
        typ::STATUS => Place::Status,
        typ::TRUST => Place::Trust,
        typ::ISSUERS => Place::Issuers,
        _ => Place::Unknown,
    }
}

/// A key, its name, and where its value stands.
type Known = (i64, &'static str, Place);

/// The keys of each place.
const SCHEMA: &[(Place, &[Known])] = &[
    (
        Place::Header,
        &[
            (cose::ALG, "alg", Place::Algorithm),
            (cose::CRIT, "crit", Place::Unknown),
            (cose::KID, "kid", Place::Unknown),
            (cose::CWT_CLAIMS, "CWT claims", Place::Claims),
            (cose::TYP, "typ", Place::Unknown),
            (cose::X5CHAIN, "x5chain", Place::Unknown),
            (cose::PAYLOAD_HASH_ALG, "payload hash alg", Place::Algorithm),
            (cose::PREIMAGE_CONTENT_TYPE, "preimage content type", Place::Unknown),
            (cose::TIMESTAMP_TOKEN, "time-stamp token", Place::Unknown),
        ],
    ),
    (
        Place::Claims,
        &[
            (cwt::ISS, "iss", Place::Unknown),
            (cwt::AUD, "aud", Place::Unknown),
            (cwt::EXP, "exp", Place::Time),
            (cwt::NBF, "nbf", Place::Time),
            (cwt::IAT, "iat", Place::Time),
            (cwt::CTI, "cti", Place::Unknown),
            (cwt::CNF, "cnf", Place::Confirmation),
            (cwt::NONCE, "nonce", Place::Unknown),
            (cwt::LICENSE, "license", Place::License),
            (cwt::STATUS, "status list, index", Place::Unknown),
            (cwt::SEAL, "seal", Place::Unknown),
            (cwt::STAMP, "stamp", Place::Unknown),
            (cwt::PRESENTED, "presented license", Place::Unknown),
            (cwt::PURPOSE, "purpose", Place::Unknown),
        ],
    ),
    (Place::Confirmation, &[(cwt::CNF_COSE_KEY, "COSE_Key", Place::Key)]),
    (
        Place::Key,
        &[
            (cose::KEY_KTY, "kty", Place::KeyType),
            (cose::KEY_CRV, "crv", Place::Curve),
            (cose::KEY_X, "x", Place::Unknown),
            (cose::KEY_Y, "y", Place::Unknown),
        ],
    ),
    (
        Place::License,
        &[
            (1, "type 证照类型代码", Place::Unknown),
            (2, "name 证照名称", Place::Unknown),
            (3, "number 证照编号", Place::Unknown),
            (4, "holders 持证主体", Place::Holders),
            (5, "authority 颁发机构", Place::Unknown),
            (6, "region 区划", Place::Unknown),
            (7, "issued on 颁发日期", Place::Day),
            (8, "valid 有效期", Place::Days),
            (9, "fields 照面信息", Place::Unknown),
            (10, "serial, version 流水号、版本", Place::Unknown),
            (11, "attachments", Place::Attachments),
            (12, "copy 加注件", Place::Copy),
            (13, "replaces", Place::Unknown),
            (14, "bind", Place::Unknown),
        ],
    ),
    (Place::Holder, &[(1, "name", Place::Unknown), (2, "id type", Place::Unknown), (3, "id", Place::Unknown)]),
    (
        Place::Attachment,
        &[
            (1, "name", Place::Unknown),
            (2, "media type", Place::Unknown),
            (3, "digest", Place::Unknown),
            (4, "size", Place::Unknown),
        ],
    ),
    (
        Place::Copy,
        &[
            (1, "purpose", Place::Unknown),
            (2, "audience", Place::Unknown),
            (3, "expires", Place::Time),
            (4, "made by", Place::Unknown),
        ],
    ),
    (
        Place::Status,
        &[
            (1, "authority", Place::Unknown),
            (2, "list", Place::Unknown),
            (3, "seq", Place::Unknown),
            (4, "issued", Place::Time),
            (5, "next update", Place::Time),
            (6, "length", Place::Unknown),
            (7, "layers", Place::Unknown),
            (8, "root", Place::Unknown),
            (9, "previous root", Place::Unknown),
            (10, "epoch", Place::Unknown),
            (11, "details", Place::Unknown),
            (12, "log head", Place::Unknown),
        ],
    ),
    (
        Place::Trust,
        &[
            (1, "federation", Place::Unknown),
            (2, "seq", Place::Unknown),
            (3, "issued", Place::Time),
            (4, "next update", Place::Time),
            (5, "expires", Place::Time),
            (6, "signers of the next list", Place::Operators),
            (7, "threshold", Place::Unknown),
            (8, "provinces", Place::Provinces),
            (9, "recognition rules", Place::Unknown),
            (10, "grace by risk class", Place::Unknown),
            (11, "defects", Place::Unknown),
            (12, "crit", Place::Unknown),
            (13, "renamed regions", Place::Unknown),
            (14, "risk class by type", Place::Unknown),
            (15, "emergency", Place::Unknown),
            (16, "sunsets", Place::Sunsets),
        ],
    ),
    (Place::Operator, &[(1, "key", Place::Key), (2, "name", Place::Unknown)]),
    (
        Place::Sunset,
        &[(1, "algorithm", Place::Algorithm), (2, "signed until", Place::Time), (3, "relied until", Place::Time)],
    ),
    (
        Place::Province,
        &[
            (1, "names", Place::Unknown),
            (2, "anchors", Place::Anchors),
            (3, "history", Place::Unknown),
            (4, "contact", Place::Unknown),
            (5, "test", Place::Unknown),
            (6, "directory epoch, min seq", Place::Unknown),
        ],
    ),
    (
        Place::Anchor,
        &[
            (1, "certificate", Place::Unknown),
            (2, "from", Place::Time),
            (3, "until", Place::Time),
            (4, "uses", Place::Unknown),
            (5, "mandate", Place::Mandate),
            (6, "history", Place::Unknown),
        ],
    ),
    (
        Place::Mandate,
        &[(1, "regions", Place::Unknown), (2, "types", Place::Unknown), (3, "authorities", Place::Unknown)],
    ),
    (
        Place::Issuers,
        &[
            (1, "region", Place::Unknown),
            (2, "seq", Place::Unknown),
            (3, "issued", Place::Time),
            (4, "next update", Place::Time),
            (5, "expires", Place::Time),
            (6, "issuers", Place::Entries),
            (7, "complete", Place::Unknown),
            (8, "epoch", Place::Unknown),
            (9, "status lists", Place::Unknown),
        ],
    ),
    (
        Place::Entry,
        &[
            (1, "certificate", Place::Unknown),
            (2, "mandate", Place::Mandate),
            (3, "signs from", Place::Time),
            (4, "signs until", Place::Time),
            (5, "history", Place::Unknown),
            (6, "authority", Place::Unknown),
            (7, "uses", Place::Unknown),
            (8, "profile", Place::Unknown),
        ],
    ),
];

/// What a key in a place (or an index in an array) is called, and where its value stands.
pub(super) fn child(place: Place, key: i64) -> (Option<&'static str>, Place) {
    // Lists and maps by name: every element stands in the same place.
    let element = match place {
        Place::Holders => Some(Place::Holder),
        Place::Days => Some(Place::Day),
        Place::Attachments => Some(Place::Attachment),
        Place::Provinces => Some(Place::Province),
        Place::Anchors => Some(Place::Anchor),
        Place::Entries => Some(Place::Entry),
        Place::Operators => Some(Place::Operator),
        Place::Sunsets => Some(Place::Sunset),
        Place::Signatures => Some(Place::Signature),
        Place::Signature => Some(Place::Header),
        _ => None,
    };
    if let Some(inner) = element {
        return (None, inner);
    }
    SCHEMA
        .iter()
        .filter(|(found, _)| *found == place)
        .flat_map(|(_, keys)| *keys)
        .find(|(number, _, _)| *number == key)
        .map_or((None, Place::Unknown), |(_, name, inner)| (Some(*name), *inner))
}

/// What a number in a place is called.
pub(super) fn named(place: Place, value: i128) -> Option<&'static str> {
    match place {
        Place::KeyType => find(&KEY_TYPES, value),
        Place::Algorithm => find(&ALGORITHMS, value),
        Place::Curve => find(&CURVES, value),
        _ => None,
    }
}

fn find<N: Copy + Into<i128>>(names: &[(N, &'static str)], value: i128) -> Option<&'static str> {
    names.iter().find(|(number, _)| (*number).into() == value).map(|(_, name)| *name)
}

const ALGORITHMS: [(i64, &str); 5] = [
    (cose::ALG_ED25519, "Ed25519"),
    (cose::ALG_EDDSA, "EdDSA"),
    (cose::ALG_SM2_SM3, "SM2 with SM3"),
    (cose::HASH_SHA256, "SHA-256"),
    (cose::HASH_SM3, "SM3"),
];
const KEY_TYPES: [(u64, &str); 2] = [(cose::KTY_OKP, "OKP"), (cose::KTY_EC2, "EC2")];
const CURVES: [(i64, &str); 2] = [(cose::CRV_ED25519, "Ed25519"), (cose::CRV_SM2, "SM2")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_digests_of_both_suites_are_named() {
        for (place, number, name) in [
            (Place::Algorithm, -19, "Ed25519"),
            (Place::Algorithm, -70_010, "SM2 with SM3"),
            (Place::Algorithm, -16, "SHA-256"),
            (Place::Algorithm, -70_012, "SM3"),
            (Place::KeyType, 1, "OKP"),
            (Place::KeyType, 2, "EC2"),
            (Place::Curve, 6, "Ed25519"),
            (Place::Curve, -70_011, "SM2"),
        ] {
            assert_eq!(named(place, number), Some(name));
        }
        assert_eq!(named(Place::Time, 1), None);
        assert_eq!(child(Place::Key, -3), (Some("y"), Place::Unknown));
        assert_eq!(child(Place::Trust, 16).0, Some("sunsets"));
        assert_eq!(child(Place::Sunset, 1), (Some("algorithm"), Place::Algorithm));
    }
}
