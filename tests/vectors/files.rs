//! The files of `test-vectors/`: cases, and the objects that they name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use super::{digits, text};

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test-vectors")
}

/// All cases in order: the files of `cases/`, then the lines of `sm2/`.
pub(super) fn all_cases() -> impl Iterator<Item = Value> {
    let mut files = Vec::new();
    for group in fs::read_dir(folder().join("cases")).unwrap() {
        for file in fs::read_dir(group.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    files.sort();
    let by_file = files.into_iter().map(|path| {
        let case: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(case["name"], path.file_stem().unwrap().to_str().unwrap(), "the file's name is the case's");
        case
    });
    by_file.chain(of_sm2())
}

/// The cases whose signatures are of SM2: one on a line. A build without it has none of them to answer.
fn of_sm2() -> Vec<Value> {
    let groups = fs::read_dir(folder().join("sm2")).unwrap().map(|file| file.unwrap().path());
    let mut groups: Vec<PathBuf> =
        groups.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl")).collect();
    groups.sort();
    let lines = groups.iter().flat_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    });
    lines.collect()
}

/// The objects of those: a name and its bytes on each line.
pub(super) fn objects_of_sm2() -> &'static BTreeMap<String, String> {
    static OBJECTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    OBJECTS.get_or_init(|| {
        let text = fs::read_to_string(folder().join("sm2/objects.txt")).unwrap();
        text.lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(name, hex)| (name.to_owned(), hex.to_owned()))
            .collect()
    })
}

/// The bytes of an object.
pub(super) fn object(name: &Value) -> Vec<u8> {
    if let Some(hex) = objects_of_sm2().get(&text(name)) {
        return digits(hex);
    }
    let path = folder().join("objects").join(format!("{}.hex", text(name)));
    digits(&fs::read_to_string(path).unwrap())
}
