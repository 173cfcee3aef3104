//! `register restore`: a register that is damaged or lost is made anew from a backup.

use crate::args::Global;
use crate::clock;
use crate::files;
use crate::home::{self, Home};
use crate::office::register;
use crate::output::{Exit, Failure, Out, bold, good, plain, say, unsure};
use serde_json::json;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{
    Act, Finding, Floor, Inspector, Register as _, RegisterError, Restored, SqliteRegister, check,
};

/// Make the register anew from a backup; never behind a status list that was published
///
/// What was issued after the backup is not in it: so many positions of each list are passed over that none is given twice. What stood
/// there is kept beside it. A register that is sound and further on than the backup is not replaced.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin register restore /mnt/backup/register-2026-05-20.sqlite --dry-run\n  zhengyin register restore /mnt/backup/register-2026-05-20.sqlite --skip 50000 --reason 磁盘损坏"
)]
pub(super) struct Args {
    /// The backup
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    /// How many positions of each list are passed over: no fewer than may have been issued since the backup
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    skip: u32,
    /// Why, for the register: at most 1024 bytes
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let floors = floors(&home)?;
    let failed = |error| register::failed(&args.backup, error);
    if args.dry_run {
        let records = look(&args.backup, &floors).map_err(failed)?;
        out.text(&say!("将由 {records} 条记录的备份恢复", "would restore from a backup of {records} records"));
        return Ok(Exit::Done);
    }
    let _lock = home.lock()?;
    let stamp = clock::utc_text(now).replace(':', "");
    // Twice in one second, too, nothing that was set aside is overwritten.
    let names = (1_u32..100).map(|number| match number {
        1 => format!("before-{stamp}.sqlite"),
        _ => format!("before-{stamp}-{number}.sqlite"),
    });
    let mut places = names.map(|name| home.register().with_extension(name));
    let aside =
        places.find(|place| !files::is_there(place)).unwrap_or_else(|| home.register().with_extension("before"));
    files::check_absent(&aside)?;
    files::check_can_create(&home.register())?;
    let was_there = files::is_there(&home.register());
    let actor = global.operator();
    let act = Act::new(&actor, now).because(&args.reason);
    let Restored { head, skipped } =
        SqliteRegister::restore(&args.backup, &home.register(), &aside, &floors, args.skip, &act).map_err(failed)?;
    let records = head.records;
    out.line(&[
        good("✓ "),
        plain(out.say(&say!(
            "已由 {records} 条记录的备份恢复登记簿，跳过 {skipped} 个位置",
            "restored the register from a backup of {records} records; positions passed over: {skipped}"
        ))),
    ]);
    if was_there {
        let said = say!("  原登记簿保留于", "  what stood there is kept as");
        out.line(&[plain(out.say(&said)), plain(" "), bold(aside.display().to_string())]);
    }
    let warning = say!(
        "备份之后颁发的证照和作出的变更不在其中：请按纸质或其他记录补办",
        "what was issued and changed after the backup is not in it: do it again from other records"
    );
    out.line(&[unsure("! "), plain(out.say(&warning))]);
    out.json(&json!({
        "schema": "zhengyin.restored/1", "backup": args.backup, "records": records, "skipped": skipped,
        "aside": was_there.then_some(aside),
    }));
    out.next(&home.command("register check"));
    Ok(Exit::Done)
}

/// The newest list of each number that is filed in this home.
fn floors(home: &Home) -> Result<Vec<Floor>, Failure> {
    let mut floors = Vec::new();
    for folder in files::list(&home.authorities())? {
        let code = folder.file_name().and_then(|name| name.to_str()).and_then(|name| CreditCode::parse(name).ok());
        let Some(authority) = code else { continue };
        let newest = home::newest_lists(&folder)?;
        floors.extend(newest.into_iter().map(|(list, (seq, _))| Floor { authority, list, seq }));
    }
    Ok(floors)
}

/// Looks at a backup: is it whole, and no older than what was published? How many records it has.
fn look(backup: &std::path::Path, floors: &[Floor]) -> Result<u64, RegisterError> {
    struct Counting;
    impl Inspector for Counting {
        fn found(&mut self, _: Finding) {}
    }
    let register = SqliteRegister::read(backup)?.ok_or(RegisterError::BackupUnsound)?;
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    if check(&register, threads, &mut Counting)?.findings > 0 {
        return Err(RegisterError::BackupUnsound);
    }
    for Floor { authority, list, seq } in floors.iter().copied() {
        let held = register.publications(authority, list)?.pop().map(|newest| newest.seq);
        if held.is_none_or(|held| held < seq) {
            return Err(RegisterError::BehindPublished { list, seq });
        }
    }
    Ok(register.head()?.records)
}
