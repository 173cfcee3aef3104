//! The license itself, claim -70001.

use super::attachment::Attachment;
use super::copy::AnnotatedCopy;
use super::face::Fields;
use super::fault::{LicenseError, LicenseFault, Part};
use super::holder::Holder;
use super::list::List;
use crate::cbor::{Fault, Key, Reader};
use crate::claims::CredentialId;
use crate::claims::id::{self, Region, TypeCode};
use crate::time::{Day, Period};

/// The license, as its issuer describes it. It borrows from the payload.
///
/// ```cddl
/// license = {
///   1 => tstr .size 21,           ; type code 证照类型代码, [0-9A-Z]
///   2 => tstr,                    ; name 证照名称
///   3 => tstr,                    ; number 证照编号
///   4 => [+ holder],              ; 持证主体
///   5 => tstr,                    ; issuing authority's name 颁发机构
///   6 => tstr .regexp "[0-9]{6}", ; region, GB/T 2260
///   7 => day,                     ; issued on 颁发日期
///   8 => [from: day, ? until: day],   ; 有效期; no `until` = 长期
///   9 => { * field => value },    ; 照面信息
///   10 => [serial: tstr .regexp "[0-9A-Z]{1,64}", version: 1..999, ? authority: tstr .regexp "[0-9A-Z]{1,18}"],
///   ? 11 => [+ attachment],
///   ? 12 => copy,                 ; 加注件
///   ? 13 => bstr .size 16,        ; cti of the license that this one replaces
///   14 => 0 / 1 / 2,              ; bind
/// }
/// day = int                       ; days since 1970-01-01, in the civil calendar of Asia/Shanghai
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct License<'a> {
    /// 证照类型代码.
    pub type_code: TypeCode,
    /// 证照名称.
    pub name: &'a str,
    /// 证照编号.
    pub number: &'a str,
    /// 持证主体, at least one.
    pub holders: List<'a, Holder<'a>>,
    /// 颁发机构.
    pub authority_name: &'a str,
    /// 所属区划.
    pub region: Region,
    /// 颁发日期.
    pub issued_on: Day,
    /// 有效期.
    pub validity: Validity,
    /// 照面信息.
    pub fields: Fields<'a>,
    /// 流水号, 1 to 64 of `0`–`9`, `A`–`Z`.
    pub serial: &'a str,
    /// Version, 1 to 999.
    pub version: u16,
    /// The authority code that the license identifier uses, where it is not `iss`: 1 to 18 of `0`–`9`, `A`–`Z`.
    pub authority_code: Option<&'a str>,
    /// Files that belong to the license; absent or at least one.
    pub attachments: Option<List<'a, Attachment<'a>>>,
    /// Present when this is an annotated copy 加注件.
    pub copy: Option<AnnotatedCopy<'a>>,
    /// The credential that this one replaces.
    pub replaces: Option<CredentialId>,
    /// What ties the license to the person who shows it.
    pub binding: Binding,
}

/// Legal validity 有效期, in days of the civil calendar of Asia/Shanghai. Both days belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Validity {
    from: Day,
    until: Option<Day>,
    period: Period,
}

impl Validity {
    /// From `from` to `until`, both included; without `until`, 长期. None if `until` is before `from`.
    #[must_use]
    pub fn new(from: Day, until: Option<Day>) -> Option<Self> {
        Some(Self { from, until, period: Period::of_days(from, until)? })
    }

    /// The first day.
    #[must_use]
    pub const fn from(self) -> Day {
        self.from
    }

    /// The last day; none for 长期.
    #[must_use]
    pub const fn until(self) -> Option<Day> {
        self.until
    }

    /// The same in seconds, half-open: from 00:00 +08:00 of the first day to 00:00 +08:00 of the day after the last.
    #[must_use]
    pub const fn period(self) -> Period {
        self.period
    }
}

/// What ties a license to the person who shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binding {
    /// 0: nothing; whoever shows it.
    Bearer,
    /// 1: compare the holder with an identity document.
    Identity,
    /// 2: the holder's key must sign a presentation; `cnf` is present.
    HolderKey,
}

impl Binding {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Bearer => 0,
            Self::Identity => 1,
            Self::HolderKey => 2,
        }
    }
}

/// License key 10.
struct Serial<'a> {
    serial: &'a str,
    version: u16,
    authority_code: Option<&'a str>,
}

impl<'a> License<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, LicenseError> {
        let map_at = reader.position();
        let missing = |key| LicenseFault::Missing { part: Part::License, key }.at(map_at);
        let (mut type_code, mut name, mut number, mut holders, mut authority_name) = (None, None, None, None, None);
        let (mut region, mut issued_on, mut validity, mut fields, mut serial) = (None, None, None, None, None);
        let (mut attachments, mut copy, mut replaces, mut binding) = (None, None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            let key = map.next(reader)?;
            let at = reader.position();
            match key {
                None => break,
                Some(Key::Int(1)) => {
                    let read = reader.identifier(TypeCode::of_bytes)?;
                    type_code = Some(read.map_err(|error| LicenseFault::TypeCode(error).at(at))?);
                }
                Some(Key::Int(2)) => name = Some(reader.text()?),
                Some(Key::Int(3)) => number = Some(reader.text()?),
                Some(Key::Int(4)) => {
                    let list = List::parse(reader, Holder::read)?;
                    holders = Some(not_empty(list).ok_or(LicenseFault::NoHolder.at(at))?);
                }
                Some(Key::Int(5)) => authority_name = Some(reader.text()?),
                Some(Key::Int(6)) => {
                    let read = reader.identifier(Region::of_bytes)?;
                    region = Some(read.map_err(|error| LicenseFault::Region(error).at(at))?);
                }
                Some(Key::Int(7)) => issued_on = Some(reader.day()?),
                Some(Key::Int(8)) => validity = Some(read_validity(reader)?),
                Some(Key::Int(9)) => fields = Some(Fields::parse(reader)?),
                Some(Key::Int(10)) => serial = Some(read_serial(reader)?),
                Some(Key::Int(11)) => {
                    let list = List::parse(reader, Attachment::read)?;
                    attachments = Some(not_empty(list).ok_or(LicenseFault::NoAttachment.at(at))?);
                }
                Some(Key::Int(12)) => copy = Some(AnnotatedCopy::read(reader)?),
                Some(Key::Int(13)) => replaces = Some(CredentialId::new(*reader.byte_array()?)),
                Some(Key::Int(14)) => binding = Some(read_binding(reader)?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        let Serial { serial, version, authority_code } = serial.ok_or(missing(10))?;
        Ok(Self {
            type_code: type_code.ok_or(missing(1))?,
            name: name.ok_or(missing(2))?,
            number: number.ok_or(missing(3))?,
            holders: holders.ok_or(missing(4))?,
            authority_name: authority_name.ok_or(missing(5))?,
            region: region.ok_or(missing(6))?,
            issued_on: issued_on.ok_or(missing(7))?,
            validity: validity.ok_or(missing(8))?,
            fields: fields.ok_or(missing(9))?,
            serial,
            version,
            authority_code,
            attachments,
            copy,
            replaces,
            binding: binding.ok_or(missing(14))?,
        })
    }
}

fn not_empty<T>(list: List<'_, T>) -> Option<List<'_, T>> {
    (list.len() > 0).then_some(list)
}

fn read_validity(reader: &mut Reader<'_>) -> Result<Validity, LicenseError> {
    let at = reader.position();
    let length = reader.array()?;
    if !(1..=2).contains(&length) {
        return Err(Reader::error_at(Fault::OutOfRange, at).into());
    }
    let from = reader.day()?;
    let until = if length == 2 { Some(reader.day()?) } else { None };
    Validity::new(from, until).ok_or(LicenseFault::ValidityOrder.at(at))
}

fn read_serial<'a>(reader: &mut Reader<'a>) -> Result<Serial<'a>, LicenseError> {
    let at = reader.position();
    let length = reader.array()?;
    if !(2..=3).contains(&length) {
        return Err(Reader::error_at(Fault::OutOfRange, at).into());
    }
    let at = reader.position();
    let serial = reader.text()?;
    id::check_serial_shape(serial).map_err(|error| LicenseFault::Serial(error).at(at))?;
    let at = reader.position();
    let version = u16::try_from(reader.uint()?).ok().filter(|version| (1..=999).contains(version));
    let version = version.ok_or(LicenseFault::Version.at(at))?;
    let at = reader.position();
    let authority_code = if length == 3 { Some(reader.text()?) } else { None };
    if let Some(code) = authority_code {
        id::check_authority_shape(code).map_err(|error| LicenseFault::AuthorityCode(error).at(at))?;
    }
    Ok(Serial { serial, version, authority_code })
}

fn read_binding(reader: &mut Reader<'_>) -> Result<Binding, LicenseError> {
    let at = reader.position();
    match reader.uint()? {
        0 => Ok(Binding::Bearer),
        1 => Ok(Binding::Identity),
        2 => Ok(Binding::HolderKey),
        _ => Err(LicenseFault::Binding.at(at)),
    }
}
