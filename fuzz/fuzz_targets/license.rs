//! Claims of a license: what is read is canonical, and everything that was checked can be read again without an error.
#![no_main]

mod rewrite;

use libfuzzer_sys::fuzz_target;
use zhengyin::claims::id::LicenseIdentifier;
use zhengyin::claims::{LicenseClaims, Value};
use zhengyin::reason::Language;

fuzz_target!(|data: &[u8]| {
    let claims = match LicenseClaims::parse(data) {
        Ok(claims) => claims,
        Err(error) => {
            let _ = (error.reason(), error.to_string());
            return;
        }
    };
    rewrite::check_round_trip(data);
    let claims = claims.claimed();
    let identifier = claims.identifier();
    assert_eq!(LicenseIdentifier::parse(identifier.as_str()), Ok(identifier), "the derived identifier has its shape");
    assert_eq!(identifier.check(), Ok(()));
    let license = &claims.license;
    assert_eq!(license.holders.clone().count(), license.holders.len());
    let fields = license.fields.clone();
    let (length, mut read) = (fields.len(), 0);
    for (key, value) in fields {
        let _ = key.text(Language::Zh);
        if let Value::Texts(texts) = value {
            assert_eq!(texts.len(), texts.count());
        }
        assert!(license.fields.get(key).is_some(), "a field is found by its key");
        read += 1;
        if read > 64 {
            return;
        }
    }
    assert_eq!(read, length);
    if let Some(attachments) = license.attachments.clone() {
        assert_eq!(attachments.len(), attachments.map(|attachment| attachment.known_digest()).count());
    }
    for warning in claims.warnings() {
        let _ = warning.text(Language::En);
    }
});
