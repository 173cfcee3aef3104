//! What a verifier holds, and what it must never go back behind.
//!
//! A [`Store`] is bytes in, bytes out. It takes objects one by one, each wholly or not at all, and believes none but by signature:
//! a trust list by the pin or by the signers of the list before it, a directory by an anchor of its province, a status list by an entry
//! of a directory. It is read back as untrusted input: everything is verified again, the bodies of large status lists block by block when
//! they are asked.

mod accept;
mod admit;
mod bodies;
mod closed;
mod deltas;
mod directories;
mod evidence;
mod freshness;
mod held;
mod lists;
mod persist;
mod pin;
mod recorded;
mod statuses;

pub use accept::{Accepted, Refusal};
pub use bodies::{BodyFile, BodyName};
pub use evidence::Evidence;
pub use freshness::{Dates, Freshness, unsure_of_time};
pub use held::{Held, HeldDirectory, HeldStatus, HeldTrust, ObjectKind};
pub use persist::StoreError;
pub use pin::{Pin, PinError};
pub use recorded::Recorded;
pub(crate) use statuses::status_question;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use lists::Link;

use crate::chain::Signer;
use crate::claims::id::{CreditCode, RegionPrefix};
use crate::suite::{Digest, KeyId};
use crate::time::{Clock, TimeWindow, Timestamp};

/// Trust data of one federation.
#[derive(Clone, Debug)]
pub struct Store {
    pin: Pin,
    trust: Option<HeldTrust>,
    directories: BTreeMap<RegionPrefix, HeldDirectory>,
    /// By the province whose directory lists the signer, the authority, and the list's number.
    statuses: BTreeMap<(RegionPrefix, CreditCode, u64), HeldStatus>,
    /// Directories that the trust list does not stand behind at present: not relied on, and not gone back behind.
    aside: BTreeMap<RegionPrefix, HeldDirectory>,
    /// The lists by which the held one is believed, from the pin on, oldest first.
    links: Vec<Link>,
    /// Numbers and digests of the trust lists that were held, oldest first, the held one last.
    trail: Vec<(u64, Digest)>,
    evidence: Vec<Evidence>,
    /// Provinces of which something changed that is not looked at yet.
    dirty: BTreeSet<RegionPrefix>,
    /// Where the signers of a key id stand: province and place in its directory.
    signers: BTreeMap<KeyId, Vec<(RegionPrefix, usize)>>,
    /// [`Store::floor`], for every verification asks for it.
    floor: Timestamp,
}

/// The floor follows directories and status lists this far beyond the trust list, and no further: eight days, in seconds.
const FLOOR_REACH: i64 = 8 * 86_400;

impl Store {
    /// An empty store that will believe the federation of the pin, and no other.
    #[must_use]
    pub const fn new(pin: Pin) -> Self {
        Self {
            pin,
            trust: None,
            directories: BTreeMap::new(),
            statuses: BTreeMap::new(),
            aside: BTreeMap::new(),
            links: Vec::new(),
            trail: Vec::new(),
            evidence: Vec::new(),
            dirty: BTreeSet::new(),
            signers: BTreeMap::new(),
            floor: Timestamp::MIN,
        }
    }

    /// What the first trust list was, or will be, compared with.
    #[must_use]
    pub const fn pin(&self) -> Pin {
        self.pin
    }

    /// The trust list.
    #[must_use]
    pub const fn trust(&self) -> Option<&HeldTrust> {
        self.trust.as_ref()
    }

    /// The trust lists from the pin on, oldest first, each signed by those whom the one before it names; the held one is the last. A
    /// verifier that was away for long needs them all.
    pub fn trust_chain(&self) -> impl Iterator<Item = &[u8]> {
        let held = self.trust.iter().map(|held| held.bytes.as_slice());
        self.links.iter().map(|link| link.bytes.as_slice()).chain(held)
    }

    /// The directories, by province.
    pub fn directories(&self) -> impl Iterator<Item = &HeldDirectory> {
        self.directories.values()
    }

    /// A province's directory.
    #[must_use]
    pub fn directory(&self, province: RegionPrefix) -> Option<&HeldDirectory> {
        self.directories.get(&province)
    }

    /// The status lists.
    pub fn statuses(&self) -> impl Iterator<Item = &HeldStatus> {
        self.statuses.values()
    }

    /// An authority's status list of one number, by the word of one province: the one whose directory lists who issues.
    #[must_use]
    pub fn status(&self, province: RegionPrefix, authority: CreditCode, list: u64) -> Option<&HeldStatus> {
        self.statuses.get(&(province, authority, list))
    }

    /// What was offered and refused, and tells of a fault or an attack.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Every signer of a key id: a key id is a hint, and several keys may share one.
    pub fn signers(&self, key_id: KeyId) -> impl Iterator<Item = (&Signer, &HeldDirectory)> + Clone {
        self.signers.get(&key_id).into_iter().flatten().filter_map(|(province, place)| {
            let directory = self.directories.get(province)?;
            Some((directory.signers.get(*place)?, directory))
        })
    }

    /// The latest instant that what is held proves to be past: `max(T, min(T + 8 days, newest directory or status list))`, T being the
    /// trust list's issue time. So no single province can push the clock far.
    #[must_use]
    pub fn floor(&self) -> Timestamp {
        debug_assert_eq!(self.floor, self.floor_set_by().0, "kept up to date by whatever changes what is held");
        self.floor
    }

    /// The floor, and the object that sets it: the newest of all, and the trust list where none is newer. What it sets may lie before
    /// its own issue time, where the trust list does not follow it that far.
    #[must_use]
    pub fn floor_set_by(&self) -> (Timestamp, Option<Held<'_>>) {
        let Some(trust) = &self.trust else { return (Timestamp::MIN, None) };
        let list = trust.list.issued;
        let below = self.directories.values().map(Held::Directory).chain(self.statuses.values().map(Held::Status));
        // The first of several that are as new: the order of what is held is that of its names, not of its arrival.
        let newer = |newest: Held<'_>, held: &Held<'_>| held.dates().issued > newest.dates().issued;
        let newest = below.fold(Held::Trust(trust), |newest, held| if newer(newest, &held) { held } else { newest });
        let floor = list.max(newest.dates().issued.min(list.saturating_add(FLOOR_REACH)));
        (floor, Some(newest))
    }

    /// The window of time that a clock gives over what is held.
    #[must_use]
    pub fn window(&self, clock: Clock) -> TimeWindow {
        TimeWindow::new(clock, self.floor())
    }
}
