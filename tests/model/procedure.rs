//! The procedure written down a second time, from docs/procedure.md, over what matters of a small world: dates, a few marks, and what a
//! license is. Nothing of the library takes part but the names of the grounds and of the outcomes.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::verify::Outcome;

/// Seconds.
pub(crate) const DAY: i64 = 86_400;
/// The end of time, as a clock that nobody believes leaves it.
const NEVER: i64 = 253_402_300_799;

/// What matters of an object that is held. Times are seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doc {
    pub(crate) issued: i64,
    pub(crate) next: i64,
    pub(crate) expires: Option<i64>,
    /// Two of one number were seen.
    pub(crate) forked: bool,
    /// Of a directory: does it say that it is complete?
    pub(crate) complete: bool,
}

/// What a verifier holds and how it asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) trust: Option<Doc>,
    /// The directory of the province that lists the signer.
    pub(crate) home: Option<Doc>,
    /// That of a neighbour whose anchor may speak for the same region, and which comes first by its number.
    pub(crate) neighbour: Option<Doc>,
    pub(crate) status: Option<Doc>,
    /// Reading and uncertainty.
    pub(crate) clock: Option<(i64, i64)>,
    /// Seconds of grace: trust list, directory, status list.
    pub(crate) grace: [i64; 3],
}

/// Who signed a license, and what the directory says of that key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// A listed key that might.
    Rightly,
    /// A listed key that might not, for this ground.
    Without(Reason),
    /// It was altered after a listed key signed it.
    Altered,
    /// A key that no directory lists.
    Stranger,
}

/// What matters of a license.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paper {
    pub(crate) signed: Signed,
    pub(crate) issued: i64,
    pub(crate) not_before: i64,
    pub(crate) expires: i64,
    /// Legal validity.
    pub(crate) from: i64,
    pub(crate) until: Option<i64>,
    /// In the status list; `None` beyond its end.
    pub(crate) state: Option<State>,
}

/// The five steps that always apply.
pub(crate) type Answers = [Outcome; 5];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    Yes,
    No,
    Depends,
}

/// §3: the window, and what is wrong with the clock where it is only the floor.
#[derive(Clone, Copy)]
struct Window {
    lo: i64,
    hi: i64,
    fault: Option<Reason>,
}

impl Window {
    fn of(scene: &Scene) -> Self {
        let Some(trust) = scene.trust else { return Self::at(scene.clock, 0) };
        let later = [scene.home, scene.neighbour, scene.status].into_iter().flatten().map(|doc| doc.issued);
        let newest = later.max().unwrap_or(trust.issued);
        Self::at(scene.clock, trust.issued.max(newest.min(trust.issued + 8 * DAY)))
    }

    fn at(clock: Option<(i64, i64)>, floor: i64) -> Self {
        match clock {
            None => Self { lo: floor, hi: NEVER, fault: Some(Reason::TimeNoClock) },
            Some((now, _)) if now < floor - 300 => Self { lo: floor, hi: NEVER, fault: Some(Reason::TimeClockBehind) },
            Some((now, u)) => Self { lo: floor.max(now - u), hi: floor.max(now) + u, fault: None },
        }
    }

    fn reached(self, bound: i64) -> Sure {
        if self.lo >= bound {
            Sure::Yes
        } else if self.hi < bound {
            Sure::No
        } else {
            Sure::Depends
        }
    }

    /// A time that an issuer's clock wrote.
    fn reached_by_issuer(self, bound: i64) -> Sure {
        if self.reached(bound) == Sure::No && bound <= self.hi + 300 { Sure::Depends } else { self.reached(bound) }
    }

    fn unsure(self, otherwise: Reason) -> Reason {
        self.fault.unwrap_or(otherwise)
    }
}

/// §4, the table of ages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    Good,
    Stale,
    Expired,
    Depends,
}

fn age(doc: Doc, grace: i64, window: Window) -> Age {
    let expired = doc.expires.map_or(Sure::No, |expires| window.reached(expires));
    match (expired, window.reached(doc.next + grace)) {
        (Sure::Yes, _) => Age::Expired,
        (_, Sure::Yes) => Age::Stale,
        (Sure::Depends, _) | (_, Sure::Depends) => Age::Depends,
        (Sure::No, Sure::No) => Age::Good,
    }
}

/// An object that must be young enough, or what keeps it from being relied on.
fn young(doc: Doc, grace: i64, stale: Reason, window: Window) -> Result<(), Reason> {
    match age(doc, grace, window) {
        Age::Good => Ok(()),
        Age::Stale => Err(stale),
        Age::Expired => Err(Reason::IssuerTrustExpired),
        Age::Depends => Err(window.unsure(Reason::IssuerTimeDepends)),
    }
}

/// §1.2, *current?*
fn current(scene: &Scene, trust: Doc, home: Doc, window: Window) -> Result<(), Reason> {
    if trust.forked || home.forked {
        return Err(Reason::IssuerEquivocation);
    }
    young(trust, scene.grace[0], Reason::IssuerTrustStale, window)?;
    young(home, scene.grace[1], Reason::IssuerDirectoryStale, window)
}

/// §2, *closed candidates*; without the home province where that does not matter.
fn closed(scene: &Scene, trust: Doc, but_home: bool, issued: i64, window: Window) -> Result<(), Reason> {
    if trust.forked {
        return Err(Reason::IssuerEquivocation);
    }
    young(trust, scene.grace[0], Reason::IssuerTrustStale, window)?;
    for (directory, is_home) in [(scene.neighbour, false), (scene.home, true)] {
        if is_home && but_home {
            continue;
        }
        let directory = directory.ok_or(Reason::IssuerDirectoryMissing)?;
        if directory.forked {
            return Err(Reason::IssuerEquivocation);
        }
        if !directory.complete {
            return Err(Reason::IssuerUnknown);
        }
        if directory.issued < issued {
            return Err(Reason::IssuerDirectoryOlder);
        }
        match window.reached(directory.next.min(directory.expires.unwrap_or(NEVER))) {
            Sure::No => {}
            Sure::Yes => return Err(Reason::IssuerDirectoryStale),
            Sure::Depends => return Err(window.unsure(Reason::IssuerTimeDepends)),
        }
    }
    Ok(())
}

const BLOCKED: Outcome = Outcome::Unknown(Reason::StepBlocked);

/// The whole procedure.
pub(crate) fn answers(scene: &Scene, paper: &Paper) -> Answers {
    let window = Window::of(scene);
    let period = period(paper, window);
    let Some(trust) = scene.trust else {
        let missing = Outcome::Unknown(Reason::StateMissing);
        return [Outcome::Passed, missing, BLOCKED, period, missing];
    };
    let listed = scene.home.filter(|_| paper.signed != Signed::Stranger);
    let Some(home) = listed else {
        let issuer = match closed(scene, trust, false, paper.issued, window) {
            Ok(()) => Outcome::Failed(Reason::IssuerNotListed),
            Err(why) => Outcome::Unknown(why),
        };
        return [Outcome::Passed, issuer, BLOCKED, period, BLOCKED];
    };
    let current = current(scene, trust, home, window);
    let entitled = current.map_or_else(Outcome::Unknown, |()| Outcome::Passed);
    match paper.signed {
        Signed::Stranger | Signed::Rightly => {
            [Outcome::Passed, entitled, Outcome::Passed, period, status(scene, paper, window)]
        }
        Signed::Altered => {
            let signature = match closed(scene, trust, false, paper.issued, window) {
                Ok(()) => Outcome::Failed(Reason::SignatureBad),
                Err(_) => Outcome::Unknown(Reason::SignatureNoCandidate),
            };
            [Outcome::Passed, entitled, signature, period, BLOCKED]
        }
        Signed::Without(reason) => {
            let covers = !matches!(reason, Reason::IssuerType | Reason::IssuerRegion | Reason::IssuerAuthority);
            let issuer = without(scene, trust, reason, current, paper.issued, window);
            let status = if covers { status(scene, paper, window) } else { BLOCKED };
            [Outcome::Passed, issuer, Outcome::Passed, period, status]
        }
    }
}

/// §1.2, *judging a reason against the signer*.
fn without(
    scene: &Scene,
    trust: Doc,
    reason: Reason,
    current: Result<(), Reason>,
    issued: i64,
    window: Window,
) -> Outcome {
    if current == Err(Reason::IssuerEquivocation) {
        return Outcome::Unknown(Reason::IssuerEquivocation);
    }
    match reason {
        Reason::IssuerType | Reason::IssuerRegion | Reason::IssuerAuthority => {
            match closed(scene, trust, true, issued, window) {
                Ok(()) => Outcome::Failed(reason),
                Err(why) => Outcome::Unknown(why),
            }
        }
        Reason::IssuerCompromised | Reason::IssuerWithdrawn => Outcome::Failed(reason),
        Reason::IssuerCompromisedUnproven => Outcome::Unknown(reason),
        _ => current.map_or_else(Outcome::Unknown, |()| Outcome::Failed(reason)),
    }
}

/// §1.4.
fn period(paper: &Paper, window: Window) -> Outcome {
    let depends = Outcome::Unknown(window.unsure(Reason::PeriodDepends));
    let begun = |sure| match sure {
        Sure::Yes => Outcome::Passed,
        Sure::No => Outcome::Failed(Reason::PeriodNotYet),
        Sure::Depends => depends,
    };
    let ended = |sure, ground: Outcome| match sure {
        Sure::Yes => ground,
        Sure::No => Outcome::Passed,
        Sure::Depends => depends,
    };
    let checks = [
        begun(window.reached(paper.from)),
        paper
            .until
            .map_or(Outcome::Passed, |until| ended(window.reached(until), Outcome::Failed(Reason::PeriodExpired))),
        begun(window.reached_by_issuer(paper.issued)),
        begun(window.reached_by_issuer(paper.not_before)),
        ended(window.reached(paper.expires), Outcome::Unknown(Reason::PeriodCredentialExpired)),
    ];
    // A failure anywhere goes before a doubt; otherwise the first that does not hold.
    let failed = checks.iter().find(|outcome| matches!(outcome, Outcome::Failed(_)));
    let unknown = checks.iter().find(|outcome| matches!(outcome, Outcome::Unknown(_)));
    failed.or(unknown).copied().unwrap_or(Outcome::Passed)
}

/// §1.5.
fn status(scene: &Scene, paper: &Paper, window: Window) -> Outcome {
    let Some(list) = scene.status else { return Outcome::Unknown(Reason::StatusListMissing) };
    if list.forked {
        return Outcome::Unknown(Reason::IssuerEquivocation);
    }
    let Some(state) = paper.state else { return Outcome::Unknown(Reason::StatusOutOfRange) };
    let failed = match state {
        State::InForce => {
            return match age(list, scene.grace[2], window) {
                Age::Good => Outcome::Passed,
                Age::Stale | Age::Expired => Outcome::Unknown(Reason::StatusListStale),
                Age::Depends => Outcome::Unknown(window.unsure(Reason::StatusTimeDepends)),
            };
        }
        State::Suspended | State::ReportedLost if window.reached(list.next) != Sure::No => {
            return Outcome::Unknown(Reason::StatusSuspendedStale);
        }
        State::Revoked => Reason::StatusRevoked,
        State::Suspended => Reason::StatusSuspended,
        State::Superseded => Reason::StatusSuperseded,
        State::Cancelled => Reason::StatusCancelled,
        State::Withdrawn => Reason::StatusWithdrawn,
        State::ReportedLost => Reason::StatusReportedLost,
        State::Void => Reason::StatusVoid,
    };
    Outcome::Failed(failed)
}
