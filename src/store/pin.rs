//! The pin: what a person gave to the verifier so that it knows its federation.

use core::fmt;
use core::str::FromStr;

use crate::suite::Digest;

/// SHA-256 of a trust list's signed content (its object digest), or of the CBOR of `[federation, signers, threshold]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin(Digest);

impl Pin {
    /// A pin of 32 bytes.
    #[must_use]
    pub const fn new(digest: Digest) -> Self {
        Self(digest)
    }

    /// The digest.
    #[must_use]
    pub const fn digest(self) -> Digest {
        self.0
    }
}

/// A text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pin is 64 hexadecimal digits")]
pub struct PinError;

/// Reads 64 hexadecimal digits of either case; spaces and colons between groups are passed over, for a person reads them out.
impl FromStr for Pin {
    type Err = PinError;

    fn from_str(text: &str) -> Result<Self, PinError> {
        let mut bytes = [0u8; 32];
        let mut digits = text.chars().filter(|c| !matches!(c, ' ' | ':'));
        let mut digit =
            || digits.next().and_then(|c| c.to_digit(16)).and_then(|d| u8::try_from(d).ok()).ok_or(PinError);
        for byte in &mut bytes {
            *byte = digit()? << 4 | digit()?;
        }
        if digits.next().is_some() { Err(PinError) } else { Ok(Self(Digest::new(bytes))) }
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::string_slice)]
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_pin_is_read_as_people_write_it() {
        let text = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
        let pin: Pin = text.parse().unwrap();
        assert_eq!(pin.to_string(), text.to_lowercase());
        assert_eq!("00 11:22 33445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF".parse(), Ok(pin));
        for wrong in ["", "00", &text[1..], &[text, "0"].concat(), &text.replace('a', "g")] {
            assert_eq!(wrong.parse::<Pin>(), Err(PinError), "{wrong}");
        }
    }
}
