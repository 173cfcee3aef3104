//! Carriers: what is read without repairs is the one text of its bytes, and every byte string comes back from its texts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zhengyin::carrier::{Carrier, Content, Decoded, Error, Label, MAX_DECODED, Repair};
use zhengyin::carrier::{decode, encode_base45, encode_block, encode_digits};

fuzz_target!(|data: &[u8]| {
    if let Content::Text(text) = Content::of(data) {
        match decode(text) {
            Ok(decoded) => check(text, &decoded),
            Err(error) => {
                let _ = (error.reason(), error.to_string());
                if let Error::Character { at } | Error::Overflow { at } = error {
                    assert!(at < text.chars().count(), "the fault stands within the text");
                }
            }
        }
    }
    if (1..=MAX_DECODED).contains(&data.len()) {
        for text in [encode_digits(data), encode_base45(data), encode_block(data, Label::Pack)] {
            let text = text.expect("it is not too long");
            let decoded = decode(&text).expect("it was written");
            assert!(decoded.repaired.is_empty());
            assert_eq!(decoded.bytes, data);
        }
    }
});

fn check(text: &str, decoded: &Decoded) {
    assert!((1..=MAX_DECODED).contains(&decoded.bytes.len()));
    let again = match decoded.carrier {
        Carrier::Digits => encode_digits(&decoded.bytes),
        Carrier::Base45 => encode_base45(&decoded.bytes),
        Carrier::Block(label) => encode_block(&decoded.bytes, label),
        _ => panic!("a carrier that this target does not know"),
    };
    let mut repaired = again.expect("it was read");
    if decoded.repaired.is_empty() {
        assert_eq!(repaired, text);
        return;
    }
    // A repair is told only where it was done, and undoes no more than it says.
    let mut given = text.to_owned();
    for repair in decoded.repaired.iter() {
        given = match repair {
            Repair::WhiteSpace => given.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned(),
            Repair::FullWidthDigits => given.chars().map(ascii_digit).collect(),
            Repair::LowerCase => given.to_ascii_uppercase(),
            Repair::LineEnds => given.replace("\r\n", "\n"),
        };
    }
    if matches!(decoded.carrier, Carrier::Block(_)) {
        repaired = repaired.trim_end().to_owned();
        given = given.trim_end().to_owned();
    }
    assert_eq!(repaired, given);
    assert_ne!(repaired, text);
}

fn ascii_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).expect("a digit"),
        _ => c,
    }
}
