//! Payloads that one with the right to do so has signed: no signature keeps the fuzzer out. Input: one byte that chooses the type, one
//! that chooses the signer, then the payload; of a status list the header, behind its length in two bytes, and the body.
#![no_main]

#[path = "../../examples/world/mod.rs"]
mod world;

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use world::World;
use zhengyin::cbor::Writer;
use zhengyin::envelope::ObjectType;
use zhengyin::issue::{Draft, MultiDraft};
use zhengyin::policy::Policy;
use zhengyin::reason::Language;
use zhengyin::store::{Accepted, Store};
use zhengyin::suite::SecretKey;
use zhengyin::verify::{Verdict, Verifier};

struct Federation {
    world: World,
    store: Store,
    license: Vec<u8>,
    provinces: Vec<SecretKey>,
    /// For licenses, for status lists.
    authorities: Vec<[SecretKey; 2]>,
    operator: SecretKey,
}

static FEDERATION: LazyLock<Federation> = LazyLock::new(|| {
    let mut world = World::new();
    let license = world.issue("business-license").bytes;
    let codes = world.lists.keys().map(|(authority, _)| authority.as_str());
    let keys = |code: &str| [world::key(&world::license_key(code)), world::key(&world::status_key(code))];
    Federation {
        store: world.sound_store(),
        license,
        provinces: world.directories.keys().map(|region| world::key(&world::anchor_key(region.as_str()))).collect(),
        authorities: codes.map(keys).collect(),
        operator: world::key(world::OPERATOR),
        world,
    }
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let [kind, signer, payload @ ..] = data else { return Corpus::Reject };
    let federation = &*FEDERATION;
    let province = &federation.provinces[usize::from(*signer) % federation.provinces.len()];
    let [licenses, lists] = &federation.authorities[usize::from(*signer) % federation.authorities.len()];
    let object = match kind {
        0 => sign(ObjectType::License, payload, licenses),
        1 => sign(ObjectType::Issuers, payload, province),
        2 => list(payload, lists),
        3 => MultiDraft::new(ObjectType::Trust, payload.to_vec()).ok().and_then(|mut draft| {
            draft.sign(&federation.operator).ok()?;
            draft.assemble().ok()
        }),
        _ => None,
    };
    let Some(object) = object else { return Corpus::Reject };
    if *kind == 0 {
        verify(&federation.store, &object);
    } else {
        let mut store = federation.store.clone();
        let answer = store.apply(&object, federation.world.asked());
        assert!(store.floor() >= federation.store.floor(), "the floor never sinks");
        if matches!(answer, Ok(Accepted::New { .. })) {
            let stored = store.to_bytes();
            assert_eq!(Store::from_bytes(&stored).expect("what is held was admitted").to_bytes(), stored);
            verify(&store, &federation.license);
            let again = store.apply(&object, federation.world.asked());
            assert!(matches!(again, Ok(Accepted::Known { .. })), "a second offer changes nothing: {again:?}");
        }
    }
    Corpus::Keep
});

fn sign(object_type: ObjectType, payload: &[u8], key: &SecretKey) -> Option<Vec<u8>> {
    Draft::new(object_type, payload.to_vec(), key.public_key()).ok()?.sign(key, &[]).ok()
}

/// A status list, whatever its header and body are.
fn list(input: &[u8], key: &SecretKey) -> Option<Vec<u8>> {
    let (length, rest) = input.split_first_chunk::<2>()?;
    let (header, body) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let envelope = sign(ObjectType::Status, header, key)?;
    let mut writer = Writer::new();
    writer.array(2);
    writer.item(&envelope);
    writer.bytes(body);
    writer.finish().ok()
}

/// Every question has an answer, and nothing that says it is valid does so without a whole procedure.
fn verify(store: &Store, license: &[u8]) {
    let verifier = Verifier::new(store, Policy::counter(None));
    let report = verifier.verify(license, FEDERATION.world.clock());
    let passed = report.steps().outcomes().all(|(_, outcome)| outcome.reason().is_none());
    assert_eq!(report.verdict() == Verdict::Valid, passed);
    assert!(report.verdict() != Verdict::Valid || report.license().is_some());
    for (_, outcome) in report.steps().outcomes() {
        let _ = outcome.reason().map(|reason| reason.text(Language::Zh));
    }
}
