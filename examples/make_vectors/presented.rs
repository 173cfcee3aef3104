//! Group `presentation`: what a holder's key, or a presentation service, signs beside the license. The claims are trees, so that none is
//! made by the code that reads them.

use zhengyin::envelope::{Envelope, Expected};
use zhengyin::reason::Reason;
use zhengyin::trust::{HistoryEntry, HistoryState};
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Row, Setup, row, title};
use super::cose::Sign1;
use super::item::{Item, map};
use super::scene::{HOUSING, LICENSE, scene, small_world, with_claims};
use super::shown::{BINDING, CNF, COPY, holder_key};
use super::world::{BASE, DAY, HOUR, World, data, license_key};

const ISS: i64 = 1;
const AUD: i64 = 3;
const EXP: i64 = 4;
const IAT: i64 = 6;
const NONCE: i64 = 39;
const PRESENTED: i64 = -70_005;
const PURPOSE: i64 = -70_006;

const HALL: &str = "示例政务大厅";
const CHECK_IN: &str = "办理入住";
const ASKED: [u8; 16] = [0x5a; 16];
pub(crate) const SERVICE: &str = "presentation service";

/// The license with a holder's key, and this binding.
fn bound(binding: i64) -> Vec<u8> {
    with_claims(|claims| {
        claims.put(&[LICENSE], BINDING, binding);
        claims.put(&[], CNF, holder_key());
    })
}

fn digest(envelope: &[u8]) -> [u8; 32] {
    *Envelope::parse(envelope, Expected::AnyKnown).unwrap().object_digest().as_bytes()
}

/// Claims in which everything is in order: from a minute before the base time to a minute after it.
pub(crate) fn claims(license: &[u8]) -> Item {
    map([(EXP, (BASE + 60).into()), (IAT, (BASE - 60).into()), (PRESENTED, digest(license).to_vec().into())])
}

pub(crate) fn signed(claims: &Item, key: &str) -> Vec<u8> {
    Sign1::new("application/x.zy.presentation", claims.encode(), key).sign()
}

/// The license, shown by its holder with these claims.
fn shown(license: &[u8], change: impl FnOnce(&mut Item)) -> Vec<u8> {
    let mut claims = claims(license);
    change(&mut claims);
    [license, &signed(&claims, "holder")].concat()
}

/// At the hall, where what was seen is kept.
fn hall(world: &World) -> Setup {
    Setup::of(world)
        .with(|setup| (setup.audience, setup.purpose, setup.seen) = (Some(HALL), Some(CHECK_IN), Some(vec![])))
}

fn for_hall(claims: &mut Item) {
    claims.put(&[], AUD, HALL);
    claims.put(&[], PURPOSE, CHECK_IN);
}

pub(crate) fn all(cases: &mut Cases) {
    timed(cases);
    times(cases);
    directed(cases);
    refused(cases);
    challenges(cases);
    services(cases);
    besides(cases);
    shapes(cases);
}

fn failed(reason: Reason, until: i64) -> Answer {
    Answer::invalid(Step::Presentation, reason).until(until)
}

fn unknown(reason: Reason, until: i64) -> Answer {
    Answer::undetermined(Step::Presentation, reason).until(until)
}

fn timed(cases: &mut Cases) {
    let (world, _) = scene();
    let each = |change: fn(&mut Item)| -> Vec<Row> {
        [(0, "bearer"), (1, "compare with an identity document"), (2, "holder's key demanded")]
            .map(|(binding, note)| row(note, shown(&bound(binding), change)))
            .into()
    };
    cases.verify_each(
        title(
            "presentation-timed-for-this-verifier-is-live",
            "持证人密钥现场出示，对象与用途相符：有效",
            "Shown by the holder's key, now, to this verifier and for this purpose, whatever the license demands",
        ),
        &hall(&world),
        each(for_hall),
        Answer::valid().shown(60),
    );
    cases.verify_each(
        title(
            "presentation-timed-for-anyone-is-live-with-a-warning",
            "未限定对象：有效，并说明别处无从得知",
            "One that names no audience is live, and the report says that it would be elsewhere too",
        ),
        &hall(&world),
        each(|_| {}),
        Answer::valid().shown(60).warned("warning.audience_unbound"),
    );
    cases.verify(
        title(
            "presentation-timed-where-nothing-is-kept-is-live-with-a-warning",
            "核验方不记录用过的亮证：有效，并说明",
            "Where the caller keeps no presentations that were seen, the report says that this one may come again",
        ),
        &hall(&world).with(|setup| setup.seen = None),
        &shown(&bound(2), for_hall),
        Answer::valid().shown(60).warned("warning.replay_unchecked"),
    );
    cases.verify(
        title(
            "presentation-timed-without-purpose-is-live",
            "未限定用途：任何用途皆可",
            "One that names no purpose is good for any",
        ),
        &hall(&world),
        &shown(&bound(2), |claims| claims.put(&[], AUD, HALL)),
        Answer::valid().shown(60),
    );
    cases.verify(
        title(
            "presentation-attached-and-not-asked-is-valid",
            "核验方明言不问出示：不看所附亮证",
            "Where the caller says that presentation is not to be asked, one that is there is not looked at",
        ),
        &hall(&world).with(|setup| setup.presentation = false),
        &shown(&bound(2), |claims| claims.put(&[], AUD, "别处")),
        Answer::valid(),
    );
}

/// When it is of this moment. The window is the base time and two minutes each way.
fn times(cases: &mut Cases) {
    let (world, _) = scene();
    let license = bound(2);
    let from_to = |from: i64, to: i64| {
        shown(&license, |claims| {
            for_hall(claims);
            claims.put(&[], IAT, BASE + from);
            claims.put(&[], EXP, BASE + to);
        })
    };
    cases.verify_each(
        title(
            "presentation-that-has-run-out-is-invalid",
            "亮证已过时：须重新出示",
            "One that has certainly run out must be made anew",
        ),
        &hall(&world),
        vec![row("an hour ago", from_to(-HOUR, 100 - HOUR)), row("ended as the window begins", from_to(-200, -120))],
        Answer::invalid(Step::Presentation, Reason::PresentationTooOld),
    );
    cases.verify(
        title(
            "presentation-that-may-just-have-run-out-is-live",
            "也许刚过时：时间窗仍相接，算作现场",
            "The window meets it by one second: that counts as now",
        ),
        &hall(&world),
        &from_to(-239, -119),
        Answer::valid().shown(-119),
    );
    cases.verify(
        title(
            "presentation-from-the-end-of-the-window-is-live",
            "时间窗末尾签的亮证：算作现场",
            "One that begins with the window's last second is live",
        ),
        &hall(&world),
        &from_to(120, 180),
        Answer::valid().shown(180),
    );
    cases.verify(
        title(
            "presentation-of-a-time-to-come-is-undetermined",
            "亮证时间在将来：持证人的时钟可能偏快，无法判定",
            "One of a time to come accuses nobody: the holder's clock may be fast. Use a challenge",
        ),
        &hall(&world),
        &from_to(121, 180),
        unknown(Reason::PresentationNotYet, 121),
    );
    let uncertain = |u: u32| hall(&world).with(|setup| setup.clock = Some((BASE, u)));
    cases.verify(
        title(
            "presentation-in-a-window-of-ten-minutes-is-live",
            "时间窗恰为六百秒：仍可判断",
            "A window of exactly 600 seconds is narrow enough",
        ),
        &uncertain(300),
        &from_to(-60, 60),
        Answer::valid().shown(60),
    );
    cases.verify(
        title(
            "presentation-in-a-wider-window-is-undetermined",
            "时间窗超过六百秒：无法判断是否现场，请改用核验码",
            "In a wider window it cannot be told whether it was just now: use a challenge",
        ),
        &uncertain(301),
        &from_to(-60, 60),
        unknown(Reason::PresentationClockWide, 60),
    );
    cases.verify(
        title(
            "presentation-that-has-run-out-by-any-clock-is-invalid",
            "时间窗再宽也已过时：无效",
            "What has run out at every instant of a wide window has run out",
        ),
        &uncertain(301),
        &from_to(-421, -301),
        Answer::invalid(Step::Presentation, Reason::PresentationTooOld),
    );
}

fn directed(cases: &mut Cases) {
    let (world, _) = scene();
    let license = bound(2);
    let to_hall = shown(&license, for_hall);
    let other = |change: fn(&mut Setup)| hall(&world).with(change);
    cases.verify(
        title(
            "presentation-for-another-audience-is-invalid",
            "亮证是给别处的：无效，须对本处出示",
            "One that was made for another verifier is not good here",
        ),
        &other(|setup| setup.audience = Some("另一大厅")),
        &to_hall,
        failed(Reason::PresentationOtherAudience, 60),
    );
    cases.verify(
        title(
            "presentation-for-another-purpose-is-invalid",
            "亮证是为别的用途：无效",
            "One that was made for another purpose is not good for this one",
        ),
        &other(|setup| setup.purpose = Some("开户")),
        &to_hall,
        failed(Reason::PresentationOtherPurpose, 60),
    );
    cases.verify(
        title(
            "presentation-where-no-audience-is-stated-is-undetermined",
            "核验方未说明自己是谁：无法判定",
            "A verifier that does not say who it is cannot tell whether it was meant",
        ),
        &other(|setup| setup.audience = None),
        &to_hall,
        unknown(Reason::PresentationContextUnstated, 60),
    );
    cases.verify(
        title(
            "presentation-where-no-purpose-is-stated-is-undetermined",
            "核验方未说明用途：无法判定",
            "A verifier that does not state its purpose cannot tell whether it is the one",
        ),
        &other(|setup| setup.purpose = None),
        &to_hall,
        unknown(Reason::PresentationContextUnstated, 60),
    );
    cases.verify(
        title(
            "presentation-for-another-audience-that-has-run-out-is-told-as-the-first",
            "对象不符且已过时：先说对象不符",
            "Of two failures the one that comes first in the procedure is told",
        ),
        &other(|setup| setup.audience = Some("另一大厅")).at(HOUR),
        &to_hall,
        Answer::invalid(Step::Presentation, Reason::PresentationOtherAudience),
    );
}

fn refused(cases: &mut Cases) {
    let (world, unbound) = scene();
    let license = bound(2);
    let setup = hall(&world);
    let presentation = signed(&claims(&license), "holder");
    cases.verify(
        title(
            "presentation-seen-before-is-replayed",
            "同一次亮证再次出现：无效",
            "The very same presentation is not good twice",
        ),
        &setup.clone().with(|setup| setup.seen = Some(vec![[1; 32], digest(&presentation)])),
        &[&license[..], &presentation].concat(),
        failed(Reason::PresentationReplayed, 60),
    );
    let mut forged = presentation.clone();
    *forged.last_mut().unwrap() ^= 1;
    let mut other_kid = Sign1::new("application/x.zy.presentation", claims(&license).encode(), "another holder");
    other_kid.signer = "holder".into();
    cases.verify_each(
        title(
            "presentation-by-another-key-is-invalid",
            "不是证照所载持证人密钥所签：无效",
            "One that the holder's key did not sign, or that names another key, is invalid",
        ),
        &setup,
        vec![
            row("another's key", [&license[..], &signed(&claims(&license), "another holder")].concat()),
            row("a bit of the signature turned", [&license[..], &forged].concat()),
            row("the key id of another key", [&license[..], &other_kid.sign()].concat()),
            row("the issuer's key", [&license[..], &signed(&claims(&license), &license_key(ISSUER))].concat()),
        ],
        failed(Reason::PresentationSignature, 60),
    );
    let other = bound(1);
    cases.verify_each(
        title(
            "presentation-of-another-license-is-invalid",
            "亮证针对另一份证照：无效",
            "A presentation of license A beside license B is invalid, though one holder holds both",
        ),
        &setup,
        vec![
            row("A beside B", [&license[..], &signed(&claims(&other), "holder")].concat()),
            row("B beside A", [&other[..], &presentation].concat()),
        ],
        failed(Reason::PresentationOtherLicense, 60),
    );
    cases.verify(
        title(
            "presentation-of-a-license-without-a-holder-s-key-is-invalid",
            "证照未载持证人密钥：亮证什么也证明不了",
            "Where the license names no key, a presentation proves nothing: the license should be shown alone",
        ),
        &setup,
        &shown(&unbound.bytes, for_hall),
        failed(Reason::PresentationNoHolderKey, 60),
    );
}

fn challenges(cases: &mut Cases) {
    let (world, _) = scene();
    let license = bound(2);
    let asking = || hall(&world).with(|setup| setup.challenge = Some(ASKED));
    let answer = |claims: &mut Item| {
        for_hall(claims);
        claims.put(&[], NONCE, ASKED.to_vec());
    };
    // The times of the answer are not asked about: nothing bounds it but the status list.
    let live = || Answer::valid().answered();
    cases.verify_each(
        title(
            "presentation-that-answers-the-challenge-is-live",
            "回答了本次核验码：有效，不看时间",
            "An answer to the verifier's own nonce is live, whatever the holder's clock says",
        ),
        &asking(),
        vec![
            row("by a clock that is right", shown(&license, answer)),
            row(
                "by a clock of 1970",
                shown(&license, |claims| {
                    answer(claims);
                    claims.put(&[], IAT, 0);
                    claims.put(&[], EXP, 120);
                }),
            ),
        ],
        live(),
    );
    cases.verify(
        title(
            "presentation-that-answers-the-challenge-needs-no-clock",
            "本机时间不准：核验码照样有效",
            "Where the window is too wide for a timed presentation, an answer to a challenge will do",
        ),
        &asking().with(|setup| setup.clock = Some((BASE, 1_000))),
        &shown(&license, answer),
        live(),
    );
    cases.verify(
        title(
            "presentation-that-answers-without-audience-is-live",
            "核验方与持证人都未写明对象和用途：有效",
            "A verifier that says neither who it is nor what for is answered with neither",
        ),
        &asking().with(|setup| (setup.audience, setup.purpose) = (None, None)),
        &shown(&license, |claims| claims.put(&[], NONCE, ASKED.to_vec())),
        live(),
    );
    let invalid = |reason| Answer::invalid(Step::Presentation, reason);
    let doubt = |reason| Answer::undetermined(Step::Presentation, reason);
    cases.verify_each(
        title(
            "presentation-that-answers-another-challenge-is-invalid",
            "回答的是别的核验码：无效",
            "An answer to another nonce, an older one of this verifier included, is invalid",
        ),
        &asking(),
        vec![
            row(
                "one bit of it",
                shown(&license, |claims| {
                    for_hall(claims);
                    let mut nonce = ASKED.to_vec();
                    nonce[15] ^= 1;
                    claims.put(&[], NONCE, nonce);
                }),
            ),
            row("another's", shown(&license, |claims| claims.put(&[], NONCE, vec![0; 16]))),
        ],
        invalid(Reason::PresentationOtherChallenge),
    );
    cases.verify_each(
        title(
            "presentation-that-answers-for-another-audience-is-invalid",
            "核验码被转给别处的持证人：对象不符，无效",
            "A nonce that was passed on is answered for somebody else, or for nobody: refused",
        ),
        &asking(),
        vec![
            row(
                "for another",
                shown(&license, |claims| {
                    answer(claims);
                    claims.put(&[], AUD, "别处");
                }),
            ),
            row(
                "for nobody",
                shown(&license, |claims| {
                    answer(claims);
                    claims.cut(&[], AUD);
                }),
            ),
        ],
        invalid(Reason::PresentationOtherAudience),
    );
    cases.verify(
        title(
            "presentation-that-answers-for-another-purpose-is-invalid",
            "回答中的用途与本次不符：无效",
            "An answer for another purpose than the one that was shown is refused",
        ),
        &asking(),
        &shown(&license, |claims| {
            answer(claims);
            claims.put(&[], PURPOSE, "开户");
        }),
        invalid(Reason::PresentationOtherPurpose),
    );
    cases.verify(
        title(
            "presentation-that-answers-what-was-not-stated-is-undetermined",
            "核验方未说明核验码：无法判定",
            "Without the nonce that was shown it cannot be told whether this is the answer",
        ),
        &hall(&world),
        &shown(&license, answer),
        doubt(Reason::PresentationChallengeUnstated),
    );
    cases.verify(
        title(
            "presentation-that-does-not-answer-the-challenge-is-undetermined",
            "出示了核验码而亮证未回答：无法判定",
            "Who showed a challenge is not satisfied with a timed presentation",
        ),
        &asking(),
        &shown(&license, for_hall),
        unknown(Reason::PresentationUnanswered, 60),
    );
    let answered = {
        let mut claims = claims(&license);
        answer(&mut claims);
        signed(&claims, "holder")
    };
    cases.verify(
        title(
            "presentation-that-answers-again-is-replayed",
            "同一回答再次出现：无效",
            "The same answer is not good twice",
        ),
        &asking().with(|setup| setup.seen = Some(vec![digest(&answered)])),
        &[&license[..], &answered].concat(),
        invalid(Reason::PresentationReplayed),
    );
}

/// A service of the issuer's authority, or of another.
fn services(cases: &mut Cases) {
    let serving = |authority: &str| {
        let mut world = small_world();
        world.issue("business-license");
        world.province("99").anchors[0].uses.push(Use::Presentation);
        world.enrol("99", &data::authority(authority), Use::Presentation, SERVICE);
        world
    };
    let by = |license: &[u8], authority: &str, key: &str, change: fn(&mut Item)| {
        let mut claims = claims(license);
        for_hall(&mut claims);
        claims.put(&[], ISS, authority);
        change(&mut claims);
        [license, &signed(&claims, key)].concat()
    };
    let (_, unbound) = scene();
    let license = unbound.bytes;
    cases.verify_each(
        title(
            "presentation-by-a-service-is-live",
            "亮证服务为无密钥的持证人担保：有效，并写明由谁担保",
            "A presentation service vouches for a holder who has no key; the report says which",
        ),
        &hall(&serving(ISSUER)),
        vec![
            row("of a license without a holder's key", by(&license, ISSUER, SERVICE, |_| {})),
            row("of one with a key that is not demanded", by(&bound(1), ISSUER, SERVICE, |_| {})),
        ],
        Answer::valid().shown(60),
    );
    cases.verify(
        title(
            "presentation-by-a-service-where-the-key-is-demanded-is-undetermined",
            "证照要求持证人密钥：服务担保不足",
            "Where the license demands the holder's key, a service will not do",
        ),
        &hall(&serving(ISSUER)),
        &by(&bound(2), ISSUER, SERVICE, |_| {}),
        unknown(Reason::PresentationMissing, 60),
    );
    cases.verify_each(
        title(
            "presentation-by-a-service-that-is-not-known-is-undetermined",
            "无法确认亮证服务：无法判定",
            "A service that is not listed, not for this, or not under this name cannot be confirmed",
        ),
        &hall(&serving(ISSUER)),
        vec![
            row("a key that nobody lists", by(&license, ISSUER, "another service", |_| {})),
            row("a key for licenses", by(&license, ISSUER, &license_key(ISSUER), |_| {})),
            row("under another's name", by(&license, HOUSING, SERVICE, |_| {})),
            row("by the holder's key", by(&bound(1), ISSUER, "holder", |_| {})),
        ],
        unknown(Reason::PresentationServiceUnproven, 60),
    );
    let mut fallen = serving(ISSUER);
    let since = fallen.time(-HOUR);
    let entry = fallen.entry(ISSUER, Use::Presentation);
    let compromised =
        HistoryEntry { state: HistoryState::Compromised, from: since, compromised_since: Some(since), log_head: None };
    assert!(entry.history.append(compromised));
    let mut ended = serving(ISSUER);
    let period = ended.period(-100 * DAY, -DAY);
    ended.entry(ISSUER, Use::Presentation).signing = period;
    for (name, zh, en, world) in [
        (
            "presentation-by-a-service-without-the-mandate-is-undetermined",
            "亮证服务无权为该类证照担保：无法判定",
            "A service without a mandate for this type cannot vouch for it",
            serving(HOUSING),
        ),
        (
            "presentation-by-a-service-whose-key-fell-is-undetermined",
            "亮证服务的密钥已失密：无法判定",
            "A service whose key fell before cannot vouch",
            fallen,
        ),
        (
            "presentation-by-a-service-past-its-time-is-undetermined",
            "亮证服务的签发期已过：无法判定",
            "A service past its signing period cannot vouch",
            ended,
        ),
    ] {
        let authority = if name.contains("mandate") { HOUSING } else { ISSUER };
        cases.verify(
            title(name, zh, en),
            &hall(&world),
            &by(&license, authority, SERVICE, |_| {}),
            unknown(Reason::PresentationServiceUnproven, 60),
        );
    }
    cases.verify(
        title(
            "presentation-by-a-service-that-has-run-out-is-invalid",
            "服务担保的亮证同样会过时",
            "What a service vouches for runs out like any other",
        ),
        &hall(&serving(ISSUER)),
        &by(&license, ISSUER, SERVICE, |claims| {
            claims.put(&[], IAT, BASE - HOUR);
            claims.put(&[], EXP, BASE - HOUR + 100);
        }),
        Answer::invalid(Step::Presentation, Reason::PresentationTooOld),
    );
}

/// Beside other answers.
fn besides(cases: &mut Cases) {
    let (world, _) = scene();
    let license = bound(2);
    cases.flips(
        title(
            "presentation-with-any-bit-turned-is-not-valid",
            "证照与亮证的任何一位改变：都不得有效",
            "No bit of a license and its presentation may be turned",
        ),
        &hall(&world),
        &shown(&license, for_hall),
    );
    let mut forged = license.clone();
    *forged.last_mut().unwrap() ^= 1;
    cases.verify(
        title(
            "presentation-of-a-license-that-is-not-genuine-is-not-believed",
            "证照本身不真实：亮证无从判断",
            "That a presentation is right rests on the license: of one that is not genuine it is blocked",
        ),
        &hall(&world),
        &shown(&forged, for_hall),
        Answer::invalid(Step::Signature, Reason::SignatureBad)
            .unknown(Step::Presentation, Reason::StepBlocked)
            .until(60),
    );
    let copy = with_claims(|claims| {
        claims.put(&[LICENSE], BINDING, 2);
        claims.put(&[], CNF, holder_key());
        claims.put(&[LICENSE], COPY, map([(1, CHECK_IN.into()), (3, (BASE + DAY).into())]));
    });
    cases.verify(
        title(
            "presentation-of-an-annotated-copy-is-live",
            "加注件与亮证都相符：有效",
            "Of an annotated copy both are asked: that it was made for this, and that its holder shows it",
        ),
        &hall(&world),
        &shown(&copy, for_hall),
        Answer::valid().shown(60),
    );
    cases.verify(
        title(
            "presentation-of-a-copy-for-another-purpose-is-invalid",
            "亮证无误而加注件用途不符：无效",
            "That the holder shows it does not make a copy good for another purpose",
        ),
        &hall(&world).with(|setup| setup.purpose = Some("开户")),
        &shown(&copy, |claims| claims.put(&[], AUD, HALL)),
        failed(Reason::PresentationPurpose, 60),
    );
    let expired = with_claims(|claims| {
        claims.put(&[LICENSE], 8, super::item::list([19_000.into(), 19_001.into()]));
        claims.put(&[LICENSE], BINDING, 2);
        claims.put(&[], CNF, holder_key());
    });
    cases.verify(
        title(
            "presentation-of-an-expired-license-is-told-as-live",
            "证照已过期而亮证无误：两步各自说明",
            "A license that expired and is rightly shown: each step says its own",
        ),
        &hall(&world),
        &shown(&expired, for_hall),
        Answer::invalid(Step::Period, Reason::PeriodExpired).shown(60),
    );
}

/// Claims that are not of the shape.
fn shapes(cases: &mut Cases) {
    let (world, _) = scene();
    let license = bound(2);
    let with = |note: &str, change: fn(&mut Item)| row(note, shown(&license, change));
    cases.verify_each(
        title(
            "presentation-misshapen-claims-are-invalid",
            "亮证内容缺项、多项、过长或自相矛盾：无效",
            "Claims that are missing, unknown, too long-lived, empty or contradict each other are refused",
        ),
        &hall(&world),
        vec![
            with("good for 121 seconds", |claims| claims.put(&[], EXP, BASE + 61)),
            with("ends as it begins", |claims| claims.put(&[], EXP, BASE - 60)),
            with("ends before it begins", |claims| claims.put(&[], EXP, BASE - 61)),
            with("no end", |claims| claims.cut(&[], EXP)),
            with("no beginning", |claims| claims.cut(&[], IAT)),
            with("no license", |claims| claims.cut(&[], PRESENTED)),
            with("an empty audience", |claims| claims.put(&[], AUD, "")),
            with("a blank purpose", |claims| claims.put(&[], PURPOSE, " ")),
            with("an unknown claim", |claims| claims.put(&[], 5, BASE)),
            with("a service that answers a nonce", |claims| {
                claims.put(&[], ISS, ISSUER);
                claims.put(&[], NONCE, ASKED.to_vec());
            }),
            with("a service without a credit code", |claims| claims.put(&[], ISS, "service")),
            with("a nonce of 15 bytes", |claims| claims.put(&[], NONCE, vec![0; 15])),
            with("a digest of 31 bytes", |claims| claims.put(&[], PRESENTED, vec![0; 31])),
        ],
        Answer::unread(Reason::EncodingClaims),
    );
    cases.verify(
        title(
            "presentation-with-text-that-hides-is-invalid",
            "亮证文字含改变显示方向的字符：无效",
            "Text that changes the reading direction is refused here too",
        ),
        &hall(&world),
        &shown(&license, |claims| claims.put(&[], PURPOSE, "入住\u{202e}")),
        Answer::unread(Reason::EncodingText),
    );
}
