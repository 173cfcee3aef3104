//! Receipts of a kiosk's verdicts: one a file, in a folder, named by time and digest.

use crate::args::Global;
use crate::clock::{Reading, utc_text};
use crate::commands::verify::{keep_objects, signed_receipt};
use crate::files::{self, Access};
use crate::keys::{self, Key, Place};
use crate::output::Failure;
use std::path::PathBuf;
use zhengyin::receipt::Answered;
use zhengyin::store::Store;
use zhengyin::suite::sha256;
use zhengyin::verify::Input;

/// What is kept for later.
#[derive(clap::Args, Debug)]
pub(super) struct ReceiptArgs {
    /// Write a receipt of every verdict, signed by this device and without the holder, to this folder
    #[arg(long, value_name = "DIR", requires = "device")]
    receipt: Option<PathBuf>,
    /// The device's key that signs receipts: a file, exec:PROGRAM or pkcs11:…
    #[arg(long, value_name = "KEY", requires = "receipt")]
    device: Option<Place>,
    /// Keep in this folder the objects that verdicts rest on, for a replay; what was scanned is not kept
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
}

pub(super) struct Receipts {
    folder: Option<PathBuf>,
    evidence: Option<PathBuf>,
    key: Option<Key>,
}

impl Receipts {
    /// None are written.
    pub(super) const fn none() -> Self {
        Self { folder: None, evidence: None, key: None }
    }

    /// Whatever would keep them from being written is told before anything is scanned.
    pub(super) fn open(args: &ReceiptArgs, dry_run: bool, global: &Global) -> Result<Self, Failure> {
        let key = args.device.as_ref().map(|place| keys::open(place, global.passphrase(), global)).transpose()?;
        if dry_run {
            return Ok(Self { folder: None, evidence: None, key });
        }
        for folder in args.receipt.iter().chain(&args.evidence) {
            files::make_folder(folder, Access::Private)?;
            files::check_can_create(&folder.join("receipt"))?;
        }
        Ok(Self { folder: args.receipt.clone(), evidence: args.evidence.clone(), key })
    }

    /// Keeps what belongs to one verdict, and says the name of the receipt.
    pub(super) fn write<'r, 'v: 'r>(
        &self,
        report: impl Into<Answered<'r, 'v>>,
        inputs: &[Input],
        store: &Store,
        reading: Reading,
    ) -> Result<Option<String>, Failure> {
        if let Some(folder) = &self.evidence {
            keep_objects(folder, inputs, store)?;
        }
        let (Some(folder), Some(key)) = (&self.folder, &self.key) else { return Ok(None) };
        let receipt = signed_receipt(report, reading, key)?;
        let digest: String = sha256(&receipt).to_string().chars().take(16).collect();
        let time = reading.now().map_or_else(|| "no-clock".to_owned(), |now| utc_text(now).replace([':', '-'], ""));
        let name = format!("{time}-{digest}.zyr");
        let path = folder.join(&name);
        // The same verdict in the same second is the same receipt.
        if !files::is_there(&path) {
            files::create(&path, &receipt, Access::Private)?;
        }
        Ok(Some(name))
    }
}
