//! The status lists of an authority: what the register says of every license, or what another system says, signed and filed.

use super::positions::Positions;
use super::register::{self, OpenRegister};
use super::seat::Seat;
use crate::args;
use crate::files::{self, Access};
use crate::home::{self, Home};
use crate::output::{Failure, Say, say};
use std::ops::Range;
use std::path::{Path, PathBuf};
use zhengyin::issue::{Signer, StatusError, StatusFacts, publish_detailed_status, publish_status};
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::register::{Act, Publication, RegisterError, Snapshot};
use zhengyin::status::{LicenseHistory, State, StatusList};
use zhengyin::store::Store;
use zhengyin::time::Timestamp;

/// Does a list tell since when, why, and what was before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Details {
    Told,
    Left,
}

/// What a list says.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// The states alone.
    States(Vec<(Range<u32>, State)>),
    /// What became of each position.
    Histories(Vec<(u32, LicenseHistory)>),
}

impl Content {
    /// How many positions are not in force.
    pub(crate) fn listed(&self) -> usize {
        match self {
            Self::States(states) => states.iter().fold(0, |sum, (positions, _)| sum.saturating_add(positions.len())),
            Self::Histories(histories) => {
                histories.iter().filter(|(_, history)| history.state != State::InForce).count()
            }
        }
    }
}

/// What a list says, and as of which record of the register.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    records: u64,
    pub(crate) length: u32,
    pub(crate) content: Content,
}

/// Where the facts of a list come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// The register of this home.
    Register(Details),
    /// A file that another system wrote.
    File(&'a Positions, Details),
}

impl Source<'_> {
    /// What the list says, as of one record of the register.
    pub(crate) fn read(self, register: &OpenRegister, list: u64) -> Result<Drawn, RegisterError> {
        Ok(match self {
            Self::Register(Details::Left) => {
                let Snapshot { records, length, states } = register.snapshot(list)?;
                let states = states.into_iter().map(|(at, state)| (at..at.saturating_add(1), state)).collect();
                Drawn { records, length, content: Content::States(states) }
            }
            Self::Register(Details::Told) => {
                let (Snapshot { records, length, .. }, histories) = register.histories(list)?;
                Drawn { records, length, content: Content::Histories(histories) }
            }
            Self::File(positions, details) => {
                let content = match details {
                    Details::Left => Content::States(positions.states()),
                    Details::Told => Content::Histories(positions.histories()),
                };
                Drawn { records: register.head()?.records, length: positions.length, content }
            }
        })
    }
}

/// Is the list kept by another system? It was published, and the register has given nobody a position in it.
pub(crate) fn is_kept_elsewhere(register: &OpenRegister, list: u64) -> Result<bool, RegisterError> {
    Ok(register.length(list)? == 0 && register.published(list)?.is_some_and(|published| published.length > 0))
}

/// Nothing is issued in a list whose positions another system gives out.
pub(crate) fn check_kept_here(home: &Home, register: &OpenRegister, list: u64) -> Result<(), Failure> {
    if !is_kept_elsewhere(register, list).map_err(|error| register::refused(home, error))? {
        return Ok(());
    }
    let (line, old, new) =
        (args::command_line(), format!(" --list {list}"), format!(" --list {}", list.saturating_add(1)));
    let next = if line.contains(&old) { line.replacen(&old, &new, 1) } else { line + &new };
    Err(Failure::new(say!(
        "清单 {list} 的位置由别的系统分配",
        "the positions of list {list} are given out by another system"
    ))
    .next(next))
}

/// A status list that is ready to be signed.
#[derive(Clone, Debug)]
pub(crate) struct NextList {
    /// What its header says, but for the length, which the register tells when it is published.
    pub(crate) facts: StatusFacts,
    previous: Option<Vec<u8>>,
    path: PathBuf,
}

/// Drafts the next status list of a number: what the register says of every position.
pub(crate) fn next(
    home: &Home,
    seat: &Seat,
    list: u64,
    store: &Store,
    (now, next_update): (Timestamp, Timestamp),
) -> Result<NextList, Failure> {
    let authority = seat.facts.authority;
    let refused = |error| register::refused(home, error);
    let published = match register::read(home, authority)? {
        Some(register) => register.published(list).map_err(refused)?,
        None => None,
    };
    let folder = home.authority(authority);
    let newest = home::newest_lists(&folder)?.remove(&list);
    let previous = newest.as_ref().map(|(_, path)| files::read(path, MAX_TRUST_OBJECT)).transpose()?;
    // The directory states the epoch.
    let minimum = store.directory(seat.facts.province).and_then(|held| {
        held.directory().minimums.get(&authority)?.iter().find(|minimum| minimum.list == list).copied()
    });
    let epoch = minimum.map_or(0, |minimum| minimum.epoch).max(published.map_or(0, |published| published.epoch));
    // A list that was recorded and could not be filed has its number for good.
    let last = [
        newest.map(|(seq, _)| seq),
        published.map(|published| published.seq),
        minimum.map(|m| m.min_seq.saturating_sub(1)),
    ];
    let seq = last.into_iter().flatten().max().unwrap_or(0).saturating_add(1);
    let issued = super::after(now, published.map(|published| published.issued))?;
    let facts = StatusFacts { authority, list, epoch, seq, issued, next_update, length: 0 };
    let path = home::numbered_path(&folder, &format!("status-{list}"), seq);
    Ok(NextList { facts, previous, path })
}

/// A list that was published.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    pub(crate) path: PathBuf,
    /// Bytes.
    pub(crate) size: usize,
}

/// The bytes of a list that was published here.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read(path, MAX_TRUST_OBJECT)
}

/// The list in these bytes, whose body is the one that was signed.
pub(crate) fn parse<'a>(path: &Path, bytes: &'a [u8]) -> Result<StatusList<'a>, Failure> {
    let shown = path.display();
    let unusable =
        |why| Failure::new(say!("无法使用状态清单 {shown}", "the status list {shown} cannot be used")).because(why);
    let list = StatusList::parse(bytes).map_err(|error| unusable(say!("{error}", "{error}")))?;
    list.verify_body().map_err(|error| unusable(say!("{error}", "{error}")))?;
    Ok(list)
}

impl NextList {
    /// Signs the list, records it, and files it, after a store has taken it.
    pub(crate) fn publish(
        &self,
        home: &Home,
        register: &mut OpenRegister,
        source: Source<'_>,
        (store, signer): (&Store, &dyn Signer),
        act: &Act<'_>,
    ) -> Result<Filed, Failure> {
        let StatusFacts { authority, list, epoch, seq, issued, .. } = self.facts;
        let code = authority.as_str();
        let failed = |why| {
            Failure::new(say!("无法发布 {code} 的状态清单 {list}", "status list {list} of {code} cannot be published"))
                .because(why)
        };
        let refused = |error| register::refused(home, error);
        register.check_key(signer.public_key()).map_err(refused)?;
        let Drawn { records, length, content } = source.read(register, list).map_err(refused)?;
        let facts = StatusFacts { length, ..self.facts };
        let previous = self.previous.as_deref();
        let object = match content {
            Content::States(states) => {
                let each = |(positions, state): (Range<u32>, State)| positions.map(move |position| (position, state));
                publish_status(&facts, states.into_iter().flat_map(each), previous, Some(store), signer)
            }
            Content::Histories(told) => publish_detailed_status(&facts, &told, previous, Some(store), signer),
        };
        let object = object.map_err(|error| failed(explain(error)))?;
        let parsed = StatusList::parse(&object).map_err(|error| failed(say!("{error}", "{error}")))?;
        let digest = parsed.envelope().object_digest();
        files::check_absent(&self.path)?;
        files::check_can_create(&self.path)?;
        register
            .record_publication(Publication { list, epoch, seq, issued, length, records, digest }, act)
            .map_err(refused)?;
        files::create(&self.path, &object, Access::Shared)?;
        Ok(Filed { path: self.path.clone(), size: object.len() })
    }
}

fn explain(error: StatusError) -> Say {
    match error {
        StatusError::Refused(refusal) => super::reason_text(refusal.reason),
        StatusError::Draft(error) => super::words::explain_draft(error),
        StatusError::Resurrected(position) => say!(
            "位置 {position} 此前为不可逆状态，不能恢复",
            "position {position} had an irreversible state, which is not taken back"
        ),
        error => say!("{error}", "{error}"),
    }
}
