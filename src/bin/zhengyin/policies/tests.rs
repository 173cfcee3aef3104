#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;
use zhengyin::claims::id::TypeCode;
use zhengyin::reason::Language;

fn read(text: &str) -> Result<Policy, Refused> {
    from_text(text, "hall".to_owned())
}

/// The line, and what is said in English.
fn refused(text: &str) -> (usize, String) {
    let Refused { line, why } = read(text).unwrap_err();
    assert!(!why.get(Language::Zh).is_ascii(), "{}", why.zh);
    (line, why.en)
}

const WHOLE: &str = r#"# 示例大厅
base = "kiosk"
name = "示例大厅"
recognition = true
presentation = true
attended = false
grace = "as-listed"
max_status_age = "36h"
suites = ["sm2"]

[budget.high]
trust_list = "10d"
directory = "1d"
status_list = "0s"

[budget.normal]
status_list = "1d"

[class]
11950000MB0000019Y = "high"
"#;

#[test]
fn a_file_says_what_is_asked_beyond_its_base() {
    let policy = read(WHOLE).unwrap();
    assert_eq!((policy.name.as_ref(), policy.max_status_age), ("示例大厅", Some(36 * 3_600)));
    assert_eq!(policy.suites, Suites::SM2);
    assert_eq!(read("suites = [\"sm2\", \"ed25519\"]").unwrap().suites, Suites::ALL);
    assert_eq!(policy.attendance, Attendance::Unattended);
    assert_eq!(policy.budgets.get("high"), Some(&Grace { list: 864_000, directory: 86_400, status: 0 }));
    assert_eq!(policy.budgets.get("normal").unwrap().directory, u64::MAX, "what is left out is as listed");
    assert_eq!(policy.classes.values().collect::<Vec<_>>(), ["high"]);
    let mut counter = Policy::counter(None);
    counter.name = "hall".into();
    assert_eq!(read("").unwrap(), counter);
}

#[test]
fn what_would_loosen_is_refused_by_its_line() {
    for (text, line, en) in [
        ("recognition = false", 1, "false would ask for less than the base does"),
        ("base = \"counter\"\n\npresentation = false", 3, "false would ask for less than the base does"),
        ("base = \"kiosk\"\nattended = true", 2, "attended = true would ask for less than the base does"),
        ("base = \"strict\"\ngrace = \"as-listed\"", 2, "grace = \"as-listed\" would ask for less than the base does"),
        (
            "base = \"strict\"\n[budget.low]\nstatus_list = \"1s\"",
            3,
            "status_list would ask for less than the base does",
        ),
        ("[budget.low]\nstatus_list = \"1s\"\n[class]\n[other]", 4, "what is other?"),
        ("base = \"lenient\"", 1, "base is one of counter, kiosk, archive, strict"),
        ("name = \"counter\"", 1, "counter is the name of a built-in policy: give it one of its own"),
        ("# so\nregoin = \"990100\"", 2, "what is regoin?"),
        ("[budget.high]\nstatus = \"1d\"", 2, "what is status?"),
        ("max_status_age = 36", 1, "expected a text in quotes"),
        ("max_status_age = \"36\"", 1, "expected a duration such as \"12h\" or \"3d\""),
        ("max_status_age = \"-1d\"", 1, "expected a duration such as \"12h\" or \"3d\""),
        ("attended = \"no\"", 1, "expected true or false"),
        ("suites = \"sm2\"", 1, "expected an array of suites such as [\"sm2\"]"),
        ("suites = []", 1, "at least one suite must be accepted: ed25519, sm2"),
        ("\nsuites = [\"sm2\", \"rsa\"]", 2, "rsa is no suite: expected ed25519, sm2"),
        ("budget = 3", 1, "expected a table"),
        ("[class]\nbusiness = \"high\"", 2, "business is no license type"),
    ] {
        assert_eq!(refused(text), (line, en.to_owned()), "{text}");
    }
    assert_eq!(read("base = \"archive\"\npresentation = false").unwrap().presentation, Ask::No);
    assert_eq!(read("base = \"archive\"\npresentation = true").unwrap().presentation, Ask::Yes);
    assert_eq!(read("base = \"strict\"\n[budget.low]\nstatus_list = \"0s\"").unwrap().grace, GraceUse::None);
}

#[test]
fn what_is_no_toml_is_refused_by_its_line() {
    for (text, line) in [
        ("base = \"counter\"\nattended", 2),
        ("attended = false\nattended = false", 2),
        ("a = [[[[", 1),
        ("\n\n= 3", 3),
    ] {
        let (found, why) = refused(text);
        assert_eq!(found, line, "{text}: {why}");
    }
    let deep = format!("a = {}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(read(&deep).is_err(), "nested without end");
}

/// No budget of a file is larger than the list's, whatever it says.
#[test]
fn a_budget_never_exceeds_what_the_list_grants() {
    let day = 86_400;
    let granted = |days| Grace { list: days * day, directory: days * day, status: days * day };
    let mut list = zhengyin::trust::TrustList {
        federation: "x".into(),
        seq: 1,
        issued: zhengyin::Timestamp::MIN,
        next_update: zhengyin::Timestamp::MIN,
        expires: zhengyin::Timestamp::MIN,
        signers: Vec::new(),
        threshold: 1,
        provinces: BTreeMap::new(),
        rules: Vec::new(),
        grace: [("normal".to_owned(), granted(3)), ("high".to_owned(), granted(1)), ("low".to_owned(), granted(9))]
            .into(),
        defects: Vec::new(),
        renames: Vec::new(),
        classes: BTreeMap::new(),
        emergency: None,
        sunsets: Vec::new(),
    };
    let type_code = TypeCode::parse("11950000MB0000019Y001").unwrap();
    let used = |list: &_, text: &str| {
        let policy = read(text).unwrap();
        let (class, grace) = policy.budget(list, &type_code, None);
        (class.to_owned(), grace.status)
    };
    let is = |class: &str, status| (class.to_owned(), status);
    assert_eq!(used(&list, ""), is("normal", 3 * day));
    assert_eq!(used(&list, "[budget.normal]\nstatus_list = \"30d\""), is("normal", 3 * day));
    assert_eq!(used(&list, "[budget.normal]\nstatus_list = \"1h\""), is("normal", 3_600));
    assert_eq!(used(&list, "[class]\n11950000MB0000019Y = \"low\""), is("low", 3 * day), "the lesser of both classes");
    assert_eq!(used(&list, "[class]\n11950000MB0000019Y = \"high\""), is("high", day));
    assert_eq!(used(&list, "[class]\n11950000MB0000019Y = \"unheard of\""), is("unheard of", 0));
    assert_eq!(used(&list, "base = \"strict\""), is("normal", 0));
    // The catalogue of the list: the longest prefix.
    list.classes = [("11950000MB0000019Y", "high"), ("11950000MB0000019Y001", "low")]
        .map(|(prefix, class)| (TypePrefix::parse(prefix).unwrap(), class.to_owned()))
        .into();
    assert_eq!(used(&list, ""), is("low", 9 * day));
    assert_eq!(used(&list, "[class]\n11950000MB0000019Y001 = \"normal\""), is("normal", 3 * day));
}
