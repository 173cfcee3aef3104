//! What a verifier is told once and for all: the file `config` in the home folder, one `name = value` a line, `#` before remarks.

use crate::files::{self, Access};
use crate::home::Home;
use crate::output::{Failure, Say, say};
use std::path::PathBuf;
use zhengyin::claims::id::Region;

/// A larger file is no configuration.
const MAX_FILE: usize = 64 << 10;

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Config {
    /// Where the verifier stands.
    pub(crate) region: Option<Region>,
}

impl Config {
    /// Reads the file of a home; the empty configuration where there is none.
    pub(crate) fn read(home: &Home) -> Result<Self, Failure> {
        let (path, text) = (path(home), text(home)?);
        parse(&text).map_err(|why| {
            let shown = path.display();
            Failure::new(say!("配置文件 {shown} 有误", "the configuration {shown} cannot be used")).because(why)
        })
    }
}

fn path(home: &Home) -> PathBuf {
    home.root().join("config")
}

fn text(home: &Home) -> Result<String, Failure> {
    let path = path(home);
    let bytes = files::read_if_there(&path, MAX_FILE)?.unwrap_or_default();
    String::from_utf8(bytes).map_err(|_| {
        let shown = path.display();
        Failure::new(say!("配置文件 {shown} 不是文本", "the configuration {shown} is not text"))
    })
}

/// Unknown names are refused: a misspelt one would be lost.
fn parse(text: &str) -> Result<Config, Say> {
    let mut config = Config::default();
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let number = at.saturating_add(1);
        match line.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
            None if line.is_empty() => {}
            Some(("region", value)) => {
                let region = Region::parse(value).map_err(|error| {
                    say!("第 {number} 行：{value} 不是区划代码", "line {number}: {value} is no region: {error}")
                })?;
                config.region = Some(region);
            }
            _ => return Err(say!("第 {number} 行：不认识 {line}", "line {number}: what is {line}?")),
        }
    }
    Ok(config)
}

/// Sets the region and leaves every other line as it is.
pub(crate) fn set_region(home: &Home, region: Region) -> Result<(), Failure> {
    let text = with_region(&text(home)?, region);
    files::replace(&path(home), text.as_bytes(), Access::Shared)
}

fn with_region(text: &str, region: Region) -> String {
    let is_region = |line: &&str| line.split_once('=').is_some_and(|(name, _)| name.trim() == "region");
    let others = text.lines().filter(|line| !is_region(line)).map(|line| format!("{line}\n"));
    others.chain([format!("region = {}\n", region.as_str())]).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{parse, with_region};
    use zhengyin::claims::id::Region;

    #[test]
    fn lines_are_read_and_misspelt_ones_refused() {
        let region = Region::parse("990100").unwrap();
        assert_eq!(parse("").unwrap().region, None);
        assert_eq!(parse("# here\n\n  region=990100 # town hall\n").unwrap().region, Some(region));
        assert_eq!(parse("\nregoin = 990100").unwrap_err().en, "line 2: what is regoin = 990100?");
        assert!(parse("region = 99010").unwrap_err().en.starts_with("line 1: 99010 is no region"));
        assert_eq!(with_region("# here\nregion = 980000\n# there", region), "# here\n# there\nregion = 990100\n");
    }
}
