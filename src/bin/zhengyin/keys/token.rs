//! A key in a device: `pkcs11:` (RFC 7512), by the vendor's PKCS #11 library. The key never leaves the device; the signature that it hands
//! out is believed only after it has been verified.

use super::uri::TokenUri;
use crate::args::Global;
use crate::files;
use crate::output::{Failure, Say, say};
use crate::secrets::{Asking, Source};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::RawAuthPin;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use zhengyin::issue::{SignError, Signer};
use zhengyin::suite::PublicKey;

/// Libraries that were started. A library is started once in a process and not stopped while a key of it may sign, so this is the
/// process's own.
static STARTED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());

/// A key in a device, in a session that is logged in.
#[derive(Debug)]
pub(crate) struct TokenSigner {
    public: PublicKey,
    /// PKCS #11 lets one thread at a time use a session.
    session: Mutex<Session>,
    private: ObjectHandle,
}

impl Signer for TokenSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        // RFC 8032 §5.1: PureEdDSA over the whole message, without parameters.
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        session.sign(&mechanism, self.private, message).map_err(|error| match error {
            Error::Pkcs11(
                RvError::DeviceRemoved
                | RvError::DeviceError
                | RvError::TokenNotPresent
                | RvError::SessionClosed
                | RvError::SessionHandleInvalid,
                _,
            ) => SignError::Unreachable,
            _ => SignError::Refused,
        })
    }
}

/// Opens the one key that a URI names. Its PIN comes from the URI's `pin-source`, else from `source`.
pub(super) fn open(uri: &TokenUri, source: &Source, global: &Global) -> Result<TokenSigner, Failure> {
    let module = module(uri, global)?;
    let library = library(&module)?;
    check_library(uri, &library)?;
    let (slot, token) = one_token(uri, &library)?;
    let session = library.open_ro_session(slot).map_err(|error| failed(uri, &error))?;
    log_in(uri, &session, &token, source, global)?;
    let private = one_key(uri, &session)?;
    let public = public_key(uri, &session, private)?;
    Ok(TokenSigner { public, session: Mutex::new(session), private })
}

/// Which library drives the device: the URI's `module-path`, else `ZHENGYIN_PKCS11_MODULE`, else `pkcs11_module` of the configuration.
fn module(uri: &TokenUri, global: &Global) -> Result<PathBuf, Failure> {
    let named = match &uri.module_path {
        Some(path) => Some(path.clone()),
        None => global.pkcs11_module()?,
    };
    named.ok_or_else(|| {
        unusable(uri)
            .because(say!("没有说明用哪个 PKCS #11 库", "it is not said which PKCS #11 library drives the device"))
            .next("export ZHENGYIN_PKCS11_MODULE=/usr/lib/softhsm/libsofthsm2.so")
    })
}

/// The library, started.
fn library(path: &Path) -> Result<Pkcs11, Failure> {
    let shown = path.display();
    let unusable = || Failure::new(say!("无法使用 PKCS #11 库 {shown}", "the PKCS #11 library {shown} cannot be used"));
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = started.get(path) {
        return Ok(library.clone());
    }
    // The system's own words for a file that is not there are about libraries and not about this one.
    if path.is_absolute() && !files::is_there(path) {
        return Err(unusable().because_io(&std::io::ErrorKind::NotFound.into()));
    }
    let library = Pkcs11::new(path).map_err(|error| unusable().because(explain(&error)))?;
    library
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .map_err(|error| unusable().because(explain(&error)))?;
    started.insert(path.to_path_buf(), library.clone());
    Ok(library)
}

/// What the URI says of the library is so.
fn check_library(uri: &TokenUri, library: &Pkcs11) -> Result<(), Failure> {
    let info = library.get_library_info().map_err(|error| failed(uri, &error))?;
    let matches = is(uri.library_description.as_deref(), info.library_description())
        && is(uri.library_manufacturer.as_deref(), info.manufacturer_id())
        && is(uri.library_version.as_deref(), &info.library_version().to_string());
    if matches {
        return Ok(());
    }
    Err(unusable(uri).because(say!("库与 URI 所写的不符", "the library is not the one that the URI describes")))
}

/// The one token that the URI describes.
fn one_token(uri: &TokenUri, library: &Pkcs11) -> Result<(Slot, TokenInfo), Failure> {
    let mut found = Vec::new();
    for slot in library.get_slots_with_initialized_token().map_err(|error| failed(uri, &error))? {
        let token = library.get_token_info(slot).map_err(|error| failed(uri, &error))?;
        let place = library.get_slot_info(slot).map_err(|error| failed(uri, &error))?;
        let matches = is(uri.token.as_deref(), token.label())
            && is(uri.manufacturer.as_deref(), token.manufacturer_id())
            && is(uri.model.as_deref(), token.model())
            && is(uri.serial.as_deref(), token.serial_number())
            && is(uri.slot_description.as_deref(), place.slot_description())
            && is(uri.slot_manufacturer.as_deref(), place.manufacturer_id())
            && uri.slot_id.is_none_or(|id| id == slot.id());
        if matches {
            found.push((slot, token));
        }
    }
    let others = found.len();
    match (found.pop(), others) {
        (Some(found), 1) => Ok(found),
        (None, _) => Err(unusable(uri).because(say!("没有插入这样的令牌", "no such token is plugged in"))),
        (Some(_), count) => Err(unusable(uri)
            .because(say!("有 {count} 个令牌相符：用 serial 区分", "{count} tokens match: tell them apart by serial"))),
    }
}

/// Is what was asked for what is there? Nothing asked for is always so.
fn is(asked: Option<&str>, found: &str) -> bool {
    asked.is_none_or(|asked| asked == found.trim_end())
}

/// Logs in, unless another key of the same token did already. A wrong PIN is never tried again: a device locks itself after a few.
fn log_in(
    uri: &TokenUri,
    session: &Session,
    token: &TokenInfo,
    source: &Source,
    global: &Global,
) -> Result<(), Failure> {
    let state = session.get_session_info().map_err(|error| failed(uri, &error))?.session_state();
    if !token.login_required() || matches!(state, SessionState::RoUser | SessionState::RwUser) {
        return Ok(());
    }
    if token.user_pin_locked() {
        return Err(unusable(uri).because(say!("令牌的 PIN 已锁定", "the token's PIN is locked")));
    }
    let own = uri.pin_source.as_ref().map(|path| Source::File(path.clone()));
    let refused = |error: Error| match error {
        Error::Pkcs11(RvError::UserAlreadyLoggedIn, _) => Ok(()),
        Error::Pkcs11(RvError::PinIncorrect, _) => Err(unusable(uri).because(wrong_pin(token))),
        error => Err(failed(uri, &error)),
    };
    if own.is_none() && token.protected_authentication_path() {
        // The device has a key pad of its own.
        return session.login(UserType::User, None).or_else(refused);
    }
    let label = format!("PIN: {}", uri.text());
    let pin = own.as_ref().unwrap_or(source).passphrase(&label, Asking::Known, global.input())?;
    let pin = RawAuthPin::new(Box::new(pin.as_bytes().to_vec()));
    session.login_with_raw(UserType::User, &pin).or_else(refused)
}

fn wrong_pin(token: &TokenInfo) -> Say {
    if token.user_pin_final_try() || token.user_pin_count_low() {
        say!("PIN 错误；再错几次令牌将锁定", "the PIN is wrong, and the token locks itself after a few more wrong ones")
    } else {
        say!("PIN 错误", "the PIN is wrong")
    }
}

/// The one private key that the URI describes.
fn one_key(uri: &TokenUri, session: &Session) -> Result<ObjectHandle, Failure> {
    let mut template = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
    template.extend(uri.object.as_ref().map(|label| Attribute::Label(label.as_bytes().to_vec())));
    template.extend(uri.id.as_ref().map(|id| Attribute::Id(id.clone())));
    let mut found = session.find_objects(&template).map_err(|error| failed(uri, &error))?;
    let count = found.len();
    let (Some(key), 1) = (found.pop(), count) else {
        return Err(unusable(uri).because(match count {
            0 => say!("令牌里没有这样的私钥", "the token holds no such private key"),
            _ => say!(
                "令牌里有 {count} 个私钥相符：用 object 或 id 区分",
                "{count} private keys of the token match: tell them apart by object or id"
            ),
        }));
    };
    // PKCS #11 3.0 §2.3.10: Ed25519 keys are of type CKK_EC_EDWARDS.
    let kinds = attributes(uri, session, key, &[AttributeType::KeyType])?;
    let kind = kinds.iter().find_map(|attribute| match attribute {
        Attribute::KeyType(kind) => Some(*kind),
        _ => None,
    });
    match kind {
        Some(KeyType::EC_EDWARDS) => Ok(key),
        Some(KeyType::EC) if is_on_sm2_curve(session, key) => {
            Err(by_program(uri, say!("是 SM2 密钥", "it is a key of SM2")))
        }
        Some(KeyType::RSA | KeyType::EC) => {
            Err(unusable(uri).because(say!("不是 Ed25519 密钥", "it is not an Ed25519 key")))
        }
        // Where a token has SM2 by a type of the vendor's own.
        _ => Err(by_program(uri, say!("不是 Ed25519 密钥", "it is not an Ed25519 key"))),
    }
}

/// The curve's object identifier, 1.2.156.10197.1.301, as CKA_EC_PARAMS has it.
const SM2_CURVE: &[u8] = &[0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

/// A private key that does not tell its curve is of none that is known.
fn is_on_sm2_curve(session: &Session, key: ObjectHandle) -> bool {
    let told = session.get_attributes(key, &[AttributeType::EcParams]).unwrap_or_default();
    told.iter().any(|attribute| matches!(attribute, Attribute::EcParams(oid) if oid == SM2_CURVE))
}

/// PKCS #11 3.1 has no mechanism for SM2; every vendor has one of its own.
fn by_program(uri: &TokenUri, what: Say) -> Failure {
    let Say { zh, en } = what;
    unusable(uri)
        .because(say!(
            "{zh}；PKCS #11 没有 SM2 的机制：令牌中的 SM2 密钥请用 exec: 经厂商的程序签名",
            "{en}; PKCS #11 has no mechanism for SM2: a key of SM2 in a token signs by the vendor's program, through exec:"
        ))
        .next("zhengyin key show \"exec:PROGRAM ARGS\"")
}

/// The public key beside a private key: the object of the same id, else of the same label.
fn public_key(uri: &TokenUri, session: &Session, private: ObjectHandle) -> Result<PublicKey, Failure> {
    let names = attributes(uri, session, private, &[AttributeType::Id, AttributeType::Label])?;
    let name = names.iter().find(|name| matches!(name, Attribute::Id(id) if !id.is_empty()));
    let name = name.or_else(|| names.iter().find(|name| matches!(name, Attribute::Label(label) if !label.is_empty())));
    let mut template = vec![Attribute::Class(ObjectClass::PUBLIC_KEY), Attribute::KeyType(KeyType::EC_EDWARDS)];
    template.extend(name.cloned());
    let mut found = session.find_objects(&template).map_err(|error| failed(uri, &error))?;
    let count = found.len();
    let (Some(public), 1) = (found.pop(), count) else {
        return Err(unusable(uri).because(say!(
            "令牌里应有一个同名的公钥，却有 {count} 个",
            "one public key of the same id is expected beside the private key; there are {count}"
        )));
    };
    let point = attributes(uri, session, public, &[AttributeType::EcPoint])?;
    let point = point.iter().find_map(|attribute| match attribute {
        Attribute::EcPoint(point) => bare(point),
        _ => None,
    });
    let key = point.and_then(|point| PublicKey::ed25519(&point).ok());
    key.ok_or_else(|| {
        unusable(uri).because(say!("令牌里的公钥不是 Ed25519 公钥", "the token's public key is no Ed25519 key"))
    })
}

/// PKCS #11 3.0 §2.3.10: the point is the DER of an OCTET STRING that holds the 32 bytes; some devices give the bytes alone.
fn bare(point: &[u8]) -> Option<[u8; 32]> {
    let inside = point.strip_prefix(&[0x04, 0x20]).filter(|inside| inside.len() == 32);
    inside.unwrap_or(point).try_into().ok()
}

fn attributes(
    uri: &TokenUri,
    session: &Session,
    object: ObjectHandle,
    wanted: &[AttributeType],
) -> Result<Vec<Attribute>, Failure> {
    session.get_attributes(object, wanted).map_err(|error| failed(uri, &error))
}

fn unusable(uri: &TokenUri) -> Failure {
    let shown = uri.text();
    Failure::new(say!("无法使用密钥 {shown}", "the key {shown} cannot be used"))
}

fn failed(uri: &TokenUri, error: &Error) -> Failure {
    unusable(uri).because(explain(error))
}

/// The code by its name: the library's own sentence is a paragraph of the standard.
fn explain(error: &Error) -> Say {
    match error {
        Error::Pkcs11(RvError::PinLocked, _) => say!("令牌的 PIN 已锁定", "the token's PIN is locked"),
        Error::Pkcs11(RvError::PinExpired, _) => say!("令牌的 PIN 已过期", "the token's PIN has expired"),
        Error::Pkcs11(RvError::UserPinNotInitialized, _) => say!("令牌还没有设置 PIN", "the token has no PIN yet"),
        Error::Pkcs11(RvError::TokenNotPresent | RvError::DeviceRemoved, _) => {
            say!("令牌已拔出", "the token is not plugged in")
        }
        Error::Pkcs11(code, function) => say!("{function}：{code:?}", "{function}: {code:?}"),
        error => say!("{error}", "{error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_sign_in_any_thread() {
        const fn shared<T: Send + Sync>() {}
        shared::<TokenSigner>();
        shared::<super::super::Key>();
    }

    #[test]
    fn a_point_is_read_with_or_without_its_wrapping() {
        let point = [4; 32];
        assert_eq!(bare(&point), Some(point));
        assert_eq!(bare(&[&[0x04, 0x20][..], &point].concat()), Some(point));
        assert_eq!(bare(&[&[0x04, 0x1f][..], &point].concat()), None);
        assert_eq!(bare(&[]), None);
    }
}
