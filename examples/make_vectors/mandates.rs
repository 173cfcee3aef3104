//! Group `issuer`, what a listed key may sign: its mandate, its history, its signing period.

use zhengyin::claims::id::Region;
use zhengyin::reason::Reason;
use zhengyin::trust::{HistoryState, Rename};
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::answer::Answer;
use super::case::{Answered, Cases, ISSUER, Setup, Title, title};
use super::scene::{HOUSING, LICENSE, claims, entry, scene, spoiled, with_claims};
use super::world::{DAY, HOUR, World, code, license_key, prefix, sign, status_key};

pub(crate) fn all(cases: &mut Cases) {
    mandates(cases);
    elsewhere(cases);
    renamed(cases);
    histories(cases);
    signing_periods(cases);
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
        invalid(Reason::IssuerRegion).until(30 * DAY),
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
        invalid(Reason::IssuerAuthority).until(14 * DAY),
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
        Answer::undetermined(Step::Issuer, Reason::IssuerDirectoryMissing)
            .unknown(Step::Status, Reason::StepBlocked)
            .until(14 * DAY),
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
        invalid(Reason::IssuerRegion).until(7 * DAY),
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
