//! Files of stamps and the claims of seals: what is read is canonical, is written again as it was, and is answered without harm.
#![no_main]

mod rewrite;

use libfuzzer_sys::fuzz_target;
use zhengyin::claims::{Picture, PictureFormat, SealClaims, Stamp, StampFile};
use zhengyin::policy::Policy;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::Digest;
use zhengyin::time::Clock;
use zhengyin::verify::{Texts, Verdict, Verifier};

fuzz_target!(|data: &[u8]| {
    if let Ok(claims) = SealClaims::parse(data) {
        rewrite::check_round_trip(data);
        assert_eq!(claims.claimed().encode().unwrap(), data, "a seal is written as it was read");
    }
    for format in [PictureFormat::Png, PictureFormat::Svg] {
        let _ = Picture::check(format, data, [40, 40]);
    }
    let Ok(file) = StampFile::parse(data) else { return };
    for seal in &file.seals {
        if let Ok(claims) = SealClaims::parse(seal.claimed_payload()) {
            let claims = claims.claimed();
            assert!(claims.seal.signers.iter().count() >= 1);
            assert_eq!(claims.encode().unwrap(), seal.claimed_payload());
        }
    }
    for stamp in &file.stamps {
        if let Ok(claims) = Stamp::parse(stamp) {
            let header = stamp.stamp_header().unwrap();
            assert_eq!(claims.claimed().encode_claims().unwrap(), header.claims);
        }
    }
    let joined = StampFile::join(&[data]).unwrap();
    assert_eq!(StampFile::join(&[&joined, data]).unwrap(), joined, "joining what is there changes nothing");
    // Nobody is trusted: nothing is valid, and nothing but the bytes themselves is a proof.
    let store = Store::new(Pin::new(Digest::new([0; 32])));
    let mut stamps = Verifier::new(&store, Policy::counter(None)).stamps(data, Clock::Absent);
    stamps.update(b"document");
    let report = stamps.finish();
    assert_ne!(report.verdict(), Verdict::Valid);
    report.to_value(Texts::Both).to_cbor().unwrap();
});
