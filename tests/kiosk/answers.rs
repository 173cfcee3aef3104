//! What is answered to what is scanned.

use super::*;
use zhengyin::carrier::{Prepared, encode_base45};
use zhengyin::claims::{Challenge, Nonce};
use zhengyin::issue::prepare;

/// The words of an answer by which it is told from others.
fn words(answer: &Value) -> [&str; 4] {
    ["answer", "verdict", "reason", "what"].map(|name| answer[name].as_str().unwrap_or("-"))
}

/// Everything that people hold before a scanner gets an answer with its own name.
#[test]
fn each_scan_is_named() {
    let mut world = World::new();
    let [good, tampered, other] =
        ["business-license", "driving-licence", "food-operation-permit"].map(|name| world.issue(name));
    for province in ["96", "97", "98", "99"] {
        world.province(province).contact.phone = Some(format!("{province}-12345"));
    }
    let folder = folder("named", &mut world);
    let text = |bytes: &[u8]| prepare(bytes).unwrap().digits();
    let whole = text(&good.bytes);
    let parts = |bytes: &[u8]| -> Vec<String> {
        Prepared::plain(bytes).unwrap().split(400).unwrap().iter().map(Prepared::digits).collect()
    };
    let (one, two) = (parts(&good.bytes), parts(&other.bytes));
    let challenge = Challenge::new(Nonce::new([1; 16]), None, None).encode().unwrap();
    let trust = world.trust_object();
    let altered = world::spoil::flip(&tampered.bytes, tampered.bytes.len() - 200, 0);
    let wide: String = whole.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap()).collect();
    let rows: Vec<(String, [&str; 4])> = vec![
        (whole.clone(), ["verdict", "valid", "-", "-"]),
        (wide, ["verdict", "valid", "-", "-"]),
        (format!("  {whole}\t"), ["verdict", "valid", "-", "-"]),
        (encode_base45(&good.bytes).unwrap().to_lowercase(), ["verdict", "valid", "-", "-"]),
        (text(&altered), ["verdict", "invalid", "signature.bad", "-"]),
        (format!("{whole}{whole}"), ["unreadable", "-", "carrier.run_together", "run-together"]),
        (whole[..whole.len() - 3].into(), ["unreadable", "-", "carrier.malformed", "length"]),
        (format!("{}x{}", &whole[..90], &whole[91..]), ["unreadable", "-", "carrier.malformed", "character"]),
        ("8605123".into(), ["unreadable", "-", "encoding.form_unknown", "too-new"]),
        ("860".repeat(400_000), ["unreadable", "-", "encoding.too_large", "too-long"]),
        ("https://example.com/license?id=1".into(), ["foreign", "-", "carrier.unknown", "url"]),
        ("HC1:6BFOXN".into(), ["foreign", "-", "carrier.unknown", "health"]),
        ("134567890123456789".into(), ["foreign", "-", "carrier.unknown", "payment"]),
        ("281234567890123456".into(), ["foreign", "-", "carrier.unknown", "payment"]),
        ("11010519491231002X".into(), ["foreign", "-", "carrier.unknown", "identity_number"]),
        ("91990100MA00000A9K".into(), ["foreign", "-", "carrier.unknown", "credit_code"]),
        ("你好\u{202e}\u{1b}[2J".into(), ["foreign", "-", "carrier.unknown", "unknown"]),
        (text(&world.pack()), ["other_object", "-", "encoding.wrong_type", "pack"]),
        (text(&trust), ["other_object", "-", "encoding.wrong_type", "trust-list"]),
        (text(&challenge), ["other_object", "-", "encoding.wrong_type", "challenge"]),
        (one[0].clone(), ["part", "-", "carrier.part_missing", "-"]),
        (two[1].clone(), ["part", "-", "carrier.parts_mixed", "-"]),
        (one[1].clone(), ["verdict", "valid", "-", "-"]),
        (two[0].clone(), ["verdict", "undetermined", "presentation.missing", "-"]),
    ];
    let input: String = rows.iter().map(|(scan, _)| format!("{scan}\r\n")).collect();
    let (lines, exit, errors) = kiosk(&folder, &[], input.as_bytes());
    assert_eq!((exit, errors.lines().count()), (Some(0), 1), "{errors}");
    check_schema(&lines);
    let answers = answers(&lines);
    assert_eq!(answers.len(), rows.len());
    for (answer, (scan, expected)) in answers.iter().zip(&rows) {
        let short: String = scan.chars().take(60).collect();
        // What the last is depends on its own data: all that counts here is that its parts made it.
        if scan == &two[0] {
            assert_eq!((&answer["answer"], &answer["carrier"]["parts"]), (&"verdict".into(), &2.into()));
            continue;
        }
        assert_eq!(&words(answer), expected, "{short}");
        assert!(answer["next"].as_array().unwrap().iter().all(|next| next["zh"].is_string()));
    }
    let repaired = |at: usize| answers[at]["repaired"].to_string();
    assert_eq!(
        [repaired(0), repaired(1), repaired(2), repaired(3)],
        ["[]", "[\"full_width_digits\"]", "[\"white_space\"]", "[\"lower_case\"]"]
    );
    assert_eq!(answers[20]["parts"], serde_json::json!({"number": 1, "total": 2, "missing": [2], "of_another": false}));
    // Where a doubt is settled, as the trust list says; and another way after three codes that could not be read.
    assert_eq!(answers[4]["contact"]["phone"], "98-12345");
    let said = |at: usize| answers[at]["next"].as_array().unwrap().len();
    assert_eq!([said(5), said(6), said(7)], [1, 1, 3]);
    assert!(answers[7]["next"][2]["zh"].as_str().unwrap().contains("99-12345"), "{}", answers[7]["next"]);
    assert_eq!(events(&lines), ["ready", "ended"]);
}
