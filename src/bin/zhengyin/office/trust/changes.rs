//! What a person wants changed in the next trust list, read from JSON: rules, what became of provinces and anchors, grace, defects.

use crate::clock::{self, Moment};
use crate::keyed::{self, Keys, code, list, number, text};
use crate::output::{Say, say};
use serde_json::Value;
use std::collections::BTreeMap;
use zhengyin::claims::id::{Region, RegionPrefix, TypeCode, TypePrefix};
use zhengyin::suite::{Algorithm, KeyId};
use zhengyin::time::{Period, Timestamp};
use zhengyin::trust::{
    Defect, DefectMatch, Effect, Emergency, Grace, HistoryEntry, HistoryState, LegalBasis, Names, Rename, Rule, Sunset,
    Treatment, TrustList,
};
use zhengyin::x509::Certificate;

/// Changes of a list, in the order of the file's keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    rules: Vec<Rule>,
    dropped: Vec<(String, u64)>,
    emergency: Option<Emergency>,
    provinces: BTreeMap<RegionPrefix, ProvinceChange>,
    grace: BTreeMap<String, Grace>,
    classes: BTreeMap<TypePrefix, String>,
    defects: Vec<Defect>,
    lifted: Vec<String>,
    renames: Vec<Rename>,
    sunsets: Vec<Sunset>,
    /// Algorithms that do not end after all.
    kept: Vec<i64>,
}

#[derive(Clone, Debug, Default)]
struct ProvinceChange {
    epoch: Option<u64>,
    min_seq: Option<u64>,
    history: Vec<HistoryEntry>,
    anchors: Vec<AnchorChange>,
}

#[derive(Clone, Debug)]
struct AnchorChange {
    key_id: KeyId,
    until: Option<Timestamp>,
    /// With which identifier of SM2 it signs certificates.
    identifier: Option<String>,
    history: Vec<HistoryEntry>,
}

impl Changes {
    /// Reads the file's bytes. A key that is not known is refused: it would be lost.
    pub(crate) fn from_json(json: &[u8]) -> Result<Self, Say> {
        let mut keys = keyed::object(json)?;
        let changes = Self {
            rules: keys.optional("rules", |value, key| list(value, key, rule))?.unwrap_or_default(),
            dropped: keys.optional("drop_rules", |value, key| list(value, key, revision))?.unwrap_or_default(),
            emergency: keys.optional("emergency", emergency)?,
            provinces: keys.optional("provinces", provinces)?.unwrap_or_default(),
            grace: keys.optional("grace", grace)?.unwrap_or_default(),
            classes: keys.optional("classes", classes)?.unwrap_or_default(),
            defects: keys.optional("defects", |value, key| list(value, key, defect))?.unwrap_or_default(),
            lifted: keys.optional("lift_defects", |value, key| list(value, key, text))?.unwrap_or_default(),
            renames: keys.optional("renames", |value, key| list(value, key, rename))?.unwrap_or_default(),
            sunsets: keys.optional("sunsets", |value, key| list(value, key, sunset))?.unwrap_or_default(),
            kept: keys.optional("lift_sunsets", |value, key| list(value, key, algorithm))?.unwrap_or_default(),
        };
        keys.finish()?;
        Ok(changes)
    }

    /// Makes the changes; what they speak of must be there.
    pub(crate) fn apply(&self, list: &mut TrustList) -> Result<(), Say> {
        for (id, revision) in &self.dropped {
            let known = list.rules.len();
            list.rules.retain(|rule| (&rule.id, rule.revision) != (id, *revision));
            if list.rules.len() == known {
                return Err(say!("没有规则 {id}/{revision}", "there is no rule {id}/{revision}"));
            }
        }
        for rule in &self.rules {
            let same = |known: &&mut Rule| known.id == rule.id && known.revision == rule.revision;
            match list.rules.iter_mut().find(same) {
                Some(known) => *known = rule.clone(),
                None => list.rules.push(rule.clone()),
            }
        }
        list.emergency.clone_from(&self.emergency);
        for (code, change) in &self.provinces {
            change.apply(*code, list)?;
        }
        list.grace.extend(self.grace.clone());
        list.classes.extend(self.classes.clone());
        for id in &self.lifted {
            let known = list.defects.len();
            list.defects.retain(|defect| defect.id != *id);
            if list.defects.len() == known {
                return Err(say!("没有瑕疵 {id}", "there is no defect {id}"));
            }
        }
        list.defects.retain(|known| self.defects.iter().all(|defect| defect.id != known.id));
        list.defects.extend(self.defects.iter().cloned());
        list.renames.extend(self.renames.iter().copied());
        for algorithm in &self.kept {
            let known = list.sunsets.len();
            list.sunsets.retain(|sunset| sunset.algorithm != *algorithm);
            if list.sunsets.len() == known {
                let name = algorithm_name(*algorithm);
                return Err(say!("没有算法 {name} 的停用日期", "there is no sunset of {name}"));
            }
        }
        list.sunsets.retain(|known| self.sunsets.iter().all(|sunset| sunset.algorithm != known.algorithm));
        list.sunsets.extend(self.sunsets.iter().copied());
        list.sunsets.sort_by_key(|sunset| sunset.algorithm);
        Ok(())
    }
}

impl ProvinceChange {
    fn apply(&self, code: RegionPrefix, list: &mut TrustList) -> Result<(), Say> {
        let shown = code.as_str();
        let province =
            list.provinces.get_mut(&code).ok_or_else(|| say!("没有省份 {shown}", "there is no province {shown}"))?;
        if let Some(epoch) = self.epoch {
            (province.epoch, province.min_seq) = (epoch, 0);
        }
        province.min_seq = self.min_seq.unwrap_or(province.min_seq);
        let older = || {
            say!(
                "省份 {shown}：履历须按时间先后追加",
                "province {shown}: entries of a history follow each other in time"
            )
        };
        for entry in &self.history {
            if !province.history.append(entry.clone()) {
                return Err(older());
            }
        }
        for change in &self.anchors {
            let key_id = change.key_id;
            let has_key = |certificate: &[u8]| {
                Certificate::parse(certificate).is_ok_and(|parsed| parsed.public_key().key_id() == key_id)
            };
            let anchor = province.anchors.iter_mut().find(|anchor| has_key(&anchor.certificate));
            let anchor = anchor.ok_or_else(|| {
                say!("省份 {shown} 没有信任锚 {key_id}", "province {shown} has no anchor with the key {key_id}")
            })?;
            if let Some(until) = change.until {
                anchor.interval = Period::new(anchor.interval.from(), Some(until.seconds()))
                    .ok_or_else(|| say!("信任锚 {key_id}：区间为空", "anchor {key_id}: the interval is empty"))?;
            }
            if let Some(identifier) = &change.identifier {
                anchor.identifier = Some(identifier.clone());
            }
            for entry in &change.history {
                if !anchor.history.append(entry.clone()) {
                    return Err(older());
                }
            }
        }
        Ok(())
    }
}

/// RFC 3339, or a date: its first second in +08:00.
fn instant(value: Value, key: &str) -> Result<Timestamp, Say> {
    let text = text(value, key)?;
    match Moment::parse(&text) {
        Ok(Moment::At(instant)) => Ok(instant),
        Ok(Moment::Within(_)) | Err(_) => Err(say!(
            "{key}：{text} 不是时间，应如 2026-12-01 或 2026-12-01T00:00:00+08:00",
            "{key}: {text} is no time such as 2026-12-01 or 2026-12-01T00:00:00+08:00"
        )),
    }
}

/// A number that counts.
fn natural(value: Value, key: &str) -> Result<u64, Say> {
    number::<i64>(value, key).and_then(|number| {
        u64::try_from(number).map_err(|_| say!("{key}：{number} 为负数", "{key}: {number} is negative"))
    })
}

/// `30d`, `12h`: seconds.
fn stretch(value: Value, key: &str) -> Result<u64, Say> {
    let text = text(value, key)?;
    clock::duration(&text).and_then(|seconds| u64::try_from(seconds).ok()).ok_or_else(|| {
        say!("{key}：{text} 不是时长，应如 30d 或 12h", "{key}: {text} is no duration such as 30d or 12h")
    })
}

fn regions(value: Value, key: &str) -> Result<Vec<RegionPrefix>, Say> {
    list(value, key, |value, key| code(value, key, RegionPrefix::parse))
}

fn word<T: Copy>(value: Value, key: &str, words: &[(&str, T)]) -> Result<T, Say> {
    let text = text(value, key)?;
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let known = known.join(", ");
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant);
    found.ok_or_else(|| say!("{key}：{text} 不是 {known} 之一", "{key}: {text} is none of {known}"))
}

fn names(value: Value, key: &str) -> Result<Names, Say> {
    let mut keys = Keys::of(value, key)?;
    let names = Names::new(&keys.required("zh", text)?, &keys.required("en", text)?);
    keys.finish()?;
    Ok(names)
}

fn rule(value: Value, key: &str) -> Result<Rule, Say> {
    let mut keys = Keys::of(value, key)?;
    let effects = [Effect::Recognise, Effect::Conditional, Effect::Refuse, Effect::Manual];
    let effects = effects.map(|effect| (effect.word(), effect));
    let from = keys.required("valid_from", instant)?;
    let until = keys.optional("valid_until", instant)?;
    let period = Period::new(from.seconds(), until.map(Timestamp::seconds));
    let rule = Rule {
        id: keys.required("id", text)?,
        revision: keys.required("rev", natural)?,
        recognised_in: keys.required("in", regions)?,
        from: keys.required("from", regions)?,
        types: keys
            .required("types", |value, key| list(value, key, |value, key| code(value, key, TypePrefix::parse)))?,
        as_type: keys.optional("as_type", |value, key| code(value, key, TypeCode::parse))?,
        use_cases: keys.optional("use_cases", |value, key| list(value, key, text))?,
        effect: keys.required("effect", |value, key| word(value, key, &effects))?,
        period: period.ok_or_else(|| say!("{key}：生效区间为空", "{key}: valid_until is before valid_from"))?,
        min_binding: keys.optional("min_binding", number::<u8>)?,
        max_status_age: keys.optional("max_status_age", stretch)?,
        legal_basis: keys.required("legal_basis", legal_basis)?,
        class: keys.optional("class", text)?,
    };
    keys.finish()?;
    Ok(rule)
}

fn legal_basis(value: Value, key: &str) -> Result<LegalBasis, Say> {
    let mut keys = Keys::of(value, key)?;
    let basis = LegalBasis {
        document: keys.required("document", text)?,
        zh: keys.required("zh", text)?,
        en: keys.required("en", text)?,
    };
    keys.finish()?;
    Ok(basis)
}

fn revision(value: Value, key: &str) -> Result<(String, u64), Say> {
    let mut keys = Keys::of(value, key)?;
    let named = (keys.required("id", text)?, keys.required("rev", natural)?);
    keys.finish()?;
    Ok(named)
}

fn emergency(value: Value, key: &str) -> Result<Emergency, Say> {
    let mut keys = Keys::of(value, key)?;
    let why = Names::new(&keys.required("zh", text)?, &keys.required("en", text)?);
    let rules = keys.required("rules", |value, key| list(value, key, text))?;
    keys.finish()?;
    Ok(Emergency { why, rules })
}

fn provinces(value: Value, key: &str) -> Result<BTreeMap<RegionPrefix, ProvinceChange>, Say> {
    let read = |(path, code, value): (String, String, Value)| {
        let code = RegionPrefix::parse(&code).map_err(|error| say!("{path}：{error}", "{path}: {error}"))?;
        Ok((code, province(value, &path)?))
    };
    Keys::of(value, key)?.into_entries().map(read).collect()
}

fn province(value: Value, key: &str) -> Result<ProvinceChange, Say> {
    let mut keys = Keys::of(value, key)?;
    let change = ProvinceChange {
        epoch: keys.optional("epoch", natural)?,
        min_seq: keys.optional("min_seq", natural)?,
        history: keys.optional("history", |value, key| list(value, key, entry))?.unwrap_or_default(),
        anchors: keys.optional("anchors", |value, key| list(value, key, anchor))?.unwrap_or_default(),
    };
    keys.finish()?;
    Ok(change)
}

fn anchor(value: Value, key: &str) -> Result<AnchorChange, Say> {
    let mut keys = Keys::of(value, key)?;
    let change = AnchorChange {
        key_id: keys.required("kid", key_id)?,
        until: keys.optional("until", instant)?,
        identifier: keys.optional("identifier", text)?,
        history: keys.optional("history", |value, key| list(value, key, entry))?.unwrap_or_default(),
    };
    keys.finish()?;
    Ok(change)
}

fn key_id(value: Value, key: &str) -> Result<KeyId, Say> {
    let text = text(value, key)?;
    let digits = crate::office::trust::bytes_of_hex(&text);
    digits
        .and_then(|bytes| KeyId::from_slice(&bytes))
        .ok_or_else(|| say!("{key}：{text} 不是 16 个十六进制数字", "{key}: {text} is not 16 hexadecimal digits"))
}

fn entry(value: Value, key: &str) -> Result<HistoryEntry, Say> {
    const STATES: [(&str, HistoryState); 4] = [
        ("active", HistoryState::Active),
        ("retired", HistoryState::Retired),
        ("withdrawn", HistoryState::Withdrawn),
        ("compromised", HistoryState::Compromised),
    ];
    let mut keys = Keys::of(value, key)?;
    let entry = HistoryEntry {
        state: keys.required("state", |value, key| word(value, key, &STATES))?,
        from: keys.required("from", instant)?,
        compromised_since: keys.optional("compromised_since", instant)?,
        log_head: None,
    };
    keys.finish()?;
    Ok(entry)
}

fn grace(value: Value, key: &str) -> Result<BTreeMap<String, Grace>, Say> {
    let read = |(path, class, value): (String, String, Value)| {
        let mut keys = Keys::of(value, &path)?;
        let grace = Grace {
            list: keys.required("list", stretch)?,
            directory: keys.required("directory", stretch)?,
            status: keys.required("status", stretch)?,
        };
        keys.finish()?;
        Ok((class, grace))
    };
    Keys::of(value, key)?.into_entries().map(read).collect()
}

fn classes(value: Value, key: &str) -> Result<BTreeMap<TypePrefix, String>, Say> {
    let read = |(path, prefix, value): (String, String, Value)| {
        let prefix = TypePrefix::parse(&prefix).map_err(|error| say!("{path}：{error}", "{path}: {error}"))?;
        Ok((prefix, text(value, &path)?))
    };
    Keys::of(value, key)?.into_entries().map(read).collect()
}

fn defect(value: Value, key: &str) -> Result<Defect, Say> {
    const TREATMENTS: [(&str, Treatment); 3] =
        [("reject", Treatment::Reject), ("manual", Treatment::Manual), ("warn", Treatment::Warn)];
    let mut keys = Keys::of(value, key)?;
    let positions = keys.optional("positions", positions)?;
    let issued_from = keys.optional("issued_from", instant)?;
    let issued_until = keys.optional("issued_until", instant)?;
    let issued = match (issued_from, issued_until) {
        (None, None) => None,
        (Some(from), Some(until)) => Period::new(from.seconds(), Some(until.seconds())),
        _ => {
            return Err(say!(
                "{key}：issued_from 和 issued_until 须同时给出",
                "{key}: issued_from and issued_until go together"
            ));
        }
    };
    let applies_to = DefectMatch {
        key_id: keys.required("kid", key_id)?,
        positions,
        issued,
        type_code: keys.optional("type", |value, key| code(value, key, TypeCode::parse))?,
    };
    let defect = Defect {
        id: keys.required("id", text)?,
        applies_to,
        kind: keys.required("kind", text)?,
        treatment: keys.required("treatment", |value, key| word(value, key, &TREATMENTS))?,
        names: keys.required("names", names)?,
        from: keys.required("from", instant)?,
    };
    keys.finish()?;
    Ok(defect)
}

/// `{"list": 1, "first": 200, "last": 299}`.
fn positions(value: Value, key: &str) -> Result<(u64, u64, u64), Say> {
    let mut keys = Keys::of(value, key)?;
    let mut count = |name: &str| keys.required(name, natural);
    let positions = (count("list")?, count("first")?, count("last")?);
    keys.finish()?;
    Ok(positions)
}

fn rename(value: Value, key: &str) -> Result<Rename, Say> {
    let mut keys = Keys::of(value, key)?;
    let region = |value, key: &str| code(value, key, Region::parse);
    let rename = Rename {
        old: keys.required("old", region)?,
        new: keys.required("new", region)?,
        from: keys.required("from", instant)?,
    };
    keys.finish()?;
    Ok(rename)
}

/// What an algorithm is called here: the name of a suite, else its COSE number.
pub(crate) fn algorithm_name(algorithm: i64) -> String {
    let known = SUITES.iter().find(|(_, known)| known.cose() == algorithm);
    known.map_or_else(|| algorithm.to_string(), |(name, _)| (*name).to_owned())
}

const SUITES: [(&str, Algorithm); 2] = [("ed25519", Algorithm::Ed25519), ("sm2", Algorithm::Sm2)];

/// The name of a suite, or the COSE number of any algorithm.
fn algorithm(value: Value, key: &str) -> Result<i64, Say> {
    match value {
        Value::Number(_) => number::<i64>(value, key),
        value => word(value, key, &SUITES).map(Algorithm::cose),
    }
}

fn sunset(value: Value, key: &str) -> Result<Sunset, Say> {
    let mut keys = Keys::of(value, key)?;
    let sunset = Sunset {
        algorithm: keys.required("algorithm", algorithm)?,
        signed_until: keys.required("signed_until", instant)?,
        relied_until: keys.optional("relied_until", instant)?,
    };
    keys.finish()?;
    match sunset.relied_until.is_some_and(|relied| relied < sunset.signed_until) {
        true => Err(say!("{key}：relied_until 不得早于 signed_until", "{key}: relied_until is before signed_until")),
        false => Ok(sunset),
    }
}
