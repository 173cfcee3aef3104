//! Private keys, wherever they are: in a file, behind a program, in a device. All of them sign alike.

mod file;
mod place;
mod program;
mod token;
mod uri;

pub(crate) use file::{NewKey, PassphraseFor, create, encrypt, generate, new_passphrase, passphrase};
pub(crate) use place::Place;

use crate::args::Global;
use crate::files;
use crate::keyed::hex_bytes;
use crate::output::{Failure, say};
use crate::secrets::Source;
use program::ProgramSigner;
use std::path::Path;
use token::TokenSigner;
use zhengyin::issue::{SignError, Signer};
use zhengyin::suite::{Algorithm, PublicKey, SecretKey};

/// What a key is of, as people call it.
pub(crate) const fn suite_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sm2 => "SM2",
        _ => "Ed25519",
    }
}

/// A public key as `key show` prints it: 64 hexadecimal digits of Ed25519; 128 of SM2, x and y, or 130 with the 04 before them that other
/// programs write (SEC 1 §2.3.3).
pub(crate) fn hex_key(text: &str) -> Result<PublicKey, String> {
    if let Some(x) = hex_bytes(text) {
        return PublicKey::ed25519(&x).map_err(|error| error.to_string());
    }
    let point = if text.len() == 130 { text.strip_prefix("04") } else { Some(text) };
    let point = point.and_then(hex_bytes);
    let point = point.ok_or_else(|| "64 hexadecimal digits are expected, or 128 of SM2".to_owned())?;
    PublicKey::sm2(&point).map_err(|error| error.to_string())
}

/// Is it one by its length? It may still be no key.
pub(crate) fn is_hex_key(text: &str) -> bool {
    [64, 128, 130].contains(&text.len()) && text.chars().all(|digit| digit.is_ascii_hexdigit())
}

/// The file that says where a key is, in the place of the key's own file.
pub(crate) const REFERENCE: &str = "ref";
/// A longer one is none.
const MAX_REFERENCE: usize = 4096;

/// A key that is ready to sign.
pub(crate) enum Key {
    /// From a file, in memory.
    File(SecretKey),
    /// With a program.
    Program(ProgramSigner),
    /// In a device.
    Token(TokenSigner),
}

impl Signer for Key {
    fn public_key(&self) -> &PublicKey {
        match self {
            Self::File(key) => key.public_key(),
            Self::Program(key) => key.public_key(),
            Self::Token(key) => key.public_key(),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match self {
            Self::File(key) => Signer::sign(key, message),
            Self::Program(key) => key.sign(message),
            Self::Token(key) => key.sign(message),
        }
    }
}

/// What is kept of a key in the folder of a root or a seat.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kept<'a> {
    /// The key itself, encrypted: `NAME.pem`.
    Pem(&'a str),
    /// Where it is: `NAME.ref`.
    Reference(&'a str),
}

impl Kept<'_> {
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Pem(_) => "pem",
            Self::Reference(_) => REFERENCE,
        }
    }

    pub(crate) const fn bytes(&self) -> &[u8] {
        match self {
            Self::Pem(text) | Self::Reference(text) => text.as_bytes(),
        }
    }
}

/// Where the key of a folder is: `NAME.ref` if it is elsewhere, else `NAME.pem`.
pub(crate) fn path_in(folder: &Path, name: &str) -> std::path::PathBuf {
    let elsewhere = folder.join(name).with_extension(REFERENCE);
    if files::is_there(&elsewhere) { elsewhere } else { folder.join(name).with_extension("pem") }
}

/// The key of a file, or the one that a `.ref` file speaks of. A passphrase or PIN is asked for only where there is one.
pub(crate) fn load(path: &Path, global: &Global) -> Result<Key, Failure> {
    if path.extension().is_none_or(|extension| extension != REFERENCE) {
        return file::load(path, global.passphrase(), global).map(Key::File);
    }
    let shown = path.display();
    let unusable = || Failure::new(say!("无法使用 {shown}", "{shown} cannot be used"));
    // It says nothing secret, but whoever could write it could name a program to be run.
    let bytes = files::read_private(path, MAX_REFERENCE)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| unusable().because(say!("不是文本", "it is not text")))?;
    match Place::from(text.trim()) {
        Place::Unusable(why) => Err(unusable().because(why)),
        place => open(&place, global.passphrase(), global),
    }
}

/// The key at a place that a person named; `source` is asked for its passphrase or PIN.
pub(crate) fn open(place: &Place, source: &Source, global: &Global) -> Result<Key, Failure> {
    match place {
        Place::File(path) => file::load(path, source, global).map(Key::File),
        Place::Program(words) => {
            let limit = global.config()?.signer_timeout();
            ProgramSigner::start(words, limit).map(Key::Program)
        }
        Place::Token(uri) => token::open(uri, source, global).map(Key::Token),
        Place::Unusable(why) => {
            Err(Failure::usage(say!("无法使用所给的密钥", "the key cannot be used")).because(why.clone()))
        }
    }
}

/// The key in a file, for what is done with the file itself: to be encrypted anew, say.
pub(crate) fn load_file(path: &Path, global: &Global) -> Result<SecretKey, Failure> {
    file::load(path, global.passphrase(), global)
}
