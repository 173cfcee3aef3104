//! A certificate that an existing certification authority issued, as an operator has it in a file (format.md §5.3, *admitted profile*).

use crate::files;
use crate::output::{Failure, Say, say};
use std::path::Path;
use zhengyin::issue::Signer;
use zhengyin::issue::certificate::der_of_file;
use zhengyin::limits::MAX_OBJECT;
use zhengyin::suite::PublicKey;
use zhengyin::time::{Period, Timestamp};
use zhengyin::x509::{Certificate, check_admitted};

/// One that a directory may admit, and that is valid.
#[derive(Clone, Debug)]
pub(crate) struct Existing {
    der: Vec<u8>,
    key: PublicKey,
    validity: Period,
    shown: String,
}

impl Existing {
    /// Reads one in DER or PEM. What a verifier would not admit, or is not valid now, is refused here.
    pub(crate) fn read(path: &Path, now: Timestamp) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let file = files::read(path, MAX_OBJECT)?;
        let refused = |why: Say| {
            Failure::new(say!("证书 {shown} 不能采用", "the certificate {shown} cannot be admitted"))
                .because(why)
                .next(look_into(path, &file))
        };
        let der = der_of_file(&file)
            .ok_or_else(|| refused(say!("不是 DER 或 PEM 格式的证书", "it is no certificate in DER or PEM")))?;
        let certificate =
            Certificate::parse(&der).map_err(|error| refused(explain(error.reason(), &error.to_string())))?;
        check_admitted(&certificate).map_err(|error| refused(explain(error.reason(), &error.to_string())))?;
        let validity = certificate.validity();
        if !validity.contains(now) {
            return Err(refused(say!("现在不在其有效期内", "it is not valid now")));
        }
        let key = certificate.public_key().clone();
        Ok(Self { der, key, validity, shown })
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) const fn validity(&self) -> Period {
        self.validity
    }

    /// Looks whether a key that was loaded is the one that the certificate speaks of.
    pub(crate) fn check_key(&self, key: &dyn Signer) -> Result<(), Failure> {
        if self.key == *key.public_key() {
            return Ok(());
        }
        let (shown, named, given) = (&self.shown, self.key.key_id(), key.public_key().key_id());
        Err(Failure::new(say!("密钥不是证书 {shown} 的密钥", "the key is not that of the certificate {shown}"))
            .because(say!(
                "证书的密钥是 {named}，给出的是 {given}",
                "the certificate speaks of {named}, the key is {given}"
            )))
    }
}

/// RFC 5652 §5.1: signedData, in which authorities hand out a certificate with those above it (`.p7b`).
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// What shows the certificate, or takes it out of what it is wrapped in.
fn look_into(path: &Path, file: &[u8]) -> String {
    let from = files::quoted(path);
    let holds = |what: &[u8]| file.windows(what.len()).any(|window| window == what);
    if holds(b"-----BEGIN PKCS7-----") {
        format!("openssl pkcs7 -in {from} -print_certs -out certificates.pem")
    } else if file.get(..32).is_some_and(|head| head.windows(SIGNED_DATA.len()).any(|window| window == SIGNED_DATA)) {
        format!("openssl pkcs7 -inform DER -in {from} -print_certs -out certificates.pem")
    } else if holds(b"-----BEGIN CERTIFICATE") || file.first() == Some(&0x30) {
        format!("openssl x509 -in {from} -noout -text")
    } else {
        "zhengyin authority enrol --help".to_owned()
    }
}

/// The ground, and which rule of it.
fn explain(reason: zhengyin::reason::Reason, rule: &str) -> Say {
    let Say { zh, en } = super::reason_text(reason);
    Say { zh: format!("{zh}：{rule}"), en: format!("{en}: {rule}") }
}
