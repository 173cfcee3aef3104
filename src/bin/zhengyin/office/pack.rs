//! What travels to verifiers.

use super::deltas::{self, Carried, Since};
use super::known;
use crate::files;
use crate::home::{self, Home};
use crate::output::{Failure, say};
use std::path::{Path, PathBuf};
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::pack;
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::status::StatusList;
use zhengyin::store::Store;
use zhengyin::time::{TimeWindow, Timestamp};

/// A pack has so many objects at most (format.md §10).
const MAX_OBJECTS: usize = 4_096;

/// A pack, and what a store holds that took it in and held what `--since` names.
#[derive(Clone, Debug)]
pub(crate) struct Pack {
    pub(crate) bytes: Vec<u8>,
    pub(crate) store: Store,
    /// Lists that were asked for as deltas.
    pub(crate) shortened: Vec<Shortened>,
    /// Files that no store takes: they were left out.
    pub(crate) refused: Vec<(PathBuf, zhengyin::reason::Reason)>,
}

/// A list that goes as deltas, or whole where that is shorter.
#[derive(Clone, Debug)]
pub(crate) struct Shortened {
    pub(crate) authority: CreditCode,
    pub(crate) list: u64,
    pub(crate) seq: u64,
    /// Bytes of the whole list.
    pub(crate) whole: usize,
    pub(crate) carried: Carried,
}

/// Puts together everything that was published in this home, and other objects from files: every trust list, and of directories and status
/// lists the newest, these as deltas from what verifiers hold `since` then. What a store under these trust lists refuses is left out.
pub(crate) fn build(home: &Home, others: &[PathBuf], (since, now): (&[Since], Timestamp)) -> Result<Pack, Failure> {
    let mut store = known::demand(home)?;
    let always = TimeWindow::unasked();
    let lists = home::numbered(&home.federation(), "trust")?;
    let mut objects: Vec<Vec<u8>> = Vec::new();
    for (_, path) in &lists {
        objects.push(files::read(path, MAX_TRUST_OBJECT)?);
    }
    // A home without a list of its own hands on the one that its verifier holds.
    if let (true, Some(trust)) = (lists.is_empty(), store.trust()) {
        objects.push(trust.bytes().to_vec());
    }
    let (mut refused, mut shortened) = (Vec::new(), Vec::new());
    let published = known::published(home)?;
    let mut room =
        MAX_OBJECTS.saturating_sub(objects.len().saturating_add(published.len()).saturating_add(others.len()));
    for path in published {
        let object = files::read(&path, MAX_TRUST_OBJECT)?;
        if let Err(refusal) = store.apply(&object, always) {
            refused.push((path, refusal.reason));
            continue;
        }
        let short = if since.is_empty() { None } else { shorten(&path, &object, since, now, room)? };
        let Some(short) = short else {
            objects.push(object);
            continue;
        };
        match &short.carried {
            Carried::Whole(_) => objects.push(object),
            carried => objects.extend_from_slice(carried.deltas()),
        }
        room = room.saturating_sub(short.carried.deltas().len());
        shortened.push(short);
    }
    // What a person asks for goes in, or nothing is made.
    for path in others {
        let object = files::read(path, MAX_TRUST_OBJECT)?;
        let shown = path.display();
        store.apply(&object, always).map_err(|refusal| {
            Failure::new(say!("无法收入 {shown}", "{shown} cannot go into the pack"))
                .because(super::reason_text(refusal.reason))
                .next(format!("zhengyin inspect {}", files::quoted(path)))
        })?;
        objects.push(object);
    }
    let bytes = pack(&objects).map_err(|error| {
        Failure::new(say!("无法制作核验包", "the pack cannot be made")).because(say!("{error}", "{error}"))
    })?;
    Ok(Pack { bytes, store, shortened, refused })
}

/// How a file that was published goes to those who hold an older list; `None` for a directory.
fn shorten(
    path: &Path,
    object: &[u8],
    since: &[Since],
    now: Timestamp,
    room: usize,
) -> Result<Option<Shortened>, Failure> {
    let (Ok(parsed), Some(folder)) = (StatusList::parse(object), path.parent()) else { return Ok(None) };
    let header = parsed.claimed_header();
    let carried = deltas::way(folder, header.list, since, now, room)?;
    let (authority, list, seq) = (header.authority, header.list, header.seq);
    Ok(Some(Shortened { authority, list, seq, whole: object.len(), carried }))
}
