//! Are the candidates closed? Can nobody but those whom we know have the right to sign for a region?

use super::{Freshness, HeldDirectory, HeldTrust, Store, unsure_of_time};
use crate::claims::id::{Region, RegionPrefix};
use crate::reason::Reason;
use crate::time::{Bound, Certainty, Timestamp, Watch};
use crate::trust::{Province, RegionNames};
use crate::x509::Use;

impl Store {
    /// procedure.md §2: the candidates for a region are closed if every province whose anchors may vouch for the like there has a
    /// complete directory, before its `next_update`, issued at or after the credential; `except` one province, of which that does not
    /// matter. Then a key that we do not know is proof of non-authority. The trust list itself may be overdue by `list_grace` seconds.
    ///
    /// # Errors
    /// What is missing for that: always a ground of doubt.
    pub fn check_closed(
        &self,
        (purpose, region): (Use, Region),
        issued_at: Timestamp,
        except: Option<RegionPrefix>,
        list_grace: u64,
        watch: &mut Watch,
    ) -> Result<(), Reason> {
        let trust = self.trust.as_ref().ok_or(Reason::StateMissing)?;
        check_list(trust, list_grace, watch)?;
        let names = trust.list.names_of(region, issued_at);
        let mut speaks = false;
        for (code, _) in trust.list.provinces.iter().filter(|(_, province)| speaks_for(province, purpose, &names)) {
            speaks = true;
            if Some(*code) != except {
                let held = self.directories.get(code).ok_or(Reason::IssuerDirectoryMissing)?;
                check_complete(held, issued_at, watch)?;
            }
        }
        // Of a region that no province speaks for this federation knows nothing: a list to come may name one that does.
        if speaks || except.is_some() { Ok(()) } else { Err(Reason::IssuerUnknown) }
    }
}

impl Store {
    /// The directories of the provinces whose anchors may vouch for licenses in a region: those that closing the candidates asks.
    pub(crate) fn directories_speaking_for(
        &self,
        (purpose, region): (Use, Region),
        issued_at: Timestamp,
    ) -> impl Iterator<Item = &HeldDirectory> {
        let names = self.trust.as_ref().map(|trust| (trust, trust.list.names_of(region, issued_at)));
        names.into_iter().flat_map(move |(trust, names)| {
            let speaking =
                trust.list.provinces.iter().filter(move |(_, province)| speaks_for(province, purpose, &names));
            speaking.filter_map(|(code, _)| self.directories.get(code))
        })
    }
}

/// May an anchor of the province vouch for what is signed for this purpose in a region of one of these names?
fn speaks_for(province: &Province, purpose: Use, names: &RegionNames) -> bool {
    let mut anchors = province.anchors.iter().filter(|anchor| anchor.uses.contains(&purpose));
    anchors.any(|anchor| names.iter().any(|name| anchor.mandate.covers_region(name)))
}

/// A newer trust list could name a province more.
fn check_list(trust: &HeldTrust, grace: u64, watch: &mut Watch) -> Result<(), Reason> {
    if trust.equivocal {
        return Err(Reason::IssuerEquivocation);
    }
    match trust.dates().freshness(grace, watch) {
        Freshness::Fresh | Freshness::Grace => Ok(()),
        Freshness::Stale => Err(Reason::IssuerTrustStale),
        Freshness::Expired => Err(Reason::IssuerTrustExpired),
        Freshness::Depends => Err(unsure_of_time(watch.window().basis(), Reason::IssuerTimeDepends)),
        Freshness::Later => Err(Reason::StateLater),
    }
}

fn check_complete(held: &HeldDirectory, issued_at: Timestamp, watch: &mut Watch) -> Result<(), Reason> {
    if held.equivocal {
        return Err(Reason::IssuerEquivocation);
    }
    if held.dates().is_later(watch.window()) {
        return Err(Reason::StateLater);
    }
    if !held.directory.complete || held.unreadable > 0 {
        return Err(Reason::IssuerUnknown);
    }
    if held.directory.issued < issued_at {
        return Err(Reason::IssuerDirectoryOlder);
    }
    // procedure.md §4: completeness is void at `next_update`, whatever the grace.
    let due = held.directory.next_update.min(held.directory.expires);
    match watch.reached(due.seconds(), Bound::DirectoryDue) {
        Certainty::No => Ok(()),
        Certainty::Yes => Err(Reason::IssuerDirectoryStale),
        Certainty::Depends => Err(unsure_of_time(watch.window().basis(), Reason::IssuerTimeDepends)),
    }
}
