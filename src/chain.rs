//! From a signer to a mandate under an anchor.
//!
//! [`Candidates::admit`] looks at a directory entry once, when the directory is admitted: its certificate, its path, its mandate. Whether the
//! entry may vouch for one object is then asked by [`Signer::check`], which answers with a [`TrustPath`]; and only a trust path turns
//! [`Unverified`] claims into [`Authentic`] ones.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::claims::Unverified;
use crate::claims::id::{CreditCode, Region, RegionPrefix, TypeCode};
use crate::envelope::Envelope;
use crate::limits::{Budget, Exhausted, Limits};
use crate::reason::{Class, Reason};
use crate::suite::{BadSignature, Footing, PublicKey};
use crate::time::{Bound, Certainty, Period, Timestamp, Watch};
use crate::trust::{
    Anchor, HistoryEntry, HistoryState, IssuerEntry, Mandate, MandateFault, Profile, Province, TrustList,
};
use crate::x509::{self, Certificate, CertificateError, PathError, PathQuestion, Use, build_path};

mod unread;

use unread::Unread;

/// Claims whose signature was verified by a key that may make them. Only the proof of a [`TrustPath`] makes one, within the procedure.
#[derive(Debug, PartialEq, Eq)]
pub struct Authentic<'c, T>(&'c T);

impl<T> Clone for Authentic<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Authentic<'_, T> {}

impl<'c, T> Authentic<'c, T> {
    /// The claims.
    #[must_use]
    pub const fn claims(self) -> &'c T {
        self.0
    }
}

/// That a signer who may make certain claims made their signature. It stands beside the claims, which are large, so that they need not
/// be moved or copied to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authenticated(());

impl Authenticated {
    /// The claims that were authenticated. That they are those is the procedure's word: it keeps both in one place.
    pub(crate) const fn believe<T>(self, claims: &Unverified<T>) -> Authentic<'_, T> {
        Authentic(claims.claimed())
    }
}

/// What an object asks of the one who signed it.
#[derive(Clone, Copy, Debug)]
pub struct SignerQuestion {
    /// What kind of object it is.
    pub purpose: Use,
    /// The authority in whose name it speaks.
    pub authority: CreditCode,
    /// When it was signed, as it says itself.
    pub signed_at: Timestamp,
    /// Of a license, a seal or a stamp: its region.
    pub region: Option<Region>,
    /// Of a license: its type.
    pub type_code: Option<TypeCode>,
}

/// A directory entry that was looked at: good, or refused for a reason that stays with it.
#[derive(Clone, Debug)]
pub struct Signer {
    province: RegionPrefix,
    entry: IssuerEntry,
    key: PublicKey,
    /// Every way in which it was found good, at least one: an anchor or an intermediate that is renewed does not make void what the
    /// one before it vouches for, nor the reverse.
    admissions: Result<Vec<Admission>, Reason>,
    /// There may be other ways, which the budget did not reach.
    untried: Option<Exhausted>,
    /// There may be other ways, over a certificate of an algorithm that this build does not know: what each of them rests on, and of
    /// which anchor is not known.
    unread: Option<Admission>,
}

/// One way in which an entry is good, whatever it signs.
#[derive(Clone, Debug)]
struct Admission {
    /// When every certificate of its path is valid.
    validity: Period,
    /// Which of its province's anchors vouches for it.
    anchor: usize,
    /// The mandates that the certificates of the path claim: what is outside any of them is outside.
    claimed: Vec<Mandate>,
    /// The signatures on those certificates.
    footing: Footing,
}

/// The certificates of a province that may stand above an issuer's, read once for all its entries.
#[derive(Clone, Debug)]
pub struct Candidates<'p> {
    code: RegionPrefix,
    province: &'p Province,
    /// Anchors that can be read, each with its place in the province.
    anchors: Vec<(usize, Certificate<'p>)>,
    /// By their subjects.
    intermediates: BTreeMap<&'p [u8], Vec<Certificate<'p>>>,
    unread: Unread,
}

impl<'p> Candidates<'p> {
    /// The anchors of a province. One that cannot be read is left out: it harms no other.
    #[must_use]
    pub fn new(code: RegionPrefix, province: &'p Province) -> Self {
        let mut candidates =
            Self { code, province, anchors: Vec::new(), intermediates: BTreeMap::new(), unread: Unread::default() };
        for (place, anchor) in province.anchors.iter().enumerate() {
            match Certificate::parse(&anchor.certificate) {
                Ok(certificate) => {
                    candidates.anchors.push((place, certificate.with_identifier(anchor.identifier.as_deref())));
                }
                Err(error) => candidates.unread.note(&anchor.certificate, error),
            }
        }
        candidates
    }

    /// Looks at every entry of the province's directory. Gives the signers, and how many entries not even a key could be read from.
    #[must_use]
    pub fn admit_all(mut self, entries: &'p [IssuerEntry]) -> (Vec<Signer>, usize) {
        let parsed: Vec<_> = entries.iter().map(|entry| Certificate::parse(&entry.certificate)).collect();
        for (entry, parsed) in entries.iter().zip(&parsed) {
            match parsed {
                Ok(certificate) if certificate.basic_constraints().is_some_and(|constraints| constraints.authority) => {
                    self.intermediates.entry(certificate.subject().as_der()).or_default().push(certificate.clone());
                }
                Ok(_) => {}
                Err(error) => self.unread.note(&entry.certificate, *error),
            }
        }
        for issuer in self.intermediates.values().flatten() {
            self.unread.note_issuer(issuer);
        }
        let admitted = entries.iter().zip(&parsed).filter_map(|(entry, parsed)| self.admit(entry, parsed.as_ref()));
        let signers: Vec<_> = admitted.collect();
        let unreadable = entries.len().saturating_sub(signers.len());
        (signers, unreadable)
    }

    /// Looks at one entry, whose certificate was read with this result.
    ///
    /// `None` if not even a key can be read from it: then nothing can be said of who signed with it.
    #[must_use]
    pub fn admit(&self, entry: &IssuerEntry, parsed: Result<&Certificate<'_>, &CertificateError>) -> Option<Signer> {
        let (mut untried, mut unread) = (None, None);
        let (key, admissions) = match parsed {
            Ok(certificate) => {
                let admissions = match entry.profile {
                    Profile::Ours => {
                        unread = self.unread.may_be_above(certificate).then(|| {
                            let claimed = own_mandate(certificate, entry).ok().flatten().into_iter().collect();
                            Admission { validity: certificate.validity(), anchor: 0, claimed, footing: Footing::NONE }
                        });
                        self.admit_ours(certificate, entry, &mut untried)
                    }
                    Profile::Admitted => self.admit_foreign(certificate, entry),
                };
                (certificate.public_key().clone(), admissions)
            }
            Err(error) => {
                let spki = x509::claimed_spki(&entry.certificate)?;
                (PublicKey::from_spki(spki).ok()?, Err(error.reason()))
            }
        };
        Some(Signer { province: self.code, entry: entry.clone(), key, admissions, untried, unread })
    }

    /// Our profile: one use, one authority, a path to an anchor, and mandates that only narrow on the way down.
    fn admit_ours(
        &self,
        certificate: &Certificate<'_>,
        entry: &IssuerEntry,
        untried: &mut Option<Exhausted>,
    ) -> Result<Vec<Admission>, Reason> {
        let [purpose] = *entry.uses.as_slice() else { return Err(Reason::CertificateUse) };
        if certificate.subject().credit_code() != Some(entry.authority.as_str()) {
            return Err(Reason::CertificateName);
        }
        own_mandate(certificate, entry)?;
        // When a certificate must be valid is known when an object is judged: `Admission::validity` keeps the answer.
        let question = PathQuestion { purpose: Some(purpose), at: None, limits: Limits::STANDARD };
        let mut budget = Budget::new(Limits::STANDARD);
        let above = self.intermediates.get(certificate.issuer().as_der()).map(Vec::as_slice).unwrap_or_default();
        let mut admissions = Vec::new();
        let (mut nearest, mut refused) = (PathError::NoIssuer { depth: 0 }, None);
        for (place, anchor) in &self.anchors {
            let Some(granted) = self.anchor(*place).filter(|granted| granted.uses.contains(&purpose)) else { continue };
            // Straight from the anchor, then over each certificate that may stand between.
            for between in core::iter::once(Default::default()).chain(above.chunks(1)) {
                match build_path(certificate, between, core::slice::from_ref(anchor), question, &mut budget) {
                    Ok(path) => match admission(*place, granted, &path, entry) {
                        Ok(admission) => admissions.push(admission),
                        Err(reason) => refused = Some(reason),
                    },
                    Err(PathError::Budget(exhausted)) => *untried = Some(exhausted),
                    Err(error) => nearest = nearest.max(error),
                }
            }
        }
        match (nearest, refused) {
            _ if !admissions.is_empty() => Ok(admissions),
            // Nothing is proved where not every way could be tried.
            _ if untried.is_some() => Err(Reason::IssuerBudget),
            // What its own certificate lacks no issuer makes good.
            (error @ PathError::Profile { depth: 0, .. }, None) => Err(error.reason()),
            // Its issuer may be one whose certificate another build can read: a namesake's key that does not fit, or whose mandate is
            // too narrow, proves nothing then.
            _ if self.unread.may_be_above(certificate) => Err(Reason::EncodingAlgorithmUnknown),
            (_, Some(reason)) => Err(reason),
            (error, None) => Err(error.reason()),
        }
    }

    /// The admitted profile: the directory's signature pins the certificate; use and mandate come from the lists alone.
    fn admit_foreign(&self, certificate: &Certificate<'_>, entry: &IssuerEntry) -> Result<Vec<Admission>, Reason> {
        x509::check_admitted(certificate).map_err(x509::ProfileError::reason)?;
        let claimed = own_mandate(certificate, entry)?;
        let grants = |anchor: &Anchor| {
            entry.uses.iter().all(|purpose| anchor.uses.contains(purpose))
                && anchor.mandate.check_contains(&entry.mandate).is_ok()
        };
        let granting = self.province.anchors.iter().enumerate().filter(|(_, anchor)| grants(anchor));
        // The signature on its certificate is not looked at, so nothing rests on that.
        let (validity, footing) = (certificate.validity(), Footing::NONE);
        let admission =
            |(anchor, _)| Admission { validity, anchor, claimed: claimed.iter().cloned().collect(), footing };
        let admissions: Vec<_> = granting.map(admission).collect();
        if admissions.is_empty() { Err(Reason::CertificateMandate) } else { Ok(admissions) }
    }

    fn anchor(&self, place: usize) -> Option<&'p Anchor> {
        self.province.anchors.get(place)
    }
}

impl Signer {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The directory's entry.
    #[must_use]
    pub const fn entry(&self) -> &IssuerEntry {
        &self.entry
    }

    /// The province whose directory lists it.
    #[must_use]
    pub const fn province(&self) -> RegionPrefix {
        self.province
    }

    /// Was the entry found good: its certificate, its path, its mandate?
    ///
    /// # Errors
    /// What is wrong with it, whatever it signs.
    pub fn admission(&self) -> Result<(), Reason> {
        self.admissions.as_ref().map(|_| ()).map_err(|reason| *reason)
    }

    /// May this signer vouch for the object? The province is the one of the same trust list that the entry was admitted under.
    ///
    /// # Errors
    /// The ground; its class tells whether it is proof or doubt.
    pub fn check(
        &self,
        question: &SignerQuestion,
        list: &TrustList,
        watch: &mut Watch,
    ) -> Result<TrustPath<'_>, Reason> {
        let mut refused = None;
        for admission in self.admissions.as_ref().map_err(|reason| *reason)? {
            match self.check_under(admission, question, list, watch) {
                Ok(()) => return Ok(TrustPath { signer: self }),
                // It would do to be good in one way: a doubt about one goes before the proof against another.
                Err(reason) => {
                    let gives_way = |known: Reason| known.class() == Class::Invalid && reason.class() != Class::Invalid;
                    if refused.is_none_or(gives_way) {
                        refused = Some(reason);
                    }
                }
            }
        }
        let refused = refused.unwrap_or(Reason::CertificatePath);
        match (self.untried, &self.unread) {
            _ if refused.class() != Class::Invalid => Err(refused),
            (Some(_), _) => Err(Reason::IssuerBudget),
            (_, Some(way)) if self.might_do_under_another(way, question, list, watch) => {
                Err(Reason::EncodingAlgorithmUnknown)
            }
            _ => Err(refused),
        }
    }

    /// Would it do if this way led to one of the province's anchors?
    fn might_do_under_another(
        &self,
        way: &Admission,
        question: &SignerQuestion,
        list: &TrustList,
        watch: &mut Watch,
    ) -> bool {
        let anchors = list.provinces.get(&self.province).map(|province| province.anchors.iter().enumerate());
        anchors.into_iter().flatten().any(|(anchor, granted)| {
            if !granted.uses.contains(&question.purpose) || granted.mandate.check_contains(&self.entry.mandate).is_err()
            {
                return false;
            }
            let way = Admission { anchor, ..way.clone() };
            self.check_under(&way, question, list, watch).err().is_none_or(|reason| reason.class() != Class::Invalid)
        })
    }

    /// The signatures of certificates that the entry rests on, of each way in which [`Signer::check`] finds that it may vouch.
    #[must_use]
    pub fn footings(&self, question: &SignerQuestion, list: &TrustList, watch: &mut Watch) -> Vec<Footing> {
        let admissions = self.admissions.iter().flatten();
        let good = admissions.filter(|admission| self.check_under(admission, question, list, watch).is_ok());
        good.map(|admission| admission.footing).collect()
    }

    /// The signatures of certificates that the entry rests on, of each way in which it was found good.
    pub fn ways(&self) -> impl Iterator<Item = Footing> + '_ {
        self.admissions.iter().flatten().map(|admission| admission.footing)
    }

    /// [`Signer::check`] by one way in which the entry is good.
    fn check_under(
        &self,
        admission: &Admission,
        question: &SignerQuestion,
        list: &TrustList,
        watch: &mut Watch,
    ) -> Result<(), Reason> {
        let province = list.provinces.get(&self.province).ok_or(Reason::IssuerAnchorWithdrawn)?;
        let anchor = province.anchors.get(admission.anchor).ok_or(Reason::IssuerAnchorWithdrawn)?;
        let checks = [
            self.check_mandate(admission, question, list),
            self.check_time(admission, anchor, question.signed_at),
            check_standing(province, anchor, question.signed_at, watch),
        ];
        // Proof before doubt; otherwise in the order above.
        let refusals = || checks.iter().filter_map(|check| check.err());
        let refused = refusals().find(|reason| reason.class() == Class::Invalid).or_else(|| refusals().next());
        refused.map_or(Ok(()), Err)
    }

    fn check_mandate(&self, admission: &Admission, question: &SignerQuestion, list: &TrustList) -> Result<(), Reason> {
        if !self.entry.is_for(question.purpose) {
            return Err(Reason::IssuerUse);
        }
        let mandates = || core::iter::once(&self.entry.mandate).chain(&admission.claimed);
        let authority = &question.authority;
        // format.md §6: a status signer may also be one whose mandate names the authority.
        let speaks_for = self.entry.authority == *authority
            || question.purpose == Use::Status && self.entry.mandate.names_authority(authority);
        if !speaks_for || !mandates().all(|mandate| mandate.covers_authority(authority)) {
            return Err(Reason::IssuerAuthority);
        }
        if let Some(region) = question.region {
            let in_region = |region: &Region| mandates().all(|mandate| mandate.covers_region(region));
            let by_any_name = || {
                let names = list.names_of(region, question.signed_at);
                mandates().all(|mandate| names.iter().any(|name| mandate.covers_region(name)))
            };
            if !in_region(&region) && !by_any_name() {
                return Err(Reason::IssuerRegion);
            }
        }
        let of_type = |type_code: TypeCode| mandates().all(|mandate| mandate.covers_type(&type_code));
        if question.type_code.is_none_or(of_type) { Ok(()) } else { Err(Reason::IssuerType) }
    }

    fn check_time(&self, admission: &Admission, anchor: &Anchor, signed_at: Timestamp) -> Result<(), Reason> {
        if let Some(since) = self.entry.history.compromised_since() {
            // Before it only an independent proof of existence would help, and this verifier reads none yet.
            let before = signed_at < since;
            return Err(if before { Reason::IssuerCompromisedUnproven } else { Reason::IssuerCompromised });
        }
        match self.entry.history.state_at(signed_at) {
            Some(HistoryState::Active) => {}
            Some(HistoryState::Withdrawn) => return Err(Reason::IssuerWithdrawn),
            Some(HistoryState::Retired | HistoryState::Compromised) | None => return Err(Reason::IssuerSigningPeriod),
        }
        if !self.entry.signing.contains(signed_at) || !anchor.interval.contains(signed_at) {
            return Err(Reason::IssuerSigningPeriod);
        }
        // The shell model: every certificate of the path is valid when the object is signed.
        if admission.validity.contains(signed_at) { Ok(()) } else { Err(Reason::CertificateValidity) }
    }
}

/// Is the province still a member, and its anchor still its anchor; and were they when the object was signed?
fn check_standing(province: &Province, anchor: &Anchor, signed_at: Timestamp, watch: &mut Watch) -> Result<(), Reason> {
    let mut takes_effect = |entry: &HistoryEntry| watch.reached(entry.from.seconds(), Bound::Standing);
    let histories = [&province.history, &anchor.history];
    let mut fallen = false;
    for history in histories {
        let mut withdrawn = false;
        for entry in history.entries() {
            withdrawn = match entry.state {
                // The last entry rules: a province that was suspended and taken back in is in.
                HistoryState::Active => withdrawn && takes_effect(entry) != Certainty::Yes,
                // A retired anchor's interval bounds what it vouched for; that stands.
                HistoryState::Retired => withdrawn,
                HistoryState::Withdrawn | HistoryState::Compromised => {
                    withdrawn || takes_effect(entry) != Certainty::No
                }
            };
        }
        fallen |= withdrawn;
    }
    // A key that was in other hands is never good again, whatever is said of it later.
    let lost = anchor.history.entries().iter().filter(|entry| entry.state == HistoryState::Compromised);
    let lost = lost.fold(false, |lost, entry| lost | (takes_effect(entry) != Certainty::No));
    // What was signed while it was withdrawn does not stand, though it was taken back in since.
    let then = histories.iter().any(|history| history.was_withdrawn_at(signed_at));
    if fallen || lost || then { Err(Reason::IssuerAnchorWithdrawn) } else { Ok(()) }
}

/// The way over one path to one anchor, if the mandates on it narrow.
fn admission(
    place: usize,
    granted: &Anchor,
    path: &x509::Path<'_, '_>,
    entry: &IssuerEntry,
) -> Result<Admission, Reason> {
    let claimed =
        narrowing(&granted.mandate, path.claimed_mandates(), &entry.mandate).map_err(|_| Reason::CertificateMandate)?;
    let validity = path.validity().ok_or(Reason::CertificateValidity)?;
    Ok(Admission { validity, anchor: place, claimed, footing: path.footing() })
}

/// What an entry's own certificate claims, if it claims anything: a mandate no wider than what the list says (format.md §5).
fn own_mandate(certificate: &Certificate<'_>, entry: &IssuerEntry) -> Result<Option<Mandate>, Reason> {
    let Some(claim) = certificate.claimed_mandate() else { return Ok(None) };
    let claim = Mandate::from_extension(&claim).map_err(|_| Reason::CertificateMandate)?;
    entry.mandate.check_contains(&claim).map_err(|_| Reason::CertificateMandate)?;
    Ok(Some(claim))
}

/// Each mandate lies within the one above it, the list's first. A wider one is refused, never trimmed.
fn narrowing<'a>(
    granted: &Mandate,
    claimed: impl Iterator<Item = x509::Mandate<'a>>,
    listed: &Mandate,
) -> Result<Vec<Mandate>, MandateFault> {
    granted.check_contains(listed)?;
    let mut within: Vec<Mandate> = Vec::new();
    for claim in claimed {
        let claim = Mandate::from_extension(&claim)?;
        within.last().unwrap_or(granted).check_contains(&claim)?;
        within.push(claim);
    }
    Ok(within)
}

/// A signer that may vouch for one object: known, in force when it signed, chained to an anchor, and mandated.
#[derive(Clone, Copy, Debug)]
pub struct TrustPath<'s> {
    signer: &'s Signer,
}

impl<'s> TrustPath<'s> {
    /// The signer.
    #[must_use]
    pub const fn signer(&self) -> &'s Signer {
        self.signer
    }

    /// Verifies the envelope's signature. That the claims are those of its payload, and the path the one that they asked for, is the
    /// procedure's word; so nobody else is given this.
    ///
    /// # Errors
    /// [`BadSignature`] if this signer did not make it.
    pub(crate) fn authenticate(&self, envelope: &Envelope<'_>) -> Result<Authenticated, BadSignature> {
        envelope.verify(&self.signer.key)?;
        Ok(Authenticated(()))
    }
}
