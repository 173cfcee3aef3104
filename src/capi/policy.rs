//! What a verifier asks for.

use core::ffi::c_char;

use alloc::borrow::ToOwned;

use super::boundary::{self, Handle, borrow_mut, c_text, c_text_if_any, entry, entry_or, slot};
use super::fault::{Fault, zy_error, zy_status};
use super::report::{ZY_STEP_PRESENTATION, ZY_STEP_RECOGNITION};
use crate::claims::id::{Region, TypePrefix};
use crate::policy::{Ask, Policy};
use crate::suite::Suites;
use crate::trust::Grace;

/// What a verifier asks for. Belongs to the caller, who frees it with `zy_policy_free`. A builder: one thread at a time. A verifier copies
/// it; what is changed afterwards does not change the verifier.
pub struct zy_policy {
    pub(super) policy: Policy,
}

impl Handle for zy_policy {
    const TAG: u64 = 0x7a79_706f_6c69_6379;
}

/// Makes a policy from a built-in one: `counter` (a person who reads warnings), `kiosk` (nobody does), `archive` (somebody who looks back),
/// `strict` (nothing may be overdue).
///
/// `region` is where the verifier stands, six digits of GB/T 2260; with NULL, recognition is undetermined.
///
/// `ZY_ARGUMENT` for another name or a text that is no region. `*policy` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_policy_new(
    name: *const c_char,
    region: *const c_char,
    policy: *mut *mut zy_policy,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(policy, "policy")?;
        let name = c_text(name, "name")?;
        let region = c_text_if_any(region, "region")?.map(Region::parse).transpose();
        let region = region.map_err(|_| Fault::argument("region", "six digits of GB/T 2260 are expected"))?;
        let built_in = Policy::BUILT_IN.into_iter().find(|(known, _)| *known == name);
        let (_, make) =
            built_in.ok_or_else(|| Fault::argument("name", "counter, kiosk, archive or strict is expected"))?;
        slot.put(zy_policy { policy: make(region) });
        Ok(())
    })
}

/// Says that a question is not to be asked: `ZY_STEP_RECOGNITION` or `ZY_STEP_PRESENTATION`. No other can be left out: `ZY_ARGUMENT`.
#[unsafe(no_mangle)]
pub extern "C" fn zy_policy_skip(policy: *mut zy_policy, step: u32, error: *mut *mut zy_error) -> zy_status {
    entry(error, || {
        let policy = &mut borrow_mut(policy, "policy")?.policy;
        match step {
            ZY_STEP_RECOGNITION => policy.recognition = Ask::No,
            ZY_STEP_PRESENTATION => policy.presentation = Ask::No,
            _ => return Err(Fault::argument("step", "only recognition and presentation can be left out")),
        }
        Ok(())
    })
}

/// Bounds how long trust list, directory and status list may be overdue for licenses of a risk class, in seconds, whatever the trust list
/// grants. It can only make the policy ask for more.
#[unsafe(no_mangle)]
pub extern "C" fn zy_policy_limit_grace(
    policy: *mut zy_policy,
    risk_class: *const c_char,
    trust_list: u64,
    directory: u64,
    status_list: u64,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let policy = &mut borrow_mut(policy, "policy")?.policy;
        let class = c_text(risk_class, "risk_class")?.to_owned();
        policy.budgets.insert(class, Grace { list: trust_list, directory, status: status_list });
        Ok(())
    })
}

/// Puts license types into a risk class by a prefix of their code. Such a license gets the lesser grace of this class and of the one that
/// the trust list gives it.
///
/// `ZY_ARGUMENT` for a text that no type code begins with.
#[unsafe(no_mangle)]
pub extern "C" fn zy_policy_set_risk_class(
    policy: *mut zy_policy,
    type_prefix: *const c_char,
    risk_class: *const c_char,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let policy = &mut borrow_mut(policy, "policy")?.policy;
        let prefix = TypePrefix::parse(c_text(type_prefix, "type_prefix")?);
        let prefix = prefix.map_err(|_| Fault::argument("type_prefix", "the beginning of a type code is expected"))?;
        policy.classes.insert(prefix, c_text(risk_class, "risk_class")?.to_owned());
        Ok(())
    })
}

/// Relies on no status list that was issued longer ago than so many seconds, whatever it says of itself.
#[unsafe(no_mangle)]
pub extern "C" fn zy_policy_limit_status_age(
    policy: *mut zy_policy,
    seconds: u64,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        borrow_mut(policy, "policy")?.policy.max_status_age = Some(seconds);
        Ok(())
    })
}

/// A suite for `zy_policy_accept_suites`: Ed25519 with SHA-256.
pub const ZY_SUITE_ED25519: u32 = 1;
/// A suite for `zy_policy_accept_suites`: SM2 with SM3.
pub const ZY_SUITE_SM2: u32 = 2;

/// Relies on nothing that rests on a signature by another suite than these: the sum of one or more `ZY_SUITE_` numbers. Such an object is
/// undetermined, never invalid. It can only make the policy ask for more: a second call accepts what both accept.
///
/// `ZY_ARGUMENT` for 0, for a number that is no such sum, and where none is left.
#[unsafe(no_mangle)]
pub extern "C" fn zy_policy_accept_suites(policy: *mut zy_policy, suites: u32, error: *mut *mut zy_error) -> zy_status {
    entry(error, || {
        let policy = &mut borrow_mut(policy, "policy")?.policy;
        let known = [(ZY_SUITE_ED25519, "ed25519"), (ZY_SUITE_SM2, "sm2")];
        let named = known.into_iter().filter(|(bit, _)| suites & bit != 0).map(|(_, name)| name);
        let accepted = Suites::from_names(named).filter(|_| suites & !(ZY_SUITE_ED25519 | ZY_SUITE_SM2) == 0);
        let accepted = accepted.ok_or_else(|| Fault::argument("suites", "a sum of ZY_SUITE_ numbers is expected"))?;
        policy.suites =
            policy.suites.and(accepted).ok_or_else(|| Fault::argument("suites", "the policy would accept none"))?;
        Ok(())
    })
}

/// Frees a policy. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn zy_policy_free(policy: *mut zy_policy) {
    entry_or((), || boundary::free(policy));
}
