//! What travels to verifiers.

use super::known;
use crate::files;
use crate::home::{self, Home};
use crate::output::{Failure, say};
use std::path::PathBuf;
use zhengyin::issue::pack;
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::store::Store;
use zhengyin::time::{TimeWindow, Timestamp};

/// A pack, and what a store that took it in holds.
#[derive(Clone, Debug)]
pub(crate) struct Pack {
    pub(crate) bytes: Vec<u8>,
    pub(crate) store: Store,
    /// Files that no store takes: they were left out.
    pub(crate) refused: Vec<(PathBuf, zhengyin::reason::Reason)>,
}

/// Puts together everything that was published in this home, and other objects from files: every trust list, and of directories and status
/// lists the newest. What a store under these trust lists refuses is left out.
pub(crate) fn build(home: &Home, others: &[PathBuf]) -> Result<Pack, Failure> {
    let mut store = known::demand(home)?;
    let always = TimeWindow::at(Timestamp::MAX);
    let lists = home::numbered(&home.federation(), "trust")?;
    let mut objects: Vec<Vec<u8>> = Vec::new();
    for (_, path) in &lists {
        objects.push(files::read(path, MAX_TRUST_OBJECT)?);
    }
    // A home without a list of its own hands on the one that its verifier holds.
    if let (true, Some(trust)) = (lists.is_empty(), store.trust()) {
        objects.push(trust.bytes().to_vec());
    }
    let mut refused = Vec::new();
    for path in known::published(home)? {
        let object = files::read(&path, MAX_TRUST_OBJECT)?;
        match store.apply(&object, always) {
            Ok(_) => objects.push(object),
            Err(refusal) => refused.push((path, refusal.reason)),
        }
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
    Ok(Pack { bytes, store, refused })
}
