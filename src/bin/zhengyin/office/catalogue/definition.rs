//! Definitions of license types as JSON. docs/operating.md has the keys.

use crate::keyed::{Keys, boolean, code, list, number, object, text};
use crate::output::{Say, say};
use serde_json::{Map, Value, json};
use zhengyin::claims::fields::FieldName;
use zhengyin::claims::id::TypeCode;
use zhengyin::claims::{Binding, HolderIdType};
use zhengyin::issue::FieldLabel;
use zhengyin::issue::catalogue::{
    FieldDefinition, FieldKind, HolderRule, Kept, Masking, OtherFields, Pattern, Presence, TypeDefinition, Until,
    ValidityRule,
};
use zhengyin::reason::Language;

/// What a definition says it is.
const SCHEMA: &str = "zhengyin.type/1";
const BINDINGS: [Binding; 3] = [Binding::Bearer, Binding::Identity, Binding::HolderKey];
const UNTIL: [(Until, &str); 3] =
    [(Until::Required, "required"), (Until::Absent, "absent"), (Until::Optional, "optional")];
const OTHERS: [(OtherFields, &str); 2] = [(OtherFields::Admitted, "admitted"), (OtherFields::Refused, "refused")];

/// Reads a definition. What is wrong is told with the key that it stands under; unknown keys are refused.
pub(crate) fn parse_definition(json: &[u8]) -> Result<TypeDefinition, Say> {
    let mut keys = object(json)?;
    keys.required("schema", |value, key| match text(value, key)?.as_str() {
        SCHEMA => Ok(()),
        other => Err(say!("{key}：{other} 不是 {SCHEMA}", "{key}: {other} is not {SCHEMA}")),
    })?;
    let definition = TypeDefinition {
        code: keys.required("code", |value, key| code(value, key, checked_code))?,
        name: keys.required("name", words)?,
        name_en: keys.required("name_en", words)?,
        definer: keys.required("definer", words)?,
        note: keys.optional("note", text)?.unwrap_or_default(),
        number: keys.optional("number", pattern)?,
        holders: keys.required("holders", holders)?,
        validity: keys.required("valid", validity)?,
        bindings: keys.optional("bind", |value, key| list(value, key, binding))?.unwrap_or_default(),
        other_fields: keys.required("other_fields", |value, key| word(value, key, &OTHERS))?,
        fields: keys.required("fields", |value, key| list(value, key, field))?,
    };
    keys.finish()?;
    for (at, field) in definition.fields.iter().enumerate() {
        if definition.fields.iter().take(at).any(|earlier| earlier.label == field.label) {
            return Err(say!("fields[{at}].name：出现两次", "fields[{at}].name: stands twice"));
        }
    }
    Ok(definition)
}

/// GB/T 36904: the code of a type that is defined must hold its checks, as that of a license must when it is issued.
fn checked_code(text: &str) -> Result<TypeCode, String> {
    let code = TypeCode::parse(text).map_err(|error| error.to_string())?;
    code.check().map_err(|error| error.to_string())?;
    code.definer().check_organisation().map_err(|error| error.to_string())?;
    Ok(code)
}

/// A text that says something.
fn words(value: Value, key: &str) -> Result<String, Say> {
    let text = text(value, key)?;
    if text.trim().is_empty() { Err(say!("{key}：不能为空", "{key}: is empty")) } else { Ok(text) }
}

fn word<T: Copy>(value: Value, key: &str, known: &[(T, &str)]) -> Result<T, Say> {
    let word = text(value, key)?;
    known.iter().find(|(_, name)| *name == word).map(|(meaning, _)| *meaning).ok_or_else(|| {
        let names = known.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
        say!("{key}：{word} 不是 {names} 之一", "{key}: {word} is none of {names}")
    })
}

fn pattern(value: Value, key: &str) -> Result<Pattern, Say> {
    Pattern::parse(&text(value, key)?).map_err(|error| say!("{key}：{error}", "{key}: {error}"))
}

fn binding(value: Value, key: &str) -> Result<Binding, Say> {
    let stated: u8 = number(value, key)?;
    let found = BINDINGS.into_iter().find(|binding| binding.number() == stated);
    found.ok_or_else(|| say!("{key}：应为 0、1 或 2", "{key}: 0, 1 or 2 is expected"))
}

fn id_type(value: Value, key: &str) -> Result<HolderIdType, Say> {
    let stated: u16 = number(value, key)?;
    HolderIdType::new(stated).ok_or_else(|| say!("{key}：没有代码类型 {stated}", "{key}: there is no id type {stated}"))
}

fn holders(value: Value, key: &str) -> Result<HolderRule, Say> {
    let mut keys = Keys::of(value, key)?;
    let count = |value, key: &str| {
        number::<i64>(value, key).and_then(|count| match usize::try_from(count) {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(say!("{key}：应为 1 或更多", "{key}: 1 or more is expected")),
        })
    };
    let rule = HolderRule {
        fewest: keys.optional("min", count)?.unwrap_or(1),
        most: keys.optional("max", count)?,
        id_types: keys.optional("id_types", |value, key| list(value, key, id_type))?.unwrap_or_default(),
        masking: keys.optional("mask", masking)?.unwrap_or(Masking::Never),
    };
    keys.finish()?;
    match rule.most.is_some_and(|most| most < rule.fewest) {
        true => Err(say!("{key}：max 小于 min", "{key}: max is less than min")),
        false => Ok(rule),
    }
}

fn masking(value: Value, key: &str) -> Result<Masking, Say> {
    let mut keys = Keys::of(value, key)?;
    let rule = keys.required("rule", text)?;
    let kept =
        Kept { head: keys.optional("head", number)?.unwrap_or(0), tail: keys.optional("tail", number)?.unwrap_or(0) };
    keys.finish()?;
    match rule.as_str() {
        "never" => Ok(Masking::Never),
        "admitted" => Ok(Masking::Admitted(kept)),
        "demanded" => Ok(Masking::Demanded(kept)),
        other => Err(say!(
            "{key}.rule：{other} 不是 never, admitted, demanded 之一",
            "{key}.rule: {other} is none of never, admitted, demanded"
        )),
    }
}

fn validity(value: Value, key: &str) -> Result<ValidityRule, Say> {
    let mut keys = Keys::of(value, key)?;
    let years = |value, key: &str| match number::<u8>(value, key)? {
        0 => Err(say!("{key}：应为 1 或更多", "{key}: 1 or more is expected")),
        years => Ok(years),
    };
    let rule = ValidityRule {
        until: keys.required("until", |value, key| word(value, key, &UNTIL))?,
        years: keys.optional("years", |value, key| list(value, key, years))?.unwrap_or_default(),
        most_years: keys.optional("max_years", years)?,
    };
    keys.finish()?;
    Ok(rule)
}

fn field(value: Value, key: &str) -> Result<FieldDefinition, Say> {
    let mut keys = Keys::of(value, key)?;
    let kinds: Vec<(FieldKind, &str)> = FieldKind::ALL.to_vec();
    let length = |value, key: &str| {
        let length: i64 = number(value, key)?;
        usize::try_from(length)
            .ok()
            .filter(|length| *length > 0)
            .ok_or_else(|| say!("{key}：应为 1 或更多", "{key}: 1 or more is expected"))
    };
    let field = FieldDefinition {
        label: FieldLabel::of_text(&keys.required("name", words)?),
        name_en: keys.optional("name_en", words)?,
        kind: keys.required("kind", |value, key| word(value, key, &kinds))?,
        presence: if keys.required("required", boolean)? { Presence::Required } else { Presence::Optional },
        pattern: keys.optional("pattern", pattern)?,
        one_of: keys.optional("one_of", |value, key| list(value, key, words))?.unwrap_or_default(),
        longest: keys.optional("max", length)?,
        masking: keys.optional("mask", masking)?.unwrap_or(Masking::Never),
    };
    keys.finish()?;
    let is_text = matches!(
        field.kind,
        FieldKind::Text | FieldKind::Texts | FieldKind::CreditCode | FieldKind::CitizenId | FieldKind::Region
    );
    if !is_text && (field.pattern.is_some() || !field.one_of.is_empty() || field.longest.is_some()) {
        return Err(say!("{key}：pattern、one_of、max 只用于文本", "{key}: pattern, one_of and max are for texts"));
    }
    if field.kind != FieldKind::CitizenId && field.masking != Masking::Never {
        return Err(say!("{key}.mask：只用于 citizen_id", "{key}.mask: is for citizen_id"));
    }
    Ok(field)
}

/// A definition as it is written in a file.
pub(crate) fn definition_json(definition: &TypeDefinition) -> Value {
    let mut json = json!({
        "schema": SCHEMA, "code": definition.code.as_str(), "name": definition.name, "name_en": definition.name_en,
        "definer": definition.definer, "note": definition.note,
        "holders": holders_json(&definition.holders), "valid": validity_json(&definition.validity),
        "bind": definition.bindings.iter().map(|binding| binding.number()).collect::<Value>(),
        "other_fields": name_of(definition.other_fields, &OTHERS),
        "fields": definition.fields.iter().map(field_json).collect::<Value>(),
    });
    if let (Some(pattern), Some(map)) = (&definition.number, json.as_object_mut()) {
        map.insert("number".to_owned(), pattern.as_str().into());
    }
    json
}

fn name_of<T: PartialEq>(meaning: T, known: &[(T, &'static str)]) -> &'static str {
    known.iter().find(|(other, _)| *other == meaning).map_or("", |(_, name)| *name)
}

fn holders_json(rule: &HolderRule) -> Value {
    let mut map = Map::new();
    map.insert("min".to_owned(), rule.fewest.into());
    if let Some(most) = rule.most {
        map.insert("max".to_owned(), most.into());
    }
    if !rule.id_types.is_empty() {
        map.insert("id_types".to_owned(), rule.id_types.iter().map(|kind| kind.number()).collect());
    }
    map.extend(masking_json(rule.masking));
    map.into()
}

fn masking_json(masking: Masking) -> Option<(String, Value)> {
    let (rule, kept) = match masking {
        Masking::Never => return None,
        Masking::Admitted(kept) => ("admitted", kept),
        Masking::Demanded(kept) => ("demanded", kept),
    };
    Some(("mask".to_owned(), json!({"rule": rule, "head": kept.head, "tail": kept.tail})))
}

fn validity_json(rule: &ValidityRule) -> Value {
    let mut map = Map::new();
    map.insert("until".to_owned(), name_of(rule.until, &UNTIL).into());
    if !rule.years.is_empty() {
        map.insert("years".to_owned(), rule.years.iter().copied().collect());
    }
    if let Some(years) = rule.most_years {
        map.insert("max_years".to_owned(), years.into());
    }
    map.into()
}

fn field_json(field: &FieldDefinition) -> Value {
    let name = match &field.label {
        FieldLabel::Name(name) => name.clone(),
        FieldLabel::Number(number) => {
            FieldName::of_number(*number).map_or_else(|| number.to_string(), |name| name.text(Language::Zh).to_owned())
        }
    };
    let mut map = Map::new();
    map.insert("name".to_owned(), name.into());
    map.extend(field.name_en.as_ref().map(|name| ("name_en".to_owned(), name.clone().into())));
    map.insert("kind".to_owned(), field.kind.word().into());
    map.insert("required".to_owned(), (field.presence == Presence::Required).into());
    map.extend(field.pattern.as_ref().map(|pattern| ("pattern".to_owned(), pattern.as_str().into())));
    if !field.one_of.is_empty() {
        map.insert("one_of".to_owned(), field.one_of.clone().into());
    }
    map.extend(field.longest.map(|longest| ("max".to_owned(), longest.into())));
    map.extend(masking_json(field.masking));
    map.into()
}
