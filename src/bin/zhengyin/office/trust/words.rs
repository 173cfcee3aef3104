//! What is wrong with a trust list, for people: with the names of what it is about.

use crate::clock;
use crate::office::{reason_text, use_word, words};
use crate::output::{Say, say};
use zhengyin::issue::{ListFault, TrustListError};
use zhengyin::trust::{Rule, TrustList};

/// A fault of `list`, which is to follow `before`.
pub(crate) fn explain_fault(fault: ListFault, list: &TrustList, before: Option<&TrustList>) -> Say {
    match fault {
        ListFault::ClassWithoutGrace => {
            let class = list.class_without_grace().unwrap_or("?");
            say!("风险类别 {class} 没有规定宽限", "no grace is granted for the risk class {class}")
        }
        ListFault::Anchor { province, .. } => {
            let code = province.as_str();
            say!("省份 {code} 的根证书不合要求", "the root of {code} is not an issuer's certificate of our profile")
        }
        ListFault::ProvinceDropped(province) => {
            let code = province.as_str();
            say!(
                "上一份清单列有省份 {code}：退出者应保留并标为撤回（withdrawn）",
                "province {code} of the list before is missing: who leaves stays listed, as withdrawn"
            )
        }
        ListFault::AnchorDropped { province, .. } => {
            let code = province.as_str();
            say!(
                "省份 {code} 缺少上一份清单中的信任锚：停用者应保留其履历",
                "an anchor of province {code} in the list before is missing: what ended stays listed with its history"
            )
        }
        ListFault::HistoryRewritten(province) => {
            let code = province.as_str();
            say!(
                "省份 {code} 或其信任锚的履历被删改：履历只能增加",
                "the history of province {code}, or of one of its anchors, was cut or rewritten: histories only grow"
            )
        }
        ListFault::EpochLowered(province) => {
            let code = province.as_str();
            say!("省份 {code} 的纪元或最低序号被调低", "the epoch or least number of the directory of {code} goes back")
        }
        ListFault::AnchorGap { province, purpose, from, until } => {
            let (code, purpose) = (province.as_str(), use_word(purpose));
            let (from, until) = (clock::local_text(from), clock::local_text(until));
            say!(
                "省份 {code} 的信任锚有空档：{from} 至 {until} 之间没有可用于 {purpose} 的信任锚",
                "there is a gap between the anchors of {code}: none stands for `{purpose}` from {from} to {until}"
            )
        }
        ListFault::TestProvince(province) => {
            let code = province.as_str();
            say!(
                "测试省份 {code} 不得列入正式清单",
                "the test province {code} stands in a list with provinces that are no tests"
            )
        }
        ListFault::PublishedAnchor { province, .. } => {
            let code = province.as_str();
            say!(
                "省份 {code} 的根密钥是公开的示例密钥",
                "the root of {code} has a published key: anyone can sign with it"
            )
        }
        ListFault::PublishedSigner(at) => {
            let operator = list.signers.get(at).map_or("?", |signer| signer.operator.as_str());
            say!(
                "{operator} 的密钥是公开的示例密钥",
                "the key of {operator} is a published one: anyone can sign with it"
            )
        }
        fault => explain_rule_fault(fault, list, before),
    }
}

fn explain_rule_fault(fault: ListFault, list: &TrustList, before: Option<&TrustList>) -> Say {
    let named =
        |rule: Option<&Rule>| rule.map_or_else(|| "?".to_owned(), |rule| format!("{}/{}", rule.id, rule.revision));
    let rule = |at: usize| named(list.rules.get(at));
    match fault {
        ListFault::LegalBasis(at) => {
            let rule = rule(at);
            say!("规则 {rule} 没有中文法律依据或文号", "rule {rule} gives no legal basis in Chinese, or no document")
        }
        ListFault::RulesOverlap(one, other) => {
            let (one, other) = (rule(one), rule(other));
            say!(
                "规则 {one} 与 {other} 是同一规则的两个版本，同时有效",
                "rules {one} and {other} are revisions of one rule and in force at once"
            )
        }
        ListFault::RulesTie(one, other) => {
            let (one, other) = (rule(one), rule(other));
            say!(
                "规则 {one} 与 {other} 同时适用于同样的证照，无从取舍",
                "rules {one} and {other} speak of the same licenses, equally specifically and at the same time"
            )
        }
        ListFault::ShortNotice { rule: at, effect } => {
            let (rule, effect) = (rule(at), clock::local_text(effect));
            say!(
                "规则 {rule} 自 {effect} 起变更，提前不足 48 小时，也未标明紧急",
                "rule {rule} changes at {effect}, at less than 48 hours' notice, and is not marked as an emergency"
            )
        }
        ListFault::RuleDropped(at) => {
            let rule = named(before.and_then(|before| before.rules.get(at)));
            say!(
                "规则 {rule} 仍有效却被删去，也未标明紧急",
                "rule {rule} is dropped while it is in force, and is not marked as an emergency"
            )
        }
        ListFault::EmergencyUnneeded(at) => {
            let rule =
                list.emergency.as_ref().and_then(|emergency| emergency.rules.get(at)).map_or("?", String::as_str);
            say!(
                "紧急标注列有规则 {rule}，但它没有仓促变更",
                "the emergency names rule {rule}, which is not changed at short notice"
            )
        }
        ListFault::SignersEnd => say!(
            "按所列算法停用日期，本清单失效前能继续签署的人数已不足门限：请先更换签署者的密钥（trust build --operator）",
            "by the algorithms that it ends, too few of its signers could sign the list after it: give them other keys first (trust build --operator)"
        ),
        ListFault::EmergencyReason => say!("紧急标注没有中文理由", "the emergency gives no reason in Chinese"),
        fault => say!("{fault}", "{fault}"),
    }
}

/// Why a list is not published, or a draft not used.
pub(crate) fn explain_list_error(error: TrustListError, list: Option<&TrustList>, before: Option<&TrustList>) -> Say {
    match (error, list) {
        (TrustListError::Refused(refusal), _) => reason_text(refusal.reason),
        (TrustListError::Draft(error), _) => words::explain_draft(error),
        (TrustListError::Fault(fault), Some(list)) => explain_fault(fault, list, before),
        (error, _) => say!("{error}", "{error}"),
    }
}
