//! Who hands out what was issued, and writes down what became of each row.

use super::handout::Handout;
use super::refusals::Refused;
use super::report::{Line, Outcome, Report};
use crate::output::Failure;
use std::sync::mpsc;
use zhengyin::issue::IssuedLicense;

/// What goes from the register to who writes it down.
pub(crate) enum Slip {
    Issued { row: u64, number: String, notes: Vec<String>, license: Box<IssuedLicense>, again: bool },
    Refused(Refused),
}

/// How many rows came to what.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) issued: u64,
    pub(crate) again: u64,
    pub(crate) refused: u64,
}

/// Hands out and writes down.
pub(crate) struct Clerk {
    pub(crate) handout: Handout,
    pub(crate) report: Report,
    pub(crate) counts: Counts,
}

impl Clerk {
    pub(crate) fn work(mut self, slips: &mpsc::Receiver<Slip>) -> Result<Self, Failure> {
        for slip in slips {
            match slip {
                Slip::Issued { row, number, notes, license, again } => {
                    let file = self.handout.hand(&license, row, &number)?;
                    let line = Line { row, number: &number, file: &file, notes: &notes };
                    let (count, outcome) = if again {
                        (&mut self.counts.again, Outcome::Again(&license))
                    } else {
                        (&mut self.counts.issued, Outcome::Issued(&license))
                    };
                    *count = count.saturating_add(1);
                    self.report.line(&line, outcome)?;
                }
                Slip::Refused(Refused { row, number, complaints }) => {
                    let line = Line { row, number: &number, file: "", notes: &[] };
                    self.counts.refused = self.counts.refused.saturating_add(1);
                    self.report.line(&line, Outcome::Refused(&complaints))?;
                }
            }
        }
        Ok(self)
    }
}
