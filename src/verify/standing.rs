//! Step `status`: in force, suspended, revoked …, by which evidence, and how old is it?
//!
//! The evidence is the status list that is held, or a status proof that came with the license, or both: the newer one answers, but nothing
//! takes back what the other proves for good.

use super::Verifier;
use super::moments::Moments;
use super::outcome::Outcome;
use super::steps::Credential;
use super::suites::{Demand, Relied, STATUS, Vouched};
use crate::chain::Signer;
use crate::claims::StatusPointer;
use crate::claims::id::{CreditCode, RegionPrefix};
use crate::reason::Reason;
use crate::status::{Cause, LicenseHistory, OnDay, Standing, State, StatusHeader, StatusProof};
use crate::store::{Dates, Freshness, HeldDirectory, HeldStatus, ObjectKind, status_question, unsure_of_time};
use crate::suite::{Digest, Footing};
use crate::time::{Bound, Certainty, Day, Timestamp};

/// What told where the license stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Witness {
    /// The status list that is held.
    List,
    /// A status proof (核验凭据) that came with the license.
    Proof,
}

impl Witness {
    /// The word for it in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Proof => "proof",
        }
    }
}

/// What a list, or a proof of it, says of the license.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Told {
    /// By what it was told.
    pub by: Witness,
    /// The object digest of the list's header; of a proof, that of the list that it is of.
    pub digest: Digest,
    /// The list's number.
    pub seq: u64,
    /// When the list was issued.
    pub issued: Timestamp,
    /// The state, as of the issue of the list; another time than that may have been asked about. `None` if the list is older than the
    /// license.
    pub state: Option<State>,
    /// Since which day, in Beijing, if the list tells.
    pub since: Option<Day>,
    /// Why, if the list tells.
    pub cause: Cause,
    /// Which license replaced it, if the list tells.
    pub successor: Option<StatusPointer>,
}

/// What came of the step.
#[derive(Clone, Debug)]
pub(super) struct Finding<'s> {
    pub(super) outcome: Outcome,
    /// The held list, if one was looked at, whether it decided or not.
    pub(super) list: Option<&'s HeldStatus>,
    pub(super) freshness: Freshness,
    /// Is a time asked about of which the list tells only what it was like later?
    pub(super) before_list: bool,
    pub(super) told: Option<Told>,
    /// How far are the algorithms relied on by which it was told?
    relied: Relied,
}

impl Finding<'_> {
    /// Evidence by algorithms that are not relied on was weighed like any other, so that leaving it aside makes nothing valid; but it
    /// proves nothing.
    fn withheld(self) -> Self {
        let outcome = self.relied.bound(self.outcome);
        Self { outcome, before_list: self.before_list && outcome == Outcome::Passed, ..self }
    }

    const fn none(reason: Reason) -> Self {
        Self {
            outcome: Outcome::Unknown(reason),
            list: None,
            freshness: Freshness::Fresh,
            before_list: false,
            told: None,
            relied: Relied::Wholly,
        }
    }
}

/// Evidence that could be read, and what it is worth.
struct Weighed<'s> {
    /// Epoch and number of the list.
    place: (u64, u64),
    digest: Digest,
    finding: Finding<'s>,
}

impl Weighed<'_> {
    /// Does it prove a state that nothing takes back?
    fn is_final(&self) -> bool {
        let state = self.finding.told.as_ref().and_then(|told| told.state);
        state.is_some_and(|state| !state.is_reversible()) && matches!(self.finding.outcome, Outcome::Failed(_))
    }
}

/// What the status is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bearer {
    /// A license: its issuer dated it, so that a later loss changes nothing of the time before.
    License,
    /// A seal: whoever had it dated what it stamped.
    Seal,
}

/// Whose status is asked.
#[derive(Clone, Copy)]
pub(super) struct Subject<'c, 'a> {
    /// Whose list it stands in: the issuing authority's, or the maker's of a seal.
    pub(super) authority: CreditCode,
    pub(super) at: StatusPointer,
    pub(super) bearer: Bearer,
    /// A status proof that came with it.
    pub(super) proof: Option<&'c StatusProof<'a>>,
}

impl<'c, 'a> Subject<'c, 'a> {
    pub(super) const fn of(credential: &'c Credential<'a>) -> Self {
        let claims = credential.claims.claimed();
        Self { authority: claims.issuer, at: claims.status, bearer: Bearer::License, proof: credential.proof.as_ref() }
    }
}

/// The province that says who issued it says what became of it, so that the step cannot run before that is known.
pub(super) fn status<'s>(
    verifier: &Verifier<'s>,
    subject: Subject<'_, '_>,
    province: Option<RegionPrefix>,
    moments: &mut Moments,
) -> Finding<'s> {
    let store = verifier.store();
    let Some(trust) = store.trust() else { return Finding::none(Reason::StateMissing) };
    let Some(province) = province else { return Finding::none(Reason::StepBlocked) };
    let at = subject.at;
    let known = moments.known.window();
    let parents = [Some(trust.dates()), store.directory(province).map(|held| held.dates())];
    let later = parents.into_iter().flatten().any(|dates| dates.is_later(known));
    let demand = Demand::of(verifier).zip(store.directory(province));
    let scale = Scale { grace: moments.grace.status, later, bearer: subject.bearer, demand };
    let held = store.status(province, subject.authority, at.list);
    let list = held.map(|held| by_list(verifier, held, at, scale, moments));
    let proof = subject.proof.map(|proof| {
        let header = proof.claimed_header();
        // status-format.md §4: of another list or position it says nothing of this one.
        if (header.authority, header.list) != (subject.authority, at.list) {
            return Err(Reason::StatusProofOther);
        }
        let signer = store.check_status_proof(proof, province, &mut moments.known)?;
        by_proof((proof, signer), at, scale, moments)
    });
    let finding = match (list, proof) {
        (None, None) => Finding::none(Reason::StatusListMissing),
        (None, Some(Err(reason))) => Finding::none(reason),
        (Some(Ok(found)), None | Some(Err(_))) | (Some(Err(_)) | None, Some(Ok(found))) => found.finding,
        (Some(Err(unfit)), None | Some(Err(_))) => unfit,
        (Some(Ok(list)), Some(Ok(proof))) => newer(list, proof),
    };
    Finding { list: held, ..finding }.withheld()
}

/// Of two that are good for something: the newer, but what is proved for good stays proved.
fn newer<'s>(list: Weighed<'s>, proof: Weighed<'s>) -> Finding<'s> {
    if list.place == proof.place {
        // The list has more to tell of the past. Two of one number contradict each other, whatever they say.
        let contradict = list.digest != proof.digest;
        let outcome = if contradict { Outcome::Unknown(Reason::IssuerEquivocation) } else { list.finding.outcome };
        return Finding { outcome, ..list.finding };
    }
    let (newer, older) = if proof.place > list.place { (proof, list) } else { (list, proof) };
    // status-format.md §1: an irreversible state is never taken back, by whatever a thief publishes later.
    let settled = older.is_final() && !matches!(newer.finding.outcome, Outcome::Failed(_));
    if settled { older.finding } else { newer.finding }
}

/// How evidence is judged.
#[derive(Clone, Copy)]
struct Scale<'v> {
    grace: u64,
    /// Is what vouches for the signer newer than the knowledge that is asked about?
    later: bool,
    bearer: Bearer,
    /// What is asked of algorithms, if anything is, and the directory that lists the signer.
    demand: Option<(Demand<'v>, &'v HeldDirectory)>,
}

impl Scale<'_> {
    /// How far is a list of this header and signature relied on?
    fn rely(&self, header: &StatusHeader, signature: Footing, signer: &Signer, moments: &mut Moments) -> Relied {
        self.demand.map_or(Relied::Wholly, |(demand, directory)| {
            let question = status_question(header);
            let vouched = Vouched { signature, signer, directory, question: &question };
            demand.rely_on(&vouched, &STATUS, &mut moments.known)
        })
    }
}

/// What the held list says; or, where it is not to be used, that.
fn by_list<'s>(
    verifier: &Verifier<'s>,
    held: &'s HeldStatus,
    at: StatusPointer,
    scale: Scale<'_>,
    moments: &mut Moments,
) -> Result<Weighed<'s>, Finding<'s>> {
    let dates = held.dates();
    let freshness = dates.freshness(scale.grace, &mut moments.known);
    let read = held.body().and_then(|body| Ok((body.standing(at.index)?, body.history(at.list, at.index)?)));
    let signer = verifier.store().check_status_signer(held, &mut moments.known);
    let unfit = |reason| Finding { freshness, ..Finding::none(reason) };
    let ((standing, history), signer) = match (read, signer) {
        _ if freshness == Freshness::Later || scale.later => return Err(unfit(Reason::StateLater)),
        (Ok(read), Ok(signer)) => (read, signer),
        // Not the list is at fault, but the file in which it was kept.
        (Err(error), Ok(_)) if error.reason() == Reason::StatusListDamaged => {
            return Err(unfit(Reason::StatusListDamaged));
        }
        _ => return Err(unfit(Reason::StatusListRefused)),
    };
    let header = held.header();
    let told = told(Witness::List, held.digest(), header, standing, history.as_ref());
    let testimony = Testimony { told, standing, history, bearer: scale.bearer, freshness, dates };
    let mut finding = testimony.weigh(moments);
    finding.relied = scale.rely(header, held.footing(), signer, moments);
    if held.is_equivocal() {
        (finding.outcome, finding.before_list) = (Outcome::Unknown(Reason::IssuerEquivocation), false);
    }
    Ok(Weighed { place: (header.epoch, header.seq), digest: held.digest(), finding })
}

/// What a proof says whose signer and path were checked.
fn by_proof<'s>(
    (proof, signer): (&StatusProof<'_>, &Signer),
    at: StatusPointer,
    scale: Scale<'_>,
    moments: &mut Moments,
) -> Result<Weighed<'s>, Reason> {
    let header = proof.claimed_header();
    let kind = ObjectKind::StatusList;
    let dates = Dates { kind, issued: header.issued, next_update: header.next_update, expires: None };
    let standing = proof.standing(at.index).map_err(|error| error.reason())?;
    let freshness = dates.freshness(scale.grace, &mut moments.known);
    if freshness == Freshness::Later || scale.later {
        return Err(Reason::StateLater);
    }
    let digest = proof.envelope().object_digest();
    let told = told(Witness::Proof, digest, header, standing, None);
    let testimony = Testimony { told, standing, history: None, bearer: scale.bearer, freshness, dates };
    let mut finding = testimony.weigh(moments);
    let signature = Footing::of(proof.envelope().algorithm(), header.issued);
    finding.relied = scale.rely(header, signature, signer, moments);
    Ok(Weighed { place: (header.epoch, header.seq), digest, finding })
}

fn told(
    by: Witness,
    digest: Digest,
    header: &StatusHeader,
    standing: Standing,
    history: Option<&LicenseHistory>,
) -> Told {
    Told {
        by,
        digest,
        seq: header.seq,
        issued: header.issued,
        state: match standing {
            Standing::State(state) => Some(state),
            Standing::OutOfRange => None,
        },
        since: history.and_then(|history| history.since),
        cause: history.map_or(Cause::UNSTATED, |history| history.cause),
        successor: history.and_then(|history| history.successor),
    }
}

/// What evidence says, by itself.
struct Testimony {
    told: Told,
    standing: Standing,
    /// Where the list has details.
    history: Option<LicenseHistory>,
    bearer: Bearer,
    freshness: Freshness,
    dates: Dates,
}

impl Testimony {
    fn weigh<'s>(self, moments: &mut Moments) -> Finding<'s> {
        let before = moments.past().filter(|event| *event < self.dates.issued);
        let on_day = before.zip(self.history.as_ref()).map(|(event, history)| history.on(Day::of(event)));
        let lost = self.bearer == Bearer::Seal && self.history.as_ref().is_some_and(was_lost);
        let outcome = match (self.standing, on_day) {
            // status-format.md §1: evidence that the list is older than the license.
            (Standing::OutOfRange, _) => Outcome::Unknown(Reason::StatusOutOfRange),
            // procedure.md §1.8: the time is the word of whoever had the key, and nobody knows who that was.
            (Standing::State(_), Some(OnDay::State(State::InForce))) if lost => Outcome::of(Reason::StatusLostLater),
            (Standing::State(_), Some(on_day)) => stood(on_day, self.freshness, moments),
            (Standing::State(state), None) => stands(state, self.freshness, self.dates, moments),
        };
        // Only of what would pass: what a list says is not in force is not, however young the policy wants lists to be.
        let outcome = if outcome == Outcome::Passed { young_enough(self.dates, moments) } else { outcome };
        // What was lifted since is not in a list without details.
        let before_list = outcome == Outcome::Passed && before.is_some() && on_day.is_none();
        Finding {
            outcome,
            list: None,
            freshness: self.freshness,
            before_list,
            told: Some(self.told),
            relied: Relied::Wholly,
        }
    }
}

/// procedure.md §4: is the evidence as young as the policy asks, whatever its `next_update`?
fn young_enough(list: Dates, moments: &mut Moments) -> Outcome {
    let Some(most) = moments.max_status_age else { return Outcome::Passed };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    // A list of exactly that age is relied on yet.
    let too_old = list.issued.seconds().saturating_add(most).saturating_add(1);
    match moments.known.reached(too_old, Bound::StatusAge) {
        Certainty::No => Outcome::Passed,
        Certainty::Yes => Outcome::of(Reason::StatusTooOld),
        Certainty::Depends => Outcome::of(unsure_of_time(moments.known.window().basis(), Reason::StatusTimeDepends)),
    }
}

/// procedure.md §1.5: what a state is worth by the age of the list that says it, and by when it must have held.
fn stands(state: State, freshness: Freshness, list: Dates, moments: &mut Moments) -> Outcome {
    let Some(reason) = state.reason() else { return in_force(freshness, moments) };
    // A list without dates says what is so when it is issued; only what was never issued was so always.
    if state != State::Void && moments.past().is_some_and(|at| at < list.issued) {
        return Outcome::Unknown(Reason::StatusPastUnknown);
    }
    // What cannot be lifted stands by any list: it is signed. What can be lifted stands until the next list is due.
    let due = list.next_update.seconds();
    if state.is_reversible() && moments.event.reached(due, Bound::StatusListDue) != Certainty::No {
        return Outcome::Unknown(Reason::StatusSuspendedStale);
    }
    Outcome::of(reason)
}

/// Has it left its owner's hands, by what the list tells of its last state?
fn was_lost(history: &LicenseHistory) -> bool {
    history.state == State::ReportedLost
        || history.state != State::InForce && matches!(history.cause, Cause::LOST | Cause::HOLDER_KEY)
}

/// status-format.md §5: what the details say of a day that was over when the list was issued. Out of force it was, whatever came later.
fn stood(on_day: OnDay, freshness: Freshness, moments: &Moments) -> Outcome {
    match on_day {
        OnDay::State(state) => state.reason().map_or_else(|| in_force(freshness, moments), Outcome::of),
        OnDay::Changed(_) => Outcome::Unknown(Reason::StatusChangedThatDay),
        OnDay::Unknown => Outcome::Unknown(Reason::StatusPastUnknown),
        OnDay::WithdrawnLater => Outcome::Unknown(Reason::StatusWithdrawnLater),
    }
}

fn in_force(freshness: Freshness, moments: &Moments) -> Outcome {
    let basis = moments.known.window().basis();
    match freshness {
        Freshness::Fresh | Freshness::Grace => Outcome::Passed,
        Freshness::Stale | Freshness::Expired => Outcome::Unknown(Reason::StatusListStale),
        Freshness::Depends => Outcome::Unknown(unsure_of_time(basis, Reason::StatusTimeDepends)),
        Freshness::Later => Outcome::Unknown(Reason::StateLater),
    }
}
