//! Packs: whatever is in one, each object is answered for, the order changes nothing, and what is held survives being stored.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zhengyin::cbor::Items;
use zhengyin::envelope::{Envelope, Expected, MultiEnvelope, ObjectType};
use zhengyin::status::StatusList;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::sha256;
use zhengyin::time::{TimeWindow, Timestamp};
use zhengyin::trust::{Directory, TrustList};

/// The base time of the demonstration federation, whose pack is a seed.
const BASE: i64 = 1_790_820_000;

fuzz_target!(|data: &[u8]| {
    let items: Vec<&[u8]> = Items::new(data).map_while(Result::ok).collect();
    let lists: Vec<TrustList> = items.iter().filter_map(|item| read(item)).collect();
    // Whoever signs the first list that can be read is believed: so that more than its signature is asked.
    let pin = lists.first().map_or(Pin::new(sha256(b"nobody")), |list| Pin::new(list.signers_pin()));
    let window = TimeWindow::at(Timestamp::new(BASE).expect("a time"));
    let mut store = Store::new(pin);
    let Ok(answers) = store.apply_pack(data, window) else { return };
    assert_eq!(answers.len(), items.len());
    let stored = store.to_bytes();
    let again = Store::from_bytes(&stored).expect("what is held was admitted");
    assert_eq!(again.to_bytes(), stored);

    let mut backwards = Store::new(pin);
    let pack: Vec<u8> = items.iter().rev().flat_map(|item| item.iter().copied()).collect();
    backwards.apply_pack(&pack, window).expect("the same items");
    let held = |store: &Store| {
        let directories: Vec<_> = store.directories().map(|held| held.digest()).collect();
        let lists: Vec<_> = store.statuses().map(|held| held.digest()).collect();
        (store.trust().map(|held| held.digest()), directories, lists, store.floor())
    };
    assert_eq!(held(&store), held(&backwards));
});

/// Reads an object by its type: what a payload says is written as the same bytes.
fn read(item: &[u8]) -> Option<TrustList> {
    if let Ok(envelope) = MultiEnvelope::parse(item, Expected::Type(ObjectType::Trust)) {
        let list = TrustList::parse(envelope.claimed_payload()).ok()?;
        assert_eq!(list.encode().as_deref(), Ok(envelope.claimed_payload()));
        return Some(list);
    }
    if let Ok(envelope) = Envelope::parse(item, Expected::Type(ObjectType::Issuers))
        && let Ok(directory) = Directory::parse(envelope.claimed_payload())
    {
        assert_eq!(directory.encode().as_deref(), Ok(envelope.claimed_payload()));
    }
    let _ = StatusList::parse(item).map(|list| list.check_body());
    None
}
