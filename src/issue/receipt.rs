//! Signing a receipt of a report.

use alloc::vec::Vec;

use super::draft::{Draft, DraftError};
use super::signer::Signer;
use crate::cbor;
use crate::envelope::ObjectType;
use crate::reason::Reason;
use crate::receipt::{self, Answered, ClockSource, Receipt, ReceiptError};

/// Why a receipt is not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignReceiptError {
    /// The report could not be encoded.
    #[error(transparent)]
    Encoding(#[from] cbor::Error),
    /// It could not be signed.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A reader would refuse it: the verifier's own words hold what text of the format does not.
    #[error("a reader would refuse the receipt: {0}")]
    Refused(#[from] ReceiptError),
    /// What was signed does not verify.
    #[error("the receipt does not verify: {}", .0.symbol())]
    Signature(Reason),
}

/// Signs a receipt of a report by a device's key, and reads it back before it leaves.
///
/// # Errors
/// [`SignReceiptError`].
pub fn sign_receipt<'r, 'a: 'r>(
    report: impl Into<Answered<'r, 'a>>,
    source: ClockSource,
    device: &dyn Signer,
) -> Result<Vec<u8>, SignReceiptError> {
    let payload = receipt::encode(report, source, device.public_key())?;
    let bytes = Draft::new(ObjectType::Receipt, payload, device.public_key())?.sign(device, &[])?;
    Receipt::parse(&bytes)?.check_signature().map_err(SignReceiptError::Signature)?;
    Ok(bytes)
}
