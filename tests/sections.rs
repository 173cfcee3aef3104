//! A province's bad or missing section (its part of the trust list, its directory, its status lists, and what it says of others) changes no
//! verdict about another province's licenses: over generated mischief, with the real store and the real verifier.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use zhengyin::claims::id::Region;
use zhengyin::envelope::ObjectType;
use zhengyin::policy::Policy;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::time::Timestamp;
use zhengyin::trust::{HistoryEntry, HistoryState, Mandate, Minimum, Profile};
use zhengyin::verify::{Steps, Verdict, Verifier};
use zhengyin::x509::Use;

#[path = "../examples/world/mod.rs"]
mod world;

use world::{DAY, Issued, LIST, World, data, prefix};

const PROVINCES: [&str; 4] = ["96", "97", "98", "99"];
/// A license of an authority of each province, in their order.
const TEMPLATES: [&str; 4] =
    ["pollutant-discharge-permit", "teacher-certificate", "driving-licence", "business-license"];

/// What a province, or whoever has its keys, or whoever carries its objects, does.
#[derive(Clone, Copy, Debug)]
enum Harm {
    /// Its part of the trust list.
    Leaves,
    Falls {
        of_anchor: bool,
        state: u8,
        seconds: i64,
    },
    AnchorGarbled {
        at: usize,
        bit: u8,
    },
    AnchorOtherTime,
    NoMandate,
    Epoch(u64),
    LeastNumber(u64),
    NotATest,
    /// Its directory.
    NoDirectory,
    DirectoryGarbled {
        at: usize,
        bit: u8,
    },
    DirectoryCut(usize),
    DirectoryBy(u8),
    DirectoryDated {
        issued: i64,
        due: i64,
        expires: i64,
    },
    DirectoryEmpty,
    DirectoryIncomplete,
    DirectoryForked,
    DirectoryNumber(u64),
    /// What its directory says of other provinces' keys and lists.
    Usurps {
        victim: usize,
        epoch: u64,
    },
    Accuses {
        victim: usize,
        state: u8,
    },
    /// Its status lists.
    NoStatus,
    StatusGarbled {
        at: usize,
        bit: u8,
    },
    StatusForked,
    StatusDated {
        issued: i64,
    },
    AllRevoked,
}

fn harm() -> impl Strategy<Value = Harm> {
    let times = -40 * DAY..300i64;
    prop_oneof![
        Just(Harm::Leaves),
        (any::<bool>(), 1u8..4, -30 * DAY..DAY).prop_map(|(of_anchor, state, seconds)| Harm::Falls {
            of_anchor,
            state,
            seconds
        }),
        (any::<usize>(), 0u8..8).prop_map(|(at, bit)| Harm::AnchorGarbled { at, bit }),
        Just(Harm::AnchorOtherTime),
        Just(Harm::NoMandate),
        (0u64..3).prop_map(Harm::Epoch),
        (0u64..3).prop_map(Harm::LeastNumber),
        Just(Harm::NotATest),
        Just(Harm::NoDirectory),
        (any::<usize>(), 0u8..8).prop_map(|(at, bit)| Harm::DirectoryGarbled { at, bit }),
        any::<usize>().prop_map(Harm::DirectoryCut),
        (0u8..3).prop_map(Harm::DirectoryBy),
        (times.clone(), -20 * DAY..20 * DAY, -10 * DAY..40 * DAY)
            .prop_map(|(issued, due, expires)| Harm::DirectoryDated { issued, due, expires }),
        Just(Harm::DirectoryEmpty),
        Just(Harm::DirectoryIncomplete),
        Just(Harm::DirectoryForked),
        any::<u64>().prop_map(Harm::DirectoryNumber),
        (0usize..4, any::<u64>()).prop_map(|(victim, epoch)| Harm::Usurps { victim, epoch }),
        (0usize..4, 0u8..4).prop_map(|(victim, state)| Harm::Accuses { victim, state }),
        Just(Harm::NoStatus),
        (any::<usize>(), 0u8..8).prop_map(|(at, bit)| Harm::StatusGarbled { at, bit }),
        Just(Harm::StatusForked),
        times.prop_map(|issued| Harm::StatusDated { issued }),
        Just(Harm::AllRevoked),
    ]
}

/// The federation and its licenses: of each province a good one and one in the state, one by a key that nobody lists, one that was altered.
#[derive(Clone)]
struct Scene {
    world: World,
    issuers: Vec<zhengyin::claims::id::CreditCode>,
    licenses: Vec<Vec<Vec<u8>>>,
    regions: Vec<Region>,
}

fn scene(states: &[State], fates: &[u8]) -> Scene {
    let mut world = World::new();
    let (mut licenses, mut regions, mut issuers) = (Vec::new(), Vec::new(), Vec::new());
    for (name, state) in TEMPLATES.into_iter().zip(states) {
        let (good, other): (Issued, Issued) = (world.issue(name), world.issue(name));
        world.set_state(&other, *state);
        let stranger = world.sign_license(&good.facts, &good.credential, "stranger");
        let altered = world::spoil::flip(&good.bytes, good.bytes.len() - 1, 0);
        // What became of the authority's own key, by the word of its own province.
        let since = world.time(-30 * DAY);
        match fates[issuers.len()] {
            2 => world.befall(good.credential.issuer.as_str(), Use::License, HistoryState::Withdrawn, since, None),
            3 => world.befall(good.credential.issuer.as_str(), Use::License, HistoryState::Compromised, since, None),
            4 => world.make_incomplete(PROVINCES[issuers.len()]),
            _ => {}
        }
        issuers.push(good.credential.issuer);
        assert_eq!(good.facts.region.province().as_str(), PROVINCES[regions.len()]);
        regions.push(good.facts.region);
        licenses.push(vec![good.bytes, other.bytes, stranger, altered]);
    }
    Scene { world, issuers, licenses, regions }
}

/// What is done to an object after it was signed.
type Spoil = Box<dyn Fn(Vec<u8>) -> Vec<u8>>;

/// The objects of a federation in which one province does harm.
struct Objects<'s> {
    scene: &'s Scene,
    world: World,
    own: usize,
    gone: bool,
    directory: Option<Spoil>,
    no_directory: bool,
    status: Option<Spoil>,
    no_status: bool,
    more: Vec<Vec<u8>>,
}

fn flipped(at: usize, bit: u8) -> Spoil {
    Box::new(move |bytes| world::spoil::flip(&bytes, at % bytes.len(), bit))
}

fn entry(state: u8, from: Timestamp) -> HistoryEntry {
    let state = [HistoryState::Active, HistoryState::Retired, HistoryState::Withdrawn, HistoryState::Compromised]
        [usize::from(state)];
    HistoryEntry { state, from, compromised_since: None, log_head: None }
}

impl Objects<'_> {
    fn suffers(&mut self, harm: Harm) {
        let code = PROVINCES[self.own];
        let own = self.scene.issuers[self.own];
        let world = &mut self.world;
        let time = |seconds: i64| Timestamp::new(world::BASE + seconds).unwrap();
        match harm {
            Harm::Leaves => self.gone = true,
            Harm::Falls { of_anchor, state, seconds } => {
                let province = world.province(code);
                let history = if of_anchor { &mut province.anchors[0].history } else { &mut province.history };
                // Where an entry stands already that is later, this one is no part of a history.
                let _ = history.append(entry(state, time(seconds)));
            }
            Harm::AnchorGarbled { at, bit } => {
                let certificate = &mut world.province(code).anchors[0].certificate;
                let at = at % certificate.len();
                certificate[at] ^= 1 << bit;
            }
            Harm::AnchorOtherTime => {
                let period = world.period(DAY, 9 * DAY);
                world.province(code).anchors[0].interval = period;
            }
            Harm::NoMandate => {
                world.province(code).anchors[0].mandate =
                    Mandate { regions: vec![prefix(&format!("{code}99"))], types: None, authorities: None };
            }
            Harm::Epoch(epoch) => world.province(code).epoch = epoch,
            Harm::LeastNumber(number) => world.province(code).min_seq = number,
            Harm::NotATest => world.province(code).test = false,
            Harm::NoDirectory => self.no_directory = true,
            Harm::DirectoryGarbled { at, bit } => self.directory = Some(flipped(at, bit)),
            Harm::DirectoryCut(at) => {
                self.directory = Some(Box::new(move |bytes| bytes[..at % bytes.len()].to_vec()));
            }
            Harm::DirectoryBy(key) => {
                let name = [
                    "stranger".to_owned(),
                    world::license_key(own.as_str()),
                    world::anchor_key(PROVINCES[(self.own + 1) % 4]),
                ];
                world.directory_keys.insert(prefix(code), name[usize::from(key)].clone());
            }
            Harm::DirectoryDated { issued, due, expires } => {
                let directory = world.directory(code);
                (directory.issued, directory.next_update, directory.expires) = (time(issued), time(due), time(expires));
            }
            Harm::DirectoryEmpty => world.directory(code).issuers.clear(),
            Harm::DirectoryIncomplete => world.directory(code).complete = false,
            Harm::DirectoryForked => {
                let mut fork = world.clone();
                fork.directory(code).complete = !fork.directory(code).complete;
                self.more.push(fork.directory_object(code));
            }
            Harm::DirectoryNumber(number) => world.directory(code).seq = number,
            Harm::Usurps { victim, epoch } => {
                let authority = self.scene.issuers[victim];
                let name = format!("usurper of {authority}");
                // Whoever has the anchor's key certifies under its name, whatever the list says of its certificate by now.
                let sound = self.scene.world.anchor(code).certificate.clone();
                let listed = std::mem::replace(&mut world.province(code).anchors[0].certificate, sound);
                let place = world.enrol(code, &data::authority(authority.as_str()), Use::Status, &name);
                world.province(code).anchors[0].certificate = listed;
                let directory = world.directory(code);
                directory.issuers[place].mandate =
                    Mandate { regions: vec![prefix(code)], types: None, authorities: None };
                directory.minimums.insert(authority, vec![Minimum { list: LIST, epoch, min_seq: 0 }]);
                let mut plan = world.list(authority.as_str()).clone();
                plan.states = (0..plan.facts.length).map(|position| (position, State::Revoked)).collect();
                (plan.facts.epoch, plan.signer) = (epoch, name);
                self.more.push(world::status_object(&plan));
            }
            Harm::Accuses { victim, state } => {
                let mut sound = self.scene.world.clone();
                let authority = self.scene.issuers[victim];
                for purpose in [Use::License, Use::Status] {
                    let mut listed = sound.entry(authority.as_str(), purpose).clone();
                    listed.mandate = Mandate { regions: vec![prefix(code)], types: None, authorities: None };
                    listed.profile = Profile::Admitted;
                    let _ = listed.history.append(entry(state, time(-2 * DAY)));
                    if victim != self.own {
                        world.directory(code).issuers.push(listed);
                    }
                }
            }
            Harm::NoStatus => self.no_status = true,
            Harm::StatusGarbled { at, bit } => self.status = Some(flipped(at, bit)),
            Harm::StatusForked => {
                let mut plan = world.list(own.as_str()).clone();
                plan.facts.length += 1;
                self.more.push(world::status_object(&plan));
            }
            Harm::StatusDated { issued } => {
                let facts = &mut world.list(own.as_str()).facts;
                (facts.issued, facts.next_update) = (time(issued), time(issued + DAY));
            }
            Harm::AllRevoked => {
                let plan = world.list(own.as_str());
                plan.states = (0..plan.facts.length).map(|position| (position, State::Revoked)).collect();
            }
        }
    }

    /// What is offered: the others' objects as they were, its own as they are now.
    fn pack(mut self) -> Vec<u8> {
        let code = PROVINCES[self.own];
        let own = self.scene.issuers[self.own];
        // What cannot be signed at all (dates out of order) is not there.
        let directory = self.world.directories[&prefix(code)].encode().ok().map(|payload| {
            let by = self.world.directory_keys.get(&prefix(code)).cloned();
            world::sign(ObjectType::Issuers, payload, &by.unwrap_or_else(|| world::anchor_key(code)))
        });
        let status = self.world.status_object(own.as_str());
        if self.gone {
            self.world.trust.provinces.remove(&prefix(code));
        }
        let mut objects = vec![self.world.trust_object()];
        for (province, issuer) in PROVINCES.into_iter().zip(&self.scene.issuers) {
            if province != code {
                objects.push(self.scene.world.directory_object(province));
                objects.push(self.scene.world.status_object(issuer.as_str()));
            }
        }
        let spoiled = |spoil: &Option<Spoil>, bytes: Vec<u8>| match spoil {
            Some(spoil) => spoil(bytes),
            None => bytes,
        };
        let mut own: Vec<Vec<u8>> = Vec::new();
        own.extend(directory.filter(|_| !self.no_directory).map(|bytes| spoiled(&self.directory, bytes)));
        own.extend((!self.no_status).then(|| spoiled(&self.status, status)));
        own.extend(self.more);
        // Bytes that are no item would end a pack: whoever carries them gives them in as an item that is no object.
        for bytes in own {
            match zhengyin::cbor::check(&bytes) {
                Ok(()) => objects.push(bytes),
                Err(_) => objects.push(vec![0]),
            }
        }
        objects.concat()
    }
}

fn ask(store: &Store, scene: &Scene, of: usize) -> Vec<(Verdict, Steps)> {
    let verify = |license: &Vec<u8>| {
        let policy = Policy::counter(Some(scene.regions[of]));
        let report = Verifier::new(store, policy).verify(license, scene.world.clock());
        (report.verdict(), *report.steps())
    };
    scene.licenses[of].iter().map(verify).collect()
}

fn stored(scene: &Scene, pack: &[u8]) -> Store {
    let mut store = Store::new(scene.world.pin());
    store.apply_pack(pack, scene.world.asked()).unwrap();
    store
}

static COUNTS: [AtomicUsize; 4] = [const { AtomicUsize::new(0) }; 4];

fn count(at: usize) {
    COUNTS[at].fetch_add(1, Ordering::Relaxed);
}

fn holds(own: usize, harms: &[Harm], (states, fates): (&[State], &[u8])) -> Result<(), TestCaseError> {
    let scene = scene(states, fates);
    let whole = stored(&scene, &scene.world.pack());
    let mut objects = Objects {
        scene: &scene,
        world: scene.world.clone(),
        own,
        gone: false,
        directory: None,
        no_directory: false,
        status: None,
        no_status: false,
        more: Vec::new(),
    };
    harms.iter().for_each(|harm| objects.suffers(*harm));
    let spoiled = stored(&scene, &objects.pack());
    prop_assert!(spoiled.trust().is_some(), "the trust list is taken, whatever it says of the province");
    let again = Store::from_bytes(&spoiled.to_bytes()).unwrap();
    for (of, code) in PROVINCES.into_iter().enumerate() {
        let (before, after) = (ask(&whole, &scene, of), ask(&spoiled, &scene, of));
        if of == own {
            count(usize::from(before == after));
            continue;
        }
        for (verdict, _) in &before {
            count(if *verdict == Verdict::Valid { 2 } else { 3 });
        }
        prop_assert_eq!(&before, &after, "licenses of {}", code);
        prop_assert_eq!(&before, &ask(&again, &scene, of), "read back, licenses of {}", code);
    }
    Ok(())
}

#[test]
fn a_bad_or_missing_section_changes_no_verdict_about_another_province() {
    let states = [State::Revoked, State::Suspended, State::ReportedLost, State::Cancelled, State::Superseded];
    let plan = (
        0..PROVINCES.len(),
        prop::collection::vec(harm(), 1..4),
        prop::collection::vec(prop::sample::select(states.to_vec()), 4),
        prop::collection::vec(0u8..5, 4),
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    if let Err(failure) = runner.run(&plan, |(own, harms, states, fates)| holds(own, &harms, (&states, &fates))) {
        panic!("{failure}");
    }
    let [changed, unchanged, valid, other] = [0, 1, 2, 3].map(|at| COUNTS[at].load(Ordering::Relaxed));
    println!(
        "the province's own verdicts changed {changed} times, and not {unchanged}; of others {valid} valid and {other} not, the same all"
    );
    // The mischief is mischief.
    assert!(changed > unchanged && valid > 0 && other > 0);
}
