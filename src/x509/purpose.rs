//! What a key may be used for.

use crate::labels::oid;

/// What a key may be used for: `use` of the trust list and the directory, and the extended key usage of our certificates.
///
/// ```cddl
/// use = 0 license / 1 seal maker / 2 seal signer / 3 status / 4 directory / 5 presentation service / 6 time stamping / 7 receipt
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// Signs licenses (电子证照).
    License,
    /// Makes seals (制章).
    SealMaker,
    /// Stamps documents (签章).
    SealSigner,
    /// Signs status lists (吊销清单).
    Status,
    /// Signs issuer directories (颁发机构目录).
    Directory,
    /// Vouches for holders without a key (亮证服务).
    Presentation,
    /// Signs time stamps (时间戳).
    TimeStamping,
    /// Signs receipts of verdicts (核验回执).
    Receipt,
}

/// 2.25.289491636058257126236843353212901155602.2, in text.
const ARC: &str = "2.25.289491636058257126236843353212901155602.2.";

impl Use {
    /// Every use, by number.
    pub const ALL: [Self; 8] = [
        Self::License,
        Self::SealMaker,
        Self::SealSigner,
        Self::Status,
        Self::Directory,
        Self::Presentation,
        Self::TimeStamping,
        Self::Receipt,
    ];

    /// The number on the wire, 0 to 7.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::License => 0,
            Self::SealMaker => 1,
            Self::SealSigner => 2,
            Self::Status => 3,
            Self::Directory => 4,
            Self::Presentation => 5,
            Self::TimeStamping => 6,
            Self::Receipt => 7,
        }
    }

    /// The use of a number.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| u64::from(purpose.number()) == number)
    }

    /// The use of an extended key usage, given as the DER content of its object identifier; `None` if it is not one of ours.
    #[must_use]
    pub fn from_oid(content: &[u8]) -> Option<Self> {
        match content.strip_prefix(oid::PURPOSE_ARC) {
            Some([number]) => Self::from_number(u64::from(*number)),
            _ => None,
        }
    }

    /// The use of an extended key usage in dotted form; `None` if it is not one of ours.
    #[must_use]
    pub fn from_dotted(text: &str) -> Option<Self> {
        let number = text.strip_prefix(ARC)?;
        Self::ALL.into_iter().find(|purpose| matches!(number.as_bytes(), [digit] if *digit == b'0' | purpose.number()))
    }

    /// The DER content of the object identifier of the extended key usage.
    #[must_use]
    pub fn oid(self) -> [u8; 22] {
        let mut content = [self.number(); 22];
        for (to, from) in content.iter_mut().zip(oid::PURPOSE_ARC) {
            *to = *from;
        }
        content
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
    use super::*;
    use alloc::format;

    #[test]
    fn numbers_and_identifiers_go_both_ways() {
        for purpose in Use::ALL {
            assert_eq!(Use::from_number(u64::from(purpose.number())), Some(purpose));
            assert_eq!(Use::from_oid(&purpose.oid()), Some(purpose));
            assert_eq!(Use::from_dotted(&format!("{ARC}{}", purpose.number())), Some(purpose));
        }
        assert_eq!(Use::from_number(8), None);
        assert_eq!(Use::from_oid(&[0x55, 0x1d, 0x25, 0x00]), None);
        assert_eq!(Use::from_oid(&[oid::PURPOSE_ARC, &[8]].concat()), None);
        assert_eq!(Use::from_oid(&[oid::PURPOSE_ARC, &[0, 0]].concat()), None);
        assert_eq!(Use::from_dotted("2.5.29.37.0"), None);
        assert_eq!(Use::from_dotted(&format!("{ARC}00")), None);
    }

    /// The arc is a UUID and does not fit 64 bits: the constant is recomputed from its decimal form.
    #[test]
    fn the_arc_is_the_one_of_the_format() {
        let uuid: u128 = 289_491_636_058_257_126_236_843_353_212_901_155_602;
        let mut groups: alloc::vec::Vec<u8> =
            (0..19).map(|group| u8::try_from((uuid >> (7 * group)) & 0x7f).unwrap() | 0x80).collect();
        *groups.first_mut().unwrap() &= 0x7f;
        while groups.last() == Some(&0x80) {
            groups.pop();
        }
        groups.push(2 * 40 + 25);
        groups.reverse();
        assert_eq!(oid::PURPOSE_ARC, [groups.as_slice(), &[2]].concat());
        assert_eq!(oid::MANDATE, [groups.as_slice(), &[1]].concat());
    }
}
