//! What a verifier holds, and what becomes of objects that are offered to it.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::{c_char, c_void};
use core::panic::{RefUnwindSafe, UnwindSafe};

use alloc::borrow::Cow;
use alloc::ffi::CString;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::boundary::{self, Handle, borrow, bytes, c_text, entry, entry_or, slot, struct_slot};
use super::buffer::zy_buffer;
use super::clock::{ZY_EXACTLY, clock};
use super::fault::{Fault, zy_error, zy_status};
use crate::carrier::{self, Content};
use crate::limits::MAX_TRUST_OBJECT;
use crate::store::{Accepted, BodyFile, BodyName, Dates, ObjectKind, Pin, Refusal, Store};
use crate::suite::Digest;
use crate::time::{Clock, TimeWindow, Timestamp};

/// An object that was not held is held now.
pub const ZY_ANSWER_NEW: u32 = 1;
/// An object was held already.
pub const ZY_ANSWER_KNOWN: u32 = 2;
/// An object is refused; the reason says why.
pub const ZY_ANSWER_REFUSED: u32 = 3;

/// A kind of object that could not be told.
pub const ZY_OBJECT_UNKNOWN: u32 = 0;
/// A trust list, 互认清单.
pub const ZY_OBJECT_TRUST_LIST: u32 = 1;
/// An issuer directory, 颁发机构目录.
pub const ZY_OBJECT_DIRECTORY: u32 = 2;
/// A status list, 吊销清单, or a delta of one.
pub const ZY_OBJECT_STATUS_LIST: u32 = 3;

/// What a verifier holds: trust data of one federation. Belongs to the caller, who frees it with `zy_store_free`. It never changes: any
/// number of threads may use one at a time. `zy_store_apply` makes a new one.
pub struct zy_store {
    pub(super) store: Arc<Store>,
}

impl Handle for zy_store {
    const TAG: u64 = 0x7a79_7374_6f72_6500;
}

impl zy_store {
    fn of(store: Store) -> Self {
        Self { store: Arc::new(store) }
    }
}

/// Reads the body of a status list that stands in a file beside a store (`trust.store.lists/ROOT`, ROOT being 64 hexadecimal digits): writes
/// `size` bytes to `into` and returns how many it wrote; anything but `size` says that there is no such file.
///
/// `context` is what the caller of `zy_store_from_bytes` handed in. It is called during that call only, on the same thread, and must not
/// throw or jump out.
pub type zy_read_body =
    Option<extern "C" fn(context: *mut c_void, root: *const c_char, into: *mut u8, size: usize) -> usize>;

/// Makes an empty store that will believe the federation of the pin, and no other.
///
/// `pin` is 64 hexadecimal digits as people write them (spaces and colons between groups are passed over), from a person you trust.
///
/// `ZY_ARGUMENT` for another text. `*store` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_store_new(pin: *const c_char, store: *mut *mut zy_store, error: *mut *mut zy_error) -> zy_status {
    entry(error, || {
        let slot = slot(store, "store")?;
        let pin: Pin =
            c_text(pin, "pin")?.parse().map_err(|_| Fault::argument("pin", "64 hexadecimal digits are expected"))?;
        slot.put(zy_store::of(Store::new(pin)));
        Ok(())
    })
}

/// Reads a store back from the bytes that `zy_store_to_bytes`, or the command `zhengyin store`, wrote. Everything in it is verified again.
///
/// `read_body` reads large status lists that stand in files beside the store; with NULL they are as good as lost, and licenses in them are
/// undetermined. `context` is handed to it and otherwise not looked at.
///
/// `ZY_REFUSED` with `ZY_REASON_STORE_CORRUPT` for bytes that are no store, or a damaged one. `*store` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_store_from_bytes(
    data: *const u8,
    size: usize,
    read_body: zy_read_body,
    context: *mut c_void,
    store: *mut *mut zy_store,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(store, "store")?;
        let data = bytes(data, size, "data")?;
        let find = |name: &BodyName| read(read_body?, context, name);
        let store = Store::from_contents(data, find)
            .map_err(|error| Fault::refused("data", error.reason(), error.to_string()))?;
        slot.put(zy_store::of(store));
        Ok(())
    })
}

/// Has the caller read a body. Twice the largest object, for the hashes that stand after it: no body is longer.
fn read(
    read_body: extern "C" fn(*mut c_void, *const c_char, *mut u8, usize) -> usize,
    context: *mut c_void,
    name: &BodyName,
) -> Option<BodyFile> {
    struct Read(Vec<u8>);
    impl AsRef<[u8]> for Read {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    const _: fn() = || {
        fn is_fit<T: UnwindSafe + RefUnwindSafe + Send + Sync>() {}
        is_fit::<Read>();
    };
    let size = usize::try_from(name.size).ok().filter(|size| *size <= MAX_TRUST_OBJECT.saturating_mul(2))?;
    let root = CString::new(name.root.to_string()).ok()?;
    let mut into = vec![0; size];
    let written = read_body(context, root.as_ptr(), into.as_mut_ptr(), size);
    (written == size).then(|| BodyFile::new(Read(into)))
}

/// Writes a store whole, to be kept in a file and read back with `zy_store_from_bytes`.
///
/// `*written` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_store_to_bytes(
    store: *const zy_store,
    written: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(written, "written")?;
        slot.put(zy_buffer::of(borrow(store, "store")?.store.to_bytes()));
        Ok(())
    })
}

/// Offers all objects of a pack, or a single object, or either as a block of text. A new store is made, which holds what was taken; the
/// old one stays as it is, for those who still use it, and is to be freed as before.
///
/// `now` is in seconds since 1970-01-01T00:00:00Z, `ZY_NOW_SYSTEM` or `ZY_NOW_NONE`; `uncertainty` is how far it may be off, in seconds
/// (`ZY_UNCERTAINTY_USUAL`), or `ZY_EXACTLY`.
///
/// Each object stands on its own signature: one that is refused harms no other, and is an answer, not a failed call. Nothing older than
/// what is held is taken. Keep the new store even if everything was refused: it may hold evidence of an attack.
///
/// `*updated` and `*answers` are written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_store_apply(
    store: *const zy_store,
    pack: *const u8,
    pack_size: usize,
    now: i64,
    uncertainty: u32,
    updated: *mut *mut zy_store,
    answers: *mut *mut zy_answers,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let (updated, answers) = (slot(updated, "updated")?, slot(answers, "answers")?);
        let pack = unwrapped(bytes(pack, pack_size, "pack")?);
        let (store, found) = offer(borrow(store, "store")?, clock(now, uncertainty)?, uncertainty, |store, window| {
            store.apply_pack(&pack, window).unwrap_or_else(|refusal| vec![Err(refusal)])
        });
        updated.put(store);
        answers.put(found);
        Ok(())
    })
}

/// Offers one object, and nothing but it: what follows it in the same bytes is a reason to refuse it. Otherwise as `zy_store_apply`.
///
/// There is one answer. `*updated` and `*answers` are written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_store_apply_object(
    store: *const zy_store,
    object: *const u8,
    object_size: usize,
    now: i64,
    uncertainty: u32,
    updated: *mut *mut zy_store,
    answers: *mut *mut zy_answers,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let (updated, answers) = (slot(updated, "updated")?, slot(answers, "answers")?);
        let object = unwrapped(bytes(object, object_size, "object")?);
        let (store, found) = offer(borrow(store, "store")?, clock(now, uncertainty)?, uncertainty, |store, window| {
            vec![store.apply(&object, window)]
        });
        updated.put(store);
        answers.put(found);
        Ok(())
    })
}

fn offer(
    store: &zy_store,
    clock: Clock,
    uncertainty: u32,
    take: impl FnOnce(&mut Store, TimeWindow) -> Vec<Result<Accepted, Refusal>>,
) -> (zy_store, zy_answers) {
    let mut store = Store::clone(&store.store);
    let window = match clock {
        Clock::Reads { now, .. } if uncertainty == ZY_EXACTLY => TimeWindow::at(now),
        clock => store.window(clock),
    };
    let answers = take(&mut store, window);
    (zy_store::of(store), zy_answers { answers })
}

/// A pack may come as a block of text.
fn unwrapped(bytes: &[u8]) -> Cow<'_, [u8]> {
    match Content::of(bytes) {
        Content::Text(text) => carrier::decode(text).map_or(Cow::Borrowed(bytes), |decoded| Cow::Owned(decoded.bytes)),
        Content::Object(_) => Cow::Borrowed(bytes),
    }
}

/// What is held, as JSON of schema `zhengyin.held/1` (docs/c-abi.md): pin, floor of time, every object with its number, its digest and its
/// dates, and evidence. Times are in seconds since 1970.
///
/// `*json` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_store_json(
    store: *const zy_store,
    json: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(json, "json")?;
        slot.put(zy_buffer::of(held(&borrow(store, "store")?.store).to_string().into_bytes()));
        Ok(())
    })
}

fn held(store: &Store) -> Value {
    let trust = store.trust().map(|held| {
        let list = held.list();
        row(held.dates(), held.digest(), held.is_equivocal(), [json!(list.federation), Value::Null, json!(list.seq)])
    });
    let directories = store.directories().map(|held| {
        let directory = held.directory();
        let province = json!(directory.province.as_str());
        row(held.dates(), held.digest(), held.is_equivocal(), [province.clone(), province, json!(directory.seq)])
    });
    let statuses = store.statuses().map(|held| {
        let header = held.header();
        let of = json!(alloc::format!("{}/{}", header.authority.as_str(), header.list));
        row(held.dates(), held.digest(), held.is_equivocal(), [of, json!(held.province().as_str()), json!(header.seq)])
    });
    let objects: Vec<Value> = trust.into_iter().chain(directories).chain(statuses).collect();
    let evidence = store.evidence().iter().map(|evidence| {
        json!({
            "kind": evidence.kind.word(), "seq": evidence.seq, "digest": evidence.digest.to_string(),
            "province": evidence.province.map(|province| String::from(province.as_str())),
            "reason": evidence.reason.symbol(), "number": evidence.reason.number(),
        })
    });
    let evidence: Vec<Value> = evidence.collect();
    json!({
        "schema": "zhengyin.held/1", "pin": store.pin().to_string(), "floor": store.floor().seconds(),
        "objects": objects, "evidence": evidence,
    })
}

fn row(dates: Dates, digest: Digest, equivocal: bool, [of, province, seq]: [Value; 3]) -> Value {
    json!({
        "kind": dates.kind.word(), "of": of, "province": province, "seq": seq, "digest": digest.to_string(),
        "issued": dates.issued.seconds(), "next_update": dates.next_update.seconds(),
        "expires": dates.expires.map(Timestamp::seconds), "equivocal": equivocal,
    })
}

/// Frees a store. NULL is allowed; verifiers and reports that were made from it keep what they need.
#[unsafe(no_mangle)]
pub extern "C" fn zy_store_free(store: *mut zy_store) {
    entry_or((), || boundary::free(store));
}

/// What became of the objects that were offered, in the order of the pack. Belongs to the caller, who frees it with `zy_answers_free`. It
/// never changes: any thread may read it.
pub struct zy_answers {
    answers: Vec<Result<Accepted, Refusal>>,
}

impl Handle for zy_answers {
    const TAG: u64 = 0x7a79_616e_7377_6572;
}

/// What became of one object. Set `struct_size` to `sizeof(zy_answer)` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_answer {
    /// `sizeof(zy_answer)`; the caller's, and left as it is.
    pub struct_size: u32,
    /// A `ZY_ANSWER_…`.
    pub answer: u32,
    /// A `ZY_OBJECT_…`.
    pub kind: u32,
    /// Why it is refused, a `ZY_REASON_…`; else 0.
    pub reason: u32,
    /// Its sequence number; 0 where that could not be read.
    pub seq: u64,
}

/// How many answers there are: one for each object, or one for bytes that are no pack. 0 for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_answers_count(answers: *const zy_answers) -> usize {
    entry_or(0, || borrow(answers, "answers").ok().map(|answers| answers.answers.len()))
}

/// The answer to one object, counted from 0. `ZY_ARGUMENT` where there are not so many. `*answer` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_answers_get(
    answers: *const zy_answers,
    index: usize,
    answer: *mut zy_answer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = struct_slot(answer, "answer")?;
        let answers = &borrow(answers, "answers")?.answers;
        let found = answers.get(index).ok_or_else(|| {
            Fault::argument("index", alloc::format!("there are {} answers, counted from 0", answers.len()))
        })?;
        slot.put(&match *found {
            Ok(Accepted::New { kind, seq }) => told(ZY_ANSWER_NEW, Some(kind), 0, seq),
            Ok(Accepted::Known { kind, seq }) => told(ZY_ANSWER_KNOWN, Some(kind), 0, seq),
            Err(Refusal { reason, kind, seq }) => {
                told(ZY_ANSWER_REFUSED, kind, reason.number().into(), seq.unwrap_or_default())
            }
        });
        Ok(())
    })
}

const fn told(answer: u32, kind: Option<ObjectKind>, reason: u32, seq: u64) -> zy_answer {
    let kind = match kind {
        None => ZY_OBJECT_UNKNOWN,
        Some(ObjectKind::TrustList) => ZY_OBJECT_TRUST_LIST,
        Some(ObjectKind::Directory) => ZY_OBJECT_DIRECTORY,
        Some(ObjectKind::StatusList) => ZY_OBJECT_STATUS_LIST,
    };
    zy_answer { struct_size: 0, answer, kind, reason, seq }
}

/// Frees answers. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn zy_answers_free(answers: *mut zy_answers) {
    entry_or((), || boundary::free(answers));
}
