//! Faults that are really injected: clocks that jump, files that are damaged, processes that are killed or write at once. Whatever
//! happens, a verifier is never behind what it held, and nothing is valid by damage.
//!
//! `KILLS=500 STEPS=100000 cargo test --release --all-features --test faults` does the same for longer.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::cloned_ref_to_slice_refs,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

#[path = "../../examples/world/mod.rs"]
mod world;

#[cfg(unix)]
mod bodies;
mod clocks;
mod damage;
#[cfg(unix)]
mod processes;

use world::{DAY, Issued, World};
use zhengyin::status::State;

/// Who issues the licenses.
const AUTHORITY: &str = "11990100MB0000000P";
/// Where the verifier stands.
const HERE: &str = "990102";

/// How often, unless the surroundings say more.
fn times(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A federation of one province and one authority over six weeks: each week a newer object of every kind. The first license is revoked in
/// the third week, the second is suspended in the second week only, the third stays in force.
struct Weeks {
    /// The base world, of the first week.
    first: World,
    licenses: [Issued; 3],
    /// Trust list, directory and status list of each week.
    objects: Vec<[Vec<u8>; 3]>,
}

const WEEKS: usize = 6;
const WEEK: i64 = 7 * DAY;

fn weeks() -> Weeks {
    weeks_of(World::new())
}

/// The same with a list of 200,000 positions, of which one in twenty is listed: its body stands in a file beside the store.
fn large_weeks() -> Weeks {
    let mut world = World::new();
    let list = world.list(AUTHORITY);
    list.states.extend((1_000..200_000).step_by(20).map(|at| (at + at / 20 % 13, State::Revoked)));
    list.facts.length = 200_000;
    weeks_of(world)
}

fn weeks_of(mut world: World) -> Weeks {
    let province = world::prefix("99");
    world.trust.provinces.retain(|code, _| *code == province);
    world.directories.retain(|code, _| *code == province);
    world.lists.retain(|(authority, _), _| authority.as_str() == AUTHORITY);
    let own = |entry: &zhengyin::trust::IssuerEntry| entry.authority.as_str() == AUTHORITY;
    world.directory("99").issuers.retain(own);
    let licenses = [(); 3].map(|()| world.issue("business-license"));
    let first = world.clone();
    let mut objects = Vec::new();
    for week in 0..WEEKS {
        let [revoked, suspended, _] = &licenses;
        if week == 2 {
            world.set_state(revoked, State::Revoked);
        }
        if week < 3 {
            world.set_state(suspended, if week == 1 { State::Suspended } else { State::InForce });
        }
        objects.push([world.trust_object(), world.directory_object("99"), world.status_object(AUTHORITY)]);
        world.trust.seq += 1;
        for time in [&mut world.trust.issued, &mut world.trust.next_update, &mut world.trust.expires] {
            *time = time.saturating_add(WEEK);
        }
        let directory = world.directory("99");
        directory.seq += 1;
        for time in [&mut directory.issued, &mut directory.next_update, &mut directory.expires] {
            *time = time.saturating_add(WEEK);
        }
        let list = &mut world.list(AUTHORITY).facts;
        (list.seq, list.issued) = (list.seq + 1, list.issued.saturating_add(WEEK));
        list.next_update = list.next_update.saturating_add(WEEK);
    }
    Weeks { first, licenses, objects }
}
