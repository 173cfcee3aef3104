//! What a kiosk needs besides trust data: reading that works, and a key that signs receipts.

use crate::args::Global;
use crate::commands::kiosk::{Trial, self_test};
use crate::keys::{self, Place};
use crate::output::{Failure, Out, Say, bad, dim, good, plain, say, unsure};
use serde_json::{Value, json};
use zhengyin::issue::Signer;
use zhengyin::store::Store;
use zhengyin::suite::Digest;
use zhengyin::x509::Use;

/// What was tried.
pub(super) struct Tried {
    trials: Vec<Trial>,
    device: Option<Device>,
}

/// The key that signs receipts.
struct Device {
    thumbprint: Digest,
    /// Does what it signs verify?
    signs: bool,
    /// Does a directory say that it is a device's?
    listed: bool,
}

impl Tried {
    pub(super) fn all(device: Option<&Place>, store: &Store, global: &Global) -> Result<Self, Failure> {
        let device = device.map(|place| Device::of(place, store, global)).transpose()?;
        Ok(Self { trials: self_test()?, device })
    }

    /// Is something broken that only another device, key or program mends?
    pub(super) fn is_broken(&self) -> bool {
        self.trials.iter().any(|trial| !trial.passed) || self.device.as_ref().is_some_and(|device| !device.signs)
    }

    pub(super) fn tell(&self, out: &mut Out) {
        for trial in &self.trials {
            let mark = if trial.passed { good("✓ ") } else { bad("✗ ") };
            let name = out.say(&trial.name).to_owned();
            let label = out.say(&say!("自检  ", "self-test  ")).to_owned();
            out.line(&[mark, dim(label), plain(name), dim(format!("  {}", trial.answered.join("; ")))]);
        }
        if let Some(device) = &self.device {
            let (mark, said) = device.said();
            let said = out.say(&said).to_owned();
            out.line(&[mark, plain(said)]);
        }
    }

    pub(super) fn json(&self) -> Value {
        let trials = self.trials.iter().map(|trial| {
            json!({
                "name": {"zh": trial.name.zh, "en": trial.name.en}, "passed": trial.passed, "answered": trial.answered,
            })
        });
        let device = self.device.as_ref().map(|device| {
            json!({"thumbprint": device.thumbprint.to_string(), "signs": device.signs, "listed": device.listed})
        });
        json!({"self_test": trials.collect::<Vec<_>>(), "device": device})
    }
}

impl Device {
    /// Signs something that is no receipt, and verifies it.
    fn of(place: &Place, store: &Store, global: &Global) -> Result<Self, Failure> {
        const MESSAGE: &[u8] = b"zhengyin store doctor: does this key sign?";
        let key = keys::open(place, global.passphrase(), global)?;
        let public = key.public_key().clone();
        let signature = key.sign(MESSAGE).unwrap_or_default();
        let listed = store
            .signers(public.key_id())
            .any(|(signer, _)| signer.key() == &public && signer.entry().is_for(Use::Receipt));
        Ok(Self { thumbprint: public.thumbprint(), signs: public.verify(&[MESSAGE], &signature).is_ok(), listed })
    }

    fn said(&self) -> (crate::output::Span, Say) {
        let thumbprint = self.thumbprint;
        match (self.signs, self.listed) {
            (false, _) => (
                bad("✗ "),
                say!("设备密钥 {thumbprint} 的签名无效", "what the device's key {thumbprint} signs does not verify"),
            ),
            (true, true) => (
                good("✓ "),
                say!(
                    "设备密钥 {thumbprint} 可用，目录已登记",
                    "the device's key {thumbprint} signs, and a directory lists it"
                ),
            ),
            (true, false) => (
                unsure("– "),
                say!(
                    "设备密钥 {thumbprint} 可用，未登记于任何目录：请将此摘要交给须信任回执的人",
                    "the device's key {thumbprint} signs; no directory lists it: tell this digest to whoever will have to believe its receipts"
                ),
            ),
        }
    }
}
