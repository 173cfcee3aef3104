//! The demonstration data of `examples/data/`: the federation and the facts of the licenses.

use super::alloc::collections::BTreeMap;
use super::alloc::string::String;
use super::alloc::vec::Vec;

use serde_json::Value;
use zhengyin::claims::id::{CreditCode, Region, RegionPrefix, TypeCode, TypePrefix};
use zhengyin::claims::{Binding, HolderIdType, Validity};
use zhengyin::issue::{FieldLabel, FieldValue, HolderFacts, LicenseFacts};
use zhengyin::time::Day;
use zhengyin::trust::Mandate;

/// The federation's name.
pub(crate) const FEDERATION: &str = "示例联邦（演示）";

macro_rules! licenses {
    ($($name:literal)*) => {
        /// The licenses of `examples/data/`, by the names of their files.
        pub(crate) const LICENSES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../data/", $name, ".json")))),*];
    };
}

licenses! {
    "birth-certificate" "business-license" "business-license-individual" "business-license-outside-mandate"
    "construction-permit" "constructor-certificate" "driving-licence" "drug-operation-permit" "food-operation-permit"
    "hygiene-permit" "marriage-certificate" "medical-institution-license" "pollutant-discharge-permit"
    "real-estate-certificate" "road-transport-permit" "special-operation-certificate" "teacher-certificate"
    "vehicle-licence"
}

/// The one whose authority may not issue its type.
pub(crate) const OUTSIDE_MANDATE: &str = "business-license-outside-mandate";
/// The one whose validity ran out in 2025.
pub(crate) const EXPIRED: &str = "hygiene-permit";

/// A province of the demonstration federation.
#[derive(Clone, Debug)]
pub(crate) struct Province {
    /// Two digits.
    pub(crate) region: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    pub(crate) authorities: Vec<Authority>,
}

/// An authority that issues licenses.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    /// Its credit code.
    pub(crate) code: String,
    pub(crate) name: String,
    regions: Vec<String>,
    types: Vec<String>,
}

impl Authority {
    /// A body by its code and name, for certificates; it issues no licenses.
    pub(crate) fn named(code: &str, name: &str) -> Self {
        Self { code: code.into(), name: name.into(), regions: Vec::new(), types: Vec::new() }
    }

    /// What its keys may vouch for.
    pub(crate) fn mandate(&self) -> Mandate {
        Mandate {
            regions: self.regions.iter().map(|region| RegionPrefix::parse(region).unwrap()).collect(),
            types: Some(self.types.iter().map(|prefix| TypePrefix::parse(prefix).unwrap()).collect()),
            authorities: None,
        }
    }
}

/// The credit code of the body that holds a province's anchor.
pub(crate) fn bureau(region: &str) -> &'static str {
    match region {
        "99" => "11990000MB0000908E",
        "98" => "11980000MB0000908A",
        "97" => "11970000MB00009086",
        _ => "11960000MB00009082",
    }
}

/// The provinces of `federation.json`.
pub(crate) fn federation() -> Vec<Province> {
    let file: Value = serde_json::from_str(include_str!("../data/federation/federation.json")).unwrap();
    assert_eq!(file["federation"], FEDERATION);
    array(&file["provinces"]).map(province).collect()
}

/// The authority of a credit code.
pub(crate) fn authority(code: &str) -> Authority {
    federation().into_iter().flat_map(|province| province.authorities).find(|found| found.code == code).unwrap()
}

fn province(value: &Value) -> Province {
    Province {
        region: text(&value["region"]),
        zh: text(&value["names"]["zh"]),
        en: text(&value["names"]["en"]),
        authorities: array(&value["authorities"])
            .map(|value| Authority {
                code: text(&value["code"]),
                name: text(&value["name"]),
                regions: array(&value["mandate"]["regions"]).map(text).collect(),
                types: array(&value["mandate"]["types"]).map(text).collect(),
            })
            .collect(),
    }
}

/// The facts of a license and the credit code of the authority that is to issue it.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) authority: String,
    pub(crate) facts: LicenseFacts,
}

/// The license of `examples/data/<name>.json`.
pub(crate) fn license(name: &str) -> Template {
    let file = LICENSES.iter().find(|(known, _)| *known == name).expect("a license of examples/data").1;
    let value: BTreeMap<String, Value> = serde_json::from_str(file).unwrap();
    let binding = [Binding::Bearer, Binding::Identity, Binding::HolderKey];
    let facts = LicenseFacts {
        type_code: TypeCode::parse(value["type"].as_str().unwrap()).unwrap(),
        name: text(&value["name"]),
        number: text(&value["number"]),
        holders: array(&value["holders"])
            .map(|holder| HolderFacts {
                name: text(&holder["name"]),
                id_type: HolderIdType::new(number(&holder["id_type"])).unwrap(),
                id: text(&holder["id"]),
            })
            .collect(),
        authority_name: text(&value["authority_name"]),
        region: Region::parse(value["region"].as_str().unwrap()).unwrap(),
        issued_on: day(&value["issued_on"]),
        validity: Validity::new(day(&value["valid"]["from"]), value["valid"].get("until").map(day)).unwrap(),
        fields: value["fields"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (FieldLabel::of_text(name), field(value)))
            .collect(),
        serial: text(&value["serial"]),
        version: value.get("version").map_or(1, number),
        authority_code: value.get("authority_code").map(text),
        attachments: Vec::new(),
        copy: None,
        replaces: None,
        binding: binding[usize::from(number::<u8>(&value["bind"]))],
    };
    let authority = text(&value["authority"]);
    assert!(CreditCode::parse(&authority).is_ok());
    Template { authority, facts }
}

fn field(value: &Value) -> FieldValue {
    match value {
        Value::String(text) => FieldValue::Text(text.clone()),
        Value::Number(_) => FieldValue::Int(number(value)),
        Value::Bool(answer) => FieldValue::Bool(*answer),
        Value::Array(texts) => FieldValue::Texts(texts.iter().map(text).collect()),
        Value::Object(date) => FieldValue::Day(day(&date["date"])),
        Value::Null => panic!("a field without value"),
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().into()
}

fn number<N: TryFrom<i64>>(value: &Value) -> N {
    N::try_from(value.as_i64().unwrap()).ok().unwrap()
}

fn day(value: &Value) -> Day {
    parse_day(value.as_str().unwrap())
}

/// A day of the civil calendar, written as `2026-10-01`.
pub(crate) fn parse_day(text: &str) -> Day {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().unwrap());
    let (year, month, day) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    // Years from March, so that the day of 29 February is the last: the months before then have 30.6 days on average.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719 468 days from 0000-03-01 to 1970-01-01.
    Day::new(days + (153 * month + 2) / 5 + day - 1 - 719_468).unwrap()
}
