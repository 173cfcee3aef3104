//! Group `sequence`: keys that were stolen, and the epochs and least numbers by which what a thief published is undone.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::trust::{HistoryState, Minimum};
use zhengyin::verify::Step;
use zhengyin::x509::Use;

use super::case::{Cases, ISSUER, title};
use super::reissues::republished;
use super::scene::scene;
use super::sequences::{Says, Tale, UNLISTED, UNSTATED, composed};
use super::stories::next;
use super::world::{DAY, HOUR, World, code};

const GONE: Says = UNLISTED;

pub(crate) fn all(cases: &mut Cases) {
    directory_thieves(cases);
    status_thieves(cases);
    minimums(cases);
}

/// The trust list with another epoch and least number for the directory of province 99.
fn stating(first: &World, steps: u64, epoch: u64, min_seq: u64) -> Vec<u8> {
    let mut world = next(first, |_| ());
    world.trust.seq += steps;
    world.trust.issued = world.time(-HOUR + 60 * i64::try_from(steps).unwrap());
    (world.province("99").epoch, world.province("99").min_seq) = (epoch, min_seq);
    world.trust_object()
}

pub(crate) fn directory(
    first: &World,
    (epoch, seq): (u64, u64),
    seconds: i64,
    change: impl FnOnce(&mut World),
) -> Vec<u8> {
    republished(first, |world| {
        let issued = world.time(seconds);
        let directory = world.directory("99");
        (directory.epoch, directory.seq, directory.issued) = (epoch, seq, issued);
        change(world);
    })
    .directory_object("99")
}

/// Name, what it is in both languages, what it says, and what a verifier says then.
type Stolen<'s> = (&'s str, &'s str, &'s str, &'s dyn Fn(&mut World), Says);

/// The anchor's key is stolen: what the thief publishes, and how a raised epoch undoes it.
fn directory_thieves(cases: &mut Cases) {
    const LAST: u64 = u64::MAX;
    let (first, license) = scene();
    let good = |epoch: u64, seq: u64, seconds: i64| directory(&first, (epoch, seq), seconds, |_| ());
    let accused = |world: &mut World| {
        let since = world.time(-30 * DAY);
        world.befall(ISSUER, Use::License, HistoryState::Compromised, since, None);
    };
    let stolen: [Stolen<'_>; 2] = [
        ("a-maximal-number", "极大序号的目录", "a directory of maximal number", &|_| (), Says::Valid),
        (
            "an-accused-key",
            "诬称签发密钥失密的目录",
            "a directory that calls the issuer's key compromised",
            &accused,
            Says::For(Step::Issuer, Reason::IssuerCompromised),
        ),
    ];
    for (name, zh, en, change, says) in stolen {
        let title = composed(
            format!("trust-epoch-undoes-{name}"),
            format!("信任锚被盗用，发布{zh}：提高纪元即可恢复"),
            format!("With a stolen anchor key somebody publishes {en}: a raised epoch undoes it"),
        );
        cases.tale(
            title,
            &Tale::holding(&first, &license)
                .takes(directory(&first, (0, LAST), -HOUR / 2, change), says)
                .proves(good(0, 2, -HOUR / 4), Reason::StoreNumberFell, says)
                .takes(stating(&first, 1, 1, 0), GONE)
                .refuses(good(0, 2, -HOUR / 4), Reason::StoreEpoch, GONE)
                .takes(good(1, 1, -HOUR / 3), Says::Valid)
                .refuses(directory(&first, (0, LAST), -HOUR / 2, change), Reason::StoreEpoch, Says::Valid),
        );
    }
    let forgetful = |world: &mut World| world.directory("99").issuers.clear();
    cases.tale(
        title(
            "trust-directory-that-forgets-changes-nothing",
            "删去条目的目录：拒绝并留证，结论不变",
            "A directory that drops every entry is refused, kept as proof, and changes nothing",
        ),
        &Tale::holding(&first, &license).proves(
            directory(&first, (0, 2), -HOUR / 2, forgetful),
            Reason::StoreHistoryRewritten,
            Says::Valid,
        ),
    );
    let unlisted = republished(&first, |world| {
        world.unlist(ISSUER);
        world.make_incomplete("99");
    });
    cases.tale(
        title(
            "trust-key-enrolled-later-is-known-then",
            "先持不完整、不含该密钥的目录：无法判定；列有密钥的目录到来即有效",
            "A directory that is not complete does not list the key; with the one that does the license is valid",
        ),
        &Tale::listed(&first, &license)
            .takes(unlisted.directory_object("99"), UNNAMED)
            .takes(good(0, 3, -HOUR / 4), UNSTATED)
            .takes(first.status_object(ISSUER), Says::Valid),
    );
}

/// The directory does not say that it lists every key.
const UNNAMED: Says = Says::For(Step::Issuer, Reason::IssuerUnknown);

/// The status key is stolen.
fn status_thieves(cases: &mut Cases) {
    let (first, license) = scene();
    let list = |epoch: u64, seq: u64, seconds: i64, state: State| {
        let mut world = first.clone();
        world.set_state(&license, state);
        let issued = world.time(seconds);
        let facts = &mut world.list(ISSUER).facts;
        (facts.epoch, facts.seq, facts.issued) = (epoch, seq, issued);
        world.status_object(ISSUER)
    };
    let raised = directory(&first, (0, 2), -HOUR / 4, |world| {
        let minimum = Minimum { list: super::world::LIST, epoch: 1, min_seq: 0 };
        world.directory("99").minimums.insert(code(ISSUER), vec![minimum]);
    });
    let states = [
        (State::Suspended, "suspends", "暂扣", "suspends"),
        (State::Revoked, "revokes", "吊销", "revokes"),
        (State::Void, "voids", "作废", "voids"),
    ];
    for (state, name, zh, en) in states {
        let says = Says::For(Step::Status, state.reason().unwrap());
        let tale = Tale::holding(&first, &license)
            .takes(list(0, u64::MAX, -HOUR / 2, state), says)
            .proves(list(0, 2, -HOUR / 4, State::InForce), Reason::StoreNumberFell, says)
            .takes(raised.clone(), UNSTATED)
            .refuses(list(0, u64::MAX, -HOUR / 2, state), Reason::StoreEpoch, UNSTATED)
            .takes(list(1, 1, -HOUR / 3, State::InForce), Says::Valid);
        let title = composed(
            format!("trust-epoch-undoes-a-thief-who-{name}"),
            format!("吊销清单密钥被盗用，{zh}证照：提高该清单的纪元即可恢复"),
            format!("With a stolen status key somebody {en} a license: a raised epoch of the list undoes it"),
        );
        cases.tale(title, &tale);
    }
}

/// A new verifier is not to be fed what is old.
fn minimums(cases: &mut Cases) {
    let (first, license) = scene();
    let good = |seq: u64, seconds: i64| directory(&first, (0, seq), seconds, |_| ());
    cases.tale(
        title(
            "trust-least-number-keeps-old-directories-from-a-new-verifier",
            "清单规定目录最低序号：新核验端不收更旧的目录",
            "The least number of a directory keeps a new verifier from being fed older ones",
        ),
        &Tale::listed(&first, &license)
            .takes(stating(&first, 1, 0, 3), UNLISTED)
            .refuses(good(1, -HOUR), Reason::StoreEpoch, UNLISTED)
            .refuses(good(2, -HOUR / 2), Reason::StoreEpoch, UNLISTED)
            .takes(good(3, -HOUR / 4), UNSTATED)
            .takes(first.status_object(ISSUER), Says::Valid),
    );
    cases.tale(
        title(
            "trust-least-number-sets-the-held-directory-aside",
            "提高最低序号：所持的旧目录搁置，够新的到来后恢复",
            "A raised least number sets the held directory aside until one that is new enough is held",
        ),
        &Tale::holding(&first, &license)
            .takes(stating(&first, 1, 0, 3), GONE)
            .refuses(good(2, -HOUR / 2), Reason::StoreEpoch, GONE)
            .takes(good(3, -HOUR / 4), Says::Valid),
    );
    let revoked = {
        let mut world = first.clone();
        world.set_state(&license, State::Revoked);
        let issued = world.time(-HOUR / 4);
        (world.list(ISSUER).facts.seq, world.list(ISSUER).facts.issued) = (5, issued);
        world.status_object(ISSUER)
    };
    let least = directory(&first, (0, 1), -HOUR, |world| {
        let minimum = Minimum { list: super::world::LIST, epoch: 0, min_seq: 5 };
        world.directory("99").minimums.insert(code(ISSUER), vec![minimum]);
    });
    cases.tale(
        title(
            "trust-least-number-of-a-status-list",
            "目录规定吊销清单最低序号：不收吊销之前的旧清单",
            "The least number of a status list keeps a verifier from being fed the list before a revocation",
        ),
        &Tale::listed(&first, &license)
            .takes(least, UNSTATED)
            .refuses(first.status_object(ISSUER), Reason::StoreEpoch, UNSTATED)
            .takes(revoked, Says::For(Step::Status, Reason::StatusRevoked)),
    );
}
