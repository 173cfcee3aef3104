//! SM2 and SM3, beside the bare crate and beside OpenSSL.

use std::hint::black_box;
use std::process::{Command, Stdio};

use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use zhengyin::envelope::{Envelope, Expected, sig_structure};
use zhengyin::issue::Signer;
use zhengyin::policy::Policy;
use zhengyin::suite::{HashAlgorithm, Hasher};
use zhengyin::verify::{Verdict, Verifier};

use super::at_most;
use super::measure::{Figure, Report, interleaved};
use super::world::{self, World};

/// GB/T 35276 §10.
const IDENTIFIER: &str = "1234567812345678";

/// A license all of whose signatures are of SM2, its issuer in the store.
pub(crate) fn figures(report: &mut Report) {
    world::throughout_sm2(|| {
        let mut world = World::new();
        let license = world.issue("business-license");
        let store = world.sound_store();
        let verifier = Verifier::new(&store, Policy::strict(Some(license.facts.region)));
        let clock = world.clock();
        let envelope = Envelope::parse(&license.bytes, Expected::AnyKnown).expect("a license");
        let message = sig_structure(&envelope.signed_bytes());
        let signer = world::key(&world::license_key(license.credential.issuer.as_str()));
        let mut point = vec![0x04];
        point.extend_from_slice(signer.public_key().coordinates());
        let bare = VerifyingKey::from_sec1_bytes(IDENTIFIER, &point).expect("a point");
        let signature = Signature::from_slice(envelope.signature()).expect("64 bytes");
        let scalar = [7_u8; 32];
        let bare_signer = SigningKey::from_slice(IDENTIFIER, &scalar).expect("a scalar");
        let [bare_verifies, ours_verifies, bare_signs, ours_signs] = interleaved(
            51,
            20,
            [
                &mut || bare.verify(black_box(&message), &signature).expect("verifies"),
                &mut || assert_eq!(verifier.verify(black_box(&license.bytes), clock).verdict(), Verdict::Valid),
                &mut || {
                    let signature: Signature = bare_signer.sign(black_box(&message));
                    black_box(signature);
                },
                &mut || {
                    black_box(Signer::sign(&signer, black_box(&message))).expect("signs");
                },
            ],
        );
        report.print(&at_most("sm2.verify", ours_verifies / bare_verifies, "one bare verification by sm2", 1.05));
        report.print(&Figure {
            name: "sm2.sign".into(),
            value: ours_signs / bare_signs,
            against: "one bare signature by sm2".into(),
            goal: None,
        });
    });
}

/// Bytes that are hashed.
const SIZE: usize = 64 << 20;

/// Throughput of SM3 beside OpenSSL's, by what its own `speed` tells of pieces of 16 KiB.
pub(crate) fn throughput(report: &mut Report) {
    let document = vec![0x5a_u8; SIZE];
    let [nanoseconds] = interleaved(
        5,
        1,
        [&mut || {
            let mut hasher = Hasher::new(HashAlgorithm::Sm3);
            document.chunks(16 << 10).for_each(|piece| hasher.update(black_box(piece)));
            black_box(hasher.finish());
        }],
    );
    let mut speed = Command::new("openssl");
    speed.args(["speed", "-mr", "-elapsed", "-seconds", "2", "-bytes", "16384", "-evp", "sm3"]);
    let told = speed.stdin(Stdio::null()).stderr(Stdio::null()).output();
    // `+F:22:sm3:123456789.00`: bytes in a second.
    let told = told.ok().and_then(|told| String::from_utf8(told.stdout).ok()).unwrap_or_default();
    let line = told.lines().find(|line| line.starts_with("+F:"));
    let theirs = line.and_then(|line| line.rsplit(':').next()?.trim().parse::<f64>().ok());
    let Some(theirs) = theirs else { return eprintln!("sm3.throughput: no OpenSSL that knows SM3") };
    let ours = SIZE as f64 / (nanoseconds / 1e9);
    let against = "time of OpenSSL's SM3 for the same".into();
    report.print(&Figure { name: "sm3.throughput".into(), value: theirs / ours, against, goal: None });
}
