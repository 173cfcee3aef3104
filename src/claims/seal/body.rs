//! The seal itself, claim -70003.

use alloc::vec::Vec;

use super::fault::{Part, SealError, SealFault};
use crate::cbor::{Fault, Key, Reader, Writer};
use crate::claims::id::{CreditCode, SealCode, TypeCode};
use crate::claims::media_type::is_media_type;
use crate::claims::picture::{Picture, PictureRefusal};
use crate::reason::Language;
use crate::suite::Digest;

/// Keys, and kinds of document, of one seal: at most.
const MAX_LISTED: usize = 64;

/// The seal, as its maker describes it. It borrows from the payload.
///
/// ```cddl
/// seal = {
///   1 => tstr .regexp "[0-9]{14}",    ; code 印章编码, the first six digits its region
///   2 => tstr,                        ; name 印章名称
///   3 => uint,                        ; kind: 1 of a unit 单位印章, 2 of a person 个人印章
///   4 => { 1 => tstr, 2 => uscc },    ; owner's name and credit code
///   5 => picture,
///   6 => [1*64 bstr .size 32],        ; SHA-256 of the SubjectPublicKeyInfo of each key that may stamp, ascending
///   ? 7 => [1*64 tstr]                ; media types and license types that it may be used on, ascending; absent = any
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Seal<'a> {
    /// 印章编码.
    pub code: SealCode,
    /// 印章名称.
    pub name: &'a str,
    /// 印章类型.
    pub kind: SealKind,
    /// The owner's name.
    pub owner_name: &'a str,
    /// The owner's credit code: in its name the seal stamps.
    pub owner: CreditCode,
    /// 印模.
    pub picture: Picture<'a>,
    /// The keys that may stamp with it.
    pub signers: Signers<'a>,
    /// What it may be used on; `None` = any document.
    pub allowed: Option<Allowed<'a>>,
}

/// 印章类型, by its number in GB/T 38540.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealKind(u64);

impl SealKind {
    /// 单位印章.
    pub const UNIT: Self = Self(1);
    /// 个人印章.
    pub const PERSON: Self = Self(2);

    /// The kind of a number. One that is not known here has no name.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The name, of a kind that is known here.
    #[must_use]
    pub const fn text(self, language: Language) -> Option<&'static str> {
        match (self, language) {
            (Self::UNIT, Language::Zh) => Some("单位印章"),
            (Self::UNIT, Language::En) => Some("seal of a unit"),
            (Self::PERSON, Language::Zh) => Some("个人印章"),
            (Self::PERSON, Language::En) => Some("seal of a person"),
            _ => None,
        }
    }
}

/// The thumbprints of the keys that may stamp, ascending: read in place.
#[derive(Clone, Debug)]
pub struct Signers<'a>(Listed<'a>);

#[derive(Clone, Debug)]
enum Listed<'a> {
    Read(Reader<'a>, usize),
    Given(&'a [Digest]),
}

impl<'a> Signers<'a> {
    /// Keys by their thumbprints, which must ascend.
    #[must_use]
    pub const fn of(thumbprints: &'a [Digest]) -> Self {
        Self(Listed::Given(thumbprints))
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Digest> + use<'a> {
        let (mut reader, read, given) = match &self.0 {
            Listed::Read(reader, count) => (reader.clone(), *count, [].as_slice()),
            Listed::Given(given) => (Reader::new(&[]), 0, *given),
        };
        let read = (0..read).map_while(move |_| reader.byte_array().ok().map(|bytes| Digest::new(*bytes)));
        read.chain(given.iter().copied())
    }

    /// May this key stamp?
    #[must_use]
    pub fn contains(&self, thumbprint: &Digest) -> bool {
        self.iter().any(|listed| listed == *thumbprint)
    }
}

/// The media types and license types that a seal may be used on, ascending: read in place.
#[derive(Clone, Debug)]
pub struct Allowed<'a>(Kinds<'a>);

#[derive(Clone, Debug)]
enum Kinds<'a> {
    Read(Reader<'a>, usize),
    Given(&'a [&'a str]),
}

impl<'a> Allowed<'a> {
    /// These kinds, which must ascend in the order of their bytes.
    #[must_use]
    pub const fn of(kinds: &'a [&'a str]) -> Self {
        Self(Kinds::Given(kinds))
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (mut reader, read, given) = match &self.0 {
            Kinds::Read(reader, count) => (reader.clone(), *count, [].as_slice()),
            Kinds::Given(given) => (Reader::new(&[]), 0, *given),
        };
        (0..read).map_while(move |_| reader.text().ok()).chain(given.iter().copied())
    }

    /// Is a media type among them? Its letters may be of either case (RFC 6838 §4.2).
    #[must_use]
    pub fn has_media_type(&self, media_type: &str) -> bool {
        self.iter().any(|kind| kind.eq_ignore_ascii_case(media_type))
    }

    /// Is a license type among them?
    #[must_use]
    pub fn has_license_type(&self, type_code: &TypeCode) -> bool {
        self.iter().any(|kind| kind == type_code.as_str())
    }

    /// Are there license types among them?
    #[must_use]
    pub fn names_license_types(&self) -> bool {
        self.iter().any(|kind| !kind.contains('/'))
    }
}

impl<'a> Seal<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, SealError> {
        let map_at = reader.position();
        let missing = |key| SealFault::Missing { part: Part::Seal, key }.at(map_at);
        let (mut code, mut name, mut kind, mut owner) = (None, None, None, None);
        let (mut picture, mut signers, mut allowed) = (None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            let key = map.next(reader)?;
            let at = reader.position();
            match key {
                None => break,
                Some(Key::Int(1)) => {
                    let text = reader.text()?;
                    code = Some(SealCode::parse(text).map_err(|error| SealFault::Code(error).at(at))?);
                }
                Some(Key::Int(2)) => name = Some(said(reader)?),
                Some(Key::Int(3)) => kind = Some(SealKind(reader.uint()?)),
                Some(Key::Int(4)) => owner = Some(read_owner(reader)?),
                Some(Key::Int(5)) => picture = Some(read_picture(reader)?),
                Some(Key::Int(6)) => signers = Some(read_signers(reader)?),
                Some(Key::Int(7)) => allowed = Some(read_allowed(reader)?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        let (owner_name, owner) = owner.ok_or(missing(4))?;
        Ok(Self {
            code: code.ok_or(missing(1))?,
            name: name.ok_or(missing(2))?,
            kind: kind.ok_or(missing(3))?,
            owner_name,
            owner,
            picture: picture.ok_or(missing(5))?,
            signers: signers.ok_or(missing(6))?,
            allowed,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.text(self.code.as_str()));
            map.entry(2, |w| w.text(self.name));
            map.entry(3, |w| w.uint(self.kind.0));
            map.entry(4, |w| {
                w.map(|map| {
                    map.entry(1, |w| w.text(self.owner_name));
                    map.entry(2, |w| w.text(self.owner.as_str()));
                });
            });
            map.entry(5, |w| self.picture.write(w));
            map.entry(6, |w| {
                let signers: Vec<Digest> = self.signers.iter().collect();
                w.array_of(signers.iter(), |w, signer| w.bytes(signer.as_bytes()));
            });
            map.optional(7, self.allowed.as_ref(), |w, allowed| {
                let kinds: Vec<&str> = allowed.iter().collect();
                w.array_of(kinds.iter(), |w, kind| w.text(kind));
            });
        });
    }
}

/// A name that says something.
fn said<'a>(reader: &mut Reader<'a>) -> Result<&'a str, SealError> {
    let at = reader.position();
    match reader.text()? {
        text if text.trim().is_empty() => Err(SealFault::Empty.at(at)),
        text => Ok(text),
    }
}

fn read_owner<'a>(reader: &mut Reader<'a>) -> Result<(&'a str, CreditCode), SealError> {
    let map_at = reader.position();
    let missing = |key| SealFault::Missing { part: Part::Owner, key }.at(map_at);
    let (mut name, mut code) = (None, None);
    let mut map = reader.map()?;
    loop {
        let key_at = reader.position();
        let key = map.next(reader)?;
        let at = reader.position();
        match key {
            None => break,
            Some(Key::Int(1)) => name = Some(said(reader)?),
            Some(Key::Int(2)) => {
                let read = reader.identifier(CreditCode::of_bytes)?;
                code = Some(read.map_err(|error| SealFault::Owner(error).at(at))?);
            }
            Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
        }
    }
    Ok((name.ok_or(missing(1))?, code.ok_or(missing(2))?))
}

fn read_picture<'a>(reader: &mut Reader<'a>) -> Result<Picture<'a>, SealError> {
    Picture::read(reader)?.map_err(|refusal| match refusal {
        PictureRefusal::Missing { key, at } => SealFault::Missing { part: Part::Picture, key }.at(at),
        PictureRefusal::Fault { fault, at } => SealFault::Picture(fault).at(at),
    })
}

/// An ascending list has one order and no item twice.
fn ascends<T: PartialOrd>(previous: &mut Option<T>, next: T) -> bool {
    let ascends = previous.as_ref().is_none_or(|previous| *previous < next);
    *previous = Some(next);
    ascends
}

/// How many items the array has, of those that a list may have.
fn counted(reader: &mut Reader<'_>, wrong: SealFault) -> Result<usize, SealError> {
    let at = reader.position();
    Some(reader.array()?).filter(|count| (1..=MAX_LISTED).contains(count)).ok_or(wrong.at(at))
}

fn read_signers<'a>(reader: &mut Reader<'a>) -> Result<Signers<'a>, SealError> {
    let count = counted(reader, SealFault::Signers)?;
    let signers = Signers(Listed::Read(reader.clone(), count));
    let mut previous = None;
    for _ in 0..count {
        let at = reader.position();
        let signer: &[u8; 32] = reader.byte_array()?;
        if !ascends(&mut previous, signer) {
            return Err(SealFault::Signers.at(at));
        }
    }
    Ok(signers)
}

fn read_allowed<'a>(reader: &mut Reader<'a>) -> Result<Allowed<'a>, SealError> {
    let count = counted(reader, SealFault::Allowed)?;
    let allowed = Allowed(Kinds::Read(reader.clone(), count));
    let mut previous = None;
    for _ in 0..count {
        let at = reader.position();
        let kind = reader.text()?;
        if !(is_media_type(kind) || TypeCode::parse(kind).is_ok()) || !ascends(&mut previous, kind) {
            return Err(SealFault::Allowed.at(at));
        }
    }
    Ok(allowed)
}
