//! Issuing one license through the register.

use super::facts::explain;
use super::register::{self, OpenRegister};
use super::seat::Seat;
use super::status_list;
use crate::files::{self, Access};
use crate::home::Home;
use crate::output::{Failure, say};
use crate::secrets;
use std::path::Path;
use zhengyin::claims::id::CreditCode;
use zhengyin::claims::{CredentialId, StatusPointer};
use zhengyin::issue::{CredentialFacts, IssueError, IssuedLicense, LicenseFacts, Signer, draft_license};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::reason::Reason;
use zhengyin::register::{Act, Issued, LicenseName, RegisterError, RegisterIssueError, Request};
use zhengyin::store::Store;
use zhengyin::suite::PublicKey;
use zhengyin::time::Timestamp;

/// One license, as it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) authority: CreditCode,
    pub(crate) facts: LicenseFacts,
    /// The status list in which it is to stand.
    pub(crate) list: u64,
    pub(crate) holder_key: Option<PublicKey>,
    /// When the credential is to be refreshed.
    pub(crate) expires: Timestamp,
}

/// Looks, without a key and without changing anything, whether a license can be issued, and where it would stand.
pub(crate) fn check(
    home: &Home,
    order: &Order,
    seat: &Seat,
    store: &Store,
    now: Timestamp,
) -> Result<StatusPointer, Failure> {
    let register = register::read(home, order.authority)?;
    let at = match &register {
        Some(register) => place(register, order).map_err(|error| register::refused(home, error))?,
        None => StatusPointer { list: order.list, index: 0 },
    };
    if let Some(register) = &register {
        status_list::check_kept_here(home, register, order.list)?;
        register.check_key(&seat.public_key()?).map_err(|error| register::refused(home, error))?;
        // What was issued under this name is the same, or it is refused.
        register
            .held(&request(order, CredentialId::new([0; 16]), now))
            .map_err(|error| unissued(home, order, error))?;
    }
    let credential = CredentialFacts {
        issuer: order.authority,
        expires: Some(order.expires),
        not_before: now,
        issued_at: now,
        id: CredentialId::new([0; 16]),
        holder_key: order.holder_key.clone(),
        status: at,
    };
    draft_license(&order.facts, &credential, Some(store), &seat.public_key()?).map_err(|error| {
        let failure = not_issued(order, error);
        // Enrolled, and in no directory yet: the next one lists it.
        let unlisted = error.reason() == Some(Reason::IssuerUnknown);
        let province = seat.facts.province.as_str();
        if unlisted { failure.next(home.command(&format!("trust directory {province}"))) } else { failure }
    })?;
    Ok(at)
}

/// Where the license stands, or would.
fn place(register: &OpenRegister, order: &Order) -> Result<StatusPointer, RegisterError> {
    match register.by_name(&name(&order.facts))? {
        Some(entry) => Ok(entry.status),
        None => register.next(order.list),
    }
}

/// Issues a license: first its position is allotted, then it is signed, then recorded. The same order again gives the same license again,
/// so that a stop before it was handed out loses nothing.
pub(crate) fn issue(
    home: &Home,
    register: &mut OpenRegister,
    order: &Order,
    (store, signer): (&Store, &dyn Signer),
    act: &Act<'_>,
) -> Result<Issued, Failure> {
    let request = request(order, CredentialId::new(secrets::random()?), act.time);
    register.issue(&request, Some(store), signer, act).map_err(|error| unissued(home, order, error))
}

fn request(order: &Order, id: CredentialId, not_before: Timestamp) -> Request<'_> {
    Request {
        facts: &order.facts,
        list: order.list,
        id,
        not_before,
        expires: Some(order.expires),
        holder_key: order.holder_key.clone(),
    }
}

fn unissued(home: &Home, order: &Order, error: RegisterIssueError) -> Failure {
    match error {
        RegisterIssueError::Issue(error) => not_issued(order, error),
        RegisterIssueError::Register(error) => register::refused(home, error),
        error => Failure::new(say!("无法颁发证照", "the license cannot be issued")).because(say!("{error}", "{error}")),
    }
}

/// What could not be handed out is not begun: nothing stands at `out`, unless the license was issued before and may stand there already.
pub(crate) fn check_out(home: &Home, register: &OpenRegister, order: &Order, out: &Path) -> Result<(), Failure> {
    if register.by_name(&name(&order.facts)).map_err(|error| register::refused(home, error))?.is_none() {
        files::check_absent(out)?;
    }
    files::check_can_create(out)
}

/// Writes a license to its file, if it does not stand there already.
pub(crate) fn hand_out(license: &IssuedLicense, out: &Path) -> Result<(), Failure> {
    let is_there = files::is_there(out) && files::read(out, MAX_OBJECT).is_ok_and(|bytes| bytes == license.bytes);
    if is_there { Ok(()) } else { files::create(out, &license.bytes, Access::Shared) }
}

fn name(facts: &LicenseFacts) -> LicenseName {
    LicenseName { type_code: facts.type_code, number: facts.number.clone(), version: facts.version }
}

fn not_issued(order: &Order, error: IssueError) -> Failure {
    let number = &order.facts.number;
    let failure = Failure::new(say!("无法颁发证照 {number}", "license {number} cannot be issued"));
    match error {
        IssueError::Facts(error) => failure.because(explain(&order.facts, error)),
        IssueError::Refused(reason) => super::words::refused(failure, reason),
        IssueError::Draft(error) => failure.because(super::words::explain_draft(error)),
        error => failure.because(say!("{error}", "{error}")),
    }
}
