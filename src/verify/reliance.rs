//! What a report rests on: every held object without which it might have been another.
//!
//! A store that holds these objects and no others gives the same report to the byte. That is what lets a receipt be replayed, and a
//! test holds it over every test vector.

use alloc::vec::Vec;

use super::outcome::Step;
use crate::chain::SignerQuestion;
use crate::claims::LicenseClaims;
use crate::claims::id::{CreditCode, RegionPrefix};
use crate::store::{Held, HeldDirectory, HeldStatus, HeldTrust, ObjectKind, Store};
use crate::suite::{Digest, KeyId};
use crate::time::Timestamp;
use crate::x509::Use;

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
    seal: bool,
}

const NONE: Steps = Steps { signer: false, status: false, recognition: false, presentation: false, seal: false };

impl Steps {
    const fn or(self, other: Self) -> Self {
        Self {
            signer: self.signer || other.signer,
            status: self.status || other.status,
            recognition: self.recognition || other.recognition,
            presentation: self.presentation || other.presentation,
            seal: self.seal || other.seal,
        }
    }

    const fn holds(self, step: Step) -> bool {
        match step {
            Step::Issuer | Step::Signature => self.signer,
            Step::Status => self.status,
            Step::Recognition => self.recognition,
            Step::Presentation => self.presentation,
            Step::Seal => self.seal,
            Step::Encoding | Step::Period | Step::Document => false,
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
            seal: false,
        };
        let mut inputs = Vec::from([Input::from(trust).resting(on_trust)]);
        if let Some(directory) = self.directory {
            inputs.push(Input::from(directory).resting(Steps { status: on_status, ..signer }));
        }
        if let Some((key_id, claims)) = asked {
            let candidates = self.store.signers(key_id).map(|(_, directory)| directory);
            let region = claims.license.region;
            let speaking =
                self.store.directories_speaking_for((Use::License, region), claims.issued_at).filter(|_| self.closed);
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

/// A search for the signer of a stamp or of a seal, and what became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Searched<'s> {
    pub(super) key_id: KeyId,
    pub(super) question: SignerQuestion,
    /// Was it asked whether all who might have signed are known?
    pub(super) closed: bool,
    /// That lists the signer.
    pub(super) directory: Option<&'s HeldDirectory>,
    /// Does the step `seal` rest on it, or those of the object's own signer?
    pub(super) of_seal: bool,
}

/// What a stamp or a seal rests on, each once, in the order of [`Reliance::inputs`].
pub(super) fn inputs_of(store: &Store, searches: &[Searched<'_>], status: Option<&HeldStatus>) -> Vec<Input> {
    let Some(trust) = store.trust() else { return Vec::new() };
    let on = |search: &Searched<'_>| Steps { signer: !search.of_seal, seal: search.of_seal, ..NONE };
    let all = searches.iter().map(on).fold(Steps { status: status.is_some(), ..NONE }, Steps::or);
    let mut inputs = Vec::from([Input::from(trust).resting(all)]);
    for search in searches {
        let of_directory = search.directory.map(Input::from);
        let candidates = store.signers(search.key_id).map(|(_, directory)| directory);
        let region = search.question.region.filter(|_| search.closed);
        let speaking = region.into_iter().flat_map(|region| {
            store.directories_speaking_for((search.question.purpose, region), search.question.signed_at)
        });
        let mut others: Vec<_> = candidates.chain(speaking).map(Input::from).collect();
        others.sort_by_key(|input| input.province);
        for input in of_directory.into_iter().chain(others) {
            join(&mut inputs, input.resting(on(search)));
        }
    }
    if let Some(status) = status {
        // The directory of whoever made the seal says who may speak of it.
        let province = Some(status.province());
        let maker = |input: &&mut Input| input.kind == ObjectKind::Directory && input.province == province;
        inputs.iter_mut().filter(maker).for_each(|input| input.steps.status = true);
        join(&mut inputs, Input::from(status).resting(Steps { status: true, ..NONE }));
    }
    if let (_, Some(newest)) = store.floor_set_by() {
        add(&mut inputs, newest.into());
    }
    inputs
}

/// Adds what is not among them yet; of what is, more steps rest on it.
pub(super) fn join(inputs: &mut Vec<Input>, input: Input) {
    let same = |known: &&mut Input| known.digest == input.digest && known.province == input.province;
    match inputs.iter_mut().find(same) {
        Some(known) => known.steps = known.steps.or(input.steps),
        None => inputs.push(input),
    }
}

/// Adds what is not among them yet. A status list may be held by the word of several provinces: those are several inputs.
fn add(inputs: &mut Vec<Input>, input: Input) {
    if !inputs.iter().any(|known| known.digest == input.digest && known.province == input.province) {
        inputs.push(input);
    }
}
