//! The issuing register of an authority in its file.

use crate::clock;
use crate::files;
use crate::home::Home;
use crate::output::{Failure, Say, say};
use std::path::{Path, PathBuf};
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{FileJournal, ReadOnly, Recovery, Register, RegisterError};
use zhengyin::status::State;
use zhengyin::time::Timestamp;

/// A register that one process holds open.
pub(crate) type OpenRegister = Register<FileJournal>;

/// A larger register is not for one file.
const MAX_REGISTER: usize = 4 << 30;

fn path(home: &Home, authority: CreditCode) -> PathBuf {
    home.authority(authority).join("register")
}

/// Opens the register of an authority, or begins it. What a stopped process left behind is settled, and told.
pub(crate) fn open(home: &Home, authority: CreditCode, now: Timestamp) -> Result<(OpenRegister, Recovery), Failure> {
    let path = path(home, authority);
    let journal = FileJournal::open(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock => unusable(&path)
            .because(say!("另一个进程正在使用，请稍后再试", "another process holds it: try again when it has ended")),
        _ => unusable(&path).because_io(&error),
    })?;
    Register::open(journal, authority, now).map_err(|error| failed(&path, error))
}

/// Reads a register without holding it; `None` where nothing was issued yet.
pub(crate) fn read(home: &Home, authority: CreditCode) -> Result<Option<Register<ReadOnly>>, Failure> {
    let path = path(home, authority);
    let Some(bytes) = files::read_if_there(&path, MAX_REGISTER)? else { return Ok(None) };
    Register::read(&bytes).map_err(|error| failed(&path, error))
}

/// Every register of this home, by authority.
pub(crate) fn all(home: &Home) -> Result<Vec<Register<ReadOnly>>, Failure> {
    let mut registers = Vec::new();
    for folder in files::list(&home.authorities())?.iter().filter(|folder| files::is_named(folder)) {
        let code = folder.file_name().and_then(|name| name.to_str()).and_then(|name| CreditCode::parse(name).ok());
        if let Some(code) = code {
            registers.extend(read(home, code)?);
        }
    }
    Ok(registers)
}

/// What the register of an authority refused.
pub(crate) fn refused(home: &Home, authority: CreditCode, error: RegisterError) -> Failure {
    failed(&path(home, authority), error)
}

fn unusable(path: &Path) -> Failure {
    let shown = path.display();
    Failure::new(say!("无法使用登记簿 {shown}", "the register {shown} cannot be used"))
}

fn failed(path: &Path, error: RegisterError) -> Failure {
    match error {
        RegisterError::Journal(error) => unusable(path).because_io(&error),
        // What was damaged is not mended by a program: a copy of the file tells what was there.
        RegisterError::Damaged { .. } | RegisterError::NotOurs { .. } => {
            let (file, copy) = (files::quoted(path), files::quoted(&path.with_extension("damaged")));
            unusable(path).because(explain(&error)).next(format!("cp -p {file} {copy}"))
        }
        RegisterError::ClockBehind(_) => unusable(path).because(explain(&error)).next("date"),
        error => Failure::new(say!("登记簿拒绝", "the register refuses")).because(explain(&error)),
    }
}

fn explain(error: &RegisterError) -> Say {
    match error {
        RegisterError::Damaged { record, at } => say!(
            "第 {record} 条记录（第 {at} 字节起）已损坏；请用备份恢复，切勿删改",
            "record {record}, from byte {at} on, is damaged; restore it from a backup, and do not edit or delete it"
        ),
        RegisterError::NotOurs { record, at } => say!(
            "第 {record} 条记录（第 {at} 字节起）不是本版本写入的",
            "record {record}, from byte {at} on, is not one that this version writes"
        ),
        RegisterError::ClockBehind(last) => {
            let last = clock::local_text(*last);
            say!("系统时钟早于最后一条记录的时间 {last}", "the clock is behind the last record, of {last}")
        }
        RegisterError::Irreversible { before, after } => {
            let (before, after) = (state_text(*before), state_text(*after));
            Say {
                zh: format!("{}的证照不能变为{}", before.zh, after.zh),
                en: format!("a license that is {} does not become {}", before.en, after.en),
            }
        }
        RegisterError::Duplicate { existing } => {
            let (number, at) = (&existing.name.number, existing.status);
            let (list, index) = (at.list, at.index);
            say!(
                "同一类型、编号和版本的证照 {number} 已经颁发（清单 {list}，位置 {index}），内容不同",
                "a license of the same type, number {number} and version was issued with other content (list {list}, position {index})"
            )
        }
        RegisterError::Full(list) => say!("清单 {list} 已满", "list {list} is full"),
        RegisterError::Text => {
            say!("文字过长或含有不允许的字符", "a text is too long or holds characters that are not admitted")
        }
        error => say!("{error}", "{error}"),
    }
}

/// The word for a state.
pub(crate) fn state_text(state: State) -> Say {
    match state {
        State::InForce => say!("有效", "in force"),
        State::Revoked => say!("已吊销", "revoked"),
        State::Suspended => say!("已暂扣", "suspended"),
        State::Superseded => say!("已换发", "superseded"),
        State::Cancelled => say!("已注销", "cancelled"),
        State::Withdrawn => say!("已撤销", "withdrawn"),
        State::ReportedLost => say!("已挂失", "reported lost"),
        State::Void => say!("作废", "void"),
    }
}
