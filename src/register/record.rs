//! Records: what happened, one after another.

use alloc::string::String;
use alloc::vec::Vec;

use crate::cbor::{self, Fault, Kind, Reader, Writer};
use crate::claims::id::{CreditCode, TypeCode};
use crate::claims::{CredentialId, StatusPointer};
use crate::status::State;
use crate::suite::Digest;
use crate::time::Timestamp;

/// The version of the register that this program writes and reads.
pub(super) const VERSION: &str = "zhengyin.register/1";

/// What names a license among those of its authority: one is issued for each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseName {
    /// 证照类型代码.
    pub type_code: TypeCode,
    /// 证照编号.
    pub number: String,
    /// Version, 1 to 999.
    pub version: u16,
}

/// What is kept of a license that was issued. Nothing of the holder is: the digest names what was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuance {
    /// `cti`.
    pub id: CredentialId,
    /// The object digest.
    pub digest: Digest,
    /// `nbf`.
    pub not_before: Timestamp,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `exp`.
    pub expires: Option<Timestamp>,
}

/// A status list that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The list's number.
    pub list: u64,
    /// Its epoch.
    pub epoch: u64,
    /// Its sequence number.
    pub seq: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// The object digest of its header.
    pub digest: Digest,
}

/// What happened.
///
/// ```cddl
/// record = [number: uint, time: int, what]
/// what = ( 0, version: tstr, authority: uscc )                                    ; the register was opened for the first time
///      / ( 1, list: uint, index: uint, type: tstr, number: tstr, version: uint )  ; a position was allotted
///      / ( 2, list: uint, index: uint, cti: bstr .size 16, digest: bstr .size 32, nbf: int, iat: int, exp: int / null )   ; issued
///      / ( 3, list: uint, index: uint, state: 0..6, reason: tstr )                ; the state of a license changed
///      / ( 4, list: uint, index: uint )                                           ; a position is void: allotted and never issued
///      / ( 5, list: uint, epoch: uint, seq: uint, issued: int, digest: bstr .size 32 )   ; a status list was published
///      / ( 6, cut: uint, digest: bstr .size 32 )                                  ; so many bytes of a torn record were cut
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Opened { authority: CreditCode },
    Allotted { at: StatusPointer, name: LicenseName },
    Issued { at: StatusPointer, issuance: Issuance },
    Changed { at: StatusPointer, state: State, reason: String },
    Void { at: StatusPointer },
    Published(Publication),
    Cut { bytes: u64, digest: Digest },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) number: u64,
    pub(super) time: Timestamp,
    pub(super) event: Event,
}

impl Record {
    pub(super) fn encode(&self) -> Result<Vec<u8>, cbor::Error> {
        let mut w = Writer::new();
        let head = |w: &mut Writer, kind: u64, fields: usize| {
            w.array(fields.saturating_add(3));
            w.uint(self.number);
            w.timestamp(self.time);
            w.uint(kind);
        };
        let pointer = |w: &mut Writer, at: &StatusPointer| {
            w.uint(at.list);
            w.uint(at.index);
        };
        match &self.event {
            Event::Opened { authority } => {
                head(&mut w, 0, 2);
                w.text(VERSION);
                w.text(authority.as_str());
            }
            Event::Allotted { at, name } => {
                head(&mut w, 1, 5);
                pointer(&mut w, at);
                w.text(name.type_code.as_str());
                w.text(&name.number);
                w.uint(name.version.into());
            }
            Event::Issued { at, issuance } => {
                head(&mut w, 2, 7);
                pointer(&mut w, at);
                w.bytes(issuance.id.as_bytes());
                w.bytes(issuance.digest.as_bytes());
                w.timestamp(issuance.not_before);
                w.timestamp(issuance.issued_at);
                match issuance.expires {
                    Some(expires) => w.timestamp(expires),
                    None => w.null(),
                }
            }
            Event::Changed { at, state, reason } => {
                head(&mut w, 3, 4);
                pointer(&mut w, at);
                w.uint(state.number().into());
                w.text(reason);
            }
            Event::Void { at } => {
                head(&mut w, 4, 2);
                pointer(&mut w, at);
            }
            Event::Published(published) => {
                head(&mut w, 5, 5);
                w.uint(published.list);
                w.uint(published.epoch);
                w.uint(published.seq);
                w.timestamp(published.issued);
                w.bytes(published.digest.as_bytes());
            }
            Event::Cut { bytes, digest } => {
                head(&mut w, 6, 2);
                w.uint(*bytes);
                w.bytes(digest.as_bytes());
            }
        }
        w.finish()
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, cbor::Error> {
        let mut reader = Reader::new(bytes);
        let fields = reader.array()?;
        let (number, time) = (reader.uint()?, reader.timestamp()?);
        let at = reader.position();
        let kind = reader.uint()?;
        let (event, expected) = read_event(&mut reader, kind)?.ok_or(Reader::error_at(Fault::OutOfRange, at))?;
        reader.finish()?;
        if fields == expected { Ok(Self { number, time, event }) } else { Err(Reader::error_at(Fault::OutOfRange, 0)) }
    }
}

/// The event of a kind, and how many items its record has.
fn read_event(reader: &mut Reader<'_>, kind: u64) -> Result<Option<(Event, usize)>, cbor::Error> {
    let digest = |reader: &mut Reader<'_>| reader.byte_array::<32>().copied().map(Digest::new);
    Ok(Some(match kind {
        0 => {
            let version = reader.text()? == VERSION;
            let Ok(authority) = CreditCode::parse(reader.text()?) else { return Ok(None) };
            if !version {
                return Ok(None);
            }
            (Event::Opened { authority }, 5)
        }
        1 => {
            let at = StatusPointer { list: reader.uint()?, index: reader.uint()? };
            let Ok(type_code) = TypeCode::parse(reader.text()?) else { return Ok(None) };
            let number = reader.text()?.into();
            let Ok(version) = u16::try_from(reader.uint()?) else { return Ok(None) };
            (Event::Allotted { at, name: LicenseName { type_code, number, version } }, 8)
        }
        2 => {
            let at = StatusPointer { list: reader.uint()?, index: reader.uint()? };
            let issuance = Issuance {
                id: CredentialId::new(*reader.byte_array()?),
                digest: digest(reader)?,
                not_before: reader.timestamp()?,
                issued_at: reader.timestamp()?,
                expires: match reader.kind()? {
                    Kind::Simple => reader.null().map(|()| None)?,
                    _ => Some(reader.timestamp()?),
                },
            };
            (Event::Issued { at, issuance }, 10)
        }
        3 => {
            let at = StatusPointer { list: reader.uint()?, index: reader.uint()? };
            let state = u8::try_from(reader.uint()?).ok().and_then(State::from_number);
            let Some(state) = state.filter(|state| *state != State::Void) else { return Ok(None) };
            (Event::Changed { at, state, reason: reader.text()?.into() }, 7)
        }
        4 => (Event::Void { at: StatusPointer { list: reader.uint()?, index: reader.uint()? } }, 5),
        5 => {
            let (list, epoch, seq) = (reader.uint()?, reader.uint()?, reader.uint()?);
            let issued = reader.timestamp()?;
            (Event::Published(Publication { list, epoch, seq, issued, digest: digest(reader)? }), 8)
        }
        6 => (Event::Cut { bytes: reader.uint()?, digest: digest(reader)? }, 5),
        _ => return Ok(None),
    }))
}

/// The list of which a torn record began to allot a position, as far as that can be read.
pub(super) fn torn_allotment(record: &[u8]) -> Option<u64> {
    // The array's head is passed over: the items that it announces are not all there.
    let mut reader = Reader::new(record.get(1..)?);
    reader.uint().ok()?;
    reader.timestamp().ok()?;
    if reader.uint().ok()? == 1 { reader.uint().ok() } else { None }
}
