//! What people show at a counter that is not ours, by what it begins with. Nothing is opened, fetched or decoded.

use alloc::vec::Vec;
use core::fmt;

use super::digits;
use crate::reason::Language;

/// What a text is instead of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Foreign {
    /// A web address.
    Url,
    /// A health certificate: `HC1:` (the European one) or `shc:/` (SMART).
    Health,
    /// A payment code, shown by a payer (Alipay, WeChat Pay, UnionPay) or by a merchant (EMVCo, WeChat Pay).
    Payment,
    /// A citizen identity number (GB 11643).
    IdentityNumber,
    /// A unified social credit code (GB 32100).
    CreditCode,
    /// A bar code of goods (EAN-8, EAN-13).
    Goods,
    /// A visiting card or calendar entry (`BEGIN:VCARD`, `MECARD:`).
    Contact,
    /// The settings of a wireless network (`WIFI:`).
    Network,
    /// A block of something else, such as a certificate or a message of PGP.
    Block,
    /// A token in three parts (JWT), or a document of that kind.
    Token,
    /// An address of another scheme, such as `mailto:` or `mdoc:`.
    OtherScheme,
    /// None of these.
    Unknown,
}

impl Foreign {
    /// The name in reports.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Health => "health",
            Self::Payment => "payment",
            Self::IdentityNumber => "identity_number",
            Self::CreditCode => "credit_code",
            Self::Goods => "goods",
            Self::Contact => "contact",
            Self::Network => "network",
            Self::Block => "block",
            Self::Token => "token",
            Self::OtherScheme => "other_scheme",
            Self::Unknown => "unknown",
        }
    }

    /// The text for people.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Url, Language::Zh) => "这是网址，未打开",
            (Self::Url, Language::En) => "this is a web address; it was not opened",
            (Self::Health, Language::Zh) => "这是健康证明码",
            (Self::Health, Language::En) => "this is a health certificate",
            (Self::Payment, Language::Zh) => "这是付款码或收款码，未使用",
            (Self::Payment, Language::En) => "this is a payment code; it was not used",
            (Self::IdentityNumber, Language::Zh) => "这是公民身份号码，未保存",
            (Self::IdentityNumber, Language::En) => "this is a citizen identity number; it was not kept",
            (Self::CreditCode, Language::Zh) => "这是统一社会信用代码，不是电子证照",
            (Self::CreditCode, Language::En) => "this is a unified social credit code, not an electronic license",
            (Self::Goods, Language::Zh) => "这是商品条码",
            (Self::Goods, Language::En) => "this is a bar code of goods",
            (Self::Contact, Language::Zh) => "这是名片或日程",
            (Self::Contact, Language::En) => "this is a visiting card or calendar entry",
            (Self::Network, Language::Zh) => "这是无线网络设置",
            (Self::Network, Language::En) => "this holds the settings of a wireless network",
            (Self::Block, Language::Zh) => "这是其他系统的文本块，例如证书或密钥",
            (Self::Block, Language::En) => "this is a block of another system, such as a certificate or a key",
            (Self::Token, Language::Zh) => "这是其他系统的令牌（JWT）",
            (Self::Token, Language::En) => "this is a token of another system (JWT)",
            (Self::OtherScheme, Language::Zh) => "这是其他应用的链接，未打开",
            (Self::OtherScheme, Language::En) => "this is a link for another application; it was not opened",
            (Self::Unknown, Language::Zh) => "不是证印的二维码、文本块或文件",
            (Self::Unknown, Language::En) => "this is no code, block or file of this system",
        }
    }
}

/// The text in English.
impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(Language::En))
    }
}

/// A bar code of goods: 8 or 13 digits, of which some begin as ours do. Ours never have so few.
pub(super) fn goods(text: &str) -> Option<Foreign> {
    let is_digits = |count| text.chars().count() == count && text.chars().all(|c| digits::digit(c).is_some());
    (is_digits(8) || is_digits(13)).then_some(Foreign::Goods)
}

/// Names a text that is not ours.
pub(super) fn name(text: &str) -> Foreign {
    // Without regard to case; longer beginnings stand before shorter ones.
    const BEGINNINGS: &[(&str, Foreign)] = &[
        ("http://", Foreign::Url),
        ("https://", Foreign::Url),
        ("www.", Foreign::Url),
        ("hc1:", Foreign::Health),
        ("shc:/", Foreign::Health),
        ("wxp://", Foreign::Payment),
        ("alipays:", Foreign::Payment),
        ("000201", Foreign::Payment),
        ("begin:vcard", Foreign::Contact),
        ("begin:vcalendar", Foreign::Contact),
        ("begin:vevent", Foreign::Contact),
        ("mecard:", Foreign::Contact),
        ("wifi:", Foreign::Network),
        ("-----begin ", Foreign::Block),
    ];
    let begins = |beginning: &str| text.get(..beginning.len()).is_some_and(|head| head.eq_ignore_ascii_case(beginning));
    if let Some((_, foreign)) = BEGINNINGS.iter().find(|(beginning, _)| begins(beginning)) {
        *foreign
    } else if is_identity_number(text) {
        Foreign::IdentityNumber
    } else if is_payers_code(text) {
        Foreign::Payment
    } else if is_credit_code(text) {
        Foreign::CreditCode
    } else if text.starts_with("eyJ") && text.contains('.') {
        // RFC 7515 §7.1: base64url of a JSON object, then a full stop.
        Foreign::Token
    } else if has_scheme(text) {
        Foreign::OtherScheme
    } else {
        Foreign::Unknown
    }
}

/// What a payer's telephone shows: WeChat Pay 18 digits from 10 to 15, Alipay 16 to 24 from 25 to 30, UnionPay 19 from 62.
fn is_payers_code(text: &str) -> bool {
    let first_two = || text.get(..2).and_then(|two| two.parse::<u8>().ok());
    text.bytes().all(|byte| byte.is_ascii_digit())
        && match first_two() {
            Some(10..=15) => text.len() == 18,
            Some(25..=30) => (16..=24).contains(&text.len()),
            Some(62) => text.len() == 19,
            _ => false,
        }
}

/// GB 11643: region, day of birth, order, and the check character. A payer's code of 18 digits that begins as some of these do has it by
/// chance, and a month and a day besides, once in five hundred.
fn is_identity_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((check, digits)) = bytes.split_last().filter(|(_, digits)| digits.len() == 17) else { return false };
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u16>().ok()).unwrap_or(0);
    let born = matches!((number(6, 10), number(10, 12), number(12, 14)), (1850..=2199, 1..=12, 1..=31));
    // Weights 2^(18−i) mod 11 (ISO 7064 MOD 11-2), of which each is half of the one before: 6 is the inverse of 2.
    let weighed = digits.iter().fold((0_u16, 7_u16), |(sum, weight), digit| {
        (sum.wrapping_add(weight.wrapping_mul(u16::from(digit.wrapping_sub(b'0')))) % 11, weight.wrapping_mul(6) % 11)
    });
    let expected = b"10X98765432".get(usize::from(weighed.0));
    digits.iter().all(u8::is_ascii_digit) && born && expected == Some(&check.to_ascii_uppercase())
}

/// GB 32100: 17 characters without I, O, S, V, Z, and the check character. One of digits only may be a payer's code as well; those of
/// enterprises begin with 9, and those do not.
fn is_credit_code(text: &str) -> bool {
    const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |byte: &u8| CHARACTERS.iter().position(|known| known == byte);
    let Some(values) = text.bytes().map(|byte| value(&byte)).collect::<Option<Vec<usize>>>() else { return false };
    let Some((check, rest)) = values.split_last().filter(|(_, rest)| rest.len() == 17) else { return false };
    // Weights 3^(i−1) mod 31.
    let (sum, _) = rest.iter().fold((0_usize, 1_usize), |(sum, weight), value| {
        (sum.wrapping_add(weight.wrapping_mul(*value)) % 31, weight.wrapping_mul(3) % 31)
    });
    let told_apart = text.starts_with('9') || text.bytes().any(|byte| byte.is_ascii_uppercase());
    told_apart && (31_usize.wrapping_sub(sum)) % 31 == *check
}

/// RFC 3986 §3.1: a letter, then letters, digits, `+`, `-` and `.`, up to a colon.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}
