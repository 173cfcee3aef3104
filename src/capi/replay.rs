//! Receipts: a verdict that a device signed, come to again.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

use super::boundary::{borrow_if_any, byte_lists, bytes, entry, number_slot, slot};
use super::buffer::zy_buffer;
use super::fault::{Fault, zy_error, zy_status};
use super::report::verdict;
use super::store::zy_store;
use crate::reason::Reason;
use crate::receipt::{Evidence, KnownDevices, Missing, Receipt, Replay};
use crate::suite::Digest;
use crate::verify::{self, Asked, Outcome};

/// Files that a replay is given, at most.
const MAX_EVIDENCE: usize = 4_096;
/// Devices that are named, at most.
const MAX_DEVICES: usize = 4_096;

/// Comes to a receipt's verdict again, from the license and the trust data that it names.
///
/// `evidence` are `evidence_count` inputs of `evidence_sizes` bytes in any order: the license, packs, objects. `store` is the caller's own
/// (may be NULL): its directories say whose device it was, its trust list which federation is his, and what it holds is evidence too.
/// `thumbprints` are `thumbprints_size` bytes, 32 for each device that he knows otherwise: SHA-256 of its SubjectPublicKeyInfo.
///
/// `*outcome` is a `ZY_VERDICT_…`: valid if the receipt is confirmed, invalid if it is proved otherwise. `*json`, of schema
/// `zhengyin.replay/1`, says why. Both are written only when the call worked. `ZY_REFUSED` for bytes that are no receipt.
#[unsafe(no_mangle)]
pub extern "C" fn zy_receipt_replay(
    receipt: *const u8,
    receipt_size: usize,
    evidence: *const *const u8,
    evidence_sizes: *const usize,
    evidence_count: usize,
    store: *const zy_store,
    thumbprints: *const u8,
    thumbprints_size: usize,
    outcome: *mut u32,
    json: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let (outcome, json) = (number_slot(outcome, "outcome")?, slot(json, "json")?);
        let store = borrow_if_any(store, "store")?.map(|store| &*store.store);
        let receipt = Receipt::parse(bytes(receipt, receipt_size, "receipt")?)
            .map_err(|error| Fault::refused("receipt", error.reason(), error.to_string()))?;
        let given = byte_lists(evidence, evidence_sizes, evidence_count, MAX_EVIDENCE, ("evidence", "evidence_sizes"))?;
        let (keys, []) = bytes(thumbprints, thumbprints_size, "thumbprints")?.as_chunks::<32>() else {
            return Err(Fault::argument("thumbprints", "32 bytes for each device are expected"));
        };
        if keys.len() > MAX_DEVICES {
            return Err(Fault::too_large("thumbprints"));
        }
        let thumbprints: Vec<Digest> = keys.iter().copied().map(Digest::new).collect();
        let mut evidence = Evidence::new();
        given.into_iter().for_each(|file| evidence.add(file));
        if let Some(store) = store {
            evidence.add_store(store);
        }
        let replay = receipt.replay(&evidence, &KnownDevices { store, thumbprints: &thumbprints, pins: &[] });
        let told = told(&receipt, &replay).to_string().into_bytes();
        outcome.put(verdict(replay.verdict()));
        json.put(zy_buffer::of(told));
        Ok(())
    })
}

fn told(receipt: &Receipt<'_>, replay: &Replay) -> Value {
    let answers = [
        ("signature", Asked::Asked(replay.signature)),
        ("device", Asked::Asked(replay.device)),
        ("federation", replay.federation),
        ("report", Asked::Asked(replay.report)),
    ];
    let steps: Map<String, Value> =
        answers.into_iter().map(|(step, asked)| (step.to_string(), outcome(asked))).collect();
    let missing = replay.missing.iter().map(|missing| match missing {
        Missing::Bytes(digest) => json!({"kind": "bytes", "digest": digest.to_string()}),
        Missing::Object(kind, digest) => json!({"kind": kind.word(), "digest": digest.to_string()}),
    });
    let missing: Vec<Value> = missing.collect();
    let value = |value: &Option<verify::Value<'_>>| value.as_ref().map(plain);
    let difference = replay.difference.as_ref().map(|difference| {
        json!({"at": difference.at, "recorded": value(&difference.recorded), "found": value(&difference.found)})
    });
    json!({
        "schema": "zhengyin.replay/1", "verdict": replay.verdict().name(),
        "receipt": receipt.object_digest().to_string(), "steps": steps,
        "device": {
            "thumbprint": receipt.claimed_device().thumbprint().to_string(),
            "authority": replay.device_of.map(|code| code.as_str().to_string()),
        },
        "clock": receipt.claimed_clock_source().word(),
        "difference": difference, "missing": missing, "report": plain(receipt.claimed_report()),
    })
}

fn outcome(asked: Asked) -> Value {
    let (word, reason) = match asked {
        Asked::NotAsked => ("not-asked", None),
        Asked::Asked(Outcome::Passed) => ("passed", None),
        Asked::Asked(Outcome::Failed(reason)) => ("failed", Some(reason)),
        Asked::Asked(Outcome::Unknown(reason)) => ("unknown", Some(reason)),
    };
    json!({"outcome": word, "reason": reason.map(Reason::symbol), "number": reason.map(Reason::number)})
}

fn plain(value: &verify::Value<'_>) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
