//! Group `issuer`: what was issued in error by the trust list's word, and what a stolen key signed.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::time::Period;
use zhengyin::trust::{Defect, DefectMatch, HistoryState, Names, Treatment};
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::answer::Answer;
use super::case::{Answered, Cases, ISSUER, Setup, Title, title};
use super::cose::Sign1;
use super::item::{Item, map};
use super::scene::{in_state, licensed, scene, spoiled};
use super::world::{DAY, HOUR, Issued, LIST, World, code, key, license_key, status_key};

const WARNED: &str = "warning.defect";
/// What the licenses of the scene are.
const BUSINESS: &str = "11950000MB0000019Y001";

pub(crate) fn all(cases: &mut Cases) {
    treatments(cases);
    matches(cases);
    times(cases);
    lists(cases);
    compromises(cases);
}

/// A defect of everything that the issuer's key signed, in effect for an hour.
fn defect(world: &World, id: &str, treatment: Treatment) -> Defect {
    Defect {
        id: id.into(),
        applies_to: DefectMatch {
            key_id: key(&license_key(ISSUER)).public_key().key_id(),
            positions: None,
            issued: None,
            type_code: None,
        },
        kind: "misprint".into(),
        treatment,
        names: Names::new("住所栏误印（示例）", "Address misprinted (example)"),
        from: world.time(-HOUR),
    }
}

fn rejected() -> Answer {
    Answer::invalid(Step::Issuer, Reason::IssuerDefectRejected).defective(&["D1"])
}

fn for_a_person() -> Answer {
    Answer::undetermined(Step::Issuer, Reason::IssuerDefect).defective(&["D1"])
}

fn warned() -> Answer {
    Answer::valid().warned(WARNED).defective(&["D1"])
}

/// What a counter holds of a world with these defects, and the license.
fn with(treatment: Treatment, change: impl FnOnce(&mut Defect, &World)) -> (Setup, Vec<u8>) {
    spoiled(|world| {
        let mut defect = defect(world, "D1", treatment);
        change(&mut defect, world);
        world.trust.defects = vec![defect];
    })
}

fn treatments(cases: &mut Cases) {
    for (treatment, title, answer) in [
        (
            Treatment::Reject,
            title(
                "defect-to-be-rejected-is-invalid",
                "已公布的瑕疵批次，处理方式为拒绝：无效，但不是伪造",
                "A published defect that is to be rejected: invalid, and not forged",
            ),
            rejected(),
        ),
        (
            Treatment::Manual,
            title(
                "defect-for-a-person-is-undetermined",
                "处理方式为人工核实：无法判定",
                "A published defect that a person is to look at: undetermined",
            ),
            for_a_person(),
        ),
        (
            Treatment::Warn,
            title(
                "defect-to-be-warned-of-is-valid",
                "处理方式为提示：有效，并指明瑕疵",
                "A published defect that is to be warned of: valid, and named",
            ),
            warned(),
        ),
    ] {
        let (setup, license) = with(treatment, |_, _| ());
        cases.verify(title, &setup, &license, answer);
    }
    for (policy, title) in [
        (
            "kiosk",
            title(
                "defect-to-be-warned-of-is-undetermined-where-nobody-reads",
                "自助终端无人看提示：须提示的瑕疵无法判定",
                "A kiosk has nobody who reads a warning: what is to be warned of is undetermined",
            ),
        ),
        (
            "strict",
            title(
                "defect-to-be-warned-of-is-undetermined-under-strict-policy",
                "严格策略：须提示的瑕疵无法判定",
                "A strict policy passes nothing that a person would have to look at",
            ),
        ),
    ] {
        let (setup, license) = with(Treatment::Warn, |_, _| ());
        let answer = for_a_person().warned(WARNED);
        let answer = if policy == "strict" { answer.until(DAY) } else { answer };
        cases.verify(title, &setup.with(|setup| setup.policy = policy), &license, answer);
    }
    let (setup, license) = spoiled(|world| {
        let all = [("D1", Treatment::Warn), ("D2", Treatment::Reject), ("D3", Treatment::Manual)];
        world.trust.defects = all.map(|(id, treatment)| defect(world, id, treatment)).into();
    });
    cases.verify(
        title(
            "defects-several-the-gravest-counts",
            "数条瑕疵并存：以最重者为准，逐条指明",
            "Of several defects the gravest treatment counts, and all are named",
        ),
        &setup,
        &license,
        rejected().warned(WARNED).defective(&["D1", "D2", "D3"]),
    );
    let (world, license) = in_state(State::Revoked);
    let mut world = world;
    world.trust.defects = vec![defect(&world, "D1", Treatment::Manual)];
    cases.verify(
        title(
            "defect-for-a-person-and-revoked-is-invalid",
            "须人工核实，又已吊销：吊销是确证，无效",
            "For a person to look at, and revoked: the revocation is proof",
        ),
        &Setup::of(&world),
        &license.bytes,
        for_a_person().now_invalid(Step::Status, Reason::StatusRevoked),
    );
    let (setup, license) = with(Treatment::Reject, |_, _| ());
    let mut tampered = license;
    let at = tampered.len() - 200;
    tampered[at] ^= 1;
    cases.verify(
        title(
            "defect-of-a-key-that-did-not-sign-says-nothing",
            "签名不符：瑕疵与之无关，以签名无效论",
            "What is tampered with is not of the batch: its signature is bad, and no defect is named",
        ),
        &setup,
        &tampered,
        Answer::invalid(Step::Signature, Reason::SignatureBad),
    );
}

/// Three licenses at positions 0 to 2, in a world with this defect.
fn three(change: impl FnOnce(&mut Defect, &World)) -> (Setup, Vec<Issued>) {
    let (mut world, first) = scene();
    let licenses = vec![first, world.issue("business-license"), world.issue("business-license")];
    let mut one = defect(&world, "D1", Treatment::Reject);
    change(&mut one, &world);
    world.trust.defects = vec![one];
    (Setup::of(&world), licenses)
}

fn matches(cases: &mut Cases) {
    let range = |list, first, last| {
        move |defect: &mut Defect, _: &World| {
            defect.applies_to.positions = Some((list, first, last));
        }
    };
    for (positions, title, answers) in [
        (
            (LIST, 1, 1),
            title("defect-of-one-position", "瑕疵仅涉一个序号", "A defect of a single position"),
            [false, true, false],
        ),
        (
            (LIST, 0, 1),
            title(
                "defect-of-a-range-with-both-ends",
                "瑕疵涉一段序号，首尾皆含",
                "A range of positions has both its ends",
            ),
            [true, true, false],
        ),
        (
            (LIST, 2, 9_999),
            title(
                "defect-of-a-range-beyond-the-list",
                "瑕疵范围超出清单长度：范围内者受影响",
                "A range that goes beyond the list concerns what lies in it",
            ),
            [false, false, true],
        ),
        (
            (LIST + 1, 0, 9_999),
            title(
                "defect-of-another-list",
                "瑕疵属于另一份清单：不受影响",
                "A defect of another list concerns nothing here",
            ),
            [false, false, false],
        ),
    ] {
        let (list, first, last) = positions;
        let (setup, licenses) = three(range(list, first, last));
        for (concerned, suffix) in [(true, "is-invalid"), (false, "elsewhere-is-valid")] {
            let rows = licenses.iter().zip(answers).enumerate().filter(|(_, (_, answer))| *answer == concerned);
            let rows: Vec<_> =
                rows.map(|(at, (one, _))| super::case::row(&format!("position {at}"), one.bytes.clone())).collect();
            if rows.is_empty() {
                continue;
            }
            let answer = if concerned { rejected() } else { Answer::valid() };
            cases.verify_each(named(title, suffix), &setup, rows, answer);
        }
    }
    let issued = |from: i64, until: i64| {
        move |defect: &mut Defect, world: &World| {
            let at = |seconds| world.time(seconds).seconds();
            defect.applies_to.issued = Period::new(at(from), Some(at(until)));
        }
    };
    let cases_of_time = [
        (
            (-DAY, -DAY + 1),
            title(
                "defect-of-the-second-of-issue-is-invalid",
                "瑕疵起于签发之秒：受影响",
                "A defect from the second of issue on concerns it",
            ),
            rejected(),
        ),
        (
            (-2 * DAY, -DAY),
            title(
                "defect-up-to-the-second-of-issue-is-valid",
                "瑕疵止于签发之秒（不含）：不受影响",
                "A defect up to the second of issue, which does not belong to it, does not",
            ),
            Answer::valid(),
        ),
        (
            (-DAY + 1, 0),
            title(
                "defect-from-the-second-after-the-issue-is-valid",
                "瑕疵起于签发后一秒：不受影响",
                "A defect from the second after the issue does not",
            ),
            Answer::valid(),
        ),
    ];
    for ((from, until), title, answer) in cases_of_time {
        let (setup, license) = with(Treatment::Reject, issued(from, until));
        cases.verify(title, &setup, &license, answer);
    }
    let (setup, license) = with(Treatment::Reject, |defect, _| {
        defect.applies_to.type_code = zhengyin::claims::id::TypeCode::parse(BUSINESS).ok();
    });
    cases.verify(
        title("defect-of-this-type-is-invalid", "瑕疵限于该类型：受影响", "A defect of this type concerns it"),
        &setup,
        &license,
        rejected(),
    );
    let (setup, license) = with(Treatment::Reject, |defect, _| {
        defect.applies_to.type_code = zhengyin::claims::id::TypeCode::parse("11950000MB0000019Y002").ok();
    });
    cases.verify(
        title("defect-of-another-type-is-valid", "瑕疵限于另一类型：不受影响", "A defect of another type does not"),
        &setup,
        &license,
        Answer::valid(),
    );
    let (setup, license) = with(Treatment::Reject, |defect, _| {
        defect.applies_to.key_id = key(&status_key(ISSUER)).public_key().key_id();
    });
    cases.verify(
        title("defect-of-another-key-is-valid", "瑕疵属于另一把密钥：不受影响", "A defect of another key does not"),
        &setup,
        &license,
        Answer::valid(),
    );
}

/// The same title with an end, for the other half of a pair.
fn named(title: Title, suffix: &'static str) -> Title {
    let name: &'static str = Box::leak(format!("{}-{suffix}", title.name).into_boxed_str());
    Title { name, ..title }
}

fn times(cases: &mut Cases) {
    let from = |seconds: i64| move |defect: &mut Defect, world: &World| defect.from = world.time(seconds);
    let (setup, license) = with(Treatment::Reject, from(DAY));
    cases.verify(
        title(
            "defect-of-tomorrow-is-valid-until-then",
            "瑕疵明日起适用：今日仍有效，至彼时止",
            "A defect that takes effect tomorrow: valid until then",
        ),
        &setup,
        &license,
        Answer::valid().until(DAY),
    );
    let (setup, license) = with(Treatment::Reject, from(60));
    cases.verify(
        title(
            "defect-that-begins-within-the-window-is-undetermined",
            "瑕疵适用时刻落在时间窗内：无法判定",
            "Whether a defect that begins within the window applies depends",
        ),
        &setup,
        &license,
        Answer::undetermined(Step::Issuer, Reason::IssuerTimeDepends).defective(&["D1"]).until(60),
    );
    let (setup, license) = with(Treatment::Warn, from(60));
    cases.verify(
        title(
            "defect-to-be-warned-of-within-the-window-is-valid",
            "提示类瑕疵的适用时刻落在时间窗内：有效并提示",
            "A defect to be warned of that begins within the window is warned of",
        ),
        &setup,
        &license,
        warned().until(60),
    );
    let (setup, license) = with(Treatment::Reject, from(-HOUR / 2));
    cases.verify(
        title(
            "defect-in-effect-since-is-not-known-before",
            "按瑕疵适用之前的知识时间判断：有效",
            "By the knowledge of a time before the defect took effect: valid",
        ),
        &setup.clone().known(-HOUR),
        &license,
        Answer::valid().until(None),
    );
    cases.verify(
        title(
            "defect-concerns-events-before-it-took-effect",
            "瑕疵自签发即存在：问此前之事，也以现在所知为准，无效",
            "The fault was there from the issue on: what is known now counts, whatever time is asked about",
        ),
        &setup.event(-HOUR),
        &license,
        rejected(),
    );
}

fn lists(cases: &mut Cases) {
    let overdue = |treatment| {
        spoiled(move |world| {
            world.age_trust(HOUR);
            world.trust.defects = vec![defect(world, "D1", treatment)];
        })
    };
    let (setup, license) = overdue(Treatment::Reject);
    cases.verify(
        title(
            "defect-to-be-rejected-by-an-overdue-list-is-undetermined",
            "互认清单已过更新期：可能已有更正，拒绝不再是确证，无法判定",
            "A newer list may have mended it: what an overdue list rejects is for a person",
        ),
        &setup,
        &license,
        for_a_person().warned("warning.grace.trust-list"),
    );
    let (setup, license) = overdue(Treatment::Warn);
    cases.verify(
        title(
            "defect-to-be-warned-of-by-an-overdue-list-is-valid",
            "互认清单在宽限期内：提示类瑕疵照常提示",
            "A defect to be warned of by a list within its grace is warned of",
        ),
        &setup,
        &license,
        Answer::valid().warned("warning.grace.trust-list").warned(WARNED).defective(&["D1"]),
    );
    let (mut world, license) = scene();
    world.trust.defects = vec![defect(&world, "D1", Treatment::Reject)];
    let mut forked = Setup::of(&world);
    world.trust.defects.clear();
    forked.offer(world.trust_object(), Answered::Refused(Reason::StoreEquivocation));
    cases.verify(
        title(
            "defect-by-one-of-two-contradicting-lists-proves-nothing",
            "同号异文的互认清单：瑕疵也不成确证，无法判定",
            "Of two lists that contradict each other neither proves a defect",
        ),
        &forked,
        &license.bytes,
        Answer::undetermined(Step::Issuer, Reason::IssuerEquivocation),
    );
}

fn compromises(cases: &mut Cases) {
    let unproven = || Answer::undetermined(Step::Issuer, Reason::IssuerCompromisedUnproven);
    let stolen = |since: i64| {
        spoiled(move |world| {
            let (from, since) = (world.time(-2 * HOUR), world.time(since));
            world.befall(ISSUER, Use::License, HistoryState::Compromised, from, Some(since));
        })
    };
    let (setup, license) = stolen(-DAY + 1);
    let mut stamped = Sign1::new("application/x.zy.license", Vec::new(), &license_key(ISSUER));
    let read = zhengyin::envelope::Envelope::parse(&license, zhengyin::envelope::Expected::AnyKnown).unwrap();
    stamped.payload = read.claimed_payload().to_vec();
    stamped.unprotected = map([(270, Item::Bytes(b"a time stamp token".to_vec()))]);
    cases.verify(
        title(
            "key-compromised-after-the-issue-with-a-token-that-is-not-read-is-undetermined",
            "附有本程序不读的时间戳：仍无独立证明，无法判定",
            "A time stamp that this verifier does not read proves nothing to it",
        )
        .until("time stamps"),
        &setup,
        &stamped.sign(),
        unproven(),
    );
    cases.verify(
        title(
            "key-compromised-is-not-known-before-the-directory-that-says-so",
            "按目录签发之前所知判断：当时尚不知失密，无法判定而非无效",
            "By the knowledge of a time before the directory that tells of it: nobody knew, and nothing is proved",
        ),
        &stolen(-DAY).0.known(-HOUR - 1),
        &license,
        Answer::undetermined(Step::Issuer, Reason::StateLater).unknown(Step::Status, Reason::StateLater).until(None),
    );
    let (mut world, revoked) = in_state(State::Revoked);
    let (from, since) = (world.time(-2 * HOUR), world.time(-DAY + 1));
    world.befall(ISSUER, Use::License, HistoryState::Compromised, from, Some(since));
    cases.verify(
        title(
            "key-compromised-after-the-issue-and-revoked-is-invalid",
            "密钥后来失密，证照又已吊销：吊销是确证，无效",
            "Its key was compromised later, and it is revoked: the revocation is proof",
        ),
        &Setup::of(&world),
        &revoked.bytes,
        unproven().now_invalid(Step::Status, Reason::StatusRevoked),
    );
    // A thief can use a position that was allotted before: what an old list was long enough for proves no time.
    let (mut world, first) = scene();
    let (from, since) = (world.time(-HOUR), world.time(-2 * HOUR));
    world.befall(ISSUER, Use::License, HistoryState::Compromised, from, Some(since));
    let mut setup = Setup::of(&world);
    let plan = world.list(ISSUER);
    plan.facts.seq += 1;
    plan.facts.issued = plan.facts.issued.saturating_add(60);
    plan.facts.length += 1;
    setup.offer(world.status_object(ISSUER), Answered::New);
    cases.verify(
        title(
            "key-compromised-an-index-below-an-old-list-s-length-proves-nothing",
            "序号早已分配不能证明签发时间：盗用者可用旧序号，无法判定",
            "That a position was allotted long ago proves no issue time: a thief can use it",
        ),
        &setup,
        &first.bytes,
        unproven(),
    );
    let (setup, license) = spoiled(|world| {
        let from = world.time(-2 * HOUR);
        world.befall("11990000MB0000000J", Use::License, HistoryState::Compromised, from, Some(world.time(-DAY)));
    });
    assert_ne!(code(ISSUER), code("11990000MB0000000J"));
    cases.verify(
        title(
            "key-of-another-authority-compromised-is-valid",
            "失密的是另一机构的密钥：不受影响",
            "That another authority's key was compromised changes nothing",
        ),
        &setup,
        &license,
        Answer::valid(),
    );
    let foreign = licensed(read.claimed_payload().to_vec()).sign();
    assert_eq!(foreign, license, "the scene's license is what its key signs");
}
