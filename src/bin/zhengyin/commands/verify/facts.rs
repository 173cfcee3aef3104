//! What a license says, a line a fact.

use crate::clock::{day_text, local_text};
use crate::keys::suite_name;
use crate::output::{Span, dim, pad, plain};
use zhengyin::claims::{FieldKey, Holder, LicenseClaims, Value};
use zhengyin::reason::Language;
use zhengyin::suite::Algorithm;

/// Columns of the labels.
const LABEL: usize = 24;

/// The facts; `all` shows also what only systems ask for, such as the algorithm by which it is signed.
pub(super) fn lines(
    claims: &LicenseClaims<'_>,
    algorithm: Option<Algorithm>,
    language: Language,
    all: bool,
) -> Vec<Vec<Span>> {
    let license = &claims.license;
    let say = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut row = |label: &str, value: String| rows.push((label.to_owned(), value));
    for holder in license.holders.clone() {
        row(say("持证主体", "holder"), holder_text(&holder, language));
    }
    row(say("颁发日期", "issued on"), day_text(license.issued_on));
    let until = license.validity.until().map_or_else(|| say("长期", "without end").to_owned(), day_text);
    row(say("有效期", "valid"), format!("{} – {until}", day_text(license.validity.from())));
    row(say("区划", "region"), license.region.as_str().to_owned());
    row(say("电子证照标识", "identifier"), claims.identifier().as_str().to_owned());
    if let Some(copy) = &license.copy {
        row(say("加注件用途", "copy for"), copy.purpose.to_owned());
        if let Some(audience) = copy.audience {
            row(say("加注件对象", "copy for whom"), audience.to_owned());
        }
        row(say("加注件截止", "copy until"), local_text(copy.expires));
    }
    for (key, value) in license.fields.clone() {
        // A newer registry never makes a license unreadable: an unknown number is shown as one.
        let unknown = || match key {
            FieldKey::Number(number) => format!("#{number}"),
            FieldKey::Name(name) => name.to_owned(),
        };
        row(&key.text(language).map_or_else(unknown, str::to_owned), value_text(&value, language));
    }
    for attachment in license.attachments.clone().into_iter().flatten() {
        row(say("附件", "attachment"), format!("{} ({} B)", attachment.name, attachment.size));
    }
    if all {
        row(say("类型代码", "type"), license.type_code.as_str().to_owned());
        row(say("凭证编号", "credential"), claims.id.to_string());
        row(say("签发时间", "signed at"), local_text(claims.issued_at));
        if let Some(algorithm) = algorithm {
            row(say("签名算法", "signed with"), suite_name(algorithm).to_owned());
        }
        row(say("状态位置", "status position"), format!("{}/{}", claims.status.list, claims.status.index));
        if let Some(expires) = claims.expires {
            row(say("凭证更新期限", "credential until"), local_text(expires));
        }
    }
    rows.into_iter()
        .map(|(label, value)| vec![plain("    "), dim(pad(&label, LABEL)), plain(" "), plain(value)])
        .collect()
}

fn holder_text(holder: &Holder<'_>, language: Language) -> String {
    let kind = holder.id_type.text(language).map_or_else(|| holder.id_type.number().to_string(), str::to_owned);
    match language {
        Language::Zh => format!("{}（{kind} {}）", holder.name, holder.id),
        Language::En => format!("{} ({kind} {})", holder.name, holder.id),
    }
}

fn value_text(value: &Value<'_>, language: Language) -> String {
    match (value, language) {
        (Value::Text(text), _) => (*text).to_owned(),
        (Value::Int(number), _) => number.to_string(),
        (Value::Bool(true), Language::Zh) => "是".to_owned(),
        (Value::Bool(false), Language::Zh) => "否".to_owned(),
        (Value::Bool(true), Language::En) => "yes".to_owned(),
        (Value::Bool(false), Language::En) => "no".to_owned(),
        (Value::Day(day), _) => day_text(*day),
        (Value::Texts(texts), Language::Zh) => texts.clone().collect::<Vec<_>>().join("、"),
        (Value::Texts(texts), Language::En) => texts.clone().collect::<Vec<_>>().join(", "),
    }
}
