//! The reader: what it admits is written as the same bytes, by us and by a decoder that is not ours; nothing else ends but in an error.
#![no_main]

mod rewrite;

use libfuzzer_sys::fuzz_target;
use zhengyin::cbor::{self, Items};

fuzz_target!(|data: &[u8]| {
    let mut read = 0;
    let mut failed = false;
    for item in Items::new(data) {
        assert!(!failed, "nothing follows a fault");
        match item {
            Ok(item) => {
                assert_eq!(&data[read..read + item.len()], item, "items follow one another");
                read += item.len();
                assert_eq!(cbor::check(item), Ok(()));
                rewrite::check_round_trip(item);
                check_oracle(item);
            }
            Err(error) => {
                assert!(error.at <= data.len(), "the fault stands within the input");
                failed = true;
            }
        }
    }
    assert!(failed || read == data.len(), "all of it was read");
    assert_eq!(cbor::check(data).is_ok(), Items::new(data).count() == 1 && !failed);
});

/// A general decoder reads what ours admits, and writes it as it was.
fn check_oracle(item: &[u8]) {
    let value: ciborium::Value = ciborium::from_reader(item).expect("what we admit is CBOR");
    let mut written = Vec::new();
    ciborium::into_writer(&value, &mut written).expect("memory takes it");
    assert_eq!(written, item);
}
