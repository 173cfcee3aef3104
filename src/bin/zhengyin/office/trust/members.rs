//! What a trust list says, member by member and field by field, so that two of them can be compared and no field is passed over.

use super::changes::algorithm_name;
use crate::clock;
use crate::keys::suite_name;
use crate::office::use_word;
use crate::output::{Say, hex};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use zhengyin::claims::id::{CreditCode, RegionPrefix, TypePrefix};
use zhengyin::suite::sha256;
use zhengyin::time::{Period, Timestamp};
use zhengyin::trust::{Anchor, Defect, History, HistoryState, ListKey, Mandate, Province, Rule, Treatment, TrustList};
use zhengyin::x509::Certificate;

/// A member of a list: what kind, and which.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Member {
    kind: &'static str,
    name: String,
}

/// What a member says, field by field.
type Fields = BTreeMap<&'static str, String>;

/// What one list says otherwise than another, of one member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Change {
    member: Member,
    how: How,
    /// Field, value before, value after.
    fields: Vec<(&'static str, Option<String>, Option<String>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum How {
    Added,
    Removed,
    Altered,
}

/// Words of members and fields in Chinese.
const CHINESE: [(&str, &str); 48] = [
    ("list", "清单"),
    ("signer", "签署者"),
    ("province", "省份"),
    ("anchor", "信任锚"),
    ("rule", "互认规则"),
    ("grace", "宽限"),
    ("defect", "已知瑕疵"),
    ("rename", "区划变更"),
    ("class", "风险类别"),
    ("emergency", "紧急"),
    ("sunset", "算法停用"),
    ("signed until", "签名截止"),
    ("relied until", "采信截止"),
    ("federation", "联邦"),
    ("number", "序号"),
    ("issued", "签发"),
    ("next update", "下次更新"),
    ("expires", "失效"),
    ("threshold", "门限"),
    ("key", "公钥"),
    ("name zh", "中文名称"),
    ("name en", "英文名称"),
    ("phone", "电话"),
    ("url", "网址"),
    ("contact", "联系人"),
    ("test", "测试"),
    ("epoch", "纪元"),
    ("least number", "最低序号"),
    ("history", "履历"),
    ("certificate", "证书"),
    ("suite", "算法"),
    ("stands", "有效区间"),
    ("identifier", "签名标识"),
    ("uses", "用途"),
    ("mandate", "授权范围"),
    ("shown in", "适用地"),
    ("licenses from", "来源地"),
    ("types", "证照类型"),
    ("as type", "视同类型"),
    ("for uses", "使用场景"),
    ("effect", "效力"),
    ("in force", "生效区间"),
    ("least binding", "最低绑定"),
    ("status at most", "状态最长时间"),
    ("legal basis", "法律依据"),
    ("legal basis en", "法律依据（英文）"),
    ("document", "文号"),
    ("risk class", "风险类别"),
];

fn chinese(word: &'static str) -> &'static str {
    CHINESE.iter().find(|(known, _)| *known == word).map_or(word, |(_, zh)| zh)
}

impl Change {
    /// What changes, then one line a field.
    pub(crate) fn lines(&self) -> Vec<Say> {
        let (mark, Member { kind, name }) = (self.how.mark(), &self.member);
        let said = |kind: &str| if name.is_empty() { kind.to_owned() } else { format!("{kind} {name}") };
        let mut lines =
            vec![Say { zh: format!("{mark} {}", said(chinese(kind))), en: format!("{mark} {}", said(kind)) }];
        for (field, before, after) in &self.fields {
            let value = match (before, after) {
                (Some(before), Some(after)) => format!("{before} → {after}"),
                (Some(before), None) if self.how == How::Altered => format!("{before} → ·"),
                (None, Some(after)) if self.how == How::Altered => format!("· → {after}"),
                (Some(value), None) | (None, Some(value)) => value.clone(),
                (None, None) => continue,
            };
            lines.push(Say { zh: format!("    {}：{value}", chinese(field)), en: format!("    {field}: {value}") });
        }
        lines
    }

    pub(crate) fn json(&self) -> Value {
        let Member { kind, name } = &self.member;
        let how = match self.how {
            How::Added => "added",
            How::Removed => "removed",
            How::Altered => "altered",
        };
        let fields: serde_json::Map<String, Value> = self
            .fields
            .iter()
            .map(|(field, before, after)| ((*field).to_owned(), json!({"before": before, "after": after})))
            .collect();
        json!({"member": kind, "name": name, "change": how, "fields": fields})
    }
}

impl How {
    const fn mark(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Altered => '~',
        }
    }
}

/// What `list` says otherwise than `before`; without one, everything that it says.
pub(crate) fn changes_between(before: Option<&TrustList>, list: &TrustList) -> Vec<Change> {
    let (old, new) = (before.map(members).unwrap_or_default(), members(list));
    let mut changes = Vec::new();
    let mut all: Vec<&Member> = old.keys().chain(new.keys()).collect();
    all.sort();
    all.dedup();
    let order = |kind: &str| CHINESE.iter().position(|(known, _)| *known == kind);
    all.sort_by_key(|member| order(member.kind));
    let none = Fields::new();
    for member in all {
        let (was, is) = (old.get(member).unwrap_or(&none), new.get(member).unwrap_or(&none));
        let how = match (old.contains_key(member), new.contains_key(member)) {
            (false, _) => How::Added,
            (true, false) => How::Removed,
            (true, true) => How::Altered,
        };
        let mut names: Vec<&'static str> = was.keys().chain(is.keys()).copied().collect();
        names.sort_unstable();
        names.dedup();
        names.sort_by_key(|name| order(name));
        let differ = names.into_iter().filter(|name| was.get(name) != is.get(name));
        let fields: Vec<_> = differ.map(|name| (name, was.get(name).cloned(), is.get(name).cloned())).collect();
        if !fields.is_empty() {
            changes.push(Change { member: member.clone(), how, fields });
        }
    }
    changes
}

fn members(list: &TrustList) -> BTreeMap<Member, Fields> {
    let mut all = BTreeMap::new();
    let mut put = |kind: &'static str, name: String, fields: Fields| {
        // Two of one name, which only a faulty list has, are told apart by their place.
        let mut member = Member { kind, name };
        while all.contains_key(&member) {
            member.name.push('′');
        }
        all.insert(member, fields);
    };
    let time = |instant: Timestamp| clock::local_text(instant);
    put(
        "list",
        String::new(),
        [
            ("federation", list.federation.clone()),
            ("number", list.seq.to_string()),
            ("issued", time(list.issued)),
            ("next update", time(list.next_update)),
            ("expires", time(list.expires)),
            ("threshold", list.threshold.to_string()),
        ]
        .into(),
    );
    for signer in &list.signers {
        let (key, suite) = match &signer.key {
            ListKey::Known(key) => (hex(key.coordinates()), suite_name(key.algorithm())),
            ListKey::Foreign(item) => (format!("? {}", hex(item)), "?"),
        };
        let name = format!("{} {}", signer.operator, key.get(..8).unwrap_or("?"));
        put("signer", name, [("suite", suite.to_owned()), ("key", key)].into());
    }
    for (code, province) in &list.provinces {
        put("province", code.as_str().to_owned(), province_fields(province));
        for anchor in &province.anchors {
            let name = Certificate::parse(&anchor.certificate)
                .map_or_else(|_| "?".to_owned(), |certificate| certificate.public_key().key_id().to_string());
            put("anchor", format!("{} {name}", code.as_str()), anchor_fields(anchor));
        }
    }
    for rule in &list.rules {
        put("rule", format!("{}/{}", rule.id, rule.revision), rule_fields(rule));
    }
    for (class, grace) in &list.grace {
        let text = [grace.list, grace.directory, grace.status].map(stretch).join(", ");
        put("grace", class.clone(), [("grace", text)].into());
    }
    for defect in &list.defects {
        put("defect", defect.id.clone(), defect_fields(defect));
    }
    for rename in &list.renames {
        put("rename", format!("{} → {}", rename.old, rename.new), [("in force", time(rename.from))].into());
    }
    for (prefix, class) in &list.classes {
        put("class", prefix.as_str().to_owned(), [("risk class", class.clone())].into());
    }
    for sunset in &list.sunsets {
        let mut fields = Fields::from([("signed until", time(sunset.signed_until))]);
        fields.extend(sunset.relied_until.map(|relied| ("relied until", time(relied))));
        put("sunset", algorithm_name(sunset.algorithm), fields);
    }
    if let Some(emergency) = &list.emergency {
        let fields = [
            ("name zh", emergency.why.get("zh").to_owned()),
            ("name en", emergency.why.get("en").to_owned()),
            ("rule", emergency.rules.join(", ")),
        ];
        put("emergency", String::new(), fields.into());
    }
    all
}

fn province_fields(province: &Province) -> Fields {
    let contact = &province.contact;
    let mut fields: Fields = [
        ("name zh", province.names.get("zh").to_owned()),
        ("name en", province.names.get("en").to_owned()),
        ("epoch", province.epoch.to_string()),
        ("least number", province.min_seq.to_string()),
        ("history", history(&province.history)),
    ]
    .into();
    fields.extend(contact.phone.clone().map(|phone| ("phone", phone)));
    fields.extend(contact.url.clone().map(|url| ("url", url)));
    fields.extend(contact.names.as_ref().map(|names| ("contact", names.get("zh").to_owned())));
    fields.extend(province.test.then(|| ("test", "✓".to_owned())));
    fields
}

fn anchor_fields(anchor: &Anchor) -> Fields {
    let identifier = anchor.identifier.clone().map(|identifier| ("identifier", identifier));
    let suite = Certificate::parse(&anchor.certificate)
        .map_or("?", |certificate| suite_name(certificate.public_key().algorithm()));
    [
        ("suite", suite.to_owned()),
        ("certificate", hex(sha256(&anchor.certificate).as_bytes())),
        ("stands", period(anchor.interval)),
        ("uses", anchor.uses.iter().map(|purpose| use_word(*purpose)).collect::<Vec<_>>().join(", ")),
        ("mandate", mandate(&anchor.mandate)),
        ("history", history(&anchor.history)),
    ]
    .into_iter()
    .chain(identifier)
    .collect()
}

fn rule_fields(rule: &Rule) -> Fields {
    let mut fields: Fields = [
        ("shown in", joined(&rule.recognised_in, RegionPrefix::as_str)),
        ("licenses from", joined(&rule.from, RegionPrefix::as_str)),
        ("types", joined(&rule.types, TypePrefix::as_str)),
        ("effect", rule.effect.word().to_owned()),
        ("in force", period(rule.period)),
        ("document", rule.legal_basis.document.clone()),
        ("legal basis", rule.legal_basis.zh.clone()),
        ("legal basis en", rule.legal_basis.en.clone()),
    ]
    .into();
    fields.extend(rule.as_type.map(|as_type| ("as type", as_type.to_string())));
    fields.extend(rule.use_cases.as_ref().map(|uses| ("for uses", uses.join(", "))));
    fields.extend(rule.min_binding.map(|binding| ("least binding", binding.to_string())));
    fields.extend(rule.max_status_age.map(|age| ("status at most", stretch(age))));
    fields.extend(rule.class.clone().map(|class| ("risk class", class)));
    fields
}

fn defect_fields(defect: &Defect) -> Fields {
    let applies = &defect.applies_to;
    let treatment = match defect.treatment {
        Treatment::Reject => "reject",
        Treatment::Manual => "manual",
        Treatment::Warn => "warn",
    };
    let mut fields: Fields = [
        ("key", applies.key_id.to_string()),
        ("class", defect.kind.clone()),
        ("effect", treatment.to_owned()),
        ("name zh", defect.names.get("zh").to_owned()),
        ("name en", defect.names.get("en").to_owned()),
        ("in force", clock::local_text(defect.from)),
    ]
    .into();
    fields.extend(applies.positions.map(|(list, from, to)| ("number", format!("{list}: {from}–{to}"))));
    fields.extend(applies.issued.map(|issued| ("issued", period(issued))));
    fields.extend(applies.type_code.map(|code| ("types", code.to_string())));
    fields
}

fn history(history: &History) -> String {
    let entry = |entry: &zhengyin::trust::HistoryEntry| {
        let state = match entry.state {
            HistoryState::Active => "active",
            HistoryState::Retired => "retired",
            HistoryState::Withdrawn => "withdrawn",
            HistoryState::Compromised => "compromised",
        };
        let since = entry.compromised_since.map(|since| format!(" ({})", clock::local_text(since)));
        let head = entry.log_head.as_ref().map(|head| format!(" {}", hex(head)));
        let from = clock::local_text(entry.from);
        format!("{state} {from}{}{}", since.unwrap_or_default(), head.unwrap_or_default())
    };
    history.entries().iter().map(entry).collect::<Vec<_>>().join("; ")
}

fn mandate(mandate: &Mandate) -> String {
    let mut text = joined(&mandate.regions, RegionPrefix::as_str);
    let types = mandate.types.as_ref().map(|types| joined(types, TypePrefix::as_str));
    let authorities = mandate.authorities.as_ref().map(|codes| joined(codes, CreditCode::as_str));
    for part in [types, authorities].into_iter().flatten() {
        text.push_str(" · ");
        text.push_str(&part);
    }
    text
}

fn period(period: Period) -> String {
    let text = |seconds: i64| Timestamp::new(seconds).map_or_else(|| seconds.to_string(), clock::local_text);
    let until = period.until().filter(|until| *until < Timestamp::MAX.seconds());
    until.map_or_else(
        || format!("{} –", text(period.from())),
        |until| format!("{} – {}", text(period.from()), text(until)),
    )
}

/// As the files of changes write it.
fn stretch(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let whole = units.into_iter().find_map(|(unit, name)| {
        let count = seconds.checked_div(unit).filter(|count| *count > 0 && seconds.checked_rem(unit) == Some(0))?;
        Some(format!("{count}{name}"))
    });
    whole.unwrap_or_else(|| format!("{seconds}s"))
}

fn joined<T>(items: &[T], text: impl Fn(&T) -> &str) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(", ")
}
