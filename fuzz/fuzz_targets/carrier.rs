//! Carriers: what is read without repairs is the one text of its content, and every byte string comes back from its texts, whole,
//! compressed or in parts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zhengyin::carrier::{Carrier, Content, Error, Form, Label, MAX_DECODED, Prepared, Repair, Scanned};
use zhengyin::carrier::{decode, decode_parts, encode_base45, encode_block, encode_digits, read};
use zhengyin::issue::prepare;

fuzz_target!(|data: &[u8]| {
    if let Content::Text(text) = Content::of(data) {
        match read(text) {
            Ok(scanned) => {
                check(text, &scanned);
                opened(scanned.open());
            }
            Err(error) => {
                let _ = (error.reason(), error.to_string());
                if let Error::Character { at } | Error::Overflow { at } = error {
                    assert!(at < text.chars().count(), "the fault stands within the text");
                }
            }
        }
        opened(decode_parts(text.lines()));
    }
    if let Ok(prepared) = Prepared::compressed(data.to_vec()) {
        opened(decode(&prepared.base45()));
    }
    if (1..=MAX_DECODED).contains(&data.len()) {
        for text in [encode_digits(data), encode_base45(data), encode_block(data, Label::Pack)] {
            let text = text.expect("it is not too long");
            let decoded = decode(&text).expect("it was written");
            assert!(decoded.repaired.is_empty());
            assert_eq!(decoded.bytes, data);
        }
        let prepared = prepare(data).expect("it is not too long");
        assert!(prepared.content().len() <= data.len());
        let parts = prepared.split(data.len().div_ceil(5)).expect("few parts");
        let texts: Vec<String> = parts.iter().rev().map(Prepared::digits).collect();
        let whole = decode_parts(texts.iter().map(String::as_str)).expect("all parts are there");
        assert_eq!((whole.bytes.as_slice(), whole.form), (data, prepared.form()));
    }
});

fn opened(decoded: Result<zhengyin::carrier::Decoded, Error>) {
    if let Ok(decoded) = decoded {
        assert!((1..=MAX_DECODED).contains(&decoded.bytes.len()));
        assert_ne!(decoded.form, Form::Part);
    }
}

fn check(text: &str, scanned: &Scanned) {
    assert!((1..=MAX_DECODED).contains(&scanned.content.len()));
    let again = match (scanned.carrier, scanned.form) {
        (Carrier::Digits, Form::Plain) => encode_digits(&scanned.content).expect("it was read"),
        (Carrier::Base45, Form::Plain) => encode_base45(&scanned.content).expect("it was read"),
        (Carrier::Block(label), Form::Plain) => encode_block(&scanned.content, label).expect("it was read"),
        // A form changes one digit of the head and nothing else.
        (Carrier::Digits, form) => {
            format!("860{}{}", form.number(), &encode_digits(&scanned.content).expect("read")[4..])
        }
        (Carrier::Base45, form) => {
            format!("ZY{}{}", form.number(), &encode_base45(&scanned.content).expect("read")[3..])
        }
        _ => panic!("a carrier that this target does not know"),
    };
    let mut repaired = again;
    if scanned.repaired.is_empty() {
        assert_eq!(repaired, text);
        return;
    }
    // A repair is told only where it was done, and undoes no more than it says.
    let mut given = text.to_owned();
    for repair in scanned.repaired.iter() {
        given = match repair {
            Repair::WhiteSpace => given.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned(),
            Repair::FullWidthDigits => given.chars().map(ascii_digit).collect(),
            Repair::LowerCase => given.to_ascii_uppercase(),
            Repair::LineEnds => given.replace("\r\n", "\n"),
        };
    }
    if matches!(scanned.carrier, Carrier::Block(_)) {
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
