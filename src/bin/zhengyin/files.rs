//! The one place where files are opened. Reading is bounded; a new file never replaces another; what replaces a file does so whole
//! (temporary file, fsync, rename, fsync of the folder), so that a stop at any moment leaves the old or the new, never a half.

mod device;
mod map;
mod stream;

pub(crate) use device::{Appending, Arrival, Stamp, listen, stamp};
pub(crate) use map::map;
pub(crate) use stream::{Before, Input, NewFile, Scratch, beginning, put, settle, settle_folder};

use crate::output::{Failure, say};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Stands for standard input or output.
pub(crate) const STREAM: &str = "-";

/// Who may read a file that we make.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    /// As the user's mask says.
    Shared,
    /// The owner only: keys.
    Private,
    /// As the user's mask says, and nobody writes to it: what is mapped.
    Sealed,
}

/// Reads at most `limit` bytes of a file, or of standard input for `-`. A larger one is refused, not cut.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    if path == Path::new(STREAM) {
        return read_bounded(io::stdin().lock(), limit, path);
    }
    let file = open(path)?;
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        return Err(Failure::new(say!("{shown} 是一个文件夹，不是文件", "{shown} is a folder, not a file")));
    }
    read_bounded(file, limit, path)
}

/// Reads a file that holds a secret. It is looked at after it was opened, so that it cannot be exchanged in between.
pub(crate) fn read_private(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let file = open(path)?;
    check_private(&file, path)?;
    // Room for all of it at once: a buffer that grows leaves copies of a secret behind.
    read_into(Vec::with_capacity(limit.saturating_add(1)), file, limit, path)
}

/// Reads what is there, or `None` where there is no such file.
pub(crate) fn read_if_there(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, Failure> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Ok(_) | Err(_) => read(path, limit).map(Some),
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| {
        let shown = path.display();
        Failure::new(say!("无法打开 {shown}", "cannot open {shown}")).because_io(&error)
    })
}

fn read_bounded(source: impl Read, limit: usize, path: &Path) -> Result<Vec<u8>, Failure> {
    read_into(Vec::new(), source, limit, path)
}

fn read_into(mut bytes: Vec<u8>, source: impl Read, limit: usize, path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source
        .take(bound)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(say!("无法读取 {shown}", "cannot read {shown}")).because_io(&error))?;
    if bytes.len() > limit {
        return Err(Failure::new(say!("{shown} 超过 {limit} 字节", "{shown} is larger than {limit} bytes")));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn check_private(file: &File, path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let shown = path.display();
    let mode = file.metadata().map(|found| found.permissions().mode()).unwrap_or(0o777);
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let why = say!(
        "密钥文件可被他人读取（权限 {mode:o}）",
        "others can read the key file (mode {mode:o})",
        mode = mode & 0o777
    );
    Err(Failure::new(say!("拒绝使用 {shown}", "{shown} is not used"))
        .because(why)
        .next(format!("chmod 600 {}", quoted(path))))
}

#[cfg(not(unix))]
fn check_private(_: &File, _: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Writes a file that must not exist yet, and makes it durable; `-` is standard output.
pub(crate) fn create(path: &Path, bytes: &[u8], access: Access) -> Result<(), Failure> {
    let shown = path.display();
    let failed = |error: &io::Error| Failure::new(say!("无法写入 {shown}", "cannot write {shown}")).because_io(error);
    if path == Path::new(STREAM) {
        let mut stdout = io::stdout().lock();
        return stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| failed(&error));
    }
    check_absent(path)?;
    // Under its own name only when it is whole: a link (unlike a rename) refuses to replace what appeared in between.
    let temporary = write_temporary(path, &[bytes], access).map_err(|error| failed(&error))?;
    let linked = fs::hard_link(&temporary, path).or_else(|error| match error.kind() {
        io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied => fs::rename(&temporary, path),
        _ => Err(error),
    });
    // After a rename it is no longer there, which is as good.
    let _ = fs::remove_file(&temporary);
    linked.and_then(|()| sync_folder(path)).map_err(|error| failed(&error))
}

/// The same for a file that is too large to hold: `fill` writes it piece by piece, and nothing is left of it where that fails.
pub(crate) fn create_streamed(
    path: &Path,
    access: Access,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let shown = path.display();
    let failed = |error: &io::Error| Failure::new(say!("无法写入 {shown}", "cannot write {shown}")).because_io(error);
    if path == Path::new(STREAM) {
        let mut stdout = io::BufWriter::new(io::stdout().lock());
        fill(&mut stdout)?;
        return stdout.flush().map_err(|error| failed(&error));
    }
    check_absent(path)?;
    let (temporary, file) = open_temporary(path, access).map_err(|error| failed(&error))?;
    let mut writer = io::BufWriter::new(file);
    let filled = fill(&mut writer).and_then(|()| {
        let synced = writer.flush().and_then(|()| writer.get_ref().sync_all());
        let named = synced.and_then(|()| {
            fs::hard_link(&temporary, path).or_else(|error| match error.kind() {
                io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied => fs::rename(&temporary, path),
                _ => Err(error),
            })
        });
        named.and_then(|()| sync_folder(path)).map_err(|error| failed(&error))
    });
    let _ = fs::remove_file(&temporary);
    filled
}

fn open_temporary(path: &Path, access: Access) -> io::Result<(PathBuf, File)> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}.part", crate::secrets::random_u64().map_err(|_| io::Error::other("no randomness"))?));
    let temporary = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    set_mode(&mut options, access);
    let file = options.open(&temporary)?;
    Ok((temporary, file))
}

/// Does something stand there, be it only a link that leads nowhere?
pub(crate) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Was it named by a person or by us for good? What is hidden is half made, or not ours.
pub(crate) fn is_named(path: &Path) -> bool {
    path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b"."))
}

/// Nothing stands there that a new file would replace.
pub(crate) fn check_absent(path: &Path) -> Result<(), Failure> {
    if path == Path::new(STREAM) || !is_there(path) {
        return Ok(());
    }
    let shown = path.display();
    let exists = io::Error::from(io::ErrorKind::AlreadyExists);
    Err(Failure::new(say!("无法写入 {shown}", "cannot write {shown}")).because_io(&exists))
}

/// A file can be made there: its folder exists, may be written to and is not full.
pub(crate) fn check_can_create(path: &Path) -> Result<(), Failure> {
    if path == Path::new(STREAM) {
        return Ok(());
    }
    let tried = write_temporary(path, &[b"?"], Access::Private).and_then(fs::remove_file);
    tried.map_err(|error| {
        let shown = path.display();
        Failure::new(say!("无法写入 {shown}", "cannot write {shown}")).because_io(&error)
    })
}

/// Replaces a file whole, or makes it; durable when this returns.
pub(crate) fn replace(path: &Path, bytes: &[u8], access: Access) -> Result<(), Failure> {
    replace_with(path, &[bytes], access)
}

/// The same, with pieces one after the other.
pub(crate) fn replace_with(path: &Path, pieces: &[&[u8]], access: Access) -> Result<(), Failure> {
    let renamed = write_temporary(path, pieces, access).and_then(|temporary| {
        fs::rename(&temporary, path).inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
    });
    renamed.and_then(|()| sync_folder(path)).map_err(|error| {
        let shown = path.display();
        Failure::new(say!("无法写入 {shown}", "cannot write {shown}")).because_io(&error)
    })
}

/// Removes what writers that died left beside a file; only for who holds the file's lock.
pub(crate) fn clear_temporaries(path: &Path) {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return };
    let is_left = |other: &Path| {
        let middle = other.file_name().and_then(|other| other.to_str()).and_then(|other| other.strip_prefix(name));
        let middle = middle.and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".part"));
        middle.is_some_and(|middle| middle.len() == 16 && middle.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    // Where the folder cannot be read there is nothing that could be cleared.
    let others = list(folder_of(path)).unwrap_or_default();
    others.iter().filter(|other| is_left(other)).for_each(|other| {
        let _ = fs::remove_file(other);
    });
}

/// A synced file beside `path`; nothing is left of it where this fails.
fn write_temporary(path: &Path, pieces: &[&[u8]], access: Access) -> io::Result<PathBuf> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{:016x}.part", crate::secrets::random_u64().map_err(|_| io::Error::other("no randomness"))?));
    let temporary = path.with_file_name(name);
    write_new(&temporary, pieces, access)?;
    Ok(temporary)
}

/// A new file, synced; nothing is left of it where this fails.
fn write_new(path: &Path, pieces: &[&[u8]], access: Access) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    set_mode(&mut options, access);
    let mut file = options.open(path)?;
    pieces.iter().try_for_each(|piece| file.write_all(piece)).and_then(|()| file.sync_all()).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, access: Access) {
    use std::os::unix::fs::OpenOptionsExt;
    match access {
        Access::Shared => {}
        Access::Private => {
            options.mode(0o600);
        }
        Access::Sealed => {
            options.mode(0o444);
        }
    }
}

#[cfg(not(unix))]
fn set_mode(_: &mut OpenOptions, _: Access) {}

/// A renamed file is durable when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    sync(folder_of(path))
}

fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder and those above it; one that exists is fine.
pub(crate) fn make_folder(path: &Path, access: Access) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if access == Access::Private {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|error| {
        let shown = path.display();
        Failure::new(say!("无法创建文件夹 {shown}", "cannot make the folder {shown}")).because_io(&error)
    })
}

/// Makes a folder for files that must not be lost; one that exists is fine.
pub(crate) fn make_durable_folder(path: &Path) -> Result<(), Failure> {
    make_folder(path, Access::Shared)?;
    sync_folder(path).map_err(|error| cannot_fill(folder_of(path), &error))
}

/// Removes a file that nobody needs; where that fails it stays.
pub(crate) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Removes a folder if there is nothing in it.
pub(crate) fn remove_empty_folder(path: &Path) {
    let _ = fs::remove_dir(path);
}

/// A file of a folder that is made whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) access: Access,
}

/// Makes a folder with these files in it, all or nothing: it gets its name when every file in it is durable. The folder above must exist.
pub(crate) fn create_folder(path: &Path, pieces: &[Piece<'_>]) -> Result<(), Failure> {
    let shown = path.display();
    let failed = |error: &io::Error| {
        Failure::new(say!("无法创建文件夹 {shown}", "cannot make the folder {shown}")).because_io(error)
    };
    check_absent(path)?;
    let mut name = std::ffi::OsString::from(format!(".{:016x}-", crate::secrets::random_u64()?));
    name.push(path.file_name().unwrap_or_default());
    let temporary = path.with_file_name(name);
    make_folder(&temporary, Access::Private)?;
    let written = pieces
        .iter()
        .try_for_each(|piece| write_new(&temporary.join(piece.name), &[piece.bytes], piece.access))
        .and_then(|()| sync(&temporary))
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| sync_folder(path));
    written.map_err(|error| {
        let _ = fs::remove_dir_all(&temporary);
        failed(&error)
    })
}

/// Gives a folder another name beside itself, durably.
pub(crate) fn rename_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    check_absent(to)?;
    fs::rename(from, to).and_then(|()| sync_folder(to)).map_err(|error| {
        let shown = to.display();
        Failure::new(say!("无法创建文件夹 {shown}", "cannot make the folder {shown}")).because_io(&error)
    })
}

/// A folder is not there yet, or is empty.
pub(crate) fn check_fillable(path: &Path) -> Result<(), Failure> {
    let empty = match fs::read_dir(path).map(|mut entries| entries.next()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(Some(_)) => Err(io::Error::from(io::ErrorKind::DirectoryNotEmpty)),
        Ok(None) | Err(_) => Ok(()),
    };
    empty.map_err(|error| cannot_fill(path, &error))
}

fn cannot_fill(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    Failure::new(say!("无法写入文件夹 {shown}", "cannot fill the folder {shown}")).because_io(error)
}

/// Fills a folder that is not there yet or is empty: all or nothing.
pub(crate) fn fill_folder<T>(path: &Path, fill: impl FnOnce(&Path) -> Result<T, Failure>) -> Result<T, Failure> {
    check_fillable(path)?;
    let was_there = is_there(path);
    make_folder(path, Access::Shared)?;
    let within = path.join(".part");
    let filled = fill(&within).and_then(|answer| {
        // Into their place one by one: the folder itself may be the one that a shell stands in.
        list(&within)?.iter().try_for_each(|from| {
            let to = path.join(from.file_name().unwrap_or_default());
            fs::rename(from, to).map_err(|error| cannot_fill(path, &error))
        })?;
        Ok(answer)
    });
    let _ = fs::remove_dir_all(&within);
    if filled.is_err() && !was_there {
        // Only if it is empty.
        let _ = fs::remove_dir(path);
    }
    filled
}

/// Names in a folder, sorted; none where there is no such folder.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries,
    };
    let paths: io::Result<Vec<PathBuf>> =
        entries.and_then(|entries| entries.map(|entry| entry.map(|found| found.path())).collect());
    let mut paths = paths.map_err(|error| {
        let shown = folder.display();
        Failure::new(say!("无法读取文件夹 {shown}", "cannot read the folder {shown}")).because_io(&error)
    })?;
    paths.sort();
    Ok(paths)
}

/// Held while something changes that only one process may change; given back when dropped, also when the process dies.
#[derive(Debug)]
pub(crate) struct Lock(#[allow(dead_code, reason = "held, not used")] File);

/// Takes the writer's lock at `path`, or says that another process holds it.
pub(crate) fn lock(path: &Path) -> Result<Lock, Failure> {
    let shown = path.display();
    let failed = || Failure::new(say!("无法取得写锁 {shown}", "cannot take the writer's lock {shown}"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    set_mode(&mut options, Access::Private);
    let file = options.open(path).map_err(|error| failed().because_io(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(fs::TryLockError::WouldBlock) => Err(failed().because(say!(
            "另一个进程正在写入，请稍后再试",
            "another process is writing: try again when it has ended"
        ))),
        Err(fs::TryLockError::Error(error)) => Err(failed().because_io(&error)),
    }
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || "/._-+=:@".contains(c));
    if is_plain && !text.is_empty() { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
#[path = "files/tests.rs"]
mod tests;
