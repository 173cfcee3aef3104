//! What was asked, as values of the report, and read back from them: whoever replays a report asks the same again.

use alloc::borrow::Cow;
use alloc::string::String;

use super::Context;
use super::value::Value;
use crate::claims::id::{Region, TypePrefix};
use crate::policy::{Ask, Attendance, GraceUse, Policy};
use crate::time::{Clock, Timestamp};
use crate::trust::Grace;

/// Everything that a report depends on but the bytes, the store and this crate's version.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments<'a> {
    /// What was asked for.
    pub policy: Policy,
    /// What the verifier said of itself, and the times that it asked about.
    pub context: Context<'a>,
    /// What it said of the time.
    pub clock: Clock,
}

/// `policy` of a report: all of it.
pub(super) fn policy_value(policy: &Policy) -> Value<'static> {
    // A part that is added to a policy does not compile until it is told here, and read back below.
    let Policy { name, region, recognition, presentation, grace, attendance, budgets, classes, max_status_age } =
        policy;
    let budgets = budgets.iter().map(|(class, most)| {
        let most = [("directory", most.directory), ("list", most.list), ("status", most.status)];
        // No limit at all is longer than any number that is written.
        let most = most.map(|(of, seconds)| (of, Value::or_null(i64::try_from(seconds).ok())));
        (class.clone().into(), Value::map(most))
    });
    let classes = classes.iter().map(|(prefix, class)| (String::from(prefix.as_str()).into(), class.clone().into()));
    Value::map([
        ("name", name.clone().into_owned().into()),
        ("region", Value::or_null(region.map(|region| String::from(region.as_str())))),
        ("recognition", (*recognition == Ask::Yes).into()),
        ("presentation", (*presentation == Ask::Yes).into()),
        ("grace", grace_word(*grace).into()),
        ("attended", (*attendance == Attendance::Attended).into()),
        ("budgets", Value::Map(budgets.collect())),
        ("classes", Value::Map(classes.collect())),
        ("max_status_age", Value::or_null(*max_status_age)),
    ])
}

const fn grace_word(grace: GraceUse) -> &'static str {
    match grace {
        GraceUse::AsListed => "as-listed",
        GraceUse::None => "none",
    }
}

/// `context` of a report. The times that are asked about stand in `time`.
pub(super) fn context_value<'a>(context: &Context<'a>) -> Value<'a> {
    let Context { purpose, audience, use_case, event_time: _, known_as_of: _ } = context;
    Value::map([
        ("audience", Value::or_null(*audience)),
        ("purpose", Value::or_null(*purpose)),
        ("use_case", Value::or_null(*use_case)),
    ])
}

/// `time.clock` of a report.
pub(super) fn clock_value(clock: Clock) -> Value<'static> {
    match clock {
        Clock::Absent => Value::Null,
        Clock::Reads { now, uncertainty } => {
            Value::map([("now", now.into()), ("uncertainty", i64::from(uncertainty).into())])
        }
    }
}

impl<'v> Arguments<'v> {
    /// What a report says that was asked. `None` if this version cannot ask that.
    #[must_use]
    pub fn of_report(report: &'v Value<'_>) -> Option<Self> {
        let (policy, context, time) = (report.get("policy")?, report.get("context")?, report.get("time")?);
        Some(Self {
            policy: read_policy(policy)?,
            context: Context {
                purpose: text_or_null(context.get("purpose")?)?,
                audience: text_or_null(context.get("audience")?)?,
                use_case: text_or_null(context.get("use_case")?)?,
                event_time: time_or_null(time.get("event")?)?,
                known_as_of: time_or_null(time.get("known_as_of")?)?,
            },
            clock: read_clock(time.get("clock")?)?,
        })
    }
}

fn read_policy(value: &Value<'_>) -> Option<Policy> {
    let yes = |name| value.get(name)?.as_bool();
    let asked = |name| Some(if yes(name)? { Ask::Yes } else { Ask::No });
    let region = text_or_null(value.get("region")?)?.map(Region::parse).transpose().ok()?;
    let grace = value.get("grace")?.as_text()?;
    let mut policy = Policy::counter(region);
    policy.name = Cow::Owned(value.get("name")?.as_text()?.into());
    policy.recognition = asked("recognition")?;
    policy.presentation = asked("presentation")?;
    policy.grace = [GraceUse::AsListed, GraceUse::None].into_iter().find(|known| grace_word(*known) == grace)?;
    policy.attendance = if yes("attended")? { Attendance::Attended } else { Attendance::Unattended };
    for (class, most) in value.get("budgets")?.members()? {
        let seconds = |of| seconds_or_null(most.get(of)?).map(|seconds| seconds.unwrap_or(u64::MAX));
        let grace = Grace { list: seconds("list")?, directory: seconds("directory")?, status: seconds("status")? };
        policy.budgets.insert(class.into(), grace);
    }
    for (prefix, class) in value.get("classes")?.members()? {
        policy.classes.insert(TypePrefix::parse(prefix).ok()?, class.as_text()?.into());
    }
    policy.max_status_age = seconds_or_null(value.get("max_status_age")?)?;
    Some(policy)
}

fn seconds_or_null(value: &Value<'_>) -> Option<Option<u64>> {
    match value {
        Value::Null => Some(None),
        _ => u64::try_from(value.as_int()?).ok().map(Some),
    }
}

fn read_clock(value: &Value<'_>) -> Option<Clock> {
    match value {
        Value::Null => Some(Clock::Absent),
        _ => Some(Clock::Reads {
            now: Timestamp::new(value.get("now")?.as_int()?)?,
            uncertainty: u32::try_from(value.get("uncertainty")?.as_int()?).ok()?,
        }),
    }
}

fn text_or_null<'v>(value: &'v Value<'_>) -> Option<Option<&'v str>> {
    match value {
        Value::Null => Some(None),
        _ => value.as_text().map(Some),
    }
}

fn time_or_null(value: &Value<'_>) -> Option<Option<Timestamp>> {
    match value {
        Value::Null => Some(None),
        _ => Timestamp::new(value.as_int()?).map(Some),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Whatever was asked is read back from the report as it was.
    #[test]
    fn what_was_asked_is_read_back() {
        let time = |seconds| Timestamp::new(seconds).unwrap();
        let mut odd = Policy::kiosk(Region::parse("990102").ok()).without_presentation();
        odd.name = Cow::Borrowed("示例大厅");
        odd.grace = GraceUse::None;
        odd.budgets.insert("high".into(), Grace { list: 0, directory: 3_600, status: u64::MAX });
        odd.classes.insert(TypePrefix::parse("11950000MB0000019Y").unwrap(), "high".into());
        odd.max_status_age = Some(86_400);
        let policies = Policy::BUILT_IN.map(|(_, policy)| policy(None)).into_iter().chain([odd]);
        let full = Context {
            purpose: Some("办理贷款"),
            audience: Some("示例银行"),
            use_case: Some("loan"),
            event_time: Some(time(5)),
            known_as_of: Some(time(6)),
        };
        for policy in policies {
            for context in [Context::default(), full] {
                for clock in [Clock::Absent, Clock::reads(time(1_790_820_000))] {
                    let report = Value::map([
                        ("policy", policy_value(&policy)),
                        ("context", context_value(&context)),
                        (
                            "time",
                            Value::map([
                                ("clock", clock_value(clock)),
                                ("event", Value::or_null(context.event_time)),
                                ("known_as_of", Value::or_null(context.known_as_of)),
                            ]),
                        ),
                    ]);
                    let read = Arguments::of_report(&report).unwrap();
                    assert_eq!(read, Arguments { policy: policy.clone(), context, clock });
                }
            }
        }
        assert_eq!(Arguments::of_report(&Value::map([("policy", Value::Null)])), None);
    }
}
