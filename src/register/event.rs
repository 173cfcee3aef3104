//! What happens in a register, and the form in which it is stored.

use alloc::string::String;
use alloc::vec::Vec;

use super::record::{Kind, Publication, Span};
use crate::cbor::{self, Fault, Kind as Item, Reader, Writer};
use crate::claims::StatusPointer;
use crate::status::State;
use crate::suite::Digest;
use crate::time::Timestamp;
use crate::trust::HistoryState;

/// The form of the journal that this program writes and reads.
pub(super) const VERSION: &str = "zhengyin.register/2";

/// What happened. The number is stored, the word is for people.
///
/// ```cddl
/// detail = [version: tstr]                                  ; 0 opened: the register was made
///        / []                                               ; 1 enrolled: the authority issues here from now on
///        / [spki: bstr]                                     ; 2 key: the authority signs with it from now on
///        / [list: uint, first: uint, count: uint]           ; 3 allotted: before anything is signed for these positions
///        / [list: uint, + (first: uint, count: uint)]       ; 4 issued: one license at each, signed and recorded
///        / [list: uint, index: uint, kind: 1..2, license]   ; 5 credential: another one of a license
///        / [list: uint, + (first: uint, count: uint)]       ; 6 void: allotted and never issued
///        / [list: uint, index: uint, state: 0..6, basis: tstr / null, effective: int / null, successor: license / null]   ; 7 changed
///        / [list: uint, epoch: uint, seq: uint, issued: int, length: uint, records: uint, digest: bstr .size 32]   ; 8 published
///        / [list: uint, index: uint, basis: tstr]           ; 9 erased: the content of a license
///        / [name: tstr, spki: bstr, admitted: bool]         ; 10 operator: admitted, or no longer
///        / [spki: bstr, state: 1..3, from: int, since: int / null]   ; 11 withdrawn: retired, withdrawn, compromised
///        / [records: uint, chain: bstr .size 32]            ; 12 restored: from a backup that had so many records
///        / [list: uint, first: uint, count: uint]           ; 13 skipped: may have been issued after the backup that was restored
///        / [statement: bstr, 2*2 [spki: bstr, signature: bstr]]      ; 14 consented: two operators, to what follows
///        / [list: uint, index: uint]                        ; 15 sealed: a seal, signed and recorded
/// license = [list: uint, index: uint]
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The register was made.
    Opened,
    /// The authority issues here from now on.
    Enrolled,
    /// The authority signs with this key from now on: its SubjectPublicKeyInfo.
    Key(Vec<u8>),
    /// Positions were allotted, before anything was signed for them.
    Allotted(Span),
    /// Licenses were signed and recorded, one at each position.
    Issued(Vec<Span>),
    /// Another credential of a license.
    Credential {
        /// Its position.
        at: StatusPointer,
        /// What it is.
        kind: Kind,
        /// The position of the license's first credential.
        license: StatusPointer,
    },
    /// Positions that were allotted and never issued.
    Void(Vec<Span>),
    /// The legal state of a credential changed.
    Changed {
        /// Its position.
        at: StatusPointer,
        /// The state that it has now.
        state: State,
        /// The legal basis.
        basis: Option<String>,
        /// From when it holds in law, where that is not the time of the record.
        effective: Option<Timestamp>,
        /// The license by which it was replaced.
        successor: Option<StatusPointer>,
    },
    /// A status list was published.
    Published(Publication),
    /// The content of a credential was erased by law.
    Erased {
        /// Its position.
        at: StatusPointer,
        /// The legal basis.
        basis: String,
    },
    /// An operator was admitted to approve what others do, or is no longer.
    Operator {
        /// Its name.
        name: String,
        /// Its key's SubjectPublicKeyInfo.
        key: Vec<u8>,
        /// Whether it approves from now on.
        admitted: bool,
    },
    /// A key of the authority no longer signs.
    Withdrawn {
        /// Its SubjectPublicKeyInfo.
        key: Vec<u8>,
        /// What became of it.
        state: HistoryState,
        /// When that took effect.
        from: Timestamp,
        /// Of a compromised key: since when it may have been in other hands.
        since: Option<Timestamp>,
    },
    /// Positions that are not allotted, because they may have been after the backup from which the register was restored.
    Skipped(Span),
    /// A seal was signed and recorded, at this position.
    Sealed(StatusPointer),
    /// Two operators consented to what follows.
    Consented {
        /// What they signed.
        statement: Vec<u8>,
        /// Key (SubjectPublicKeyInfo) and signature of who does it.
        first: (Vec<u8>, Vec<u8>),
        /// And of who approves it.
        second: (Vec<u8>, Vec<u8>),
    },
    /// The register was restored from a backup.
    Restored {
        /// How many records the backup had.
        records: u64,
        /// The chain over them.
        chain: Digest,
    },
}

impl Event {
    /// The number that is stored.
    #[must_use]
    pub const fn number(&self) -> u8 {
        match self {
            Self::Opened => 0,
            Self::Enrolled => 1,
            Self::Key(_) => 2,
            Self::Allotted(_) => 3,
            Self::Issued(_) => 4,
            Self::Credential { .. } => 5,
            Self::Void(_) => 6,
            Self::Changed { .. } => 7,
            Self::Published(_) => 8,
            Self::Erased { .. } => 9,
            Self::Operator { .. } => 10,
            Self::Withdrawn { .. } => 11,
            Self::Restored { .. } => 12,
            Self::Skipped(_) => 13,
            Self::Consented { .. } => 14,
            Self::Sealed(_) => 15,
        }
    }

    /// The word for it in JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Enrolled => "enrolled",
            Self::Key(_) => "key",
            Self::Allotted(_) => "allotted",
            Self::Issued(_) => "issued",
            Self::Credential { .. } => "credential",
            Self::Void(_) => "void",
            Self::Changed { .. } => "changed",
            Self::Published(_) => "published",
            Self::Erased { .. } => "erased",
            Self::Operator { .. } => "operator",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Restored { .. } => "restored",
            Self::Skipped(_) => "skipped",
            Self::Consented { .. } => "consented",
            Self::Sealed(_) => "sealed",
        }
    }

    /// The detail as it is stored and hashed.
    pub(super) fn encode(&self) -> Result<Vec<u8>, cbor::Error> {
        let mut w = Writer::new();
        match self {
            Self::Opened => {
                w.array(1);
                w.text(VERSION);
            }
            Self::Enrolled => w.array(0),
            Self::Key(spki) => {
                w.array(1);
                w.bytes(spki);
            }
            Self::Sealed(at) => {
                w.array(2);
                flat(&mut w, *at);
            }
            Self::Allotted(span) | Self::Skipped(span) => spans(&mut w, core::slice::from_ref(span)),
            Self::Issued(list) | Self::Void(list) => spans(&mut w, list),
            Self::Credential { at, kind, license } => {
                w.array(4);
                flat(&mut w, *at);
                w.uint(kind.number().into());
                pointer(&mut w, *license);
            }
            Self::Changed { at, state, basis, effective, successor } => {
                w.array(6);
                flat(&mut w, *at);
                w.uint(state.number().into());
                match basis {
                    Some(basis) => w.text(basis),
                    None => w.null(),
                }
                match effective {
                    Some(effective) => w.timestamp(*effective),
                    None => w.null(),
                }
                match successor {
                    Some(successor) => pointer(&mut w, *successor),
                    None => w.null(),
                }
            }
            Self::Published(published) => {
                w.array(7);
                w.uint(published.list);
                w.uint(published.epoch);
                w.uint(published.seq);
                w.timestamp(published.issued);
                w.uint(published.length.into());
                w.uint(published.records);
                w.bytes(published.digest.as_bytes());
            }
            Self::Erased { at, basis } => {
                w.array(3);
                flat(&mut w, *at);
                w.text(basis);
            }
            Self::Operator { name, key, admitted } => {
                w.array(3);
                w.text(name);
                w.bytes(key);
                w.boolean(*admitted);
            }
            Self::Withdrawn { key, state, from, since } => {
                w.array(4);
                w.bytes(key);
                w.uint(state.number().into());
                w.timestamp(*from);
                match since {
                    Some(since) => w.timestamp(*since),
                    None => w.null(),
                }
            }
            Self::Consented { statement, first, second } => {
                w.array(3);
                w.bytes(statement);
                for (key, signature) in [first, second] {
                    w.array(2);
                    w.bytes(key);
                    w.bytes(signature);
                }
            }
            Self::Restored { records, chain } => {
                w.array(2);
                w.uint(*records);
                w.bytes(chain.as_bytes());
            }
        }
        w.finish()
    }

    /// Reads a detail.
    pub(super) fn parse(number: u8, detail: &[u8]) -> Result<Self, cbor::Error> {
        let mut reader = Reader::new(detail);
        let items = reader.array()?;
        let event = read(&mut reader, number, items)?;
        reader.finish()?;
        event.ok_or(Reader::error_at(Fault::OutOfRange, 0))
    }
}

fn flat(w: &mut Writer, at: StatusPointer) {
    w.uint(at.list);
    w.uint(at.index);
}

fn pointer(w: &mut Writer, at: StatusPointer) {
    w.array(2);
    flat(w, at);
}

/// All spans of a record are of one list.
fn spans(w: &mut Writer, spans: &[Span]) {
    w.array(spans.len().saturating_mul(2).saturating_add(1));
    w.uint(spans.first().map_or(0, |span| span.list));
    for span in spans {
        w.uint(span.first.into());
        w.uint(span.count.into());
    }
}

fn read(reader: &mut Reader<'_>, number: u8, items: usize) -> Result<Option<Event>, cbor::Error> {
    let shape = |expected: usize, event: Event| (items == expected).then_some(event);
    Ok(match number {
        0 => shape(1, Event::Opened).filter(|_| reader.text() == Ok(VERSION)),
        1 => shape(0, Event::Enrolled),
        2 => shape(1, Event::Key(reader.bytes()?.to_vec())),
        3 => match read_spans(reader, items)?.as_deref() {
            Some([span]) => Some(Event::Allotted(*span)),
            _ => None,
        },
        4 => read_spans(reader, items)?.map(Event::Issued),
        5 => {
            let at = read_flat(reader)?;
            let kind = u8::try_from(reader.uint()?).ok().and_then(Kind::from_number);
            let license = StatusPointer::read(reader)?;
            kind.and_then(|kind| shape(4, Event::Credential { at, kind, license }))
        }
        6 => read_spans(reader, items)?.map(Event::Void),
        7 => {
            let at = read_flat(reader)?;
            let state = u8::try_from(reader.uint()?).ok().and_then(State::from_number);
            let basis = nullable(reader, |reader| reader.text().map(String::from))?;
            let effective = nullable(reader, Reader::timestamp)?;
            let successor = nullable(reader, StatusPointer::read)?;
            let state = state.filter(|state| *state != State::Void);
            state.and_then(|state| shape(6, Event::Changed { at, state, basis, effective, successor }))
        }
        8 => {
            let (list, epoch, seq) = (reader.uint()?, reader.uint()?, reader.uint()?);
            let (issued, length, records) = (reader.timestamp()?, reader.u32()?, reader.uint()?);
            let digest = Digest::new(*reader.byte_array()?);
            shape(7, Event::Published(Publication { list, epoch, seq, issued, length, records, digest }))
        }
        9 => {
            let at = read_flat(reader)?;
            shape(3, Event::Erased { at, basis: reader.text()?.into() })
        }
        10 => {
            let (name, key) = (reader.text()?.into(), reader.bytes()?.to_vec());
            shape(3, Event::Operator { name, key, admitted: reader.boolean()? })
        }
        11 => {
            let key = reader.bytes()?.to_vec();
            let states = [HistoryState::Retired, HistoryState::Withdrawn, HistoryState::Compromised];
            let number = reader.uint()?;
            let state = states.into_iter().find(|state| u64::from(state.number()) == number);
            let (from, since) = (reader.timestamp()?, nullable(reader, Reader::timestamp)?);
            state.and_then(|state| shape(4, Event::Withdrawn { key, state, from, since }))
        }
        12 => {
            let records = reader.uint()?;
            shape(2, Event::Restored { records, chain: Digest::new(*reader.byte_array()?) })
        }
        13 => match read_spans(reader, items)?.as_deref() {
            Some([span]) => Some(Event::Skipped(*span)),
            _ => None,
        },
        14 => {
            let statement = reader.bytes()?.to_vec();
            let (first, second) = (read_signed(reader)?, read_signed(reader)?);
            shape(3, Event::Consented { statement, first, second })
        }
        15 => shape(2, Event::Sealed(read_flat(reader)?)),
        _ => None,
    })
}

/// A key and its signature.
fn read_signed(reader: &mut Reader<'_>) -> Result<(Vec<u8>, Vec<u8>), cbor::Error> {
    reader.array_of(2)?;
    Ok((reader.bytes()?.to_vec(), reader.bytes()?.to_vec()))
}

fn read_flat(reader: &mut Reader<'_>) -> Result<StatusPointer, cbor::Error> {
    Ok(StatusPointer { list: reader.uint()?, index: reader.uint()? })
}

fn read_spans(reader: &mut Reader<'_>, items: usize) -> Result<Option<Vec<Span>>, cbor::Error> {
    let list = reader.uint()?;
    let pairs = items.saturating_sub(1);
    if pairs == 0 || !pairs.is_multiple_of(2) {
        return Ok(None);
    }
    let mut spans = Vec::new();
    for _ in 0..pairs / 2 {
        let span = Span { list, first: reader.u32()?, count: reader.u32()? };
        if span.count == 0 || span.end() > super::MAX_POSITIONS {
            return Ok(None);
        }
        spans.push(span);
    }
    Ok(Some(spans))
}

fn nullable<'a, T>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, cbor::Error>,
) -> Result<Option<T>, cbor::Error> {
    match reader.kind()? {
        Item::Simple => reader.null().map(|()| None),
        _ => read(reader).map(Some),
    }
}
