//! Group `signature`: SM2 with SM3, the example of GB/T 32918.5, and what must not pass for it.

use sm2::dsa::signature::Signer as _;
use sm2::dsa::signature::hazmat::PrehashSigner as _;
use sm2::dsa::{Signature, SigningKey};
use zhengyin::suite::{HashAlgorithm, SecretKey};

use super::case::{Cases, title};
use super::json::unhex;
use super::standards::Signed;
use super::world::seals::digest;

/// GB/T 32918.5 A.2.
const SECRET: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const POINT: &str = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                     ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const SIGNATURE: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
const MESSAGE: &[u8] = b"message digest";
/// The order of the group.
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
/// −G, the key of n − 1.
const LEFT_OUT: &str = "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7\
                        43c8c95c0b098863a642311c9496deac2f56788239d5b8c0fd20cd1adec60f5f";

/// r‖s by a key of SM2 whose holder has this identifier.
pub(crate) fn signed_as(key: &SecretKey, identifier: &str, message: &[u8]) -> Vec<u8> {
    let signature: Signature = SigningKey::from_slice(identifier, &*key.expose_secret()).unwrap().sign(message);
    signature.to_bytes().to_vec()
}

/// n less this number.
pub(crate) fn from_order(number: &[u8]) -> Vec<u8> {
    let order = unhex(ORDER);
    let (mut borrow, mut difference) = (0, vec![0; 32]);
    for at in (0..32).rev() {
        let left = i32::from(order[at]) - i32::from(number[at]) - borrow;
        difference[at] = u8::try_from(left.rem_euclid(256)).unwrap();
        borrow = i32::from(left < 0);
    }
    difference
}

/// What a signature r‖s must not be changed to, each with what was done.
pub(crate) fn changed(signature: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (r, s) = signature.split_at(32);
    let (order, zero) = (unhex(ORDER), [0; 32]);
    let flipped = |at: usize, bit: u8| {
        let mut flipped = signature.to_vec();
        flipped[at] ^= bit;
        flipped
    };
    vec![
        ("first bit of r", flipped(0, 1)),
        ("last bit of r", flipped(31, 0x80)),
        ("first bit of s", flipped(32, 1)),
        ("last bit of s", flipped(63, 0x80)),
        ("all zeros", vec![0; 64]),
        ("r zero", [&zero, s].concat()),
        ("s zero", [r, &zero].concat()),
        ("r is n", [&order, s].concat()),
        ("s is n", [r, &order].concat()),
        ("r + s is n", [r, &from_order(r)].concat()),
        ("n less r", [&from_order(r), s].concat()),
        ("n less s", [r, &from_order(s)].concat()),
        ("all ones", vec![0xff; 64]),
        ("r and s exchanged", [s, r].concat()),
    ]
}

pub(crate) fn all(cases: &mut Cases) {
    let row = |note: &str, key: Vec<u8>, signature: Vec<u8>| Signed {
        note: note.into(),
        key,
        message: MESSAGE.to_vec(),
        signature,
    };
    let (point, signature) = (unhex(POINT), unhex(SIGNATURE));
    let good = |note: &str, signature: Vec<u8>| row(note, point.clone(), signature);
    let by = |id: &str| SigningKey::from_slice(id, &unhex(SECRET)).unwrap();
    let signed = |id: &str| {
        let signature: Signature = by(id).sign(MESSAGE);
        signature.to_bytes().to_vec()
    };
    cases.signatures(
        title(
            "signature-gbt32918-example-holds",
            "GB/T 32918.5 的示例：成立",
            "The example of GB/T 32918.5 holds, and another nonce gives another signature that does",
        ),
        &[good("A.2", signature.clone()), good("another nonce", signed("1234567812345678"))],
        "holds",
    );
    let mut bad: Vec<Signed> = changed(&signature).into_iter().map(|(note, bytes)| good(note, bytes)).collect();
    bad.push(good("63 bytes", signature[..63].to_vec()));
    bad.push(good("65 bytes", [&signature[..], &[0]].concat()));
    bad.push(good("DER, as certificates have it", {
        let (r, s) = signature.split_at(32);
        [&[0x30, 0x46, 0x02, 0x21, 0x00], r, &[0x02, 0x21, 0x00], s].concat()
    }));
    let mut longer = good("a longer message", signature.clone());
    longer.message.push(0);
    bad.push(longer);
    cases.signatures(
        title("signature-sm2-altered-is-bad", "改动 SM2 签名：不成立", "A changed signature of SM2 does not hold"),
        &bad,
        "bad",
    );
    let without_z = by("1234567812345678").sign_prehash(digest(HashAlgorithm::Sm3, MESSAGE).as_bytes()).unwrap();
    cases.signatures(
        title(
            "signature-sm2-of-another-identifier-is-bad",
            "签名者标识不是 1234567812345678，或没有 Z：不成立",
            "A signature of SM2 by another identifier than 1234567812345678, or without Z, does not hold",
        ),
        &[
            good("no identifier", signed("")),
            good("another", signed("ALICE123@YAHOO.COM")),
            good("one character less", signed("123456781234567")),
            good("over SM3 of the message alone", without_z.to_bytes().to_vec()),
        ],
        "bad",
    );
    let keyed = |note: &str, key: Vec<u8>| row(note, key, signature.clone());
    let mut off = point.clone();
    off[63] ^= 1;
    let swapped = [&point[32..], &point[..32]].concat();
    cases.signatures(
        title(
            "signature-sm2-key-refused",
            "公钥不在曲线上、为无穷远点、压缩形式或 −G：不采用",
            "A key that is no point of the curve, infinity, compressed or -G is not admitted",
        ),
        &[
            keyed("y altered", off),
            keyed("x and y exchanged", swapped),
            keyed("zeros", vec![0; 64]),
            keyed("all ones", vec![0xff; 64]),
            keyed("compressed", [&[0x03], &point[..32]].concat()),
            keyed("with the form of an uncompressed point", [&[0x04], &point[..]].concat()),
            keyed("infinity", vec![0]),
            keyed("-G, whose secret is left out", unhex(LEFT_OUT)),
        ],
        "key-refused",
    );
}
