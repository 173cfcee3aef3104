//! Keys that everybody has: printed in a standard, or made from a name that is public.

use crate::suite::PublicKey;
use crate::trust::Anchor;
use crate::x509::Certificate;

/// Public keys of RFC 8032 §7.1: TEST 1, 2, 3, 1024 and SHA(abc).
const STANDARD: [&str; 5] = [
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
];

/// Names of keys of the test vectors: each is made from its name, `test-vectors/README.md`.
const NAMED: [&str; 7] = ["operator 1", "operator 2", "operator 3", "anchor 96", "anchor 97", "anchor 98", "anchor 99"];

/// Is it a key with which anyone can sign?
pub(super) fn key(key: &PublicKey) -> bool {
    let hexadecimal = alloc::format!("{}", Hex(key.coordinates()));
    STANDARD.contains(&hexadecimal.as_str()) || NAMED.iter().any(|name| demonstration(name).as_ref() == Some(key))
}

pub(super) fn anchor(anchor: &Anchor) -> bool {
    Certificate::parse(&anchor.certificate).is_ok_and(|certificate| key(certificate.public_key()))
}

fn demonstration(name: &str) -> Option<PublicKey> {
    let seed = crate::suite::sha256(alloc::format!("zhengyin demonstration key: {name}").as_bytes());
    crate::suite::SecretKey::from_seed(seed.as_bytes()).ok().map(|key| key.public_key().clone())
}

struct Hex<'a>(&'a [u8]);

impl core::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
