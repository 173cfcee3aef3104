//! Certificates and paths. Input: one byte that chooses the question, one that counts the anchors, then certificates, each behind its
//! length in two bytes: the end entity, the anchors, the intermediates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use x509_cert::der::{Decode as _, Encode as _};
use zhengyin::limits::{Budget, Limits};
use zhengyin::time::Timestamp;
use zhengyin::x509::{Certificate, PathQuestion, Use, build_path};

/// The base time of the demonstration federation, in which the seeds are valid.
const BASE: i64 = 1_790_820_000;

fuzz_target!(|data: &[u8]| {
    let [question, anchors, rest @ ..] = data else { return };
    let mut all = certificates(rest);
    let read: Vec<Certificate<'_>> = all.by_ref().filter_map(check).collect();
    let Some((leaf, others)) = read.split_first() else { return };
    let (anchors, intermediates) = others.split_at(usize::from(*anchors).min(others.len()));
    let limits = if question & 0x40 == 0 { Limits::STANDARD } else { Limits::STANDARD.with_path_length(7) };
    let asked = PathQuestion {
        purpose: Use::from_number(u64::from(question & 0x0f)),
        at: (question & 0x80 == 0).then_some(Timestamp::new(BASE).expect("a time")),
        limits,
    };
    match build_path(leaf, intermediates, anchors, asked, &mut Budget::new(limits)) {
        Ok(path) => {
            assert!(path.certificates().len() <= usize::from(limits.path_length));
            assert_eq!(path.leaf().as_der(), leaf.as_der());
            assert_eq!(path.anchor().as_der(), anchors[path.anchor_index()].as_der());
            for pair in path.certificates().windows(2) {
                assert_eq!(pair[0].issuer(), pair[1].subject());
                assert!(pair[0].verify_signed_by(pair[1].public_key()).is_ok());
            }
            if let Some(at) = asked.at {
                assert!(path.certificates().iter().all(|certificate| certificate.is_valid_at(at)));
            }
        }
        Err(error) => {
            let _ = (error.reason(), error.to_string());
        }
    }
});

fn certificates(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, bytes) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length)).min(bytes.len());
        let (certificate, after) = bytes.split_at(length);
        rest = after;
        Some(certificate)
    })
}

/// A certificate, if it is one; then another reader that can read it has the same to say of it.
fn check(der: &[u8]) -> Option<Certificate<'_>> {
    let certificate = Certificate::parse(der).ok()?;
    // The other reader lacks what is rare: arcs beyond 32 bits such as ours, times before 1970, some types of text.
    let Ok(other) = x509_cert::Certificate::from_der(der) else { return Some(certificate) };
    assert_eq!(other.to_der().expect("it was read"), der, "what we admit is canonical");
    let tbs = other.tbs_certificate();
    assert_eq!(tbs.subject().to_der().expect("a name"), certificate.subject().as_der());
    assert_eq!(tbs.subject_public_key_info().to_der().expect("a key"), certificate.public_key().spki());
    let from = tbs.validity().not_before.to_unix_duration().as_secs();
    assert_eq!(Ok(from), u64::try_from(certificate.validity().from()));
    if let Some(mandate) = certificate.claimed_mandate() {
        let _ = mandate.regions().count();
    }
    Some(certificate)
}
