//! Files of others by the passphrase `x`, and what may be wrong with one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use alloc::string::String;
use alloc::vec::Vec;

use super::super::{KeyFileError, from_pem};
use pkcs8::LineEnding;
use pkcs8::der::SecretDocument;

/// A key of Ed25519, by OpenSSL 3.0: `openssl pkcs8 -topk8 -v2 sm4-cbc`
const OPENSSL: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGaMFYGCSqGSIb3DQEFDTBJMCkGCSqGSIb3DQEFDDAcBAg8ONd+NFvZqAICCAAw
DAYIKoZIhvcNAgkFADAcBggqgRzPVQFoAgQQogWD5fxEBnVx61/VlEJ80gRAEbVT
sS7eT3MQs9S6Zk1QQfHVaKwY4te7oJh6P0B9S5ehuukn0FO6QxoTMIThROkHAwkK
cjfpy6W6YIsxm5jGnw==
-----END ENCRYPTED PRIVATE KEY-----
";
/// The same with `-v2prf hmacWithSHA512`.
const SHA512: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGaMFYGCSqGSIb3DQEFDTBJMCkGCSqGSIb3DQEFDDAcBAgogolMN4o7mQICCAAw
DAYIKoZIhvcNAgsFADAcBggqgRzPVQFoAgQQt4FLvEuw4ACS3zinDcIAbQRAzbn6
n6Xf9JDWY6wQTZppAcJqHvW5nzTAcWwCvZvJ++LpNKG1F1ILiZz4vLk8VsGcWSGx
VPnBdzpwldOc+oxmSw==
-----END ENCRYPTED PRIVATE KEY-----
";
const SEED: [u8; 4] = [0xc7, 0xbd, 0x54, 0x66];

fn read(text: &str, passphrase: Option<&[u8]>) -> Result<[u8; 4], KeyFileError> {
    from_pem(text, passphrase).map(|key| key.expose_secret()[..4].try_into().unwrap())
}

fn document(text: &str) -> Vec<u8> {
    SecretDocument::from_pem(text).unwrap().1.as_bytes().to_vec()
}

fn pem(document: &[u8]) -> String {
    let pem = pkcs8::der::pem::encode_string("ENCRYPTED PRIVATE KEY", LineEnding::LF, document);
    String::from(pem.unwrap().as_str())
}

/// A file with other bytes in the place of those.
fn changed(text: &str, from: &[u8], to: &[u8]) -> Result<[u8; 4], KeyFileError> {
    assert_eq!(from.len(), to.len());
    let mut bytes = document(text);
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..][..to.len()].copy_from_slice(to);
    read(&pem(&bytes), Some(b"x"))
}

#[test]
fn what_openssl_writes_by_sm4_is_read() {
    assert_eq!(read(OPENSSL, Some(b"x")), Ok(SEED));
    assert_eq!(read(OPENSSL, None), Err(KeyFileError::PassphraseMissing));
    assert_eq!(read(SHA512, Some(b"x")), Err(KeyFileError::Unsupported), "no tool of the country derives so");
}

/// Whatever padding it leaves by chance.
#[test]
fn a_wrong_passphrase_is_told_as_one() {
    for passphrase in (0..=255_u8).filter(|passphrase| *passphrase != b'x') {
        assert_eq!(read(OPENSSL, Some(&[passphrase])), Err(KeyFileError::PassphraseWrong), "{passphrase}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    // 2,048 rounds; the most that is afforded are ten million.
    let rounds = |rounds: [u8; 2]| changed(OPENSSL, &[2, 2, 8, 0], &[2, 2, rounds[0], rounds[1]]);
    assert_eq!(rounds([8, 0]), Ok(SEED));
    assert_eq!(rounds([8, 1]), Err(KeyFileError::PassphraseWrong));
    assert_eq!(rounds([0x80, 0]), Err(KeyFileError::TooCostly), "a negative number");
    assert_eq!(rounds([0, 0x7f]), Err(KeyFileError::Malformed), "a number that begins with nothing");
    // Another cipher, which the other reader refuses by its name.
    assert_eq!(changed(OPENSSL, &[0x55, 1, 0x68, 2], &[0x55, 1, 0x68, 1]), Err(KeyFileError::Unsupported));
    assert_eq!(changed(OPENSSL, &[0x0d, 1, 5, 0x0d], &[0x0d, 1, 5, 0x0e]), Err(KeyFileError::Unsupported));
    assert_eq!(changed(OPENSSL, &[0x0d, 1, 5, 0x0c], &[0x0d, 1, 5, 0x0b]), Err(KeyFileError::Unsupported));
    // What is encrypted is a block shorter than it says.
    let mut cut = document(OPENSSL);
    cut.truncate(cut.len().checked_sub(1).unwrap());
    assert_eq!(super::Encrypted::parse(&cut).err(), Some(KeyFileError::Malformed));
}

/// Each byte turned: no panic, and no key, until the cipher hides it: what is encrypted has nothing that proves it (RFC 8018 §6.2).
#[test]
fn no_byte_of_it_can_be_another() {
    let bytes = document(OPENSSL);
    // Of 64 bytes that are encrypted, those after the first block.
    let hidden = bytes.len().checked_sub(48).unwrap();
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 0x04;
        if matches!(super::Encrypted::parse(&other), Ok(Some(costly)) if costly.scheme.iterations > 100_000) {
            continue;
        }
        let told = read(&pem(&other), Some(b"x"));
        assert!(told.is_err() || at >= hidden, "{at}");
    }
}

#[cfg(feature = "sm")]
mod by_sm3 {
    use super::*;
    use crate::x509::der::element;

    /// `gmssl sm2keygen` of GmSSL 3.1.1: PBKDF2 with HMAC of SM3, 65,536 rounds.
    const GMSSL: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIBBjBhBgkqhkiG9w0BBQ0wVDA0BgkqhkiG9w0BBQwwJwQQ6ub4aVIEVvr2gd8E
P5a7rgIDAQAAAgEQMAsGCSqBHM9VAYMRAjAcBggqgRzPVQFoAgQQp65cKpX8MjtD
PPhZmCje6QSBoBsBiqofHboNgELyUA2ALimGQ12AP+lZoC50t9wHPde0H7PR9UmL
LZOgYVIozDcdNXmaKTMtboy9YVCO7wnvgb9zpW4MV8aYsNPMhbBBzcgZTAKhnFz8
7T+E2MlkUdpmJ91nEuZqKYFSb84KQaNU7dzKY3Liw2CRq4SHMA6GYbwQ255BWc5n
Y/xtzAjnq54YZZ7gAZClMg3BpcV90CaZKDs=
-----END ENCRYPTED PRIVATE KEY-----
";
    /// What `gmssl` and `openssl pkey -pubin` tell of its public key: the start of x.
    const X: [u8; 8] = [0x95, 0xf2, 0xc6, 0xcb, 0xb0, 0xd0, 0x73, 0x85];

    fn x_of(text: &str, passphrase: &[u8]) -> Result<[u8; 8], KeyFileError> {
        from_pem(text, Some(passphrase)).map(|key| key.public_key().coordinates()[..8].try_into().unwrap())
    }

    #[test]
    fn what_gmssl_writes_is_read() {
        assert_eq!(x_of(GMSSL, b"x"), Ok(X));
        assert_eq!(x_of(GMSSL, b"y"), Err(KeyFileError::PassphraseWrong));
    }

    /// OpenSSL has another number for the same HMAC.
    #[test]
    fn both_names_of_the_hmac_are_known() {
        let bytes = document(GMSSL);
        let (params, data) = (&bytes[4..103], &bytes[103..]);
        let with = |prf: &[u8]| {
            let kdf = [&params[30..53], &[], element(0x30, &element(6, prf)).as_slice()].concat();
            let kdf = [element(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12]), element(0x30, &kdf)].concat();
            let scheme = element(0x30, &[element(0x30, &kdf), params[69..].to_vec()].concat());
            let scheme = [element(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13]), scheme].concat();
            let file = element(0x30, &[element(0x30, &scheme), data.to_vec()].concat());
            super::super::Encrypted::parse(&file).map(|parsed| parsed.unwrap().decrypt(b"x").is_ok())
        };
        let own = [0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x11];
        assert_eq!(with(&[own.as_slice(), &[2]].concat()), Ok(true));
        assert_eq!(with(&[own.as_slice(), &[3, 1]].concat()), Ok(true));
        assert_eq!(with(&[own.as_slice(), &[3]].concat()), Err(KeyFileError::Unsupported));
    }
}
