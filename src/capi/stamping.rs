//! Making seals and stamping documents, with a signer of the caller's.

use alloc::borrow::ToOwned;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::ffi::c_char;

use super::boundary::{borrow, borrow_if_any, bytes, c_text, c_text_if_any, entry, read_struct, slot};
use super::buffer::zy_buffer;
use super::fault::{Fault, zy_error, zy_status};
use super::issue::{sixteen, time, unsigned};
use super::question::ZY_HAS_DOCUMENT;
use super::signer::zy_signer;
use super::store::zy_store;
use crate::claims::id::{CreditCode, SealCode};
use crate::claims::{CredentialId, PictureFormat, Place, SealKind, StampFile, StatusPointer};
use crate::issue::{MakeSealError, SealCredential, SealFacts, StampFacts, Stamped, StampingError, make_seal, stamp};
use crate::suite::{Digest, HashAlgorithm, Hasher};
use crate::time::Period;

/// What a seal says, and what its credential says of itself. Set `struct_size` to `sizeof(zy_seal_facts)` and everything else to zero first.
/// Texts are UTF-8 in Unicode normalization form C, and end with NUL.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_seal_facts {
    /// `sizeof(zy_seal_facts)`.
    pub struct_size: u32,
    /// 印章类型 by its number in GB/T 38540: 1 of a unit 单位印章, 2 of a person 个人印章.
    pub kind: u32,
    /// How wide its picture is on paper, 1 to 100 millimetres.
    pub width_mm: u32,
    /// How high.
    pub height_mm: u32,
    /// When it is made: now, in seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
    /// From when it may be used.
    pub valid_from: i64,
    /// Until when it may be used; that second is the first one too late.
    pub valid_until: i64,
    /// The number of the maker's status list in which it stands.
    pub status_list: u64,
    /// Its position there, never given to another: the register's to allot.
    pub status_index: u64,
    /// The maker's 制章者 credit code.
    pub maker: *const c_char,
    /// 印章编码, 14 digits.
    pub code: *const c_char,
    /// 印章名称.
    pub name: *const c_char,
    /// The owner's credit code.
    pub owner: *const c_char,
    /// The owner's name.
    pub owner_name: *const c_char,
    /// The media types and license types that it may be used on, with a space between; NULL for any.
    pub allowed: *const c_char,
    /// Its picture: a file of PNG, or of the SVG that docs/format.md admits.
    pub picture: *const u8,
    /// How long that is.
    pub picture_size: usize,
    /// The keys that may stamp: 32 bytes for each, SHA-256 of its SubjectPublicKeyInfo.
    pub signers: *const u8,
    /// How long that is.
    pub signers_size: usize,
    /// 16 bytes drawn at random and never used before.
    pub id: *const u8,
    /// 16.
    pub id_size: usize,
}

/// How a document is stamped. Set `struct_size` to `sizeof(zy_stamping)` and everything else to zero first. One of `document`,
/// `document_digest` and `stamp_digest` says what is stamped.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_stamping {
    /// `sizeof(zy_stamping)`.
    pub struct_size: u32,
    /// `ZY_HAS_DOCUMENT` where `document` is meant, else 0.
    pub has: u32,
    /// When it is stamped: now, in seconds since 1970-01-01T00:00:00Z.
    pub stamped_at: i64,
    /// The page on which the picture stands, from 1; 0 for no place.
    pub page: u64,
    /// Millimetres from the left of the page.
    pub x_mm: u64,
    /// Millimetres from its top.
    pub y_mm: u64,
    /// 16 bytes drawn at random and never used before.
    pub id: *const u8,
    /// 16.
    pub id_size: usize,
    /// The document. It is digested by the hash of the key that stamps, SHA-256 or (SM2) SM3. Set `ZY_HAS_DOCUMENT`.
    pub document: *const u8,
    /// How long that is.
    pub document_size: usize,
    /// In place of the document: its digest by that hash.
    pub document_digest: *const u8,
    /// 32, or 0 for none.
    pub document_digest_size: usize,
    /// In place of the document: the digest of another stamp, which is countersigned 副署: `object.digest` of its report.
    pub stamp_digest: *const u8,
    /// 32, or 0 for none.
    pub stamp_digest_size: usize,
    /// What the document is, such as `application/pdf`; NULL for a stamp.
    pub media_type: *const c_char,
    /// Why it is stamped; NULL for no reason.
    pub reason: *const c_char,
    /// A file of stamps to which this one is added; NULL for a new one.
    pub file: *const u8,
    /// How long that is.
    pub file_size: usize,
}

/// Makes a seal 电子印章: writes it by the facts, has its maker sign it, and verifies it before it is handed out (`.zye`).
///
/// With a store (may be NULL), whatever its verifiers would refuse of this maker is refused before he signs. Nothing is recorded: positions in
/// the status list are the caller's register's.
///
/// `ZY_ARGUMENT` for facts that break a rule, `ZY_REFUSED` with a reason where a verifier would not pass it, `ZY_SIGNER` where there is no
/// signature. `*seal` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_seal_make(
    maker: *const zy_signer,
    facts: *const zy_seal_facts,
    store: *const zy_store,
    seal: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(seal, "seal")?;
        let signer = borrow(maker, "maker")?;
        let store = borrow_if_any(store, "store")?.map(|store| &*store.store);
        let (facts, credential) = seal_of(&read_struct(facts, "facts")?)?;
        let made = make_seal(&facts, &credential, store, signer.signs.as_signer()).map_err(|error| match error {
            MakeSealError::Refused(reason) => Fault::refused("facts", reason, "a verifier would not pass it"),
            MakeSealError::Draft(error) => unsigned(error),
            error => Fault::argument("facts", error.to_string()),
        })?;
        slot.put(zy_buffer::of(made.bytes));
        Ok(())
    })
}

fn seal_of(stated: &zy_seal_facts) -> Result<(SealFacts, SealCredential), Fault> {
    let code = |text, name| {
        CreditCode::parse(c_text(text, name)?).map_err(|_| Fault::argument(name, "a credit code is expected"))
    };
    let text = |text, name| Ok::<_, Fault>(c_text(text, name)?.to_owned());
    let millimetres =
        |length, name| u8::try_from(length).map_err(|_| Fault::argument(name, "1 to 100 millimetres are expected"));
    let picture = bytes(stated.picture, stated.picture_size, "facts.picture")?;
    let (signers, []) = bytes(stated.signers, stated.signers_size, "facts.signers")?.as_chunks::<32>() else {
        return Err(Fault::argument("facts.signers", "32 bytes for each key are expected"));
    };
    let (from, until) = (time(stated.valid_from, "facts.valid_from")?, time(stated.valid_until, "facts.valid_until")?);
    let facts = SealFacts {
        code: SealCode::parse(c_text(stated.code, "facts.code")?)
            .map_err(|_| Fault::argument("facts.code", "14 digits are expected"))?,
        name: text(stated.name, "facts.name")?,
        kind: SealKind::new(stated.kind.into()),
        owner_name: text(stated.owner_name, "facts.owner_name")?,
        owner: code(stated.owner, "facts.owner")?,
        picture_format: PictureFormat::sniff(picture)
            .ok_or_else(|| Fault::argument("facts.picture", "a file of PNG or SVG is expected"))?,
        picture: picture.to_vec(),
        millimetres: [
            millimetres(stated.width_mm, "facts.width_mm")?,
            millimetres(stated.height_mm, "facts.height_mm")?,
        ],
        signers: signers.iter().copied().map(Digest::new).collect(),
        allowed: c_text_if_any(stated.allowed, "facts.allowed")?
            .unwrap_or_default()
            .split(' ')
            .filter(|kind| !kind.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
    };
    let credential = SealCredential {
        maker: code(stated.maker, "facts.maker")?,
        validity: Period::new(from.seconds(), Some(until.seconds()))
            .ok_or_else(|| Fault::argument("facts.valid_until", "it ends before it begins"))?,
        issued_at: time(stated.issued_at, "facts.issued_at")?,
        id: CredentialId::new(sixteen(stated.id, stated.id_size, "facts.id")?),
        status: StatusPointer { list: stated.status_list, index: stated.status_index },
    };
    Ok((facts, credential))
}

/// Stamps a document 电子签章, by a seal (`.zye`) and a key that it lists. `*stamps` is a file of stamps (`.zys`): those that were there, the
/// seal, and the new stamp.
///
/// With a store (may be NULL), whatever its verifiers would refuse of seal and signer is refused before it signs.
///
/// `ZY_ARGUMENT` for what breaks a rule, `ZY_REFUSED` with a reason for bytes that are no seal or no file of stamps, and where a verifier would
/// not pass the stamp, `ZY_SIGNER` where there is no signature. `*stamps` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_stamp_make(
    signer: *const zy_signer,
    seal: *const u8,
    seal_size: usize,
    stamping: *const zy_stamping,
    store: *const zy_store,
    stamps: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(stamps, "stamps")?;
        let signer = borrow(signer, "signer")?;
        let seal = bytes(seal, seal_size, "seal")?;
        let store = borrow_if_any(store, "store")?.map(|store| &*store.store);
        let stated = read_struct(stamping, "stamping")?;
        let place = Place { page: stated.page, x: stated.x_mm, y: stated.y_mm };
        if stated.page == 0 && (stated.x_mm, stated.y_mm) != (0, 0) {
            return Err(Fault::argument("stamping.page", "a place is on a page, counted from 1"));
        }
        let facts = StampFacts {
            stamped_at: time(stated.stamped_at, "stamping.stamped_at")?,
            id: CredentialId::new(sixteen(stated.id, stated.id_size, "stamping.id")?),
            place: Some(place).filter(|place| place.page != 0),
            reason: c_text_if_any(stated.reason, "stamping.reason")?.map(ToOwned::to_owned),
        };
        let hash = signer.signs.as_signer().public_key().algorithm().hash();
        let file = bytes(stated.file, stated.file_size, "stamping.file")?;
        let not_joined =
            |name| move |error: crate::claims::StampFileError| Fault::refused(name, error.reason(), error.to_string());
        if !file.is_empty() {
            StampFile::parse(file).map_err(not_joined("stamping.file"))?;
        }
        let made = stamp(seal, stamped(&stated, hash)?, &facts, store, signer.signs.as_signer()).map_err(unstamped)?;
        let parts: Vec<&[u8]> = [file, seal, &made].into_iter().filter(|part| !part.is_empty()).collect();
        slot.put(zy_buffer::of(StampFile::join(&parts).map_err(not_joined("stamping.file"))?));
        Ok(())
    })
}

/// What is stamped: one of three.
fn stamped<'s>(stated: &zy_stamping, hash: HashAlgorithm) -> Result<Stamped<'s>, Fault> {
    let digest = |data, size, name| match bytes(data, size, name)? {
        [] => Ok(None),
        digest => Digest::from_slice(digest).map(Some).ok_or_else(|| Fault::argument(name, "32 bytes are expected")),
    };
    if stated.has & !ZY_HAS_DOCUMENT != 0 {
        return Err(Fault::argument("stamping.has", "ZY_HAS_DOCUMENT or 0 is expected"));
    }
    let whole = bytes(stated.document, stated.document_size, "stamping.document")?;
    let whole = (stated.has & ZY_HAS_DOCUMENT != 0).then(|| {
        let mut hasher = Hasher::new(hash);
        hasher.update(whole);
        hasher.finish()
    });
    if whole.is_none() && !stated.document.is_null() {
        return Err(Fault::argument("stamping.has", "ZY_HAS_DOCUMENT is missing"));
    }
    let by_digest = digest(stated.document_digest, stated.document_digest_size, "stamping.document_digest")?;
    let covered = digest(stated.stamp_digest, stated.stamp_digest_size, "stamping.stamp_digest")?;
    let media_type = c_text_if_any(stated.media_type, "stamping.media_type")?;
    match (whole, by_digest, covered, media_type) {
        (Some(digest), None, None, Some(media_type)) | (None, Some(digest), None, Some(media_type)) => {
            Ok(Stamped::Document { hash, digest, media_type })
        }
        (None, None, Some(digest), None) => Ok(Stamped::Stamp(digest)),
        (None, None, Some(_), Some(_)) => Err(Fault::argument("stamping.media_type", "a stamp has none")),
        (Some(_), None, None, None) | (None, Some(_), None, None) => Err(Fault::null("stamping.media_type")),
        _ => Err(Fault::argument("stamping", "a document, its digest, or the digest of a stamp is expected")),
    }
}

fn unstamped(error: StampingError) -> Fault {
    match error {
        StampingError::Refused(reason) => Fault::refused("stamping", reason, "a verifier would not pass it"),
        StampingError::Draft(error) => unsigned(error),
        StampingError::Envelope(error) => Fault::refused("seal", error.reason(), error.to_string()),
        StampingError::Seal(error) => Fault::refused("seal", error.reason(), error.to_string()),
        StampingError::File(error) => Fault::refused("stamping.file", error.reason(), error.to_string()),
        error => Fault::argument("stamping", error.to_string()),
    }
}
