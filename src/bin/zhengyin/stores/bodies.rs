//! The bodies of large status lists, each in a file of its own in a folder beside the store's, named by its root.
//!
//! They are durable before the store that names them is, and those that no store names any more go after it was replaced. So whenever a
//! process stops, every body that the store names is there, and at most some more.

use crate::files::{self, Access};
use crate::output::Failure;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use zhengyin::store::{BodyFile, BodyName, Store};

/// The folder of the bodies: `trust.store.lists` for `trust.store`.
#[derive(Clone, Debug)]
pub(super) struct Bodies {
    folder: PathBuf,
}

/// `3b1f…e9`, 64 hexadecimal digits.
fn file_name(name: &BodyName) -> String {
    name.root.to_string()
}

/// Is it a name that we give, or that of a file which was about to get one?
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let (root, rest) = name.split_at_checked(64).unwrap_or_default();
    root.len() == 64
        && root.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (rest.is_empty() || rest.starts_with('.') && rest.ends_with(".part"))
}

impl Bodies {
    pub(super) fn beside(store: &Path) -> Self {
        let mut folder = store.as_os_str().to_owned();
        folder.push(".lists");
        Self { folder: folder.into() }
    }

    /// The file of a body, mapped; `None` where there is none of that length. What stands in it is looked at when it is asked.
    pub(super) fn open(&self, name: &BodyName) -> Option<BodyFile> {
        files::map(&self.folder.join(file_name(name)), name.size).map(BodyFile::new)
    }

    /// Makes every body durable that is in memory. A file of that name is replaced whatever is in it: what was left of a process that
    /// died is worth nothing.
    pub(super) fn write(&self, store: &Store) -> Result<(), Failure> {
        let mut is_made = false;
        for held in store.statuses() {
            let (Some(name), Some([body, inner])) = (held.body_name(), held.body_to_write()) else { continue };
            if !is_made {
                files::make_durable_folder(&self.folder)?;
                is_made = true;
            }
            files::replace_with(&self.folder.join(file_name(&name)), &[&body, &inner], Access::Sealed)?;
        }
        Ok(())
    }

    /// Files that a store does not name, and that have our names.
    pub(super) fn superfluous(&self, store: &Store) -> Vec<PathBuf> {
        let named: BTreeSet<PathBuf> = store
            .statuses()
            .filter_map(|held| held.body_name())
            .map(|name| self.folder.join(file_name(&name)))
            .collect();
        let mut found = files::list(&self.folder).unwrap_or_default();
        found.retain(|path| is_ours(path) && !named.contains(path));
        found
    }

    /// Removes what the store that is durable now does not name; only for who holds the writer's lock. Whoever has one of them mapped keeps
    /// it; whoever still holds the store before and finds one gone reads the store again.
    pub(super) fn clear(&self, store: &Store) {
        self.superfluous(store).iter().for_each(|path| files::remove(path));
        // Only if it is empty.
        files::remove_empty_folder(&self.folder);
    }
}
