//! Receipts (核验回执): a report that a device signed, and coming to it again.
//!
//! A receipt holds the report without its holder, and the digest of the whole. The report says everything that was asked and names
//! every object that it rests on, so that whoever has the verified bytes and those objects can ask again and must come to the same bytes,
//! on any machine, in any year: [`Receipt::replay`].

mod evidence;
mod replay;

pub use evidence::Evidence;
pub use replay::{Difference, KnownDevices, Missing, Replay};

use alloc::vec::Vec;

use crate::cbor::{self, Key, Reader, Writer};
use crate::envelope::{self, Envelope, Expected, ObjectType};
use crate::labels::cwt;
use crate::reason::Reason;
use crate::suite::{CoseKeyError, Digest, PublicKey};
use crate::verify::{Report, SCHEMA, STAMPS_SCHEMA, SealReport, StampsReport, Texts, Value};

/// What the time of a report came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClockSource {
    /// There was no clock.
    None,
    /// The device's own clock.
    Device,
    /// A person told the time, in place of the device's clock.
    Told,
}

impl ClockSource {
    const ALL: [Self; 3] = [Self::None, Self::Device, Self::Told];

    const fn number(self) -> u64 {
        match self {
            Self::None => 0,
            Self::Device => 1,
            Self::Told => 2,
        }
    }

    /// The word for it in the command's JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Device => "device",
            Self::Told => "told",
        }
    }
}

/// What a receipt is of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Answered<'r, 'a> {
    /// A license.
    License(&'r Report<'a>),
    /// A file of stamps, over a document or without one.
    Stamps(&'r StampsReport<'a>),
    /// A seal by itself.
    Seal(&'r SealReport<'a>),
}

impl Answered<'_, '_> {
    /// The report without texts.
    #[must_use]
    pub fn to_value(&self) -> Value<'_> {
        match self {
            Self::License(report) => report.to_value(Texts::None),
            Self::Stamps(report) => report.to_value(Texts::None),
            Self::Seal(report) => report.to_value(Texts::None),
        }
    }
}

impl<'r, 'a> From<&'r Report<'a>> for Answered<'r, 'a> {
    fn from(report: &'r Report<'a>) -> Self {
        Self::License(report)
    }
}

impl<'r, 'a> From<&'r StampsReport<'a>> for Answered<'r, 'a> {
    fn from(report: &'r StampsReport<'a>) -> Self {
        Self::Stamps(report)
    }
}

impl<'r, 'a> From<&'r SealReport<'a>> for Answered<'r, 'a> {
    fn from(report: &'r SealReport<'a>) -> Self {
        Self::Seal(report)
    }
}

/// Why bytes are not a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// They are no envelope, or one of another type.
    #[error(transparent)]
    Envelope(#[from] envelope::Error),
    /// The claims are not those of a receipt.
    #[error("the claims are not those of a receipt")]
    Claims,
    /// The claims are not in the canonical encoding.
    #[error(transparent)]
    Encoding(#[from] cbor::Error),
    /// The device's key is refused.
    #[error("the device's key is refused: {0}")]
    Key(CoseKeyError),
    /// The report is of a form that this version does not know.
    #[error("the report is of a form that this version does not know")]
    OtherReport,
}

impl ReceiptError {
    /// The ground.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::Envelope(error) => error.reason(),
            Self::Claims | Self::Encoding(_) => Reason::ReceiptMalformed,
            Self::Key(error) => error.reason(),
            Self::OtherReport => Reason::ReplayOtherVersion,
        }
    }
}

/// A receipt as it was received: of the right shape, and believed in nothing.
///
/// ```cddl
/// receipt-claims = { -70007 => receipt }
/// receipt = {
///   1 => COSE_Key,               ; the device's key; its kid is the envelope's. Whose device it is, a directory or a person says
///   2 => bstr .cbor report,      ; the report, redacted and without texts (docs/report.schema.json)
///   3 => bstr .size 32,          ; SHA-256 of the canonical CBOR of the whole report without texts
///   4 => 0 / 1 / 2               ; the clock of the report: none, the device's, told by a person
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Receipt<'a> {
    envelope: Envelope<'a>,
    device: PublicKey,
    report: Value<'a>,
    whole: Digest,
    source: ClockSource,
}

impl<'a> Receipt<'a> {
    /// Reads a receipt.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ReceiptError> {
        let envelope = Envelope::parse(bytes, Expected::Type(ObjectType::Receipt))?;
        let mut reader = Reader::new(envelope.claimed_payload());
        let mut claims = reader.map()?;
        let (Some(Key::Int(cwt::RECEIPT)), 0) = (claims.next(&mut reader)?, claims.left()) else {
            return Err(ReceiptError::Claims);
        };
        let mut map = reader.map()?;
        let (mut device, mut report, mut whole, mut source) = (None, None, None, None);
        while let Some(key) = map.next(&mut reader)? {
            match key {
                Key::Int(1) => device = Some(PublicKey::from_cose_key(&mut reader).map_err(ReceiptError::Key)?),
                Key::Int(2) => report = Some(reader.bytes()?),
                Key::Int(3) => whole = Some(Digest::new(*reader.byte_array()?)),
                Key::Int(4) => source = Some(reader.uint()?),
                _ => return Err(ReceiptError::Claims),
            }
        }
        reader.finish()?;
        let (Some(device), Some(report), Some(whole), Some(source)) = (device, report, whole, source) else {
            return Err(ReceiptError::Claims);
        };
        let source = ClockSource::ALL.into_iter().find(|known| known.number() == source).ok_or(ReceiptError::Claims)?;
        let report = Value::parse(report)?;
        if !matches!(report.get("schema").and_then(Value::as_text), Some(SCHEMA | STAMPS_SCHEMA)) {
            return Err(ReceiptError::OtherReport);
        }
        let redacted = report.get("redacted").and_then(Value::as_bool) == Some(true);
        let kid_fits = device.key_id() == envelope.key_id() && device.algorithm() == envelope.algorithm();
        match redacted && kid_fits {
            true => Ok(Self { envelope, device, report, whole, source }),
            false => Err(ReceiptError::Claims),
        }
    }

    /// The key that the receipt itself names. That it signed is [`Receipt::check_signature`]'s word; whose it is, nobody's here.
    #[must_use]
    pub const fn claimed_device(&self) -> &PublicKey {
        &self.device
    }

    /// The report, without its holder: what the device claims that it answered.
    #[must_use]
    pub const fn claimed_report(&self) -> &Value<'a> {
        &self.report
    }

    /// SHA-256 of the whole report, without texts, in CBOR.
    #[must_use]
    pub const fn claimed_whole(&self) -> Digest {
        self.whole
    }

    /// What the time of the report came from.
    #[must_use]
    pub const fn claimed_clock_source(&self) -> ClockSource {
        self.source
    }

    /// The object digest, which names the receipt.
    #[must_use]
    pub fn object_digest(&self) -> Digest {
        self.envelope.object_digest()
    }

    /// Did the key that it names sign it? If not, it was altered.
    ///
    /// # Errors
    /// [`Reason::ReceiptSignature`].
    pub fn check_signature(&self) -> Result<(), Reason> {
        self.envelope.verify(&self.device).map_err(|_| Reason::ReceiptSignature)
    }
}

/// The payload of a receipt, to be signed by the device.
///
/// # Errors
/// [`cbor::Error`] if the purpose or audience that the verifier stated holds characters that the format does not have.
pub fn encode<'r, 'a: 'r>(
    report: impl Into<Answered<'r, 'a>>,
    source: ClockSource,
    device: &PublicKey,
) -> Result<Vec<u8>, cbor::Error> {
    let answered = report.into();
    let whole = answered.to_value();
    let digest = whole.digest()?;
    let redacted = whole.redacted().to_cbor()?;
    let mut writer = Writer::with_capacity(redacted.len().saturating_add(128));
    writer.map(|claims| {
        claims.entry(cwt::RECEIPT, |w| {
            w.map(|map| {
                map.entry(1, |w| device.write_cose_key(w));
                map.entry(2, |w| w.bytes(&redacted));
                map.entry(3, |w| w.bytes(digest.as_bytes()));
                map.entry(4, |w| w.uint(source.number()));
            });
        });
    });
    writer.finish()
}
