//! Files of stamps made of the pieces of good ones. Nobody stamps in another's name, and nothing moves to a document that was not stamped.
#![no_main]
#![allow(dead_code, reason = "who includes these modules uses a part of them")]

#[path = "../../examples/make_vectors/cose.rs"]
mod cose;
#[path = "../../examples/make_vectors/item.rs"]
mod item;
#[path = "../../examples/world/mutants.rs"]
mod mutants;
#[path = "../../examples/world/mod.rs"]
mod world;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mutants::{DOCUMENTS, Draw, Pool};
use zhengyin::policy::Policy;
use zhengyin::store::Store;
use zhengyin::verify::{Texts, Verdict, Verifier};

static POOL: LazyLock<(Pool, Store)> = LazyLock::new(|| {
    // What the drawing tries to read may be nothing that it reads.
    std::panic::set_hook(Box::new(|_| ()));
    // Seals of one province are made, and stamp, with SM2.
    world::with_sm2(&OF_SM2, || {
        let pool = Pool::new();
        let store = pool.world.sound_store();
        (pool, store)
    })
});

const OF_SM2: [&str; 1] = ["98"];

fuzz_target!(|data: &[u8]| {
    let (pool, store) = &*POOL;
    let file = world::with_sm2(&OF_SM2, || pool.mutant(&mut Draw(data)));
    let verifier = Verifier::new(store, Policy::counter(None));
    for (place, document) in DOCUMENTS.into_iter().enumerate() {
        let mut stamps = verifier.stamps(&file, pool.world.clock());
        stamps.update(document);
        let report = stamps.finish();
        for stamp in report.stamps().iter().filter(|stamp| stamp.verdict() == Verdict::Valid) {
            let known = stamp.object_digest().is_some_and(|digest| pool.is_genuine(digest, place));
            let lent = stamp.claimed_stamp().is_some_and(|claims| pool.is_lent(claims.issuer.as_str()));
            if !known && !lent {
                eprintln!("{place}: {file:02x?}");
                std::process::abort();
            }
        }
        report.to_value(Texts::Both).to_cbor().unwrap();
    }
});
