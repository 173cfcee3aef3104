//! Where the licenses of a batch go: a file each, in folders of a thousand; one file of all; or a line of JSON each, with the QR text.

use crate::files::{self, Access, Before, NewFile};
use crate::output::Failure;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use zhengyin::carrier;
use zhengyin::issue::IssuedLicense;

/// Licenses in one folder: a thousand positions of a list.
const SHARD: u64 = 1_000;

/// `--as`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Folder,
    Pack,
    Lines,
}

impl Form {
    /// For clap: the error is a text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "folder" => Ok(Self::Folder),
            "pack" => Ok(Self::Pack),
            "lines" => Ok(Self::Lines),
            _ => Err("expected folder, pack or lines".to_owned()),
        }
    }
}

#[derive(Debug)]
pub(crate) enum Handout {
    Folder { path: PathBuf, shards: BTreeSet<PathBuf> },
    Pack(NewFile),
    Lines(NewFile),
}

impl Handout {
    pub(crate) fn open(path: &Path, form: Form, before: Before) -> Result<Self, Failure> {
        Ok(match form {
            Form::Folder => {
                if before == Before::Nothing {
                    files::check_fillable(path)?;
                }
                files::make_folder(path, Access::Shared)?;
                files::check_can_create(&path.join("license"))?;
                Self::Folder { path: path.to_path_buf(), shards: BTreeSet::new() }
            }
            Form::Pack => Self::Pack(NewFile::create(path, Access::Shared, before)?),
            Form::Lines => Self::Lines(NewFile::create(path, Access::Shared, before)?),
        })
    }

    /// Hands a license out; says where it is, for the report.
    pub(crate) fn hand(&mut self, license: &IssuedLicense, row: u64, number: &str) -> Result<String, Failure> {
        match self {
            Self::Folder { path, shards } => {
                let status = license.status;
                let thousand = status.index.checked_div(SHARD).unwrap_or(0);
                let shard = format!("{}-{thousand:06}", status.list);
                let folder = path.join(&shard);
                if !shards.contains(&folder) {
                    files::make_folder(&folder, Access::Shared)?;
                    shards.insert(folder.clone());
                }
                let name = format!("{}.zyl", license.identifier.as_str());
                files::put(&folder.join(&name), &license.bytes)?;
                Ok(format!("{shard}/{name}"))
            }
            Self::Pack(file) => {
                file.write(&license.bytes)?;
                Ok(String::new())
            }
            Self::Lines(file) => {
                // A license is within the limits of a carrier: it is an object of less than 1 MiB, and digits have no bound of their own.
                let qr = carrier::encode_digits(&license.bytes).ok();
                let line = json!({
                    "row": row, "number": number, "identifier": license.identifier.as_str(), "credential": license.id.to_string(),
                    "digest": license.digest.to_string(), "status": [license.status.list, license.status.index], "qr": qr,
                });
                file.write(format!("{line}\n").as_bytes())?;
                Ok(String::new())
            }
        }
    }

    /// What was written so far stays for the run that goes on from here.
    pub(crate) fn leave(self) -> Result<(), Failure> {
        match self {
            Self::Folder { .. } => self.finish(),
            Self::Pack(mut file) | Self::Lines(mut file) => file.flush(),
        }
    }

    /// Everything is durable, and where it belongs.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Folder { path, shards } => {
                shards.iter().try_for_each(|shard| files::settle(shard))?;
                files::settle_folder(&path)
            }
            Self::Pack(file) | Self::Lines(file) => file.finish().map(|_| ()),
        }
    }
}
