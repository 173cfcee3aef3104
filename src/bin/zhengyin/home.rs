//! The folder in which an operator's and a verifier's things stay, and what stands where in it.
//!
//! ```text
//! federation/trust-SEQ.zyt            every trust list that was built here
//! provinces/99/root.pem               the key of a province's root, encrypted; the owner's alone, as all keys
//! provinces/99/anchor.der             its certificate
//! provinces/99/province.json          what the trust list says of the province
//! provinces/99/directory-SEQ.zyt      every directory that was published
//! authorities/CODE/USE/key.pem        an authority's key for one use (license, status …); key.ref, or root.ref, where the key is elsewhere
//! authorities/CODE/USE/certificate.der
//! authorities/CODE/USE/entry.json     what the directory says of it
//! authorities/CODE/status-LIST-SEQ.zyt    every status list that was published
//! authorities/CODE/delta-LIST-SINCE-SEQ.zyt    what changed from one of them to a later one; can be made again
//! register.sqlite                     which position was given to which license, and what became of it; its log and lock beside it
//! types/NAME.json                     definitions of license types, beside those that are shipped
//! out/                                what is handed out: licenses, packs
//! lock                                one process at a time changes things here
//! config                              what a verifier is told once: `region = 990100`
//! store/trust.store                   what a verifier holds; `trust.store.lock` beside it is its writer's lock
//! store/trust.store.lists/            the bodies of its large status lists
//! ```
//!
//! A folder in `provinces` or under an authority appears whole or not at all; a published object is never replaced.

use crate::files::{self, Access, Lock};
use crate::output::{Failure, say};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::{CreditCode, RegionPrefix};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Home {
    root: PathBuf,
}

impl Home {
    /// `--home`, else `ZHENGYIN_HOME`, else `zhengyin` in the user's data folder.
    pub(crate) fn find(asked: Option<&Path>, environment: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let absolute = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let root = asked
            .map(Path::to_path_buf)
            .or_else(|| environment("ZHENGYIN_HOME").filter(|home| !home.is_empty()).map(PathBuf::from))
            .or_else(|| absolute("XDG_DATA_HOME").map(|data| data.join("zhengyin")))
            .or_else(|| absolute("HOME").map(|home| home.join(".local/share/zhengyin")))
            .or_else(|| absolute("APPDATA").map(|data| data.join("zhengyin")));
        root.map(|root| Home { root }).ok_or_else(|| {
            Failure::new(say!("不知道数据文件夹在哪里", "there is no telling where the data folder is"))
                .next("zhengyin --home DIR …")
        })
    }

    /// The home in this folder.
    pub(crate) const fn at(root: PathBuf) -> Self {
        Home { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folder; nobody else may look into it.
    pub(crate) fn make(&self) -> Result<(), Failure> {
        files::make_folder(&self.root, Access::Private)
    }

    /// A folder in the home, made if it is not there.
    pub(crate) fn make_within(&self, path: &Path) -> Result<(), Failure> {
        self.make()?;
        files::make_folder(path, Access::Private)
    }

    /// Held while something in the home is changed.
    pub(crate) fn lock(&self) -> Result<Lock, Failure> {
        self.make()?;
        files::lock(&self.root.join("lock"))
    }

    pub(crate) fn federation(&self) -> PathBuf {
        self.root.join("federation")
    }

    pub(crate) fn provinces(&self) -> PathBuf {
        self.root.join("provinces")
    }

    pub(crate) fn province(&self, code: RegionPrefix) -> PathBuf {
        self.provinces().join(code.as_str())
    }

    pub(crate) fn authorities(&self) -> PathBuf {
        self.root.join("authorities")
    }

    pub(crate) fn authority(&self, code: CreditCode) -> PathBuf {
        self.authorities().join(code.as_str())
    }

    /// The issuing register of every authority here.
    pub(crate) fn register(&self) -> PathBuf {
        self.root.join("register.sqlite")
    }

    /// What this home's verifier holds.
    pub(crate) fn verifier_store(&self) -> PathBuf {
        self.root.join("store").join("trust.store")
    }

    /// Definitions of license types of this home's own.
    pub(crate) fn types(&self) -> PathBuf {
        self.root.join("types")
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    /// A command line that works on this home, wherever it was found.
    pub(crate) fn command(&self, words: &str) -> String {
        format!("zhengyin --home {} {words}", files::quoted(&self.root))
    }
}

/// The numbered files `NAME-SEQ.zyt` of a folder, ascending by number.
pub(crate) fn numbered(folder: &Path, name: &str) -> Result<Vec<(u64, PathBuf)>, Failure> {
    let number = |path: &Path| {
        let stem = path.file_name()?.to_str()?.strip_suffix(".zyt")?;
        stem.strip_prefix(name)?.strip_prefix('-')?.parse().ok()
    };
    let mut found: Vec<(u64, PathBuf)> =
        files::list(folder)?.into_iter().filter_map(|path| Some((number(&path)?, path))).collect();
    found.sort();
    Ok(found)
}

/// An authority's newest status list of each number.
pub(crate) fn newest_lists(authority: &Path) -> Result<BTreeMap<u64, (u64, PathBuf)>, Failure> {
    let numbers = |path: &Path| {
        let stem = path.file_name()?.to_str()?.strip_suffix(".zyt")?;
        let (list, seq) = stem.strip_prefix("status-")?.split_once('-')?;
        Some((list.parse().ok()?, seq.parse().ok()?))
    };
    let mut newest = BTreeMap::new();
    for path in files::list(authority)? {
        let Some((list, seq)) = numbers(&path) else { continue };
        if newest.get(&list).is_none_or(|(held, _)| *held < seq) {
            newest.insert(list, (seq, path));
        }
    }
    Ok(newest)
}

/// Where the object with this number stands in its folder.
pub(crate) fn numbered_path(folder: &Path, name: &str, seq: u64) -> PathBuf {
    folder.join(format!("{name}-{seq:06}.zyt"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Home;
    use std::path::Path;

    #[test]
    fn what_was_asked_for_then_the_data_folder() {
        let with = |asked: Option<&str>, set: &[(&str, &str)]| {
            let environment = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            Home::find(asked.map(Path::new), environment).map(|home| home.root().display().to_string()).ok()
        };
        assert_eq!(with(Some("x"), &[("HOME", "/h")]).unwrap(), "x");
        assert_eq!(with(None, &[("HOME", "/h"), ("ZHENGYIN_HOME", "y")]).unwrap(), "y");
        assert_eq!(with(None, &[("HOME", "/h"), ("ZHENGYIN_HOME", "")]).unwrap(), "/h/.local/share/zhengyin");
        assert_eq!(with(None, &[("HOME", "/h"), ("XDG_DATA_HOME", "/d")]).unwrap(), "/d/zhengyin");
        assert_eq!(with(None, &[("HOME", "/h"), ("XDG_DATA_HOME", "relative")]).unwrap(), "/h/.local/share/zhengyin");
        assert_eq!(with(None, &[]), None);
    }
}
