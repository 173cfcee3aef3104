//! Packs on their way into a store, and what became of each object in them.

use crate::files;
use crate::output::{Exit, Failure, Out, Say, bad, dim, good, pad, plain, say};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, Content};
use zhengyin::cbor::{Items, Reader};
use zhengyin::claims::id::RegionPrefix;
use zhengyin::envelope::{Envelope, Expected, MultiEnvelope, ObjectType};
use zhengyin::reason::Reason;
use zhengyin::status::{StatusDelta, StatusList};
use zhengyin::store::{Accepted, ObjectKind, Refusal, Store};
use zhengyin::time::Clock;
use zhengyin::trust::{Directory, TrustList};

/// What travels on a stick is smaller.
const MAX_PACK: usize = 512 << 20;

/// Packs that were read. All are, before the first object is offered.
pub(super) struct Packs(Vec<(PathBuf, Vec<u8>)>);

impl Packs {
    pub(super) fn read(paths: &[PathBuf]) -> Result<Self, Failure> {
        let read = |path: &PathBuf| {
            let bytes = files::read(path, MAX_PACK)?;
            Ok((path.clone(), unwrapped(bytes)))
        };
        paths.iter().map(read).collect::<Result<_, _>>().map(Packs)
    }
}

/// A pack may come as a block of text.
fn unwrapped(bytes: Vec<u8>) -> Vec<u8> {
    match Content::of(&bytes) {
        Content::Text(text) => carrier::decode(text).map_or(bytes, |decoded| decoded.bytes),
        Content::Object(_) => bytes,
    }
}

/// What became of an object.
type Answer = Result<Accepted, Refusal>;

/// A file in which there is no object of ours.
const NO_PACK: Refusal = Refusal { reason: Reason::EncodingWrongType, kind: None, seq: None };

/// The answers: for each pack those for its objects, or why it is no pack.
pub(super) struct Taken(Vec<Result<Vec<Answer>, Refusal>>);

/// Offers all packs until nothing new is taken: which of them holds the parent of an object changes nothing.
pub(super) fn offer(store: &mut Store, packs: &Packs, clock: Clock) -> Taken {
    let mut taken: Vec<Result<Vec<Answer>, Refusal>> = packs.0.iter().map(|_| Ok(Vec::new())).collect();
    loop {
        let mut changed = false;
        for ((_, pack), before) in packs.0.iter().zip(&mut taken) {
            let mut answers = store.apply_pack(pack, store.window(clock));
            if let Ok(answers) = &mut answers {
                changed |= answers.iter().any(|answer| matches!(answer, Ok(Accepted::New { .. })));
                let earlier = before.as_ref().map_or(&[][..], Vec::as_slice);
                for (answer, earlier) in answers.iter_mut().zip(earlier) {
                    // What was taken in an earlier round is known in this one, or was followed by a newer one.
                    if earlier.is_ok() {
                        *answer = *earlier;
                    }
                }
            }
            *before = answers;
        }
        if !changed || packs.0.len() < 2 {
            for ((_, pack), answers) in packs.0.iter().zip(&mut taken) {
                if let Ok(answers) = answers {
                    pass_over(answers);
                    pass_over_deltas(pack, answers);
                }
            }
            return Taken(taken);
        }
    }
}

/// A pack carries the trust lists before the newest, for verifiers that were away: who holds the newest does not need them.
fn pass_over(answers: &mut [Answer]) {
    let held = |answer: &Answer| match answer {
        Ok(
            Accepted::New { kind: ObjectKind::TrustList, seq } | Accepted::Known { kind: ObjectKind::TrustList, seq },
        ) => Some(*seq),
        _ => None,
    };
    let newest = answers.iter().filter_map(held).max();
    for answer in answers {
        if let Err(Refusal {
            reason: Reason::StoreRolledBack,
            kind: Some(kind @ ObjectKind::TrustList),
            seq: Some(seq),
        }) = *answer
            && newest.is_some_and(|newest| seq < newest)
        {
            *answer = Ok(Accepted::Known { kind, seq });
        }
    }
}

/// A chain of deltas begins with the oldest list that anybody is thought to hold: who holds a later one does not need its beginning.
fn pass_over_deltas(pack: &[u8], answers: &mut [Answer]) {
    let mut deltas = Vec::new();
    for (at, item) in Items::new(pack).enumerate() {
        let Some(delta) = item.ok().and_then(|item| StatusDelta::parse(item).ok()) else { continue };
        let header = delta.claimed_header();
        deltas.push((at, (header.authority, header.list), header.seq));
    }
    let taken = |at: usize| matches!(answers.get(at), Some(Ok(_)));
    let held: Vec<_> = deltas.iter().filter(|(at, ..)| taken(*at)).map(|(_, of, seq)| (*of, *seq)).collect();
    for (at, of, seq) in deltas {
        if let Some(answer) = answers.get_mut(at)
            && matches!(answer, Err(Refusal { reason: Reason::StoreRolledBack, .. }))
            && held.iter().any(|(owner, newer)| *owner == of && seq < *newer)
        {
            *answer = Ok(Accepted::Known { kind: ObjectKind::StatusList, seq });
        }
    }
}

impl Taken {
    /// Taken, known already, refused; a file that is no pack counts as one refused.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        let (mut new, mut known, mut refused) = (0usize, 0usize, 0usize);
        for answer in self.0.iter().flat_map(|pack| match pack {
            Ok(answers) if !holds_nothing(answers) => answers.clone(),
            Ok(_) => vec![Err(NO_PACK)],
            Err(refusal) => vec![Err(*refusal)],
        }) {
            let counter = match answer {
                Ok(Accepted::New { .. }) => &mut new,
                Ok(Accepted::Known { .. }) => &mut known,
                Err(_) => &mut refused,
            };
            *counter = counter.saturating_add(1);
        }
        (new, known, refused)
    }

    pub(super) fn exit(&self) -> Exit {
        Exit::of_all(self.0.iter().map(|pack| match pack {
            Err(_) => Exit::Invalid,
            Ok(answers) if holds_nothing(answers) => Exit::Invalid,
            Ok(answers) if answers.iter().any(Result::is_err) => Exit::RowsRefused,
            Ok(_) => Exit::Done,
        }))
    }

    /// One line an object.
    pub(super) fn tell(&self, packs: &Packs, out: &mut Out) {
        for ((path, bytes), taken) in packs.0.iter().zip(&self.0) {
            let several = packs.0.len() > 1;
            match taken {
                Err(refusal) => tell_no_pack(path, refusal.reason, out),
                Ok(answers) if holds_nothing(answers) => tell_no_pack(path, NO_PACK.reason, out),
                Ok(answers) => {
                    if several {
                        out.line(&[dim(path.display().to_string())]);
                    }
                    for (item, answer) in Items::new(bytes).zip(answers) {
                        tell_object(item.unwrap_or_default(), answer, out);
                    }
                }
            }
        }
    }

    pub(super) fn json(&self, packs: &Packs) -> Value {
        let objects = packs.0.iter().zip(&self.0).flat_map(|((path, bytes), taken)| match taken {
            Err(refusal) => vec![refused(*refusal, json!({"file": path}))],
            Ok(answers) if holds_nothing(answers) => vec![refused(NO_PACK, json!({"file": path}))],
            Ok(answers) => Items::new(bytes)
                .zip(answers)
                .map(|(item, answer)| {
                    let what = json!({"file": path, "of": claimed_owner(item.unwrap_or_default())});
                    match answer {
                        Ok(Accepted::New { kind, seq }) => with(what, "taken", *kind, *seq),
                        Ok(Accepted::Known { kind, seq }) => with(what, "known", *kind, *seq),
                        Err(refusal) => refused(*refusal, what),
                    }
                })
                .collect(),
        });
        Value::Array(objects.collect())
    }
}

/// Not one object of ours is in it: whatever it is, it is no pack.
fn holds_nothing(answers: &[Answer]) -> bool {
    let foreign = |answer: &Answer| {
        matches!(answer, Err(Refusal { kind: None, .. } | Refusal { reason: Reason::EncodingWrongType, .. }))
    };
    answers.iter().all(foreign)
}

fn with(mut what: Value, result: &str, kind: ObjectKind, seq: u64) -> Value {
    if let Value::Object(map) = &mut what {
        map.extend([
            ("result".to_owned(), json!(result)),
            ("kind".to_owned(), json!(kind.word())),
            ("seq".to_owned(), json!(seq)),
        ]);
    }
    what
}

fn refused(refusal: Refusal, mut what: Value) -> Value {
    if let Value::Object(map) = &mut what {
        map.extend([
            ("result".to_owned(), json!("refused")),
            ("kind".to_owned(), json!(refusal.kind.map(ObjectKind::word))),
            ("seq".to_owned(), json!(refusal.seq)),
            ("reason".to_owned(), json!(refusal.reason.symbol())),
            ("number".to_owned(), json!(refusal.reason.number())),
        ]);
    }
    what
}

fn tell_no_pack(path: &Path, reason: Reason, out: &mut Out) {
    let shown = path.display();
    let what = say!("{shown} 不是核验包", "{shown} is no pack");
    let what = plain(out.say(&what));
    out.line(&[bad("✗ "), what, plain("  "), dim(ground(reason, out))]);
}

fn tell_object(item: &[u8], answer: &Answer, out: &mut Out) {
    let (mark, word, kind, seq) = match answer {
        Ok(Accepted::New { kind, seq }) => (good("✓ "), say!("新增", "new"), Some(*kind), Some(*seq)),
        Ok(Accepted::Known { kind, seq }) => (dim("= "), say!("已有", "known"), Some(*kind), Some(*seq)),
        Err(refusal) => (bad("✗ "), say!("拒绝", "refused"), refusal.kind, refusal.seq),
    };
    let kind = kind.map_or(say!("未知对象", "unknown object"), name);
    let seq = seq.map_or_else(String::new, |seq| format!("#{seq}"));
    let owner = claimed_owner(item).unwrap_or_default();
    let mut line =
        vec![mark, plain(pad(out.say(&word), 9)), plain(pad(out.say(&kind), 13)), plain(pad(&seq, 7)), plain(owner)];
    if let Err(refusal) = answer {
        line.extend([plain("  "), plain(ground(refusal.reason, out))]);
    }
    out.line(&line);
}

/// `store.rolled_back (903): …`
fn ground(reason: Reason, out: &Out) -> String {
    format!("{} ({}): {}", reason.symbol(), reason.number(), reason.text(out.language))
}

/// A kind of object for people.
pub(super) fn name(kind: ObjectKind) -> Say {
    match kind {
        ObjectKind::TrustList => say!("互认清单", "trust list"),
        ObjectKind::Directory => say!("机构目录", "directory"),
        ObjectKind::StatusList => say!("吊销清单", "status list"),
    }
}

/// Whose object it claims to be: federation, province, or authority and number of the list.
fn claimed_owner(item: &[u8]) -> Option<String> {
    let status = || {
        let header = match StatusList::parse(item) {
            Ok(list) => *list.claimed_header(),
            Err(_) => *StatusDelta::parse(item).ok()?.claimed_header(),
        };
        Some(format!("{}/{}", header.authority.as_str(), header.list))
    };
    let directory = || {
        let envelope = Envelope::parse(item, Expected::Type(ObjectType::Issuers)).ok()?;
        let directory = Directory::parse(envelope.claimed_payload()).ok()?;
        Some(RegionPrefix::as_str(&directory.province).to_owned())
    };
    let trust = || {
        let envelope = MultiEnvelope::parse(item, Expected::Type(ObjectType::Trust)).ok()?;
        Some(TrustList::parse(envelope.claimed_payload()).ok()?.federation)
    };
    // Told by the first byte, so that a list of millions is not read twice in vain.
    match Reader::new(item).kind().ok()? {
        zhengyin::cbor::Kind::Array => status(),
        _ => directory().or_else(trust),
    }
}
