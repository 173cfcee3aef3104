//! Mandates as people write them: on the command line and in JSON.

use crate::keyed::{Keys, code, list};
use crate::output::Say;
use serde_json::{Value, json};
use zhengyin::claims::id::{CreditCode, RegionPrefix, TypePrefix};
use zhengyin::issue::certificate::MandateText;
use zhengyin::trust::Mandate;

/// For commands that give a mandate.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct MandateArgs {
    /// A region that it may vouch for: 2, 4 or 6 digits; may be repeated [default: the whole province]
    #[arg(long = "region", value_name = "REGION", value_parser = RegionPrefix::parse)]
    regions: Vec<RegionPrefix>,
    /// A license type that it may vouch for: 21 characters, or the 18 of a definer for all of his; may be repeated [default: any]
    #[arg(long = "type", value_name = "TYPE", value_parser = type_prefix)]
    types: Vec<TypePrefix>,
}

/// For clap: the error is a text. No license is issued under a code that fails its check, so a mandate for one is a slip of the pen.
fn type_prefix(text: &str) -> Result<TypePrefix, String> {
    let prefix = TypePrefix::parse(text).map_err(|error| error.to_string())?;
    prefix.definer().check().map_err(|error| error.to_string())?;
    Ok(prefix)
}

impl MandateArgs {
    pub(crate) fn mandate(&self, province: RegionPrefix) -> Mandate {
        let regions = if self.regions.is_empty() { vec![province] } else { self.regions.clone() };
        Mandate { regions, types: Some(self.types.clone()).filter(|types| !types.is_empty()), authorities: None }
    }
}

/// `{"regions": ["99"], "types": [...], "authorities": [...]}`; the last two may be absent.
pub(crate) fn from_json(value: Value, key: &str) -> Result<Mandate, Say> {
    let mut keys = Keys::of(value, key)?;
    let mandate = Mandate {
        regions: keys.required("regions", |value, key| list(value, key, |v, k| code(v, k, RegionPrefix::parse)))?,
        types: keys.optional("types", |value, key| list(value, key, |v, k| code(v, k, TypePrefix::parse)))?,
        authorities: keys
            .optional("authorities", |value, key| list(value, key, |v, k| code(v, k, CreditCode::parse)))?,
    };
    keys.finish()?;
    Ok(mandate)
}

pub(crate) fn to_json(mandate: &Mandate) -> Value {
    let mut value = json!({"regions": texts(&mandate.regions, RegionPrefix::as_str)});
    if let (Some(object), Some(types)) = (value.as_object_mut(), &mandate.types) {
        object.insert("types".to_owned(), texts(types, TypePrefix::as_str));
    }
    if let (Some(object), Some(authorities)) = (value.as_object_mut(), &mandate.authorities) {
        object.insert("authorities".to_owned(), texts(authorities, CreditCode::as_str));
    }
    value
}

fn texts<T>(codes: &[T], text: impl Fn(&T) -> &str) -> Value {
    codes.iter().map(text).collect()
}

/// Hands the mandate's texts to `f`, as certificates take them.
pub(super) fn with_text<T>(mandate: &Mandate, f: impl FnOnce(MandateText<'_>) -> T) -> T {
    let regions: Vec<&str> = mandate.regions.iter().map(RegionPrefix::as_str).collect();
    let types: Option<Vec<&str>> = mandate.types.as_ref().map(|types| types.iter().map(TypePrefix::as_str).collect());
    let authorities: Option<Vec<&str>> =
        mandate.authorities.as_ref().map(|codes| codes.iter().map(CreditCode::as_str).collect());
    f(MandateText { regions: &regions, types: types.as_deref(), authorities: authorities.as_deref() })
}
