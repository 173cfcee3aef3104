//! Group `issuer`: is the signer known, listed, mandated, in force, and are the lists that say so young enough?

use zhengyin::reason::Reason;
use zhengyin::trust::HistoryState;
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Answered, Cases, ISSUER, Setup, Title, row, title};
use super::item::Item;
use super::scene::{LICENSE, claims, licensed, scene, spoiled};
use super::world::{DAY, HOUR, World, prefix, sign};

pub(crate) fn all(cases: &mut Cases) {
    unlisted(cases);
    directories(cases);
    trust_lists(cases);
    super::mandates::all(cases);
    anchors(cases);
    fallen(cases);
    contradictions(cases);
    crowd(cases);
}

/// More provinces list the same key than signatures may be checked: an altered license is then not called forged, nor is a sound one
/// among the first called anything else than it is.
fn crowd(cases: &mut Cases) {
    let (mut world, license) = scene();
    for code in ["90", "91", "92", "93", "94", "95", "96", "97"] {
        let (home, copy) = (world.trust.provinces[&prefix("99")].clone(), world.directories[&prefix("99")].clone());
        world.trust.provinces.insert(prefix(code), home);
        world.directories.insert(prefix(code), zhengyin::trust::Directory { province: prefix(code), ..copy });
        world.directory_keys.insert(prefix(code), super::world::anchor_key("99"));
    }
    let mut objects = vec![world.trust_object()];
    objects.extend(["90", "91", "92", "93", "94", "95", "96", "97", "99"].map(|code| world.directory_object(code)));
    objects.push(world.status_object(ISSUER));
    let setup = Setup::holding(&world, objects);
    let altered = super::world::spoil::flip(&license.bytes, license.bytes.len() - 3, 0);
    cases.verify(
        title(
            "issuer-in-too-many-directories-is-undetermined",
            "九个省的目录都列有该密钥：候选超过上限，未能查完，无法判定",
            "Nine directories list the key, and none of the eight that may be tried made the signature: undetermined",
        ),
        &setup,
        &altered,
        Answer::undetermined(Step::Issuer, Reason::IssuerBudget).unsigned().unknown(Step::Status, Reason::StepBlocked),
    );
}

fn unlisted_answer(reason: Reason) -> Answer {
    Answer::undetermined(Step::Issuer, reason).unsigned()
}

fn unlisted(cases: &mut Cases) {
    let mut case = |title: Title, spoil: &dyn Fn(&mut World), answer: Answer| {
        let (setup, license) = spoiled(|world| {
            world.unlist(ISSUER);
            spoil(world);
        });
        cases.verify(title, &setup, &license, answer);
    };
    case(
        title(
            "issuer-not-in-a-complete-directory-is-invalid",
            "完整有效的目录中没有该签发者：无效",
            "A key that a complete and current directory does not list is proof of no authority",
        ),
        &|_| (),
        Answer::invalid(Step::Issuer, Reason::IssuerNotListed).unsigned(),
    );
    case(
        title(
            "issuer-not-in-an-incomplete-directory-is-undetermined",
            "目录不完整：无法判定",
            "A directory that does not claim to be complete proves nothing about a key that it lacks",
        ),
        &|world| world.make_incomplete("99"),
        unlisted_answer(Reason::IssuerUnknown),
    );
    case(
        title(
            "issuer-not-in-an-overdue-directory-is-undetermined",
            "目录已过更新期：完整性随之失效，无法判定",
            "Completeness is void at the next update, whatever the grace",
        ),
        &|world| {
            let (issued, due) = (world.time(-12 * HOUR), world.time(-HOUR));
            let directory = world.directory("99");
            (directory.issued, directory.next_update) = (issued, due);
        },
        unlisted_answer(Reason::IssuerDirectoryStale),
    );
    case(
        title(
            "issuer-not-in-a-directory-older-than-the-license-is-undetermined",
            "目录早于证照签发：无法判定",
            "A directory that was issued before the license cannot know its signer",
        ),
        &|world| {
            let issued = world.time(-2 * DAY);
            world.directory("99").issued = issued;
        },
        unlisted_answer(Reason::IssuerDirectoryOlder),
    );
    let (world, license) = scene();
    cases.verify(
        title(
            "issuer-without-any-directory-is-undetermined",
            "没有该省目录：无法判定",
            "Without the province's directory the signer is unknown",
        ),
        &Setup::holding(&world, [world.trust_object()]),
        &license.bytes,
        unlisted_answer(Reason::IssuerDirectoryMissing),
    );
    cases.verify(
        title(
            "issuer-without-any-trust-data-is-undetermined",
            "没有信任数据：无法判定，决不算有效",
            "Without trust data everything is undetermined, never valid",
        ),
        &Setup::holding(&world, []),
        &license.bytes,
        unlisted_answer(Reason::StateMissing)
            .unknown(Step::Status, Reason::StateMissing)
            .without_warnings()
            .until(364 * DAY),
    );
    let stranger = |region: &str| {
        let mut claims = claims();
        claims.put(&[LICENSE], 6, region);
        sign(zhengyin::envelope::ObjectType::License, claims.encode(), "stranger")
    };
    cases.verify(
        title(
            "issuer-for-a-region-of-no-province-is-undetermined",
            "区划不属于本联邦任何省：无法判定",
            "Of a region that no province speaks for this federation knows nothing",
        ),
        &Setup::of(&world),
        &stranger("950101"),
        unlisted_answer(Reason::IssuerUnknown).unknown(Step::Recognition, Reason::RecognitionNoRule).without_warnings(),
    );
    let (setup, license) = spoiled(|world| {
        world.unlist(ISSUER);
        world.province("98").anchors[0].mandate.regions.push(prefix("99"));
    });
    cases.verify(
        title(
            "issuer-that-another-province-might-list-is-undetermined",
            "另一省的锚也可管辖该区划而其目录缺失：无法判定",
            "Where another province's anchor may vouch for the region too, its directory is needed as well",
        ),
        &setup,
        &license,
        unlisted_answer(Reason::IssuerDirectoryMissing),
    );
}

fn directories(cases: &mut Cases) {
    let (setup, license) = spoiled(|world| {
        world.age_directory("99", HOUR);
        let expires = world.time(-HOUR / 2);
        world.directory("99").expires = expires;
    });
    cases.verify(
        title(
            "issuer-in-an-expired-directory-is-undetermined",
            "所持目录已失效：无法判定",
            "A listed signer by a directory that has expired since it was taken is undetermined, grace or not",
        ),
        // Taken while it was good: one that has expired is refused.
        &setup.with(|setup| setup.offers[1].at -= HOUR),
        &license,
        Answer::undetermined(Step::Issuer, Reason::IssuerTrustExpired),
    );
    let mut case = |title: Title, spoil: &dyn Fn(&mut World), answer: Answer| {
        let (setup, license) = spoiled(spoil);
        cases.verify(title, &setup, &license, answer);
    };
    case(
        title(
            "issuer-in-a-directory-in-grace-is-valid-with-warning",
            "目录过更新期一小时，在宽限期内：有效并提示",
            "A listed signer by a directory in its grace is good, with a warning",
        ),
        &|world| world.age_directory("99", HOUR),
        Answer::valid().warned("warning.grace.directory"),
    );
    case(
        title(
            "issuer-in-a-stale-directory-is-undetermined",
            "目录已过宽限期：无法判定",
            "A listed signer by a directory past its grace is undetermined",
        ),
        &|world| world.age_directory("99", 8 * DAY),
        Answer::undetermined(Step::Issuer, Reason::IssuerDirectoryStale),
    );
    case(
        title(
            "issuer-in-a-directory-that-expires-within-the-window-is-undetermined",
            "目录失效时刻落在时间窗内：无法判定",
            "A directory that expires within the window of time is undetermined",
        ),
        &|world| {
            let (due, expires) = (world.time(30), world.time(60));
            let directory = world.directory("99");
            (directory.next_update, directory.expires) = (due, expires);
        },
        Answer::undetermined(Step::Issuer, Reason::IssuerTimeDepends).until(60),
    );
    let (setup, license) = spoiled(|world| world.age_directory("99", HOUR));
    cases.verify(
        title(
            "issuer-in-an-overdue-directory-under-strict-policy-is-undetermined",
            "严格策略不用宽限期：目录一过更新期即无法判定",
            "A strict policy uses no grace: an overdue directory leaves the signer unknown",
        ),
        &setup.with(|setup| setup.policy = "strict"),
        &license,
        Answer::undetermined(Step::Issuer, Reason::IssuerDirectoryStale).until(DAY),
    );
}

fn trust_lists(cases: &mut Cases) {
    let mut case = |title: Title, spoil: &dyn Fn(&mut World), answer: Answer| {
        let (setup, license) = spoiled(spoil);
        cases.verify(title, &setup, &license, answer);
    };
    case(
        title(
            "trust-list-in-grace-is-valid-with-warning",
            "互认清单过更新期一小时，在宽限期内：有效并提示",
            "A trust list in its grace is good, with a warning",
        ),
        &|world| world.age_trust(HOUR),
        Answer::valid().warned("warning.grace.trust-list"),
    );
    case(
        title(
            "trust-list-stale-is-undetermined",
            "互认清单已过宽限期：无法判定",
            "A trust list past its grace leaves the signer unknown",
        ),
        &|world| world.age_trust(31 * DAY),
        Answer::undetermined(Step::Issuer, Reason::IssuerTrustStale),
    );
    case(
        title(
            "trust-list-expired-is-undetermined",
            "互认清单已失效：无法判定",
            "An expired trust list leaves the signer unknown, grace or not",
        ),
        &|world| {
            world.age_trust(HOUR);
            world.trust.expires = world.time(-HOUR / 2);
        },
        Answer::undetermined(Step::Issuer, Reason::IssuerTrustExpired),
    );
}

fn anchors(cases: &mut Cases) {
    let mut case = |title: Title, spoil: &dyn Fn(&mut World), answer: Answer| {
        let (setup, license) = spoiled(spoil);
        cases.verify(title, &setup, &license, answer);
    };
    case(
        title(
            "anchor-to-be-withdrawn-is-valid-until-then",
            "信任锚将于明日撤回：今日有效，至彼时为止",
            "An anchor that is to be withdrawn tomorrow is good until then",
        ),
        &|world| {
            let from = world.time(DAY);
            world.befall_anchor("99", HistoryState::Withdrawn, from, None);
        },
        Answer::valid().until(DAY),
    );
    case(
        title(
            "anchor-retired-leaves-what-it-vouched-for",
            "信任锚停用：其间所担保者仍有效",
            "What a retired anchor vouched for stands",
        ),
        &|world| {
            let from = world.time(-HOUR / 2);
            world.befall_anchor("99", HistoryState::Retired, from, None);
        },
        Answer::valid(),
    );
    case(
        title(
            "province-suspended-and-taken-back-is-valid",
            "省份暂停后恢复：有效",
            "A province that was suspended and taken back in is in",
        ),
        &|world| {
            for (state, days) in [(HistoryState::Withdrawn, -10), (HistoryState::Active, -9)] {
                let from = world.time(days * DAY);
                world.befall_province("99", state, from);
            }
        },
        Answer::valid(),
    );
    case(
        title(
            "province-suspended-does-not-touch-another",
            "别省暂停：不影响本省证照",
            "A suspended province does not touch the licenses of another",
        ),
        &|world| {
            let from = world.time(-10 * DAY);
            world.befall_province("98", HistoryState::Withdrawn, from);
        },
        Answer::valid(),
    );
}

/// What is signed under an anchor that fell, or by a province that is suspended, is not taken in any more: no status list is held.
fn fallen(cases: &mut Cases) {
    let mut case = |title: Title, spoil: &dyn Fn(&mut World)| {
        let (mut world, license) = scene();
        spoil(&mut world);
        let setup = Setup::holding(&world, [world.trust_object(), world.directory_object("99")]);
        let answer = Answer::undetermined(Step::Issuer, Reason::IssuerAnchorWithdrawn)
            .unknown(Step::Status, Reason::StatusListMissing)
            .until(14 * DAY);
        cases.verify(title, &setup, &license.bytes, answer);
    };
    case(
        title(
            "anchor-withdrawn-is-undetermined",
            "信任锚已撤回：无法判定，不指责持证人",
            "A withdrawn anchor leaves all under it undetermined; the holder is not accused",
        ),
        &|world| {
            let from = world.time(-HOUR / 2);
            world.befall_anchor("99", HistoryState::Withdrawn, from, None);
        },
    );
    case(
        title(
            "province-suspended-is-undetermined",
            "省份暂停：无法判定",
            "A suspended province leaves its licenses undetermined",
        ),
        &|world| {
            let from = world.time(-10 * DAY);
            world.befall_province("99", HistoryState::Withdrawn, from);
        },
    );
}

fn contradictions(cases: &mut Cases) {
    let (mut world, license) = scene();
    let setup = || Setup::of(&scene().0);
    world.trust.next_update = world.time(89 * DAY);
    let mut forked = setup();
    forked.offer(world.trust_object(), Answered::Refused(Reason::StoreEquivocation));
    let contradiction = Answer::undetermined(Step::Issuer, Reason::IssuerEquivocation);
    cases.verify(
        title(
            "trust-lists-that-contradict-are-undetermined",
            "同一序号的两份互认清单：无法判定",
            "Of two trust lists with the same sequence number neither is believed",
        ),
        &forked,
        &license.bytes,
        contradiction.clone(),
    );
    let (mut world, license) = scene();
    let due = world.time(6 * DAY);
    world.directory("99").next_update = due;
    let mut forked = setup();
    forked.offer(world.directory_object("99"), Answered::Refused(Reason::StoreEquivocation));
    cases.verify(
        title(
            "directories-that-contradict-are-undetermined",
            "同一序号的两份目录：无法判定",
            "Of two directories with the same sequence number neither is believed",
        ),
        &forked,
        &license.bytes,
        contradiction,
    );
    // The signature is bad by the key that is meant, and a directory that is missing might know another of that id.
    let mut claims = claims();
    claims.put(&[LICENSE], 3, "91990100MA00000A9X");
    let mut members = licensed(claims.encode()).members();
    members[3] = Item::Bytes(vec![0x01; 64]);
    let (open, _) = spoiled(|world| world.make_incomplete("99"));
    cases.verify_each(
        title(
            "signature-bad-without-closed-candidates-is-undetermined",
            "签名不符而目录不完整：或另有同标识密钥，无法判定",
            "A bad signature where another key of that id may exist: a key id is a hint, so it is undetermined",
        ),
        &open,
        vec![row("signature of another message", super::cose::tagged(18, members.clone()))],
        Answer::undetermined(Step::Signature, Reason::SignatureNoCandidate),
    );
    cases.verify_each(
        title(
            "signature-bad-with-closed-candidates-is-invalid",
            "签名不符且候选已穷尽：无效",
            "A bad signature where the candidates are closed is proof",
        ),
        &setup(),
        vec![row("signature of another message", super::cose::tagged(18, members))],
        Answer::invalid(Step::Signature, Reason::SignatureBad),
    );
}
