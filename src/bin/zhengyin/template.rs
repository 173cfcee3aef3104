//! The facts of one license as a person writes them down (JSON, see `examples/data/README.md`): the library reads them.

use crate::output::Say;
use serde_json::Value;
use zhengyin::Language;
pub(crate) use zhengyin::issue::Template;
use zhengyin::issue::TemplateError;

/// A larger file holds no facts of one license.
pub(crate) const MAX_FILE: usize = 1 << 20;

/// Reads the JSON. What is wrong is told with the key that it stands under.
pub(crate) fn parse(json: &[u8]) -> Result<Template, Say> {
    Template::parse(json).map_err(|error| told(&error))
}

/// The same of JSON that was read already.
pub(crate) fn of_value(value: &Value) -> Result<Template, Say> {
    parse(value.to_string().as_bytes())
}

fn told(error: &TemplateError) -> Say {
    Say { zh: error.text(Language::Zh), en: error.text(Language::En) }
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
