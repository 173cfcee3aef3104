//! Issuing, showing and vouching, with a signer of the caller's.

use alloc::string::ToString;
use core::ffi::c_char;

use super::boundary::{borrow, borrow_if_any, bytes, c_text_if_any, entry, read_struct, slot};
use super::buffer::zy_buffer;
use super::fault::{Fault, zy_error, zy_status};
use super::found::View;
use super::report::zy_report;
use super::signer::{public_key_of, zy_signer};
use super::store::zy_store;
use crate::claims::id::CreditCode;
use crate::claims::{CredentialId, LicenseClaims, Nonce, PresentationClaims, StatusPointer};
use crate::envelope::{Envelope, Expected, ObjectType};
use crate::issue::{
    CredentialFacts, DraftError, IssueError, PresentError, SignReceiptError, Template, issue_license, present,
    sign_receipt,
};
use crate::reason::Language;
use crate::receipt::ClockSource;
use crate::time::Timestamp;

/// There was no clock.
pub const ZY_CLOCK_NONE: u32 = 0;
/// The device's own clock was gone by.
pub const ZY_CLOCK_DEVICE: u32 = 1;
/// A person told the time.
pub const ZY_CLOCK_TOLD: u32 = 2;

/// What a credential says of itself. Set `struct_size` to `sizeof(zy_credential)` and everything else to zero first.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_credential {
    /// `sizeof(zy_credential)`.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// When it is issued: now, in seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
    /// From when it is good; mostly `issued_at`.
    pub not_before: i64,
    /// When it should be refreshed; 0 for never.
    pub expires: i64,
    /// The number of the status list in which it stands.
    pub status_list: u64,
    /// Its position there, never given to another: the register's to allot.
    pub status_index: u64,
    /// The issuing authority's credit code, NUL-terminated; NULL where the facts name it.
    pub issuer: *const c_char,
    /// 16 bytes drawn at random and never used before.
    pub id: *const u8,
    /// 16.
    pub id_size: usize,
    /// The holder's key, 32 bytes of Ed25519 or a SubjectPublicKeyInfo; NULL for none.
    pub holder_key: *const u8,
    /// How long that is.
    pub holder_key_size: usize,
}

/// Issues a license: writes it by the facts, has it signed, and verifies it before it is handed out.
///
/// `facts` are JSON, as of `zhengyin license issue --data` (examples/data): texts in Unicode normalization form C. With a store (may be
/// NULL), whatever its verifiers would refuse of this signer is refused before it signs. Nothing is recorded: positions, and that no license is issued
/// twice, are the caller's register's.
///
/// `ZY_ARGUMENT` for facts that break a rule, `ZY_REFUSED` with a reason where a verifier would not pass it, `ZY_SIGNER` where there is no
/// signature. `*license` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_license_issue(
    signer: *const zy_signer,
    facts: *const c_char,
    facts_size: usize,
    credential: *const zy_credential,
    store: *const zy_store,
    license: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(license, "license")?;
        let signer = borrow(signer, "signer")?;
        let store = borrow_if_any(store, "store")?.map(|store| &*store.store);
        let stated = read_struct(credential, "credential")?;
        let Template { authority, facts } = Template::parse(bytes(facts.cast(), facts_size, "facts")?)
            .map_err(|wrong| Fault::told("facts", wrong.text(Language::Zh), wrong.text(Language::En)))?;
        let issuer = c_text_if_any(stated.issuer, "credential.issuer")?.map(CreditCode::parse).transpose();
        let issuer = issuer.map_err(|_| Fault::argument("credential.issuer", "a credit code is expected"))?;
        let issuer = match (issuer, authority) {
            (Some(issuer), Some(authority)) if issuer != authority => {
                return Err(Fault::argument("credential.issuer", "the facts name another authority"));
            }
            (issuer, authority) => issuer.or(authority),
        };
        let holder_key = match bytes(stated.holder_key, stated.holder_key_size, "credential.holder_key")? {
            [] => None,
            key => Some(public_key_of(key, "credential.holder_key")?),
        };
        let credential = CredentialFacts {
            issuer: issuer
                .ok_or_else(|| Fault::argument("credential.issuer", "neither it nor the facts say who issues"))?,
            expires: if stated.expires == 0 { None } else { Some(time(stated.expires, "credential.expires")?) },
            not_before: time(stated.not_before, "credential.not_before")?,
            issued_at: time(stated.issued_at, "credential.issued_at")?,
            id: CredentialId::new(sixteen(stated.id, stated.id_size, "credential.id")?),
            holder_key,
            status: StatusPointer { list: stated.status_list, index: stated.status_index },
        };
        let issued = issue_license(&facts, &credential, store, signer.signs.as_signer()).map_err(unissued)?;
        slot.put(zy_buffer::of(issued.bytes));
        Ok(())
    })
}

pub(super) fn time(seconds: i64, name: &'static str) -> Result<Timestamp, Fault> {
    Timestamp::new(seconds).ok_or_else(|| Fault::argument(name, "seconds since 1970-01-01T00:00:00Z are expected"))
}

pub(super) fn sixteen(data: *const u8, size: usize, name: &'static str) -> Result<[u8; 16], Fault> {
    bytes(data, size, name)?.try_into().map_err(|_| Fault::argument(name, "16 bytes are expected"))
}

fn unissued(error: IssueError) -> Fault {
    match error {
        IssueError::Refused(reason) => Fault::refused("facts", reason, "a verifier would not pass it"),
        IssueError::Draft(error) => unsigned(error),
        error => Fault::argument("facts", error.to_string()),
    }
}

pub(super) fn unsigned(error: DraftError) -> Fault {
    match error {
        DraftError::Sign(error) => Fault::signer(error.to_string()),
        DraftError::Signature => Fault::signer("what the signer handed out does not verify"),
        error => Fault::argument("signer", error.to_string()),
    }
}

/// How a license is shown. Set `struct_size` to `sizeof(zy_showing)` and everything else to zero first.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_showing {
    /// `sizeof(zy_showing)`.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// Now, in seconds since 1970-01-01T00:00:00Z; it is good for two minutes.
    pub issued_at: i64,
    /// To whom it is shown; NULL for anyone.
    pub audience: *const c_char,
    /// What for; NULL for anything.
    pub purpose: *const c_char,
    /// The credit code of the presentation service that vouches in the holder's stead; NULL where the holder signs.
    pub service: *const c_char,
    /// The verifier's challenge, which is answered; NULL for none.
    pub challenge: *const u8,
    /// 16, or 0 for none.
    pub challenge_size: usize,
}

/// Shows a license: the license, and the presentation 亮证 that the signer makes of it.
///
/// `ZY_ARGUMENT` where it cannot be shown so, `ZY_SIGNER` where there is no signature. `*shown` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_license_show(
    signer: *const zy_signer,
    license: *const u8,
    license_size: usize,
    showing: *const zy_showing,
    shown: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(shown, "shown")?;
        let signer = borrow(signer, "signer")?;
        let license = bytes(license, license_size, "license")?;
        let stated = read_struct(showing, "showing")?;
        let (envelope, _) = Envelope::parse_first(license, Expected::Type(ObjectType::License))
            .map_err(|error| Fault::refused("license", error.reason(), error.to_string()))?;
        LicenseClaims::parse(envelope.claimed_payload())
            .map_err(|error| Fault::refused("license", error.reason(), error.to_string()))?;
        let mut claims = PresentationClaims::of(envelope.object_digest(), time(stated.issued_at, "showing.issued_at")?);
        claims.audience = c_text_if_any(stated.audience, "showing.audience")?;
        claims.purpose = c_text_if_any(stated.purpose, "showing.purpose")?;
        claims.service = c_text_if_any(stated.service, "showing.service")?
            .map(CreditCode::parse)
            .transpose()
            .map_err(|_| Fault::argument("showing.service", "a credit code is expected"))?;
        if stated.challenge_size != 0 {
            claims.nonce = Some(Nonce::new(sixteen(stated.challenge, stated.challenge_size, "showing.challenge")?));
        }
        let bytes = present(license, &claims, signer.signs.as_signer()).map_err(|error| match error {
            PresentError::Draft(error) => unsigned(error),
            error => Fault::argument("license", error.to_string()),
        })?;
        slot.put(zy_buffer::of(bytes));
        Ok(())
    })
}

/// Signs a receipt 核验回执 of a report by this device's key; `clock` is a `ZY_CLOCK_…`. `zy_receipt_replay` comes to it again.
///
/// `ZY_ARGUMENT` for the report of one stamp, whose receipt is that of its file; `ZY_REFUSED` if a text of the question holds characters that the format does not have, `ZY_SIGNER` where there is no signature.
/// `*receipt` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_receipt_sign(
    signer: *const zy_signer,
    report: *const zy_report,
    clock: u32,
    receipt: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(receipt, "receipt")?;
        let (signer, report) = (borrow(signer, "signer")?, borrow(report, "report")?);
        let source = match clock {
            ZY_CLOCK_NONE => ClockSource::None,
            ZY_CLOCK_DEVICE => ClockSource::Device,
            ZY_CLOCK_TOLD => ClockSource::Told,
            _ => return Err(Fault::argument("clock", "one of the ZY_CLOCK_ constants is expected")),
        };
        let device = signer.signs.as_signer();
        let signed = report.look(|view| {
            Some(match view {
                View::License(report) => sign_receipt(report, source, device),
                View::Seal(report) => sign_receipt(report, source, device),
                View::Stamps(report) => sign_receipt(report, source, device),
                View::Stamp(_) => return None,
            })
        });
        let signed = signed.ok_or_else(|| Fault::argument("report", "a receipt is of the whole file of stamps"))?;
        let bytes = signed.map_err(|error| match error {
            SignReceiptError::Encoding(error) => Fault::refused("report", error.reason(), error.to_string()),
            SignReceiptError::Draft(error) => unsigned(error),
            SignReceiptError::Refused(error) => Fault::refused("report", error.reason(), error.to_string()),
            SignReceiptError::Signature(_) => Fault::signer(error.to_string()),
        })?;
        slot.put(zy_buffer::of(bytes));
        Ok(())
    })
}
