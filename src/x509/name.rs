//! Distinguished names: compared as bytes, read for people.

use super::der::{DerError, DerRule, Element, OBJECT_IDENTIFIER, PRINTABLE_STRING, Reader, SEQUENCE, SET, UTF8_STRING};
use crate::labels::oid;

/// What the organizationIdentifier of an authority begins with, before its unified social credit code.
const AUTHORITY_PREFIX: &str = "GOVCN-";

/// A distinguished name, in the encoding that was received. Two names are the same when their bytes are: no folding of case, space
/// or string type, so that no look-alike chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name<'a> {
    der: &'a [u8],
}

impl<'a> Name<'a> {
    /// Takes an element for a name after checking its shape. An empty name is refused: it names nobody.
    pub(super) fn of(element: &Element<'a>) -> Result<Self, DerError> {
        // RFC 5280 §4.1.2.4: RDNSequence ::= SEQUENCE OF SET SIZE (1..MAX) OF SEQUENCE { type, value }
        let mut sets = element.inside();
        if element.tag != SEQUENCE || sets.finish().is_ok() {
            return Err(element.fault(DerRule::Shape));
        }
        while sets.finish().is_err() {
            let mut members = sets.expect(SET)?.inside();
            loop {
                let mut member = members.expect(SEQUENCE)?.inside();
                member.expect(OBJECT_IDENTIFIER)?;
                let no_value = member.fault(DerRule::Shape);
                member.next()?.ok_or(no_value)?;
                member.finish()?;
                if members.finish().is_ok() {
                    break;
                }
            }
        }
        Ok(Self { der: element.whole })
    }

    /// The whole DER encoding.
    #[must_use]
    pub const fn as_der(self) -> &'a [u8] {
        self.der
    }

    /// Common name (2.5.4.3), as signed; `None` unless it stands exactly once, as a UTF8String or a PrintableString.
    #[must_use]
    pub fn common_name(self) -> Option<&'a str> {
        self.attribute(oid::COMMON_NAME)
    }

    /// Organization (2.5.4.10), under the same conditions.
    #[must_use]
    pub fn organization(self) -> Option<&'a str> {
        self.attribute(oid::ORGANIZATION)
    }

    /// State or province (2.5.4.8), under the same conditions.
    #[must_use]
    pub fn province(self) -> Option<&'a str> {
        self.attribute(oid::STATE_OR_PROVINCE)
    }

    /// The unified social credit code (18 characters of `0-9A-Z`) of organizationIdentifier (2.5.4.97, ITU-T X.520) `GOVCN-<code>`,
    /// under the same conditions. Its check character is not looked at.
    #[must_use]
    pub fn credit_code(self) -> Option<&'a str> {
        let code = self.attribute(oid::ORGANIZATION_IDENTIFIER)?.strip_prefix(AUTHORITY_PREFIX)?;
        let fits = code.len() == 18 && code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        fits.then_some(code)
    }

    fn attribute(self, kind: &[u8]) -> Option<&'a str> {
        let mut found = None;
        let mut sets = Reader::new(self.der).next().ok()??.inside();
        while let Some(set) = sets.next().ok()? {
            let mut members = set.inside();
            while let Some(member) = members.next().ok()? {
                let mut member = member.inside();
                if member.next().ok()??.content != kind {
                    continue;
                }
                let value = member.next().ok()??;
                if found.is_some() || !matches!(value.tag, UTF8_STRING | PRINTABLE_STRING) {
                    return None;
                }
                found = Some(core::str::from_utf8(value.content).ok()?);
            }
        }
        found
    }
}
