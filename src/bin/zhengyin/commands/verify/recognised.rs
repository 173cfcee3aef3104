//! By which rule a license from elsewhere is recognised here or not, for people.

use crate::output::{Say, say};
use zhengyin::reason::Language;
use zhengyin::trust::{Effect, Rule};
use zhengyin::verify::Recognition;

/// The rule, by what right it stands, as what it lets the license count, and its conditions.
pub(super) fn lines(recognition: &Recognition<'_>, language: Language) -> Vec<String> {
    let said = match recognition {
        Recognition::NotJudged | Recognition::Local | Recognition::NoRule => Vec::new(),
        Recognition::ByRule(rule) => of_rule(rule),
        Recognition::Tied(rules) => {
            let names: Vec<String> = rules.iter().map(|rule| format!("{} #{}", rule.id, rule.revision)).collect();
            let names = names.join(", ");
            vec![say!("互认规则互相冲突：{names}", "These recognition rules contradict each other: {names}")]
        }
    };
    said.iter().map(|said| said.get(language).to_owned()).collect()
}

fn of_rule(rule: &Rule) -> Vec<Say> {
    let (id, revision, basis) = (&rule.id, rule.revision, &rule.legal_basis);
    let (document, zh, en) = (&basis.document, &basis.zh, &basis.en);
    let effect = match rule.effect {
        Effect::Recognise => say!("认可", "recognised"),
        Effect::Conditional => say!("有条件认可", "recognised under conditions"),
        Effect::Refuse => say!("不认可", "not recognised"),
        Effect::Manual => say!("由人工审核", "for a person to decide"),
    };
    let mut lines = vec![Say {
        zh: format!("互认规则 {id} 第 {revision} 版：{}；依据 {document} {zh}", effect.zh),
        en: format!("Recognition rule {id}, revision {revision}: {}; by {document}, {en}", effect.en),
    }];
    if let Some(as_type) = rule.as_type {
        lines.push(say!("视同本地类型 {as_type}", "It counts here as type {as_type}"));
    }
    lines.extend(rule.min_binding.map(|least| match least {
        0 => say!("条件：不要求与持证人绑定", "Condition: it need not be bound to its holder"),
        1 => say!("条件：须与身份证件核对", "Condition: the holder is compared with an identity document"),
        _ => say!("条件：须以持证人密钥出示", "Condition: the holder's key shows it"),
    }));
    lines.extend(rule.max_status_age.map(|seconds| {
        let (days, hours) = (seconds / 86_400, seconds % 86_400 / 3_600);
        say!(
            "条件：吊销清单不超过 {days} 天 {hours} 小时",
            "Condition: a status list of at most {days} days {hours} hours"
        )
    }));
    lines
}
