//! The demonstration's data: `examples/data`, brought to the present.

use crate::clock::{day, day_text, whole_years, years_later};
use crate::keyed::{Keys, code, list, object, text};
use crate::office::mandate_from_json;
use crate::office::province::ProvinceFacts;
use crate::output::{Failure, Say, say};
use crate::template::{self, Template};
use serde_json::Value;
use zhengyin::claims::id::{CreditCode, RegionPrefix};
use zhengyin::time::Day;
use zhengyin::trust::Mandate;
use zhengyin::x509::Use;

macro_rules! sheets {
    ($($name:literal)*) => {
        const SHEETS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../../examples/data/", $name, ".json")))),*];
    };
}

sheets! {
    "business-license" "business-license-individual" "real-estate-certificate" "driving-licence" "vehicle-licence"
    "birth-certificate" "marriage-certificate" "medical-institution-license" "teacher-certificate" "road-transport-permit"
    "special-operation-certificate" "pollutant-discharge-permit" "drug-operation-permit" "food-operation-permit"
    "construction-permit" "hygiene-permit" "constructor-certificate" "business-license-outside-mandate"
}

const FEDERATION: &str = include_str!("../../../../../examples/data/federation/federation.json");

/// The one whose authority may not issue its type.
pub(super) const OUTSIDE_MANDATE: &str = "business-license-outside-mandate";
/// The one that has run out.
pub(super) const EXPIRED: &str = "hygiene-permit";
/// So many days ago.
const EXPIRED_DAYS: i32 = 5;
/// The day at which the sheets are as they should be; in later years their dates are later by whole years.
const AS_OF: &str = "2026-10-01";
/// A person does not grow younger.
const NEVER_MOVED: &str = "出生日期";

/// A demonstration province and those who sign in it.
#[derive(Clone, Debug)]
pub(super) struct Province {
    pub(super) facts: ProvinceFacts,
    pub(super) authorities: Vec<Authority>,
}

#[derive(Clone, Debug)]
pub(super) struct Authority {
    pub(super) code: CreditCode,
    pub(super) name: String,
    pub(super) mandate: Mandate,
}

#[derive(Clone, Debug)]
pub(super) struct Federation {
    pub(super) name: String,
    pub(super) provinces: Vec<Province>,
}

/// The facts of one license, brought to the present.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: &'static str,
    pub(super) json: Value,
    pub(super) template: Template,
}

fn unusable(why: Say) -> Failure {
    Failure::new(say!("演示数据不可用", "the demonstration's data cannot be used")).because(why)
}

pub(super) fn federation() -> Result<Federation, Failure> {
    read_federation().map_err(unusable)
}

fn read_federation() -> Result<Federation, Say> {
    let mut keys = object(FEDERATION.as_bytes())?;
    // What the verifier does not need: remarks, and names of types.
    for passed_over in ["note", "definers", "types"] {
        keys.optional(passed_over, |_, _| Ok(()))?;
    }
    let federation = Federation {
        name: keys.required("federation", text)?,
        provinces: keys.required("provinces", |value, key| list(value, key, province))?,
    };
    keys.finish()?;
    Ok(federation)
}

fn province(value: Value, key: &str) -> Result<Province, Say> {
    let mut keys = Keys::of(value, key)?;
    let region = keys.required("region", |value, key| code(value, key, RegionPrefix::parse))?;
    let pair = |first: &'static str, second: &'static str| {
        move |value: Value, key: &str| {
            let mut keys = Keys::of(value, key)?;
            let pair = (keys.required(first, text)?, keys.required(second, text)?);
            keys.finish()?;
            Ok(pair)
        }
    };
    let (name_zh, name_en) = keys.required("names", pair("zh", "en"))?;
    let (keeper_code, keeper) = keys.required("keeper", pair("code", "name"))?;
    let facts = ProvinceFacts {
        code: region,
        name_zh,
        name_en,
        keeper,
        keeper_code: code(keeper_code.into(), key, CreditCode::parse)?,
        phone: Some("12345（演示）".to_owned()),
        url: None,
        test: true,
        mandate: Mandate { regions: vec![region], types: None, authorities: None },
        uses: Use::ALL.to_vec(),
    };
    let authorities = keys.required("authorities", |value, key| list(value, key, authority))?;
    keys.finish()?;
    Ok(Province { facts, authorities })
}

fn authority(value: Value, key: &str) -> Result<Authority, Say> {
    let mut keys = Keys::of(value, key)?;
    keys.optional("name_en", |_, _| Ok(()))?;
    let authority = Authority {
        code: keys.required("code", |value, key| code(value, key, CreditCode::parse))?,
        name: keys.required("name", text)?,
        mandate: keys.required("mandate", mandate_from_json)?,
    };
    keys.finish()?;
    Ok(authority)
}

/// Every sheet, as it would stand today.
pub(super) fn sheets(today: Day) -> Result<Vec<Sheet>, Failure> {
    SHEETS.iter().map(|(name, json)| sheet(name, json, today).map_err(unusable)).collect()
}

fn sheet(name: &'static str, json: &str, today: Day) -> Result<Sheet, Say> {
    let mut json: Value = serde_json::from_str(json).map_err(|error| say!("{name}：{error}", "{name}: {error}"))?;
    let years = day(AS_OF).map_or(0, |as_of| whole_years(as_of, today));
    let ended = json.pointer("/valid/until").and_then(Value::as_str).and_then(day);
    let late = ended.map_or(0, |ended| today.days().saturating_sub(EXPIRED_DAYS).saturating_sub(ended.days()));
    for_each_date(&mut json, &mut |date| {
        let moved = if name == EXPIRED {
            Day::new(i64::from(date.days()).saturating_add(i64::from(late))).unwrap_or(date)
        } else {
            years_later(date, years)
        };
        day_text(moved)
    });
    let template = template::parse(json.to_string().as_bytes())?;
    Ok(Sheet { name, json, template })
}

/// Rewrites every date but those that a person is born with.
fn for_each_date(value: &mut Value, rewrite: &mut impl FnMut(Day) -> String) {
    match value {
        Value::String(text) => {
            if let Some(date) = day(text) {
                *text = rewrite(date);
            }
        }
        Value::Object(map) => {
            for (_, value) in map.iter_mut().filter(|(key, _)| *key != NEVER_MOVED) {
                for_each_date(value, rewrite);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| for_each_date(value, rewrite)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A license that the reader may issue himself: the food permit of another shop.
pub(super) fn another(sheets: &[Sheet]) -> Option<Value> {
    let mut json = sheets.iter().find(|sheet| sheet.name == "food-operation-permit")?.json.clone();
    let map = json.as_object_mut()?;
    map.insert("number".to_owned(), "JY29901020000026".into());
    map.insert("serial".to_owned(), "JY29901020000026".into());
    Some(json)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn in_any_year_all_but_one_are_in_force() {
        for today in ["2026-10-01", "2026-11-22", "2027-09-30", "2028-02-29", "2040-03-01", "2091-12-31"] {
            let today = day(today).unwrap();
            for sheet in sheets(today).unwrap() {
                let facts = &sheet.template.facts;
                let in_force =
                    facts.validity.from() <= today && facts.validity.until().is_none_or(|until| until >= today);
                assert_eq!(in_force, sheet.name != EXPIRED, "{} on {}", sheet.name, day_text(today));
                assert!(facts.issued_on <= today, "{}", sheet.name);
            }
        }
    }

    #[test]
    fn today_the_sheets_are_the_files() {
        for sheet in sheets(day(AS_OF).unwrap()).unwrap() {
            let file = SHEETS.iter().find(|(name, _)| *name == sheet.name).unwrap().1;
            let file: Value = serde_json::from_str(file).unwrap();
            assert_eq!(sheet.json == file, sheet.name != EXPIRED, "{}", sheet.name);
        }
    }

    #[test]
    fn the_federation_has_four_provinces() {
        let federation = federation().unwrap();
        assert_eq!(federation.provinces.len(), 4);
        for province in &federation.provinces {
            province.facts.keeper_code.check().unwrap();
            assert!(province.facts.test && !province.authorities.is_empty());
        }
    }
}
