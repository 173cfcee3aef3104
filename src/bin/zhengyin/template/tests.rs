#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
use super::*;
use std::path::Path;
use zhengyin::claims::{CredentialId, LicenseClaims, StatusPointer};
use zhengyin::issue::CredentialFacts;
use zhengyin::time::Timestamp;

#[test]
fn every_example_can_be_issued() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let files: Vec<_> = crate::files::list(&folder).unwrap();
    let files: Vec<_> = files.iter().filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    assert!(files.len() >= 14);
    for path in files {
        let shown = path.display();
        let json = crate::files::read(path, MAX_FILE).unwrap();
        let mut template = parse(&json).unwrap_or_else(|error| panic!("{shown}: {}", error.en));
        assert_eq!(template.facts.normalize(), [], "{shown}");
        let credential = CredentialFacts {
            issuer: template.authority.unwrap(),
            expires: None,
            not_before: Timestamp::MIN,
            issued_at: Timestamp::MIN,
            id: CredentialId::new([7; 16]),
            holder_key: None,
            status: StatusPointer { list: 0, index: 0 },
        };
        let payload = template.facts.encode(&credential).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let claims = LicenseClaims::parse(&payload).unwrap();
        assert_eq!(claims.claimed().warnings().count(), 0, "{shown}");
        assert_eq!(claims.claimed().license.name, template.facts.name, "{shown}");
    }
}

#[test]
fn mistakes_are_told_in_both_languages() {
    let wrong = of_value(&serde_json::json!({"type": 7})).unwrap_err();
    assert_eq!((wrong.zh.as_str(), wrong.en.as_str()), ("type：应为文本", "type: a text is expected"));
}
