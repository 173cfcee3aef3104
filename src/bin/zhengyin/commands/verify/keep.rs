//! What is kept of verifications: receipts that the device signs, and the evidence by which they can be replayed.

use super::card::Detail;
use crate::args::Global;
use crate::clock::{Reading, Source};
use crate::files::{self, Access, STREAM, quoted};
use crate::keys::{self, Key, Place};
use crate::output::{Failure, Loudness, Out, say};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use zhengyin::issue::{SignReceiptError, sign_receipt};
use zhengyin::receipt::{Answered, ClockSource};
use zhengyin::store::{ObjectKind, Store};
use zhengyin::suite::sha256;
use zhengyin::verify::{Input, Report};

/// What is to be kept.
#[derive(clap::Args, Debug)]
pub(in crate::commands) struct KeepArgs {
    /// Write receipts of the answers, signed by this device, to a new file
    #[arg(long, value_name = "OUT", requires = "device")]
    receipt: Option<PathBuf>,
    /// The device's key that signs receipts: a file, exec:PROGRAM or pkcs11:…
    #[arg(long, value_name = "KEY", requires = "receipt")]
    device: Option<Place>,
    /// Keep in this folder what a replay needs: the objects relied on and, without --redact, what was verified
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
    /// Write nothing: no receipt, no evidence, and not what was seen
    #[arg(long)]
    pub(in crate::commands) dry_run: bool,
}

/// Keeps it.
pub(in crate::commands) struct Keeper<'a> {
    args: &'a KeepArgs,
    key: Option<Key>,
    store: &'a Store,
    detail: Detail,
    /// One receipt after the other: a CBOR sequence.
    receipts: Vec<u8>,
}

impl<'a> Keeper<'a> {
    /// Whatever would keep it from being kept is told before anything is verified.
    pub(in crate::commands) fn open(
        args: &'a KeepArgs,
        store: &'a Store,
        detail: Detail,
        global: &Global,
    ) -> Result<Self, Failure> {
        if let Some(path) = &args.receipt {
            if path == Path::new(STREAM) {
                return Err(Failure::usage(say!(
                    "标准输出已用于结果，回执须写入文件",
                    "standard output holds the answer: a receipt is written to a file"
                ))
                .next("zhengyin verify license.zyl --receipt license.zyr --device device.pem"));
            }
            files::check_absent(path)?;
            files::check_can_create(path)?;
        }
        let key = args.device.as_ref().map(|place| keys::open(place, global.passphrase(), global)).transpose()?;
        if let Some(folder) = args.evidence.as_ref().filter(|_| !args.dry_run) {
            files::make_folder(folder, Access::Private)?;
        }
        Ok(Self { args, key, store, detail, receipts: Vec::new() })
    }

    /// How much of the holder is told, and kept.
    pub(in crate::commands) const fn detail(&self) -> Detail {
        self.detail
    }

    /// Keeps what belongs to one answer about a license.
    pub(super) fn keep(&mut self, report: &Report<'_>, reading: Reading) -> Result<(), Failure> {
        self.keep_answer(report, &report.inputs(), &[(report.bytes(), "zyl")], reading)
    }

    /// Keeps what belongs to any answer: what it rests on, and the files that were verified, with the endings of their names.
    pub(in crate::commands) fn keep_answer<'r, 'v: 'r>(
        &mut self,
        report: impl Into<Answered<'r, 'v>>,
        inputs: &[Input],
        verified: &[(&[u8], &str)],
        reading: Reading,
    ) -> Result<(), Failure> {
        if let Some(key) = &self.key {
            self.receipts.extend(signed_receipt(report, reading, key)?);
        }
        let Some(folder) = self.args.evidence.as_ref().filter(|_| !self.args.dry_run) else { return Ok(()) };
        keep_objects(folder, inputs, self.store)?;
        if self.detail == Detail::Redacted {
            return Ok(());
        }
        for (bytes, ending) in verified {
            keep_file(folder, &format!("{}.{ending}", sha256(bytes)), bytes, Access::Private)?;
        }
        Ok(())
    }

    /// Writes the receipts.
    pub(in crate::commands) fn finish(self, out: &mut Out) -> Result<(), Failure> {
        let Some(path) = self.args.receipt.as_ref().filter(|_| !self.args.dry_run) else { return Ok(()) };
        files::create(path, &self.receipts, Access::Shared)?;
        let shown = path.display();
        out.remark(Loudness::Normal, &say!("回执已写入 {shown}", "the receipt is in {shown}"));
        let evidence = self.args.evidence.as_deref().map(|folder| format!(" --evidence {}", quoted(folder)));
        out.next(&format!("zhengyin replay {}{}", quoted(path), evidence.unwrap_or_default()));
        Ok(())
    }
}

/// A receipt of one answer, signed by the device.
pub(in crate::commands) fn signed_receipt<'r, 'v: 'r>(
    report: impl Into<Answered<'r, 'v>>,
    reading: Reading,
    key: &Key,
) -> Result<Vec<u8>, Failure> {
    let source = match reading.source() {
        Source::Device(_) => ClockSource::Device,
        Source::Told(_) => ClockSource::Told,
        Source::Nothing => ClockSource::None,
    };
    sign_receipt(report, source, key).map_err(unsigned)
}

/// Keeps the objects that an answer rests on, each once under its digest.
pub(in crate::commands) fn keep_objects(folder: &Path, inputs: &[Input], store: &Store) -> Result<(), Failure> {
    for input in inputs {
        if let Some(object) = object(store, input) {
            keep_file(folder, &format!("{}.zyt", input.digest), &object, Access::Shared)?;
        }
    }
    Ok(())
}

fn unsigned(error: SignReceiptError) -> Failure {
    let why = match error {
        SignReceiptError::Encoding(_) | SignReceiptError::Refused(_) => {
            say!(
                "--purpose 或 --audience 含不允许的字符",
                "--purpose or --audience holds characters that are not admitted"
            )
        }
        error => say!("{error}", "{error}"),
    };
    Failure::new(say!("无法出具回执", "no receipt can be written")).because(why)
}

/// The bytes of an object that was relied on.
fn object<'s>(store: &'s Store, input: &Input) -> Option<Cow<'s, [u8]>> {
    match input.kind {
        ObjectKind::TrustList => store.trust().map(|held| Cow::Borrowed(held.bytes())),
        ObjectKind::Directory => store.directory(input.province?).map(|held| Cow::Borrowed(held.bytes())),
        ObjectKind::StatusList => {
            let (authority, list) = input.list?;
            store.status(input.province?, authority, list)?.object().ok()
        }
    }
}

/// A file's name is the digest of what is in it: one that is there is the same.
fn keep_file(folder: &Path, name: &str, bytes: &[u8], access: Access) -> Result<(), Failure> {
    let path = folder.join(name);
    if files::is_there(&path) {
        return Ok(());
    }
    // Another process may have kept it in between.
    files::create(&path, bytes, access).or_else(|failure| if files::is_there(&path) { Ok(()) } else { Err(failure) })
}
