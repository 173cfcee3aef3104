//! The folder `test-vectors/`: one file a case, one a shared object.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use zhengyin::reason::{Axis, Class, Language, Reason};
use zhengyin::suite::sha256;

use super::case::{Cases, FORMAT};
use super::json::{Json, hex};

/// Objects by the names of their files.
#[derive(Default)]
pub(crate) struct Objects(BTreeMap<String, Vec<u8>>);

impl Objects {
    /// The name of an object: what it is, and the beginning of the SHA-256 of its bytes.
    pub(crate) fn name(&mut self, bytes: &[u8]) -> String {
        let kind = match bytes {
            [0xd8, 98, ..] => "trust-list",
            [0x82, ..] => "status-list",
            [0x84, 0x82, ..] => "status-delta",
            bytes if bytes.windows(7).any(|window| window == b"issuers") => "directory",
            _ => "object",
        };
        let name = format!("{kind}-{}", hex(&sha256(bytes).as_bytes()[..8]));
        assert!(self.0.insert(name.clone(), bytes.into()).is_none_or(|known| known == bytes));
        name
    }
}

/// Writes everything anew; a file that no case gives rise to any more is taken away.
///
/// The cases of SM2 differ from others in their bytes alone: they stand one on a line, with their objects, in a file for each group.
pub(crate) fn write(folder: &Path, cases: &Cases, of_sm2: &Cases) -> std::io::Result<()> {
    let mut files: BTreeMap<PathBuf, String> = BTreeMap::new();
    for case in &cases.done {
        files.insert(folder.join("cases").join(case.group).join(format!("{}.json", case.name)), case.body.file());
    }
    for case in &of_sm2.done {
        let path = folder.join("sm2").join(format!("{}.jsonl", case.group));
        *files.entry(path).or_default() += &format!("{}\n", case.body.inline());
    }
    let named = of_sm2.objects.0.iter().filter(|(name, _)| !cases.objects.0.contains_key(*name));
    files.insert(
        folder.join("sm2/objects.txt"),
        named.map(|(name, bytes)| format!("{name} {}\n", hex(bytes))).collect(),
    );
    for (name, bytes) in &cases.objects.0 {
        files.insert(folder.join("objects").join(format!("{name}.hex")), lines(&hex(bytes)));
    }
    files.insert(folder.join("reasons.json"), reasons().file());
    for (path, text) in &files {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        if fs::read_to_string(path).ok().as_ref() != Some(text) {
            fs::write(path, text)?;
        }
    }
    let ours: BTreeSet<&PathBuf> = files.keys().collect();
    for part in ["cases", "objects", "sm2"] {
        for path in all(&folder.join(part))? {
            if !ours.contains(&path) {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

/// A digit string in lines of 128.
fn lines(digits: &str) -> String {
    digits.as_bytes().chunks(128).map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect()
}

fn all(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(all(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

/// The table of grounds, for those who do not read Rust.
fn reasons() -> Json {
    let reasons = Reason::ALL.iter().map(|reason| {
        let class = match reason.class() {
            Class::Invalid => "invalid",
            Class::Undetermined => "undetermined",
        };
        Json::map([
            ("number", i64::from(reason.number()).into()),
            ("symbol", reason.symbol().into()),
            ("class", class.into()),
            ("axis", reason.axis().map(Axis::name).into()),
            ("word", reason.word().into()),
            ("result_code", i64::from(reason.result_code()).into()),
            ("zh", reason.text(Language::Zh).into()),
            ("en", reason.text(Language::En).into()),
        ])
    });
    Json::map([("format", FORMAT.into()), ("reasons", Json::list(reasons))])
}
