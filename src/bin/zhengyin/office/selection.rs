//! Which licenses are meant: by name, by a file of names, or by what they are and when they were issued.

use super::register::{self, OpenRegister};
use super::standing::{self, Found};
use crate::clock::Moment;
use crate::files;
use crate::home::Home;
use crate::output::{Failure, say};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use zhengyin::claims::LicenseClaims;
use zhengyin::claims::id::{CreditCode, Region, RegionPrefix, TypeCode, TypePrefix};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::register::{Entry, Kind, RegisterError};
use zhengyin::time::{Day, Period, Timestamp};

/// A million lines.
const MAX_BATCH: usize = 64 << 20;

/// Licenses by what they are.
#[derive(clap::Args, Debug)]
pub(crate) struct Query {
    /// Those of this type: 21 characters, or 18 for all types of an authority; may be repeated
    #[arg(long = "type", value_name = "TYPE", value_parser = TypePrefix::parse)]
    types: Vec<TypePrefix>,
    /// Those of this region: 2, 4 or 6 digits; may be repeated
    #[arg(long = "region", value_name = "REGION", value_parser = RegionPrefix::parse)]
    regions: Vec<RegionPrefix>,
    /// Those issued on this day or later
    #[arg(long, value_name = "DATE", value_parser = Moment::parse)]
    issued_from: Option<Moment>,
    /// Those issued on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = Moment::parse)]
    issued_until: Option<Moment>,
}

/// What is known of a license that is selected.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    pub(crate) entry: Entry,
    /// What it says; none once it was erased by law.
    pub(crate) content: Option<Said>,
}

/// What a license says of itself, as far as selecting needs it.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) type_code: TypeCode,
    pub(crate) name: String,
    pub(crate) region: Region,
    pub(crate) issued_on: Day,
    pub(crate) validity: Period,
}

impl Said {
    fn of(bytes: &[u8]) -> Option<Self> {
        let envelope = Envelope::parse(bytes, Expected::Type(ObjectType::License)).ok()?;
        let claims = LicenseClaims::parse(envelope.claimed_payload()).ok()?;
        let license = &claims.claimed().license;
        Some(Self {
            type_code: license.type_code,
            name: license.name.to_owned(),
            region: license.region,
            issued_on: license.issued_on,
            validity: license.validity.period(),
        })
    }
}

impl Query {
    /// Does it ask for nothing in particular?
    pub(crate) fn is_empty(&self) -> bool {
        self.types.is_empty() && self.regions.is_empty() && self.issued_from.is_none() && self.issued_until.is_none()
    }

    fn covers(&self, selected: &Selected, now: Timestamp) -> bool {
        let Selected { entry, content } = selected;
        let type_code = content.as_ref().map(|said| said.type_code).or(entry.name.as_ref().map(|name| name.type_code));
        let issued = content.as_ref().map_or_else(|| Day::of(entry.issuance.issued_at), |said| said.issued_on);
        let from = self.issued_from.map(|from| Day::of(from.before(now)));
        let until = self.issued_until.map(|until| Day::of(until.before(now)));
        let in_type = |prefix: &TypePrefix| type_code.is_some_and(|type_code| prefix.covers(&type_code));
        // What was erased by law does not say where it was from: it is counted, for it may be meant.
        let in_region = |prefix: &RegionPrefix| content.as_ref().is_none_or(|said| prefix.covers(&said.region));
        (self.types.is_empty() || self.types.iter().any(in_type))
            && (self.regions.is_empty() || self.regions.iter().any(in_region))
            && from.is_none_or(|from| from <= issued)
            && until.is_none_or(|until| issued <= until)
    }
}

/// A line of a batch that names no license, or several.
#[derive(Clone, Debug)]
pub(crate) struct Unknown {
    pub(crate) line: usize,
    pub(crate) id: String,
}

/// Names of licenses: those on the command line, and those of a file with one a line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    pub(crate) found: Vec<Found>,
    pub(crate) unknown: Vec<Unknown>,
}

impl Named {
    /// Looks the names up. One on the command line that is unknown is an error; in a file it is reported with its line.
    pub(crate) fn find(
        home: &Home,
        ids: &[String],
        batch: Option<&PathBuf>,
        authority: Option<CreditCode>,
    ) -> Result<Self, Failure> {
        let mut named = Self::default();
        let mut seen = BTreeSet::new();
        let registers = register::all(home)?;
        let mut is_new = |found: &Found| {
            // An annotated copy goes its own way.
            let entry = &found.entry;
            let at = if entry.kind == Kind::Copy { entry.status } else { entry.license };
            seen.insert((found.authority, at))
        };
        for id in ids {
            let found = standing::find_among(home, &registers, id, authority)?;
            if is_new(&found) {
                named.found.push(found);
            }
        }
        for (line, id) in batch.map(|path| lines(path)).transpose()?.into_iter().flatten() {
            match standing::find_among(home, &registers, &id, authority) {
                Ok(found) if is_new(&found) => named.found.push(found),
                Ok(_) => {}
                Err(_) => named.unknown.push(Unknown { line, id }),
            }
        }
        Ok(named)
    }
}

/// The lines of a file that name something, with their numbers. What follows a comma or a tab is passed over.
fn lines(path: &Path) -> Result<Vec<(usize, String)>, Failure> {
    let shown = path.display();
    let bytes = files::read(path, MAX_BATCH)?;
    let text = str::from_utf8(&bytes).map_err(|_| {
        Failure::new(say!("无法使用 {shown}", "{shown} cannot be used"))
            .because(say!("不是 UTF-8 文本", "it is no UTF-8 text"))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = |line: &str| line.split([',', '\t', '#']).next().unwrap_or_default().trim().to_owned();
    Ok((1..).zip(text.lines().map(first)).filter(|(_, id)| !id.is_empty()).collect())
}

/// Calls `each` with every license that a query covers: of those that were named, or of all.
pub(crate) fn each(
    home: &Home,
    named: Option<&Named>,
    query: &Query,
    authority: Option<CreditCode>,
    now: Timestamp,
    each: &mut dyn FnMut(CreditCode, Selected),
) -> Result<(), Failure> {
    let refused = |error| register::refused(home, error);
    for register in register::all(home)? {
        let own = register.authority();
        if authority.is_some_and(|authority| authority != own) {
            continue;
        }
        let mut offer = |entry: Entry| -> Result<(), RegisterError> {
            let content = said(&register, &entry)?;
            let selected = Selected { entry, content };
            if query.covers(&selected, now) {
                each(own, selected);
            }
            Ok(())
        };
        match named {
            Some(named) => {
                let ours = named.found.iter().filter(|found| found.authority == own);
                for found in ours {
                    offer(found.entry.clone()).map_err(refused)?;
                }
            }
            None => {
                let mut outcome = Ok(());
                let walked = register.each(&mut |entry| {
                    // A license's renewals and copies go the way of the license.
                    if entry.kind == Kind::First {
                        outcome = offer(entry);
                    }
                    if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                });
                walked.and(outcome).map_err(refused)?;
            }
        }
    }
    Ok(())
}

fn said(register: &OpenRegister, entry: &Entry) -> Result<Option<Said>, RegisterError> {
    Ok(register.content(entry.status)?.and_then(|bytes| Said::of(&bytes)))
}
