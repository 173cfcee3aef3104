//! Are the candidates closed? Can nobody but those whom we know have the right to sign for a region?

use super::Store;
use crate::claims::id::{Region, RegionPrefix};
use crate::policy::Freshness;
use crate::policy::Policy;
use crate::time::{Timestamp, Watch};
use crate::x509::Use;

impl Store {
    /// verification.md §2: closed are the candidates for a region if every province whose anchors may vouch for licenses there has a
    /// complete directory, before its `next_update`, issued at or after the credential; `except` one province, of which that does not
    /// matter. Then a key that we do not know is proof of non-authority.
    pub fn is_closed(
        &self,
        region: Region,
        issued_at: Timestamp,
        except: Option<RegionPrefix>,
        policy: &Policy,
        watch: &mut Watch,
    ) -> bool {
        let Some(trust) = &self.trust else { return false };
        // A newer trust list could name a province more.
        let grace = policy.grace(trust.list.normal_grace().list);
        if trust.equivocal || !matches!(trust.dates().freshness(grace, watch), Freshness::Fresh | Freshness::Grace) {
            return false;
        }
        let covers = |code: &RegionPrefix| {
            trust.list.provinces.get(code).is_some_and(|province| {
                province.anchors.iter().filter(|anchor| anchor.uses.contains(&Use::License)).any(|anchor| {
                    trust.list.names_of(region, issued_at).any(|name| anchor.mandate.covers_region(&name))
                })
            })
        };
        trust.list.provinces.keys().filter(|code| Some(**code) != except && covers(code)).all(|code| {
            self.directories.get(code).is_some_and(|held| {
                held.directory.complete
                    && !held.equivocal
                    && held.unreadable == 0
                    && held.directory.issued >= issued_at
                    && held.dates().is_fresh(watch)
            })
        })
    }
}
