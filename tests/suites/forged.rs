//! Signatures of SM2 that must not pass, where they are met: at the end of a license, and on the certificate of its signer. And keys that must
//! not be keys: in certificates, as a holder's, and among those who sign the trust list.

#![allow(clippy::arithmetic_side_effects, reason = "a test")]

use sm2::dsa::signature::Signer as _;
use sm2::dsa::signature::hazmat::PrehashSigner as _;
use sm2::dsa::{Signature, SigningKey};
use zhengyin::cbor::{Reader, Writer};
use zhengyin::reason::Reason;
use zhengyin::suite::{HashAlgorithm, Hasher, KeyError, PublicKey, sha256};
use zhengyin::trust::{ListKey, TrustList};
use zhengyin::verify::{Step, Verdict, Verifier};
use zhengyin::x509::{Certificate, CertificateError, Use};

use super::world::{self, World, anchor_key, key, license_key};
use super::{policy, with_sm2};

const ISSUER: &str = "11990100MB0000000P";
/// The order of the group (GB/T 32918.5 §2).
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
/// The identifier where none was agreed on.
const ID: &str = "1234567812345678";

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// n − number + more, in 32 bytes.
fn below_order(number: &[u8], more: i16) -> [u8; 32] {
    let (mut borrow, mut difference) = (-more, [0; 32]);
    for (at, digit) in unhex(ORDER).into_iter().enumerate().rev() {
        let left = i16::from(digit) - i16::from(number[at]) - borrow;
        difference[at] = u8::try_from(left.rem_euclid(256)).unwrap();
        borrow = -left.div_euclid(256);
    }
    difference
}

fn signer(name: &str, id: &str) -> SigningKey {
    SigningKey::from_slice(id, sha256(format!("zhengyin demonstration key: {name}").as_bytes()).as_bytes()).unwrap()
}

/// r‖s that are no signature by `name` over the message, each with what it is; the message's own signature is `good`.
fn forgeries(name: &str, message: &[u8], good: [u8; 64]) -> Vec<(&'static str, [u8; 64])> {
    let (r, s) = good.split_at(32);
    let (zero, n) = ([0; 32], below_order(&[0; 32], 0));
    let (one, after) = (below_order(&below_order(&[0; 32], -1), 0), below_order(&[0; 32], 1));
    let both = |r: &[u8], s: &[u8]| <[u8; 64]>::try_from([r, s].concat()).unwrap();
    let mut made = vec![("swapped", both(s, r)), ("all ones", [0xff; 64])];
    for edge in [zero, one, n, after] {
        made.extend([("edge", both(&edge, s)), ("edge", both(r, &edge)), ("edge", both(&edge, &edge))]);
    }
    made.extend([
        ("negated", both(&below_order(r, 0), s)),
        ("negated", both(r, &below_order(s, 0))),
        ("r + s = 0", both(r, &below_order(r, 0))),
        ("r + s = 0", both(&below_order(s, 0), s)),
    ]);
    let turned: Vec<u8> = r.iter().rev().chain(s.iter().rev()).copied().collect();
    made.push(("little-endian", turned.try_into().unwrap()));
    for id in ["", "1234567812345679", "ALICE123@YAHOO.COM"] {
        let signature: Signature = signer(name, id).sign(message);
        made.push(("another identifier", signature.to_bytes().into()));
    }
    let mut plain = Hasher::new(HashAlgorithm::Sm3);
    plain.update(message);
    let signature = signer(name, ID).sign_prehash(plain.finish().as_bytes()).unwrap();
    made.push(("without Z", signature.to_bytes().into()));
    let signature: Signature = signer("SM2 another", ID).sign(message);
    made.push(("another key", signature.to_bytes().into()));
    made
}

/// The DER of an element.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let head = match length {
        [0, short] if short < 0x80 => vec![tag, short],
        [0, long] => vec![tag, 0x81, long],
        [high, low] => vec![tag, 0x82, high, low],
    };
    [&head, content].concat()
}

/// An element's content, and what follows it.
fn open(der: &[u8]) -> (&[u8], &[u8]) {
    let (from, length) = match der[1] {
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
        short => (2, usize::from(short)),
    };
    der[from..].split_at(length)
}

/// A number of a signature, with `zeros` before it that do not belong.
fn integer(number: &[u8], zeros: usize) -> Vec<u8> {
    let from = number.iter().position(|byte| *byte != 0).unwrap_or(number.len() - 1);
    let sign = usize::from(number[from] >= 0x80);
    element(2, &[&[0, 0, 0][..zeros + sign], &number[from..]].concat())
}

pub(super) fn der(signature: &[u8; 64], zeros: [usize; 2]) -> Vec<u8> {
    let (r, s) = signature.split_at(32);
    element(0x30, &[integer(r, zeros[0]), integer(s, zeros[1])].concat())
}

/// A certificate without its signature: the to-be-signed bytes, and the algorithm outside.
pub(super) struct Apart {
    pub(super) tbs: Vec<u8>,
    algorithm: Vec<u8>,
}

impl Apart {
    pub(super) fn of(certificate: &[u8]) -> Self {
        let (inside, _) = open(certificate);
        let (_, after) = open(inside);
        let (_, rest) = open(after);
        let tbs = inside[..inside.len() - after.len()].to_vec();
        Self { tbs, algorithm: after[..after.len() - rest.len()].to_vec() }
    }

    /// The certificate with this signature.
    pub(super) fn with(&self, signature: &[u8]) -> Vec<u8> {
        let bits = element(3, &[&[0], signature].concat());
        element(0x30, &[&self.tbs[..], &self.algorithm, &bits].concat())
    }

    /// The same of other to-be-signed bytes, rightly signed by the anchor.
    fn signed(&self, tbs: &[u8]) -> Vec<u8> {
        let other = Self { tbs: tbs.to_vec(), algorithm: self.algorithm.clone() };
        other.with(&der(&key(&anchor_key("99")).sign(tbs).unwrap(), [0, 0]))
    }
}

#[test]
fn a_license_with_a_forged_signature_is_invalid() {
    with_sm2(&["99"], || {
        let mut world = World::new();
        let license = world.issue("business-license").bytes;
        let store = world.store();
        let judged = |bytes: &[u8]| {
            let report = Verifier::new(&store, policy()).verify(bytes, world.clock());
            (report.verdict(), report.steps().deciding())
        };
        assert_eq!(judged(&license), (Verdict::Valid, None));
        let (before, good) = license.split_at(license.len() - 64);
        let envelope = zhengyin::envelope::Envelope::parse(&license, zhengyin::envelope::Expected::AnyKnown).unwrap();
        let message = {
            let mut writer = Writer::new();
            writer.array(4);
            writer.text("Signature1");
            let mut reader = Reader::new(&license[2..]);
            writer.bytes(reader.bytes().unwrap());
            writer.bytes(&[]);
            writer.bytes(envelope.claimed_payload());
            writer.finish().unwrap()
        };
        let good: [u8; 64] = good.try_into().unwrap();
        let name = license_key(ISSUER);
        assert_eq!(key(&name).public_key().verify(&[&message], &good), Ok(()), "the message is as the format has it");
        let forged = forgeries(&name, &message, good);
        assert_eq!(forged.len(), 24);
        for (what, signature) in &forged {
            let refused = (Verdict::Invalid, Some((Step::Signature, Reason::SignatureBad)));
            assert_eq!(judged(&[before, signature].concat()), refused, "{what}");
        }
        // The same in the form of certificates, or with a zero before it: no length of a signature.
        for other in [der(&good, [0, 0]), [&[0], &good[..]].concat(), good[1..].to_vec()] {
            let mut writer = Writer::new();
            writer.bytes(&other);
            let bytes = [&before[..before.len() - 2], &writer.finish().unwrap()].concat();
            assert_eq!(
                judged(&bytes),
                (Verdict::Invalid, Some((Step::Signature, Reason::SignatureBad))),
                "{other:02x?}"
            );
        }
    });
}

#[test]
fn a_certificate_with_a_forged_signature_vouches_for_nobody() {
    with_sm2(&["99"], || {
        let mut world = World::new();
        let license = world.issue("business-license").bytes;
        let genuine = world.entry(ISSUER, Use::License).certificate.clone();
        let apart = Apart::of(&genuine);
        let judged = |world: &mut World, certificate: Vec<u8>| {
            world.entry(ISSUER, Use::License).certificate = certificate;
            let store = world.store();
            let report = Verifier::new(&store, policy()).verify(&license, world.clock());
            (report.verdict(), report.steps().deciding())
        };
        let name = anchor_key("99");
        let good = key(&name).sign(&apart.tbs).unwrap();
        assert_eq!(apart.with(&der(&good, [0, 0])), genuine);
        assert_eq!(judged(&mut world, genuine), (Verdict::Valid, None));
        let refused = (Verdict::Invalid, Some((Step::Issuer, Reason::CertificateSignature)));
        let mut tried = 0;
        for (what, signature) in forgeries(&name, &apart.tbs, good) {
            assert_eq!(judged(&mut world, apart.with(&der(&signature, [0, 0]))), refused, "{what}");
            tried += 1;
        }
        let raw = good.to_vec();
        let mut set = der(&good, [0, 0]);
        set[0] = 0x31;
        let padded = [[1, 0], [0, 1], [1, 1], [2, 0]].map(|zeros| der(&good, zeros));
        let more = [&der(&good, [0, 0])[..], &[0]].concat();
        for signature in [raw, set, more].into_iter().chain(padded) {
            assert_eq!(judged(&mut world, apart.with(&signature)), refused, "{signature:02x?}");
            tried += 1;
        }
        assert_eq!(tried, 31);
    });
}

/// The points of keys that are none: x and y of a key, altered.
fn no_points(good: &[u8]) -> Vec<[u8; 64]> {
    let (x, y) = good.split_at(32);
    let mut made: Vec<[u8; 64]> = Vec::new();
    let prime = unhex("fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff");
    for (x, y) in [(y, x), (x, &[0; 32]), (&[0; 32], y), (&[0; 32], &[0; 32]), (&prime, y), (x, &prime)] {
        made.push([x, y].concat().try_into().unwrap());
    }
    made.extend((0..64).map(|at| <[u8; 64]>::try_from(world::spoil::flip(good, at, 3)).unwrap()));
    made
}

#[test]
fn keys_that_are_no_points_are_refused_wherever_a_key_may_stand() {
    with_sm2(&["99"], || {
        let mut world = World::new();
        let certificate = world.entry(ISSUER, Use::License).certificate.clone();
        let apart = Apart::of(&certificate);
        let tbs = &apart.tbs;
        let good = key(&license_key(ISSUER)).public_key().coordinates().to_vec();
        let at = tbs.windows(64).position(|window| window == good).unwrap();
        assert_eq!(apart.signed(tbs), certificate);
        // In a certificate that is rightly signed.
        for point in no_points(&good) {
            let mut other = tbs.clone();
            other[at..at + 64].copy_from_slice(&point);
            let error = Certificate::parse(&apart.signed(&other)).unwrap_err();
            assert!(matches!(error, CertificateError::Key(_)), "{error}");
            assert_eq!(error.reason(), Reason::CertificateKey);
        }
        // The forms of a point with which SEC 1 would have one: compressed, hybrid; and that of infinity.
        let spki = key(&license_key(ISSUER)).public_key().spki();
        let from = at - 27;
        assert_eq!(tbs[from..at + 64], spki);
        let odd = 2 + (good[63] & 1);
        let forms = [
            [&[odd], &good[..32]].concat(),
            [&[odd + 4], &good[..]].concat(),
            [&[6 ^ (odd & 1)], &good[..]].concat(),
            vec![0],
            vec![],
            good.clone(),
            [&[4], &good[..], &[0]].concat(),
        ];
        for form in forms {
            let (content, _) = open(&spki);
            let (_, key_bits) = open(content);
            let algorithm = &content[..content.len() - key_bits.len()];
            let other = element(0x30, &[algorithm, &element(3, &[&[0], &form[..]].concat())].concat());
            assert_eq!(PublicKey::from_spki(&other), Err(KeyError::Malformed));
            let (inside, _) = open(tbs);
            let place = from - (tbs.len() - inside.len());
            let changed = [&inside[..place], &other, &inside[place + spki.len()..]].concat();
            let error = Certificate::parse(&apart.signed(&element(0x30, &changed))).unwrap_err();
            assert_eq!(error, CertificateError::Key(KeyError::Malformed), "{form:02x?}");
        }
        // Among those who sign the next trust list: the list is refused, not the key passed over as one of a suite to come.
        world.trust.signers[0] = zhengyin::trust::ListSigner::new(key("SM2 operator").public_key(), "SM2 operator");
        let list = world.trust.encode().unwrap();
        let point = key("SM2 operator").public_key().coordinates().to_vec();
        let [x, y] = [&point[..32], &point[32..]];
        let place = |half: &[u8]| list.windows(32).position(|window| window == half).unwrap();
        assert!(matches!(TrustList::parse(&list).unwrap().signers[0].key, ListKey::Known(_)));
        for other in no_points(&point) {
            let mut changed = list.clone();
            changed[place(x)..place(x) + 32].copy_from_slice(&other[..32]);
            changed[place(y)..place(y) + 32].copy_from_slice(&other[32..]);
            assert_eq!(TrustList::parse(&changed).unwrap_err().reason(), Reason::EncodingKeyRefused);
        }
    });
}
