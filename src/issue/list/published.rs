//! Keys that everybody has: printed in a standard, or made from a name that is public.

use crate::suite::{Algorithm, PublicKey, SecretKey};
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

/// x‖y of SM2: the key of the examples in GB/T 32918.5 A.2; that of the examples of gmssl, which many have copied; and the generator, whose
/// secret is 1.
const STANDARD_SM2: [&str; 3] = [
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
    "b9c9a6e04e9c91f7ba880429273747d7ef5ddeb0bb2ff6317eb00bef331a83081a6994b8993f3f5d6eadddb81872266c87c018fb4162f5af347b483e24620207",
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
];

/// Names of keys of the test vectors, in either suite: each is made from its name, `test-vectors/README.md`.
const NAMED: [&str; 7] = ["operator 1", "operator 2", "operator 3", "anchor 96", "anchor 97", "anchor 98", "anchor 99"];

/// Is it a key with which anyone can sign?
pub(super) fn key(key: &PublicKey) -> bool {
    let hexadecimal = alloc::format!("{}", Hex(key.coordinates()));
    let is_standard = STANDARD.iter().chain(&STANDARD_SM2).any(|known| *known == hexadecimal);
    is_standard || NAMED.iter().any(|name| is_demonstration(name, key))
}

pub(super) fn anchor(anchor: &Anchor) -> bool {
    Certificate::parse(&anchor.certificate).is_ok_and(|certificate| key(certificate.public_key()))
}

/// Is it the key of this name, in its own suite? In a federation of both those of SM2 have a name of their own.
fn is_demonstration(name: &str, key: &PublicKey) -> bool {
    let made = |name: &str, algorithm: Algorithm| {
        let seed = crate::suite::sha256(alloc::format!("zhengyin demonstration key: {name}").as_bytes());
        SecretKey::of(algorithm, seed.as_bytes()).is_ok_and(|made| made.public_key() == key)
    };
    made(name, key.algorithm()) || made(&alloc::format!("SM2 {name}"), key.algorithm())
}

struct Hex<'a>(&'a [u8]);

impl core::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
