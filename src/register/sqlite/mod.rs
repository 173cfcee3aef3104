//! A register in an SQLite database: one file, and while it is in use a write-ahead log beside it.
//!
//! Writers take turns by transactions; readers wait for nobody. A lock beside the database tells whether somebody else is at work: it is
//! given back when the process ends, however it ends.

extern crate std;

mod backup;
mod credentials;
mod rows;
mod schema;
mod tables;
mod values;

pub use backup::{Floor, Restored};

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use core::cell::RefCell;
use core::time::Duration;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{RegisterError, StorageFault};
use crate::claims::id::CreditCode;
use crate::suite::Digest;

/// How long a writer waits for another one's transaction.
const PATIENCE: Duration = Duration::from_secs(30);
/// Prepared statements that are kept.
const STATEMENTS: usize = 64;

/// A register in a file.
#[derive(Debug)]
pub struct SqliteRegister {
    // Dropped before the lock: a connection that ends last folds the log into the database.
    connection: Connection,
    path: PathBuf,
    /// Held by everybody who works: shared with others, or alone while what was left behind is settled.
    lock: Option<File>,
    /// Content was erased in this transaction.
    erased: bool,
    known: RefCell<Known>,
}

/// Row numbers by what they stand for: asked once.
#[derive(Clone, Debug, Default)]
struct Known {
    tenants: BTreeMap<CreditCode, i64>,
    lists: BTreeMap<(CreditCode, u64), i64>,
    numbers: BTreeMap<i64, (CreditCode, u64)>,
    signers: BTreeMap<(CreditCode, Digest), i64>,
}

impl SqliteRegister {
    /// Opens a register to work at it; makes it, for its owner only, where there is none.
    ///
    /// # Errors
    /// [`RegisterError::Storage`].
    pub fn open(path: &Path) -> Result<Self, RegisterError> {
        make(path).map_err(|error| io(&error))?;
        let lock = lock(path).map_err(|error| io(&error))?;
        let mut register = Self::open_alone(path)?;
        register.lock = Some(lock);
        Ok(register)
    }

    /// Opens a register that only this process can find.
    fn open_alone(path: &Path) -> Result<Self, RegisterError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        {
            // One look: another process may be making the tables between two.
            let look = connection.unchecked_transaction().map_err(failed)?;
            check_version(&look)?;
        }
        patiently(|| connection.execute_batch(SETTINGS)).map_err(failed)?;
        schema::migrate(&mut connection).map_err(failed)?;
        Ok(Self::new(connection, path, None))
    }

    /// Opens a register to look at it: as it is now, whatever others write meanwhile. `None` where there is none yet.
    ///
    /// # Errors
    /// [`RegisterError::Storage`].
    pub fn read(path: &Path) -> Result<Option<Self>, RegisterError> {
        match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(&error)),
            Ok(found) if found.len() == 0 && !beside(path, "-wal").exists() => return Ok(None),
            Ok(_) => {}
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
            prepare(&connection)?;
            connection.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;").map(|()| connection)
        });
        let connection = match opened {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => still(path)?,
            opened => opened.map_err(failed)?,
        };
        let version = check_version(&connection)?;
        schema::look_as_new(&connection, version).map_err(failed)?;
        Ok((version > 0).then(|| Self::new(connection, path, None)))
    }

    fn new(connection: Connection, path: &Path, lock: Option<File>) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Self { connection, path: path.to_path_buf(), lock, erased: false, known: RefCell::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// WAL: readers see the last transaction while the next is written. FULL: the log is synced at each commit.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
    PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536;";

/// Tries until nobody is in the way, for as long as others are waited for: SQLite does not wait by itself while two processes change the
/// journal's mode at once (sqlite.org, *Write-Ahead Logging*, §9).
fn patiently(mut attempt: impl FnMut() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let begun = std::time::Instant::now();
    loop {
        match attempt() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            answer => return answer,
        }
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    // Plans do not depend on what is bound (sqlite.org, *The Query Planner Stability Guarantee*): else a prepared statement is made anew for
    // each row that it looks up.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A damaged or forged schema is not obeyed; what a page holds is looked at before it is believed.
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;")
}

/// A folder that nothing can be written to: then nobody writes, and the file is read as it stands.
fn still(path: &Path) -> Result<Connection, RegisterError> {
    if beside(path, "-wal").metadata().is_ok_and(|log| log.len() > 0) {
        let text = String::from(
            "its write-ahead log cannot be read here: copy register and log to a folder that can be written to",
        );
        return Err(RegisterError::Storage { fault: StorageFault::CannotOpen, text });
    }
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => uri.push(char::from(*byte)),
            _ => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags).map_err(failed)?;
    prepare(&connection).map_err(failed)?;
    Ok(connection)
}

/// The version of the tables; 0 for a database without any.
fn check_version(connection: &Connection) -> Result<i32, RegisterError> {
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i32>(0));
    let (application, version) = (pragma("application_id").map_err(failed)?, pragma("user_version").map_err(failed)?);
    if version > schema::version() {
        let text = format!("it has version {version}, and this program knows {} versions", schema::version());
        return Err(RegisterError::Storage { fault: StorageFault::Later, text });
    }
    let is_empty = connection
        .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get::<_, bool>(0))
        .map_err(failed)?;
    let is_ours = if is_empty { version == 0 } else { application == schema::APPLICATION && version > 0 };
    if !is_ours {
        let text = String::from("the file is a database, and no register");
        return Err(RegisterError::Storage { fault: StorageFault::Corrupt, text });
    }
    Ok(version)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn owners_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes the file, for its owner only, before SQLite would; log and index get its mode.
fn make(path: &Path) -> std::io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Ok(());
    }
    owners_only().open(path)?.sync_all()?;
    sync_folder(path)
}

/// A new file is durable when its folder is.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// Takes the lock with the others, when whoever has it alone has settled what was left behind.
fn lock(path: &Path) -> std::io::Result<File> {
    let file = owners_only().open(beside(path, ".lock"))?;
    file.lock_shared()?;
    Ok(file)
}

fn io(error: &std::io::Error) -> RegisterError {
    use std::io::ErrorKind;
    let fault = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StorageFault::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => StorageFault::Full,
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory => StorageFault::CannotOpen,
        _ => StorageFault::Other,
    };
    RegisterError::Storage { fault, text: error.to_string() }
}

/// SQLite's failures, told apart as far as an operator can do something about them.
fn failed(error: rusqlite::Error) -> RegisterError {
    let fault = match &error {
        // The index of the log is a file too, and nothing else can keep it from growing.
        rusqlite::Error::SqliteFailure(failure, _) if failure.extended_code == SQLITE_IOERR_SHMSIZE => {
            StorageFault::Full
        }
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => StorageFault::Full,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StorageFault::ReadOnly,
            ErrorCode::CannotOpen => StorageFault::CannotOpen,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StorageFault::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation => {
                StorageFault::Corrupt
            }
            _ => StorageFault::Other,
        },
        // What a row holds is not what it was made to hold, or a table is missing.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::QueryReturnedNoRows => StorageFault::Corrupt,
        _ => StorageFault::Other,
    };
    RegisterError::Storage { fault, text: error.to_string() }
}
