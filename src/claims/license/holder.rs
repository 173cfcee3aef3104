//! Holders 持证主体 and the kinds of their identity documents.

use core::fmt;

use super::fault::{LicenseError, LicenseFault, Part};
use crate::cbor::{Fault, Key, Reader};
use crate::reason::Language;

/// A holder 持证主体, as signed.
///
/// ```cddl
/// holder = { 1 => name: tstr, 2 => uint, 3 => id: tstr }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder<'a> {
    /// 持证主体名称.
    pub name: &'a str,
    /// 持证主体代码类型.
    pub id_type: HolderIdType,
    /// 持证主体代码; characters may be masked by `*`. Its form is a question for [`LicenseClaims::warnings`](super::LicenseClaims::warnings).
    pub id: &'a str,
}

impl<'a> Holder<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, LicenseError> {
        let map_at = reader.position();
        let missing = |key| LicenseFault::Missing { part: Part::Holder, key }.at(map_at);
        let (mut name, mut id_type, mut id) = (None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            let key = map.next(reader)?;
            let at = reader.position();
            match key {
                None => break,
                Some(Key::Int(1)) => name = Some(reader.text()?),
                Some(Key::Int(2)) => {
                    let number = u16::try_from(reader.uint()?).ok().and_then(HolderIdType::new);
                    id_type = Some(number.ok_or(LicenseFault::HolderIdType.at(at))?);
                }
                Some(Key::Int(3)) => id = Some(reader.text()?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        Ok(Self { name: name.ok_or(missing(1))?, id_type: id_type.ok_or(missing(2))?, id: id.ok_or(missing(3))? })
    }
}

/// Type of a holder's identity document 持证主体代码类型 (GB/T 36903 Annex A): three digits, 000 to 999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HolderIdType(u16);

impl HolderIdType {
    /// Unified social credit code, GB 32100.
    pub const CREDIT_CODE: Self = Self(1);
    /// Another document of a legal person.
    pub const OTHER_LEGAL_PERSON: Self = Self(99);
    /// Citizen identity number, GB 11643.
    pub const CITIZEN_ID: Self = Self(111);
    /// Ordinary passport.
    pub const PASSPORT: Self = Self(414);
    /// Mainland travel permit for Taiwan residents.
    pub const TAIWAN_PERMIT: Self = Self(511);
    /// Mainland travel permit for Hong Kong and Macao residents.
    pub const HONG_KONG_MACAO_PERMIT: Self = Self(516);
    /// Another document of a natural person.
    pub const OTHER_PERSON: Self = Self(999);

    /// The type of a number from 0 to 999.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        if number <= 999 { Some(Self(number)) } else { None }
    }

    /// 0 to 999.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// What it is called, if it is one of those known here.
    #[must_use]
    pub const fn text(self, language: Language) -> Option<&'static str> {
        let (zh, en) = match self.0 {
            1 => ("统一社会信用代码", "Unified social credit code"),
            99 => ("其他法人或其他组织证件", "Other document of an organisation"),
            111 => ("公民身份号码", "Citizen identity number"),
            114 => ("军官证", "Military officer's card"),
            115 => ("武装警察军官证", "Armed police officer's card"),
            118 => ("士兵证", "Soldier's card"),
            119 => ("武装警察士兵证", "Armed police soldier's card"),
            120 | 122 => ("文职人员证", "Military civilian staff card"),
            411 => ("外交护照", "Diplomatic passport"),
            412 => ("公务护照", "Service passport"),
            413 => ("因公普通护照", "Passport for public affairs"),
            414 => ("普通护照", "Ordinary passport"),
            511 => ("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
            516 => ("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
            999 => ("其他自然人证件", "Other document of a person"),
            _ => return None,
        };
        Some(match language {
            Language::Zh => zh,
            Language::En => en,
        })
    }
}

/// Three digits, as GB/T 36903 writes it.
impl fmt::Display for HolderIdType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl fmt::Debug for HolderIdType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HolderIdType({self})")
    }
}
