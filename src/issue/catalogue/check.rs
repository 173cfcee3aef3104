//! Facts, held to the definition of their type.

use alloc::string::String;
use alloc::vec::Vec;

use super::anniversary::anniversary;
use super::fault::{Fault, FaultAt, FieldKind, Rule};
use super::mask::{Masking, is_masked};
use super::{FieldDefinition, HolderRule, OtherFields, Presence, TypeDefinition, Until, ValidityRule};
use crate::claims::id::{CitizenId, CreditCode, Region};
use crate::claims::{HolderIdType, Validity};
use crate::issue::license::{FieldValue, HolderFacts, LicenseFacts, Place};
use crate::time::Day;

/// Ids of bodies have numbers below this, those of persons from here on (GB/T 36903 Annex A).
const FIRST_OF_PERSONS: u16 = 100;

impl TypeDefinition {
    /// See [`TypeCatalogue::check`](super::TypeCatalogue::check). The facts' own type code is not asked.
    #[must_use]
    pub fn check(&self, facts: &LicenseFacts) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |at: FaultAt, rule: Rule| faults.push(Fault { at, rule });
        if let Some(pattern) = self.number.as_ref().filter(|pattern| !pattern.matches(&facts.number)) {
            add(FaultAt::Number, Rule::Pattern(pattern.as_str().into()));
        }
        check_holders(&self.holders, &facts.holders, &mut add);
        if !self.bindings.is_empty() && !self.bindings.contains(&facts.binding) {
            add(FaultAt::Binding, Rule::Binding(self.bindings.clone()));
        }
        if let Err(rule) = check_validity(&self.validity, facts.validity) {
            add(FaultAt::Validity, rule);
        }
        for field in &self.fields {
            match facts.fields.iter().position(|(label, _)| *label == field.label) {
                Some(index) => {
                    if let Some((_, value)) = facts.fields.get(index)
                        && let Err(rule) = check_field(field, value)
                    {
                        add(FaultAt::Field(index), rule);
                    }
                }
                None if field.presence == Presence::Required => {
                    add(FaultAt::Missing(field.label.clone()), Rule::Required);
                }
                None => {}
            }
        }
        for (index, (label, _)) in facts.fields.iter().enumerate() {
            let is_other = !self.fields.iter().any(|field| field.label == *label);
            if is_other && self.other_fields == OtherFields::Refused {
                add(FaultAt::Field(index), Rule::NotOfType);
            }
        }
        faults
    }

    /// Masks the numbers of persons that are complete where they are demanded masked, and says where. A citizen number that fails its check
    /// stays as it is, for [`Self::check`] to tell: masked, nobody would ever find out.
    pub fn mask(&self, facts: &mut LicenseFacts) -> Vec<Place> {
        let mut places = Vec::new();
        if let Masking::Demanded(kept) = self.holders.masking {
            for (at, holder) in facts.holders.iter_mut().enumerate() {
                if is_person(holder.id_type) && !is_masked(&holder.id) && check_person(holder).is_ok() {
                    holder.id = kept.mask(&holder.id);
                    places.push(Place::HolderId(at));
                }
            }
        }
        for (at, (label, value)) in facts.fields.iter_mut().enumerate() {
            let field = self.fields.iter().find(|field| field.label == *label);
            if let (Some((Masking::Demanded(kept), kind)), FieldValue::Text(text)) =
                (field.map(|field| (field.masking, field.kind)), value)
                && !is_masked(text)
                && !text.is_empty()
                && (kind != FieldKind::CitizenId || check_citizen(text).is_ok())
            {
                *text = kept.mask(text);
                places.push(Place::FieldValue(at));
            }
        }
        places
    }
}

fn is_person(id_type: HolderIdType) -> bool {
    id_type.number() >= FIRST_OF_PERSONS
}

fn check_holders(rule: &HolderRule, holders: &[HolderFacts], add: &mut impl FnMut(FaultAt, Rule)) {
    let (fewest, most, found) = (rule.fewest, rule.most, holders.len());
    if found < fewest || most.is_some_and(|most| found > most) {
        add(FaultAt::Holders, Rule::HolderCount { fewest, most, found });
    }
    for (index, holder) in holders.iter().enumerate() {
        if !rule.id_types.is_empty() && !rule.id_types.contains(&holder.id_type) {
            add(FaultAt::HolderId(index), Rule::HolderIdType(rule.id_types.clone()));
        } else if is_person(holder.id_type)
            && let Err(rule) = check_person(holder).and_then(|()| check_masking(rule.masking, &holder.id))
        {
            add(FaultAt::HolderId(index), rule);
        }
    }
}

/// Numbers of passports and the like have no check.
fn check_person(holder: &HolderFacts) -> Result<(), Rule> {
    if holder.id_type == HolderIdType::CITIZEN_ID { check_citizen(&holder.id) } else { Ok(()) }
}

/// GB 11643.
fn check_citizen(number: &str) -> Result<(), Rule> {
    let id = CitizenId::parse(number).map_err(|_| Rule::CitizenIdShape)?;
    id.check().map_err(Rule::CitizenId)
}

fn check_masking(masking: Masking, number: &str) -> Result<(), Rule> {
    match (masking, is_masked(number)) {
        (Masking::Never, true) => Err(Rule::Masked),
        (Masking::Demanded(kept), false) => Err(Rule::NotMasked(kept)),
        (Masking::Admitted(kept) | Masking::Demanded(kept), true) if !kept.is_shape_of(number) => {
            Err(Rule::MaskedOtherwise(kept))
        }
        _ => Ok(()),
    }
}

fn check_validity(rule: &ValidityRule, validity: Validity) -> Result<(), Rule> {
    let Some(until) = validity.until() else {
        return if rule.until == Until::Required { Err(Rule::UntilRequired) } else { Ok(()) };
    };
    if rule.until == Until::Absent {
        return Err(Rule::UntilAbsent);
    }
    let from = validity.from();
    // Where the anniversary lies beyond the calendar, nothing that has a last day lasts as long.
    let lasts = |years: u8| anniversary(from, years).is_some_and(|day| until == day || Some(until) == day_before(day));
    if !rule.years.is_empty() && !rule.years.iter().any(|years| lasts(*years)) {
        return Err(Rule::Years(rule.years.clone()));
    }
    match rule.most_years {
        Some(most) if anniversary(from, most).is_some_and(|day| until > day) => Err(Rule::MostYears(most)),
        _ => Ok(()),
    }
}

fn day_before(day: Day) -> Option<Day> {
    Day::new(i64::from(day.days()).saturating_sub(1))
}

fn check_field(field: &FieldDefinition, value: &FieldValue) -> Result<(), Rule> {
    if !field.kind.holds(value) {
        return Err(Rule::Kind(field.kind));
    }
    let texts: &[String] = match value {
        FieldValue::Text(text) => core::slice::from_ref(text),
        FieldValue::Texts(texts) => texts,
        FieldValue::Int(_) | FieldValue::Bool(_) | FieldValue::Day(_) => return Ok(()),
    };
    let says_nothing = texts.iter().all(|text| text.trim().is_empty());
    match field.presence {
        Presence::Required if says_nothing => return Err(Rule::Empty),
        // A blank field is a blank on the face of the license.
        Presence::Optional if says_nothing => return Ok(()),
        Presence::Required | Presence::Optional => {}
    }
    texts.iter().try_for_each(|text| check_text(field, text))
}

fn check_text(field: &FieldDefinition, text: &str) -> Result<(), Rule> {
    if let Some(longest) = field.longest.filter(|longest| text.chars().count() > *longest) {
        return Err(Rule::Longest(longest));
    }
    match field.kind {
        FieldKind::CreditCode => {
            let code = CreditCode::parse(text).map_err(|_| Rule::CreditCodeShape)?;
            code.check().map_err(Rule::CreditCode)?;
        }
        FieldKind::CitizenId => {
            check_citizen(text)?;
            check_masking(field.masking, text)?;
        }
        FieldKind::Region => {
            Region::parse(text).map_err(|_| Rule::Region)?;
        }
        FieldKind::Text | FieldKind::Texts | FieldKind::Int | FieldKind::Bool | FieldKind::Day => {}
    }
    if let Some(pattern) = field.pattern.as_ref().filter(|pattern| !pattern.matches(text)) {
        return Err(Rule::Pattern(pattern.as_str().into()));
    }
    if !field.one_of.is_empty() && !field.one_of.iter().any(|known| known == text) {
        return Err(Rule::OneOf(field.one_of.clone()));
    }
    Ok(())
}
