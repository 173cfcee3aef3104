//! What this home knows of its federation: enough to tell, before anything leaves, what a verifier would say of it.

use crate::files;
use crate::home::{self, Home};
use crate::output::{Failure, say};
use crate::stores::StoreFile;
use std::path::{Path, PathBuf};
use zhengyin::envelope::{Expected, MultiEnvelope, ObjectType};
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::store::{Pin, Store};
use zhengyin::time::TimeWindow;

/// A store of what was published here, under the newest trust list: the one that was built here, else the one that this home's verifier
/// holds. `None` if there is none yet.
pub(crate) fn store(home: &Home) -> Result<Option<Store>, Failure> {
    let mut store = trust(home)?;
    if let Some(store) = &mut store {
        for path in published(home)? {
            // What does not fit under this trust list is refused here as it is by every verifier, and so is what is older than the held.
            let _ = store.apply(&files::read(&path, MAX_TRUST_OBJECT)?, always());
        }
    }
    Ok(store)
}

/// The newest trust list alone.
pub(crate) fn trust(home: &Home) -> Result<Option<Store>, Failure> {
    match home::numbered(&home.federation(), "trust")?.pop() {
        Some((_, path)) => pinned_to(&path).map(Some),
        None => verifiers(home),
    }
}

/// [`store`], or what to do where no trust list is known.
pub(crate) fn demand(home: &Home) -> Result<Store, Failure> {
    store(home)?.ok_or_else(|| {
        let shown = home.root().display();
        Failure::new(say!(
            "{shown} 里没有互认清单：请收入联邦的清单（trust check FILE --publish），或建立第一份",
            "there is no trust list in {shown}: take in the federation's (trust check FILE --publish), or build the first"
        ))
            .next(home.command("trust build --federation NAME --signer OPERATOR=KEY"))
    })
}

/// What was published in this home is not asked again whether it is from the future, or has expired since.
const fn always() -> TimeWindow {
    TimeWindow::unasked()
}

/// A store that believes the trust list in a file, because it was built here or a person names it.
pub(super) fn pinned_to(path: &Path) -> Result<Store, Failure> {
    let shown = path.display();
    let unusable = || Failure::new(say!("无法使用互认清单 {shown}", "the trust list {shown} cannot be used"));
    let bytes = files::read(path, MAX_TRUST_OBJECT)?;
    let envelope = MultiEnvelope::parse(&bytes, Expected::Type(ObjectType::Trust))
        .map_err(|error| unusable().because(say!("{error}", "{error}")))?;
    let mut store = Store::new(Pin::new(envelope.object_digest()));
    store.apply(&bytes, always()).map_err(|refusal| unusable().because(super::reason_text(refusal.reason)))?;
    Ok(store)
}

pub(super) fn verifiers(home: &Home) -> Result<Option<Store>, Failure> {
    let store = StoreFile::at(home.verifier_store()).read()?;
    Ok(store.filter(|store| store.trust().is_some()))
}

/// Directories and status lists that were published here: of each the newest, parents first.
pub(crate) fn published(home: &Home) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = Vec::new();
    for province in files::list(&home.provinces())? {
        paths.extend(home::numbered(&province, "directory")?.pop().map(|(_, path)| path));
    }
    for authority in files::list(&home.authorities())? {
        paths.extend(home::newest_lists(&authority)?.into_values().map(|(_, path)| path));
    }
    Ok(paths)
}
