#![allow(clippy::unwrap_used)]
use super::*;
use std::os::unix::fs::PermissionsExt;

/// A folder of this test's own, removed when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("zhengyin-files-{:016x}", crate::secrets::random_u64().unwrap()));
        make_folder(&path, Access::Private).unwrap();
        Folder(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        list(&self.0).unwrap().iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_exists_is_never_overwritten() {
    let folder = Folder::new();
    let path = folder.join("a");
    create(&path, b"first", Access::Shared).unwrap();
    assert!(create(&path, b"second", Access::Shared).is_err());
    assert_eq!(read(&path, 10).unwrap(), b"first");
    std::os::unix::fs::symlink("nowhere", folder.join("link")).unwrap();
    assert!(create(&folder.join("link"), b"x", Access::Shared).is_err());
    assert_eq!(folder.names(), ["a", "link"]);
}

#[test]
fn replacing_leaves_the_old_or_the_new() {
    let folder = Folder::new();
    let path = folder.join("a");
    replace(&path, b"first", Access::Shared).unwrap();
    replace(&path, b"second", Access::Shared).unwrap();
    assert_eq!(read(&path, 10).unwrap(), b"second");
    assert!(replace(&folder.join("no/such/folder/a"), b"x", Access::Shared).is_err());
    // A folder in the way: the rename fails, and nothing is left lying about.
    make_folder(&folder.join("b/c"), Access::Shared).unwrap();
    assert!(replace(&folder.join("b"), b"x", Access::Shared).is_err());
    assert_eq!(folder.names(), ["a", "b"]);
}

#[test]
fn reading_is_bounded() {
    let folder = Folder::new();
    let path = folder.join("a");
    create(&path, b"12345", Access::Shared).unwrap();
    assert_eq!(read(&path, 5).unwrap(), b"12345");
    assert!(read(&path, 4).is_err());
    assert!(read(&folder.0, 4).is_err());
    assert_eq!(read_if_there(&folder.join("none"), 4).unwrap(), None);
}

#[test]
fn a_key_that_others_can_read_is_not_used() {
    let folder = Folder::new();
    let path = folder.join("key");
    create(&path, b"secret", Access::Private).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(read_private(&path, 10).unwrap(), b"secret");
    for mode in [0o640, 0o604, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(read_private(&path, 10).is_err(), "{mode:o}");
    }
}

#[test]
fn one_writer_at_a_time() {
    let folder = Folder::new();
    let path = folder.join("lock");
    let first = lock(&path).unwrap();
    assert!(lock(&path).is_err());
    drop(first);
    assert!(lock(&path).is_ok());
}

#[test]
fn paths_are_quoted_for_the_shell() {
    assert_eq!(quoted(Path::new("/a/b-1.json")), "/a/b-1.json");
    assert_eq!(quoted(Path::new("a b")), "'a b'");
    assert_eq!(quoted(Path::new("it's")), r"'it'\''s'");
}
