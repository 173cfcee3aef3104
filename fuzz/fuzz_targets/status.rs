//! Status lists: a list that passes every check is the one that its writer writes for the same states.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zhengyin::status::{Standing, StatusHeader, StatusList, WrittenBody};
use zhengyin::suite::HashAlgorithm;

/// Longer lists are looked at here and there, shorter ones whole.
const WHOLE: u32 = 20_000;

fuzz_target!(|data: &[u8]| {
    let Ok(list) = StatusList::parse(data) else { return };
    let header = list.claimed_header();
    assert_eq!(header.encode().as_deref(), Ok(list.envelope().claimed_payload()), "read and written are the same");
    assert_eq!(StatusHeader::parse(list.envelope().claimed_payload()).as_ref(), Ok(header));
    let body = list.claimed_body();
    // Whatever the bytes are, an answer comes back.
    for index in [0, 1, u64::from(header.length / 2), u64::from(header.length), u64::MAX] {
        let _ = body.standing(index);
    }
    let _ = list.verify_body();
    if list.check_body().is_err() {
        return;
    }
    let length = header.length;
    assert_eq!(body.standing(u64::from(length)), Ok(Standing::OutOfRange));
    assert_eq!(body.resurrected(body), Ok(None), "nothing comes to life in the same list");
    if length > WHOLE || header.details.is_some() {
        return;
    }
    let states = (0..length).map(|index| match body.standing(u64::from(index)) {
        Ok(Standing::State(state)) => (index, state),
        other => panic!("{index}: {other:?} in a list that passed"),
    });
    let written = WrittenBody::write(length, states, HashAlgorithm::Sha256).expect("its states can be written");
    assert_eq!(written.bytes, list.body_bytes());
    assert_eq!(written.layers, header.layers);
    assert_eq!(list.verify_body().is_ok(), written.root == header.root);
});
