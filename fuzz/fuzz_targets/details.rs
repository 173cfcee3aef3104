//! Details: what became of each position, and when. Input: a zero and a list as it is; or histories to be drawn, and what is done to the body.
#![no_main]

mod drawn;

use drawn::{Bytes, Facts};
use libfuzzer_sys::fuzz_target;
use zhengyin::status::{Body, LicenseHistory, OnDay, Standing, State, StatusList, WrittenBody};
use zhengyin::suite::HashAlgorithm;
use zhengyin::time::Day;

/// Longer lists are looked at here and there, shorter ones whole: asking for a history reads its block, which may hold all others.
const WHOLE: u32 = 1_000;

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let steps = bytes.byte();
    if steps == 0 {
        let Ok(list) = StatusList::parse(bytes.0) else { return };
        look(list.claimed_body(), list.claimed_header().length, list.claimed_header().list, list.body_bytes());
        return;
    }
    let mut facts = Facts::default();
    facts.change(&mut bytes, steps);
    let mut written = facts.written(true).expect("histories that follow one another can be written");
    let details = written.details;
    let body = Body::parse(facts.length, &written.layers, details.as_ref(), &written.bytes).expect("what was written");
    assert_eq!(body.check(), Ok(()));
    let step = 1 + facts.histories.len() / 100;
    for (at, history) in facts.histories.iter().step_by(step) {
        assert_eq!(body.standing(u64::from(*at)), Ok(Standing::State(history.state)));
        assert_eq!(body.history(1, u64::from(*at)).as_ref(), Ok(&Some(history.clone())), "position {at}");
        // A day before everything, and one after.
        let (first, last) = (history.on(Day::new(-1).expect("a day")), history.on(Day::new(200_000).expect("a day")));
        assert!(history.state != State::Void || first == OnDay::State(State::Void));
        assert!(history.state != State::InForce || last == OnDay::State(State::InForce), "{history:?}: {last:?}");
    }
    let original = written.bytes.clone();
    while !bytes.is_empty() && !written.bytes.is_empty() {
        let at = bytes.short() as usize % written.bytes.len();
        written.bytes[at] ^= bytes.byte();
    }
    let Ok(body) = Body::parse(facts.length, &written.layers, details.as_ref(), &written.bytes) else { return };
    assert_eq!(body.verify(HashAlgorithm::Sha256, &written.root).is_ok(), written.bytes == original);
    look(&body, facts.length, 1, &written.bytes);
});

/// Whatever the bytes are, an answer comes back; what the strict reader takes is what the writer writes of it.
fn look(body: &Body<'_>, length: u32, list: u64, bytes: &[u8]) {
    let step = (length / 50).max(1) as usize;
    for at in (0..length).step_by(step).map(u64::from).chain([u64::from(length), u64::MAX]) {
        let _ = body.history(list, at);
    }
    if body.check().is_err() || length > WHOLE {
        return;
    }
    let told: Option<Vec<(u32, LicenseHistory)>> = (0..length)
        .map(|at| Some((at, body.history(list, u64::from(at)).expect("a body that passed answers")?)))
        .collect();
    let Some(told) = told else { return };
    if !told.is_empty() {
        let again = WrittenBody::write_detailed(length, list, &told, HashAlgorithm::Sha256).expect("can be written");
        assert_eq!(again.bytes, bytes);
    }
}
