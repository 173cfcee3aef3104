//! Many licenses from one file: how it is read, what each row must be, what is told of it, and where the licenses go.
//!
//! ```text
//! file ─encoding→ UTF-8 ─table→ rows of cells ─map, cell→ facts ─check→ orders ─register→ licenses ─handout→ files
//!                                          └───────────────────────── report: a line for each row ──────────────┘
//! ```
//!
//! The file is read twice: every row is checked before the first is signed. Nothing is held in memory that grows with the file but a
//! fingerprint of each row's name.

pub(crate) mod cell;
pub(crate) mod clerk;
pub(crate) mod cores;
pub(crate) mod encoding;
pub(crate) mod handout;
pub(crate) mod map;
pub(crate) mod progress;
pub(crate) mod refusals;
pub(crate) mod report;
pub(crate) mod row;
pub(crate) mod run;
pub(crate) mod starter;
pub(crate) mod table;

use crate::output::Say;
use std::borrow::Cow;

/// What is wrong with a row: where, what stands there, which rule it breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Complaint {
    /// The column's name; none where it is the row as a whole.
    pub(crate) column: Option<String>,
    /// What stands there.
    pub(crate) value: String,
    /// The rule's name, for programs.
    pub(crate) rule: Cow<'static, str>,
    /// What it asks, for people.
    pub(crate) why: Say,
}

impl Complaint {
    /// Of a row as a whole.
    pub(crate) const fn of_row(rule: &'static str, why: Say) -> Self {
        Self { column: None, value: String::new(), rule: Cow::Borrowed(rule), why }
    }
}
