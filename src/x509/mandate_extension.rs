//! The Mandate extension: for which regions, license types and authorities an issuer's certificate may vouch.
//!
//! ```text
//! Mandate ::= SEQUENCE {                                    -- IMPLICIT TAGS
//!     regions         SEQUENCE SIZE (1..MAX) OF PrintableString,
//!     types       [0] SEQUENCE SIZE (1..MAX) OF PrintableString OPTIONAL,
//!     authorities [1] SEQUENCE SIZE (1..MAX) OF PrintableString OPTIONAL }
//! ```
//!
//! Tags are implicit, so `types` begins with `A0` and the strings follow at once. An absent member means *any within those
//! regions*. The extension is critical wherever it stands and can only narrow what the trust list says; the comparison is made
//! where mandates are (`trust`), here is only what the certificate says.

use alloc::vec::Vec;

use thiserror::Error;

use super::der::{self, DerError, DerRule, PRINTABLE_STRING, Reader, SEQUENCE, is_printable};

const TYPES: u8 = 0xa0;
const AUTHORITIES: u8 = 0xa1;

/// Why a Mandate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MandateError {
    /// The value is not DER of the type.
    #[error(transparent)]
    Der(#[from] DerError),
    /// A member is present and empty.
    #[error("a member of the mandate is empty")]
    Empty,
    /// A region that is not 2, 4 or 6 digits (GB/T 2260).
    #[error("a region that is not 2, 4 or 6 digits")]
    Region,
    /// A type that is not 18 or 21 characters of `0-9A-Z` (GB/T 36904).
    #[error("a type that is not 18 or 21 digits and capitals")]
    Type,
    /// An authority that is not 18 characters of `0-9A-Z` (GB 32100).
    #[error("an authority that is not 18 digits and capitals")]
    Authority,
}

/// What a certificate's Mandate extension says. Each member was checked for its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mandate<'a> {
    regions: Strings<'a>,
    types: Option<Strings<'a>>,
    authorities: Option<Strings<'a>>,
}

impl<'a> Mandate<'a> {
    /// Parses the value of the extension (the content of `extnValue`).
    ///
    /// # Errors
    /// [`MandateError`] when it is not canonical DER of the type, or a member has the wrong shape.
    pub fn parse(value: &'a [u8]) -> Result<Self, MandateError> {
        let outer = der::check(value)?;
        if outer.tag != SEQUENCE {
            return Err(outer.fault(DerRule::Shape).into());
        }
        let mut inside = outer.inside();
        let regions = Strings::parse(inside.expect(SEQUENCE)?.inside())?;
        let types = inside.optional(TYPES)?.map(|types| Strings::parse(types.inside())).transpose()?;
        let authorities = inside.optional(AUTHORITIES)?.map(|list| Strings::parse(list.inside())).transpose()?;
        inside.finish()?;
        let mandate = Self { regions, types, authorities };
        mandate.check()?;
        Ok(mandate)
    }

    fn check(&self) -> Result<(), MandateError> {
        if !self.regions().all(is_region) {
            return Err(MandateError::Region);
        }
        if !self.types().into_iter().flatten().all(is_type) {
            return Err(MandateError::Type);
        }
        if !self.authorities().into_iter().flatten().all(is_authority) {
            return Err(MandateError::Authority);
        }
        Ok(())
    }

    /// Region prefixes of GB/T 2260: 2, 4 or 6 digits, at least one.
    #[must_use]
    pub const fn regions(&self) -> Strings<'a> {
        self.regions
    }

    /// License type prefixes: 18 or 21 characters. `None` means any type.
    #[must_use]
    pub const fn types(&self) -> Option<Strings<'a>> {
        self.types
    }

    /// Unified social credit codes of authorities. `None` means any authority within the regions.
    #[must_use]
    pub const fn authorities(&self) -> Option<Strings<'a>> {
        self.authorities
    }
}

/// The strings of one member, in the order in which they stand.
#[derive(Clone, Copy, Debug)]
pub struct Strings<'a> {
    reader: Reader<'a>,
}

impl<'a> Strings<'a> {
    fn parse(reader: Reader<'a>) -> Result<Self, MandateError> {
        let mut rest = reader;
        if rest.finish().is_ok() {
            return Err(MandateError::Empty);
        }
        while rest.finish().is_err() {
            let string = rest.expect(PRINTABLE_STRING)?;
            // X.680 §41.4: what decides holds nothing else, though other strings of a certificate may (docs/tolerances.md).
            if !string.content.iter().all(|&byte| is_printable(byte)) {
                return Err(string.fault(DerRule::Text).into());
            }
        }
        Ok(Self { reader })
    }
}

impl PartialEq for Strings<'_> {
    fn eq(&self, other: &Self) -> bool {
        Iterator::eq(*self, *other)
    }
}

impl Eq for Strings<'_> {}

impl<'a> Iterator for Strings<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let element = self.reader.next().ok().flatten()?;
        core::str::from_utf8(element.content).ok()
    }
}

/// Writes the value of the extension.
///
/// # Errors
/// [`MandateError`] when a member is empty or has the wrong shape: nothing is written that [`Mandate::parse`] would refuse.
pub fn encode(regions: &[&str], types: Option<&[&str]>, authorities: Option<&[&str]>) -> Result<Vec<u8>, MandateError> {
    let mut content = member(SEQUENCE, regions);
    if let Some(types) = types {
        content.extend(member(TYPES, types));
    }
    if let Some(authorities) = authorities {
        content.extend(member(AUTHORITIES, authorities));
    }
    let value = der::element(SEQUENCE, &content);
    Mandate::parse(&value)?;
    Ok(value)
}

fn member(tag: u8, strings: &[&str]) -> Vec<u8> {
    let content: Vec<u8> =
        strings.iter().flat_map(|string| der::element(PRINTABLE_STRING, string.as_bytes())).collect();
    der::element(tag, &content)
}

fn is_region(text: &str) -> bool {
    matches!(text.len(), 2 | 4 | 6) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_type(text: &str) -> bool {
    matches!(text.len(), 18 | 21) && text.bytes().all(is_code_character)
}

fn is_authority(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(is_code_character)
}

const fn is_code_character(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use alloc::vec;

    const TYPE: &str = "11100000MB03271699001";
    const AUTHORITY: &str = "11990000MB0000000J";

    #[test]
    fn what_is_written_is_read() {
        let value = encode(&["99", "9901"], Some(&[TYPE]), Some(&[AUTHORITY])).unwrap();
        let mandate = Mandate::parse(&value).unwrap();
        assert_eq!(mandate.regions().collect::<Vec<_>>(), vec!["99", "9901"]);
        assert_eq!(mandate.types().unwrap().collect::<Vec<_>>(), vec![TYPE]);
        assert_eq!(mandate.authorities().unwrap().collect::<Vec<_>>(), vec![AUTHORITY]);
    }

    #[test]
    fn an_absent_member_is_not_an_empty_one() {
        let value = encode(&["99"], None, None).unwrap();
        assert_eq!(value, [0x30, 6, 0x30, 4, 0x13, 2, b'9', b'9']);
        let mandate = Mandate::parse(&value).unwrap();
        assert_eq!((mandate.types(), mandate.authorities()), (None, None));
        assert_eq!(encode(&["99"], Some(&[]), None), Err(MandateError::Empty));
        assert_eq!(encode(&[], None, None), Err(MandateError::Empty));
    }

    #[test]
    fn tags_are_implicit() {
        let value = encode(&["99"], None, Some(&[AUTHORITY])).unwrap();
        assert_eq!(value.get(8..12), Some([0xa1, 20, 0x13, 18].as_slice()));
        let explicit = [0x30, 14, 0x30, 4, 0x13, 2, b'9', b'9', 0xa0, 6, 0x30, 4, 0x13, 2, b'9', b'9'];
        assert!(matches!(Mandate::parse(&explicit), Err(MandateError::Der(DerError { rule: DerRule::Shape, .. }))));
    }

    #[test]
    fn members_have_their_shape() {
        for region in ["", "9", "999", "9900000", "9a", "9９"] {
            assert!(encode(&[region], None, None).is_err(), "{region}");
        }
        assert_eq!(encode(&["999"], None, None), Err(MandateError::Region));
        assert_eq!(encode(&["99"], Some(&["11100000MB0327169900"]), None), Err(MandateError::Type));
        assert_eq!(encode(&["99"], None, Some(&["11990000mb0000000j"])), Err(MandateError::Authority));
    }

    #[test]
    fn the_order_of_members_is_fixed_and_nothing_follows() {
        let types = member(TYPES, &[TYPE]);
        let authorities = member(AUTHORITIES, &[AUTHORITY]);
        let regions = member(SEQUENCE, &["99"]);
        for wrong in [
            [regions.clone(), authorities.clone(), types.clone()].concat(),
            [regions.clone(), types.clone(), types.clone()].concat(),
            [regions.clone(), regions.clone()].concat(),
            [types, authorities].concat(),
            vec![],
        ] {
            assert!(matches!(Mandate::parse(&der::element(SEQUENCE, &wrong)), Err(MandateError::Der(_))));
        }
    }
}
