//! The times of a verification: about when is asked, and by whose knowledge (procedure.md §3).

use super::outcome::Outcome;
use crate::reason::Reason;
use crate::store::unsure_of_time;
use crate::time::{Bound, Certainty, TimeWindow, Timestamp, Watch};
use crate::trust::Grace;

/// Two windows, which are the same unless the caller asks about other times than now.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    /// By which knowledge: how old what is held may be, and who stands, is asked of this.
    pub(super) known: Watch,
    /// When must it have been in force: what the license says is asked of this.
    pub(super) event: Watch,
    /// How long what is held may be overdue.
    pub(super) grace: Grace,
    /// The oldest status list that is relied on for *in force*.
    pub(super) max_status_age: Option<u64>,
    /// Whether the asked times have come is asked of the clock; kept where it does not say that they have.
    clock: TimeWindow,
    pending: Option<Watch>,
    asked: Asked,
}

/// The times that the caller asks about instead of now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) event_time: Option<Timestamp>,
    pub(super) known_as_of: Option<Timestamp>,
}

impl Moments {
    /// Knowledge is that of now if nothing else is asked for, and the event is that of the knowledge.
    pub(super) fn new(window: TimeWindow, asked: Asked) -> Self {
        let known = asked.known_as_of.map_or(window, TimeWindow::at);
        let event = asked.event_time.map_or(known, TimeWindow::at);
        Self {
            known: Watch::new(known),
            event: Watch::new(event),
            grace: Grace::default(),
            max_status_age: None,
            clock: window,
            pending: None,
            asked,
        }
    }

    /// What must have been in force is asked of one instant, which the object names itself.
    pub(super) fn about(&mut self, event: Timestamp) {
        self.event = Watch::new(TimeWindow::at(event));
        self.asked.event_time = Some(event);
    }

    pub(super) const fn asked(&self) -> Asked {
        self.asked
    }

    /// The past time that is asked about, if it is not now.
    pub(super) const fn past(&self) -> Option<Timestamp> {
        match self.asked {
            Asked { event_time: Some(event), .. } => Some(event),
            Asked { event_time: None, known_as_of } => known_as_of,
        }
    }

    /// Have the times come that are asked about? Of a time to come nothing is known, and an event lies within the knowledge.
    pub(super) fn have_come(&mut self) -> Outcome {
        let mut clock = Watch::new(self.clock);
        let knowledge = self.asked.known_as_of.map_or(Outcome::Passed, |at| came(&mut clock, at));
        self.pending = Some(clock).filter(|_| knowledge != Outcome::Passed);
        let event = self.asked.event_time.map_or(Outcome::Passed, |at| came(&mut self.known, at));
        knowledge.and(event)
    }

    /// Until when the answers stay, and what happens then.
    pub(super) fn next(&self) -> (Option<Timestamp>, Option<Bound>) {
        let mut all = self.known.clone();
        all.join(&self.event);
        self.pending.iter().for_each(|clock| all.join(clock));
        (all.next(), all.next_bound())
    }
}

fn came(watch: &mut Watch, at: Timestamp) -> Outcome {
    match watch.reached(at.seconds(), Bound::AskedTime) {
        Certainty::Yes => Outcome::Passed,
        Certainty::No => Outcome::of(Reason::TimeAskedAhead),
        Certainty::Depends => Outcome::of(unsure_of_time(watch.window().basis(), Reason::PeriodDepends)),
    }
}
