//! Deltas. Input: a zero, the length of a list in two bytes, the list and a delta as they are; or two lists to be drawn, and what is done to the
//! delta between them.
#![no_main]

mod drawn;

use drawn::{Bytes, Facts};
use libfuzzer_sys::fuzz_target;
use zhengyin::status::{StatusDelta, StatusList};

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let steps = bytes.byte();
    if steps == 0 {
        let length = bytes.short() as usize;
        let Some((list, delta)) = bytes.0.split_at_checked(length) else { return };
        let _ = apply(list, delta);
        return;
    }
    let (details_before, details_after) = (steps & 1 == 1, steps & 2 == 2);
    let mut facts = Facts::default();
    facts.change(&mut bytes, 1 + (steps >> 4));
    let Some(old) = facts.list(1, details_before) else { return };
    facts.change(&mut bytes, 1 + (steps >> 2 & 3));
    let Some(new) = facts.list(2, details_after) else { return };
    let (before, after) = (StatusList::parse(&old).expect("a list"), StatusList::parse(&new).expect("a list"));
    let delta = StatusDelta::make(&before, &after).expect("there is a delta between any two");
    assert_eq!(apply(&old, &delta).as_deref(), Some(&new[..]), "it gives the new list to the byte");
    assert_eq!(apply(&new, &delta), None, "it starts from one list and no other");
    let back = StatusDelta::make(&after, &before).ok();
    // Positions may be gone on the way back: then there is no delta.
    assert!(back.is_none_or(|back| apply(&new, &back).as_deref() == Some(&old[..])));

    let envelope = after.envelope().bytes();
    let header = delta.windows(envelope.len()).position(|window| window == envelope).expect("it carries the header");
    let mut changed = delta.clone();
    while !bytes.is_empty() {
        let (at, change) = (bytes.short() as usize % delta.len(), bytes.byte());
        if !(header..header + envelope.len()).contains(&at) {
            changed[at] ^= change;
        }
    }
    if changed != delta {
        assert_eq!(apply(&old, &changed), None, "a set has one encoding, and a header one body");
    }
});

/// What a delta makes of a list, if anything: a list that has the root which its header states.
fn apply(list: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let list = StatusList::parse(list).ok()?;
    let delta = StatusDelta::parse(delta).ok()?;
    list.verify_body().and_then(|()| list.check_body()).ok()?;
    let bytes = delta.apply(&list).ok()?;
    let rebuilt = StatusList::parse(&bytes).expect("what was rebuilt is a list");
    rebuilt.verify_body().expect("with the root of its header");
    assert_eq!(rebuilt.envelope().bytes(), delta.envelope().bytes());
    Some(bytes)
}
