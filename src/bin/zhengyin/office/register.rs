//! The issuing register of this home.

use crate::args;
use crate::clock;
use crate::files;
use crate::home::Home;
use crate::output::{Failure, Loudness, Out, Say, say};
use std::path::Path;
use zhengyin::claims::fields::FieldName;
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::FieldLabel;
use zhengyin::reason::Language;
use zhengyin::register::{Act, Desk, Difference, Recovery, Register as _, RegisterError, SqliteRegister, StorageFault};
use zhengyin::status::State;
use zhengyin::trust::HistoryState;

/// An authority's place at the register.
pub(crate) type OpenRegister = Desk<SqliteRegister>;

/// Sits down to work at an authority's place in the register, and makes both where there are none. What a stopped process left behind is
/// settled, and told.
pub(crate) fn open(home: &Home, authority: CreditCode, act: &Act<'_>) -> Result<(OpenRegister, Recovery), Failure> {
    let path = home.register();
    check_form(home, authority)?;
    files::check_can_create(&path)?;
    let register = SqliteRegister::open(&path).map_err(|error| failed(&path, error))?;
    Desk::open(register, authority, act).map_err(|error| failed(&path, error))
}

/// Says what a run that was stopped left behind.
pub(crate) fn tell_recovery(recovery: &Recovery, out: &mut Out) {
    let voided = recovery.positions();
    if voided > 0 {
        out.remark(
            Loudness::Normal,
            &say!(
                "上一次运行中断：{voided} 个位置作废",
                "an earlier run was stopped: {voided} positions that were allotted and not issued are void"
            ),
        );
    }
}

/// Looks at the register without working at it; `None` where nothing was issued yet.
pub(crate) fn read(home: &Home, authority: CreditCode) -> Result<Option<OpenRegister>, Failure> {
    let path = home.register();
    check_form(home, authority)?;
    let Some(register) = SqliteRegister::read(&path).map_err(|error| failed(&path, error))? else { return Ok(None) };
    Desk::read(register, authority).map_err(|error| failed(&path, error))
}

/// Every authority's place at the register.
pub(crate) fn all(home: &Home) -> Result<Vec<OpenRegister>, Failure> {
    let path = home.register();
    let failed = |error| failed(&path, error);
    let Some(register) = SqliteRegister::read(&path).map_err(failed)? else { return Ok(Vec::new()) };
    let authorities = register.authorities().map_err(failed)?;
    let mut desks = Vec::new();
    for authority in authorities {
        desks.extend(read(home, authority)?);
    }
    Ok(desks)
}

/// Before the first release the register was a file of frames for each authority.
fn check_form(home: &Home, authority: CreditCode) -> Result<(), Failure> {
    let path = home.authority(authority).join("register");
    if !files::is_there(&path) {
        return Ok(());
    }
    let (from, to) = (files::quoted(&path), files::quoted(&path.with_extension("before-release")));
    Err(unusable(&path)
        .because(say!(
            "这是发布前版本的登记簿，不再读取；其中的证照须重新颁发",
            "it is of a version before the first release and is no longer read; its licenses are to be issued anew"
        ))
        .next(format!("mv {from} {to}")))
}

/// What the register refused.
pub(crate) fn refused(home: &Home, error: RegisterError) -> Failure {
    failed(&home.register(), error)
}

/// There is no register here yet.
pub(crate) fn none(home: &Home) -> Failure {
    let path = home.register();
    let shown = path.display();
    Failure::new(say!("还没有登记簿 {shown}", "there is no register {shown} yet"))
        .next(home.command("license issue --help"))
}

/// The word for what became of a key.
pub(crate) const fn history_word(state: HistoryState) -> &'static str {
    match state {
        HistoryState::Active => "active",
        HistoryState::Retired => "retired",
        HistoryState::Withdrawn => "withdrawn",
        HistoryState::Compromised => "compromised",
    }
}

fn unusable(path: &Path) -> Failure {
    let shown = path.display();
    Failure::new(say!("无法使用登记簿 {shown}", "the register {shown} cannot be used"))
}

/// What the register at a path refused.
pub(crate) fn failed(path: &Path, error: RegisterError) -> Failure {
    match error {
        RegisterError::Storage { fault, .. } => {
            let failure = unusable(path).because(explain(&error));
            if fault == StorageFault::Corrupt { failure.next(keep(path)) } else { failure }
        }
        // What was damaged is not mended by a program: a copy of the file tells what was there.
        RegisterError::Damaged { .. } | RegisterError::DamagedEntry(_) => {
            unusable(path).because(explain(&error)).next(keep(path))
        }
        RegisterError::ClockBehind(_) => unusable(path).because(explain(&error)).next("date"),
        RegisterError::NeedsTwo => {
            let line = args::command_line_with("--operator KEY --approve KEY");
            Failure::new(say!("登记簿拒绝", "the register refuses")).because(explain(&error)).next(line)
        }
        RegisterError::KeyOutOfUse(_) => Failure::new(say!("登记簿拒绝", "the register refuses"))
            .because(explain(&error))
            .next("zhengyin authority rotate-key --help"),
        error => Failure::new(say!("登记簿拒绝", "the register refuses")).because(explain(&error)),
    }
}

fn keep(path: &Path) -> String {
    format!("cp -p {} {}", files::quoted(path), files::quoted(&path.with_extension("damaged")))
}

pub(crate) fn explain(error: &RegisterError) -> Say {
    match error {
        RegisterError::Storage { fault, text } => explain_storage(*fault, text),
        RegisterError::Damaged { record } => say!(
            "日志第 {record} 条记录已损坏；请用备份恢复，切勿删改",
            "record {record} of the journal is damaged; restore it from a backup, and do not edit or delete it"
        ),
        RegisterError::DamagedEntry(at) => {
            let (list, index) = (at.list, at.index);
            say!(
                "清单 {list} 位置 {index} 的证照记录已损坏；请用备份恢复，切勿删改",
                "what is kept of list {list}, position {index} is damaged; restore it from a backup, and do not edit or delete it"
            )
        }
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
        RegisterError::NotYet(from) => {
            let from = clock::local_text(*from);
            say!("生效时间 {from} 尚未到来，请届时再办", "it would be in effect only from {from} on: do it then")
        }
        RegisterError::Duplicate { existing, differences } => {
            let (number, at) = (existing.number(), existing.status);
            let (list, index) = (at.list, at.index);
            let keys: Vec<String> = differences.iter().map(key_of_difference).collect();
            let keys = keys.join(", ");
            say!(
                "同一类型、编号和版本的证照 {number} 已经颁发（清单 {list}，位置 {index}），内容不同：{keys}",
                "a license of the same type, number {number} and version was issued with other content (list {list}, position {index}): {keys}"
            )
        }
        RegisterError::DuplicateSeal { existing, differences } => {
            let (code, list, index) = (existing.number(), existing.status.list, existing.status.index);
            let options = super::sealing::options_of(differences);
            say!(
                "编码 {code} 的印章已经制作（清单 {list}，位置 {index}），内容不同：{options}",
                "a seal of the code {code} was made with other content (list {list}, position {index}): {options}"
            )
        }
        RegisterError::NoSealCode(region) => {
            say!("行政区划 {region} 的印章编码已用完", "every code of a seal in region {region} was used")
        }
        RegisterError::Erased(at) => {
            let (list, index) = (at.list, at.index);
            say!(
                "清单 {list} 位置 {index} 的证照内容已依法删除",
                "the content of the license at list {list}, position {index} was erased by law"
            )
        }
        RegisterError::Full(list) => say!("清单 {list} 已满", "list {list} is full"),
        RegisterError::NotIssued(at) => {
            let (list, index) = (at.list, at.index);
            say!("清单 {list} 位置 {index} 没有颁发过证照", "no license was issued at list {list}, position {index}")
        }
        RegisterError::NotInForce(state) => {
            let state = state_text(*state);
            Say {
                zh: format!("证照{}，不能更新或加注", state.zh), en: format!("the license is {}", state.en)
            }
        }
        RegisterError::KeyOutOfUse(key) => {
            say!("密钥 {key} 已停用，不再签署", "the key {key} was put out of use and signs nothing more")
        }
        RegisterError::BehindPublished { list, seq } => say!(
            "备份早于已发布的清单 {list} 第 {seq} 号：位置会重复分配，吊销会被遗忘",
            "the backup lies behind number {seq} of list {list}, which was published: positions would be given twice, and revocations forgotten"
        ),
        RegisterError::Unneeded(records) => say!(
            "现有登记簿完好，有 {records} 条记录，不比备份旧：无需恢复",
            "the register is sound and has {records} records, no fewer than the backup: nothing needs to be restored"
        ),
        RegisterError::BackupUnsound => say!("备份不完好", "the backup is not whole"),
        error => explain_consent(error),
    }
}

fn explain_consent(error: &RegisterError) -> Say {
    match error {
        RegisterError::NeedsTwo => say!(
            "需要两名操作员：--operator 和 --approve 各给出一人的密钥",
            "it takes two operators: give the key of one by --operator, of the other by --approve; or --propose it to one who is elsewhere"
        ),
        RegisterError::ConsentOfOne => say!("两个签名出自同一名操作员", "both signatures are of one operator"),
        RegisterError::NotAnOperator(key) => say!(
            "密钥 {key} 不属于已登记的操作员（见 register operator list）",
            "the key {key} is not that of an operator who is admitted (see register operator list)"
        ),
        RegisterError::ConsentToOther(key) => {
            say!("密钥 {key} 签署的不是此事", "the key {key} has not signed this statement")
        }
        RegisterError::ConsentUsed => {
            say!("这份同意已经用过：只能用一次", "this consent was used before: it is good for once")
        }
        RegisterError::ConsentOld(made) => {
            let made = clock::local_text(*made);
            say!(
                "同意作于 {made}：已过期，或时间在未来",
                "what was consented to is of {made}: out of date, or of the future"
            )
        }
        RegisterError::OtherNumber(at) => {
            let (list, index) = (at.list, at.index);
            say!(
                "清单 {list} 位置 {index} 的证照是另一个编号",
                "the license at list {list}, position {index} has another number"
            )
        }
        RegisterError::OperatorKnown => say!(
            "已有同名或同一密钥的操作员，或名称为空",
            "an operator of this name or with this key is admitted already, or the name is empty"
        ),
        RegisterError::KeyState(_) => say!(
            "密钥不能回到较早的状态：已撤销或泄露的不可收回",
            "a key does not go back: what was withdrawn or compromised stays so"
        ),
        RegisterError::Text => {
            say!("文字过长或含有不允许的字符", "a text is too long or holds characters that are not admitted")
        }
        error => say!("{error}", "{error}"),
    }
}

fn explain_storage(fault: StorageFault, text: &str) -> Say {
    match fault {
        StorageFault::CannotOpen => say!("打不开（{text}）", "it cannot be opened ({text})"),
        StorageFault::ReadOnly => say!("不可写入（{text}）", "it cannot be written to ({text})"),
        StorageFault::Full => say!("磁盘已满（{text}）", "the disk is full ({text})"),
        StorageFault::Busy => {
            say!("另一个进程正在写入，请稍后再试", "another process is writing: try again when it has ended")
        }
        StorageFault::Corrupt => say!(
            "文件已损坏（{text}）；请用备份恢复，切勿删改",
            "the file is damaged ({text}); restore it from a backup, and do not edit or delete it"
        ),
        StorageFault::Later => say!("由更高版本写入（{text}）", "a later version wrote it ({text})"),
        _ => say!("{text}", "{text}"),
    }
}

/// The key in the JSON of facts under which two licenses differ.
fn key_of_difference(difference: &Difference) -> String {
    match difference {
        Difference::Name => "name".to_owned(),
        Difference::Holders => "holders".to_owned(),
        Difference::AuthorityName => "authority_name".to_owned(),
        Difference::Region => "region".to_owned(),
        Difference::IssuedOn => "issued_on".to_owned(),
        Difference::Validity => "valid".to_owned(),
        Difference::Field(FieldLabel::Name(name)) => format!("fields.{name}"),
        Difference::Field(FieldLabel::Number(number)) => {
            let name = FieldName::of_number(*number);
            name.map_or_else(|| format!("fields.{number}"), |name| format!("fields.{}", name.text(Language::Zh)))
        }
        Difference::Serial => "serial".to_owned(),
        Difference::AuthorityCode => "authority_code".to_owned(),
        Difference::Attachments => "attachments".to_owned(),
        Difference::Copy => "copy".to_owned(),
        Difference::Replaces => "replaces".to_owned(),
        Difference::Binding => "bind".to_owned(),
        Difference::HolderKey => "holder_key".to_owned(),
        _ => "?".to_owned(),
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
