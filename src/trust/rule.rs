//! Recognition rules (互认规则) and known defects (已知瑕疵): data that the trust list carries.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Error, Names, fields, one_up_to, required, said, shaped};
use crate::cbor::{Reader, Writer};
use crate::claims::id::{RegionPrefix, TypeCode, TypePrefix};
use crate::limits::Limits;
use crate::suite::KeyId;
use crate::time::{Period, Timestamp};

/// What a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Recognised.
    Recognise,
    /// Recognised under the rule's conditions.
    Conditional,
    /// Not recognised.
    Refuse,
    /// A person decides.
    Manual,
}

impl Effect {
    /// The word for it in reports and in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recognise => "recognise",
            Self::Conditional => "conditional",
            Self::Refuse => "refuse",
            Self::Manual => "manual",
        }
    }
}

const EFFECTS: [Effect; 4] = [Effect::Recognise, Effect::Conditional, Effect::Refuse, Effect::Manual];

/// By what right a rule stands.
///
/// ```cddl
/// legal-basis = { 1 => document number: tstr, 2 => zh: tstr, 3 => en: tstr }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalBasis {
    /// The number of the document (文号).
    pub document: String,
    /// Its title or effect in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// A directed rule: regions *in* which licenses *from* other regions are recognised.
///
/// ```cddl
/// rule = { 1 => id: tstr, 2 => rev: uint, 3 => [+ region prefix], 4 => [+ region prefix], 5 => [+ type prefix], ? 6 => type,
///          ? 7 => [+ tstr], 8 => effect, 9 => [from: int, ? to: int], ? 10 => 0..2, ? 11 => uint, 12 => legal-basis, ? 13 => class: tstr }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Names the rule over its revisions.
    pub id: String,
    /// The revision.
    pub revision: u64,
    /// Where it is in force.
    pub recognised_in: Vec<RegionPrefix>,
    /// Where the licenses come from.
    pub from: Vec<RegionPrefix>,
    /// Which types it speaks of.
    pub types: Vec<TypePrefix>,
    /// As which local type they are recognised; `None` is as the same.
    pub as_type: Option<TypeCode>,
    /// For which uses; `None` is any.
    pub use_cases: Option<Vec<String>>,
    /// What it decides.
    pub effect: Effect,
    /// When it is in force.
    pub period: Period,
    /// The weakest binding to the holder that it admits (`bind` of a license), 0 to 2.
    pub min_binding: Option<u8>,
    /// The oldest status that it admits, in seconds.
    pub max_status_age: Option<u64>,
    /// By what right.
    pub legal_basis: LegalBasis,
    /// The risk class of the licenses that it decides about; `None` is that of the catalogue.
    pub class: Option<String>,
}

impl Rule {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut id, mut revision, mut recognised_in, mut from, mut types) = (None, None, None, None, None);
        let (mut as_type, mut use_cases, mut effect, mut period) = (None, None, None, None);
        let (mut min_binding, mut max_status_age, mut legal_basis, mut class) = (None, None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => id = Some(said(reader)?),
                2 => revision = Some(reader.uint()?),
                3 => {
                    recognised_in =
                        Some(one_up_to(reader, Limits::STANDARD.prefixes, |r| shaped(r, RegionPrefix::parse))?)
                }
                4 => from = Some(one_up_to(reader, Limits::STANDARD.prefixes, |r| shaped(r, RegionPrefix::parse))?),
                5 => types = Some(one_up_to(reader, Limits::STANDARD.prefixes, |r| shaped(r, TypePrefix::parse))?),
                6 => as_type = Some(shaped(reader, TypeCode::parse)?),
                7 => use_cases = Some(one_up_to(reader, Limits::STANDARD.prefixes, said)?),
                8 => effect = Some(numbered(reader, &EFFECTS)?),
                9 => period = Some(read_period(reader)?),
                10 => min_binding = u8::try_from(reader.uint_up_to(2)?).ok(),
                11 => max_status_age = Some(reader.uint()?),
                12 => legal_basis = Some(LegalBasis::read(reader)?),
                13 => class = Some(said(reader)?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self {
            id: required(id, 1, at)?,
            revision: required(revision, 2, at)?,
            recognised_in: required(recognised_in, 3, at)?,
            from: required(from, 4, at)?,
            types: required(types, 5, at)?,
            as_type,
            use_cases,
            effect: required(effect, 8, at)?,
            period: required(period, 9, at)?,
            min_binding,
            max_status_age,
            legal_basis: required(legal_basis, 12, at)?,
            class,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        let regions =
            |w: &mut Writer, list: &[RegionPrefix]| w.array_of(list.iter(), |w, region| w.text(region.as_str()));
        writer.map(|map| {
            map.entry(1, |w| w.text(&self.id));
            map.entry(2, |w| w.uint(self.revision));
            map.entry(3, |w| regions(w, &self.recognised_in));
            map.entry(4, |w| regions(w, &self.from));
            map.entry(5, |w| w.array_of(self.types.iter(), |w, prefix| w.text(prefix.as_str())));
            map.optional(6, self.as_type.as_ref(), |w, as_type| w.text(as_type.as_str()));
            map.optional(7, self.use_cases.as_ref(), |w, uses| w.array_of(uses.iter(), |w, one| w.text(one)));
            map.entry(8, |w| write_number(w, self.effect, &EFFECTS));
            map.entry(9, |w| {
                w.array(1_usize.saturating_add(usize::from(self.period.until().is_some())));
                w.int(self.period.from());
                self.period.until().into_iter().for_each(|until| w.int(until));
            });
            map.optional(10, self.min_binding, |w, binding| w.uint(u64::from(binding)));
            map.optional(11, self.max_status_age, Writer::uint);
            map.entry(12, |w| self.legal_basis.write(w));
            map.optional(13, self.class.as_ref(), |w, class| w.text(class));
        });
    }
}

impl LegalBasis {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut document, mut zh, mut en) = (None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => document = Some(said(reader)?),
                2 => zh = Some(said(reader)?),
                3 => en = Some(said(reader)?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self { document: required(document, 1, at)?, zh: required(zh, 2, at)?, en: required(en, 3, at)? })
    }

    fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.text(&self.document));
            map.entry(2, |w| w.text(&self.zh));
            map.entry(3, |w| w.text(&self.en));
        });
    }
}

/// Rules that were changed without the usual notice: an explicit word of those who sign the list, for everybody to see.
///
/// ```cddl
/// emergency = { 1 => names, 2 => [+ rule id: tstr] }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// Why it could not wait.
    pub why: Names,
    /// The ids of the rules.
    pub rules: Vec<String>,
}

impl Emergency {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut why, mut rules) = (None, None);
        fields(reader, |key, reader| {
            match key {
                1 => why = Some(Names::read(reader)?),
                2 => rules = Some(one_up_to(reader, Limits::STANDARD.rules, said)?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self { why: required(why, 1, at)?, rules: required(rules, 2, at)? })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| self.why.write(w));
            map.entry(2, |w| w.array_of(self.rules.iter(), |w, rule| w.text(rule)));
        });
    }
}

fn read_period(reader: &mut Reader<'_>) -> Result<Period, Error> {
    let at = reader.position();
    let length = reader.array()?;
    if !(1..=2).contains(&length) {
        return Err(Error::Value { at });
    }
    let from = reader.timestamp()?.seconds();
    let until = if length == 2 { Some(reader.timestamp()?.seconds()) } else { None };
    Period::new(from, until).ok_or(Error::Value { at })
}

/// How a known defect is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// Refused.
    Reject,
    /// A person decides.
    Manual,
    /// Passed with a warning.
    Warn,
}

impl Treatment {
    /// The word for it in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Manual => "manual",
            Self::Warn => "warn",
        }
    }
}

const TREATMENTS: [Treatment; 3] = [Treatment::Reject, Treatment::Manual, Treatment::Warn];

/// Which credentials a defect concerns: all that fit every part that is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefectMatch {
    /// Signed by a key of this id.
    pub key_id: KeyId,
    /// With a status position in this list, from the first index to the last, both included.
    pub positions: Option<(u64, u64, u64)>,
    /// Issued in these seconds.
    pub issued: Option<Period>,
    /// Of this type.
    pub type_code: Option<TypeCode>,
}

/// Credentials that are genuine and were issued in error.
///
/// ```cddl
/// defect = { 1 => id: tstr, 2 => { 1 => kid, ? 2 => [list, from, to], ? 3 => [issued from, to], ? 4 => type }, 3 => kind: tstr,
///            4 => 0 / 1 / 2, 5 => names, 6 => from: int }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Names the defect.
    pub id: String,
    /// Which credentials.
    pub applies_to: DefectMatch,
    /// What kind of defect.
    pub kind: String,
    /// How they are treated.
    pub treatment: Treatment,
    /// What to tell people.
    pub names: Names,
    /// From when on it is applied.
    pub from: Timestamp,
}

impl Defect {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut id, mut applies_to, mut kind, mut treatment, mut names, mut from) =
            (None, None, None, None, None, None);
        fields(reader, |key, reader| {
            match key {
                1 => id = Some(said(reader)?),
                2 => applies_to = Some(DefectMatch::read(reader)?),
                3 => kind = Some(said(reader)?),
                4 => treatment = Some(numbered(reader, &TREATMENTS)?),
                5 => names = Some(Names::read(reader)?),
                6 => from = Some(reader.timestamp()?),
                _ => return Err(super::unknown_key(reader.position())),
            }
            Ok(())
        })?;
        Ok(Self {
            id: required(id, 1, at)?,
            applies_to: required(applies_to, 2, at)?,
            kind: required(kind, 3, at)?,
            treatment: required(treatment, 4, at)?,
            names: required(names, 5, at)?,
            from: required(from, 6, at)?,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.text(&self.id));
            map.entry(2, |w| self.applies_to.write(w));
            map.entry(3, |w| w.text(&self.kind));
            map.entry(4, |w| write_number(w, self.treatment, &TREATMENTS));
            map.entry(5, |w| self.names.write(w));
            map.entry(6, |w| w.timestamp(self.from));
        });
    }
}

impl DefectMatch {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let at = reader.position();
        let (mut key_id, mut positions, mut issued, mut type_code) = (None, None, None, None);
        fields(reader, |key, reader| {
            let at = reader.position();
            match key {
                1 => key_id = Some(KeyId::from_slice(reader.bytes()?).ok_or(Error::Value { at })?),
                2 => {
                    reader.array_of(3)?;
                    let (list, first, last) = (reader.uint()?, reader.uint()?, reader.uint()?);
                    positions = Some((list, first, last)).filter(|_| first <= last);
                    positions.ok_or(Error::Value { at })?;
                }
                3 => {
                    reader.array_of(2)?;
                    let (from, until) = (reader.timestamp()?.seconds(), reader.timestamp()?.seconds());
                    issued = Some(Period::new(from, Some(until)).ok_or(Error::Value { at })?);
                }
                4 => type_code = Some(shaped(reader, TypeCode::parse)?),
                _ => return Err(super::unknown_key(at)),
            }
            Ok(())
        })?;
        Ok(Self { key_id: required(key_id, 1, at)?, positions, issued, type_code })
    }

    fn write(&self, writer: &mut Writer) {
        writer.map(|map| {
            map.entry(1, |w| w.bytes(self.key_id.as_bytes()));
            map.optional(2, self.positions, |w, (list, first, last)| {
                w.array_of([list, first, last].iter(), |w, value| w.uint(*value));
            });
            map.optional(3, self.issued, |w, issued| {
                let until = issued.until().unwrap_or(Timestamp::MAX.seconds());
                w.array_of([issued.from(), until].iter(), |w, value| w.int(*value));
            });
            map.optional(4, self.type_code.as_ref(), |w, type_code| w.text(type_code.as_str()));
        });
    }
}

/// One of several values, by its place.
pub(super) fn numbered<T: Copy>(reader: &mut Reader<'_>, values: &[T]) -> Result<T, Error> {
    let at = reader.position();
    let number = usize::try_from(reader.uint()?).map_err(|_| Error::Value { at })?;
    values.get(number).copied().ok_or(Error::Value { at })
}

pub(super) fn write_number<T: PartialEq>(writer: &mut Writer, value: T, values: &[T]) {
    let number = values.iter().position(|candidate| *candidate == value).unwrap_or_default();
    writer.uint(u64::try_from(number).unwrap_or_default());
}
