//! Group `issuer`: is the signer known, listed, mandated, in force, and are the lists that say so young enough?

use zhengyin::claims::id::Region;
use zhengyin::reason::Reason;
use zhengyin::trust::{HistoryState, Rename};
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::answer::Answer;
use super::case::{Answered, Cases, ISSUER, Setup, Title, row, title};
use super::item::Item;
use super::scene::{HOUSING, LICENSE, claims, entry, licensed, scene, spoiled, with_claims};
use super::world::{DAY, HOUR, World, code, license_key, prefix, sign, status_key};

pub(crate) fn all(cases: &mut Cases) {
    unlisted(cases);
    directories(cases);
    trust_lists(cases);
    mandates(cases);
    elsewhere(cases);
    renamed(cases);
    histories(cases);
    signing_periods(cases);
    anchors(cases);
    fallen(cases);
    contradictions(cases);
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
        unlisted_answer(Reason::IssuerDirectoryMissing)
            .unknown(Step::Status, Reason::StatusListMissing)
            .until(120 * DAY),
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
            "issuer-in-an-expired-directory-is-undetermined",
            "目录已失效：无法判定",
            "A listed signer by an expired directory is undetermined, grace or not",
        ),
        &|world| {
            world.age_directory("99", HOUR);
            let expires = world.time(-HOUR / 2);
            world.directory("99").expires = expires;
        },
        Answer::undetermined(Step::Issuer, Reason::IssuerTrustExpired),
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

fn invalid(reason: Reason) -> Answer {
    Answer::invalid(Step::Issuer, reason)
}

fn mandates(cases: &mut Cases) {
    let types = Some(&["11950000MB0000019Y"][..]);
    let mut case = |title: Title, spoil: &dyn Fn(&mut World), answer: Answer| {
        let (setup, license) = spoiled(spoil);
        cases.verify(title, &setup, &license, answer);
    };
    case(
        title(
            "mandate-of-the-county-and-the-type-is-valid",
            "授权精确到县区与类型：有效",
            "A mandate of six digits and 21 characters covers exactly this",
        ),
        &|world| world.give_mandate(ISSUER, &["990102"], Some(&["11950000MB0000019Y001"])),
        Answer::valid(),
    );
    case(
        title(
            "mandate-of-the-province-and-any-type-is-valid",
            "授权为全省及任何类型：有效",
            "A mandate of the whole province and of no named type covers any",
        ),
        &|world| world.give_mandate(ISSUER, &["99"], None),
        Answer::valid(),
    );
    case(
        title(
            "mandate-of-another-city-is-invalid",
            "授权区划为另一市：无效",
            "A license outside the mandate's regions is invalid",
        ),
        &|world| world.give_mandate(ISSUER, &["9902"], types),
        invalid(Reason::IssuerRegion),
    );
    case(
        title(
            "mandate-of-the-neighbouring-county-is-invalid",
            "授权区划为邻县：无效",
            "A license of the next county is outside the mandate",
        ),
        &|world| world.give_mandate(ISSUER, &["990103"], types),
        invalid(Reason::IssuerRegion),
    );
    case(
        title(
            "mandate-of-another-definer-is-invalid",
            "授权类型属另一定义机构：无效",
            "A license outside the mandate's types is invalid",
        ),
        &|world| world.give_mandate(ISSUER, &["9901"], Some(&["11950000MB0000035L"])),
        invalid(Reason::IssuerType),
    );
    case(
        title(
            "mandate-of-the-neighbouring-type-is-invalid",
            "授权类型为同一定义机构的另一类型：无效",
            "A license of the next type of the same definer is outside the mandate",
        ),
        &|world| world.give_mandate(ISSUER, &["9901"], Some(&["11950000MB0000019Y002"])),
        invalid(Reason::IssuerType),
    );
    case(
        title(
            "mandate-that-names-another-authority-is-invalid",
            "授权机构不含本机构：无效",
            "A mandate that names authorities, and not this one, does not cover it",
        ),
        &|world| entry(world).mandate.authorities = Some(vec![code(HOUSING)]),
        invalid(Reason::IssuerAuthority),
    );
    case(
        title(
            "mandate-that-names-the-authority-is-valid",
            "授权机构含本机构：有效",
            "A mandate that names this authority covers it",
        ),
        &|world| entry(world).mandate.authorities = Some(vec![code(HOUSING), code(ISSUER)]),
        Answer::valid(),
    );
    case(
        title(
            "mandate-outside-by-a-stale-directory-is-invalid",
            "目录虽旧，条目授权不会改变：越权仍无效",
            "An entry's mandate never changes: outside it is invalid by a stale directory too",
        ),
        &|world| {
            world.give_mandate(ISSUER, &["9902"], types);
            world.age_directory("99", 8 * DAY);
        },
        invalid(Reason::IssuerRegion),
    );
    let (world, _) = scene();
    let setup = Setup::of(&world);
    let license = zhengyin::envelope::ObjectType::License;
    cases.verify(
        title(
            "issuer-signing-in-another-s-name-is-invalid",
            "以他人名义签发：无效",
            "A listed authority that signs a license in another's name has no right to",
        ),
        &setup,
        &sign(license, claims().encode(), &license_key(HOUSING)),
        invalid(Reason::IssuerAuthority),
    );
    cases.verify(
        title(
            "issuer-signing-with-its-status-key-is-invalid",
            "用吊销清单密钥签证照：无效",
            "The key for status lists is not one for licenses",
        ),
        &setup,
        &sign(license, claims().encode(), &status_key(ISSUER)),
        invalid(Reason::IssuerUse),
    );
    cases.verify(
        title(
            "issuer-that-is-not-its-signer-s-authority-is-invalid",
            "证照写明的机构不是签发者：无效，状态亦无从查起",
            "iss names another authority than the signer's; whose list would tell its status is not held",
        ),
        &setup,
        &with_claims(|claims| claims.put(&[], 1, HOUSING)),
        invalid(Reason::IssuerAuthority).unknown(Step::Status, Reason::StatusListMissing).until(14 * DAY),
    );
}

fn elsewhere(cases: &mut Cases) {
    let widened = |world: &mut World| {
        world.give_mandate(ISSUER, &["9902"], Some(&["11950000MB0000019Y"]));
        world.province("98").anchors[0].mandate.regions.push(prefix("99"));
    };
    let (setup, license) = spoiled(widened);
    cases.verify(
        title(
            "mandate-that-another-province-might-give-is-undetermined",
            "越权，但另一省或可授权而其目录缺失：无法判定",
            "Outside the mandate, but another province's directory, which is not held, might list the key too",
        ),
        &setup,
        &license,
        Answer::undetermined(Step::Issuer, Reason::IssuerDirectoryMissing),
    );
    let (mut world, license) = scene();
    widened(&mut world);
    let mut setup = Setup::of(&world);
    setup.offer(world.directory_object("98"), Answered::New);
    cases.verify(
        title(
            "mandate-that-no-other-province-gives-is-invalid",
            "越权，且另一省的完整目录也未列入：无效",
            "Outside the mandate, and the other province's complete directory does not list the key",
        ),
        &setup,
        &license.bytes,
        invalid(Reason::IssuerRegion),
    );
}

fn renamed(cases: &mut Cases) {
    let moved = with_claims(|claims| claims.put(&[LICENSE], 6, "990199"));
    let renamed = |days: i64| {
        spoiled(|world| {
            world.give_mandate(ISSUER, &["990102"], None);
            let from = world.time(days * DAY);
            let (old, new) = (Region::parse("990102").unwrap(), Region::parse("990199").unwrap());
            world.trust.renames.push(Rename { old, new, from });
        })
    };
    cases.verify(
        title(
            "mandate-of-a-renamed-district-is-valid",
            "区划更名后签发，授权用旧代码：有效",
            "A district that was renamed before the issue is covered by a mandate of its old code",
        ),
        &renamed(-2).0,
        &moved,
        Answer::valid(),
    );
    cases.verify(
        title(
            "mandate-of-a-district-renamed-later-is-invalid",
            "签发时尚未更名：新代码不在授权内，无效",
            "The code valid at issuance counts: a name that came later is not covered",
        ),
        &renamed(0).0,
        &moved,
        invalid(Reason::IssuerRegion),
    );
}

fn histories(cases: &mut Cases) {
    let mut case = |title: Title, state: HistoryState, from: i64, since: Option<i64>, answer: Answer| {
        let (setup, license) = spoiled(|world| {
            let (from, since) = (world.time(from), since.map(|since| world.time(since)));
            world.befall(ISSUER, Use::License, state, from, since);
        });
        cases.verify(title, &setup, &license, answer);
    };
    let (retired, withdrawn, compromised) = (HistoryState::Retired, HistoryState::Withdrawn, HistoryState::Compromised);
    case(
        title(
            "key-retired-after-the-issue-is-valid",
            "密钥在签发后停用：所签仍有效",
            "What a key signed before it retired stands",
        ),
        retired,
        -DAY + 1,
        None,
        Answer::valid(),
    );
    case(
        title(
            "key-retired-before-the-issue-is-invalid",
            "密钥停用后签发：无效",
            "What a key signs from the second in which it retires does not stand",
        ),
        retired,
        -DAY,
        None,
        invalid(Reason::IssuerSigningPeriod),
    );
    case(
        title(
            "key-withdrawn-after-the-issue-is-valid",
            "密钥在签发后撤回：所签仍有效",
            "What a key signed before it was withdrawn stands",
        ),
        withdrawn,
        -DAY + 1,
        None,
        Answer::valid(),
    );
    case(
        title(
            "key-withdrawn-before-the-issue-is-invalid",
            "密钥撤回后签发：无效",
            "What a key signs from the second in which it is withdrawn does not stand",
        ),
        withdrawn,
        -DAY,
        None,
        invalid(Reason::IssuerWithdrawn),
    );
    case(
        title(
            "key-compromised-before-the-issue-is-invalid",
            "密钥失密后签发：无效",
            "A license that claims to be issued after its key was compromised is invalid",
        ),
        compromised,
        -HOUR,
        Some(-DAY),
        invalid(Reason::IssuerCompromised),
    );
    case(
        title(
            "key-compromised-after-the-issue-is-undetermined",
            "密钥后来失密：签发时间无独立证明，可能倒签，无法判定",
            "A license that claims to be older than the compromise may be back-dated: nothing independent proves it",
        ),
        compromised,
        -HOUR,
        Some(-DAY + 1),
        Answer::undetermined(Step::Issuer, Reason::IssuerCompromisedUnproven),
    );
    case(
        title(
            "key-compromised-at-an-unstated-time-counts-from-the-entry",
            "未写明失密起始：自该条目生效起算，此前签发者无法判定",
            "Without a stated beginning the compromise counts from the entry's own time",
        ),
        compromised,
        -HOUR,
        None,
        Answer::undetermined(Step::Issuer, Reason::IssuerCompromisedUnproven),
    );
    let (setup, license) = spoiled(|world| {
        let from = world.time(-20 * DAY);
        world.befall(ISSUER, Use::License, withdrawn, from, None);
        world.age_directory("99", 8 * DAY);
    });
    cases.verify(
        title(
            "key-withdrawn-by-a-stale-directory-is-invalid",
            "旧目录已载明撤回：历史不改写，仍无效",
            "A history is never rewritten: withdrawn by a stale directory is withdrawn",
        ),
        &setup,
        &license,
        invalid(Reason::IssuerWithdrawn),
    );
}

fn signing_periods(cases: &mut Cases) {
    let mut case = |title: Title, from: i64, until: i64, answer: Answer| {
        let (setup, license) = spoiled(|world| world.give_signing(ISSUER, from, until));
        cases.verify(title, &setup, &license, answer);
    };
    case(
        title(
            "signing-period-that-begins-with-the-issue-is-valid",
            "签发期始于签发之时：有效",
            "A license signed in the first second of the signing period is good",
        ),
        -DAY,
        DAY,
        Answer::valid(),
    );
    case(
        title(
            "signing-period-that-begins-after-the-issue-is-invalid",
            "签发期晚一秒：无效",
            "A license signed a second before the signing period is invalid",
        ),
        -DAY + 1,
        DAY,
        invalid(Reason::IssuerSigningPeriod),
    );
    case(
        title(
            "signing-period-that-ends-after-the-issue-is-valid",
            "签发期最后一秒签发：有效",
            "A license signed in the last second of the signing period is good",
        ),
        -2 * DAY,
        -DAY + 1,
        Answer::valid(),
    );
    case(
        title(
            "signing-period-that-ends-with-the-issue-is-invalid",
            "签发期已于签发之时结束：无效",
            "The end of the signing period does not belong to it",
        ),
        -2 * DAY,
        -DAY,
        invalid(Reason::IssuerSigningPeriod),
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
