//! Copies of a register: one made while others work, and the register made anew from one.

extern crate std;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::num::NonZeroUsize;
use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{SqliteRegister, beside, failed, io, make, owners_only, sync_folder};
use crate::claims::id::CreditCode;
use crate::register::check::{Checked, Finding, Inspector, check};
use crate::register::event::Event;
use crate::register::journal::{Act, Head};
use crate::register::record::Span;
use crate::register::seam::Register;
use crate::register::transaction::{record, transact};
use crate::register::{MAX_POSITIONS, RegisterError, StorageFault};

/// A status list that is known to have been published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Whose it is.
    pub authority: CreditCode,
    /// Its number.
    pub list: u64,
    /// The sequence number of the newest.
    pub seq: u64,
}

/// What a restored register begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Where the backup's journal ended.
    pub head: Head,
    /// Positions that were passed over, in all lists.
    pub skipped: u64,
}

impl SqliteRegister {
    /// Copies the register as it is at this moment into a new file, while others go on working. Returns where its journal ends: whoever
    /// keeps the chain elsewhere can tell later that the copy was not altered.
    ///
    /// # Errors
    /// [`RegisterError::Storage`]; then there is no such file.
    pub fn backup(&self, to: &Path) -> Result<Head, RegisterError> {
        if to.symlink_metadata().is_ok() {
            return Err(io(&std::io::ErrorKind::AlreadyExists.into()));
        }
        let part = beside(to, ".part");
        let _ = std::fs::remove_file(&part);
        let copied = copy(&self.connection, &part).and_then(|()| {
            // Looked at as it stands there now.
            let copy = Self::read(&part)?.ok_or(RegisterError::Damaged { record: 0 })?;
            let head = copy.head()?;
            drop(copy);
            std::fs::rename(&part, to).and_then(|()| sync_folder(to)).map_err(|error| io(&error))?;
            Ok(head)
        });
        if copied.is_err() {
            remove(&part);
        }
        copied
    }

    /// Makes the register anew from a backup, in the place of one that is damaged or lost; what stood there is moved to `aside`.
    ///
    /// The backup must be whole, must not lie behind a list that was published, and must not replace a register that is sound and further on.
    /// What was issued after the backup is not in it, so the next `skip` positions of each list are passed over: no position is given twice.
    ///
    /// # Errors
    /// [`RegisterError::BehindPublished`], [`RegisterError::Unneeded`], [`RegisterError::BackupUnsound`]; nothing is changed then.
    pub fn restore(
        backup: &Path,
        to: &Path,
        aside: &Path,
        published: &[Floor],
        skip: u32,
        act: &Act<'_>,
    ) -> Result<Restored, RegisterError> {
        let source = Self::read(backup)?.ok_or(RegisterError::BackupUnsound)?;
        if findings(&source)? > 0 {
            return Err(RegisterError::BackupUnsound);
        }
        let head = source.head()?;
        check_published(&source, published)?;
        let lock = owners_only().open(beside(to, ".lock")).map_err(|error| io(&error))?;
        lock.try_lock().map_err(|_| RegisterError::Storage {
            fault: StorageFault::Busy,
            text: String::from("somebody is at work at it"),
        })?;
        // What can still be read of the old one speaks too.
        if let Ok(Some(old)) = Self::read(to) {
            let is_sound = findings(&old).is_ok_and(|findings| findings == 0);
            let known = floors(&old).unwrap_or_default();
            check_published(&source, &known)?;
            if is_sound && old.head()?.records >= head.records {
                return Err(RegisterError::Unneeded(old.head()?.records));
            }
        }
        let part = beside(to, ".restoring");
        remove(&part);
        let restored = copy(&source.connection, &part).and_then(|()| {
            drop(source);
            let mut register = Self::open_alone(&part)?;
            let skipped = pass_over(&mut register, &head, skip, act)?;
            drop(register);
            replace(to, &part, aside).map_err(|error| io(&error))?;
            Ok(Restored { head, skipped })
        });
        if restored.is_err() {
            remove(&part);
        }
        restored
    }
}

/// Counts what is wrong.
struct Counting;

impl Inspector for Counting {
    fn found(&mut self, _: Finding) {}
}

fn findings(register: &SqliteRegister) -> Result<u64, RegisterError> {
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let Checked { findings, .. } = check(register, threads, &mut Counting)?;
    Ok(findings)
}

/// The newest publications that a register knows.
fn floors(register: &SqliteRegister) -> Result<Vec<Floor>, RegisterError> {
    let mut floors = Vec::new();
    for authority in register.authorities()? {
        for (list, _) in register.lists(authority)? {
            let newest = register.publications(authority, list)?.pop();
            floors.extend(newest.map(|newest| Floor { authority, list, seq: newest.seq }));
        }
    }
    Ok(floors)
}

fn check_published(backup: &SqliteRegister, published: &[Floor]) -> Result<(), RegisterError> {
    for floor in published {
        let held = backup.publications(floor.authority, floor.list)?.pop().map(|newest| newest.seq);
        if held.is_none_or(|held| held < floor.seq) {
            return Err(RegisterError::BehindPublished { list: floor.list, seq: floor.seq });
        }
    }
    Ok(())
}

/// Copies a database into a new file of its own, without a log beside it.
fn copy(from: &Connection, to: &Path) -> Result<(), RegisterError> {
    make(to).map_err(|error| io(&error))?;
    let mut copy = Connection::open(to).map_err(failed)?;
    {
        let backup = Backup::new(from, &mut copy).map_err(failed)?;
        // All of it at once: what others write meanwhile does not begin it anew.
        match backup.step(-1).map_err(failed)? {
            StepResult::Done => {}
            other => {
                let text = format!("the copy was not made: {other:?}");
                return Err(RegisterError::Storage { fault: StorageFault::Busy, text });
            }
        }
    }
    copy.execute_batch("PRAGMA journal_mode = DELETE").map_err(failed)?;
    copy.close().map_err(|(_, error)| failed(error))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(|error| io(&error))
}

/// Records the restoration, and passes over what may have been issued since the backup.
fn pass_over(register: &mut SqliteRegister, head: &Head, skip: u32, act: &Act<'_>) -> Result<u64, RegisterError> {
    transact(register, |register| {
        let event = Event::Restored { records: head.records, chain: head.chain };
        record(register, None, act, event, Some(head.chain))?;
        let mut skipped = 0_u64;
        for authority in register.authorities()? {
            for (list, next) in register.lists(authority)? {
                let first = u32::try_from(next).map_err(|_| RegisterError::Full(list))?;
                let room = u32::try_from(MAX_POSITIONS.saturating_sub(next)).unwrap_or(0);
                let span = Span { list, first, count: skip.min(room) };
                if span.count == 0 {
                    continue;
                }
                register.set_next(authority, list, span.end())?;
                register.add_skip(authority, span)?;
                record(register, Some(authority), act, Event::Skipped(span), None)?;
                skipped = skipped.saturating_add(span.count.into());
            }
        }
        Ok(skipped)
    })
}

/// Puts the new file in the place of the old one, which is moved aside with its log.
fn replace(to: &Path, new: &Path, aside: &Path) -> std::io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let (from, kept) = (beside(to, suffix), beside(aside, suffix));
        match std::fs::rename(&from, &kept) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    std::fs::rename(new, to)?;
    sync_folder(to)
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
        let path: PathBuf = beside(path, suffix);
        let _ = std::fs::remove_file(path);
    }
}
