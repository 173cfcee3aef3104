#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

const SHARED: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// `text` with the character at `at` replaced.
fn with(text: &str, at: usize, byte: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = byte;
    String::from_utf8(bytes).unwrap()
}

/// Every text that differs from `text` in exactly one character of the shared alphabet.
fn neighbours(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for at in 0..text.len() {
        all.extend(SHARED.iter().filter(|byte| text.as_bytes()[at] != **byte).map(|byte| with(text, at, *byte)));
    }
    all
}

// Credit code ------------------------------------------------------------------------------------

#[test]
fn credit_codes_of_real_and_demonstration_bodies_pass_both_checks() {
    for text in [
        "11100000000013338W",
        "11100000MB03271699",
        "11990000MB0000000J",
        "11990100MB0000000P",
        "11980000MB0000000E",
        "11970000MB0000000A",
        "11430000006122244L",
        "11220000013544541J",
        "11330105002500287C",
    ] {
        let code = CreditCode::parse(text).unwrap();
        assert_eq!(code.check(), Ok(()), "{text}");
        assert_eq!(code.check_organisation(), Ok(()), "{text}");
        assert_eq!(code.as_str(), text);
    }
}

#[test]
fn credit_code_parts() {
    let code = CreditCode::parse("11100000MB03271699").unwrap();
    assert_eq!(code.region().unwrap().as_str(), "100000");
    assert_eq!(code.organisation_code(), "MB0327169");
    assert_eq!(CreditCode::parse("11A00000MB03271699").unwrap().region(), None);
}

#[test]
fn credit_code_finds_every_single_wrong_character() {
    for text in ["11100000000013338W", "11990000MB0000000J"] {
        for other in neighbours(text) {
            assert!(CreditCode::parse(&other).unwrap().check().is_err(), "{other}");
        }
    }
}

#[test]
fn credit_code_says_what_fails() {
    let check = |text| CreditCode::parse(text).unwrap().check();
    assert_eq!(check("11100000000013338X"), Err(CreditCodeCheckError::CheckCharacter { expected: 'W' }));
    assert_eq!(check("1110000000001333I8"), Err(CreditCodeCheckError::Letter { at: 16 }));
    assert_eq!(check("11A00000000013338W"), Err(CreditCodeCheckError::Region { at: 2 }));
    // GB 11714: Σ of 00001333 is 47, so 8; the outer check character is made to fit the wrong one.
    let code = CreditCode::parse("11100000000013339W").unwrap();
    assert_eq!(code.check_organisation(), Err(OrganisationCheckError { expected: '8' }));
}

#[test]
fn organisation_code_writes_ten_as_x_and_eleven_as_zero() {
    // 00000002: Σ = 2·2 = 4, c = 7. 00000006: Σ = 12, mod 11 = 1, c = 10. 00000000: Σ = 0, c = 11.
    for (organisation, expected) in [("00000002", '7'), ("00000006", 'X'), ("00000000", '0')] {
        let text = alloc::format!("11100000{organisation}{expected}0");
        assert_eq!(CreditCode::parse(&text).unwrap().check_organisation(), Ok(()), "{text}");
        let text = alloc::format!("11100000{organisation}50");
        assert_eq!(CreditCode::parse(&text).unwrap().check_organisation(), Err(OrganisationCheckError { expected }));
    }
}

#[test]
fn credit_code_shape() {
    assert_eq!(CreditCode::parse("11100000000013338"), Err(ShapeError::Length { found: 17 }));
    assert_eq!(CreditCode::parse("11100000000013338WW"), Err(ShapeError::Length { found: 19 }));
    assert_eq!(CreditCode::parse(""), Err(ShapeError::Length { found: 0 }));
    assert_eq!(CreditCode::parse("11100000000013338w"), Err(ShapeError::Character { at: 17 }));
    assert_eq!(CreditCode::parse("1110000000001333 W"), Err(ShapeError::Character { at: 16 }));
    assert_eq!(CreditCode::parse("1110000000００"), Err(ShapeError::Character { at: 10 }));
}

// Citizen id -------------------------------------------------------------------------------------

#[test]
fn citizen_ids_of_the_standard() {
    let id = CitizenId::parse("11010519491231002X").unwrap();
    assert_eq!(id.check(), Ok(()));
    assert_eq!(id.birth(), Some((1949, 12, 31)));
    assert_eq!(id.sex(), Some(Sex::Female));
    assert_eq!(id.region().unwrap().as_str(), "110105");
    let id = CitizenId::parse("440524188001010014").unwrap();
    assert_eq!((id.check(), id.sex()), (Ok(()), Some(Sex::Male)));
}

#[test]
fn citizen_id_finds_every_single_wrong_character() {
    for text in ["11010519491231002X", "440524188001010014"] {
        for other in neighbours(text) {
            if let Ok(id) = CitizenId::parse(&other) {
                assert!(id.check().is_err(), "{other}");
            }
        }
    }
}

#[test]
fn citizen_id_wants_a_real_day() {
    let check = |text| CitizenId::parse(text).unwrap().check();
    for text in
        ["110105194902300020", "110105190002290020", "110105194913010020", "110105194900010020", "110105194901000020"]
    {
        assert_eq!(check(text), Err(CitizenIdCheckError::DayOfBirth), "{text}");
    }
    // 2000 was a leap year: only the check character is left to fail, or not.
    assert_ne!(check("110105200002290020"), Err(CitizenIdCheckError::DayOfBirth));
}

#[test]
fn citizen_id_masked_has_no_check() {
    let id = CitizenId::parse("110105********002X").unwrap();
    assert!(id.is_masked());
    assert_eq!((id.check(), id.birth(), id.sex()), (Ok(()), None, Some(Sex::Female)));
    assert!(id.may_equal(&CitizenId::parse("11010519491231002X").unwrap()));
    assert!(!id.may_equal(&CitizenId::parse("440524188001010014").unwrap()));
    assert_eq!(CitizenId::parse("*****************").unwrap_err(), ShapeError::Length { found: 17 });
}

#[test]
fn citizen_id_shape() {
    assert_eq!(CitizenId::parse("11010519491231002x"), Err(ShapeError::Character { at: 17 }));
    assert_eq!(CitizenId::parse("1101051949123100X2"), Err(ShapeError::Character { at: 16 }));
    // The form of 1989.
    assert_eq!(CitizenId::parse("110105491231002"), Err(ShapeError::Length { found: 15 }));
}

// Region -----------------------------------------------------------------------------------------

#[test]
fn regions_and_prefixes() {
    let region = |text| Region::parse(text).unwrap();
    let prefix = |text| RegionPrefix::parse(text).unwrap();
    assert_eq!(region("230000").level(), RegionLevel::Province);
    assert_eq!(region("230100").level(), RegionLevel::Prefecture);
    assert_eq!(region("230102").level(), RegionLevel::County);
    // Counties directly under a province have a prefecture group of their own, so a lone third group is still a county.
    assert_eq!(region("230001").level(), RegionLevel::County);
    assert_eq!(region("230102").province(), prefix("23"));
    assert_eq!(
        [region("230000"), region("230100"), region("230102")].map(|region| region.whole()),
        [prefix("23"), prefix("2301"), prefix("230102")]
    );

    assert!(prefix("23").covers(&region("230000")) && prefix("23").covers(&region("230102")));
    assert!(prefix("2301").covers(&region("230100")) && !prefix("2301").covers(&region("230200")));
    assert!(!prefix("2301").covers(&region("230000")));
    assert!(prefix("230100").covers(&region("230100")) && !prefix("230100").covers(&region("230102")));
    assert!(prefix("23").contains(&prefix("2301")) && !prefix("2301").contains(&prefix("23")));
    assert_eq!(
        [prefix("23").level(), prefix("2301").level(), prefix("230102").level()],
        [RegionLevel::Province, RegionLevel::Prefecture, RegionLevel::County]
    );
}

#[test]
fn region_shape() {
    for (text, found) in [("", 0), ("2", 1), ("230", 3), ("23010", 5), ("2301020", 7)] {
        assert_eq!(RegionPrefix::parse(text), Err(ShapeError::Length { found }));
        assert_eq!(Region::parse(text), Err(ShapeError::Length { found }));
    }
    assert_eq!(Region::parse("23"), Err(ShapeError::Length { found: 2 }));
    assert_eq!(Region::parse("2301O0"), Err(ShapeError::Character { at: 4 }));
    assert_eq!(RegionPrefix::parse("2A"), Err(ShapeError::Character { at: 1 }));
}

// Type code --------------------------------------------------------------------------------------

#[test]
fn type_codes_and_prefixes() {
    let code = TypeCode::parse("11100000000013338W011").unwrap();
    assert_eq!(code.check(), Ok(()));
    assert_eq!(code.definer().as_str(), "11100000000013338W");
    assert!(TypePrefix::parse("11100000000013338W").unwrap().covers(&code));
    assert!(TypePrefix::parse("11100000000013338W011").unwrap().covers(&code));
    assert!(!TypePrefix::parse("11100000000013338W012").unwrap().covers(&code));
    assert!(!TypePrefix::parse("11100000MB03271699").unwrap().covers(&code));
    assert!(TypePrefix::parse("11100000000013338W").unwrap().contains(&code.into()));
    assert!(!TypePrefix::from(code).contains(&TypePrefix::parse("11100000000013338W").unwrap()));
    assert_eq!(TypeCode::parse("11100000000013338W01A").unwrap().check(), Err(TypeCodeCheckError::Number));
    assert_eq!(
        TypeCode::parse("11100000000013338X011").unwrap().check(),
        Err(TypeCodeCheckError::Definer(CreditCodeCheckError::CheckCharacter { expected: 'W' }))
    );
    assert_eq!(TypeCode::parse("11100000000013338W"), Err(ShapeError::Length { found: 18 }));
    assert_eq!(TypePrefix::parse("11100000000013338W0"), Err(ShapeError::Length { found: 19 }));
    assert_eq!(TypePrefix::parse("1110"), Err(ShapeError::Length { found: 4 }));
}

// License identifier -----------------------------------------------------------------------------

const WORKED: [&str; 4] = [
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
];

#[test]
fn license_identifiers_of_real_files() {
    for text in WORKED {
        let id = LicenseIdentifier::parse(text).unwrap();
        assert_eq!(id.check(), Ok(()), "{text}");
        assert_eq!(id.as_str(), text);
        let again = LicenseIdentifier::from_parts(&id.type_code(), id.authority(), id.serial(), id.version());
        assert_eq!(again, Ok(id));
    }
    let id = LicenseIdentifier::parse(WORKED[3]).unwrap();
    assert_eq!(id.type_code().as_str(), "11100000000013338W009");
    assert_eq!((id.authority(), id.serial(), id.version()), ("11330105002500287C", "2025052201", 2));
    assert_eq!(id.check_character(), Some('0'));
}

#[test]
fn a_documented_identifier_with_a_wrong_check_character_is_read_and_warned_of() {
    let text = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M";
    let id = LicenseIdentifier::parse(text).unwrap();
    assert_eq!(id.check(), Err(LicenseIdentifierCheckError { expected: 'D' }));
}

#[test]
fn check_character_alone() {
    for (text, expected) in [("", '1'), ("0", '2'), ("Z", '4'), ("A12425GABC1234002", 'M')] {
        assert_eq!(check_character(text), Some(expected), "{text}");
    }
    assert_eq!(check_character("a"), None);
    assert_eq!(check_character("1.2"), None);
}

#[test]
fn check_character_misses_no_substitution_and_36_swaps() {
    // After a prefix the state is one of 36; a swap of neighbours goes unseen in 36 of 36 · 35 · 36 / 2 cases.
    let mut prefix_of_state: Vec<Option<String>> = alloc::vec![None; 36];
    for first in SHARED {
        for second in SHARED {
            let prefix = String::from_utf8(alloc::vec![*first, *second]).unwrap();
            let check = check_character(&prefix).unwrap();
            prefix_of_state[usize::from(value36(u8::try_from(check).unwrap()).unwrap())].get_or_insert(prefix);
        }
    }
    let mut unseen = 0;
    for prefix in prefix_of_state.iter().map(|prefix| prefix.as_ref().unwrap()) {
        for (at, a) in SHARED.iter().enumerate() {
            for b in &SHARED[at + 1..] {
                let (a, b) = (char::from(*a), char::from(*b));
                let swapped = (
                    check_character(&alloc::format!("{prefix}{a}{b}")),
                    check_character(&alloc::format!("{prefix}{b}{a}")),
                );
                unseen += usize::from(swapped.0 == swapped.1);
            }
        }
    }
    assert_eq!(unseen, 36);
    for text in WORKED {
        let (payload, check) = text.rsplit_once('.').unwrap();
        let payload = payload.strip_prefix("1.2.156.3005.2.").unwrap().replace('.', "");
        for other in neighbours(&payload) {
            assert_ne!(check_character(&other).unwrap().to_string(), check, "{other}");
        }
    }
}

#[test]
fn license_identifier_shape() {
    use LicenseIdentifierError::{Part, Parts, Root};
    let part = |part, error| Err(Part { part, error });
    let parse = LicenseIdentifier::parse;
    assert_eq!(parse("11100000MB03271699022.340100.000000016.001.9"), Err(Root));
    assert_eq!(parse("1.2.156.3005.2"), Err(Root));
    assert_eq!(parse("1.2.156.3005.2.11100000MB03271699022.340100.000000016.0019"), Err(Parts { found: 4 }));
    assert_eq!(parse("1.2.156.3005.2.11100000MB03271699022.340100.0000.00016.001.9"), Err(Parts { found: 6 }));
    assert_eq!(
        parse("1.2.156.3005.2.11100000MB03271699022.340100.000000016.1.9"),
        part(IdentifierPart::Version, ShapeError::Length { found: 1 })
    );
    assert_eq!(
        parse("1.2.156.3005.2.11100000MB03271699022.340100.000000016.000.9"),
        part(IdentifierPart::Version, ShapeError::Character { at: 0 })
    );
    assert_eq!(
        parse("1.2.156.3005.2.11100000MB03271699022.340100.00000001a.001.9"),
        part(IdentifierPart::Serial, ShapeError::Character { at: 8 })
    );
    assert_eq!(
        parse("1.2.156.3005.2.11100000MB03271699022..000000016.001.9"),
        part(IdentifierPart::Authority, ShapeError::Length { found: 0 })
    );
    // A character moved across a dot: the check character cannot see it, the lengths can.
    assert_eq!(
        parse("1.2.156.3005.2.11100000MB0327169902.2340100.000000016.001.9"),
        part(IdentifierPart::Type, ShapeError::Length { found: 20 })
    );
    let type_code = TypeCode::parse("11100000MB03271699022").unwrap();
    let longest = "Z".repeat(64);
    let id = LicenseIdentifier::from_parts(&type_code, "11100000MB03271699", &longest, 999).unwrap();
    assert_eq!(id.as_str().len(), 126);
    assert_eq!(LicenseIdentifier::parse(id.as_str()), Ok(id));
    let made = LicenseIdentifier::from_parts(&type_code, "340100", &"Z".repeat(65), 1);
    assert_eq!(made, part(IdentifierPart::Serial, ShapeError::Length { found: 65 }));
    for version in [0, 1000] {
        let made = LicenseIdentifier::from_parts(&type_code, "340100", "1", version);
        assert_eq!(made, part(IdentifierPart::Version, ShapeError::Character { at: 0 }));
    }
}

// Properties -------------------------------------------------------------------------------------

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,140}") {
        let _ = CreditCode::parse(&text).map(|code| (code.check(), code.check_organisation(), code.region()));
        let _ = CitizenId::parse(&text).map(|id| (id.check(), id.birth(), id.sex(), id.region()));
        let _ = Region::parse(&text).map(|region| (region.level(), region.whole()));
        let _ = RegionPrefix::parse(&text);
        let _ = TypeCode::parse(&text).map(|code| code.check());
        let _ = TypePrefix::parse(&text);
        let _ = LicenseIdentifier::parse(&text).map(|id| id.check());
    }

    #[test]
    fn order_is_that_of_the_texts(a in "[0-9]{2}([0-9]{2}){0,2}", b in "[0-9]{2}([0-9]{2}){0,2}") {
        let (x, y) = (RegionPrefix::parse(&a).unwrap(), RegionPrefix::parse(&b).unwrap());
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(x.as_str(), a.as_str());
        prop_assert_eq!(x.contains(&y), b.starts_with(&a));
    }

    #[test]
    fn a_computed_credit_code_is_the_only_one(body in "[0-9A-HJ-NP-RT-UW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{9}") {
        let holding: Vec<_> = SHARED.iter()
            .filter(|byte| CreditCode::parse(&alloc::format!("{body}{}", char::from(**byte))).unwrap().check().is_ok())
            .collect();
        prop_assert_eq!(holding.len(), 1);
        // And the error names it.
        let wrong = if *holding[0] == b'0' { '1' } else { '0' };
        let error = CreditCode::parse(&alloc::format!("{body}{wrong}")).unwrap().check().unwrap_err();
        prop_assert_eq!(error, CreditCodeCheckError::CheckCharacter { expected: char::from(*holding[0]) });
    }

    #[test]
    fn made_identifiers_hold(authority in "[0-9A-Z]{1,18}", serial in "[0-9A-Z]{1,64}", version in 1_u16..=999) {
        let type_code = TypeCode::parse("11100000000013338W011").unwrap();
        let id = LicenseIdentifier::from_parts(&type_code, &authority, &serial, version).unwrap();
        prop_assert_eq!(id.check(), Ok(()));
        prop_assert_eq!(LicenseIdentifier::parse(id.as_str()), Ok(id));
        prop_assert_eq!((id.type_code(), id.authority(), id.serial(), id.version()), (type_code, authority.as_str(), serial.as_str(), version));
    }
}
