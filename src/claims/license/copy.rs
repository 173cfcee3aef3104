//! 加注件: a copy of a license that is made for one purpose and expires.

use super::fault::{LicenseError, LicenseFault, Part};
use crate::cbor::{Fault, Key, Reader};
use crate::time::Timestamp;

/// What makes a license an annotated copy 加注件: handed out instead of the original, for one purpose, for a time.
///
/// ```cddl
/// copy = { 1 => purpose: tstr, ? 2 => audience: tstr, 3 => expires: int, ? 4 => made-by: tstr }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnnotatedCopy<'a> {
    /// 加注件制作事由: what it may be used for.
    pub purpose: &'a str,
    /// Whom it was made for; none if for anyone who asks for that purpose.
    pub audience: Option<&'a str>,
    /// 加注件有效期截止时间: the second from which it no longer holds.
    pub expires: Timestamp,
    /// 加注件制作者.
    pub made_by: Option<&'a str>,
}

impl<'a> AnnotatedCopy<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, LicenseError> {
        let map_at = reader.position();
        let missing = |key| LicenseFault::Missing { part: Part::Copy, key }.at(map_at);
        let (mut purpose, mut audience, mut expires, mut made_by) = (None, None, None, None);
        let mut map = reader.map()?;
        loop {
            let key_at = reader.position();
            match map.next(reader)? {
                None => break,
                Some(Key::Int(1)) => purpose = Some(reader.text()?),
                Some(Key::Int(2)) => audience = Some(reader.text()?),
                Some(Key::Int(3)) => expires = Some(reader.timestamp()?),
                Some(Key::Int(4)) => made_by = Some(reader.text()?),
                Some(_) => return Err(Reader::error_at(Fault::UnknownKey, key_at).into()),
            }
        }
        Ok(Self { purpose: purpose.ok_or(missing(1))?, audience, expires: expires.ok_or(missing(3))?, made_by })
    }
}
