//! What is wrong with the facts of a license, told with the keys of the JSON file that they were read from.

use crate::output::{Say, say};
use zhengyin::claims::fields::FieldName;
use zhengyin::claims::id::{CitizenIdCheckError, CreditCodeCheckError, OrganisationCheckError, TypeCodeCheckError};
use zhengyin::issue::{FactsError, FieldLabel, HolderIdFault, LicenseFacts, Place};
use zhengyin::reason::Language;

/// What is wrong with the facts, told with the key that it stands under in the JSON file.
pub(crate) fn explain(facts: &LicenseFacts, error: FactsError) -> Say {
    let at = |place: String, why: Say| Say { zh: format!("{place}：{}", why.zh), en: format!("{place}: {}", why.en) };
    let field = |index: usize| key_of(facts, Place::FieldName(index));
    match error {
        FactsError::Issuer(fault) => at("authority".to_owned(), explain_credit_code(fault)),
        FactsError::IssuerOrganisation(fault) => at("authority".to_owned(), explain_organisation(fault)),
        FactsError::TypeCode(TypeCodeCheckError::Definer(fault)) => at("type".to_owned(), explain_credit_code(fault)),
        FactsError::TypeCode(fault) => at("type".to_owned(), say!("应以三位数字结尾", "{fault}")),
        FactsError::TypeCodeOrganisation(fault) => at("type".to_owned(), explain_organisation(fault)),
        FactsError::HolderId { index, fault } => at(format!("holders[{index}].id"), explain_holder(fault)),
        FactsError::Empty(place) => at(key_of(facts, place), say!("不能为空", "is empty")),
        FactsError::Character(place) => at(
            key_of(facts, place),
            say!("含有不可见、控制或改变书写方向的字符", "holds an invisible, control or direction-changing character"),
        ),
        FactsError::FieldNumber { index, number } => {
            at(field(index), say!("名称登记表中没有 {number}", "the registry of names has no {number}"))
        }
        FactsError::FieldTwice { index } => at(field(index), say!("出现两次", "stands twice")),
        error => say!("{error}", "{error}"),
    }
}

fn explain_holder(fault: HolderIdFault) -> Say {
    match fault {
        HolderIdFault::Shape(fault) => say!("长度或字符不对", "{fault}"),
        HolderIdFault::CreditCode(fault) => explain_credit_code(fault),
        HolderIdFault::Organisation(fault) => explain_organisation(fault),
        HolderIdFault::CitizenId(fault) => explain_citizen_id(fault),
    }
}

/// What fails in a citizen identity number.
pub(super) fn explain_citizen_id(fault: CitizenIdCheckError) -> Say {
    let zh = match fault {
        CitizenIdCheckError::DayOfBirth => "公民身份号码中的出生日期不是日历上的一天".to_owned(),
        CitizenIdCheckError::CheckCharacter { expected } => format!("公民身份号码的校验码应为 {expected}"),
    };
    Say { zh, en: fault.to_string() }
}

/// What fails in a unified social credit code.
pub(super) fn explain_credit_code(fault: CreditCodeCheckError) -> Say {
    let zh = match fault {
        CreditCodeCheckError::Letter { at } => format!("统一社会信用代码不使用第 {} 位上的字母", at.saturating_add(1)),
        CreditCodeCheckError::Region { at } => format!("统一社会信用代码第 {} 位应为数字", at.saturating_add(1)),
        CreditCodeCheckError::CheckCharacter { expected } => format!("统一社会信用代码的校验码应为 {expected}"),
    };
    Say { zh, en: fault.to_string() }
}

fn explain_organisation(fault: OrganisationCheckError) -> Say {
    let expected = fault.expected;
    say!("组织机构代码的校验码应为 {expected}", "{fault}")
}

/// Where a text stands in the JSON file.
pub(crate) fn key_of(facts: &LicenseFacts, place: Place) -> String {
    let field = |index: usize| match facts.fields.get(index) {
        Some((FieldLabel::Name(name), _)) => format!("fields.{name}"),
        Some((FieldLabel::Number(number), _)) => {
            let name = FieldName::of_number(*number);
            name.map_or_else(|| format!("fields.{number}"), |name| format!("fields.{}", name.text(Language::Zh)))
        }
        None => "fields".to_owned(),
    };
    match place {
        Place::Name => "name".to_owned(),
        Place::Number => "number".to_owned(),
        Place::AuthorityName => "authority_name".to_owned(),
        Place::HolderName(index) => format!("holders[{index}].name"),
        Place::HolderId(index) => format!("holders[{index}].id"),
        Place::FieldName(index) | Place::FieldValue(index) => field(index),
        place => place.to_string(),
    }
}
