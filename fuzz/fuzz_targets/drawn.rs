//! Lists that are drawn from the fuzzer's bytes: whatever the bytes are, they say which positions have which state, and what became of them.

use std::collections::BTreeMap;

use zhengyin::claims::StatusPointer;
use zhengyin::claims::id::CreditCode;
use zhengyin::envelope::ObjectType;
use zhengyin::issue::Draft;
use zhengyin::status::{Cause, LicenseHistory, Spell, State, StatusHeader, StatusList, WrittenBody};
use zhengyin::suite::{HashAlgorithm, SecretKey};
use zhengyin::time::{Day, Timestamp};

/// So that a hundred lists a second are written, and blocks are still several.
const LONGEST: u32 = 6_000;

/// Takes numbers off the front; zeros when there is nothing left.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl Bytes<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    pub(crate) fn short(&mut self) -> u32 {
        u32::from(self.byte()) << 8 | u32::from(self.byte())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What became of positions.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    pub(crate) length: u32,
    pub(crate) histories: BTreeMap<u32, LicenseHistory>,
}

impl Facts {
    /// Some changes, of what is said already or of nothing: single positions, stretches, and combs.
    pub(crate) fn change(&mut self, bytes: &mut Bytes<'_>, steps: u8) {
        self.length = self.length.max(bytes.short().min(LONGEST));
        for _ in 0..steps {
            if bytes.is_empty() {
                return;
            }
            let shape = bytes.byte();
            let (from, count) = (bytes.short(), 1 + u32::from(bytes.byte()) * u32::from(shape & 7));
            let step = 1 + u32::from(shape >> 3);
            let history = history(bytes);
            for at in (0..count).map(|at| from + at * step).take_while(|at| *at < self.length) {
                self.histories.insert(at, history.clone());
            }
        }
    }

    fn states(&self) -> impl Iterator<Item = (u32, State)> {
        self.histories.iter().map(|(at, history)| (*at, history.state))
    }

    /// The body, with details or without.
    pub(crate) fn written(&self, detailed: bool) -> Option<WrittenBody> {
        if detailed {
            let all: Vec<_> = self.histories.iter().map(|(at, history)| (*at, history.clone())).collect();
            WrittenBody::write_detailed(self.length, 1, &all, HashAlgorithm::Sha256).ok()
        } else {
            WrittenBody::write(self.length, self.states(), HashAlgorithm::Sha256).ok()
        }
    }

    /// The list, signed by somebody.
    #[allow(dead_code, reason = "one of the targets that share this file asks for bodies alone")]
    pub(crate) fn list(&self, seq: u64, detailed: bool) -> Option<Vec<u8>> {
        let body = self.written(detailed)?;
        let issued = Timestamp::new(1_790_000_000 + i64::try_from(seq).expect("small"))?;
        let header = StatusHeader {
            authority: CreditCode::parse("11990100MB0000000P").expect("a code"),
            list: 1,
            seq,
            issued,
            next_update: issued.saturating_add(86_400),
            length: self.length,
            layers: body.layers,
            root: body.root,
            previous_root: None,
            epoch: 0,
            details: body.details,
            log_head: None,
        };
        let key = SecretKey::from_seed(&[7; 32]).expect("a key");
        let draft =
            Draft::new(ObjectType::Status, header.encode().expect("what was written"), key.public_key()).ok()?;
        StatusList::assemble(&draft.sign(&key, &[]).expect("signs"), &body.bytes).ok()
    }
}

fn day(days: u32) -> Day {
    Day::new(i64::from(days)).expect("in range")
}

/// A history in which times follow one another, as the writer wants it.
fn history(bytes: &mut Bytes<'_>) -> LicenseHistory {
    let kind = bytes.byte();
    let state = State::from_number(kind & 7).unwrap_or(State::InForce);
    // The first day that a spell may begin on is the second of 1970.
    let mut at = 1 + bytes.short();
    let cause = |bytes: &mut Bytes<'_>| Cause::from_number(bytes.byte() % 64).expect("in range");
    let mut past = Vec::new();
    for _ in 0..(kind >> 3) & 3 {
        let from = at;
        at += u32::from(bytes.byte());
        let state = State::from_number(1 + bytes.byte() % 6).expect("in range");
        past.push(Spell { state, from: day(from), until: day(at), cause: cause(bytes) });
        at += u32::from(bytes.byte());
    }
    let mut history = LicenseHistory { past, ..LicenseHistory::of(state, None) };
    if !matches!(state, State::InForce | State::Void) {
        history.cause = cause(bytes);
        history.since = (kind & 0x40 == 0).then(|| day(at));
        if history.since.is_none() {
            history.past.clear();
        }
        if state == State::Superseded && kind & 0x80 != 0 {
            history.successor = Some(StatusPointer { list: u64::from(bytes.byte() % 4), index: bytes.short().into() });
        }
    }
    history
}
