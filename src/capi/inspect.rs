//! Bytes shown, and not believed.

use serde_json::{Value, json};

use super::boundary::{bytes, entry, slot};
use super::buffer::zy_buffer;
use super::fault::{Fault, zy_error, zy_status};
use crate::cbor;
use crate::policy::Policy;
use crate::store::{Pin, Store};
use crate::suite::Digest;
use crate::time::Clock;
use crate::verify::{Texts, Verifier};

/// Shows what bytes say, and verifies NOTHING: JSON of schema `zhengyin.inspect/1` (docs/c-abi.md), in which `verified` is always false.
///
/// `canonical` says whether they are one item of the one encoding; else `reason` and `at`, a byte, say why not. `object` is what a license
/// claims, or null. `*json` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_inspect(
    data: *const u8,
    size: usize,
    json: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(json, "json")?;
        let data = bytes(data, size, "data")?;
        let checked = cbor::check(data);
        // Nobody is believed by a store that holds nothing: what is left is what the bytes claim.
        let nothing = Store::new(Pin::new(Digest::new([0; 32])));
        let report = Verifier::new(&nothing, Policy::strict(None)).verify(data, Clock::Absent);
        let values = report.to_value(Texts::None);
        let object = values.get("object").map(serde_json::to_value).transpose().map_err(|_| Fault::INTERNAL)?;
        let shown = json!({
            "schema": "zhengyin.inspect/1",
            "verified": false,
            "canonical": checked.is_ok(),
            "reason": checked.err().map(|error| error.reason().symbol()),
            "at": checked.err().map(|error| error.at),
            "object": object.unwrap_or(Value::Null),
        });
        slot.put(zy_buffer::of(alloc::format!("{shown}").into_bytes()));
        Ok(())
    })
}
