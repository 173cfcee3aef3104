//! What the command is told once and for all: the file `config` in the home folder, one `name = value` a line, `#` before remarks.

use crate::clock::{ClockTrust, Moment, duration};
use crate::files::{self, Access};
use crate::home::Home;
use crate::office::catalogue::Unknown;
use crate::output::{Failure, Say, say};
use std::path::PathBuf;
use std::time::Duration;
use zhengyin::claims::id::Region;
use zhengyin::reason::Language;

/// A larger file is no configuration.
const MAX_FILE: usize = 64 << 10;
/// How long a program that signs may take: a person may have to find a device and its PIN.
const SIGNER_TIMEOUT: Duration = Duration::from_secs(120);
/// The longest that may be set, in seconds.
const MAX_SIGNER_TIMEOUT: u64 = 3600;

/// The names of [`Config::set`].
const NAMES: [&str; 9] = [
    "region",
    "lang",
    "signer_timeout",
    "font",
    "types",
    "clock_uncertainty",
    "clock_drift",
    "clock_synced",
    "pkcs11_module",
];

#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Config {
    /// `region`: where the verifier stands.
    pub(crate) region: Option<Region>,
    /// `clock_uncertainty`, `clock_drift`, `clock_synced`: how far the device's clock is believed.
    pub(crate) clock: ClockTrust,
    /// `lang`: the language of answers, where neither the command line nor `ZHENGYIN_LANG` says one.
    pub(crate) lang: Option<Language>,
    /// `signer_timeout`: seconds until a program that signs is given up.
    signer_timeout: Option<Duration>,
    /// `pkcs11_module`: the library that drives the device, where neither a key's URI nor `ZHENGYIN_PKCS11_MODULE` names one.
    pub(crate) pkcs11_module: Option<PathBuf>,
    /// `font`: the font of printed pages, where `--font` names none.
    pub(crate) font: Option<String>,
    /// `types`: `known` to refuse licenses of types that are not defined here, `any` to issue them unchecked.
    pub(crate) unknown_types: Unknown,
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

    pub(crate) fn signer_timeout(&self) -> Duration {
        self.signer_timeout.unwrap_or(SIGNER_TIMEOUT)
    }

    /// Sets what a line says. `Err(None)`: the name is not known.
    fn set(&mut self, name: &str, value: &str) -> Result<(), Option<Say>> {
        match name {
            "region" => {
                let region = Region::parse(value)
                    .map_err(|error| say!("{value} 不是区划代码", "{value} is no region: {error}"))?;
                self.region = Some(region);
            }
            "lang" => {
                let known = [("zh", Language::Zh), ("en", Language::En)];
                let found = known.into_iter().find(|(word, _)| *word == value).map(|(_, language)| language);
                self.lang = Some(found.ok_or_else(|| say!("{value} 不是 zh 或 en", "{value} is neither zh nor en"))?);
            }
            "signer_timeout" => {
                let seconds = value.parse().ok().filter(|seconds| (1..=MAX_SIGNER_TIMEOUT).contains(seconds));
                let seconds = seconds.ok_or_else(|| {
                    say!(
                        "{value} 不是 1 至 {MAX_SIGNER_TIMEOUT} 的秒数",
                        "{value} is no number of seconds from 1 to {MAX_SIGNER_TIMEOUT}"
                    )
                })?;
                self.signer_timeout = Some(Duration::from_secs(seconds));
            }
            "font" if !value.is_empty() => self.font = Some(value.to_owned()),
            "types" => {
                self.unknown_types = match value {
                    "any" => Unknown::Told,
                    "known" => Unknown::Refused,
                    _ => return Err(Some(say!("{value} 不是 any 或 known", "{value} is neither any nor known"))),
                }
            }
            "clock_uncertainty" => {
                let seconds = duration(value).and_then(|seconds| u32::try_from(seconds).ok());
                let wrong = || say!("{value} 不是时长，如 10m", "{value} is no duration such as 10m");
                self.clock.uncertainty = Some(seconds.ok_or_else(wrong)?);
            }
            "clock_drift" => {
                let wrong = || say!("{value} 不是每日秒数", "{value} is no number of seconds a day");
                self.clock.drift_per_day = Some(value.parse().map_err(|_| wrong())?);
            }
            "clock_synced" => match Moment::parse(value) {
                Ok(Moment::At(instant)) => self.clock.synced = Some(instant),
                Ok(Moment::Within(_)) | Err(_) => {
                    return Err(Some(say!("{value} 不是时间", "{value} is no time such as 2026-05-20T09:00:00+08:00")));
                }
            },
            "pkcs11_module" if !value.is_empty() => self.pkcs11_module = Some(PathBuf::from(value)),
            _ => return Err(None),
        }
        Ok(())
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
        if line.is_empty() {
            continue;
        }
        let (name, value) = line.split_once('=').unwrap_or_default();
        config.set(name.trim(), value.trim()).map_err(|why| match why {
            Some(Say { zh, en }) => say!("第 {number} 行：{zh}", "line {number}: {en}"),
            None => match nearest(name.trim()) {
                Some(known) => say!(
                    "第 {number} 行：不认识 {line}；是 {known} 吗？",
                    "line {number}: what is {line}? did you mean {known}?"
                ),
                None => {
                    let all = NAMES.join(", ");
                    say!(
                        "第 {number} 行：不认识 {line}；可用的有 {all}",
                        "line {number}: what is {line}? there are {all}"
                    )
                }
            },
        })?;
    }
    Ok(config)
}

/// The name that was probably meant: the one that takes the fewest changes of a letter, if they are few.
fn nearest(name: &str) -> Option<&'static str> {
    let away = |known: &str| distance(name, known);
    let nearest = NAMES.into_iter().min_by_key(|known| away(known))?;
    (away(nearest) <= nearest.len() / 3).then_some(nearest)
}

/// Letters to change, add or take away until one is the other (V. Levenshtein, 1965).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut above_left = at;
        let mut left = at.saturating_add(1);
        let mut next = vec![left];
        for (above, facing) in row.iter().skip(1).zip(other.chars()) {
            let exchanged = above_left.saturating_add(usize::from(letter != facing));
            above_left = *above;
            left = exchanged.min(above.saturating_add(1)).min(left.saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
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
    use super::{Config, NAMES, Unknown, distance, nearest, parse, with_region};
    use zhengyin::claims::id::Region;
    use zhengyin::reason::Language;
    use zhengyin::time::Timestamp;

    #[test]
    fn every_name_is_known_and_documented() {
        let handbook = include_str!("../../../docs/operating.md");
        for name in NAMES {
            // Its value may be wrong; the name is not.
            assert_ne!(Config::default().set(name, "?"), Err(None), "{name}");
            let row = handbook.lines().find(|line| line.starts_with("| `") && line.contains(&format!("`{name}`")));
            assert!(row.is_some(), "docs/operating.md has no row on {name}");
        }
    }

    #[test]
    fn letters_are_counted() {
        assert_eq!((distance("", "abc"), distance("kitten", "sitting"), distance("regoin", "region")), (3, 3, 2));
        assert_eq!(nearest("pkcs11-module"), Some("pkcs11_module"));
        assert_eq!(nearest("x"), None);
    }

    #[test]
    fn lines_are_read_and_misspelt_ones_refused() {
        let region = Region::parse("990100").unwrap();
        assert_eq!(parse("").unwrap().region, None);
        assert_eq!(parse("# here\n\n  region=990100 # town hall\n").unwrap().region, Some(region));
        let told = parse("\nregoin = 990100").unwrap_err().en;
        assert_eq!(told, "line 2: what is regoin = 990100? did you mean region?");
        assert!(
            parse("colour = red").unwrap_err().en.starts_with("line 1: what is colour = red? there are region, lang, ")
        );
        assert!(parse("region = 99010").unwrap_err().en.starts_with("line 1: 99010 is no region"));
        let all = parse("lang = zh\nsigner_timeout = 5\npkcs11_module = /usr/lib/a b.so").unwrap();
        assert_eq!((all.lang, all.signer_timeout().as_secs()), (Some(Language::Zh), 5));
        assert_eq!(parse("font = /f/a b.ttc").unwrap().font.as_deref(), Some("/f/a b.ttc"));
        assert_eq!(parse("types = known").unwrap().unknown_types, Unknown::Refused);
        assert_eq!(all.pkcs11_module, Some("/usr/lib/a b.so".into()));
        let clock = parse("clock_uncertainty = 10m\nclock_drift = 2\nclock_synced = 2026-05-20").unwrap().clock;
        assert_eq!((clock.uncertainty, clock.drift_per_day), (Some(600), Some(2)));
        assert_eq!(clock.synced.map(Timestamp::seconds), Some(1_779_206_400));
        assert_eq!(parse("").unwrap().signer_timeout().as_secs(), 120);
        for wrong in [
            "lang = fr",
            "signer_timeout = 0",
            "signer_timeout = 3601",
            "signer_timeout = soon",
            "pkcs11_module =",
            "types = some",
            "clock_uncertainty = 10",
            "clock_drift = fast",
            "clock_synced = 3d",
            "x",
        ] {
            assert!(parse(wrong).unwrap_err().en.starts_with("line 1: "), "{wrong}");
        }
        assert_eq!(with_region("# here\nregion = 980000\n# there", region), "# here\n# there\nregion = 990100\n");
    }
}
