//! Group `status`: licenses that carry a status proof (核验凭据), with and without a list in the store.

use zhengyin::reason::Reason;
use zhengyin::status::{State, StatusList, StatusProof};
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Setup, row, title};
use super::item::{Item, list};
use super::scene::{HOUSING, STATUS, in_state, scene, with_claims};
use super::world::{DAY, HOUR, Issued, World, spoil};

const GRACE: i64 = 3 * DAY;
const DIRECTORY_ENDS: i64 = 14 * DAY;

/// A counter that holds no status list.
fn without_list(world: &World) -> Setup {
    Setup::holding(world, [world.trust_object(), world.directory_object("99")])
}

fn invalid(reason: Reason) -> Answer {
    Answer::invalid(Step::Status, reason)
}

fn undetermined(reason: Reason) -> Answer {
    Answer::undetermined(Step::Status, reason)
}

pub(crate) fn all(cases: &mut Cases) {
    alone(cases);
    refused(cases);
    beside_a_list(cases);
    frames(cases);
}

fn alone(cases: &mut Cases) {
    let (world, license) = scene();
    cases.verify(
        title(
            "proof-in-force-without-a-list-is-valid",
            "本机无清单，证照附有在用的核验凭据：有效",
            "A fresh proof that the license is in force is enough, with no list in the store",
        ),
        &without_list(&world),
        &world.with_proof(&license),
        Answer::valid(),
    );
    for (state, reason, title) in [
        (
            State::Revoked,
            Reason::StatusRevoked,
            title("proof-of-a-revocation-is-invalid", "核验凭据载明吊销：无效", "A proof that says revoked: invalid"),
        ),
        (
            State::Superseded,
            Reason::StatusSuperseded,
            title(
                "proof-of-a-succession-is-invalid",
                "核验凭据载明已换发：无效",
                "A proof that says superseded: invalid",
            ),
        ),
        (
            State::Void,
            Reason::StatusVoid,
            title(
                "proof-of-a-void-position-is-invalid",
                "核验凭据载明从未签发：无效",
                "A proof that says void: invalid",
            ),
        ),
    ] {
        let (world, license) = in_state(state);
        cases.verify(title, &without_list(&world), &world.with_proof(&license), invalid(reason));
    }
    let (world, license) = in_state(State::Suspended);
    cases.verify(
        title(
            "proof-of-a-suspension-is-invalid-until-the-next-list-is-due",
            "核验凭据载明暂扣，在更新期内：无效",
            "A fresh proof that says suspended: invalid until the next list is due",
        ),
        &without_list(&world),
        &world.with_proof(&license),
        invalid(Reason::StatusSuspended).until(DAY),
    );
    for (age, title, answer) in [
        (
            HOUR,
            title(
                "proof-in-grace-is-valid-with-a-warning",
                "核验凭据过更新期，在宽限期内：有效并提示",
                "A proof is good for the grace that its list has",
            ),
            Answer::valid().warned("warning.grace.status-list").until(GRACE - HOUR),
        ),
        (
            GRACE + DAY,
            title(
                "proof-stale-is-undetermined",
                "核验凭据已过宽限期：无法判定",
                "A proof that is too old proves nothing of now",
            ),
            undetermined(Reason::StatusListStale).until(DIRECTORY_ENDS),
        ),
    ] {
        let (mut world, license) = scene();
        world.age_list(ISSUER, age);
        cases.verify(title, &without_list(&world), &world.with_proof(&license), answer);
    }
    let (mut world, license) = in_state(State::Revoked);
    world.age_list(ISSUER, GRACE + DAY);
    cases.verify(
        title(
            "proof-of-a-revocation-stale-is-invalid",
            "旧的核验凭据已载明吊销：仍无效",
            "An old proof of a revocation stands: it is signed, and is never taken back",
        ),
        &without_list(&world),
        &world.with_proof(&license),
        invalid(Reason::StatusRevoked).until(DIRECTORY_ENDS),
    );
    let (world, license) = scene();
    cases.verify(
        title(
            "proof-asked-about-a-time-before-it-is-valid-with-a-warning",
            "所问早于核验凭据：有效，并提示其间曾暂扣又解除的看不出",
            "A proof has no dates: asked about a time before it, valid with the warning",
        ),
        &without_list(&world).event(-2 * DAY),
        &world.with_proof(&license),
        Answer::valid().warned("warning.before_list"),
    );
    cases.verify(
        title(
            "proof-newer-than-the-knowledge-asked-about-is-undetermined",
            "按清单签发之前的知识判断：当时无此凭据，无法判定",
            "By the knowledge of a time before the proof's list was issued there was no such proof",
        ),
        &without_list(&world).known(-HOUR - 1),
        &world.with_proof(&license),
        Answer::undetermined(Step::Issuer, Reason::StateLater).unknown(Step::Status, Reason::StateLater).until(None),
    );
}

/// The proof of another license by the list of some authority.
fn proof(world: &World, authority: &str, index: u64) -> Vec<u8> {
    StatusProof::make(&StatusList::parse(&world.status_object(authority)).unwrap(), index).unwrap()
}

fn follows(license: &[u8], after: &[&[u8]]) -> Vec<u8> {
    [&[license], after].concat().concat()
}

fn refused(cases: &mut Cases) {
    let (mut world, license) = scene();
    world.list(HOUSING).facts.length = 1;
    let other = Item::List(vec![2.into(), 0.into()]);
    cases.verify_each(
        title(
            "proof-of-another-list-is-undetermined",
            "核验凭据属于别的机构或别的清单：不采用，无法判定",
            "A proof by the list of another authority, or another list of this one, says nothing of this license",
        ),
        &without_list(&world),
        vec![
            row("of another authority", follows(&license.bytes, &[&proof(&world, HOUSING, 0)])),
            row(
                "of another number",
                follows(&with_claims(|claims| claims.put(&[], STATUS, other)), &[&proof(&world, ISSUER, 0)]),
            ),
        ],
        undetermined(Reason::StatusProofOther).until(DIRECTORY_ENDS),
    );
    // Two blocks: the proof of the first says nothing of a position in the second.
    let (mut world, _) = scene();
    world.list(ISSUER).facts.length = 5_000;
    world.list(ISSUER).states.extend((0..5_000).step_by(9).map(|at| (at, State::Revoked)));
    let far = with_claims(|claims| claims.put(&[], STATUS, Item::List(vec![1.into(), 4_999.into()])));
    let near = with_claims(|claims| claims.put(&[], STATUS, Item::List(vec![1.into(), 7.into()])));
    cases.verify(
        title(
            "proof-of-another-block-is-undetermined",
            "核验凭据只含别的分块：不能说明此序号，无法判定",
            "A proof whose blocks do not hold the position says nothing of it",
        ),
        &without_list(&world),
        &follows(&far, &[&proof(&world, ISSUER, 7)]),
        undetermined(Reason::StatusProofOther).until(DIRECTORY_ENDS),
    );
    cases.verify(
        title(
            "proof-of-the-same-block-is-valid",
            "核验凭据为同一分块中的别的序号所作：同样说明此序号",
            "A proof that was made for another position of the same block answers for this one as well",
        ),
        &without_list(&world),
        &follows(&near, &[&proof(&world, ISSUER, 1)]),
        Answer::valid(),
    );
    cases.verify(
        title(
            "proof-of-an-older-list-than-the-license-is-undetermined",
            "核验凭据的清单早于证照：无法判定，决不算在用",
            "A proof by a list that is older than the license: undetermined, never in force",
        ),
        &without_list(&scene().0),
        &follows(
            &with_claims(|claims| claims.put(&[], STATUS, Item::List(vec![1.into(), 1.into()]))),
            &[&proof(&scene().0, ISSUER, 0)],
        ),
        undetermined(Reason::StatusOutOfRange),
    );
    let (world, license) = in_state(State::Revoked);
    let good = proof(&world, ISSUER, 0);
    let mut stranger = world.clone();
    stranger.list(ISSUER).signer = "a stranger".into();
    let mut housing = world.clone();
    housing.list(ISSUER).signer = super::world::status_key(HOUSING);
    let mut epoch = world.clone();
    epoch.list(ISSUER).facts.epoch = 1;
    let mut ahead = world.clone();
    (ahead.list(ISSUER).facts.issued, ahead.list(ISSUER).facts.next_update) = (world.time(DAY), world.time(2 * DAY));
    // The last byte of the block; a license in force instead of the revoked one.
    let block = good.len() - 3;
    cases.verify_each(
        title(
            "proof-not-of-a-signed-list-is-undetermined",
            "核验凭据被改动、签名者无权或与目录所载不符：不采用，无法判定，不是证照有假",
            "A proof that was altered, or that is signed by nobody who may: not used, and nothing against the license",
        ),
        &without_list(&world),
        vec![
            row("a bit of its block was turned", follows(&license.bytes, &[&spoil::flip(&good, block, 2)])),
            row("by a stranger's key", follows(&license.bytes, &[&proof(&stranger, ISSUER, 0)])),
            row("by the status key of another authority", follows(&license.bytes, &[&proof(&housing, ISSUER, 0)])),
            row("of an epoch that the directory does not state", follows(&license.bytes, &[&proof(&epoch, ISSUER, 0)])),
            row("issued in the future", follows(&license.bytes, &[&proof(&ahead, ISSUER, 0)])),
        ],
        undetermined(Reason::StatusProofRefused).until(DIRECTORY_ENDS),
    );
    let (world, license) = scene();
    cases.verify(
        title(
            "proof-that-is-refused-does-no-harm-beside-a-list",
            "核验凭据不可采用，本机清单可用：按清单判断，有效",
            "Beside a list that is held, a proof that cannot be used changes nothing",
        ),
        &Setup::of(&world),
        &follows(&license.bytes, &[&proof(&stranger, ISSUER, 0)]),
        Answer::valid(),
    );
}

/// The world an hour of time later, with a list of the next number.
fn next(world: &World) -> World {
    let mut next = world.clone();
    let facts = &mut next.list(ISSUER).facts;
    facts.seq += 1;
    facts.issued = facts.issued.saturating_add(HOUR / 2);
    next
}

fn beside_a_list(cases: &mut Cases) {
    let (held, license) = scene();
    let with = |state: State, world: &World, license: &Issued| {
        let mut world = world.clone();
        world.set_state(license, state);
        world
    };
    cases.verify(
        title(
            "proof-newer-than-the-list-is-believed",
            "核验凭据比本机清单新，载明吊销：无效",
            "A proof by a newer list than the held one says revoked: invalid",
        ),
        &Setup::of(&held),
        &with(State::Revoked, &next(&held), &license).with_proof(&license),
        invalid(Reason::StatusRevoked),
    );
    let suspended = with(State::Suspended, &held, &license);
    cases.verify(
        title(
            "proof-newer-than-a-suspension-lifts-it",
            "本机清单显示暂扣，较新的核验凭据显示已恢复：有效",
            "The held list says suspended, a proof by a newer one says in force: valid",
        ),
        &Setup::of(&suspended),
        &next(&held).with_proof(&license),
        // Cautious: what the held list says was asked about too, and could be lifted from then on.
        Answer::valid().until(DAY),
    );
    cases.verify(
        title(
            "proof-older-than-the-list-does-not-count",
            "核验凭据比本机清单旧：按清单判断，暂扣，无效",
            "A proof by an older list than the held one does not lift a suspension",
        ),
        &Setup::of(&with(State::Suspended, &next(&held), &license)),
        &held.with_proof(&license),
        invalid(Reason::StatusSuspended).until(DAY),
    );
    let revoked = with(State::Revoked, &held, &license);
    cases.verify(
        title(
            "proof-newer-than-a-revocation-does-not-take-it-back",
            "本机清单已载明吊销，较新的核验凭据却显示在用：吊销不可撤回，无效",
            "The held list says revoked, a newer proof says in force: nothing takes a revocation back",
        ),
        &Setup::of(&revoked),
        &next(&held).with_proof(&license),
        invalid(Reason::StatusRevoked),
    );
    cases.verify(
        title(
            "proof-of-an-old-revocation-stands-against-a-newer-list",
            "旧的核验凭据已载明吊销，本机较新的清单却显示在用：无效",
            "An older proof says revoked, the held list says in force: the revocation stands",
        ),
        &Setup::of(&next(&held)),
        &revoked.with_proof(&license),
        invalid(Reason::StatusRevoked),
    );
    cases.verify(
        title(
            "proof-and-list-of-one-number-that-contradict-are-undetermined",
            "核验凭据与本机清单同号而内容不同：无法判定",
            "A proof by another list of the same number: of two that contradict each other neither is believed",
        ),
        &Setup::of(&held),
        &suspended.with_proof(&license),
        undetermined(Reason::IssuerEquivocation).until(DAY),
    );
    cases.verify(
        title(
            "proof-by-the-held-list-changes-nothing",
            "核验凭据出自本机所持清单：有效",
            "A proof by the very list that is held changes nothing",
        ),
        &Setup::of(&held),
        &held.with_proof(&license),
        Answer::valid(),
    );
    let mut aged = held.clone();
    aged.age_list(ISSUER, GRACE + DAY);
    let mut fresh = held.clone();
    fresh.list(ISSUER).facts.seq += 1;
    cases.verify(
        title(
            "proof-newer-than-a-stale-list-is-valid",
            "本机清单已过宽限期，核验凭据在更新期内：有效",
            "Where the held list is stale, a fresh proof tells",
        ),
        &Setup::of(&aged),
        &fresh.with_proof(&license),
        Answer::valid(),
    );
}

fn frames(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = Setup::of(&world);
    let good = proof(&world, ISSUER, 0);
    cases.verify(
        title(
            "proof-misshapen-is-invalid",
            "证照之后的数组不是核验凭据：数据有误",
            "An array after the license that is no status proof",
        ),
        &setup,
        &follows(&license.bytes, &[&list([1.into(), 2.into()]).encode()]),
        Answer::unread(Reason::EncodingClaims),
    );
    cases.verify(
        title("proof-twice-is-invalid", "附有两份核验凭据：多余数据，无效", "Two status proofs after one license"),
        &setup,
        &follows(&license.bytes, &[&good, &good]),
        Answer::unread(Reason::EncodingTrailing),
    );
}
