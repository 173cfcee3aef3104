//! What lies on the desks of the offices that sign a trust list together.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Keys of the offices that sign a trust list (secret from nobody), and what they want changed.
pub(crate) fn lay_out(folder: &Path) {
    let keys = [
        ("jia.pem", "MC4CAQAwBQYDK2VwBCIEIEFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"),
        ("yi.pem", "MC4CAQAwBQYDK2VwBCIEIEJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJC"),
        ("bing.pem", "MC4CAQAwBQYDK2VwBCIEIENDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0ND"),
        ("jia-2.pem", "MC4CAQAwBQYDK2VwBCIEIERERERERERERERERERERERERERERERERERERERERERE"),
        ("unnamed.pem", "MC4CAQAwBQYDK2VwBCIEIEVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVFRUVF"),
    ];
    for (name, text) in keys {
        let path = folder.join(name);
        fs::write(&path, format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let rule = |id: &str, revision: u32, from: &str, zh: &str| {
        format!(
            r#"{{"id": "{id}", "rev": {revision}, "in": ["98"], "from": ["99"], "types": ["11950000MB0000019Y001"], "effect": "recognise",
             "valid_from": "{from}", "legal_basis": {{"document": "示例〔2099〕1 号", "zh": "{zh}", "en": "example"}}}}"#
        )
    };
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/trust/changes.json");
    fs::copy(shipped, folder.join("changes.json")).unwrap();
    let basis = "示例省际互认办法";
    let changes = [
        ("rules.json", format!(r#"{{"rules": [{}]}}"#, rule("hukou", 1, "2099-01-01", basis))),
        ("hasty.json", format!(r#"{{"rules": [{}]}}"#, rule("hukou", 1, "2026-01-01", basis))),
        (
            "emergency.json",
            format!(
                r#"{{"rules": [{}], "emergency": {{"zh": "示例：抢险", "en": "example: relief", "rules": ["hukou"]}}}}"#,
                rule("hukou", 1, "2026-01-01", basis)
            ),
        ),
        (
            "faulty.json",
            format!(
                r#"{{"rules": [{}, {}]}}"#,
                rule("hukou", 1, "2099-01-01", "in English only"),
                rule("other", 1, "2099-01-01", basis)
            ),
        ),
        ("misspelt-changes.json", r#"{"ruels": []}"#.to_owned()),
    ];
    for (name, text) in changes {
        fs::write(folder.join(name), text).unwrap();
    }
}
