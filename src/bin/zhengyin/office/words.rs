//! Words of the library for people.

use crate::output::{Failure, Say, say};
use zhengyin::issue::certificate::CertificateIssueError;
use zhengyin::issue::{DraftError, SignError};
use zhengyin::reason::{Language, Reason};
use zhengyin::trust::MandateFault;
use zhengyin::x509::Use;

const USES: [(Use, &str); 8] = [
    (Use::License, "license"),
    (Use::SealMaker, "seal-maker"),
    (Use::SealSigner, "seal-signer"),
    (Use::Status, "status"),
    (Use::Directory, "directory"),
    (Use::Presentation, "presentation"),
    (Use::TimeStamping, "time-stamping"),
    (Use::Receipt, "receipt"),
];

/// The word for a use on the command line, in files and in folder names.
pub(crate) fn use_word(purpose: Use) -> &'static str {
    USES.iter().find(|(known, _)| *known == purpose).map_or("", |(_, word)| word)
}

/// The use that a word stands for.
pub(crate) fn use_from_word(word: &str) -> Option<Use> {
    USES.iter().find(|(_, known)| *known == word).map(|(purpose, _)| *purpose)
}

/// A ground in both languages, with its symbol.
pub(crate) fn reason_text(reason: Reason) -> Say {
    let symbol = reason.symbol();
    let (zh, en) = (reason.text(Language::Zh), reason.text(Language::En));
    Say { zh: format!("{zh}（{symbol}）"), en: format!("{en} ({symbol})") }
}

/// What is not issued for this ground, and what to do about it where there is one thing to do.
pub(crate) fn refused(failure: Failure, reason: Reason) -> Failure {
    let failure = failure.because(reason_text(reason));
    match reason {
        Reason::IssuerSuiteEnded => failure.next("zhengyin authority rotate-key AUTHORITY --use USE --suite SUITE"),
        _ => failure,
    }
}

pub(super) fn explain_mandate(fault: MandateFault) -> Say {
    match fault {
        MandateFault::Region => say!("行政区划超出上级授权", "regions outside the mandate above"),
        MandateFault::Type => say!("证照类型超出上级授权", "license types outside the mandate above"),
        MandateFault::Authority => say!("颁发机构超出上级授权", "authorities outside the mandate above"),
    }
}

/// Why there is no signature.
fn explain_sign(error: SignError) -> Say {
    let zh = match error {
        SignError::Unreachable => "签名程序或令牌无法访问".to_owned(),
        SignError::Refused => "签名程序或令牌拒绝签名".to_owned(),
        SignError::TimedOut => "签名程序没有在限定时间内回答".to_owned(),
        SignError::Ended(Some(code)) => format!("签名程序以退出码 {code} 结束"),
        SignError::Ended(None) => "签名程序被信号终止".to_owned(),
        SignError::Length(length) => {
            format!("签名程序给出 {length} 字节；签名应为 64 字节：Ed25519 的 R‖S 或 SM2 的 r‖s，不是 DER")
        }
        SignError::Faulty => "签名程序或令牌给出的签名核验不通过".to_owned(),
        _ => error.to_string(),
    };
    Say { zh, en: error.to_string() }
}

/// Why a draft is not signed.
pub(crate) fn explain_draft(error: DraftError) -> Say {
    match error {
        DraftError::Sign(error) => explain_sign(error),
        error => say!("{error}", "{error}"),
    }
}

pub(super) fn explain_certificate(error: CertificateIssueError) -> Say {
    let zh = match error {
        CertificateIssueError::Name => "名称为空、超过 64 个字符或含有不可见字符",
        CertificateIssueError::CreditCode => "统一社会信用代码校验不通过",
        CertificateIssueError::Validity => "有效期为空或超出 1970 至 9999 年",
        CertificateIssueError::OutlivesIssuer => "有效期超出上级证书",
        CertificateIssueError::OtherSigner => "签名者持有的不是上级证书的密钥",
        CertificateIssueError::MandateWider(fault) => return explain_mandate(fault),
        CertificateIssueError::Sign(error) => return explain_sign(error),
        _ => return say!("{error}", "{error}"),
    };
    Say { zh: zh.to_owned(), en: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_use_has_a_word_of_its_own() {
        for purpose in Use::ALL {
            assert_eq!(use_from_word(use_word(purpose)), Some(purpose));
        }
        assert_eq!(use_from_word(""), None);
    }
}
