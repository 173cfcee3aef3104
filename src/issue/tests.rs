//! The publishing functions against the demonstration federation: what is in order leaves, what is not does not.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

#[path = "../../examples/world/mod.rs"]
pub(crate) mod world;

mod building;
mod publishing;

extern crate std;

use alloc::vec::Vec;

use super::*;
use crate::claims::{LicenseClaims, Validity};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::reason::Reason;
use crate::store::{Accepted, Store};
use crate::time::Day;
use world::{DAY, World, anchor_key, data, key, license_key, prefix, status_key};

/// A world with all licenses of the demonstration data.
fn peopled() -> (World, Vec<world::Issued>) {
    let mut world = World::new();
    let issued = data::LICENSES.iter().map(|(name, _)| world.issue(name)).collect();
    (world, issued)
}

#[test]
fn the_demonstration_world_is_in_order() {
    let (world, issued) = peopled();
    for license in &issued {
        let envelope = Envelope::parse(&license.bytes, Expected::Type(ObjectType::License)).unwrap();
        let payload = envelope.claimed_payload();
        let claims = LicenseClaims::parse(payload).unwrap();
        assert_eq!(LicenseFacts::from(&claims.claimed().license).encode(&license.credential).unwrap(), payload);
    }
    let store = world.sound_store();
    assert_eq!(store.directories().count(), 4);
    assert_eq!(store.statuses().count(), world.lists.len());
    for directory in store.directories() {
        for signer in directory.signers() {
            assert_eq!(signer.admission(), Ok(()), "{}", signer.entry().authority.as_str());
        }
    }
    let (again, issued_again) = peopled();
    assert_eq!(world.pack(), again.pack(), "the same world has the same bytes");
    assert!(issued.iter().zip(&issued_again).all(|(one, other)| one.bytes == other.bytes));
}

/// The store of a world in which nothing was published yet but the trust list.
fn founded(world: &World) -> Store {
    let mut store = Store::new(world.pin());
    assert!(matches!(store.apply(&world.trust_object(), world.asked()), Ok(Accepted::New { .. })));
    store
}

#[test]
fn a_license_leaves_only_if_a_verifier_would_pass_its_signer() {
    let (mut world, _) = peopled();
    let template = data::license("business-license");
    // What is issued is issued now: a day later than what the world holds.
    let now = world.base;
    let credential = CredentialFacts { issued_at: now, ..world.credential(&template.authority) };
    let signer = key(&license_key(&template.authority));
    let store = world.sound_store();
    let issue = |world: &World, facts: &LicenseFacts, credential: &CredentialFacts, signer: &dyn Signer| {
        issue_license(facts, credential, Some(&world.store()), signer)
    };
    let issued = issue_license(&template.facts, &credential, Some(&store), &signer).unwrap();
    assert_eq!(issued.bytes, world.issue_as(template.facts.clone(), credential.clone()).bytes);
    assert_eq!((issued.id, issued.status), (credential.id, credential.status));
    assert_eq!(issued.identifier.serial(), template.facts.serial);
    assert_eq!(issue_license(&template.facts, &credential, None, &signer), Ok(issued));

    let refused = |reason| Err(IssueError::Refused(reason));
    let empty = Store::new(world.pin());
    assert_eq!(issue_license(&template.facts, &credential, Some(&empty), &signer), refused(Reason::StateMissing));
    let stranger = key("stranger");
    assert_eq!(issue(&world, &template.facts, &credential, &stranger), refused(Reason::IssuerUnknown));
    let status_signer = key(&status_key(&template.authority));
    assert_eq!(issue(&world, &template.facts, &credential, &status_signer), refused(Reason::IssuerUse));

    let outside = data::license(data::OUTSIDE_MANDATE);
    let authority = CredentialFacts { issued_at: now, ..world.credential(&outside.authority) };
    let signer_outside = key(&license_key(&outside.authority));
    assert_eq!(issue(&world, &outside.facts, &authority, &signer_outside), refused(Reason::IssuerType));

    let elsewhere = LicenseFacts { region: data::license("driving-licence").facts.region, ..template.facts.clone() };
    assert_eq!(issue(&world, &elsewhere, &credential, &signer), refused(Reason::IssuerRegion));

    // A clock that runs behind what the store holds is no time to sign at.
    let early = CredentialFacts { issued_at: world.time(-DAY), ..credential.clone() };
    assert_eq!(issue(&world, &template.facts, &early, &signer), refused(Reason::TimeClockBehind));
    let mut retired = world.clone();
    retired.give_signing(&template.authority, -365 * DAY, -1);
    assert_eq!(issue(&retired, &template.facts, &credential, &signer), refused(Reason::IssuerSigningPeriod));
    let mut overdue = world.clone();
    overdue.age_directory("99", 8 * DAY);
    assert_eq!(issue(&overdue, &template.facts, &credential, &signer), refused(Reason::IssuerDirectoryStale));
    let tomorrow = Day::of(world.time(DAY));
    let later = LicenseFacts { validity: Validity::new(tomorrow, None).unwrap(), ..template.facts.clone() };
    assert!(issue(&world, &later, &credential, &signer).is_ok(), "what begins later may be issued today");

    let expired = data::license(data::EXPIRED);
    let of_expired = CredentialFacts { issued_at: now, ..world.credential(&expired.authority) };
    let signer_of_expired = key(&license_key(&expired.authority));
    assert_eq!(issue(&world, &expired.facts, &of_expired, &signer_of_expired), refused(Reason::PeriodExpired));
}

#[test]
fn the_issued_federation_is_the_demonstration_one() {
    let mut world = World::new();
    // Whoever publishes honestly lists a key before it signs.
    let issued = world.time(-366 * DAY);
    for directory in world.directories.values_mut() {
        directory.issued = issued;
    }
    let operator = key(world::OPERATOR);
    let trust = publish_trust_list(&world.trust, None, &[&operator]).unwrap();
    assert_eq!(trust, world.trust_object());
    let mut store = founded(&world);
    let mut objects = Vec::from([trust]);
    for (province, directory) in &world.directories {
        let anchor = key(&anchor_key(province.as_str()));
        let object = publish_directory(directory, Some(&store), &anchor).unwrap();
        assert_eq!(object, world.directory_object(province.as_str()));
        store.apply(&object, world.asked()).unwrap();
        objects.push(object);
    }
    for plan in world.lists.values() {
        let object = publish_status(&plan.facts, [], None, Some(&store), &key(&plan.signer)).unwrap();
        assert_eq!(object, world.status_object(plan.facts.authority.as_str()));
        objects.push(object);
    }
    assert_eq!(pack(&objects).unwrap(), world.pack());
    objects.reverse();
    objects.extend_from_within(..3);
    assert_eq!(pack(&objects).unwrap(), world.pack(), "in order, each once");
    assert!(matches!(pack(&[world.issue("driving-licence").bytes]), Err(PackError::Envelope(0, _))));
    assert_eq!(world.directory("99").province, prefix("99"));
}
