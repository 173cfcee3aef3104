#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::claims::Validity;
use crate::claims::id::{CitizenIdCheckError, Region};
use crate::issue::{FieldValue, HolderFacts};
use crate::time::Day;

const CODE: &str = "11950000MB0000043F001";
const CITIZEN: &str = "11010519491231002X";

/// 2026-03-02.
const FROM: i64 = 20_514;
const FIVE_YEARS: i64 = 5 * 365 + 1;

fn day(days: i64) -> Day {
    Day::new(days).unwrap()
}

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition {
        label: FieldLabel::of_text(name),
        name_en: None,
        presence: Presence::Required,
        kind,
        pattern: None,
        one_of: Vec::new(),
        longest: None,
        masking: Masking::Never,
    }
}

fn definition() -> TypeDefinition {
    TypeDefinition {
        code: TypeCode::parse(CODE).unwrap(),
        name: "机动车驾驶证".to_owned(),
        name_en: "Driving licence".to_owned(),
        definer: "示例".to_owned(),
        note: String::new(),
        number: Some(Pattern::parse("[0-9]{17}[0-9X]").unwrap()),
        holders: HolderRule {
            fewest: 1,
            most: Some(1),
            id_types: vec![HolderIdType::CITIZEN_ID],
            masking: Masking::Admitted(Kept::CITIZEN),
        },
        validity: ValidityRule { until: Until::Required, years: vec![5, 10], most_years: None },
        bindings: vec![Binding::Identity],
        fields: vec![
            FieldDefinition { one_of: vec!["男".to_owned(), "女".to_owned()], ..field("性别", FieldKind::Text) },
            FieldDefinition {
                pattern: Some(Pattern::parse("[ABC][1-6]").unwrap()),
                ..field("准驾车型", FieldKind::Texts)
            },
            FieldDefinition { presence: Presence::Optional, longest: Some(4), ..field("备注", FieldKind::Text) },
            FieldDefinition {
                masking: Masking::Demanded(Kept::CITIZEN), ..field("监护人证号", FieldKind::CitizenId)
            },
        ],
        other_fields: OtherFields::Refused,
    }
}

fn facts() -> LicenseFacts {
    let text = |text: &str| FieldValue::Text(text.to_owned());
    LicenseFacts {
        type_code: TypeCode::parse(CODE).unwrap(),
        name: "机动车驾驶证".to_owned(),
        number: CITIZEN.to_owned(),
        holders: vec![HolderFacts {
            name: "演示".to_owned(),
            id_type: HolderIdType::CITIZEN_ID,
            id: CITIZEN.to_owned(),
        }],
        authority_name: "局".to_owned(),
        region: Region::parse("990102").unwrap(),
        issued_on: day(FROM),
        validity: Validity::new(day(FROM), Some(day(FROM + FIVE_YEARS - 1))).unwrap(),
        fields: vec![
            (FieldLabel::of_text("准驾车型"), FieldValue::Texts(vec!["C1".to_owned(), "A2".to_owned()])),
            (FieldLabel::of_text("性别"), text("女")),
            (FieldLabel::of_text("监护人证号"), text("110105********002X")),
        ],
        serial: "1".to_owned(),
        version: 1,
        authority_code: None,
        attachments: Vec::new(),
        copy: None,
        replaces: None,
        binding: Binding::Identity,
    }
}

fn catalogue() -> TypeCatalogue {
    let mut catalogue = TypeCatalogue::new();
    assert!(catalogue.insert(definition()).is_none());
    catalogue
}

/// The faults after the facts were changed.
fn faults(change: impl FnOnce(&mut LicenseFacts)) -> Vec<(FaultAt, Rule)> {
    let mut facts = facts();
    change(&mut facts);
    catalogue().check(&facts).into_iter().map(|fault| (fault.at, fault.rule)).collect()
}

#[test]
fn what_fits_has_no_fault() {
    assert_eq!(faults(|_| {}), []);
    assert_eq!(faults(|facts| facts.holders[0].id = Kept::CITIZEN.mask(CITIZEN)), []);
    assert_eq!(faults(|facts| facts.fields.push((FieldLabel::of_text("备注"), FieldValue::Text(String::new())))), []);
    // To the anniversary itself, too; and another of the terms.
    for days in [FIVE_YEARS, 2 * FIVE_YEARS + 1, 2 * FIVE_YEARS] {
        assert_eq!(
            faults(|facts| facts.validity = Validity::new(day(FROM), Some(day(FROM + days))).unwrap()),
            [],
            "{days}"
        );
    }
}

#[test]
fn every_fault_is_told_at_once() {
    let found = faults(|facts| {
        facts.number = "1".to_owned();
        facts.binding = Binding::Bearer;
        facts.validity = Validity::new(day(FROM), None).unwrap();
        facts.fields.clear();
    });
    let rules: Vec<&Rule> = found.iter().map(|(_, rule)| rule).collect();
    let pattern = Rule::Pattern("[0-9]{17}[0-9X]".to_owned());
    let binding = Rule::Binding(vec![Binding::Identity]);
    assert_eq!(rules, [&pattern, &binding, &Rule::UntilRequired, &Rule::Required, &Rule::Required, &Rule::Required]);
    assert_eq!(found[3].0, FaultAt::Missing(FieldLabel::of_text("性别")));
}

#[test]
fn each_rule_is_held() {
    let set = |at: usize, value: FieldValue| move |facts: &mut LicenseFacts| facts.fields[at].1 = value;
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let texts = |text: &str| FieldValue::Texts(vec!["C1".to_owned(), text.to_owned()]);
    assert_eq!(
        faults(set(1, text("其他"))),
        [(FaultAt::Field(1), Rule::OneOf(vec!["男".to_owned(), "女".to_owned()]))]
    );
    assert_eq!(faults(set(1, FieldValue::Int(1))), [(FaultAt::Field(1), Rule::Kind(FieldKind::Text))]);
    assert_eq!(faults(set(1, text(" "))), [(FaultAt::Field(1), Rule::Empty)]);
    assert_eq!(faults(set(0, texts("C9"))), [(FaultAt::Field(0), Rule::Pattern("[ABC][1-6]".to_owned()))]);
    assert_eq!(faults(set(0, FieldValue::Texts(Vec::new()))), [(FaultAt::Field(0), Rule::Empty)]);
    assert_eq!(faults(set(2, text(CITIZEN))), [(FaultAt::Field(2), Rule::NotMasked(Kept::CITIZEN))]);
    assert_eq!(faults(set(2, text("1101051*******002X"))), [(FaultAt::Field(2), Rule::MaskedOtherwise(Kept::CITIZEN))]);
    assert_eq!(faults(set(2, text("1101"))), [(FaultAt::Field(2), Rule::CitizenIdShape)]);
    let wrong = faults(set(2, text("110105194912310021")));
    assert!(matches!(wrong[0], (FaultAt::Field(2), Rule::CitizenId(_))), "{wrong:?}");
    let more = |name: &str, value: &str| {
        let field = (FieldLabel::of_text(name), text(value));
        move |facts: &mut LicenseFacts| facts.fields.push(field)
    };
    assert_eq!(faults(more("备注", "一二三四五")), [(FaultAt::Field(3), Rule::Longest(4))]);
    assert_eq!(faults(more("品牌型号", "x")), [(FaultAt::Field(3), Rule::NotOfType)]);
    let short = Validity::new(day(FROM), Some(day(FROM + FIVE_YEARS - 2))).unwrap();
    assert_eq!(faults(|facts| facts.validity = short), [(FaultAt::Validity, Rule::Years(vec![5, 10]))]);
    let passport = |facts: &mut LicenseFacts| facts.holders[0].id_type = HolderIdType::PASSPORT;
    assert_eq!(faults(passport), [(FaultAt::HolderId(0), Rule::HolderIdType(vec![HolderIdType::CITIZEN_ID]))]);
    let twice = |facts: &mut LicenseFacts| facts.holders.push(facts.holders[0].clone());
    assert_eq!(faults(twice), [(FaultAt::Holders, Rule::HolderCount { fewest: 1, most: Some(1), found: 2 })]);
    let masked = |facts: &mut LicenseFacts| facts.holders[0].id = "1****************X".to_owned();
    assert_eq!(faults(masked), [(FaultAt::HolderId(0), Rule::MaskedOtherwise(Kept::CITIZEN))]);
}

#[test]
fn the_rules_of_validity() {
    let check = |until, years: &[u8], most_years, days: Option<i64>| {
        let mut definition = definition();
        definition.validity = ValidityRule { until, years: years.to_vec(), most_years };
        let mut facts = facts();
        facts.validity = Validity::new(day(FROM), days.map(|days| day(FROM + days))).unwrap();
        definition.check(&facts).pop().map(|fault| fault.rule)
    };
    assert_eq!(check(Until::Absent, &[], None, None), None);
    assert_eq!(check(Until::Absent, &[], None, Some(1)), Some(Rule::UntilAbsent));
    assert_eq!(check(Until::Optional, &[5], None, None), None);
    assert_eq!(check(Until::Optional, &[5], None, Some(FIVE_YEARS + 1)), Some(Rule::Years(vec![5])));
    assert_eq!(check(Until::Optional, &[], Some(5), Some(FIVE_YEARS)), None);
    assert_eq!(check(Until::Optional, &[], Some(5), Some(FIVE_YEARS + 1)), Some(Rule::MostYears(5)));
}

#[test]
fn what_is_demanded_masked_is_masked() {
    let mut catalogue = catalogue();
    let mut facts = facts();
    facts.fields[2].1 = FieldValue::Text(CITIZEN.to_owned());
    assert_eq!(catalogue.mask(&mut facts), [Place::FieldValue(2)]);
    assert_eq!(
        (facts.fields[2].1.clone(), catalogue.check(&facts)),
        (FieldValue::Text("110105********002X".to_owned()), vec![])
    );
    assert_eq!(catalogue.mask(&mut facts), []);
    let mut strict = definition();
    strict.holders.masking = Masking::Demanded(Kept { head: 3, tail: 2 });
    assert_eq!(catalogue.insert(strict), Some(definition()));
    assert_eq!(catalogue.mask(&mut facts), [Place::HolderId(0)]);
    assert_eq!(facts.holders[0].id, "110*************2X");
    // A number with a slip of the pen is not hidden, but told.
    let slip = CITIZEN.replace("002X", "0021");
    facts.holders[0].id.clone_from(&slip);
    facts.fields[2].1 = FieldValue::Text(slip.clone());
    assert_eq!((catalogue.mask(&mut facts), facts.holders[0].id.as_str()), (vec![], slip.as_str()));
    let wrong = Rule::CitizenId(CitizenIdCheckError::CheckCharacter { expected: 'X' });
    let at = [FaultAt::HolderId(0), FaultAt::Field(2)];
    assert_eq!(catalogue.check(&facts), at.map(|at| Fault { at, rule: wrong.clone() }));
    // Codes of bodies are public.
    facts.holders[0] =
        HolderFacts { id_type: HolderIdType::CREDIT_CODE, id: "91990100MA00000A9K".to_owned(), name: "x".to_owned() };
    assert_eq!(catalogue.mask(&mut facts), []);
}

#[test]
fn a_type_that_is_not_defined_has_no_faults() {
    let mut facts = facts();
    facts.type_code = TypeCode::parse("11950000MB0000043F002").unwrap();
    facts.fields.clear();
    assert_eq!(catalogue().check(&facts), []);
    assert!(catalogue().get(&facts.type_code).is_none());
}

#[test]
fn faults_are_told_in_words() {
    let fault = Fault { at: FaultAt::Holders, rule: Rule::HolderCount { fewest: 1, most: None, found: 0 } };
    assert_eq!(fault.to_string(), "holders: 1 or more holders are expected, not 0");
    let fault = Fault { at: FaultAt::Field(2), rule: Rule::Years(vec![6, 10]) };
    assert_eq!(fault.to_string(), "field 2: does not last 6 or 10 years");
    let fault = Fault { at: FaultAt::Binding, rule: Rule::Binding(vec![Binding::Bearer, Binding::Identity]) };
    assert_eq!(fault.to_string(), "binding: is to be 0 or 1");
}
