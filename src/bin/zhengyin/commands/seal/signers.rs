//! Keys that may stamp, as they are named on the command line: by an authority that is enrolled here, a certificate, a public key, or the
//! key itself.

use crate::args::Global;
use crate::files;
use crate::home::Home;
use crate::keys::{self, Place};
use crate::office::seat::Seat;
use crate::output::{Failure, Say, say};
use zhengyin::claims::id::CreditCode;
use zhengyin::suite::PublicKey;
use zhengyin::x509::{Certificate, Use};

/// A longer file is neither a certificate nor a key.
const MAX_FILE: usize = 64 << 10;

/// The key that a text names.
pub(super) fn read(text: &str, home: &Home, global: &Global) -> Result<PublicKey, Failure> {
    let unusable = |why: Say| {
        Failure::usage(say!("无法使用 --signer {text}", "--signer {text} cannot be used"))
            .because(why)
            .next("zhengyin seal make --help")
    };
    if let Ok(code) = CreditCode::parse(text) {
        return Seat::demand(home, code, Use::SealSigner)?.public_key();
    }
    if keys::is_hex_key(text) {
        return keys::hex_key(text).map_err(|error| unusable(say!("{error}", "{error}")));
    }
    let place = Place::from(text);
    let Place::File(path) = &place else { return public(&place, global) };
    let bytes = files::read(path, MAX_FILE)?;
    let written = match str::from_utf8(&bytes) {
        Ok(text) => block(text).ok_or_else(|| unusable(kinds()))?,
        Err(_) => Written::Certificate(bytes),
    };
    let wrong = |error: &dyn std::fmt::Display| unusable(say!("{error}", "{error}"));
    match written {
        Written::PrivateKey => public(&place, global),
        Written::PublicKey(der) => PublicKey::from_spki(&der).map_err(|error| wrong(&error)),
        Written::Certificate(der) => {
            let certificate = Certificate::parse(&der).map_err(|error| wrong(&error))?;
            check_use(&certificate).map_err(unusable)?;
            Ok(certificate.public_key().clone())
        }
    }
}

fn public(place: &Place, global: &Global) -> Result<PublicKey, Failure> {
    use zhengyin::issue::Signer as _;
    keys::open(place, global.passphrase(), global).map(|key| key.public_key().clone())
}

fn kinds() -> Say {
    say!(
        "应为已登记机构的代码、证书、公钥或密钥",
        "the code of an authority that is enrolled, a certificate, a public key or a key is expected"
    )
}

/// One of our certificates says what it is for; it is not put to another use.
fn check_use(certificate: &Certificate<'_>) -> Result<(), Say> {
    let other = Use::ALL.into_iter().find(|purpose| zhengyin::x509::check_end_entity(certificate, *purpose).is_ok());
    match other.filter(|purpose| *purpose != Use::SealSigner) {
        Some(purpose) => {
            let word = crate::office::use_word(purpose);
            Err(say!("证书的用途是 {word}，不是 seal-signer", "the certificate is for `{word}`, not for `seal-signer`"))
        }
        None => Ok(()),
    }
}

/// What stands in a file of text.
enum Written {
    Certificate(Vec<u8>),
    PublicKey(Vec<u8>),
    PrivateKey,
}

/// RFC 7468: the first block of a file.
fn block(text: &str) -> Option<Written> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    match label {
        "CERTIFICATE" => base64(body).map(Written::Certificate),
        "PUBLIC KEY" => base64(body).map(Written::PublicKey),
        label if label.ends_with("PRIVATE KEY") => Some(Written::PrivateKey),
        _ => None,
    }
}

/// RFC 4648 §4, with line ends between.
fn base64(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for character in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if character == b'=' {
            break;
        }
        let value = DIGITS.iter().position(|digit| *digit == character)?;
        bits = bits << 6 & 0xffff | u32::try_from(value).ok()?;
        held = held.saturating_add(6);
        if held >= 8 {
            held = held.saturating_sub(8);
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn blocks_are_read_as_openssl_writes_them() {
        let Some(Written::PublicKey(der)) = block(
            "Subject: x\n-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n",
        ) else {
            panic!()
        };
        // RFC 8032 §7.1, test 1.
        assert_eq!(der.get(12..15), Some(&[0xd7, 0x5a, 0x98][..]));
        assert_eq!(der.len(), 44);
        assert!(block("-----BEGIN CERTIFICATE-----\nAA").is_none());
        assert!(block("-----BEGIN X-----\nAA\n-----END X-----").is_none());
        assert!(matches!(
            block("-----BEGIN ENCRYPTED PRIVATE KEY-----\n-----END ENCRYPTED PRIVATE KEY-----"),
            Some(Written::PrivateKey)
        ));
        assert_eq!(base64("Zm9v\nYmE=").as_deref(), Some(&b"fooba"[..]));
        assert_eq!(base64("Zm9!"), None);
    }
}
