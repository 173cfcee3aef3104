//! `replay`: does a receipt's report come out again?

mod told;

use crate::args::Global;
use crate::files;
use crate::output::{Exit, Failure, Out, say};
use crate::stores::StoreArg;
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, Content};
use zhengyin::cbor::Items;
use zhengyin::receipt::{Evidence, KnownDevices, Receipt};
use zhengyin::store::{Pin, Store};
use zhengyin::suite::Digest;
use zhengyin::verify::Verdict;

/// What travels on a stick is smaller.
const MAX_FILE: usize = 512 << 20;

/// Come to the verdict of a receipt again, and compare it byte for byte
///
/// Needs what was verified and the objects that the verdict rests on: a folder of evidence, packs, licenses, or a store that still holds
/// them. Four answers: who signed the receipt, is that device known, is it our federation, does the same come out. Exit 0: confirmed; 10:
/// proved otherwise; 20: it cannot be told.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin replay license.zyr --evidence evidence\n  zhengyin replay license.zyr --evidence week-41.zyp --evidence license.zyl --device 5766…cd9f\n  zhengyin replay license.zyr --evidence evidence --json"
)]
pub(crate) struct Args {
    /// The file of receipts; - for standard input
    #[arg(value_name = "RECEIPT")]
    receipt: PathBuf,
    /// Where to look for what was verified and relied on: files of licenses, packs and objects, or folders of them; may be repeated
    #[arg(long, value_name = "PATH")]
    evidence: Vec<PathBuf>,
    /// A device that is known: the sha-256 of its key, as key show tells it; may be repeated
    #[arg(long, value_name = "HEX", value_parser = thumbprint)]
    device: Vec<Pin>,
    /// A federation that is known: the digest of a trust list, or of who may sign one; may be repeated
    #[arg(long, value_name = "HEX")]
    pin: Vec<Pin>,
    #[command(flatten)]
    store: StoreArg,
}

/// For clap: the error is a text. A public key of SM2, which `key show` tells too, is twice as long.
fn thumbprint(text: &str) -> Result<Pin, String> {
    let wrong = |_| "the sha-256 of the device's key is 64 hexadecimal digits, as `zhengyin key show` tells it beside the public key";
    text.parse().map_err(wrong).map_err(str::to_owned)
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let store = args.store.find_if_any(global)?.map(|file| file.read()).transpose()?.flatten();
    let files = read_all(&args.evidence)?;
    let mut evidence = Evidence::new();
    files.iter().for_each(|bytes| evidence.add(bytes));
    store.iter().for_each(|store: &Store| evidence.add_store(store));
    let thumbprints: Vec<Digest> = args.device.iter().map(|known| known.digest()).collect();
    let known = KnownDevices { store: store.as_ref(), thumbprints: &thumbprints, pins: &args.pin };

    let receipts = unwrapped(files::read(&args.receipt, MAX_FILE)?);
    // What is no sequence of items is no receipt, and told as that.
    let sequence: Result<Vec<&[u8]>, _> = Items::new(&receipts).collect();
    let items = sequence.ok().filter(|items| !items.is_empty()).unwrap_or_else(|| vec![&receipts]);
    let mut exits = Vec::new();
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.line(&[]);
        }
        exits.push(match Receipt::parse(item) {
            Ok(receipt) => {
                let replay = receipt.replay(&evidence, &known);
                told::show(&receipt, &replay, &args.receipt, out);
                match replay.verdict() {
                    Verdict::Valid => Exit::Done,
                    Verdict::Invalid => Exit::Invalid,
                    Verdict::Undetermined => Exit::Undetermined,
                }
            }
            Err(error) => told::show_unread(error, &args.receipt, out),
        });
    }
    Ok(Exit::of_all(exits))
}

/// Every file that was named, and those in folders that were.
fn read_all(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(files::read(path, MAX_FILE)?);
            continue;
        }
        for inner in files::list(path)?.iter().filter(|inner| files::is_named(inner) && !inner.is_dir()) {
            files.push(files::read(inner, MAX_FILE)?);
        }
    }
    if files.is_empty() && !paths.is_empty() {
        return Err(Failure::new(say!("--evidence 中没有文件", "there are no files in --evidence"))
            .next("zhengyin replay license.zyr --evidence week-41.zyp --evidence license.zyl"));
    }
    // A text carries bytes; both may be what was verified.
    let carried: Vec<Vec<u8>> = files.iter().filter_map(|bytes| carried(bytes)).collect();
    files.extend(carried);
    Ok(files)
}

fn carried(bytes: &[u8]) -> Option<Vec<u8>> {
    match Content::of(bytes) {
        Content::Text(text) => carrier::decode(text).ok().map(|decoded| decoded.bytes),
        Content::Object(_) => None,
    }
}

fn unwrapped(bytes: Vec<u8>) -> Vec<u8> {
    carried(&bytes).unwrap_or(bytes)
}

/// A path for people and for JSON.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
