//! Recognition beside what else is to be said of a license, and of the trust list that holds the rules.

use zhengyin::reason::Reason;
use zhengyin::trust::Effect;
use zhengyin::verify::{Outcome, Step};

use super::super::answer::Answer;
use super::super::case::{Answered, Cases, ISSUER, Setup, Title, title};
use super::super::item;
use super::super::scene::{LICENSE, with_claims};
use super::super::world::{DAY, HOUR, World};
use super::{FOOD, Land, With as _, rule};

const REFUSED: Reason = Reason::RecognitionRefused;

pub(super) fn all(cases: &mut Cases, land: &Land) {
    unruled(cases, land);
    lists(cases, land);
    besides(cases, land);
    without_a_list(cases, land);
    at_other_times(cases, land);
}

fn unruled(cases: &mut Cases, land: &Land) {
    let standing = |region: Option<&'static str>| Setup::of(&land.world).with(|setup| setup.region = region);
    let license = land.bytes("business");
    let mut case = |title: Title, setup: &Setup, license: &[u8], answer| cases.verify(title, setup, license, answer);
    case(
        title(
            "recognition-within-the-province-is-local",
            "本省另一市的核验方：本地证照，无需规则，有效",
            "A verifier elsewhere in the same province needs no rule",
        ),
        &standing(Some("990301")),
        license,
        Answer::valid(),
    );
    case(
        title(
            "recognition-without-a-configured-region-is-undetermined",
            "本机未设定区划：是否外地无从判断",
            "A verifier without a configured region cannot tell what is local",
        ),
        &standing(None),
        license,
        Answer::undetermined(Step::Recognition, Reason::RecognitionRegionUnset),
    );
    case(
        title(
            "recognition-without-a-rule-is-undetermined",
            "外地证照而无互认规则：无法判定，不得默认认可",
            "A license from elsewhere without a rule is undetermined, never recognised by default",
        ),
        &standing(Some("980101")),
        license,
        Answer::undetermined(Step::Recognition, Reason::RecognitionNoRule),
    );
    case(
        title(
            "recognition-not-asked-is-valid",
            "核验方明言不问互认：有效，并写明未问",
            "Where the caller says that recognition is not to be asked, the report says so",
        ),
        &standing(Some("980101")).with(|setup| setup.recognition = false),
        license,
        Answer::valid().recognition_not_asked(),
    );
    case(
        title(
            "recognition-is-asked-of-an-expired-license-too",
            "外地且已过期：两步都说明，过期定案",
            "Every question is answered: expired decides, and recognition is told beside it",
        ),
        &standing(Some("980101")),
        &with_claims(|claims| {
            claims.put(&[LICENSE], 8, item::list([19_000.into(), 19_001.into()]));
        }),
        Answer::invalid(Step::Period, Reason::PeriodExpired).unknown(Step::Recognition, Reason::RecognitionNoRule),
    );
}

/// What the age of the trust list does to what its rules decide.
fn lists(cases: &mut Cases, land: &Land) {
    let world = &land.world;
    let rules = vec![
        rule(world, "L-yes", Effect::Recognise),
        rule(world, "L-no", Effect::Refuse).types(&[FOOD]),
        rule(world, "L-ask", Effect::Manual).inside(&["9802"]),
    ];
    let (yes, no, ask) = (&rules[0], &rules[1], &rules[2]);
    let aged = |seconds: i64| {
        let mut world = land.ruled(rules.clone());
        world.age_trust(seconds);
        world
    };
    let mut case = |name, zh, en, world: &World, license: &str, here, answer| {
        let objects = [world.trust_object(), world.directory_object("99"), world.status_object(ISSUER)];
        let setup = Setup::holding(world, objects).with(|setup| setup.region = Some(here));
        cases.verify(title(name, zh, en), &setup, land.bytes(license), answer);
    };
    let stale = Reason::RecognitionRulesStale;
    let grace = "warning.grace.trust-list";
    case(
        "rules-of-an-overdue-list-recognise-within-grace",
        "清单过期但在宽限期内：认可的规则仍适用，并警告",
        "Within the grace of the list a rule that recognises still does, with a warning",
        &aged(DAY),
        "business",
        "980101",
        Answer::valid().ruled(&[yes]).warned(grace),
    );
    case(
        "rules-of-an-overdue-list-refuse-nobody-for-certain",
        "清单过期即使在宽限期内：不认可的规则可能已改，无法判定",
        "What an overdue list refuses a newer one may recognise",
        &aged(DAY),
        "food",
        "980101",
        Answer::undetermined(Step::Recognition, stale).ruled(&[no]).warned(grace),
    );
    case(
        "rules-of-a-list-that-is-perhaps-overdue-refuse-nobody-for-certain",
        "清单更新期落在时间窗内：不认可的规则无法判定",
        "The window straddles the time at which the next list is due",
        &aged(-60),
        "food",
        "980101",
        Answer::undetermined(Step::Recognition, Reason::RecognitionTimeDepends).ruled(&[no]).warned(grace).until(60),
    );
    case(
        "rules-of-a-list-refuse-until-the-next-is-due",
        "清单更新期之前：不认可，结论至更新期",
        "Before the next list is due a refusal is proof, until then",
        &aged(-HOUR),
        "food",
        "980101",
        Answer::invalid(Step::Recognition, REFUSED).ruled(&[no]).until(HOUR),
    );
    let all_stale = |answer: Answer| answer.unknown(Step::Recognition, stale);
    case(
        "rules-of-a-stale-list-recognise-nothing",
        "清单超过宽限期：不再认可",
        "Beyond its grace the rules of a list recognise nothing",
        &aged(31 * DAY),
        "business",
        "980101",
        all_stale(Answer::undetermined(Step::Issuer, Reason::IssuerTrustStale)).ruled(&[yes]),
    );
    case(
        "rules-of-a-stale-list-refuse-nothing",
        "清单超过宽限期：也不再据以拒绝",
        "nor refuse anything",
        &aged(31 * DAY),
        "food",
        "980101",
        all_stale(Answer::undetermined(Step::Issuer, Reason::IssuerTrustStale)).ruled(&[no]),
    );
    case(
        "rules-of-a-stale-list-leave-it-to-a-person-still",
        "清单超过宽限期：人工审核的规则仍是人工审核",
        "What is a person's to decide stays so",
        &aged(31 * DAY),
        "business",
        "980201",
        Answer::undetermined(Step::Issuer, Reason::IssuerTrustStale)
            .unknown(Step::Recognition, Reason::RecognitionManual)
            .ruled(&[ask]),
    );
    let world = land.ruled(rules.clone());
    let mut fork = world.clone();
    fork.trust.rules.clear();
    let mut setup =
        Setup::holding(&world, [world.trust_object(), world.directory_object("99"), world.status_object(ISSUER)]);
    setup.offer(fork.trust_object(), Answered::Refused(Reason::StoreEquivocation));
    cases.verify(
        title(
            "rules-of-a-forked-list-decide-nothing",
            "同号两份清单：其规则不作数",
            "Of two lists of one number neither rules",
        ),
        &setup.with(|setup| setup.region = Some("980101")),
        land.bytes("food"),
        Answer::undetermined(Step::Issuer, Reason::IssuerEquivocation)
            .unknown(Step::Recognition, Reason::IssuerEquivocation),
    );
    let empty = Setup::holding(&world, []).with(|setup| setup.region = Some("980101"));
    cases.verify(
        title(
            "rules-of-no-list-at-all",
            "没有互认清单：外地证照是否认可无从判断",
            "Without a trust list nothing from elsewhere is recognised or refused",
        ),
        &empty,
        land.bytes("business"),
        Answer::undetermined(Step::Issuer, Reason::StateMissing)
            .unsigned()
            .unknown(Step::Status, Reason::StateMissing)
            .unknown(Step::Recognition, Reason::StateMissing)
            .without_warnings()
            .until(364 * DAY),
    );
}

/// Every question is answered for itself.
fn besides(cases: &mut Cases, land: &Land) {
    let rules = vec![
        rule(&land.world, "G-yes", Effect::Recognise),
        rule(&land.world, "G-no", Effect::Refuse).inside(&["9802"]),
    ];
    let world = land.ruled(rules.clone());
    let (yes, no) = (&rules[0], &rules[1]);
    let mut case = |name, zh, en, license: &[u8], here, answer| {
        let objects = [world.trust_object(), world.directory_object("99"), world.status_object(ISSUER)];
        let setup = Setup::holding(&world, objects).with(|setup| setup.region = Some(here));
        cases.verify(title(name, zh, en), &setup, license, answer);
    };
    case(
        "rules-recognise-a-revoked-license-and-it-stays-invalid",
        "按规则认可但已吊销：无效",
        "Recognised by rule and revoked: invalid",
        land.bytes("revoked"),
        "980101",
        Answer::invalid(Step::Status, Reason::StatusRevoked).ruled(&[yes]),
    );
    case(
        "rules-refuse-a-revoked-license-beside-its-revocation",
        "已吊销且不认可：两步都说明，吊销在先",
        "Revoked and refused: both are told, the revocation first",
        land.bytes("revoked"),
        "980201",
        Answer::invalid(Step::Status, Reason::StatusRevoked).failed(Step::Recognition, REFUSED).ruled(&[no]),
    );
    let mut forged = land.bytes("business").to_vec();
    *forged.last_mut().unwrap() ^= 1;
    case(
        "rules-recognise-what-a-forged-license-claims-and-it-stays-invalid",
        "签名无效：所称类型按规则可认可，仍无效",
        "The claims of a forgery may be recognisable; it stays a forgery",
        &forged,
        "980101",
        Answer::invalid(Step::Signature, Reason::SignatureBad)
            .step(Step::Status, Outcome::Unknown(Reason::StepBlocked))
            .ruled(&[yes]),
    );
}

/// A rule on the age of the status list, and there is none.
fn without_a_list(cases: &mut Cases, land: &Land) {
    let mut aged = rule(&land.world, "A-2h", Effect::Conditional);
    aged.max_status_age = Some(7_200);
    let world = land.ruled(vec![aged.clone()]);
    let setup = Setup::holding(&world, [world.trust_object(), world.directory_object("99")]);
    cases.verify(
        title(
            "rules-of-status-age-without-a-list",
            "规则限定吊销清单的新旧而没有清单：无法判定",
            "A rule on the age of the status list, and there is no list",
        ),
        &setup.with(|setup| setup.region = Some("980101")),
        land.bytes("business"),
        Answer::undetermined(Step::Status, Reason::StatusListMissing)
            .unknown(Step::Recognition, Reason::RecognitionStatusAge)
            .ruled(&[&aged])
            .until(14 * DAY),
    );
}

/// Which rule decides is asked of the time of the event, not of now.
fn at_other_times(cases: &mut Cases, land: &Land) {
    let ended = rule(&land.world, "E-then", Effect::Recognise).during(&land.world, -10 * DAY, -DAY);
    let since = rule(&land.world, "E-now", Effect::Refuse).during(&land.world, -DAY, 10 * DAY);
    let world = land.ruled(vec![ended.clone(), since.clone()]);
    let mut case = |name, zh, en, event: i64, answer: Answer| {
        let objects = [world.trust_object(), world.directory_object("99"), world.status_object(ISSUER)];
        let setup = Setup::holding(&world, objects).with(|setup| setup.region = Some("980101")).event(event);
        cases.verify(title(name, zh, en), &setup, land.bytes("business"), answer.warned("warning.before_list"));
    };
    case(
        "rules-of-the-event-time-recognise-what-is-refused-now",
        "事件当时的规则认可，现在的不认可：按当时的规则",
        "The rule of the time of the event recognises what the rule of now refuses",
        -2 * DAY,
        Answer::valid().ruled(&[&ended]),
    );
    case(
        "rules-of-the-event-time-begin-with-their-first-second",
        "事件恰在新规则生效之时：按新规则",
        "At the second in which the next rule begins that one decides",
        -DAY,
        Answer::invalid(Step::Recognition, REFUSED).ruled(&[&since]),
    );
    case(
        "rules-of-the-event-time-where-there-was-none",
        "事件当时没有规则：无法判定",
        "At the time of the event there was no rule",
        -11 * DAY,
        Answer::undetermined(Step::Recognition, Reason::RecognitionNoRule),
    );
}
