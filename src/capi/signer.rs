//! Who signs: a function of the caller's over a device, or a key in a file.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::{c_char, c_void};

use super::boundary::{self, Handle, borrow, bytes, entry, entry_or, slot, text};
use super::buffer::zy_buffer;
use super::fault::{Fault, zy_error, zy_status};
use crate::issue::{SignError, Signer, key};
use crate::suite::{PublicKey, SecretKey};

/// A signing function returns this where the device cannot be reached.
pub const ZY_SIGN_UNREACHABLE: i32 = -1;
/// A signing function returns this where the device refuses: a wrong PIN, no such key.
pub const ZY_SIGN_REFUSED: i32 = -2;
/// A signing function returns this where the device does not answer in time.
pub const ZY_SIGN_TIMED_OUT: i32 = -3;

/// Room that a signing function is given, in bytes.
const CAPACITY: usize = 128;

/// The caller's own signing function: signs `message_size` bytes at `message` and writes the signature, 64 bytes, to `signature`, where
/// there is room for `capacity`: R‖S of Ed25519, or r‖s of SM2, not DER. Returns how many bytes it wrote, or a `ZY_SIGN_…`, which are negative.
///
/// `context` is what `zy_signer_new` was given. It is called on the thread that issues, during that call, and must not throw or jump out.
/// What it hands out is verified before anything leaves.
pub type zy_sign = Option<
    extern "C" fn(
        context: *mut c_void,
        message: *const u8,
        message_size: usize,
        signature: *mut u8,
        capacity: usize,
    ) -> i32,
>;

/// Something that signs with one key. Belongs to the caller, who frees it with `zy_signer_free`. One thread at a time.
pub struct zy_signer {
    pub(super) signs: Signs,
}

impl Handle for zy_signer {
    const TAG: u64 = 0x7a79_7369_676e_6572;
}

/// How it signs.
pub(super) enum Signs {
    Device(Box<Device>),
    Key(Box<SecretKey>),
}

/// The caller's function, and whose key it has.
pub(super) struct Device {
    key: PublicKey,
    sign: extern "C" fn(*mut c_void, *const u8, usize, *mut u8, usize) -> i32,
    context: *mut c_void,
}

impl Signs {
    pub(super) const fn as_signer(&self) -> &dyn Signer {
        match self {
            Self::Device(device) => &**device,
            Self::Key(key) => &**key,
        }
    }
}

impl Signer for Device {
    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut signature = vec![0; CAPACITY];
        let written = (self.sign)(self.context, message.as_ptr(), message.len(), signature.as_mut_ptr(), CAPACITY);
        match written {
            ZY_SIGN_UNREACHABLE => return Err(SignError::Unreachable),
            ZY_SIGN_REFUSED => return Err(SignError::Refused),
            ZY_SIGN_TIMED_OUT => return Err(SignError::TimedOut),
            _ if written < 0 => return Err(SignError::Unreachable),
            _ => {}
        }
        let written = usize::try_from(written).unwrap_or(usize::MAX);
        match signature.get(..written) {
            Some(signature) if written == 64 => Ok(signature.to_vec()),
            _ => Err(SignError::Length(written)),
        }
    }
}

/// Makes a signer of the caller's own signing function, such as a device's.
///
/// `public_key` is that of the key that signs: 32 bytes of Ed25519, or a SubjectPublicKeyInfo in DER. `context` is handed to `sign` and
/// otherwise not looked at; it must live as long as the signer.
///
/// `ZY_REFUSED` for a key that is not admitted. `*signer` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_signer_new(
    public_key: *const u8,
    public_key_size: usize,
    sign: zy_sign,
    context: *mut c_void,
    signer: *mut *mut zy_signer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(signer, "signer")?;
        let key = public_key_of(bytes(public_key, public_key_size, "public_key")?, "public_key")?;
        let sign = sign.ok_or_else(|| Fault::null("sign"))?;
        slot.put(zy_signer { signs: Signs::Device(Box::new(Device { key, sign, context })) });
        Ok(())
    })
}

/// A public key in one of its two forms.
pub(super) fn public_key_of(bytes: &[u8], name: &'static str) -> Result<PublicKey, Fault> {
    let key = match <&[u8; 32]>::try_from(bytes) {
        Ok(raw) => PublicKey::ed25519(raw),
        Err(_) => PublicKey::from_spki(bytes),
    };
    key.map_err(|error| Fault::refused(name, error.reason(), error.to_string()))
}

/// Makes a signer of a private key in PEM (PKCS #8), as `zhengyin key gen` and OpenSSL write it. `passphrase` may be NULL for a key that is
/// not encrypted.
///
/// `ZY_ARGUMENT` where it cannot be read: the error's message says why. `*signer` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_signer_from_pem(
    pem: *const c_char,
    pem_size: usize,
    passphrase: *const u8,
    passphrase_size: usize,
    signer: *mut *mut zy_signer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(signer, "signer")?;
        let pem = text(pem, pem_size, "pem")?;
        let passphrase = bytes(passphrase, passphrase_size, "passphrase")?;
        let passphrase = Some(passphrase).filter(|passphrase| !passphrase.is_empty());
        let key = key::from_pem(pem, passphrase).map_err(|error| Fault::argument("pem", error.to_string()))?;
        slot.put(zy_signer { signs: Signs::Key(Box::new(key)) });
        Ok(())
    })
}

/// The signer's public key: a SubjectPublicKeyInfo in DER. `*spki` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_signer_public_key(
    signer: *const zy_signer,
    spki: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(spki, "spki")?;
        slot.put(zy_buffer::of(borrow(signer, "signer")?.signs.as_signer().public_key().spki()));
        Ok(())
    })
}

/// Frees a signer. NULL is allowed. Whatever its context is stays the caller's.
#[unsafe(no_mangle)]
pub extern "C" fn zy_signer_free(signer: *mut zy_signer) {
    entry_or((), || boundary::free(signer));
}
