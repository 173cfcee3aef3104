//! The mapping file: which column says what, and what is the same in every row.
//!
//! ```json
//! {
//!   "schema": "zhengyin.map/1",
//!   "columns": {
//!     "证照编号": "number",
//!     "姓名": "holders[0].name",
//!     "证件号码": {"key": "holders[0].id", "length": 18},
//!     "发证日期": ["issued_on", "valid.from"],
//!     "成立日期": {"key": "fields.成立日期", "as": "date"},
//!     "备注": null
//!   },
//!   "constants": {"type": "11950000MB0000019Y001", "holders": [{"id_type": 111}], "bind": 1}
//! }
//! ```
//!
//! Keys are those of the JSON of one license (examples/data/README.md). A column that is not named is refused, and so is one that is named
//! and not there: it would be lost in silence. `null` leaves a column out on purpose.

use super::cell::Kind;
use crate::keyed::{Keys, list, number, object, text};
use crate::output::{Failure, Say, say};
use serde_json::{Map as Object, Value};
use std::collections::BTreeMap;

/// What a mapping file says it is.
pub(crate) const SCHEMA: &str = "zhengyin.map/1";
/// A larger file is no map.
pub(crate) const MAX_FILE: usize = 1 << 20;
/// What stands between several texts in a cell, if nothing is said.
const SEPARATORS: &str = "、；;";

/// One step into the JSON of facts.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    Key(String),
    Item(usize),
}

/// What a column says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Column {
    /// The key, as it is written.
    pub(crate) key: String,
    path: Vec<Step>,
    pub(crate) kind: Kind,
    /// How many characters it always has.
    pub(crate) length: Option<usize>,
}

/// The mapping file.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Map {
    columns: BTreeMap<String, Vec<Column>>,
    constants: Object<String, Value>,
}

/// A map and the columns of a file, in their order.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Plan {
    /// Each with what it says: one thing, several, or nothing.
    pub(crate) columns: Vec<(String, Vec<Column>)>,
    constants: Object<String, Value>,
}

impl Map {
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Say> {
        let mut keys = object(json)?;
        keys.required("schema", |value, key| match text(value, key)?.as_str() {
            SCHEMA => Ok(()),
            other => Err(say!("{key}：{other} 不是 {SCHEMA}", "{key}: {other} is not {SCHEMA}")),
        })?;
        let columns = keys.optional("columns", |value, key| {
            let entries = Keys::of(value, key)?.into_entries();
            entries.map(|(path, name, value)| Ok((name, meanings(value, &path)?))).collect()
        })?;
        let constants = keys.optional("constants", |value, key| match value {
            Value::Object(map) => Ok(map),
            _ => Err(say!("{key}：应为一个对象", "{key}: an object is expected")),
        })?;
        keys.finish()?;
        let map = Self { columns: columns.unwrap_or_default(), constants: constants.unwrap_or_default() };
        map.check()?;
        Ok(map)
    }

    /// No key is said twice.
    fn check(&self) -> Result<(), Say> {
        let mut keys: Vec<&str> = self.columns.values().flatten().map(|column| column.key.as_str()).collect();
        keys.sort_unstable();
        if let Some(pair) = keys.windows(2).find(|pair| pair.first() == pair.last()) {
            let key = pair.first().copied().unwrap_or_default();
            return Err(say!("columns：{key} 出现两次", "columns: {key} stands twice"));
        }
        for column in self.columns.values().flatten() {
            let mut value = Value::Object(self.constants.clone());
            if get(&value, &column.path).is_some() {
                let key = &column.key;
                return Err(say!("{key} 既是列又是常量", "{key} is both a column and a constant"));
            }
            if !set(&mut value, &column.path, Value::Bool(true)) {
                let key = &column.key;
                return Err(say!("{key} 与常量不符", "{key} does not fit the constants"));
            }
        }
        Ok(())
    }

    /// Fits the map to the columns that a file has.
    pub(crate) fn plan(&self, header: &[String]) -> Result<Plan, Failure> {
        let mut columns = Vec::new();
        for name in header.iter().map(|name| name.trim().to_owned()) {
            if columns.iter().any(|(other, _)| *other == name) {
                return Err(refused(say!("列 {name} 出现两次", "the column {name} stands twice")));
            }
            let Some(column) = self.columns.get(&name) else {
                return Err(refused(say!(
                    "映射文件没有说明列 {name}",
                    "the map does not say what the column {name} is"
                ))
                .next("zhengyin license issue --batch FILE --map-template MAP"));
            };
            columns.push((name, column.clone()));
        }
        let missing = self
            .columns
            .iter()
            .find(|(name, column)| !column.is_empty() && !columns.iter().any(|(there, _)| there == *name));
        if let Some((name, _)) = missing {
            return Err(refused(say!("表中没有列 {name}", "there is no column {name} in the table")));
        }
        Ok(Plan { columns, constants: self.constants.clone() })
    }

    /// What is the same in every row.
    pub(crate) const fn constants(&self) -> &Object<String, Value> {
        &self.constants
    }
}

fn refused(what: Say) -> Failure {
    Failure::new(what)
}

fn meanings(value: Value, path: &str) -> Result<Vec<Column>, Say> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(_) => list(value, path, column),
        value => Ok(vec![column(value, path)?]),
    }
}

fn column(value: Value, path: &str) -> Result<Column, Say> {
    match value {
        Value::String(key) => make(key, None, None, path),
        value => {
            let mut keys = Keys::of(value, path)?;
            let key = keys.required("key", text)?;
            let length = keys.optional("length", |value, key| {
                let length: u16 = number(value, key)?;
                Ok(usize::from(length))
            })?;
            let word = keys.optional("as", text)?;
            let separators = keys.optional("separators", |value, key| list(value, key, text))?;
            keys.finish()?;
            let separators = separators.map(|marks| marks.concat());
            let word = word.map(|word| (word, separators.clone().unwrap_or_else(|| SEPARATORS.to_owned())));
            if separators.is_some() && word.as_ref().is_none_or(|(word, _)| word != "list") {
                return Err(say!("{path}：separators 只用于 list", "{path}: separators are for a list"));
            }
            make(key, word, length, path)
        }
    }
}

fn make(key: String, word: Option<(String, String)>, length: Option<usize>, place: &str) -> Result<Column, Say> {
    let path = steps(&key).ok_or_else(|| say!("{place}：没有键 {key}", "{place}: there is no key {key}"))?;
    let known = known(&path);
    let is_field = matches!(path.as_slice(), [Step::Key(first), Step::Key(_)] if first == "fields");
    let kind = match (known, word) {
        (Some(kind), None) => kind,
        (Some(_), Some((word, _))) => {
            return Err(say!("{place}：{key} 不用 as（{word}）", "{place}: {key} takes no `as` ({word})"));
        }
        (None, None) if is_field => Kind::Text,
        (None, Some((word, separators))) if is_field => match word.as_str() {
            "text" => Kind::Text,
            "code" => Kind::Code,
            "date" => Kind::DayField,
            "integer" => Kind::Integer,
            "boolean" => Kind::Boolean,
            "list" => Kind::Texts(separators),
            _ => {
                return Err(say!(
                    "{place}：as 应为 text、code、date、integer、boolean 或 list",
                    "{place}: `as` is text, code, date, integer, boolean or list"
                ));
            }
        },
        (None, _) => return Err(say!("{place}：没有键 {key}", "{place}: there is no key {key}")),
    };
    Ok(Column { key, path, kind, length })
}

/// What stands under a key of the JSON of facts; nothing for a key that is not there, or whose name is free.
fn known(path: &[Step]) -> Option<Kind> {
    let words: Vec<&str> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Item(_) => "#",
        })
        .collect();
    Some(match words.as_slice() {
        ["name" | "authority_name" | "type_name"] | ["holders", "#", "name"] => Kind::Text,
        ["type" | "number" | "authority" | "region" | "serial" | "authority_code" | "replaces"]
        | ["holders", "#", "id"] => Kind::Code,
        ["version" | "bind"] | ["holders", "#", "id_type"] => Kind::Integer,
        ["issued_on"] | ["valid", "from"] => Kind::Day,
        ["valid", "until"] => Kind::Until,
        _ => return None,
    })
}

/// `holders[0].name` as steps. The name of a field is everything behind `fields.`.
fn steps(key: &str) -> Option<Vec<Step>> {
    if let Some(name) = key.strip_prefix("fields.") {
        return (!name.is_empty()).then(|| vec![Step::Key("fields".to_owned()), Step::Key(name.to_owned())]);
    }
    let mut steps = Vec::new();
    for part in key.split('.') {
        let (name, item) = match part.split_once('[') {
            Some((name, rest)) => (name, Some(rest.strip_suffix(']')?.parse::<u8>().ok()?)),
            None => (part, None),
        };
        if name.is_empty() {
            return None;
        }
        steps.push(Step::Key(name.to_owned()));
        steps.extend(item.map(|item| Step::Item(usize::from(item))));
    }
    Some(steps)
}

fn get<'a>(value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.as_object()?.get(key),
        Step::Item(item) => value.as_array()?.get(*item),
    })
}

/// Puts a value in its place, with what leads there; `false` where something else stands on the way.
fn set(value: &mut Value, path: &[Step], new: Value) -> bool {
    let Some((step, rest)) = path.split_first() else {
        *value = new;
        return true;
    };
    match step {
        Step::Key(key) => {
            if value.is_null() {
                *value = Value::Object(Object::new());
            }
            let Some(map) = value.as_object_mut() else { return false };
            set(map.entry(key.clone()).or_insert(Value::Null), rest, new)
        }
        Step::Item(item) => {
            if value.is_null() {
                *value = Value::Array(Vec::new());
            }
            let Some(items) = value.as_array_mut() else { return false };
            while items.len() <= *item {
                items.push(Value::Null);
            }
            items.get_mut(*item).is_some_and(|place| set(place, rest, new))
        }
    }
}

impl Plan {
    /// A row's facts as JSON, before its cells are put in.
    pub(crate) fn base(&self) -> Value {
        Value::Object(self.constants.clone())
    }
}

impl Column {
    pub(crate) fn put(&self, facts: &mut Value, value: Value) {
        // The map was tried when it was read.
        let _ = set(facts, &self.path, value);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn map(json: &str) -> Result<Map, String> {
        Map::parse(json.as_bytes()).map_err(|why| why.en)
    }

    #[test]
    fn columns_are_put_where_they_belong() {
        let map = map(
            r#"{"schema": "zhengyin.map/1", "columns": {"编号": ["number", "serial"], "姓名": "holders[0].name", "日期": {"key": "fields.成立.日期", "as": "date"},
                "备注": null}, "constants": {"holders": [{"id_type": 111}], "bind": 1}}"#,
        )
        .unwrap();
        let plan = map.plan(&["备注".into(), " 姓名".into(), "编号".into(), "日期".into()]).unwrap();
        let mut facts = plan.base();
        for ((_, columns), value) in plan.columns.iter().zip(["x", "张", "1", "d"]) {
            for column in columns {
                column.put(&mut facts, value.into());
            }
        }
        assert_eq!(
            facts,
            serde_json::json!({"bind": 1, "number": "1", "serial": "1", "holders": [{"id_type": 111, "name": "张"}], "fields": {"成立.日期": "d"}})
        );
    }

    #[test]
    fn what_would_be_lost_is_refused() {
        let good = map(r#"{"schema": "zhengyin.map/1", "columns": {"a": "number", "b": null}}"#).unwrap();
        let plan = |header: &[&str]| {
            let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
            good.plan(&header).map(|_| ()).map_err(|failure| failure.text().en)
        };
        assert_eq!(plan(&["a"]), Ok(()));
        assert_eq!(plan(&["a", "b", "c"]), Err("the map does not say what the column c is".into()));
        assert_eq!(plan(&["b"]), Err("there is no column a in the table".into()));
        assert_eq!(plan(&["a", "a"]), Err("the column a stands twice".into()));
        for (columns, constants, said) in [
            (r#"{"a": "nubmer"}"#, "{}", "columns.a: there is no key nubmer"),
            (r#"{"a": "holders[x].name"}"#, "{}", "columns.a: there is no key holders[x].name"),
            (r#"{"a": "number", "b": "number"}"#, "{}", "columns: number stands twice"),
            (r#"{"a": "number"}"#, r#"{"number": "1"}"#, "number is both a column and a constant"),
            (r#"{"a": "valid.from"}"#, r#"{"valid": "x"}"#, "valid.from does not fit the constants"),
            (r#"{"a": {"key": "number", "as": "date"}}"#, "{}", "columns.a: number takes no `as` (date)"),
            (
                r#"{"a": {"key": "fields.x", "as": "float"}}"#,
                "{}",
                "columns.a: `as` is text, code, date, integer, boolean or list",
            ),
            (r#"{"a": {"key": "fields.x", "separators": ["、"]}}"#, "{}", "columns.a: separators are for a list"),
        ] {
            let json = format!(r#"{{"schema": "zhengyin.map/1", "columns": {columns}, "constants": {constants}}}"#);
            assert_eq!(map(&json).map(|_| ()), Err(said.to_owned()), "{json}");
        }
    }
}
