//! License types at this desk: those that are shipped, and those of the folder `types` in the home, which come first.

mod definition;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use definition::{definition_json, parse_definition};
pub(crate) use words::{explain_fault, field_name, rule_texts};

use super::facts::key_of;
use crate::files;
use crate::home::Home;
use crate::output::{Failure, Loudness, Out, Say, say};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::TypeCode;
use zhengyin::issue::LicenseFacts;
use zhengyin::issue::catalogue::{Fault, TypeCatalogue, TypeDefinition};

/// A larger file defines no type.
pub(crate) const MAX_FILE: usize = 256 << 10;

macro_rules! shipped {
    ($($name:literal)*) => {
        /// The definitions that are shipped, as JSON.
        const SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("shipped/", $name, ".json")))),*];
    };
}

shipped! {
    "birth-certificate"
    "business-license"
    "construction-permit"
    "constructor-certificate"
    "driving-licence"
    "drug-operation-permit"
    "food-operation-permit"
    "hygiene-permit"
    "marriage-certificate"
    "medical-institution-license"
    "pollutant-discharge-permit"
    "real-estate-certificate"
    "road-transport-permit"
    "seen-constructor-certificate"
    "seen-real-estate-certificate"
    "seen-real-estate-registration"
    "seen-safety-officer-certificate"
    "seen-special-operation-certificate"
    "special-operation-certificate"
    "teacher-certificate"
    "vehicle-licence"
}

/// Where a definition is from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// It is shipped with this program.
    Shipped,
    /// It stands in this file.
    File(PathBuf),
}

/// What the desk does with a type that nobody defined here.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Unknown {
    /// It is issued, and told.
    #[default]
    Told,
    /// It is refused.
    Refused,
}

/// The definitions that this desk knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    pub(crate) types: TypeCatalogue,
    origins: BTreeMap<TypeCode, Origin>,
}

impl Catalogue {
    /// What is shipped, and what stands in the home. A file that is no definition is told, not passed over: what it forbids would be issued.
    pub(crate) fn read(home: Option<&Home>) -> Result<Self, Failure> {
        let mut catalogue = Self::default();
        for (name, json) in SHIPPED {
            let definition = parse_definition(json.as_bytes()).map_err(|why| unusable(Path::new(name), why))?;
            catalogue.put(definition, Origin::Shipped);
        }
        let paths = home.map(|home| files::list(&home.types())).transpose()?.unwrap_or_default();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
            let definition = read_definition(&path)?;
            if let Some(Origin::File(other)) = catalogue.origins.get(&definition.code) {
                let (code, other) = (definition.code.as_str(), other.display());
                let why = say!("{other} 已定义 {code}", "{other} defines {code} too");
                return Err(unusable(&path, why));
            }
            catalogue.put(definition, Origin::File(path));
        }
        Ok(catalogue)
    }

    fn put(&mut self, definition: TypeDefinition, origin: Origin) {
        self.origins.insert(definition.code, origin);
        self.types.insert(definition);
    }

    pub(crate) fn origin(&self, code: &TypeCode) -> &Origin {
        self.origins.get(code).unwrap_or(&Origin::Shipped)
    }

    /// Holds facts to the definition of their type before anything is done with them: numbers of persons are masked where that is demanded,
    /// and told; what does not fit is refused, all of it at once.
    pub(crate) fn admit(&self, facts: &mut LicenseFacts, unknown: Unknown, out: &mut Out) -> Result<(), Failure> {
        let code = facts.type_code;
        if self.types.get(&code).is_none() {
            let shown = code.as_str();
            if unknown == Unknown::Refused {
                return Err(Failure::new(say!(
                    "没有证照类型 {shown} 的定义",
                    "there is no definition of type {shown}"
                ))
                .because(say!("config 中 types = known", "`types = known` stands in config"))
                .next("zhengyin type list"));
            }
            let told = say!(
                "没有证照类型 {shown} 的定义：照面信息未经检查",
                "there is no definition of type {shown}: its fields are not checked"
            );
            out.remark(Loudness::Normal, &told);
        }
        for place in self.types.mask(facts) {
            let key = key_of(facts, place);
            out.remark(Loudness::Normal, &say!("{key}：已按类型要求遮盖", "{key}: masked, as the type demands"));
        }
        let faults = self.types.check(facts);
        if faults.is_empty() {
            return Ok(());
        }
        let number = &facts.number;
        let next = format!("zhengyin type show {}", code.as_str());
        Err(Failure::new(say!(
            "证照 {number} 不符合其类型的定义",
            "license {number} does not fit the definition of its type"
        ))
        .because(explain_faults(facts, &faults))
        .next(next))
    }
}

/// Every fault with the key that it stands under, one after the other.
pub(crate) fn explain_faults(facts: &LicenseFacts, faults: &[Fault]) -> Say {
    let told: Vec<Say> = faults.iter().map(|fault| explain_fault(facts, fault)).collect();
    let join = |text: fn(&Say) -> &str, between: &str| told.iter().map(text).collect::<Vec<_>>().join(between);
    Say { zh: join(|say| &say.zh, "；"), en: join(|say| &say.en, "; ") }
}

/// A definition in a file.
pub(crate) fn read_definition(path: &Path) -> Result<TypeDefinition, Failure> {
    parse_definition(&files::read(path, MAX_FILE)?).map_err(|why| unusable(path, why))
}

fn unusable(path: &Path, why: Say) -> Failure {
    let shown = path.display();
    let next = format!("zhengyin type check {}", files::quoted(path));
    Failure::new(say!("证照类型定义 {shown} 不可用", "the definition {shown} cannot be used")).because(why).next(next)
}
