//! Mandate (授权范围): who may vouch for which license types, in which regions, for which authorities.

use alloc::vec::Vec;

use super::{Error, fields, one_up_to, required, shaped};
use crate::cbor::{Reader, Writer};
use crate::claims::id::{CreditCode, Region, RegionPrefix, TypeCode, TypePrefix};
use crate::limits::Limits;

/// What a key may vouch for. No regions would be nothing; no types or no authorities named is any within the regions.
///
/// ```cddl
/// mandate = { 1 => [+ region prefix], ? 2 => [+ type prefix], ? 3 => [+ uscc] }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Region prefixes of GB/T 2260, 2, 4 or 6 digits; at least one.
    pub regions: Vec<RegionPrefix>,
    /// Type prefixes, 18 (all types of one definer) or 21 characters; `None` is any.
    pub types: Option<Vec<TypePrefix>>,
    /// Credit codes of authorities; `None` is any.
    pub authorities: Option<Vec<CreditCode>>,
}

/// The part of a mandate that a credential lies outside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum MandateFault {
    /// Another region.
    #[error("outside the mandate's regions")]
    Region,
    /// Another license type.
    #[error("outside the mandate's license types")]
    Type,
    /// Another authority.
    #[error("outside the mandate's authorities")]
    Authority,
}

impl Mandate {
    /// Reads a mandate, from a reader that stands at it.
    ///
    /// # Errors
    /// [`Error`] where it is not one.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut regions, mut types, mut authorities) = (None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => regions = Some(one_up_to(reader, Limits::STANDARD.prefixes, |r| shaped(r, RegionPrefix::parse))?),
                2 => types = Some(one_up_to(reader, Limits::STANDARD.prefixes, |r| shaped(r, TypePrefix::parse))?),
                3 => {
                    authorities = Some(one_up_to(reader, Limits::STANDARD.prefixes, |r| shaped(r, CreditCode::parse))?)
                }
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self { regions: required(regions, 1, at)?, types, authorities })
    }

    /// Writes the mandate.
    pub fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.array_of(self.regions.iter(), |w, region| w.text(region.as_str())));
            map.optional(2, self.types.as_ref(), |w, types| w.array_of(types.iter(), |w, t| w.text(t.as_str())));
            map.optional(3, self.authorities.as_ref(), |w, a| w.array_of(a.iter(), |w, code| w.text(code.as_str())));
        });
    }

    /// Does the mandate name the region?
    #[must_use]
    pub fn covers_region(&self, region: &Region) -> bool {
        self.regions.iter().any(|prefix| prefix.covers(region))
    }

    /// Does the mandate name the type, or any?
    #[must_use]
    pub fn covers_type(&self, type_code: &TypeCode) -> bool {
        self.types.as_ref().is_none_or(|types| types.iter().any(|prefix| prefix.covers(type_code)))
    }

    /// Does the mandate name the authority, or any?
    #[must_use]
    pub fn covers_authority(&self, authority: &CreditCode) -> bool {
        self.authorities.as_ref().is_none_or(|authorities| authorities.contains(authority))
    }

    /// Does the mandate name this authority, by its code and not by leaving it out?
    #[must_use]
    pub fn names_authority(&self, authority: &CreditCode) -> bool {
        self.authorities.as_ref().is_some_and(|authorities| authorities.contains(authority))
    }

    /// Checks that a mandate that was derived from this one lies within it. A wider one is refused, never trimmed.
    ///
    /// # Errors
    /// The first part in which `narrower` claims more.
    pub fn check_contains(&self, narrower: &Self) -> Result<(), MandateFault> {
        if !narrower.regions.iter().all(|region| self.regions.iter().any(|ours| ours.contains(region))) {
            return Err(MandateFault::Region);
        }
        let types_within = match (&self.types, &narrower.types) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(ours), Some(theirs)) => theirs.iter().all(|theirs| ours.iter().any(|ours| ours.contains(theirs))),
        };
        if !types_within {
            return Err(MandateFault::Type);
        }
        let authorities_within = match (&self.authorities, &narrower.authorities) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(ours), Some(theirs)) => theirs.iter().all(|code| ours.contains(code)),
        };
        if authorities_within { Ok(()) } else { Err(MandateFault::Authority) }
    }

    /// The mandate of a certificate's extension.
    ///
    /// # Errors
    /// [`MandateFault`] for the part that holds something that is no prefix or code.
    pub fn from_extension(claimed: &crate::x509::Mandate<'_>) -> Result<Self, MandateFault> {
        fn all<'a, T, E>(
            texts: impl Iterator<Item = &'a str>,
            parse: impl Fn(&str) -> Result<T, E>,
        ) -> Result<Vec<T>, E> {
            texts.map(parse).collect()
        }
        Ok(Self {
            regions: all(claimed.regions(), RegionPrefix::parse).map_err(|_| MandateFault::Region)?,
            types: match claimed.types() {
                Some(types) => Some(all(types, TypePrefix::parse).map_err(|_| MandateFault::Type)?),
                None => None,
            },
            authorities: match claimed.authorities() {
                Some(codes) => Some(all(codes, CreditCode::parse).map_err(|_| MandateFault::Authority)?),
                None => None,
            },
        })
    }
}
