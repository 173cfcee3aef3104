//! `status publish`: the next status lists of an authority.

use super::token;
use crate::args::Global;
use crate::clock::{self, Moment};
use crate::home::Home;
use crate::keys;
use crate::office::deltas::{self, Made};
use crate::office::positions::Positions;
use crate::office::register::OpenRegister;
use crate::office::seat::Seat;
use crate::office::status_list::{self, Details, Source};
use crate::office::{known, register};
use crate::output::{Exit, Failure, Loudness, Out, Say, bold, good, plain, say, share};
use serde_json::{Value, json};
use std::path::PathBuf;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::Act;
use zhengyin::x509::Use;

/// Publish the next status list of an authority: what its register says of every license
///
/// Beside it stand deltas: from the list before, and from those of a week and a month ago, where they are smaller than the list.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin status publish 11990100MB0000000P\n  zhengyin status publish 11990100MB0000000P --details --next-update 1d --dry-run\n  zhengyin status publish 11990100MB0000000P --format token-status-list --base https://status.example\n  zhengyin status publish 11990100MB0000000P --list 7 --positions other-system.txt --length 100000000"
)]
pub(super) struct Args {
    /// The authority
    #[arg(value_parser = CreditCode::parse)]
    code: CreditCode,
    /// Only this list [default: every list of the authority]
    #[arg(long, value_name = "N")]
    list: Option<u64>,
    /// Tell since which day, why, by what it was replaced, and when it was out of force before: for questions about the past
    #[arg(long)]
    details: bool,
    /// zhengyin, or token-status-list: what was published last, once more for verifiers of the IETF's format
    #[arg(long, value_name = "NAME", value_parser = ["zhengyin", "token-status-list"], default_value = "zhengyin")]
    format: String,
    #[command(flatten)]
    token: token::Terms,
    /// A file that says which positions of --list are not in force, where another system issues its licenses
    #[arg(long, value_name = "FILE", requires = "list", requires = "length")]
    positions: Option<PathBuf>,
    /// How many positions that system has allotted
    #[arg(long, value_name = "N", requires = "positions")]
    length: Option<u32>,
    /// When the next list is due
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = Moment::parse)]
    next_update: Moment,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let next_update = args.next_update.after(now);
    let code = args.code.as_str();
    if next_update <= now {
        return Err(Failure::usage(say!("--next-update 早于现在", "--next-update lies before now")));
    }
    let seat = Seat::demand(&home, args.code, Use::Status)?;
    let store = known::demand(&home)?;
    let refused = |error| register::refused(&home, error);
    let read = register::read(&home, args.code)?;
    if let Some(register) = &read {
        register.check_key(&seat.public_key()?).map_err(refused)?;
    }
    if args.format == "token-status-list" {
        let order = token::Order { code: args.code, list: args.list, terms: &args.token, dry_run: args.dry_run };
        return token::publish(&home, &seat, &store, &order, global, out);
    }
    let positions = positions(args)?;
    let details = if args.details { Details::Told } else { Details::Left };
    let source = positions.as_ref().map_or(Source::Register(details), |positions| Source::File(positions, details));
    let actor = global.operator();
    let act = Act::new(&actor, now);
    let lists = lists(args, &home, read.as_ref(), out)?;
    let mut opened = if args.dry_run {
        None
    } else {
        let signer = keys::load(&seat.key_path(), global)?;
        seat.check_key(&signer)?;
        Some((register::open(&home, args.code, &act)?.0, signer))
    };
    for list in lists {
        let next = status_list::next(&home, &seat, list, &store, (now, next_update))?;
        let register = opened.as_ref().map(|(register, _)| register).or(read.as_ref());
        let (length, listed) = match (register, &positions) {
            (Some(register), _) => {
                source.read(register, list).map(|drawn| (drawn.length, drawn.content.listed())).map_err(refused)?
            }
            (None, Some(positions)) => (positions.length, positions.states().len()),
            (None, None) => return Err(nothing(&home, args.code)),
        };
        let seq = next.facts.seq;
        let Some((register, signer)) = &mut opened else {
            out.text(&say!(
                "将发布 {code} 的状态清单 {list} 第 {seq} 号：{length} 个位置，{listed} 个非有效",
                "would publish status list {list} number {seq} of {code}: {length} positions, {listed} not in force"
            ));
            continue;
        };
        let filed = next.publish(&home, register, source, (&store, &*signer), &act)?;
        let (due, size, path) = (clock::local_text(next_update), filed.size, filed.path);
        out.line(&[
            good("✓ "),
            plain(out.say(&say!(
                "已发布 {code} 的状态清单 {list} 第 {seq} 号：{length} 个位置，{listed} 个非有效",
                "published status list {list} number {seq} of {code}: {length} positions, {listed} not in force"
            ))),
        ]);
        out.line(&[plain("  "), bold(path.display().to_string()), plain(format!("  ({size} bytes)"))]);
        out.text(&say!("  下次更新 {due}", "  next update due {due}"));
        let made = deltas::file(&home.authority(args.code), list)?;
        made.iter().for_each(|delta| tell(delta, size, out));
        out.json(&json!({
            "schema": "zhengyin.published/1", "kind": "status-list", "authority": code, "list": list, "seq": seq, "length": length,
            "listed": listed, "bytes": size, "details": args.details, "file": path, "next_update": clock::utc_text(next_update),
            "deltas": made.iter().map(as_json).collect::<Vec<_>>(),
        }));
    }
    if !args.dry_run {
        out.next(&home.command("pack build"));
    }
    Ok(Exit::Done)
}

/// A delta to the list that was just published.
fn tell(delta: &Made, whole: usize, out: &mut Out) {
    let Made { since, days, size, filed } = delta;
    let part = share(*size, whole);
    match filed {
        Ok(path) => {
            out.text(&say!(
                "  第 {since} 号（{days} 天前）以来的增量：{size} 字节，为整份清单的 {part}",
                "  delta since number {since}, {days} days ago: {size} bytes, {part} of the whole list"
            ));
            out.line(&[plain(format!("    {}", path.display()))]);
        }
        Err(why) => out.text(&Say {
            zh: format!("  没有第 {since} 号以来的增量：{}", why.zh),
            en: format!("  no delta since number {since}: {}", why.en),
        }),
    }
}

fn as_json(delta: &Made) -> Value {
    json!({"since": delta.since, "days": delta.days, "bytes": delta.size, "file": delta.filed.as_ref().ok()})
}

fn positions(args: &Args) -> Result<Option<Positions>, Failure> {
    let (Some(path), Some(length)) = (&args.positions, args.length) else { return Ok(None) };
    Positions::read(path, length).map(Some)
}

/// The lists to be published. A list is kept by the register or by another system, never by both.
fn lists(args: &Args, home: &Home, register: Option<&OpenRegister>, out: &mut Out) -> Result<Vec<u64>, Failure> {
    let code = args.code.as_str();
    let refused = |error| register::refused(home, error);
    if let (Some(list), Some(_)) = (args.list, &args.positions) {
        if register.map(|register| register.length(list)).transpose().map_err(refused)?.is_some_and(|length| length > 0)
        {
            return Err(Failure::new(say!(
                "清单 {list} 的位置由本登记簿分配，不能由别的系统另行说明",
                "the positions of list {list} are given out by this register: no other system speaks of them"
            ))
            .next(home.command(&format!("status publish {code} --list {list}"))));
        }
        return Ok(vec![list]);
    }
    let Some(register) = register else { return Err(nothing(home, args.code)) };
    let mut lists = register.lists().map_err(refused)?;
    lists.retain(|list| args.list.is_none_or(|asked| asked == *list));
    let mut own = Vec::new();
    for list in lists {
        if !status_list::is_kept_elsewhere(register, list).map_err(refused)? {
            own.push(list);
        } else if args.list.is_some() {
            return Err(kept_elsewhere(home, code, list));
        } else {
            out.remark(
                Loudness::Normal,
                &say!(
                    "清单 {list} 由别的系统维护，须用 --positions 发布",
                    "list {list} is kept by another system, and is published with --positions"
                ),
            );
        }
    }
    if own.is_empty() { Err(nothing(home, args.code)) } else { Ok(own) }
}

fn kept_elsewhere(home: &Home, code: &str, list: u64) -> Failure {
    Failure::new(say!("清单 {list} 由别的系统维护", "list {list} is kept by another system"))
        .next(home.command(&format!("status publish {code} --list {list} --positions FILE --length N")))
}

/// Makers of seals issue no licenses, and most offices no seals: what is meant is told by the keys that stand here.
fn nothing(home: &Home, authority: CreditCode) -> Failure {
    let code = authority.as_str();
    let has = |purpose| Seat::demand(home, authority, purpose).is_ok();
    if has(Use::SealMaker) && !has(Use::License) {
        return Failure::new(say!("{code} 还没有制作印章", "{code} has made no seal yet"))
            .next(home.command("seal make --help"));
    }
    Failure::new(say!("{code} 还没有颁发证照", "{code} has issued no license yet"))
        .next(home.command(&format!("license issue --authority {code} --data FILE")))
}
