//! Private keys in files: found, decrypted, made.

use crate::args::Global;
use crate::files::{self, Access};
use crate::output::{Failure, Say, say};
use crate::secrets::{self, Asking, Passphrase, Source, Wiped};
use std::path::Path;
use zhengyin::issue::key::{self, KeyFileError};
use zhengyin::suite::{Algorithm, SecretKey};

/// What a passphrase is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PassphraseFor<'a> {
    /// The key in this file.
    Key(&'a Path),
    /// A key that is written to this file.
    NewKey(&'a Path),
}

/// Asks `source` for a passphrase.
pub(crate) fn passphrase(global: &Global, source: &Source, of: PassphraseFor<'_>) -> Result<Passphrase, Failure> {
    let (path, asking) = match of {
        PassphraseFor::Key(path) => (path, Asking::Known),
        PassphraseFor::NewKey(path) => (path, Asking::New),
    };
    let label = format!("口令 passphrase: {}", path.display());
    source.passphrase(&label, asking, global.input())
}

/// Reads a key file that nobody else can read; asks `source` for its passphrase only if it has one.
pub(super) fn load(path: &Path, source: &Source, global: &Global) -> Result<SecretKey, Failure> {
    let bytes = Wiped::new(files::read_private(path, key::MAX_FILE)?);
    match key::from_file(&bytes, None) {
        Err(KeyFileError::PassphraseMissing) => {
            let passphrase = passphrase(global, source, PassphraseFor::Key(path))?;
            key::from_file(&bytes, Some(passphrase.as_bytes())).map_err(|error| unusable(path, &bytes, error))
        }
        loaded => loaded.map_err(|error| unusable(path, &bytes, error)),
    }
}

/// A key that was made and not yet written to its file.
pub(crate) struct NewKey {
    pub(crate) key: SecretKey,
    /// The text of its file.
    pub(crate) pem: String,
}

impl NewKey {
    pub(crate) fn make(passphrase: &Passphrase, suite: Algorithm) -> Result<Self, Failure> {
        let key = generate(suite)?;
        let pem = encrypt(&key, passphrase)?;
        Ok(Self { key, pem })
    }
}

/// Asks for the passphrase of a key that will be written to `path`: `chosen` if the command line names a source for new keys, else the
/// source of the others.
pub(crate) fn new_passphrase(global: &Global, chosen: Option<&Source>, path: &Path) -> Result<Passphrase, Failure> {
    passphrase(global, chosen.unwrap_or(global.passphrase()), PassphraseFor::NewKey(path))
}

/// Makes a key in a file of its own, which nobody else can read.
pub(crate) fn create(path: &Path, global: &Global) -> Result<SecretKey, Failure> {
    let NewKey { key, pem } = NewKey::make(&new_passphrase(global, None, path)?, global.suite()?)?;
    files::create(path, pem.as_bytes(), Access::Private)?;
    Ok(key)
}

/// A new key.
pub(crate) fn generate(suite: Algorithm) -> Result<SecretKey, Failure> {
    // One draw in 2³² is no number of SM2: three in a row are a broken source.
    for _ in 0..3 {
        let drawn = Wiped::new(secrets::random::<32>()?);
        if let Ok(key) = SecretKey::of(suite, &drawn) {
            return Ok(key);
        }
    }
    Err(Failure::new(say!("无法生成密钥", "no key could be made")))
}

/// The text of a key file.
pub(crate) fn encrypt(key: &SecretKey, passphrase: &Passphrase) -> Result<String, Failure> {
    key::to_encrypted_pem(key, passphrase.as_bytes(), &secrets::random()?, &secrets::random()?)
        .map_err(|error| Failure::new(say!("无法加密密钥", "the key cannot be encrypted")).because(explain(error)))
}

fn unusable(path: &Path, file: &[u8], error: KeyFileError) -> Failure {
    let shown = path.display();
    let failure = Failure::new(say!("无法使用密钥 {shown}", "the key {shown} cannot be used")).because(explain(error));
    let from = files::quoted(path);
    match error {
        // What OpenSSL reads it writes in the form that is read here: other ciphers, older forms.
        KeyFileError::Unsupported | KeyFileError::TooCostly | KeyFileError::Malformed => {
            failure.next(format!("openssl pkcs8 -topk8 -v2 aes-256-cbc -in {from} -out new.pem"))
        }
        KeyFileError::CurveUnnamed => {
            failure.next(format!("openssl ec -in {from} -param_enc named_curve -out new.pem"))
        }
        KeyFileError::PublicKeyDiffers => failure.next(format!("openssl pkey -in {from} -noout -check")),
        // PKCS#12 is DER.
        KeyFileError::NotAPrivateKey if file.first() == Some(&0x30) => {
            failure.next(format!("openssl pkcs12 -nocerts -in {from} -out new.pem"))
        }
        KeyFileError::NotPem | KeyFileError::NotAPrivateKey | KeyFileError::OtherAlgorithm => {
            failure.next("zhengyin key gen --help")
        }
        KeyFileError::PassphraseWrong => failure.next(format!("zhengyin key show {from}")),
        _ => failure,
    }
}

fn explain(error: KeyFileError) -> Say {
    let zh = match error {
        KeyFileError::NotPem => "既不是 PEM 文件，也不是 DER",
        KeyFileError::NotAPrivateKey => "文件里没有 PKCS#8 私钥",
        KeyFileError::Malformed => "密钥文件已损坏",
        KeyFileError::PassphraseMissing => "密钥已加密，需要口令",
        KeyFileError::PassphraseWrong => "口令错误",
        KeyFileError::PassphraseEmpty => "口令为空",
        KeyFileError::Unsupported => "不支持这种加密方式",
        KeyFileError::TooCostly => "解密所需的内存或时间超过允许值",
        KeyFileError::OtherAlgorithm => "不是本程序能用的密钥（Ed25519、SM2）",
        KeyFileError::CurveUnnamed => "文件没有写明密钥所用曲线的名称",
        KeyFileError::PublicKeyDiffers => "文件中的公钥与私钥不符",
        _ => "无法读取",
    };
    Say { zh: zh.to_owned(), en: error.to_string() }
}
