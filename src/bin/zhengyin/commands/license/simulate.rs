//! `license … --simulate`: how many live licenses a change would put out of force, before anything is recorded or signed.

use crate::clock;
use crate::home::Home;
use crate::office::register::state_text;
use crate::office::selection::{self, Named, Query, Selected};
use crate::output::{Exit, Failure, Out, Say, bad, bold, good, pad, plain, say, unsure};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use zhengyin::claims::id::CreditCode;
use zhengyin::status::State;
use zhengyin::time::Timestamp;

/// What would be changed.
pub(super) struct Plan<'a> {
    pub(super) state: State,
    pub(super) ids: &'a [String],
    pub(super) batch: Option<&'a PathBuf>,
    pub(super) query: &'a Query,
    pub(super) authority: Option<CreditCode>,
}

/// Licenses by what a change would do to them.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// In force, and no longer then.
    touched: u64,
    /// Out of force already, and in another state then.
    already: u64,
    /// Their validity is over.
    expired: u64,
    /// They cannot enter the state, or have it.
    unmoved: u64,
}

/// Type, the name that licenses of it bear, and region.
type Group = (String, String, String);

pub(super) fn run(home: &Home, plan: &Plan<'_>, out: &mut Out) -> Result<Exit, Failure> {
    let now = clock::now()?;
    let by_name = !plan.ids.is_empty() || plan.batch.is_some();
    if !by_name && plan.query.is_empty() {
        return Err(Failure::usage(say!("没有说明是哪些证照", "nothing says which licenses are meant"))
            .next("zhengyin license revoke --simulate --region 9901 --issued-from 2026-01-01"));
    }
    let named = if by_name { Some(Named::find(home, plan.ids, plan.batch, plan.authority)?) } else { None };
    let mut all = Counts::default();
    let mut groups: BTreeMap<Group, u64> = BTreeMap::new();
    selection::each(home, named.as_ref(), plan.query, plan.authority, now, &mut |_, selected| {
        let counter = match fate(&selected, plan.state, now) {
            Fate::Touched => {
                let touched = groups.entry(group(&selected)).or_default();
                *touched = touched.saturating_add(1);
                &mut all.touched
            }
            Fate::Already => &mut all.already,
            Fate::Expired => &mut all.expired,
            Fate::Unmoved => &mut all.unmoved,
        };
        *counter = counter.saturating_add(1);
    })?;
    tell(plan.state, all, &groups, out);
    let unknown = named.map_or_else(Vec::new, |named| named.unknown);
    for unknown in &unknown {
        let (line, id) = (unknown.line, &unknown.id);
        let said = say!("第 {line} 行：没有证照 {id}，或不止一份", "line {line}: no license {id}, or more than one");
        out.line(&[bad("✗ "), plain(out.say(&said))]);
    }
    let by: Vec<_> = groups
        .iter()
        .map(|((kind, name, region), live)| json!({"type": kind, "name": name, "region": region, "live": live}))
        .collect();
    out.json(&json!({
        "schema": "zhengyin.simulation/1", "state": plan.state.number(), "live": all.touched, "already": all.already,
        "expired": all.expired, "unmoved": all.unmoved, "by": by,
        "unknown": unknown.iter().map(|unknown| json!({"line": unknown.line, "id": unknown.id})).collect::<Vec<_>>(),
    }));
    Ok(if unknown.is_empty() { Exit::Done } else { Exit::RowsRefused })
}

/// What becomes of a license.
enum Fate {
    Touched,
    Already,
    Expired,
    Unmoved,
}

fn fate(selected: &Selected, state: State, now: Timestamp) -> Fate {
    let entry = &selected.entry;
    let is_over = |said: &selection::Said| said.validity.until().is_some_and(|until| until <= now.seconds());
    if entry.state == state || !entry.may_become(state) {
        Fate::Unmoved
    } else if selected.content.as_ref().is_some_and(is_over) {
        Fate::Expired
    } else if entry.state == State::InForce {
        Fate::Touched
    } else {
        Fate::Already
    }
}

fn group(selected: &Selected) -> Group {
    match (&selected.content, &selected.entry.name) {
        (Some(said), _) => (said.type_code.as_str().to_owned(), said.name.clone(), said.region.as_str().to_owned()),
        (None, Some(name)) => (name.type_code.as_str().to_owned(), String::new(), String::new()),
        // Erased by law.
        (None, None) => Group::default(),
    }
}

fn tell(state: State, all: Counts, groups: &BTreeMap<Group, u64>, out: &mut Out) {
    let Counts { touched, already, expired, unmoved } = all;
    let after = state_text(state);
    let resumes = state == State::InForce;
    let said = match resumes {
        false => Say {
            zh: format!("将使 {touched} 份在用证照变为{}；未作任何更改", after.zh),
            en: format!("licenses in force that would be {}: {touched}; nothing was changed", after.en),
        },
        true => Say {
            zh: format!("将恢复 {already} 份证照；未作任何更改"),
            en: format!("licenses that would be in force again: {already}; nothing was changed"),
        },
    };
    let mark = if touched == 0 { good("✓ ") } else { unsure("! ") };
    out.line(&[mark, bold(out.say(&said))]);
    for ((kind, name, region), live) in groups {
        let kind = if kind.is_empty() { "–" } else { kind };
        let count = format!("{live:>8}  ");
        let line = [plain("  "), bold(count), plain(pad(kind, 23)), plain(pad(region, 8)), plain(name.clone())];
        out.line(&line);
    }
    let rest = [
        (already, say!("已不在用，将改变状态", "out of force already, and would change their state")),
        (expired, say!("有效期已过", "past their validity")),
        (unmoved, say!("已是该状态，或不能变为该状态", "in that state already, or unable to enter it")),
    ];
    for (count, what) in rest.iter().filter(|(count, _)| *count > 0 && !(resumes && *count == already)) {
        let line = [plain("  "), plain(format!("{count:>8}  ")), plain(out.say(what))];
        out.line(&line);
    }
}
