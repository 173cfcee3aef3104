//! The same facts for verifiers that are not ours: a status list as an IETF Token Status List in CWT form.
//!
//! draft-ietf-oauth-status-list, sections 4 and 5.2: a COSE_Sign1 over CWT claims, in which the states of all positions stand as an array of
//! nibbles, compressed. What is published so is never read back as a source of truth: verifiers of this format have our own list.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::signer::{SignError, Signer, sign_verified};
use crate::cbor::{self, Writer};
use crate::labels::{cose, cwt, tag, token_list, typ};
use crate::status::{BodyError, State, StatusList};
use crate::time::Timestamp;

/// Bits for each position: the states have sixteen codes.
const BITS: u32 = 4;
/// Of zlib, the best that other deflaters have too. Compressed bytes differ from one to the other; what they stand for does not.
const COMPRESSION: u8 = 9;

/// Which status types stand for the states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusTypes {
    /// Each state by its own: 0x00 in force, 0x02 suspended, 0x03 superseded, 0x0C cancelled, 0x0D revoked, 0x0E withdrawn, 0x0F reported
    /// lost, 0x01 void. All but 0x00, 0x01 and 0x02 are application-specific: a verifier that does not know them sees only that it is not
    /// VALID.
    Fine,
    /// The registered ones alone: 0x01 INVALID for what is not taken back, 0x02 SUSPENDED for what may be.
    Registered,
}

impl StatusTypes {
    /// The status type of a state.
    #[must_use]
    pub const fn of(self, state: State) -> u8 {
        match (self, state) {
            (_, State::InForce) => 0x00,
            (_, State::Suspended) | (Self::Registered, State::ReportedLost) => 0x02,
            (Self::Registered, _) | (Self::Fine, State::Void) => 0x01,
            (Self::Fine, State::Superseded) => 0x03,
            (Self::Fine, State::Cancelled) => 0x0c,
            (Self::Fine, State::Revoked) => 0x0d,
            (Self::Fine, State::Withdrawn) => 0x0e,
            (Self::Fine, State::ReportedLost) => 0x0f,
        }
    }
}

/// What a Token Status List says besides the states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenListFacts {
    /// `sub`: where the list is to be had, and its name in the licenses of others.
    pub uri: String,
    /// `exp`: when it is good for nothing any more.
    pub expires: Timestamp,
    /// Which status types stand for the states.
    pub types: StatusTypes,
}

/// Why a Token Status List is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenListError {
    /// The list of which it is to be made cannot be read.
    #[error("the status list cannot be read: {0}")]
    Body(#[from] BodyError),
    /// It would expire before the list was issued.
    #[error("it would expire before the list was issued")]
    Expires,
    /// It could not be encoded.
    #[error(transparent)]
    Encoding(#[from] cbor::Error),
    /// The signer gave no good signature.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Publishes the states of a status list, whose body the caller has verified, as a Token Status List: `iat` is the list's issue, `ttl` the
/// time until its next update.
///
/// ```cddl
/// token-list = #6.18([protected: bstr .cbor { 1 => alg, 4 => kid, 16 => "application/statuslist+cwt" }, {}, payload: bstr, signature])
/// payload = { 1 => uscc, 2 => uri: tstr, 4 => exp: int, 6 => iat: int, 65533 => { "bits" => 4, "lst" => bstr }, 65534 => ttl: uint }
/// ```
///
/// # Errors
/// [`TokenListError`].
pub fn publish_token_list(
    list: &StatusList<'_>,
    facts: &TokenListFacts,
    signer: &dyn Signer,
) -> Result<Vec<u8>, TokenListError> {
    let header = list.claimed_header();
    if facts.expires <= header.issued {
        return Err(TokenListError::Expires);
    }
    let compressed = compress_to_vec_zlib(&nibbles(list, facts.types)?, COMPRESSION);
    let key = signer.public_key();
    let mut protected = Writer::new();
    protected.map(|map| {
        map.entry(cose::ALG, |w| w.int(key.algorithm().cose()));
        map.entry(cose::KID, |w| w.bytes(key.key_id().as_bytes()));
        map.entry(cose::TYP, |w| w.text(typ::TOKEN_LIST));
    });
    let protected = protected.finish()?;
    let mut payload = Writer::with_capacity(compressed.len().saturating_add(256));
    payload.map(|map| {
        map.entry(cwt::ISS, |w| w.text(header.authority.as_str()));
        map.entry(cwt::SUB, |w| w.text(&facts.uri));
        map.entry(cwt::EXP, |w| w.timestamp(facts.expires));
        map.entry(cwt::IAT, |w| w.timestamp(header.issued));
        map.entry(token_list::STATUS_LIST, |w| {
            w.map(|map| {
                map.entry(token_list::BITS, |w| w.uint(BITS.into()));
                map.entry(token_list::LST, |w| w.bytes(&compressed));
            });
        });
        // Positive: a list's next update is later than its issue.
        let ttl = u64::try_from(header.next_update.since(header.issued)).unwrap_or_default();
        map.entry(token_list::TTL, |w| w.uint(ttl));
    });
    let payload = payload.finish()?;
    let signature = sign_verified(signer, &sig_structure(&protected, &payload)?)?;
    let mut token = Writer::with_capacity(payload.len().saturating_add(160));
    token.tag(tag::COSE_SIGN1);
    token.array(4);
    token.bytes(&protected);
    token.map(|_| {});
    token.bytes(&payload);
    token.bytes(&signature);
    Ok(token.finish()?)
}

/// RFC 9052 §4.4.
fn sig_structure(protected: &[u8], payload: &[u8]) -> Result<Vec<u8>, cbor::Error> {
    let mut writer = Writer::with_capacity(protected.len().saturating_add(payload.len()).saturating_add(32));
    writer.array(4);
    writer.text("Signature1");
    writer.bytes(protected);
    writer.bytes(&[]);
    writer.bytes(payload);
    writer.finish()
}

/// The array before it is compressed.
fn nibbles(list: &StatusList<'_>, types: StatusTypes) -> Result<Vec<u8>, BodyError> {
    let mut statuses = Statuses::new(BITS, list.claimed_header().length);
    list.claimed_body().each_run(|state, positions| {
        let status = types.of(state);
        positions.for_each(|position| statuses.set(position, status));
    })?;
    Ok(statuses.bytes)
}

/// Section 4.1: statuses of 1, 2, 4 or 8 bits, packed into bytes from the least significant bit.
struct Statuses {
    bits: u32,
    bytes: Vec<u8>,
}

impl Statuses {
    /// So many statuses, all 0x00 VALID.
    fn new(bits: u32, count: u32) -> Self {
        let bytes = u64::from(count).saturating_mul(bits.into()).div_ceil(8);
        Self { bits, bytes: vec![0; usize::try_from(bytes).unwrap_or_default()] }
    }

    /// Sets a status that was 0x00; one beyond the last is passed over.
    fn set(&mut self, position: u32, status: u8) {
        let at = u64::from(position).saturating_mul(self.bits.into());
        if let Some(byte) = usize::try_from(at >> 3).ok().and_then(|byte| self.bytes.get_mut(byte)) {
            let shift = u32::try_from(at & 7).unwrap_or_default();
            *byte |= status.wrapping_shl(shift);
        }
    }
}

#[cfg(test)]
mod tests;
