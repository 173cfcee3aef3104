//! What a report rests on: every held object without which it might have been another.
//!
//! A store that holds these objects and no others gives the same report to the byte. That is what lets a receipt be replayed, and a
//! test holds it over every test vector.

use alloc::vec::Vec;

use super::outcome::Step;
use crate::claims::LicenseClaims;
use crate::claims::id::{CreditCode, RegionPrefix};
use crate::store::{Held, HeldDirectory, HeldStatus, HeldTrust, ObjectKind, Store};
use crate::suite::{Digest, KeyId};
use crate::time::Timestamp;

/// An object that was relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// What it is.
    pub kind: ObjectKind,
    /// Its object digest.
    pub digest: Digest,
    /// Its sequence number.
    pub seq: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// Of a directory, whose it is; of a status list, by whose word it is held.
    pub province: Option<RegionPrefix>,
    /// Of a status list, whose licenses it speaks of, and its number.
    pub list: Option<(CreditCode, u64)>,
    /// Was another object of the same kind and number seen? Then neither proves anything.
    pub contradicted: bool,
    steps: Steps,
}

impl Input {
    /// The steps that rest on it, in the order of the procedure. None where it only bounds the time.
    pub fn steps(&self) -> impl Iterator<Item = Step> + use<> {
        let steps = self.steps;
        Step::ALL.into_iter().filter(move |step| steps.holds(*step))
    }

    const fn resting(mut self, steps: Steps) -> Self {
        self.steps = steps;
        self
    }
}

/// A set of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Steps {
    signer: bool,
    status: bool,
    recognition: bool,
    presentation: bool,
}

const NONE: Steps = Steps { signer: false, status: false, recognition: false, presentation: false };

impl Steps {
    const fn holds(self, step: Step) -> bool {
        match step {
            Step::Issuer | Step::Signature => self.signer,
            Step::Status => self.status,
            Step::Recognition => self.recognition,
            Step::Presentation => self.presentation,
            Step::Encoding | Step::Period | Step::Document | Step::Seal => false,
        }
    }
}

impl From<&HeldTrust> for Input {
    fn from(held: &HeldTrust) -> Self {
        let list = held.list();
        Self {
            kind: ObjectKind::TrustList,
            digest: held.digest(),
            seq: list.seq,
            issued: list.issued,
            province: None,
            list: None,
            contradicted: held.is_equivocal(),
            steps: NONE,
        }
    }
}

impl From<&HeldDirectory> for Input {
    fn from(held: &HeldDirectory) -> Self {
        let directory = held.directory();
        Self {
            kind: ObjectKind::Directory,
            digest: held.digest(),
            seq: directory.seq,
            issued: directory.issued,
            province: Some(directory.province),
            list: None,
            contradicted: held.is_equivocal(),
            steps: NONE,
        }
    }
}

impl From<Held<'_>> for Input {
    fn from(held: Held<'_>) -> Self {
        match held {
            Held::Trust(held) => held.into(),
            Held::Directory(held) => held.into(),
            Held::Status(held) => held.into(),
        }
    }
}

impl From<&HeldStatus> for Input {
    fn from(held: &HeldStatus) -> Self {
        let header = held.header();
        Self {
            kind: ObjectKind::StatusList,
            digest: held.digest(),
            seq: header.seq,
            issued: header.issued,
            province: Some(held.province()),
            list: Some((header.authority, header.list)),
            contradicted: held.is_equivocal(),
            steps: NONE,
        }
    }
}

/// What the steps looked at. The objects are found again from it when somebody asks, so that verifying gathers nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reliance<'s> {
    pub(super) store: &'s Store,
    /// That lists the signer.
    pub(super) directory: Option<&'s HeldDirectory>,
    /// That says what became of the license.
    pub(super) status: Option<&'s HeldStatus>,
    /// Was it asked whether all who might have signed are known?
    pub(super) closed: bool,
    /// Were rules looked at?
    pub(super) recognition: bool,
    /// Does the rule that decides bound the age of the status list?
    pub(super) status_age: bool,
    /// Which key was looked for, of a presentation service that vouches?
    pub(super) service: Option<KeyId>,
}

impl<'s> Reliance<'s> {
    /// Nothing but the floor.
    pub(super) const fn none(store: &'s Store) -> Self {
        Self {
            store,
            directory: None,
            status: None,
            closed: false,
            recognition: false,
            status_age: false,
            service: None,
        }
    }

    /// Every object, each once: the trust list, the signer's directory, other directories by province, the status list, and last what
    /// only sets the floor.
    pub(super) fn inputs(&self, asked: Option<(KeyId, &LicenseClaims<'_>)>) -> Vec<Input> {
        let Some(trust) = self.store.trust() else { return Vec::new() };
        let signer = Steps { signer: true, ..NONE };
        let on_status = self.status.is_some();
        let on_trust = Steps {
            signer: asked.is_some(),
            status: on_status,
            recognition: self.recognition,
            presentation: self.service.is_some(),
        };
        let mut inputs = Vec::from([Input::from(trust).resting(on_trust)]);
        if let Some(directory) = self.directory {
            inputs.push(Input::from(directory).resting(Steps { status: on_status, ..signer }));
        }
        if let Some((key_id, claims)) = asked {
            let candidates = self.store.signers(key_id).map(|(_, directory)| directory);
            let region = claims.license.region;
            let speaking = self.store.directories_speaking_for(region, claims.issued_at).filter(|_| self.closed);
            let mut others: Vec<_> = candidates.chain(speaking).map(|held| Input::from(held).resting(signer)).collect();
            others.sort_by_key(|input| input.province);
            others.into_iter().for_each(|input| add(&mut inputs, input));
        }
        for (_, directory) in self.service.into_iter().flat_map(|key_id| self.store.signers(key_id)) {
            add(&mut inputs, directory.into());
            let same = |input: &&mut Input| input.digest == directory.digest();
            inputs.iter_mut().filter(same).for_each(|input| input.steps.presentation = true);
        }
        if let Some(status) = self.status {
            inputs.push(Input::from(status).resting(Steps { status: true, recognition: self.status_age, ..NONE }));
        }
        if let (_, Some(newest)) = self.store.floor_set_by() {
            add(&mut inputs, newest.into());
        }
        inputs
    }
}

/// Adds what is not among them yet. A status list may be held by the word of several provinces: those are several inputs.
fn add(inputs: &mut Vec<Input>, input: Input) {
    if !inputs.iter().any(|known| known.digest == input.digest && known.province == input.province) {
        inputs.push(input);
    }
}
