#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::string_slice
)]

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::reason::{Class, Language};

mod inflate;
mod part;

const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

fn error(text: &str) -> Error {
    decode(text).expect_err(text)
}

fn repairs(text: &str) -> (Vec<u8>, Vec<Repair>) {
    let decoded = decode(text).expect(text);
    (decoded.bytes, decoded.repaired.iter().collect())
}

/// All texts of some bytes.
fn texts(bytes: &[u8]) -> [(Carrier, String); 3] {
    [
        (Carrier::Digits, encode_digits(bytes).unwrap()),
        (Carrier::Base45, encode_base45(bytes).unwrap()),
        (Carrier::Block(Label::License), encode_block(bytes, Label::License).unwrap()),
    ]
}

#[test]
fn the_worked_examples_of_rfc_9285() {
    for (bytes, encoded) in
        [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")]
    {
        let text = format!("ZY1:{encoded}");
        assert_eq!(encode_base45(bytes.as_bytes()).unwrap(), text);
        let decoded = decode(&text).unwrap();
        assert_eq!((decoded.bytes.as_slice(), decoded.carrier), (bytes.as_bytes(), Carrier::Base45));
        assert!(decoded.repaired.is_empty());
    }
    // RFC 9285 §6: these are refused.
    assert_eq!(error("ZY1:GGW"), Error::Overflow { at: 4 });
    assert_eq!(error("ZY1::::"), Error::Overflow { at: 4 });
    assert_eq!(decode("ZY1:FGW").unwrap().bytes, [0xff, 0xff]);
}

#[test]
fn digits_are_written_in_groups() {
    let cases: [(&[u8], &str); 6] = [
        (&[0], "8601000"),
        (&[255], "8601255"),
        (&[1, 0], "860100256"),
        (&[255; 6], "8601281474976710655"),
        (&[255; 7], "860172057594037927935"),
        (&[0, 0, 0, 0, 0, 0, 1, 2], "860100000000000000001002"),
    ];
    for (bytes, text) in cases {
        assert_eq!(encode_digits(bytes).unwrap(), text);
        let decoded = decode(text).unwrap();
        assert_eq!((decoded.bytes.as_slice(), decoded.carrier), (bytes, Carrier::Digits));
        assert!(decoded.repaired.is_empty());
    }
}

#[test]
fn a_group_of_digits_beyond_its_bytes_is_refused() {
    for (bytes, width) in [(1_u32, 3_usize), (2, 5), (3, 8), (4, 10), (5, 13), (6, 15), (7, 17)] {
        let most = 256_u64.pow(bytes) - 1;
        let text = |value: u64| format!("8601{value:0width$}");
        assert_eq!(decode(&text(most)).unwrap().bytes, vec![0xff; bytes as usize]);
        for above in [most + 1, 10_u64.pow(width as u32) - 1, most + 2] {
            if above < 10_u64.pow(width as u32) {
                assert_eq!(error(&text(above)), Error::Overflow { at: 4 }, "{above}");
                let second = format!("8601{}{above:0width$}", "0".repeat(17));
                assert_eq!(error(&second), Error::Overflow { at: 21 }, "{above}");
            }
        }
    }
}

/// Threats A 15: each of the 45³ triples is read as its value or, above 65535, refused.
#[test]
fn every_triple_and_pair_of_base45() {
    let alphabet: Vec<char> = ALPHABET.chars().collect();
    let mut refused = 0;
    for (n, c) in (0..45_usize.pow(3)).map(|n| (n, [n % 45, n / 45 % 45, n / 2025].map(|i| alphabet[i]))) {
        // A space cannot end a code, so a whole group follows.
        let text = format!("ZY1:{}{}{}000", c[0], c[1], c[2]);
        match decode(&text) {
            Ok(decoded) => assert_eq!(decoded.bytes, [(n >> 8) as u8, n as u8, 0, 0]),
            Err(error) => {
                assert_eq!(error, Error::Overflow { at: 4 });
                assert!(n > 65_535);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 45 * 45 * 45 - 65_536);
    for n in 0..45 * 45 {
        let text = format!("ZY1:000{}{}", alphabet[n % 45], alphabet[n / 45]);
        match u8::try_from(n) {
            Ok(byte) => assert_eq!(decode(&text).unwrap().bytes, [0, 0, byte]),
            // Spaces at the end are trimmed: one character is left over, or none.
            Err(_) if text.ends_with("  ") => assert_eq!(repairs(&text), (vec![0, 0], vec![Repair::WhiteSpace])),
            Err(_) if text.ends_with(' ') => assert_eq!(error(&text), Error::Length),
            Err(_) => assert_eq!(error(&text), Error::Overflow { at: 7 }),
        }
    }
}

#[test]
fn impossible_lengths_are_refused() {
    for digits in 1..=40 {
        let text = format!("8601{}", "0".repeat(digits));
        let possible = [0, 3, 5, 8, 10, 13, 15].contains(&(digits % 17));
        match decode(&text) {
            Ok(_) => assert!(possible, "{digits}"),
            Err(Error::NotOurs(Foreign::Goods)) => assert!(digits == 4 || digits == 9),
            Err(error) => assert!(error == Error::Length && !possible, "{digits}"),
        }
    }
    assert_eq!(error("ZY1:0"), Error::Length);
    assert_eq!(error("ZY1:0000"), Error::Length);
    for nothing in ["", " \r\n", "\u{feff}", "8601", "ZY1:"] {
        assert_eq!(error(nothing), Error::Empty, "{nothing:?}");
    }
}

#[test]
fn a_form_that_is_not_read_yet_is_undetermined() {
    for form in [0, 4, 5, 9] {
        for text in [format!("860{form}000"), format!("ZY{form}:BB8"), format!("zy{form}:")] {
            assert_eq!(error(&text), Error::FormUnknown { form }, "{text}");
            assert_eq!(error(&text).reason().class(), Class::Undetermined);
        }
    }
    assert_eq!(error("-----BEGIN ZHENGYIN WARRANT-----\nAAAA\n-----END ZHENGYIN WARRANT-----"), Error::LabelUnknown);
    assert_eq!(Error::LabelUnknown.reason().class(), Class::Undetermined);
    assert_eq!(Error::FormUnknown { form: 4 }.to_string(), "this verifier does not read form 4 yet");
}

#[test]
fn harms_are_undone_and_told() {
    let bytes = b"Hello!!".to_vec();
    let digits = encode_digits(&bytes).unwrap();
    let full_width: String = digits.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap()).collect();
    let block = encode_block(&bytes, Label::Seal).unwrap();
    use Repair::{FullWidthDigits, LineEnds, LowerCase, WhiteSpace};
    for (text, expected) in [
        (format!("{digits}\r\n"), vec![WhiteSpace]),
        (format!(" \u{3000}{digits}"), vec![WhiteSpace]),
        (full_width.clone(), vec![FullWidthDigits]),
        (format!("\u{feff}{full_width}\t"), vec![WhiteSpace, FullWidthDigits]),
        ("zy1:%69 VD92EX0".into(), vec![LowerCase]),
        ("ZY1:%69 vd92ex0\n".into(), vec![WhiteSpace, LowerCase]),
        (block.clone(), vec![]),
        (block.trim_end().into(), vec![LineEnds]),
        (block.replace('\n', "\r\n"), vec![LineEnds]),
        (format!("\n{block}"), vec![WhiteSpace]),
        (format!("{block}\n"), vec![WhiteSpace]),
        (format!("\u{feff}{}", block.replace('\n', "\r\n")), vec![WhiteSpace, LineEnds]),
    ] {
        assert_eq!(repairs(&text), (bytes.clone(), expected), "{text:?}");
    }
}

#[test]
fn other_harms_are_refused() {
    let digits = encode_digits(b"Hello!!").unwrap();
    assert_eq!(error(&format!("{}\n{}", &digits[..10], &digits[10..])), Error::Length);
    assert_eq!(error(&format!("{}O{}", &digits[..10], &digits[11..])), Error::Character { at: 10 });
    // Digits of other scripts are not repaired, nor is anything full-width in base45.
    assert_eq!(error(&format!("  {}٣{}", &digits[..10], &digits[11..])), Error::Character { at: 12 });
    assert_eq!(error("ZY1:%６9 VD92EX0"), Error::Character { at: 5 });
    assert_eq!(error("ZY1:BB\n8BB8"), Error::Character { at: 6 });
    assert_eq!(error("ZY1:ſſſ"), Error::Character { at: 4 });
}

#[test]
fn blocks_are_strict() {
    let bytes: Vec<u8> = (0..100).collect();
    let block = encode_block(&bytes, Label::License).unwrap();
    assert_eq!(block.lines().map(str::len).collect::<Vec<_>>(), [32, 64, 64, 8, 30]);
    let lines: Vec<&str> = block.lines().collect();
    let with = |lines: &[&str]| lines.join("\n") + "\n";
    assert_eq!(decode(&with(&lines)).unwrap().bytes, bytes);

    let cases = [
        (with(&lines[..4]), Error::BlockEnd),
        (with(&[&lines[..4], &["-----END ZHENGYIN SEAL-----"]].concat()), Error::BlockEnd),
        (with(&[&lines[..], &["-----"]].concat()), Error::BlockEnd),
        (with(&[&lines[..], &lines[..]].concat()), Error::BlockEnd),
        (with(&[lines[0], lines[1], lines[3], lines[2], lines[4]]), Error::Line { line: 3 }),
        (with(&[lines[0], "", lines[1], lines[4]]), Error::Line { line: 2 }),
        (with(&[lines[0], &(lines[1].to_string() + lines[2]), lines[4]]), Error::Line { line: 2 }),
        (with(&[lines[0], &lines[1][1..], lines[2], lines[4]]), Error::Line { line: 2 }),
        (with(&[lines[0], "Version: 1", lines[1], lines[4]]), Error::Line { line: 2 }),
        (with(&[lines[0], lines[4]]), Error::Empty),
        (with(&[lines[0], &format!("{} ", &lines[1][..63]), lines[4]]), Error::Base64),
        // RFC 4648 §3.2, §3.5: padding, and zero bits in it.
        (with(&[lines[0], "AA", lines[4]]), Error::Base64),
        (with(&[lines[0], "AA=", lines[4]]), Error::Base64),
        (with(&[lines[0], "AB==", lines[4]]), Error::Base64),
        (with(&[lines[0], "AA==AA==", lines[4]]), Error::Base64),
        (with(&[lines[0], "A-_A", lines[4]]), Error::Base64),
        ("-----BEGIN ZHENGYIN LICENSE".into(), Error::Line { line: 1 }),
        ("-----BEGIN ZHENGYIN LICENSE-----".into(), Error::BlockEnd),
    ];
    for (text, expected) in cases {
        assert_eq!(error(&text), expected, "{text}");
    }
    for label in Label::ALL {
        assert_eq!(decode(&encode_block(&bytes, label).unwrap()).unwrap().carrier, Carrier::Block(label));
    }
}

#[test]
fn what_is_written_and_read_is_bounded() {
    let most = vec![0xa5; MAX_DECODED];
    for (carrier, text) in texts(&most) {
        let decoded = decode(&text).unwrap();
        assert_eq!((decoded.carrier, decoded.bytes), (carrier, most.clone()));
    }
    let more = vec![0; MAX_DECODED + 1];
    assert_eq!(encode_digits(&more), Err(Error::TooLong));
    assert_eq!(encode_base45(&more), Err(Error::TooLong));
    assert_eq!(encode_block(&more, Label::Pack), Err(Error::TooLong));
    for (what, text) in [
        ("digits", format!("8601{}", "0".repeat(17 * 9363))),
        ("base45", format!("ZY1:{}", "0".repeat(3 * 32_769))),
        ("block", format!("-----BEGIN ZHENGYIN PACK-----\n{}-----END ZHENGYIN PACK-----\n", line(1366))),
        ("large block", format!("-----BEGIN ZHENGYIN PACK-----\n{}-----END ZHENGYIN PACK-----\n", line(1 << 20))),
    ] {
        assert_eq!(error(&text), Error::TooLong, "{what}");
    }
    assert_eq!(encode_digits(&[]), Err(Error::Empty));
}

fn line(count: usize) -> String {
    format!("{}\n", "A".repeat(64)).repeat(count)
}

#[test]
fn what_is_not_ours_is_named() {
    for (text, expected) in [
        ("https://www.example.gov.cn/verify?id=1", Foreign::Url),
        ("HTTP://EXAMPLE.CN/A", Foreign::Url),
        ("HC1:6BFOXN%TSMAHN-H3YS1IK47ES6IXJR4E47X5*T917VF+UOGIS1RYZV:X9", Foreign::Health),
        ("shc:/5676290952432060346029243740446031222959532654603460292540772804336028", Foreign::Health),
        ("281234567890123456", Foreign::Payment),
        ("134567890123456789", Foreign::Payment),
        ("6212345678901234567", Foreign::Payment),
        ("00020101021226330015", Foreign::Payment),
        ("wxp://f2f0AbCdEf", Foreign::Payment),
        ("6901234567892", Foreign::Goods),
        ("8601234567895", Foreign::Goods),
        ("BEGIN:VCARD\nVERSION:3.0", Foreign::Contact),
        ("WIFI:S:net;T:WPA;P:secret;;", Foreign::Network),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", Foreign::Block),
        ("eyJhbGciOiJFZERTQSJ9.e30.AAAA", Foreign::Token),
        ("mailto:a@example.cn", Foreign::OtherScheme),
        ("ZYX:1", Foreign::OtherScheme),
        ("8613800138000", Foreign::Goods),
        ("86", Foreign::Unknown),
        ("861000", Foreign::Unknown),
        ("证照", Foreign::Unknown),
        ("11010519491231002X", Foreign::IdentityNumber),
        ("11010519491231002x", Foreign::IdentityNumber),
        ("110105194912310021", Foreign::Payment),
        ("110105194913310026", Foreign::Payment),
        ("91990100MA00000A9K", Foreign::CreditCode),
        ("91990100MA00000A9L", Foreign::Unknown),
    ] {
        assert_eq!(error(text), Error::NotOurs(expected), "{text}");
        assert_eq!(error(text).reason(), Reason::CarrierUnknown);
        assert!(!expected.text(Language::Zh).is_ascii() && expected.text(Language::En).is_ascii());
    }
}

#[test]
fn a_file_is_told_from_a_text() {
    assert_eq!(Content::of(&[0xd2, 0x84]), Content::Object(&[0xd2, 0x84]));
    assert_eq!(Content::of(&[0xd8, 0x62, 0x84]), Content::Object(&[0xd8, 0x62, 0x84]));
    assert_eq!(Content::of(&[0x80]), Content::Object(&[0x80]));
    assert_eq!(Content::of(b"ZY1:BB8"), Content::Text("ZY1:BB8"));
    assert_eq!(Content::of("８６".as_bytes()), Content::Text("８６"));
}

/// What is read is the one text of its content, but for what was repaired.
fn check_canonical(text: &str) -> Result<(), TestCaseError> {
    if let Ok(scanned) = read(text)
        && scanned.repaired.is_empty()
    {
        let (form, content) = (scanned.form, &scanned.content);
        let again = match scanned.carrier {
            Carrier::Digits => digits::write(form, content),
            Carrier::Base45 => base45::write(form, content),
            Carrier::Block(label) => encode_block(content, label).unwrap(),
        };
        prop_assert_eq!(again, text);
        // Whatever a content opens to is within the bounds.
        if let Ok(decoded) = scanned.open() {
            prop_assert!((1..=MAX_DECODED).contains(&decoded.bytes.len()));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 1..400)) {
        for (carrier, text) in texts(&bytes) {
            let decoded = decode(&text).unwrap();
            prop_assert_eq!((&decoded.bytes, decoded.carrier, decoded.form), (&bytes, carrier, Form::Plain));
            prop_assert!(decoded.repaired.is_empty());
            prop_assert_eq!(text.trim(), text.trim_end_matches('\n'));
        }
    }

    #[test]
    fn a_changed_text_is_refused_or_is_the_text_of_other_bytes(
        bytes in prop::collection::vec(any::<u8>(), 1..100),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3, any::<char>(), any::<bool>()), 1..4),
    ) {
        for (_, text) in texts(&bytes) {
            let mut characters: Vec<char> = text.chars().collect();
            for (at, change, character, from_text) in &changes {
                let with = if *from_text { characters[at.index(characters.len())] } else { *character };
                let at = at.index(characters.len());
                match change {
                    0 => characters[at] = with,
                    1 => characters.insert(at, with),
                    _ if characters.len() > 1 => { characters.remove(at); }
                    _ => {}
                }
            }
            let changed: String = characters.into_iter().collect();
            check_canonical(&changed)?;
        }
    }

    #[test]
    fn any_text_ends_in_an_answer(text in any::<String>(), head in prop::sample::select(vec!["", "8601", "8602", "8603", "ZY1:", "ZY2:", "ZY3:", "-----BEGIN ZHENGYIN SEAL-----\n"])) {
        check_canonical(&format!("{head}{text}"))?;
    }

    #[test]
    fn any_digits_are_canonical_or_refused(text in "860[123][0-9]{0,60}", base45 in "ZY[123]:[0-9A-Z $%*+./:-]{0,40}") {
        check_canonical(&text)?;
        check_canonical(&base45)?;
    }

    #[test]
    fn a_truncated_text_never_gives_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 1..60)) {
        for (_, text) in texts(&bytes) {
            let text = text.trim_end();
            for end in 0..text.len() {
                prop_assert!(decode(&text[..end]).map_or(true, |decoded| decoded.bytes != bytes));
            }
        }
    }
}

/// Two codes in one scan are named as that, wherever they meet; a code that is damaged is not.
#[test]
fn codes_that_run_together_are_named() {
    let bytes =
        |n: usize| [0xd2].into_iter().chain(sha256_of(n).into_iter().cycle().take(200 + n)).collect::<Vec<u8>>();
    let some: Vec<String> = (0..40).map(|n| encode_digits(&bytes(n)).unwrap()).collect();
    let mut by_chance = 0;
    for pair in some.windows(2) {
        for between in ["", " ", "\t", "\u{3000}"] {
            let text = format!("{}{between}{}", pair[0], pair[1]);
            assert!(are_run_together(&text), "{text}");
            // After 5 bytes left over the head of the second fills a group: both read as one, and are told by what it says.
            match decode(&text) {
                Ok(_) => by_chance += 1,
                Err(error) => assert_eq!(error, Error::RunTogether, "{text}"),
            }
        }
        // A code that is damaged is none of these.
        for damaged in [&pair[0][1..], &pair[0][..pair[0].len() - 1], &pair[0]] {
            assert!(!are_run_together(damaged), "{damaged}");
        }
    }
    assert!(by_chance < 10, "{by_chance}");
    let base45 = encode_base45(&bytes(1)).unwrap();
    assert!(are_run_together(&format!("{base45}{base45}")) && are_run_together(&format!("{}{base45}", some[0])));
    assert_eq!(error(&some[20].repeat(3)), Error::RunTogether);
    // Bounded, whatever stands in it.
    assert_eq!(error(&"8601".repeat(100_000)).reason(), Reason::EncodingTooLarge);
    assert_eq!(error(&"8601".repeat(4_000)).reason(), Reason::CarrierMalformed);
}

fn sha256_of(n: usize) -> [u8; 32] {
    *crate::suite::sha256(&n.to_be_bytes()).as_bytes()
}
