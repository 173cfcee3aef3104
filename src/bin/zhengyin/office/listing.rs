//! Which licenses of the register are meant: by authority, type, region, state, day of issue, number, holder.

use super::register::{self, state_text};
use super::standing::Found;
use crate::clock;
use crate::files::{self, STREAM};
use crate::home::Home;
use crate::output::{Failure, say};
use std::ops::ControlFlow;
use std::path::Path;
use zhengyin::claims::id::{CreditCode, RegionPrefix, TypePrefix};
use zhengyin::claims::{HolderIdType, LicenseClaims};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::catalogue::Kept;
use zhengyin::register::{Entry, Kind};
use zhengyin::status::State;
use zhengyin::time::Day;

/// Words of the command line for states.
const STATES: [(State, &str); 7] = [
    (State::InForce, "in-force"),
    (State::Suspended, "suspended"),
    (State::ReportedLost, "reported-lost"),
    (State::Superseded, "superseded"),
    (State::Cancelled, "cancelled"),
    (State::Revoked, "revoked"),
    (State::Withdrawn, "withdrawn"),
];
/// No holder's id is longer.
const MAX_HOLDER: usize = 512;
/// Ids of bodies have numbers below this (GB/T 36903 Annex A).
const FIRST_OF_PERSONS: u16 = 100;

/// What is done with a credential and its bytes, which are none if its content was erased by law.
type Visit<'a> = dyn FnMut(&Found, Option<&[u8]>) -> Result<(), Failure> + 'a;

/// What a license must be to be meant. What is not asked is not looked at.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Which licenses")]
pub(crate) struct Selection {
    /// Of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    pub(crate) authority: Option<CreditCode>,
    /// Of this type: 21 characters, or the 18 of its definer for all of his
    #[arg(long = "type", value_name = "TYPE", value_parser = TypePrefix::parse)]
    type_prefix: Option<TypePrefix>,
    /// Of this region: 2, 4 or 6 digits
    #[arg(long, value_name = "REGION", value_parser = RegionPrefix::parse)]
    region: Option<RegionPrefix>,
    /// In this state: in-force, suspended, reported-lost, superseded, cancelled, revoked or withdrawn; may be repeated
    #[arg(long = "state", value_name = "STATE", value_parser = state)]
    states: Vec<State>,
    /// Issued on this day or later
    #[arg(long, value_name = "DATE", value_parser = day)]
    issued_from: Option<Day>,
    /// Issued on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = day)]
    issued_until: Option<Day>,
    /// With this number; a * at its end stands for anything
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// Of the holder with this id; - reads it from standard input, so that it stands on no command line
    #[arg(long, value_name = "ID")]
    holder: Option<String>,
}

fn state(word: &str) -> Result<State, String> {
    let found = STATES.iter().find(|(_, known)| *known == word).map(|(state, _)| *state);
    found.ok_or_else(|| format!("expected {}", STATES.map(|(_, word)| word).join(", ")))
}

/// The word for a state on the command line and in tables.
pub(crate) fn state_word(state: State) -> &'static str {
    STATES.iter().find(|(known, _)| *known == state).map_or("void", |(_, word)| word)
}

fn day(text: &str) -> Result<Day, String> {
    clock::day(text).ok_or_else(|| "expected a date as 2026-05-20".to_owned())
}

impl Selection {
    /// Whether nothing is asked.
    pub(crate) fn is_everything(&self) -> bool {
        let Self { authority, type_prefix, region, states, issued_from, issued_until, number, holder } = self;
        authority.is_none()
            && type_prefix.is_none()
            && region.is_none()
            && states.is_empty()
            && issued_from.is_none()
            && issued_until.is_none()
            && number.is_none()
            && holder.is_none()
    }

    /// Reads what is to be read, and looks whether anything can be meant.
    fn settled(&self) -> Result<Self, Failure> {
        let mut settled = self.clone();
        if settled.holder.as_deref() == Some(STREAM) {
            let bytes = files::read(Path::new(STREAM), MAX_HOLDER)?;
            let text = String::from_utf8(bytes).ok().map(|text| text.trim().to_owned());
            settled.holder = text.filter(|text| !text.is_empty());
            if settled.holder.is_none() {
                return Err(Failure::usage(say!(
                    "标准输入中没有持证主体代码",
                    "there is no holder's id on standard input"
                )));
            }
        }
        if let (Some(from), Some(to)) = (self.issued_from, self.issued_until)
            && from > to
        {
            return Err(Failure::usage(say!(
                "--issued-from 晚于 --issued-until",
                "--issued-from is later than --issued-until"
            )));
        }
        Ok(settled)
    }

    fn means_entry(&self, entry: &Entry) -> bool {
        let name = entry.name.as_ref();
        let issued = Day::of(entry.issuance.issued_at);
        let number = |asked: &String| {
            name.is_some_and(|name| match asked.strip_suffix('*') {
                Some(beginning) => name.number.starts_with(beginning),
                None => name.number == *asked,
            })
        };
        // Seals are no licenses, whatever is asked.
        entry.kind != Kind::Seal
            && (self.states.is_empty() || self.states.contains(&entry.state))
            && self.type_prefix.is_none_or(|prefix| name.is_some_and(|name| prefix.covers(&name.type_code)))
            && self.issued_from.is_none_or(|from| issued >= from)
            && self.issued_until.is_none_or(|to| issued <= to)
            && self.number.as_ref().is_none_or(number)
    }

    fn means_claims(&self, claims: &LicenseClaims<'_>) -> bool {
        let license = &claims.license;
        self.region.is_none_or(|region| region.covers(&license.region))
            && self.holder.as_ref().is_none_or(|id| license.holders.clone().any(|holder| holder.id == id))
    }

    fn asks_claims(&self) -> bool {
        self.region.is_some() || self.holder.is_some()
    }

    /// Visits every credential that is meant, with its bytes unless its content was erased by law; in bounded memory.
    pub(crate) fn each(&self, home: &Home, visit: &mut Visit<'_>) -> Result<u64, Failure> {
        let selection = self.settled()?;
        let mut count = 0_u64;
        for desk in register::all(home)? {
            let authority = desk.authority();
            if selection.authority.is_some_and(|asked| asked != authority) {
                continue;
            }
            let mut stopped = None;
            let walked = desk.each(&mut |entry| {
                if !selection.means_entry(&entry) {
                    return ControlFlow::Continue(());
                }
                let content = match desk.content(entry.status) {
                    Ok(content) => content,
                    Err(error) => {
                        stopped = Some(register::refused(home, error));
                        return ControlFlow::Break(());
                    }
                };
                let is_meant = content.as_deref().map_or(!selection.asks_claims(), |bytes| {
                    with_claims(bytes, |claims| selection.means_claims(claims)).unwrap_or(false)
                });
                if !is_meant {
                    return ControlFlow::Continue(());
                }
                count = count.saturating_add(1);
                match visit(&Found { authority, entry }, content.as_deref()) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(failure) => {
                        stopped = Some(failure);
                        ControlFlow::Break(())
                    }
                }
            });
            walked.map_err(|error| register::refused(home, error))?;
            if let Some(failure) = stopped {
                return Err(failure);
            }
        }
        Ok(count)
    }
}

/// What a license that the register kept says.
pub(crate) fn with_claims<T>(bytes: &[u8], look: impl FnOnce(&LicenseClaims<'_>) -> T) -> Option<T> {
    let envelope = Envelope::parse(bytes, Expected::Type(ObjectType::License)).ok()?;
    let claims = LicenseClaims::parse(envelope.claimed_payload()).ok()?;
    Some(look(claims.claimed()))
}

/// How ids of persons are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ids {
    Masked,
    Full,
}

/// A holder's id for people who need not see all of it. Codes of bodies are public.
pub(crate) fn shown_id(id_type: HolderIdType, id: &str, ids: Ids) -> String {
    if ids == Ids::Full || id_type.number() < FIRST_OF_PERSONS || id.contains('*') {
        return id.to_owned();
    }
    if id_type == HolderIdType::CITIZEN_ID {
        return Kept::CITIZEN.mask(id);
    }
    Kept { head: 1, tail: 3 }.mask(id)
}

/// A state in the language, for a column.
pub(crate) fn state_column(state: State, language: zhengyin::reason::Language) -> String {
    state_text(state).get(language).to_owned()
}
