//! Who signs with what in the demonstration. In a mixed federation two provinces sign with SM2 and SM3, two with Ed25519 and SHA-256, and a
//! rule of the trust list lets their licenses count in all four: what one signs is verified where the other signs.

use crate::args::Suites;
use crate::clock::day_text;
use serde_json::{Value, json};
use zhengyin::claims::id::CreditCode;
use zhengyin::suite::Algorithm;
use zhengyin::time::Day;

/// The provinces of a mixed federation that sign with SM2.
const NATIONAL: [&str; 2] = ["98", "96"];
/// A counter in one of them.
pub(super) const NATIONAL_COUNTER: &str = "980102";
/// The province that gives a license to the holder of a key.
const OF_HOLDER: &str = "99";

/// One who signs the trust list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) algorithm: Algorithm,
}

/// What a province signs with.
pub(super) fn of(suites: Suites, province: &str) -> Algorithm {
    match suites {
        Suites::One(algorithm) => algorithm,
        Suites::Mixed if NATIONAL.contains(&province) => Algorithm::Sm2,
        Suites::Mixed => Algorithm::Ed25519,
    }
}

/// What an authority signs with: its credit code says its province (GB 32100-2015, characters 3 and 4).
pub(super) fn of_authority(suites: Suites, authority: CreditCode) -> Algorithm {
    of(suites, authority.as_str().get(2..4).unwrap_or_default())
}

/// What the holder signs with; in a mixed federation not what the authority does that gave the license.
pub(super) fn of_holder(suites: Suites) -> Algorithm {
    match (suites, of(suites, OF_HOLDER)) {
        (Suites::One(algorithm), _) => algorithm,
        (Suites::Mixed, Algorithm::Sm2) => Algorithm::Ed25519,
        (Suites::Mixed, _) => Algorithm::Sm2,
    }
}

/// Who signs the trust list.
pub(super) fn operators(suites: Suites) -> Vec<Operator> {
    let council = |algorithm| Operator { name: "示例联邦理事会（演示）", file: "signer.pem", algorithm };
    match suites {
        Suites::One(algorithm) => vec![council(algorithm)],
        Suites::Mixed => vec![
            council(Algorithm::Ed25519),
            Operator { name: "示例密码管理局（演示）", file: "signer-sm2.pem", algorithm: Algorithm::Sm2 },
        ],
    }
}

/// What a mixed federation says in its trust list beside who is in it, as `trust build --changes` reads it. Teachers' certificates have no rule, as in
/// the other demonstrations.
pub(super) fn changes(suites: Suites, founded: Day) -> Option<Value> {
    let types = [
        "11950000MB0000019Y",
        "11950000MB0000027R",
        "11950000MB0000035L",
        "11950000MB0000043F",
        "11950000MB0000051A",
        "11950000MB00000782",
        "11950000MB0000094P",
    ];
    (suites == Suites::Mixed).then(|| {
        json!({"rules": [{
            "id": "示例-四省互认", "rev": 1, "in": ["96", "97", "98", "99"], "from": ["96", "97", "98", "99"], "types": types,
            "effect": "recognise", "valid_from": day_text(founded),
            "legal_basis": {
                "document": "示例发〔示例〕4 号", "zh": "示例四省电子证照互认协议",
                "en": "Example agreement of four provinces on mutual recognition",
            },
        }]})
    })
}
