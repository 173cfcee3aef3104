use super::*;

#[test]
fn numbers_and_symbols_are_unique_and_in_order() {
    assert!(Reason::ALL.is_sorted_by(|a, b| a.number() < b.number()));
    for reason in Reason::ALL {
        assert_eq!(Reason::from_number(reason.number()), Some(*reason));
        assert_eq!(Reason::from_symbol(reason.symbol()), Some(*reason), "{} is not unique", reason.symbol());
    }
}

#[test]
fn every_ground_speaks_both_languages_and_names_a_next_step() {
    for reason in Reason::ALL {
        for language in [Language::Zh, Language::En] {
            assert!(!reason.text(language).is_empty());
            assert!(!reason.remedy().text(language).is_empty(), "{} has no remedy", reason.symbol());
        }
        assert!(reason.text(Language::En).is_ascii(), "{}", reason.symbol());
        assert!(!reason.text(Language::Zh).is_ascii(), "{}", reason.symbol());
    }
}

#[test]
fn an_undetermined_verdict_never_lets_a_clerk_conclude_forgery() {
    for reason in Reason::ALL.iter().filter(|r| r.class() == Class::Undetermined && !r.symbol().starts_with("store.")) {
        assert_ne!(reason.caution(), Caution::None, "{}", reason.symbol());
    }
}

#[test]
fn every_ground_has_a_word_of_its_axis() {
    for reason in Reason::ALL {
        let words = reason.axis().map_or(&["unknown"][..], Axis::words);
        assert!(words.contains(&reason.word()), "{}: {}", reason.symbol(), reason.word());
        if reason.class() == Class::Undetermined {
            assert!(matches!(reason.word(), "unknown" | "missing"), "{}: a doubt says nothing", reason.symbol());
        }
    }
}

/// GB/T 36906: a doubt is 4, what is not genuine is 5 and never 3, and 0 is no ground's.
#[test]
fn result_codes_assert_no_more_than_their_ground() {
    for reason in Reason::ALL {
        let admitted: &[u8] = match (reason.class(), reason.axis()) {
            (Class::Invalid, Some(Axis::Authenticity)) => &[5],
            (Class::Invalid, Some(Axis::Currency)) => &[1, 2, 3, 5],
            _ => &[4],
        };
        assert!(admitted.contains(&reason.result_code()), "{}: {}", reason.symbol(), reason.result_code());
    }
}
