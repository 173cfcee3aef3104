//! Definitions and faults for people.

use super::super::facts::{explain_citizen_id, explain_credit_code, key_of};
use crate::output::{Say, say};
use zhengyin::claims::Binding;
use zhengyin::claims::fields::FieldName;
use zhengyin::issue::catalogue::{
    Fault, FaultAt, FieldDefinition, FieldKind, Kept, Masking, Presence, Rule, TypeDefinition, Until,
};
use zhengyin::issue::{FieldLabel, LicenseFacts, Place};
use zhengyin::reason::Language;

/// One fault, with the key of the JSON that it stands under.
pub(crate) fn explain_fault(facts: &LicenseFacts, fault: &Fault) -> Say {
    let key = match &fault.at {
        FaultAt::Number => "number".to_owned(),
        FaultAt::Holders => "holders".to_owned(),
        FaultAt::HolderId(at) => key_of(facts, Place::HolderId(*at)),
        FaultAt::Binding => "bind".to_owned(),
        FaultAt::Validity => "valid".to_owned(),
        FaultAt::Field(at) => key_of(facts, Place::FieldValue(*at)),
        FaultAt::Missing(label) => format!("fields.{}", label_text(label, Language::Zh)),
    };
    let why = explain_rule(&fault.rule);
    Say { zh: format!("{key}：{}", why.zh), en: format!("{key}: {}", why.en) }
}

fn explain_rule(rule: &Rule) -> Say {
    let zh = match rule {
        Rule::Required => "缺少".to_owned(),
        Rule::Empty => "为空".to_owned(),
        Rule::NotOfType => "该类型没有这一项".to_owned(),
        Rule::Kind(kind) => format!("应为{}", kind_text(*kind).zh),
        Rule::Pattern(pattern) => format!("不符合 {pattern}"),
        Rule::OneOf(known) => format!("不是 {} 之一", known.join("、")),
        Rule::Longest(longest) => format!("超过 {longest} 个字"),
        Rule::CreditCodeShape => "不是统一社会信用代码".to_owned(),
        Rule::CreditCode(fault) => explain_credit_code(*fault).zh,
        Rule::CitizenIdShape => "不是公民身份号码".to_owned(),
        Rule::CitizenId(fault) => explain_citizen_id(*fault).zh,
        Rule::Region => "不是六位行政区划代码".to_owned(),
        Rule::Masked => "不能遮盖".to_owned(),
        Rule::NotMasked(Kept { head, tail }) => format!("应遮盖，只留前 {head} 位和后 {tail} 位"),
        Rule::MaskedOtherwise(Kept { head, tail }) => format!("遮盖方式不对：应只留前 {head} 位和后 {tail} 位"),
        Rule::HolderCount { fewest, most, found } => {
            let most = most.map_or_else(|| "以上".to_owned(), |most| format!(" 至 {most} 个"));
            format!("应有 {fewest}{most}，而有 {found} 个")
        }
        Rule::HolderIdType(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
            format!("代码类型应为 {}", kinds.join(" 或 "))
        }
        Rule::Binding(bindings) => format!("应为 {}", bindings_text(bindings, " 或 ")),
        Rule::UntilRequired => "应有截止日期".to_owned(),
        Rule::UntilAbsent => "不应有截止日期（长期）".to_owned(),
        Rule::Years(years) => format!("应为 {} 年", years_text(years, " 或 ")),
        Rule::MostYears(years) => format!("超过 {years} 年"),
        rule => rule.to_string(),
    };
    Say { zh, en: rule.to_string() }
}

fn bindings_text(bindings: &[Binding], between: &str) -> String {
    bindings.iter().map(|binding| binding.number().to_string()).collect::<Vec<_>>().join(between)
}

fn years_text(years: &[u8], between: &str) -> String {
    years.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

fn label_text(label: &FieldLabel, language: Language) -> String {
    match label {
        FieldLabel::Name(name) => name.clone(),
        FieldLabel::Number(number) => {
            FieldName::of_number(*number).map_or_else(|| number.to_string(), |name| name.text(language).to_owned())
        }
    }
}

/// What a field of a definition is called.
pub(crate) fn field_name(field: &FieldDefinition) -> Say {
    let en = field.name_en.clone().unwrap_or_else(|| label_text(&field.label, Language::En));
    Say { zh: label_text(&field.label, Language::Zh), en }
}

/// The word for a kind.
fn kind_text(kind: FieldKind) -> Say {
    match kind {
        FieldKind::Text => say!("文本", "text"),
        FieldKind::Int => say!("整数", "integer"),
        FieldKind::Bool => say!("是或否", "yes or no"),
        FieldKind::Day => say!("日期", "date"),
        FieldKind::Texts => say!("文本列表", "list of texts"),
        FieldKind::CreditCode => say!("统一社会信用代码", "credit code"),
        FieldKind::CitizenId => say!("公民身份号码", "citizen number"),
        FieldKind::Region => say!("行政区划代码", "region code"),
    }
}

/// What is asked of a field, in words: what it holds, whether it is required, and its rules.
pub(crate) fn rule_texts(field: &FieldDefinition) -> Say {
    let mut said = vec![kind_text(field.kind)];
    if field.presence == Presence::Required {
        said.push(say!("必填", "required"));
    }
    if let Some(pattern) = &field.pattern {
        let pattern = pattern.as_str();
        said.push(say!("符合 {pattern}", "matches {pattern}"));
    }
    if !field.one_of.is_empty() {
        let known = field.one_of.join("、");
        said.push(say!("{known} 之一", "one of {known}"));
    }
    if let Some(longest) = field.longest {
        said.push(say!("至多 {longest} 字", "at most {longest} characters"));
    }
    said.extend(masking_text(field.masking));
    joined(&said)
}

fn masking_text(masking: Masking) -> Option<Say> {
    match masking {
        Masking::Never => None,
        Masking::Admitted(Kept { head, tail }) => {
            Some(say!("可遮盖，留前 {head} 后 {tail} 位", "may be masked but for the first {head} and last {tail}"))
        }
        Masking::Demanded(Kept { head, tail }) => {
            Some(say!("须遮盖，留前 {head} 后 {tail} 位", "is masked but for the first {head} and last {tail}"))
        }
    }
}

impl super::Catalogue {
    /// What is asked of a license beside its fields: holders, validity, binding.
    pub(crate) fn frame(definition: &TypeDefinition) -> [(Say, Say); 4] {
        let holders = &definition.holders;
        let (fewest, most) = (holders.fewest, holders.most);
        let mut said = vec![match most {
            Some(most) if most == fewest => say!("{fewest} 个", "{fewest}"),
            Some(most) => say!("{fewest} 至 {most} 个", "{fewest} to {most}"),
            None => say!("{fewest} 个以上", "{fewest} or more"),
        }];
        if !holders.id_types.is_empty() {
            let kinds = holders.id_types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            said.push(say!("代码类型 {kinds}", "id types {kinds}"));
        }
        said.extend(masking_text(holders.masking));
        let number = definition.number.as_ref().map_or("", |pattern| pattern.as_str());
        let validity = &definition.validity;
        let mut lasts = vec![match validity.until {
            Until::Required => say!("有截止日期", "has a last day"),
            Until::Absent => say!("长期", "has no end"),
            Until::Optional => say!("可有截止日期", "may have a last day"),
        }];
        if !validity.years.is_empty() {
            let (zh, en) = (years_text(&validity.years, "、"), years_text(&validity.years, " or "));
            lasts.push(say!("{zh} 年", "{en} years"));
        }
        lasts.extend(validity.most_years.map(|years| say!("至多 {years} 年", "at most {years} years")));
        let bindings = bindings_text(&definition.bindings, ", ");
        [
            (say!("证照编号", "number"), say!("{number}", "{number}")),
            (say!("持证主体", "holders"), joined(&said)),
            (say!("有效期", "valid"), joined(&lasts)),
            (say!("绑定", "bind"), say!("{bindings}", "{bindings}")),
        ]
    }
}

fn joined(said: &[Say]) -> Say {
    let join = |text: fn(&Say) -> &str, between: &str| said.iter().map(text).collect::<Vec<_>>().join(between);
    Say { zh: join(|say| &say.zh, "，"), en: join(|say| &say.en, ", ") }
}
