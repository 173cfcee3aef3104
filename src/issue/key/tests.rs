//! Files of OpenSSL 3.0 (`-passout pass:x`), all of the same key, and what may be wrong with one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use alloc::string::String;
use alloc::vec::Vec;

use super::*;
use crate::x509::der::element;

/// `openssl genpkey -algorithm ed25519`
const PLAIN: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIMe9VGYAwCBAZHu6U6gfsiwZ06IX5H/LfzIJ7c9bC1Ha
-----END PRIVATE KEY-----
";
/// `openssl pkcs8 -topk8 -v2 aes-256-cbc`
const PBKDF2: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi/U89JWcMvmgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEELIPN4Vkuq48+C9+a5BetZYEQN5e
o+EiswnLA6gsHOIK3AtLxWfhBFO66BbecQg9KyrWJiveU25p4QpUNlsTFbsTtxpU
L4lXEqLnJemRdxCG13s=
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl pkcs8 -topk8 -scrypt`
const SCRYPT: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAgJr9JGt3TkMQICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBArDphmqbv8daBe1eNuBI2QBEBrbwr0m6QhT2yv
pXG2cOt6iTZt9BxOcsHp4eaZdRonTqxEgtMsdmyvWiSk5BOZOdDcxCtXnSX9JemC
/tCfJ1Lc
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512`
const SHA512_AES128: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgEU4tZTUzXTwICCAAw
DAYIKoZIhvcNAgsFADAdBglghkgBZQMEAQIEEI7GsE7rO02qctLt84txqacEQIp0
rnQmCz0UbINFR8hB76WKsBeloeOHQeeXsxOeLB5XyNgsZ9YXxFrLqykTLbOVu3sc
Zxh7ditxc52QAQuC0jA=
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl pkcs8 -topk8 -v2 des3`
const TRIPLE_DES: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGKME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAgBC+TjAfDOIQICCAAw
DAYIKoZIhvcNAgkFADAUBggqhkiG9w0DBwQIPwdhGCw+yGUEOND6afDssfwVQSvo
LZ4Eiq4Rwz3Vvt/JzWi6AG+NsdtnpYXhvQ8afN2rh6J3VQSsdQd+AXHqlObo
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA1`
const SHA1: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGNMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAi2PC/BdL5pzAICCAAw
HQYJYIZIAWUDBAEqBBBePTqfMPHwaqp5granR3jHBEBIB5IW1xKJwSLCpqdADT4O
Bd7UGOIn3iDDAIXBCRDgjho7x5BjT9+H9wL8ORnfIYpBWVBKBj49VxRKeWIVJfML
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES`
const PBES1: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MFgwHAYKKoZIhvcNAQwBAzAOBAjP0/y9CCQurAICCAAEOB818LreboYixYJQU9TG
mYQf35g3PCEKuArYt2N6BFn1ZwwjOc6gEaZKWwLK3ToanaYNE9CF8Jn6
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 10000001`
const COSTLY: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGdMFkGCSqGSIb3DQEFDTBMMCsGCSqGSIb3DQEFDDAeBAjWyobrv4AQ7wIEAJiW
gTAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQqUc/Su/mXALgF71AFLr9NARA
Upq8kNfMQW0JzbKqE77xz8H/Auh/wAhcFJDkTSaxwtyuGmoHh/dnLVbkdkKpKaI1
yptRgN08Fs7HcQ1aPzGwNQ==
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256`
const P256: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgv1RnfpQrNSXBkNoC
t/pSdxZQxPYnBWcQy1Q3kQCipTGhRANCAAQHyWxSrCUBMVoRaNmW8vxivNTSciTH
o+coqjPLgRFTtQsgoBglxYuPuUDPV6XQmhav8aHNR9bVQWxWpltW3IUv
-----END PRIVATE KEY-----
";
/// `openssl genpkey -algorithm x25519`
const X25519: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEINj2P0N0dmsCu7C2Gl3XDBgcPYN9pq64/n3fiQr0/t1U
-----END PRIVATE KEY-----
";
/// `openssl pkey -pubout`
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAvqrd7J7HtUZwcZHIzlgtlY+x+BUpk1nxAMQjjytHN/E=
-----END PUBLIC KEY-----
";

const SEED: [u8; 32] = [
    0xc7, 0xbd, 0x54, 0x66, 0x00, 0xc0, 0x20, 0x40, 0x64, 0x7b, 0xba, 0x53, 0xa8, 0x1f, 0xb2, 0x2c, 0x19, 0xd3, 0xa2,
    0x17, 0xe4, 0x7f, 0xcb, 0x7f, 0x32, 0x09, 0xed, 0xcf, 0x5b, 0x0b, 0x51, 0xda,
];

fn key() -> SecretKey {
    SecretKey::from_seed(&SEED).unwrap()
}

fn seed_of(text: &str, passphrase: Option<&[u8]>) -> Result<[u8; 32], KeyFileError> {
    from_pem(text, passphrase).map(|key| *key.expose_secret())
}

#[test]
fn what_openssl_writes_is_read() {
    assert_eq!(seed_of(PLAIN, None), Ok(SEED));
    assert_eq!(seed_of(PLAIN, Some(b"ignored")), Ok(SEED));
    for text in [PBKDF2, SCRYPT, SHA512_AES128] {
        assert_eq!(seed_of(text, Some(b"x")), Ok(SEED));
        assert_eq!(seed_of(text, Some(b"y")), Err(KeyFileError::PassphraseWrong));
        assert_eq!(seed_of(text, None), Err(KeyFileError::PassphraseMissing));
    }
}

#[test]
fn what_is_written_is_read() {
    let text = to_encrypted_pem(&key(), "口令".as_bytes(), &[1; 16], &[2; 16]).unwrap();
    assert_eq!(seed_of(&text, Some("口令".as_bytes())), Ok(SEED));
    assert_eq!(seed_of(&text, Some(b"")), Err(KeyFileError::PassphraseWrong));
    assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    assert_eq!(to_encrypted_pem(&key(), b"", &[1; 16], &[2; 16]), Err(KeyFileError::PassphraseEmpty));
}

/// Every wrong passphrase is told as one, whatever padding it leaves by chance.
#[test]
fn a_wrong_passphrase_is_told_as_one() {
    for passphrase in 0..=255_u8 {
        let told = seed_of(SHA512_AES128, Some(&[passphrase]));
        assert_eq!(told, if passphrase == b'x' { Ok(SEED) } else { Err(KeyFileError::PassphraseWrong) });
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let read = |text: &str| seed_of(text, Some(b"x")).unwrap_err();
    assert_eq!(read(TRIPLE_DES), KeyFileError::Unsupported);
    assert_eq!(read(SHA1), KeyFileError::Unsupported);
    assert_eq!(read(PBES1), KeyFileError::Unsupported);
    assert_eq!(read(COSTLY), KeyFileError::TooCostly);
    assert_eq!(read(P256), KeyFileError::OtherAlgorithm);
    assert_eq!(read(X25519), KeyFileError::OtherAlgorithm);
    assert_eq!(read(PUBLIC), KeyFileError::NotAPrivateKey);
    assert_eq!(read(""), KeyFileError::NotPem);
    assert_eq!(read("not a key"), KeyFileError::NotPem);
    assert_eq!(read(&"x".repeat(MAX_FILE + 1)), KeyFileError::NotPem);
    let der = SecretDocument::from_pem(PLAIN).unwrap().1;
    assert_eq!(read(&pem("PRIVATE KEY", &[der.as_bytes(), &[0]].concat())), KeyFileError::Malformed);
    assert_eq!(read(&pem("PRIVATE KEY", &element(0x30, &[2, 1, 0]))), KeyFileError::Malformed);
    assert_eq!(read(&pem("ENCRYPTED PRIVATE KEY", &element(0x30, &[2, 1, 0]))), KeyFileError::Malformed);
}

fn pem(label: &'static str, der: &[u8]) -> String {
    // A document is one element: what follows it is appended to the text.
    String::from(pkcs8::der::pem::encode_string(label, LineEnding::LF, der).unwrap().as_str())
}

/// A file that asks for gigabytes or hours is refused before its passphrase is tried.
#[test]
fn key_derivation_is_bounded() {
    let scrypt = SecretDocument::from_pem(SCRYPT).unwrap().1.as_bytes().to_vec();
    let cost = [2, 2, 0x40, 0, 2, 1, 8, 2, 1, 1];
    let at = scrypt.windows(cost.len()).position(|window| window == cost).unwrap();
    let with = |changed: [u8; 10]| {
        let mut bytes = scrypt.clone();
        bytes[at..at + 10].copy_from_slice(&changed);
        seed_of(&pem("ENCRYPTED PRIVATE KEY", &bytes), Some(b"x"))
    };
    assert_eq!(with(cost), Ok(SEED));
    assert_eq!(with([2, 2, 0x40, 0, 2, 1, 0x7f, 2, 1, 1]), Err(KeyFileError::TooCostly));
    assert_eq!(with([2, 2, 0x40, 0, 2, 1, 8, 2, 1, 0x7f]), Err(KeyFileError::TooCostly));
    assert_eq!(with([2, 2, 0x40, 1, 2, 1, 8, 2, 1, 1]), Err(KeyFileError::Malformed));
}

#[test]
fn a_stated_public_key_is_compared() {
    let version_2 = |stated: &[u8]| {
        let public = [&[0], stated].concat();
        let content = [&[2, 1, 1], &PREFIX[5..], &SEED, &element(0x81, &public)].concat();
        pem("PRIVATE KEY", &element(0x30, &content))
    };
    assert_eq!(seed_of(&version_2(key().public_key().coordinates()), None), Ok(SEED));
    assert_eq!(seed_of(&version_2(&[9; 32]), None), Err(KeyFileError::PublicKeyDiffers));
}

#[test]
fn a_file_is_read_in_der_and_with_what_stands_around_its_block() {
    let read = |file: &[u8]| from_file(file, Some(b"x")).map(|key| *key.expose_secret());
    for text in [PLAIN, PBKDF2] {
        assert_eq!(read(SecretDocument::from_pem(text).unwrap().1.as_bytes()), Ok(SEED));
        let crooked = [b"\xef\xbb\xbf\xca\xbe\xc0\xfd\n", PUBLIC.as_bytes(), text.as_bytes(), b"\n \n"].concat();
        assert_eq!(read(&crooked), Ok(SEED));
    }
    assert_eq!(read(SecretDocument::from_pem(PUBLIC).unwrap().1.as_bytes()), Err(KeyFileError::NotAPrivateKey));
    assert_eq!(
        read(b"-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----"),
        Err(KeyFileError::OtherAlgorithm)
    );
}

#[test]
fn nothing_secret_is_printed() {
    let shown = alloc::format!("{:?}", key());
    let hex: Vec<String> = SEED.iter().map(|byte| alloc::format!("{byte:02x}")).collect();
    assert!(!shown.contains(&hex.concat()));
    assert!(!shown.contains("199, 189"));
}

#[cfg(feature = "sm")]
mod sm2 {
    use super::*;
    use crate::suite::Algorithm;

    /// `openssl genpkey -algorithm SM2`
    const PLAIN: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgnngKfCI8yEWmLlnc
3Q1NAV9XHn15085MBachbckXZHWhRANCAAQPq/qRdY2qAfnjeC9I1DkJ+a3a12Zd
9SfQmSWRCKbM8McgdIHiPTP7BD4ICwrQMCopN/kex+6pcds1Vf8GRmKK
-----END PRIVATE KEY-----
";
    /// `openssl pkcs8 -topk8 -v2 aes-256-cbc`
    const AES: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjI2BkA8EUaegICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECjrnXWQCsqBbaKgd2QEKV8EgZAe
p8ktJigypZW2i02yAUdiBeFqOjYuiHpLNklhZlEk3anmfUqkqaHBbAyQVXkEgjUg
lu3X/krHUrhLK4rLshYMH+oBPC93Ny22bYJWmn64jdoFuZuGX6Hb93i5nLN9d2yI
Y81o+07GmYwwGGwni/ccnYoYSlaDC/LvVs6DVyWBotVMImDHQB0K0w8tx3b1hSQ=
-----END ENCRYPTED PRIVATE KEY-----
";
    /// `openssl pkcs8 -topk8 -v2 sm4-cbc`
    const SM4: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHrMFYGCSqGSIb3DQEFDTBJMCkGCSqGSIb3DQEFDDAcBAgMcC2rkgoqsgICCAAw
DAYIKoZIhvcNAgkFADAcBggqgRzPVQFoAgQQmvgBM6VNC7DpI4GP8bn4KASBkOlc
57x903LC1A2ofNrDYOfINzAV9SjXV24cAiswXO+mM+W9Jsnju1YQ45p0udO6umEc
6cC5JoAQXuFt9hi/YWF0KFnDVBxh6KkCIZbijvgj2n57fsmlocAv7HGZaBJZczpq
b2c7rl3EpTpdrjgzRZdbIfoNJrLG2Hj4ur2lXI77Gfkzi5dazJQbz2yQt7WI6g==
-----END ENCRYPTED PRIVATE KEY-----
";
    const NUMBER: [u8; 32] = [
        0x9e, 0x78, 0x0a, 0x7c, 0x22, 0x3c, 0xc8, 0x45, 0xa6, 0x2e, 0x59, 0xdc, 0xdd, 0x0d, 0x4d, 0x01, 0x5f, 0x57,
        0x1e, 0x7d, 0x79, 0xd3, 0xce, 0x4c, 0x05, 0xa7, 0x21, 0x6d, 0xc9, 0x17, 0x64, 0x75,
    ];

    #[test]
    fn what_openssl_writes_is_read() {
        assert_eq!(seed_of(PLAIN, None), Ok(NUMBER));
        assert_eq!(from_pem(PLAIN, None).unwrap().public_key().algorithm(), Algorithm::Sm2);
        assert_eq!(seed_of(AES, Some(b"x")), Ok(NUMBER));
        assert_eq!(seed_of(AES, Some(b"y")), Err(KeyFileError::PassphraseWrong));
        assert_eq!(seed_of(SM4, Some(b"x")), Ok(NUMBER));
    }

    #[test]
    fn the_same_bytes_are_written_as_openssl_writes() {
        let (_, document) = SecretDocument::from_pem(PLAIN).unwrap();
        let key = SecretKey::sm2(&NUMBER).unwrap();
        assert_eq!(to_info(&key).as_slice(), document.as_bytes());
        let written = to_encrypted_pem(&key, b"x", &[1; 16], &[2; 16]).unwrap();
        assert_eq!(seed_of(&written, Some(b"x")), Ok(NUMBER));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let (_, document) = SecretDocument::from_pem(PLAIN).unwrap();
        let read = |change: &dyn Fn(&mut [u8])| {
            let mut bytes = document.as_bytes().to_vec();
            change(&mut bytes);
            let info = PrivateKeyInfoRef::from_der(&bytes).map_err(|_| KeyFileError::Malformed)?;
            from_info(&info).map(|_| ())
        };
        assert_eq!(read(&|_| ()), Ok(()));
        let end = document.as_bytes().len();
        assert_eq!(read(&|bytes| bytes[end - 1] ^= 1), Err(KeyFileError::PublicKeyDiffers));
        assert_eq!(read(&|bytes| bytes[40] ^= 1), Err(KeyFileError::PublicKeyDiffers), "another number");
        assert_eq!(read(&|bytes| bytes[33] = 2), Err(KeyFileError::Malformed), "another version");
        assert_eq!(read(&|bytes| bytes[36..68].fill(0)), Err(KeyFileError::Malformed));
        assert_eq!(read(&|bytes| bytes[36..68].fill(0xff)), Err(KeyFileError::Malformed));
        assert_eq!(read(&|bytes| bytes[26] ^= 1), Err(KeyFileError::OtherAlgorithm), "another curve");
    }

    /// RFC 5915 §3: parameters and public key may be absent, and tools of the country write both, one, or neither.
    #[test]
    fn what_may_be_absent_may_be_absent_and_what_is_there_must_agree() {
        let element = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
        let algorithm = &SM2_PREFIX[6..27];
        let curve = element(0xa0, &element(0x06, CURVE_SM2.as_bytes()));
        let p256 = element(0xa0, &element(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]));
        let key = SecretKey::sm2(&NUMBER).unwrap();
        let point = [&[0x04][..], key.public_key().coordinates()].concat();
        let other = [&[0x04][..], SecretKey::sm2(&[7; 32]).unwrap().public_key().coordinates()].concat();
        let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
        let public = |tag: u8, point: &[u8]| element(tag, &element(0x03, &[&[0], point].concat()));
        let read = |inside: &[Vec<u8>], beside: &[u8]| {
            let number = [&[0x02, 0x01, 0x01, 0x04, 0x20], &NUMBER[..]].concat();
            let private = element(0x30, &[number, inside.concat()].concat());
            let version: &[u8] = if beside.is_empty() { &[0x02, 0x01, 0x00] } else { &[0x02, 0x01, 0x01] };
            let content = [version, algorithm, &element(0x04, &private), beside].concat();
            let long = content.len() >= 0x80;
            let head: &[u8] = if long { &[0x30, 0x81] } else { &[0x30] };
            let file = [head, &[u8::try_from(content.len()).unwrap()], &content].concat();
            let info = PrivateKeyInfoRef::from_der(&file).map_err(|_| KeyFileError::Malformed)?;
            from_info(&info).map(|read| assert_eq!(read.public_key(), key.public_key()))
        };
        // RFC 5958 §2: [1] IMPLICIT, beside the private key, in version 2.
        let beside = |point: &[u8]| element(0x81, &[&[0], point].concat());
        let within = public(0xa1, &point);
        let both = [curve, within];
        for inside in [&[][..], &both[..1], &both[1..], &both] {
            assert_eq!(read(inside, &[]), Ok(()));
            assert_eq!(read(inside, &beside(&point)), Ok(()));
            assert_eq!(read(inside, &beside(&other)), Err(KeyFileError::PublicKeyDiffers));
        }
        // SEC 1 §2.3.3: the same point in the other forms, and one that is not it.
        let hybrid = [&[6 + (point[64] & 1)], &point[1..]].concat();
        for form in [&compressed, &hybrid] {
            assert_eq!(read(&[public(0xa1, form)], &beside(form)), Ok(()));
            let mirrored = [&[form[0] ^ 1], &form[1..]].concat();
            assert_eq!(read(&[public(0xa1, &mirrored)], &[]), Err(KeyFileError::PublicKeyDiffers));
        }
        for wrong in [&other, &point[..64].to_vec(), &Vec::from([0])] {
            assert_eq!(read(&[public(0xa1, wrong)], &[]), Err(KeyFileError::PublicKeyDiffers));
            assert_eq!(read(&[public(0xa1, wrong)], &beside(&point)), Err(KeyFileError::PublicKeyDiffers));
        }
        assert_eq!(read(&[p256], &[]), Err(KeyFileError::Malformed));
        assert_eq!(read(&[both[1].clone(), both[0].clone()], &[]), Err(KeyFileError::Malformed), "out of order");
    }

    /// `openssl ec`, of 3.0, of the same key: RFC 5915, under a label of its own.
    const OLDER: &str = "-----BEGIN SM2 PRIVATE KEY-----
MHcCAQEEIJ54CnwiPMhFpi5Z3N0NTQFfVx59edPOTAWnIW3JF2R1oAoGCCqBHM9V
AYItoUQDQgAED6v6kXWNqgH543gvSNQ5Cfmt2tdmXfUn0JklkQimzPDHIHSB4j0z
+wQ+CAsK0DAqKTf5HsfuqXHbNVX/BkZiig==
-----END SM2 PRIVATE KEY-----
";
    /// `openssl ecparam -name SM2`
    const PARAMETERS: &str = "-----BEGIN EC PARAMETERS-----\nBggqgRzPVQGCLQ==\n-----END EC PARAMETERS-----\n";

    #[test]
    fn the_older_form_is_read_with_what_stands_around_it() {
        let other_label = OLDER.replace("SM2 PRIVATE", "EC PRIVATE");
        for text in [OLDER, &other_label, &[PARAMETERS, &other_label].concat(), &[PARAMETERS, PLAIN].concat()] {
            assert_eq!(seed_of(text, None), Ok(NUMBER), "{text}");
        }
        assert_eq!(seed_of(PARAMETERS, None), Err(KeyFileError::NotAPrivateKey));
        // RFC 1421 §4.6.1.1: encrypted as before PKCS#8.
        let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n";
        let encrypted = other_label.replacen("-----\n", &["-----\n", headers].concat(), 1);
        assert_eq!(seed_of(&encrypted, None), Err(KeyFileError::Unsupported));
    }

    /// RFC 5480 §2.1.1: a curve has a name. By its numbers, or without any, it may be another one.
    #[test]
    fn a_curve_that_is_not_named_is_told() {
        let version = [2, 1, 1];
        let number = element(4, &NUMBER);
        let read = |parameters: &[u8]| {
            from_file(&element(0x30, &[&version, &number[..], parameters].concat()), None)
                .map(|key| *key.expose_secret())
        };
        let curve = element(6, CURVE_SM2.as_bytes());
        assert_eq!(read(&element(0xa0, &curve)), Ok(NUMBER));
        assert_eq!(read(&[]), Err(KeyFileError::CurveUnnamed));
        assert_eq!(read(&element(0xa0, &element(0x30, &version))), Err(KeyFileError::CurveUnnamed));
        let p256 = element(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
        assert_eq!(read(&element(0xa0, &p256)), Err(KeyFileError::OtherAlgorithm));
        // The same in PKCS#8.
        let algorithm = element(0x30, &[element(6, EC_PUBLIC_KEY.as_bytes()), element(0x30, &version)].concat());
        let private = element(4, &element(0x30, &[&version, &number[..]].concat()));
        let file = element(0x30, &[&[2, 1, 0], &algorithm[..], &private].concat());
        assert_eq!(from_file(&file, None).map(|_| ()), Err(KeyFileError::CurveUnnamed));
    }
}
