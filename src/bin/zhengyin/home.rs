//! The folder in which an operator's and a verifier's things stay, and what stands where in it.
//!
//! ```text
//! keys/NAME.pem               private keys, PKCS#8, encrypted; the owner's alone
//! ```

use crate::files::{self, Access};
use crate::output::{Failure, say};
use std::path::{Path, PathBuf};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Home {
    root: PathBuf,
}

impl Home {
    /// `--home` (or `ZHENGYIN_HOME`), else `zhengyin` in the user's data folder.
    pub(crate) fn find(asked: Option<&Path>, environment: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let absolute = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let root = asked
            .map(Path::to_path_buf)
            .or_else(|| absolute("XDG_DATA_HOME").map(|data| data.join("zhengyin")))
            .or_else(|| absolute("HOME").map(|home| home.join(".local/share/zhengyin")))
            .or_else(|| absolute("APPDATA").map(|data| data.join("zhengyin")));
        root.map(|root| Home { root }).ok_or_else(|| {
            Failure::new(say!("不知道数据文件夹在哪里", "there is no telling where the data folder is"))
                .next("zhengyin --home DIR …")
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folder; nobody else may look into it.
    pub(crate) fn make(&self) -> Result<(), Failure> {
        files::make_folder(&self.root, Access::Private)
    }
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
        assert_eq!(with(None, &[("HOME", "/h"), ("XDG_DATA_HOME", "/d")]).unwrap(), "/d/zhengyin");
        assert_eq!(with(None, &[("HOME", "/h"), ("XDG_DATA_HOME", "relative")]).unwrap(), "/h/.local/share/zhengyin");
        assert_eq!(with(None, &[]), None);
    }
}
