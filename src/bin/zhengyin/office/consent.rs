//! What one operator alone may not do: the keys of two, and what they sign.

use super::words::explain_draft;
use crate::args::Global;
use crate::keys::{self, Key, Place};
use crate::output::{Failure, say};
use crate::secrets::Source;
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::{DraftError, Signer};
use zhengyin::register::{Consent, Decision, Signature, statement};
use zhengyin::time::Timestamp;

/// Whose keys consent.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Two operators")]
pub(crate) struct ConsentArgs {
    /// The key of the operator who does it: a file, exec:PROGRAM ARGS or pkcs11:…; see `register operator`
    #[arg(long, value_name = "KEY", requires = "approve")]
    operator: Option<Place>,
    /// The key of a second operator, who approves it
    #[arg(long, value_name = "KEY", requires = "operator")]
    approve: Option<Place>,
    /// Where the passphrase, or PIN, of the second operator's key comes from [default: as --passphrase]
    #[arg(long, value_name = "SOURCE", requires = "approve")]
    approve_passphrase: Option<Source>,
}

impl ConsentArgs {
    /// The keys of the two, if they were given.
    pub(crate) fn load(&self, global: &Global) -> Result<Option<Two>, Failure> {
        let (Some(operator), Some(approve)) = (&self.operator, &self.approve) else { return Ok(None) };
        let first = keys::open(operator, global.passphrase(), global)?;
        let source = self.approve_passphrase.as_ref().unwrap_or(global.passphrase());
        Ok(Some(Two { first, second: keys::open(approve, source, global)? }))
    }
}

/// Two operators who are here with their keys.
pub(crate) struct Two {
    first: Key,
    second: Key,
}

/// What both of them signed.
pub(crate) struct Signed<'a> {
    two: &'a Two,
    stated: Timestamp,
    signatures: [Vec<u8>; 2],
}

impl Two {
    /// Has both of them sign what is to be done.
    pub(crate) fn sign(
        &self,
        authority: Option<CreditCode>,
        reason: &str,
        stated: Timestamp,
        decision: &Decision<'_>,
    ) -> Result<Signed<'_>, Failure> {
        let failed =
            |why| Failure::new(say!("没有取得两名操作员的同意", "two operators have not consented")).because(why);
        let statement =
            statement(authority, reason, stated, decision).map_err(|error| failed(super::register::explain(&error)))?;
        let sign = |key: &Key| key.sign(&statement).map_err(|error| failed(explain_draft(DraftError::Sign(error))));
        Ok(Signed { two: self, stated, signatures: [sign(&self.first)?, sign(&self.second)?] })
    }
}

impl Signed<'_> {
    /// For the register.
    pub(crate) fn consent(&self) -> Consent<'_> {
        let [first, second] = &self.signatures;
        Consent {
            stated: self.stated,
            first: Signature { key: self.two.first.public_key(), signature: first },
            second: Signature { key: self.two.second.public_key(), signature: second },
        }
    }
}
