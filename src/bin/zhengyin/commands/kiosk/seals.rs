//! The seals that a kiosk knows: a code has room for a stamp, and none for the seal that it was made with.

use crate::files;
use crate::output::{Failure, say};
use std::collections::BTreeMap;
use std::path::Path;
use zhengyin::claims::{Stamp, StampFile};
use zhengyin::limits::MAX_STAMP_FILE;
use zhengyin::suite::Digest;

/// Seals by their object digests, as little trusted as those that come with stamps.
#[derive(Default)]
pub(super) struct Seals(BTreeMap<Digest, Vec<u8>>);

impl Seals {
    /// A file of seals, or a folder of them.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let mut seals = Self::default();
        let Some(path) = path else { return Ok(seals) };
        let is_seals = |path: &Path| path.extension().is_some_and(|ending| ending == "zye" || ending == "zys");
        let paths = match path.is_dir() {
            true => files::list(path)?.into_iter().filter(|path| is_seals(path)).collect(),
            false => vec![path.to_owned()],
        };
        for path in &paths {
            seals.add(path)?;
        }
        if seals.0.is_empty() {
            let shown = path.display();
            return Err(Failure::new(say!("{shown} 中没有印章", "there is no seal in {shown}"))
                .next("zhengyin kiosk --seals seals"));
        }
        Ok(seals)
    }

    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let bytes = files::read(path, MAX_STAMP_FILE)?;
        let shown = path.display();
        let file = StampFile::parse(&bytes).map_err(|error| {
            Failure::new(say!("{shown} 不是印章文件", "{shown} is no file of seals"))
                .because(say!("{error}", "{error}"))
        })?;
        for seal in &file.seals {
            // Copies differ in their signatures: all are tried.
            let copies = self.0.entry(seal.object_digest()).or_default();
            if copies.len() < MAX_STAMP_FILE {
                copies.extend(seal.bytes());
            }
        }
        Ok(())
    }

    /// Those that stamps name.
    pub(super) fn of(&self, stamps: &[u8]) -> Vec<u8> {
        let Ok(file) = StampFile::parse(stamps) else { return Vec::new() };
        let named = file.stamps.iter().filter_map(|stamp| Some(Stamp::parse(stamp).ok()?.claimed().seal));
        let mut named: Vec<Digest> = named.collect();
        named.sort_unstable();
        named.dedup();
        named.iter().filter_map(|digest| self.0.get(digest)).flatten().copied().collect()
    }
}
