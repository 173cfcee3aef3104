//! The scene of most cases: a small federation, a counter in the issuer's city, and a business license.

use zhengyin::status::State;
use zhengyin::trust::IssuerEntry;
use zhengyin::x509::Use;

use super::case::{ISSUER, Setup};
use super::cose::Sign1;
use super::item::Item;
use super::world::{Issued, World, code, license_key, prefix};

/// An authority of the same province with another mandate: housing, any city.
pub(crate) const HOUSING: &str = "11990000MB0000000J";
/// An authority of the neighbouring province.
pub(crate) const HEALTH: &str = "11980000MB0000000E";
/// Keys of the payload.
pub(crate) const LICENSE: i64 = -70_001;
pub(crate) const STATUS: i64 = -70_002;

/// The demonstration federation, cut down to two provinces and three authorities, so that cases stay small.
pub(crate) fn small_world() -> World {
    let mut world = World::new();
    let kept = [prefix("98"), prefix("99")];
    let authorities = [code(ISSUER), code(HOUSING), code(HEALTH)];
    world.trust.provinces.retain(|province, _| kept.contains(province));
    world.directories.retain(|province, _| kept.contains(province));
    let is_kept = |entry: &IssuerEntry| authorities.contains(&entry.authority);
    world.directories.values_mut().for_each(|directory| directory.issuers.retain(is_kept));
    world.lists.retain(|(authority, _), _| authorities.contains(authority));
    world
}

/// The small world and a business license that stands at position 0 of its authority's list.
pub(crate) fn scene() -> (World, Issued) {
    let mut world = small_world();
    let license = world.issue("business-license");
    (world, license)
}

/// The scene after something happened to the federation: what a counter holds then, and the license.
pub(crate) fn spoiled(spoil: impl FnOnce(&mut World)) -> (Setup, Vec<u8>) {
    let (mut world, license) = scene();
    spoil(&mut world);
    (Setup::of(&world), license.bytes)
}

/// The scene with a state for the license.
pub(crate) fn in_state(state: State) -> (World, Issued) {
    let (mut world, license) = scene();
    world.set_state(&license, state);
    (world, license)
}

/// The claims of the license as a tree.
pub(crate) fn claims() -> Item {
    let (_, license) = scene();
    Item::read(&license.facts.encode(&license.credential).unwrap())
}

/// The license with other claims, rightly signed by its authority.
pub(crate) fn with_claims(change: impl FnOnce(&mut Item)) -> Vec<u8> {
    let mut claims = claims();
    change(&mut claims);
    licensed(claims.encode()).sign()
}

/// An envelope for a license with any payload, by the issuer's key.
pub(crate) fn licensed(payload: Vec<u8>) -> Sign1 {
    Sign1::new("application/x.zy.license", payload, &license_key(ISSUER))
}

/// The issuer's directory entry for licenses.
pub(crate) fn entry(world: &mut World) -> &mut IssuerEntry {
    world.entry(ISSUER, Use::License)
}
