//! Files that are too large to be held: read twice, written piece by piece, many written at once.

use super::{Access, STREAM, check_absent, is_there, set_mode, sync, sync_folder};
use crate::output::{Failure, say};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file that is read from the beginning as often as one likes. Standard input is kept in a file without a name meanwhile.
#[derive(Debug)]
pub(crate) struct Input {
    file: File,
    length: u64,
}

impl Input {
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let failed =
            |error: &io::Error| Failure::new(say!("无法打开 {shown}", "cannot open {shown}")).because_io(error);
        let file = if path == Path::new(STREAM) {
            keep_stdin().map_err(|error| failed(&error))?
        } else {
            File::open(path).map_err(|error| failed(&error))?
        };
        let found = file.metadata().map_err(|error| failed(&error))?;
        if found.is_dir() {
            return Err(Failure::new(say!("{shown} 是一个文件夹，不是文件", "{shown} is a folder, not a file")));
        }
        Ok(Self { file, length: found.len() })
    }

    /// From the beginning.
    pub(crate) fn rewind(&mut self) -> io::Result<&mut File> {
        self.file.seek(SeekFrom::Start(0))?;
        Ok(&mut self.file)
    }

    /// In bytes, when it was opened.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }
}

/// Standard input in a file that only this process can find.
fn keep_stdin() -> io::Result<File> {
    let mut file = nameless()?;
    io::copy(&mut io::stdin().lock(), &mut file)?;
    Ok(file)
}

fn nameless() -> io::Result<File> {
    let number = crate::secrets::random_u64().map_err(|_| io::Error::other("no randomness"))?;
    let path = std::env::temp_dir().join(format!("zhengyin-{number:016x}"));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    set_mode(&mut options, Access::Private);
    let file = options.open(&path)?;
    // It is gone when it is closed, however the process ends.
    fs::remove_file(&path)?;
    Ok(file)
}

/// What may stand where a file is to appear.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Before {
    /// Nothing.
    Nothing,
    /// What an earlier run of the same work left.
    Replaced,
}

/// A file that is written piece by piece under the name `NAME.part` and gets its own name when it is whole and durable.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: BufWriter<File>,
    part: PathBuf,
    path: PathBuf,
}

impl NewFile {
    pub(crate) fn create(path: &Path, access: Access, before: Before) -> Result<Self, Failure> {
        if before == Before::Nothing {
            check_absent(path)?;
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        set_mode(&mut options, access);
        let opened = options.open(&part).and_then(|file| {
            // What another process writes is not written over; what one left that is no more is.
            file.try_lock().map_err(|error| match error {
                fs::TryLockError::WouldBlock => io::Error::from(io::ErrorKind::ResourceBusy),
                fs::TryLockError::Error(error) => error,
            })?;
            file.set_len(0)?;
            Ok(file)
        });
        let file = opened.map_err(|error| cannot_write(path, &error))?;
        Ok(Self { file: BufWriter::with_capacity(1 << 16, file), part, path: path.to_path_buf() })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|error| cannot_write(&self.path, &error))
    }

    /// What is written so far is there for others to see.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.file.flush().map_err(|error| cannot_write(&self.path, &error))
    }

    /// Gives it its name.
    pub(crate) fn finish(mut self) -> Result<PathBuf, Failure> {
        let done = self.file.flush().and_then(|()| {
            self.file.get_ref().sync_all()?;
            fs::rename(&self.part, &self.path)?;
            sync_folder(&self.path)
        });
        done.map_err(|error| cannot_write(&self.path, &error))?;
        Ok(self.path)
    }

    /// Where it stands while it is not whole.
    pub(crate) fn part(&self) -> &Path {
        &self.part
    }
}

/// How a file begins: enough to tell what it is.
pub(crate) fn beginning(mut file: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = file.by_ref().take(64).read_to_end(&mut bytes);
    bytes
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

/// Puts a file where it belongs, one of many: it appears whole; what is there already must be the same. Durable after [`settle`].
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if is_there(path) {
        let same = fs::read(path).is_ok_and(|there| there == bytes);
        let exists = io::Error::from(io::ErrorKind::AlreadyExists);
        return if same { Ok(()) } else { Err(cannot_write(path, &exists)) };
    }
    let part = path.with_extension("part");
    let put = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    put.map_err(|error| {
        let _ = fs::remove_file(&part);
        cannot_write(path, &error)
    })
}

/// Makes every file in a folder durable, and the folder.
pub(crate) fn settle(folder: &Path) -> Result<(), Failure> {
    let all = super::list(folder)?;
    let synced = all.iter().try_for_each(|path| File::open(path)?.sync_all()).and_then(|()| sync(folder));
    synced.map_err(|error| cannot_write(folder, &error))
}

/// A folder is durable.
pub(crate) fn settle_folder(folder: &Path) -> Result<(), Failure> {
    sync(folder).map_err(|error| cannot_write(folder, &error))
}

/// A file without a name: what is put aside and read once more.
#[derive(Debug)]
pub(crate) struct Scratch(BufWriter<File>);

impl Scratch {
    pub(crate) fn new() -> Result<Self, Failure> {
        let file = nameless().map_err(|error| {
            Failure::new(say!("无法建立临时文件", "no temporary file can be made")).because_io(&error)
        })?;
        Ok(Self(BufWriter::new(file)))
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.0.write_all(bytes).map_err(|error| unkept(&error))
    }

    /// What was written, from the beginning.
    pub(crate) fn reader(mut self) -> Result<impl BufRead + Send, Failure> {
        self.0.flush().map_err(|error| unkept(&error))?;
        let mut file = self.0.into_inner().map_err(|error| unkept(error.error()))?;
        file.seek(SeekFrom::Start(0)).map_err(|error| unkept(&error))?;
        Ok(BufReader::new(file))
    }
}

fn unkept(error: &io::Error) -> Failure {
    Failure::new(say!("无法使用临时文件", "a temporary file cannot be used")).because_io(error)
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    let failure = Failure::new(say!("无法写入 {shown}", "cannot write {shown}"));
    if error.kind() == io::ErrorKind::ResourceBusy {
        return failure.because(say!("另一个进程正在写入", "another process is writing it"));
    }
    failure.because_io(error)
}
