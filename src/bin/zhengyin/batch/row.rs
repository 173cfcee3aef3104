//! A row becomes the facts of a license, held to every rule that can be asked before it is signed.

use super::Complaint;
use super::cell::{self, complain};
use super::map::Plan;
use super::table::{Content, Row};
use crate::keys::hex_key;
use crate::office::catalogue::{Catalogue, Unknown, explain_fault};
use crate::office::facts::{explain, key_of};
use crate::office::reason_text;
use crate::output::{Say, say};
use crate::template::{self, Template};
use serde_json::{Map as Object, Value};
use zhengyin::claims::id::CreditCode;
use zhengyin::claims::{Binding, CredentialId, StatusPointer};
use zhengyin::issue::{CredentialFacts, IssueError, LicenseFacts, draft_license};
use zhengyin::store::Store;
use zhengyin::suite::PublicKey;
use zhengyin::time::Timestamp;

/// The key under which the holder's key stands, which is no fact of the license.
const HOLDER_KEY: &str = "holder_key";

/// How rows are read.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    Csv(Plan),
    /// What is the same in every line.
    Json(Object<String, Value>),
}

/// What rows are held to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) form: &'a Form,
    pub(crate) authority: CreditCode,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) unknown: Unknown,
    pub(crate) store: &'a Store,
    pub(crate) signer: &'a PublicKey,
    pub(crate) expires: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) list: u64,
}

/// What a row says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sheet {
    pub(crate) facts: LicenseFacts,
    pub(crate) holder_key: Option<PublicKey>,
    /// What was changed on the way, by key: brought to the one form of Unicode, masked.
    pub(crate) notes: Vec<String>,
}

impl Rules<'_> {
    /// Reads a row: cells, shape, the form of Unicode, masks.
    pub(crate) fn read(&self, row: &Row) -> Result<Sheet, Vec<Complaint>> {
        let mut value = match (&row.content, self.form) {
            (Content::Unreadable(complaint), _) => return Err(vec![complaint.clone()]),
            (Content::Cells(cells), Form::Csv(plan)) => from_cells(cells, plan)?,
            (Content::Json(line), Form::Json(constants)) => from_line(line, constants).map_err(|fault| vec![fault])?,
            (Content::Cells(_), Form::Json(_)) | (Content::Json(_), Form::Csv(_)) => {
                return Err(vec![Complaint::of_row("shape", say!("不是这种行", "is no such row"))]);
            }
        };
        let holder_key = match value.as_object_mut().and_then(|object| object.remove(HOLDER_KEY)) {
            None => None,
            Some(key) => Some(self.holder_key(&key).map_err(|fault| vec![fault])?),
        };
        let Template { authority, mut facts } =
            template::of_value(&value).map_err(|why| vec![self.told("shape", &why, row)])?;
        if let Some(other) = authority.filter(|other| *other != self.authority) {
            let (other, own) = (other.as_str(), self.authority.as_str());
            let why = say!("由 {other} 颁发，不是 {own}", "is to be issued by {other}, not by {own}");
            return Err(vec![self.complaint("authority", "authority", why, row)]);
        }
        let mut notes: Vec<String> =
            facts.normalize().into_iter().map(|changed| format!("NFC {}", key_of(&facts, changed.place))).collect();
        let masked = self.catalogue.types.mask(&mut facts);
        notes.extend(masked.into_iter().map(|place| format!("masked {}", key_of(&facts, place))));
        Ok(Sheet { facts, holder_key, notes })
    }

    /// Holds what was read to the definition of its type and to what a verifier would say.
    pub(crate) fn check(&self, sheet: &Sheet, row: &Row) -> Vec<Complaint> {
        let facts = &sheet.facts;
        if self.unknown == Unknown::Refused && self.catalogue.types.get(&facts.type_code).is_none() {
            let shown = facts.type_code.as_str();
            let why = say!("没有证照类型 {shown} 的定义", "there is no definition of type {shown}");
            return vec![self.complaint("type", "type", why, row)];
        }
        if facts.binding == Binding::HolderKey && sheet.holder_key.is_none() {
            let why = say!("bind 为 2：需要 holder_key", "bind is 2: holder_key is needed");
            return vec![self.complaint("bind", "holder-key", why, row)];
        }
        let faults = self.catalogue.types.check(facts);
        let mut complaints: Vec<Complaint> =
            faults.iter().map(|fault| self.told("definition", &explain_fault(facts, fault), row)).collect();
        let credential = CredentialFacts {
            issuer: self.authority,
            expires: Some(self.expires),
            not_before: self.now,
            issued_at: self.now,
            id: CredentialId::new([0; 16]),
            holder_key: sheet.holder_key.clone(),
            status: StatusPointer { list: self.list, index: 0 },
        };
        match draft_license(facts, &credential, Some(self.store), self.signer) {
            Ok(_) => {}
            Err(IssueError::Facts(error)) => {
                let fault = self.told("facts", &explain(facts, error), row);
                // What a definition says of a cell already is not said again.
                if !complaints.iter().any(|other| other.column.is_some() && other.column == fault.column) {
                    complaints.push(rounded(fault));
                }
            }
            Err(IssueError::Refused(reason)) => {
                complaints.push(Complaint::of_row(reason.symbol(), reason_text(reason)));
            }
            Err(error) => complaints.push(Complaint::of_row("license", say!("{error}", "{error}"))),
        }
        complaints
    }

    fn holder_key(&self, value: &Value) -> Result<PublicKey, Complaint> {
        let text = value.as_str().unwrap_or_default();
        hex_key(text).map_err(|why| {
            let column = self.column_of(HOLDER_KEY).unwrap_or_else(|| HOLDER_KEY.to_owned());
            complain(&column, text, ("holder-key", say!("{why}", "{why}")))
        })
    }

    /// The column in which a key stands; the key itself in JSON.
    fn column_of(&self, key: &str) -> Option<String> {
        match self.form {
            Form::Json(_) => Some(key.to_owned()),
            Form::Csv(plan) => {
                let found = plan.columns.iter().find(|(_, columns)| columns.iter().any(|own| own.key == key));
                found.map(|(name, _)| name.clone())
            }
        }
    }

    /// A complaint whose text begins with the key that it is about.
    fn told(&self, rule: &'static str, told: &Say, row: &Row) -> Complaint {
        if let Some(key) = told.en.strip_suffix(" is missing").filter(|key| !key.contains(' ')) {
            return self.complaint(key, "missing", say!("没有值", "has no value"), row);
        }
        let key = told.en.split_once(": ").map(|(key, _)| key).filter(|key| !key.contains(' '));
        match (key, told.zh.split_once('：')) {
            (Some(key), Some((_, zh))) => {
                let en = told.en.get(key.len().saturating_add(2)..).unwrap_or_default();
                self.complaint(key, rule, Say { zh: zh.to_owned(), en: en.to_owned() }, row)
            }
            _ => Complaint::of_row(rule, told.clone()),
        }
    }

    fn complaint(&self, key: &str, rule: &'static str, why: Say, row: &Row) -> Complaint {
        // A date of a field stands one key deeper.
        let column = self.column_of(key).or_else(|| self.column_of(key.strip_suffix(".date")?));
        match column {
            Some(column) => {
                let value = self.value_of(&column, row);
                Complaint { column: Some(column), value, rule: rule.into(), why }
            }
            // A constant of the map, or something that is in no column.
            None => Complaint::of_row(rule, Say { zh: format!("{key}：{}", why.zh), en: format!("{key}: {}", why.en) }),
        }
    }

    fn value_of(&self, column: &str, row: &Row) -> String {
        match (self.form, &row.content) {
            (Form::Csv(plan), Content::Cells(cells)) => {
                let at = plan.columns.iter().position(|(name, _)| name == column);
                at.and_then(|at| cells.get(at)).cloned().unwrap_or_default()
            }
            (Form::Json(_), Content::Json(line)) => {
                let value: Option<Value> = serde_json::from_str(line).ok();
                let found = value.as_ref().and_then(|value| under(value, column)).cloned();
                found.map_or_else(String::new, |found| match found {
                    Value::String(text) => text,
                    other => other.to_string(),
                })
            }
            _ => String::new(),
        }
    }
}

/// What stands under a key like `holders[0].id`; the name of a field is everything behind `fields.`.
fn under<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    if let Some(name) = key.strip_prefix("fields.") {
        return value.get("fields")?.get(name);
    }
    key.split('.').try_fold(value, |value, part| match part.split_once('[') {
        Some((name, item)) => value.get(name)?.get(item.strip_suffix(']')?.parse::<usize>().ok()?),
        None => value.get(part),
    })
}

/// A number of 18 digits that ends in zeros and fails its check was kept by a spreadsheet, which has 15.
fn rounded(mut fault: Complaint) -> Complaint {
    let value = fault.value.trim();
    if value.len() >= 17 && value.ends_with("000") && value.bytes().all(|byte| byte.is_ascii_digit()) {
        fault.rule = "rounded".into();
        fault.why = Say {
            zh: format!("{}；末尾的 000 可能是表格只保留 15 位的结果", fault.why.zh),
            en: format!("{}; the zeros at its end may be a spreadsheet's, which keeps 15 digits", fault.why.en),
        };
    }
    fault
}

fn from_cells(cells: &[String], plan: &Plan) -> Result<Value, Vec<Complaint>> {
    let (found, expected) = (cells.len(), plan.columns.len());
    if found != expected {
        let why = say!(
            "有 {found} 个单元格，而表头有 {expected} 列",
            "has {found} cells where the head has {expected} columns"
        );
        return Err(vec![Complaint::of_row("columns", why)]);
    }
    let mut facts = plan.base();
    let mut complaints = Vec::new();
    let all = plan
        .columns
        .iter()
        .zip(cells)
        .flat_map(|((name, columns), text)| columns.iter().map(move |column| (name, column, text)));
    for (name, column, text) in all {
        match cell::read(text, &column.kind, column.length) {
            Ok(Some(value)) => column.put(&mut facts, value),
            Ok(None) => {}
            Err(fault) => complaints.push(complain(name, text, fault)),
        }
        // A column that says two things is wrong once.
        complaints.dedup();
    }
    if let Some(object) = facts.as_object_mut() {
        // A license without fields says so.
        object.entry("fields").or_insert_with(|| Value::Object(Object::new()));
    }
    if complaints.is_empty() { Ok(facts) } else { Err(complaints) }
}

fn from_line(line: &str, constants: &Object<String, Value>) -> Result<Value, Complaint> {
    let value: Value = serde_json::from_str(line)
        .map_err(|error| Complaint::of_row("json", say!("不是 JSON：{error}", "not JSON: {error}")))?;
    let Value::Object(mut object) = value else {
        return Err(Complaint::of_row("json", say!("应为一个 JSON 对象", "a JSON object is expected")));
    };
    for (key, constant) in constants {
        if object.insert(key.clone(), constant.clone()).is_some() {
            let why = say!("{key} 既在行中又是常量", "{key} stands in the line and in the constants");
            return Err(Complaint::of_row("constant", why));
        }
    }
    Ok(Value::Object(object))
}
