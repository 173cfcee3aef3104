//! What was asked, as values of the report, and read back from them: whoever replays a report asks the same again.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Context;
use super::document::Digests;
use super::presentation::{Presentation, Seen};
use super::value::Value;
use crate::claims::id::{Region, TypePrefix};
use crate::policy::{Ask, Attendance, GraceUse, Policy};
use crate::store::Pin;
use crate::suite::{Digest, Suites};
use crate::time::{Clock, Timestamp};
use crate::trust::Grace;

/// Everything that a report depends on but the bytes, the store and this crate's version.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments<'a> {
    /// What was asked for.
    pub policy: Policy,
    /// What the verifier said of itself, and the times that it asked about; not what was seen before.
    pub context: Context<'a>,
    /// The presentations that were seen before, as far as the answer rests on them.
    pub seen: Option<Seen>,
    /// What it said of the time.
    pub clock: Clock,
    /// The SHA-256 of the file that was compared with those that the license names.
    pub document: Option<Digest>,
    /// Its SM3.
    pub document_sm3: Option<Digest>,
}

/// `policy` of a report: all of it.
pub(super) fn policy_value(policy: &Policy) -> Value<'static> {
    // A part that is added to a policy does not compile until it is told here, and read back below.
    let Policy { name, region, recognition, presentation, grace, attendance, budgets, classes, max_status_age, suites } =
        policy;
    let budgets = budgets.iter().map(|(class, most)| {
        let most = [("directory", most.directory), ("list", most.list), ("status", most.status)];
        // No limit at all is longer than any number that is written.
        let most = most.map(|(of, seconds)| (of, Value::or_null(i64::try_from(seconds).ok())));
        (class.clone().into(), Value::map(most))
    });
    let classes = classes.iter().map(|(prefix, class)| (String::from(prefix.as_str()).into(), class.clone().into()));
    let mut value = Value::map([
        ("name", name.clone().into_owned().into()),
        ("region", Value::or_null(region.map(|region| String::from(region.as_str())))),
        ("recognition", (*recognition == Ask::Yes).into()),
        ("presentation", (*presentation == Ask::Yes).into()),
        ("grace", grace_word(*grace).into()),
        ("attended", (*attendance == Attendance::Attended).into()),
        ("budgets", Value::Map(budgets.collect())),
        ("classes", Value::Map(classes.collect())),
        ("max_status_age", Value::or_null(*max_status_age)),
    ]);
    // Only where it demands some, so that other reports stay what they were.
    if !suites.is_all() {
        value.insert("suites", Value::List(suites.names().map(Value::from).collect()));
    }
    value
}

const fn grace_word(grace: GraceUse) -> &'static str {
    match grace {
        GraceUse::AsListed => "as-listed",
        GraceUse::None => "none",
    }
}

/// `context` of a report. The times that are asked about stand in `time`.
pub(super) fn context_value<'a>(
    context: &Context<'a>,
    shown: Option<&Presentation<'_>>,
    document: Digests,
) -> Value<'a> {
    let Context { purpose, audience, use_case, challenge, seen, event_time: _, known_as_of: _ } = context;
    // Of those that were seen before, whether this one is among them is all that the answer rests on.
    let seen = shown.zip(*seen).map(|(shown, seen)| seen.contains(&shown.replay_key));
    let mut value = Value::map([
        ("audience", Value::or_null(*audience)),
        ("challenge", Value::or_null(challenge.map(|nonce| format!("{nonce}")))),
        ("purpose", Value::or_null(*purpose)),
        ("seen", Value::or_null(seen)),
        ("use_case", Value::or_null(*use_case)),
    ]);
    // Only where one was given, so that other reports stay what they were.
    for (name, digest) in [("document", document.sha256), ("document_sm3", document.sm3)] {
        if let Some(digest) = digest {
            value.insert(name, digest.into());
        }
    }
    value
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
                challenge: match text_or_null(context.get("challenge")?)? {
                    Some(nonce) => Some(nonce.parse().ok()?),
                    None => None,
                },
                seen: None,
                event_time: time_or_null(time.get("event")?)?,
                known_as_of: time_or_null(time.get("known_as_of")?)?,
            },
            seen: read_seen(report, context.get("seen")?)?,
            clock: read_clock(time.get("clock")?)?,
            document: digest_if_any(context, "document")?,
            document_sm3: digest_if_any(context, "document_sm3")?,
        })
    }

    /// The context whole.
    #[must_use]
    pub const fn context(&self) -> Context<'_> {
        Context { seen: self.seen.as_ref(), ..self.context }
    }
}

/// Whether the presentation was among those that were seen is all that is known of them, and all that is asked.
fn read_seen(report: &Value<'_>, seen: &Value<'_>) -> Option<Option<Seen>> {
    let Value::Bool(was_seen) = seen else { return matches!(seen, Value::Null).then_some(None) };
    let mut known = Seen::new();
    if *was_seen {
        let key: Pin = report.get("presentation")?.get("replay_key")?.as_text()?.parse().ok()?;
        known.remember(key.digest(), Timestamp::MAX);
    }
    Some(Some(known))
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
    if let Some(suites) = value.get("suites") {
        let Value::List(names) = suites else { return None };
        let names = names.iter().map(Value::as_text).collect::<Option<Vec<&str>>>()?;
        // One that this version has no name for cannot be asked for again.
        policy.suites = Suites::from_names(names)?;
    }
    Some(policy)
}

fn digest_if_any(context: &Value<'_>, name: &str) -> Option<Option<Digest>> {
    match context.get(name) {
        Some(digest) => Some(Some(digest.as_text()?.parse::<Pin>().ok()?.digest())),
        None => Some(None),
    }
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
    use crate::claims::Nonce;
    use crate::suite::Digest;

    /// Of what was seen before, what the answer rests on.
    #[test]
    fn what_was_seen_is_read_back() {
        let key = Digest::new([5; 32]);
        for (told, expected) in [(Value::Null, None), (false.into(), Some(false)), (true.into(), Some(true))] {
            let shown = Value::map([("replay_key", key.into())]);
            let report = Value::map([("presentation", shown)]);
            let seen = read_seen(&report, &told).unwrap();
            assert_eq!(seen.map(|seen| seen.contains(&key)), expected);
        }
        assert_eq!(read_seen(&Value::map([]), &true.into()), None);
        assert_eq!(read_seen(&Value::map([]), &1_i64.into()), None);
    }

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
        odd.suites = Suites::SM2;
        let policies = Policy::BUILT_IN.map(|(_, policy)| policy(None)).into_iter().chain([odd]);
        let full = Context {
            purpose: Some("办理贷款"),
            audience: Some("示例银行"),
            use_case: Some("loan"),
            challenge: Some(Nonce::new([7; 16])),
            seen: None,
            event_time: Some(time(5)),
            known_as_of: Some(time(6)),
        };
        for policy in policies {
            for context in [Context::default(), full] {
                for (clock, [document, document_sm3]) in [
                    (Clock::Absent, [None, None]),
                    (Clock::reads(time(1_790_820_000)), [None, Some(Digest::new([3; 32]))]),
                    (Clock::reads(time(1_790_820_000)), [Some(Digest::new([2; 32])), Some(Digest::new([3; 32]))]),
                ] {
                    let given = Digests { sha256: document, sm3: document_sm3 };
                    let report = Value::map([
                        ("policy", policy_value(&policy)),
                        ("context", context_value(&context, None, given)),
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
                    let policy = policy.clone();
                    assert_eq!(read, Arguments { policy, context, seen: None, clock, document, document_sm3 });
                }
            }
        }
        assert_eq!(Arguments::of_report(&Value::map([("policy", Value::Null)])), None);
    }
}
