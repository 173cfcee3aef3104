//! Group `time`: how long what is overdue is good for, by risk class and by policy.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::trust::{Effect, Grace, Rule};
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Setup, Tightened, Title, title};
use super::scene::{in_state, scene, spoiled};
use super::world::{DAY, HOUR, World};

const OVERDUE: &str = "warning.grace.status-list";
/// What the licenses of the scene are, and who defined it.
const BUSINESS: &str = "11950000MB0000019Y001";
const DEFINER: &str = "11950000MB0000019Y";
/// The base world's grace for directories of class `normal` ends a week after they are due.
const DIRECTORY_ENDS: i64 = 14 * DAY;

pub(crate) fn all(cases: &mut Cases) {
    classes(cases);
    lists(cases);
    policies(cases);
    own_classes(cases);
    ages(cases);
    by_rules(cases);
}

/// The trust list grants more to low risk and less to high risk, and says which types are which.
fn classify(world: &mut World, catalogue: &[(&str, &str)]) {
    let days = |days: i64| u64::try_from(days * DAY).unwrap();
    let grace = |list, directory, status| Grace { list: days(list), directory: days(directory), status: days(status) };
    world.trust.grace.insert("low".into(), grace(60, 30, 14));
    world.trust.grace.insert("high".into(), grace(10, 2, 1));
    let prefix = |text| zhengyin::claims::id::TypePrefix::parse(text).unwrap();
    world.trust.classes = catalogue.iter().map(|(types, class)| (prefix(types), (*class).into())).collect();
}

/// A counter whose status list is overdue, in a world with this catalogue.
fn overdue(catalogue: &[(&str, &str)], seconds: i64) -> (Setup, Vec<u8>) {
    spoiled(|world| {
        classify(world, catalogue);
        world.age_list(ISSUER, seconds);
    })
}

fn stale() -> Answer {
    Answer::undetermined(Step::Status, Reason::StatusListStale)
}

fn classes(cases: &mut Cases) {
    for (catalogue, seconds, title, answer) in [
        (
            &[(BUSINESS, "high")][..],
            12 * HOUR,
            title(
                "class-high-overdue-within-its-grace-is-valid",
                "高风险类型：逾期半日，在其一日宽限期内，有效并提示",
                "A type of high risk: half a day overdue, within its day of grace",
            ),
            Answer::valid().warned(OVERDUE).until(12 * HOUR),
        ),
        (
            &[(BUSINESS, "high")],
            2 * DAY,
            title(
                "class-high-overdue-beyond-its-grace-is-undetermined",
                "高风险类型：逾期两日，超过其一日宽限期，无法判定（普通类型尚可）",
                "A type of high risk: two days overdue, beyond its grace, though a normal type would still pass",
            ),
            // The directory, due in a week, is good for two days after that.
            stale().until(9 * DAY),
        ),
        (
            &[],
            2 * DAY,
            title(
                "class-normal-overdue-within-its-grace-is-valid",
                "未列入目录的类型按普通风险：逾期两日，在三日宽限期内，有效并提示",
                "A type that no catalogue names is of normal risk: two days overdue, within three days of grace",
            ),
            Answer::valid().warned(OVERDUE).until(DAY),
        ),
        (
            &[(BUSINESS, "low")],
            10 * DAY,
            title(
                "class-low-overdue-within-its-grace-is-valid",
                "低风险类型：逾期十日，在十四日宽限期内，有效并提示",
                "A type of low risk: ten days overdue, within a fortnight of grace",
            ),
            Answer::valid().warned(OVERDUE).until(4 * DAY),
        ),
        (
            &[(DEFINER, "high"), (BUSINESS, "low")],
            10 * DAY,
            title(
                "class-of-the-longest-prefix-counts",
                "目录中有类型与定义机构两条：以较具体者为准",
                "Of two entries of the catalogue the longer prefix counts",
            ),
            Answer::valid().warned(OVERDUE).until(4 * DAY),
        ),
        (
            &[(DEFINER, "high")],
            2 * DAY,
            title(
                "class-of-a-definer-counts-for-its-types",
                "按定义机构归类：其全部类型适用",
                "A class for a definer counts for all its types",
            ),
            stale().until(9 * DAY),
        ),
        (
            &[("11950000MB0000020Y", "high")],
            2 * DAY,
            title(
                "class-of-another-definer-does-not-count",
                "归类属于另一定义机构：不适用",
                "A class for another definer does not",
            ),
            Answer::valid().warned(OVERDUE).until(DAY),
        ),
        (
            &[(BUSINESS, "unheard-of")],
            60,
            title(
                "class-without-a-budget-has-no-grace",
                "归入清单未给宽限的类别：无宽限期，无法判定",
                "A class for which the list grants nothing has no grace",
            ),
            stale().until(7 * DAY),
        ),
    ] {
        let (setup, license) = overdue(catalogue, seconds + 120);
        let until = answer.is_valid();
        // A list that is two minutes more overdue ends two minutes earlier.
        let answer = if until { answer.sooner(120) } else { answer };
        cases.verify(title, &setup, &license, answer);
    }
}

fn lists(cases: &mut Cases) {
    let (setup, license) = spoiled(|world| {
        classify(world, &[(BUSINESS, "high")]);
        world.age_directory("99", 3 * DAY);
    });
    cases.verify(
        title(
            "class-high-with-an-overdue-directory-is-undetermined",
            "高风险类型：机构目录逾期三日，超过其两日宽限期，无法判定",
            "A type of high risk: a directory that is three days overdue is beyond its grace",
        ),
        &setup,
        &license,
        Answer::undetermined(Step::Issuer, Reason::IssuerDirectoryStale).until(2 * DAY),
    );
    let (setup, license) = spoiled(|world| {
        classify(world, &[(BUSINESS, "low")]);
        world.age_directory("99", 10 * DAY);
    });
    cases.verify(
        title(
            "class-low-with-an-overdue-directory-is-valid",
            "低风险类型：机构目录逾期十日，仍在宽限期内，有效并提示",
            "A type of low risk: a directory that is ten days overdue is within its grace",
        ),
        &setup,
        &license,
        Answer::valid().warned("warning.grace.directory").until(15 * DAY),
    );
    let (setup, license) = spoiled(|world| {
        classify(world, &[(BUSINESS, "high")]);
        world.age_trust(11 * DAY);
    });
    cases.verify(
        title(
            "class-high-with-an-overdue-trust-list-is-undetermined",
            "高风险类型：互认清单逾期十一日，超过其十日宽限期，无法判定",
            "A type of high risk: a trust list that is eleven days overdue is beyond its grace",
        ),
        &setup,
        &license,
        Answer::undetermined(Step::Issuer, Reason::IssuerTrustStale).until(2 * DAY),
    );
}

fn policies(cases: &mut Cases) {
    let (setup, license) = overdue(&[(BUSINESS, "low")], HOUR);
    let under = |policy: &'static str| setup.clone().with(|setup| setup.policy = policy);
    cases.verify(
        title(
            "policy-strict-uses-no-grace-of-any-class",
            "严格策略：任何类别都不用宽限期",
            "A strict policy uses no grace, whatever the class",
        ),
        &under("strict"),
        &license,
        stale().until(7 * DAY),
    );
    for (policy, title) in [
        (
            "kiosk",
            title(
                "policy-kiosk-uses-the-listed-grace",
                "自助终端：按清单所给宽限期",
                "A kiosk uses the grace that the list grants",
            ),
        ),
        (
            "archive",
            title(
                "policy-archive-uses-the-listed-grace",
                "回溯核验：按清单所给宽限期",
                "Looking back uses the grace that the list grants",
            ),
        ),
    ] {
        cases.verify(title, &under(policy), &license, Answer::valid().warned(OVERDUE).until(14 * DAY - HOUR));
    }
    let (world, _) = scene();
    // Binding 2: the holder's key must show it.
    let bound = super::shown::bound();
    for (policy, title, answer) in [
        (
            "kiosk",
            title(
                "policy-kiosk-asks-for-the-holder",
                "自助终端：须持证人密钥出示的证照，未出示则无法判定",
                "A kiosk asks for the presentation of a license that demands one",
            ),
            Answer::undetermined(Step::Presentation, Reason::PresentationMissing),
        ),
        (
            "archive",
            title(
                "policy-archive-does-not-ask-for-the-holder",
                "回溯核验：不问持证人出示",
                "Looking back does not ask the holder to be there",
            ),
            Answer::valid(),
        ),
    ] {
        let setup = Setup::of(&world).with(|setup| setup.policy = policy);
        cases.verify(title, &setup, &bound, answer);
    }
}

/// A policy of the verifier's own, over a world with classes and a status list that is two days overdue.
fn own(cases: &mut Cases, title: Title, catalogue: &[(&str, &str)], tightened: Tightened, answer: Answer) {
    let (setup, license) = overdue(catalogue, 2 * DAY);
    cases.verify(title, &setup.with(|setup| setup.tightened = tightened), &license, answer);
}

fn own_classes(cases: &mut Cases) {
    let valid = |until: i64| Answer::valid().warned(OVERDUE).until(until);
    let budget =
        |class, status| Tightened { budgets: vec![(class, [90 * DAY, 90 * DAY, status])], ..Tightened::default() };
    let class = |types, class| Tightened { classes: vec![(types, class)], ..Tightened::default() };
    own(
        cases,
        title(
            "policy-with-a-smaller-budget-is-undetermined",
            "自订策略把宽限期收紧到一日：逾期两日，无法判定",
            "A policy of one's own with a day of grace: two days overdue is too long",
        ),
        &[],
        budget("normal", DAY),
        stale().until(DIRECTORY_ENDS),
    );
    own(
        cases,
        title(
            "policy-with-a-larger-budget-gets-no-more-than-is-listed",
            "自订策略写得比清单宽：仍以清单为限",
            "A policy that allows more than the list gets what the list grants",
        ),
        &[],
        budget("normal", 90 * DAY),
        valid(DAY),
    );
    own(
        cases,
        title(
            "policy-with-a-budget-for-another-class-changes-nothing",
            "自订策略收紧的是另一类别：不受影响",
            "A smaller budget for another class changes nothing",
        ),
        &[],
        budget("high", 0),
        valid(DAY),
    );
    own(
        cases,
        title(
            "policy-that-raises-the-class-is-undetermined",
            "自订策略把该类型列为高风险：逾期两日，无法判定",
            "A policy of one's own that calls the type one of high risk: two days overdue is too long",
        ),
        &[],
        class(BUSINESS, "high"),
        stale().until(9 * DAY),
    );
    own(
        cases,
        title(
            "policy-that-lowers-the-class-gets-no-more-than-is-listed",
            "自订策略把该类型列为低风险：仍取两者中较小的宽限期",
            "A policy that calls the type one of low risk gets the lesser of both budgets",
        ),
        &[],
        class(DEFINER, "low"),
        valid(DAY),
    );
    own(
        cases,
        title(
            "policy-with-a-class-that-nobody-knows-has-no-grace",
            "自订策略写了清单没有的类别：无宽限期",
            "A policy with a class that the list does not know leaves no grace",
        ),
        &[],
        class(BUSINESS, "unheard-of"),
        stale().until(7 * DAY),
    );
}

fn ages(cases: &mut Cases) {
    let (world, license) = scene();
    let at_most = |seconds: i64| {
        let tightened = Tightened { max_status_age: Some(seconds), ..Tightened::default() };
        Setup::of(&world).with(|setup| setup.tightened = tightened)
    };
    // The list is an hour old.
    for (seconds, title, answer) in [
        (
            2 * HOUR,
            title(
                "policy-with-a-status-age-that-is-kept-is-valid",
                "自订策略限吊销清单两小时内：清单一小时前签发，有效，至满龄止",
                "A policy that wants a list of at most two hours: one of an hour is good until it is older",
            ),
            Answer::valid().until(HOUR + 1),
        ),
        (
            HOUR + 120,
            title(
                "policy-with-a-status-age-at-the-end-of-the-window-is-valid",
                "时间窗末端恰为所限之龄：有效",
                "A list that is exactly as old as allowed at the end of the window is good",
            ),
            Answer::valid().until(121),
        ),
        (
            HOUR,
            title(
                "policy-with-a-status-age-within-the-window-is-undetermined",
                "清单是否超龄取决于时钟：无法判定",
                "Whether the list is older than allowed depends on the clock",
            ),
            Answer::undetermined(Step::Status, Reason::StatusTimeDepends).until(1),
        ),
        (
            HOUR / 2,
            title(
                "policy-with-a-status-age-that-is-exceeded-is-undetermined",
                "清单超过所限之龄：虽在更新期内，仍无法判定",
                "A list that is older than the policy allows is stale, though no newer one is due",
            ),
            Answer::undetermined(Step::Status, Reason::StatusTooOld),
        ),
    ] {
        cases.verify(title, &at_most(seconds), &license.bytes, answer);
    }
    let (revoked, gone) = in_state(State::Revoked);
    let tightened = Tightened { max_status_age: Some(HOUR / 2), ..Tightened::default() };
    cases.verify(
        title(
            "policy-with-a-status-age-does-not-save-the-revoked",
            "清单超龄，但已载明吊销：仍无效",
            "What an old list says is revoked is revoked, whatever the policy allows",
        ),
        &Setup::of(&revoked).with(|setup| setup.tightened = tightened),
        &gone.bytes,
        Answer::invalid(Step::Status, Reason::StatusRevoked),
    );
}

/// A verifier of province 98 recognises the license by a rule of this class, in a world with this catalogue, by an overdue status list.
fn recognised(class: Option<&str>, catalogue: &[(&str, &str)], seconds: i64) -> (Setup, Vec<u8>, Rule) {
    let mut told = None;
    let (setup, license) = spoiled(|world| {
        classify(world, catalogue);
        world.age_list(ISSUER, seconds);
        let mut rule = super::recognition::rule(world, "R-1", Effect::Recognise);
        rule.class = class.map(str::to_owned);
        world.trust.rules = vec![rule.clone()];
        told = Some(rule);
    });
    (setup.with(|setup| setup.region = Some("980101")), license, told.unwrap())
}

fn by_rules(cases: &mut Cases) {
    for (class, catalogue, title, answer) in [
        (
            Some("high"),
            &[(BUSINESS, "low")][..],
            title(
                "class-of-the-rule-goes-before-the-catalogue",
                "互认规则写明高风险，目录列为低风险：以规则为准，逾期两日，无法判定",
                "The class of the rule by which it is recognised counts, not that of the catalogue: two days overdue is too long",
            ),
            stale().until(9 * DAY),
        ),
        (
            Some("low"),
            &[(BUSINESS, "high")],
            title(
                "class-low-by-the-rule-is-valid",
                "互认规则写明低风险，目录列为高风险：以规则为准，有效并提示",
                "A rule that says low goes before a catalogue that says high: the federation signed both",
            ),
            Answer::valid().warned(OVERDUE).until(12 * DAY),
        ),
        (
            None,
            &[(BUSINESS, "high")],
            title(
                "class-of-the-catalogue-counts-where-the-rule-says-none",
                "互认规则未写类别：以目录为准，逾期两日，无法判定",
                "A rule without a class leaves it to the catalogue",
            ),
            stale().until(9 * DAY),
        ),
        (
            Some("unheard-of"),
            &[],
            title(
                "class-of-the-rule-without-a-budget-has-no-grace",
                "互认规则写了清单没有的类别：无宽限期",
                "A rule with a class for which the list grants nothing leaves no grace",
            ),
            stale().until(7 * DAY),
        ),
    ] {
        let (setup, license, rule) = recognised(class, catalogue, 2 * DAY);
        cases.verify(title, &setup, &license, answer.ruled(&[&rule]));
    }
    let (setup, license, _) = recognised(Some("high"), &[], 2 * DAY);
    cases.verify(
        title(
            "class-of-a-rule-says-nothing-of-local-licenses",
            "本地证照不经规则：规则的类别不适用，有效并提示",
            "A local license needs no rule, and no rule's class counts for it",
        ),
        &setup.with(|setup| setup.region = Some("990102")),
        &license,
        Answer::valid().warned(OVERDUE).until(DAY),
    );
}
