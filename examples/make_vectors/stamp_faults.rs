//! Group `stamp`: what a lost key, a published defect, a damaged copy or a revoked countersigner makes of a stamp.

use zhengyin::reason::Reason;
use zhengyin::status::{Cause, LicenseHistory, State};
use zhengyin::time::{Day, Period};
use zhengyin::trust::{Defect, DefectMatch, Names, Treatment};
use zhengyin::verify::Step;

use super::case::{Cases, title};
use super::stamp_answer::StampAnswer;
use super::stamps::{DOCUMENT, Scene, offered, setup_both, spoiled};
use super::world::seals::{file, maker, maker_key, stamping_key, unit};
use super::world::spoil::flip;
use super::world::{DAY, HOUR, key};

pub(crate) fn all(cases: &mut Cases) {
    lost(cases);
    defects(cases);
    copies(cases);
    countersigners(cases);
}

fn valid() -> StampAnswer {
    StampAnswer::valid()
}

/// The stamp says that it was made five days ago; since then something happened to the seal.
fn lost(cases: &mut Cases) {
    let then = || valid().without("warning.before_list");
    let history = |state, cause, day: i64| {
        move |scene: &mut Scene| {
            let since = Day::of(scene.world.time(day * DAY));
            let history = LicenseHistory { cause, ..LicenseHistory::of(state, Some(since)) };
            scene.world.set_seal_history(&scene.seal.clone(), history);
            scene.plan.at = -5 * DAY;
        }
    };
    let unproven = || then().by(Step::Status, Reason::StatusLostLater);
    spoiled(
        cases,
        [
            "seal-lost-later",
            "签章自述时间之后印章挂失：时间无从证明",
            "The seal was reported lost after the time that the stamp claims: whoever had it could claim that",
        ],
        history(State::ReportedLost, Cause::UNSTATED, -3),
        unproven(),
    );
    spoiled(
        cases,
        [
            "seal-revoked-for-its-key-later",
            "签章自述时间之后印章因密钥泄露吊销",
            "The seal was revoked for its key after the time that the stamp claims",
        ],
        history(State::Revoked, Cause::HOLDER_KEY, -3),
        unproven(),
    );
    spoiled(
        cases,
        [
            "seal-cancelled-as-lost-later",
            "签章自述时间之后印章因遗失注销",
            "The seal was cancelled as lost after the time that the stamp claims",
        ],
        history(State::Cancelled, Cause::LOST, -3),
        unproven(),
    );
    spoiled(
        cases,
        [
            "seal-cancelled-as-out-of-use-later",
            "签章之后印章因停业注销",
            "The seal was cancelled after it stamped, for its owner was no longer in business",
        ],
        history(State::Cancelled, Cause::from_word("out-of-use").unwrap(), -3),
        then(),
    );
    spoiled(
        cases,
        [
            "seal-lost-before",
            "签章自述时间之前印章已挂失",
            "The seal had been reported lost before the time that the stamp claims",
        ],
        history(State::ReportedLost, Cause::UNSTATED, -7),
        then().by(Step::Status, Reason::StatusReportedLost),
    );
}

fn defect(scene: &Scene, key_name: &str, treatment: Treatment) -> Defect {
    Defect {
        id: "D1".into(),
        applies_to: DefectMatch {
            key_id: key(key_name).public_key().key_id(),
            positions: None,
            issued: None,
            type_code: None,
        },
        kind: "weak-randomness".into(),
        treatment,
        names: Names::new("随机数不足的设备所签（示例）", "Signed by a device with poor randomness (example)"),
        from: scene.world.time(-HOUR),
    }
}

/// procedure.md §1.2: what the trust list publishes counts for the keys of seals as for those of licenses.
fn defects(cases: &mut Cases) {
    let signer = stamping_key(unit("99").0);
    let with = |key_name: String, treatment, change: fn(&mut Defect, &Scene)| {
        move |scene: &mut Scene| {
            let mut defect = defect(scene, &key_name, treatment);
            change(&mut defect, scene);
            scene.world.trust.defects = vec![defect];
        }
    };
    let unchanged: fn(&mut Defect, &Scene) = |_, _| ();
    spoiled(
        cases,
        [
            "stamp-defect-to-be-rejected",
            "签章密钥有已公布的瑕疵，处理方式为拒绝",
            "A published defect of the key that stamped, to be rejected",
        ],
        with(signer.clone(), Treatment::Reject, unchanged),
        valid().by(Step::Issuer, Reason::IssuerDefectRejected),
    );
    spoiled(
        cases,
        [
            "stamp-defect-for-a-person",
            "签章密钥有已公布的瑕疵，处理方式为人工核实",
            "A published defect of the key that stamped, for a person to look at",
        ],
        with(signer.clone(), Treatment::Manual, unchanged),
        valid().by(Step::Issuer, Reason::IssuerDefect),
    );
    let warned = ["warning.defect", "warning.before_list", "warning.time_self_asserted", "warning.test_province"];
    spoiled(
        cases,
        [
            "stamp-defect-to-be-warned-of",
            "签章密钥有已公布的瑕疵，处理方式为提示",
            "A published defect of the key that stamped, to be warned of",
        ],
        with(signer.clone(), Treatment::Warn, unchanged),
        valid().warned(&warned),
    );
    spoiled(
        cases,
        [
            "stamp-defect-of-another-time",
            "已公布的瑕疵限于另一时段",
            "A published defect of what was stamped at another time",
        ],
        with(signer.clone(), Treatment::Reject, |defect, scene| {
            let [from, to] = [-9 * DAY, -DAY].map(|at| scene.world.time(at).seconds());
            defect.applies_to.issued = Period::new(from, Some(to));
        }),
        valid(),
    );
    spoiled(
        cases,
        [
            "stamp-defect-of-licenses",
            "已公布的瑕疵限于某类证照或某段清单位置：与签章无关",
            "A published defect of positions in a list: a stamp stands in none",
        ],
        with(signer, Treatment::Reject, |defect, _| defect.applies_to.positions = Some((1, 0, u64::from(u32::MAX)))),
        valid(),
    );
    let making = maker_key(maker("99"));
    spoiled(
        cases,
        [
            "seal-defect-to-be-rejected",
            "该批印章有已公布的瑕疵，处理方式为拒绝",
            "The seal is one of a batch that its maker made in error, to be rejected",
        ],
        with(making.clone(), Treatment::Reject, |defect, scene| {
            let at = scene.seal.credential.status;
            defect.applies_to.positions = Some((at.list, at.index, at.index));
        }),
        valid().maker(Reason::IssuerDefectRejected),
    );
    spoiled(
        cases,
        ["seal-defect-of-another-batch", "已公布的瑕疵是另一批印章的", "Another batch of seals was made in error"],
        with(making, Treatment::Reject, |defect, scene| {
            let at = scene.seal.credential.status;
            defect.applies_to.positions = Some((at.list, at.index + 1, at.index + 9));
        }),
        valid(),
    );
}

/// Somebody put copies of the seal with other signatures before the good one: as many as there is room for.
fn copies(cases: &mut Cases) {
    let scene = Scene::new();
    let seal = &scene.seal.bytes;
    let broken: Vec<Vec<u8>> = (1..=20).map(|at| flip(seal, seal.len() - at, 0)).collect();
    let mut objects: Vec<&[u8]> = broken.iter().map(Vec::as_slice).collect();
    let stamp = scene.stamp();
    objects.extend([&seal[..], &stamp[..]]);
    cases.stamps(
        title(
            "seal-with-many-bad-copies",
            "同一印章另有二十份签名损坏的副本",
            "A seal behind twenty copies of it with other signatures",
        ),
        &scene.setup(),
        vec![offered("", file(&objects))],
        &[valid()],
    );
}

fn countersigners(cases: &mut Cases) {
    let mut scene = Scene::new();
    let neighbour = scene.world.make_seal("98");
    let first = scene.stamp();
    let mut counter = scene.world.plan_stamp(&neighbour, DOCUMENT);
    counter.counter(&first);
    // After its list was issued, so that it was revoked then.
    counter.at = -HOUR / 2;
    let mut fallen = scene.clone();
    fallen.world.set_seal_state(&neighbour, State::Revoked);
    let whole = |scene: &Scene| {
        let second = scene.world.stamp(&counter);
        file(&[&scene.seal.bytes, &neighbour.bytes, &first, &second])
    };
    cases.stamps(
        title(
            "counter-stamp-by-a-revoked-seal",
            "以已吊销的印章副署：副署无效，所副署的签章仍有效",
            "A revoked seal countersigns: that is invalid, and what it covers is not",
        ),
        &setup_both(&fallen.world),
        vec![offered("", whole(&fallen))],
        &[valid(), valid().without("warning.before_list").by(Step::Status, Reason::StatusRevoked)],
    );
    // RFC 6838 §4.2: the same media type.
    counter.media_type = "Application/X.ZY.Stamp".into();
    let second = scene.world.stamp(&counter);
    cases.stamps(
        title(
            "counter-stamp-in-capitals",
            "副署的媒体类型大小写不同",
            "A counter-stamp whose media type is in capitals is one all the same",
        ),
        &setup_both(&scene.world),
        vec![offered("", file(&[&scene.seal.bytes, &neighbour.bytes, &first, &second]))],
        &[valid(), valid().without("warning.before_list")],
    );
    let mut limited = Scene::new();
    limited.seal.facts.allowed = vec!["application/ofd".into(), "application/pdf".into()];
    limited.remake();
    limited.plan.media_type = "Application/PDF".into();
    cases.stamps(
        title(
            "seal-for-this-kind-in-capitals",
            "文件的媒体类型大小写不同",
            "The seal may be used on this kind of document, whose name is written in capitals",
        ),
        &limited.setup(),
        vec![offered("", limited.file())],
        &[valid()],
    );
    // A copy of the first stamp with a broken signature is told of by itself; the counter-stamp names the content of both.
    let broken = flip(&first, first.len() - 3, 0);
    counter.hash = zhengyin::suite::HashAlgorithm::Sha256;
    counter.media_type = "application/x.zy.stamp".into();
    let second = scene.world.stamp(&counter);
    cases.stamps(
        title(
            "counter-stamp-on-a-broken-signature",
            "所副署的签章签名损坏：副署有效，整体无效",
            "The signature of the countersigned stamp is broken: told of that stamp, and of the whole",
        ),
        &setup_both(&scene.world),
        vec![offered("", file(&[&scene.seal.bytes, &neighbour.bytes, &broken, &second]))],
        &[valid().key_unknown().by(Step::Signature, Reason::SignatureBad), valid().without("warning.before_list")],
    );
}
