//! `status`: the status lists of an authority.

use crate::args::Global;
use crate::clock::{self, Moment};
use crate::files;
use crate::home;
use crate::keys;
use crate::office::register::OpenRegister;
use crate::office::seat::Seat;
use crate::office::{known, register, standing};
use crate::output::{Exit, Failure, Out, bold, good, plain, say};
use serde_json::json;
use zhengyin::claims::id::CreditCode;
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::register::{Act, RegisterError};
use zhengyin::status::{State, StatusList};
use zhengyin::x509::Use;

/// Publish and show status lists (吊销清单)
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Publish(Publish),
    Show(Show),
}

/// Publish the next status list of an authority: what its register says of every license
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin status publish 11990100MB0000000P\n  zhengyin status publish 11990100MB0000000P --next-update 1d --dry-run"
)]
struct Publish {
    /// The authority
    #[arg(value_parser = CreditCode::parse)]
    code: CreditCode,
    /// Only this list [default: every list of the authority]
    #[arg(long, value_name = "N")]
    list: Option<u64>,
    /// When the next list is due
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = Moment::parse)]
    next_update: Moment,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// Show the newest status lists of an authority
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin status show 11990100MB0000000P")]
struct Show {
    /// The authority
    #[arg(value_parser = CreditCode::parse)]
    code: CreditCode,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Publish(args) => publish(args, global, out),
        Action::Show(args) => show(args, global, out),
    }
}

fn publish(args: &Publish, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let next_update = args.next_update.after(now);
    let code = args.code.as_str();
    if next_update <= now {
        return Err(Failure::usage(say!("--next-update 早于现在", "--next-update lies before now")));
    }
    let seat = Seat::demand(&home, args.code, Use::Status)?;
    let store = known::demand(&home)?;
    let Some(read) = register::read(&home, args.code)? else { return Err(nothing(code)) };
    let refused = |error| register::refused(&home, error);
    let mut lists = read.lists().map_err(refused)?;
    lists.retain(|list| args.list.is_none_or(|asked| asked == *list));
    if lists.is_empty() {
        return Err(nothing(code));
    }
    let actor = global.operator();
    let act = Act::new(&actor, now);
    let mut opened = if args.dry_run {
        None
    } else {
        let signer = keys::load(&seat.key_path(), global)?;
        seat.check_key(&signer)?;
        Some((register::open(&home, args.code, &act)?.0, signer))
    };
    for list in lists {
        let next = standing::next(&home, &seat, list, &store, (now, next_update))?;
        let numbers = match &opened {
            Some((register, _)) => numbers(register, list),
            None => numbers(&read, list),
        };
        let numbers = numbers.map_err(refused)?;
        let (seq, (length, listed)) = (next.facts.seq, numbers);
        let Some((register, signer)) = &mut opened else {
            out.text(&say!(
                "将发布 {code} 的状态清单 {list} 第 {seq} 号：{length} 个位置，{listed} 个非有效",
                "would publish status list {list} number {seq} of {code}: {length} positions, {listed} not in force"
            ));
            continue;
        };
        let path = next.publish(&home, register, (&store, &*signer), &act)?;
        let due = clock::local_text(next_update);
        out.line(&[
            good("✓ "),
            plain(out.say(&say!(
                "已发布 {code} 的状态清单 {list} 第 {seq} 号：{length} 个位置，{listed} 个非有效",
                "published status list {list} number {seq} of {code}: {length} positions, {listed} not in force"
            ))),
        ]);
        out.line(&[plain("  "), bold(path.display().to_string())]);
        out.text(&say!("  下次更新 {due}", "  next update due {due}"));
        out.json(&json!({
            "schema": "zhengyin.published/1", "kind": "status-list", "authority": code, "list": list, "seq": seq, "length": length,
            "listed": listed, "file": path, "next_update": clock::utc_text(next_update),
        }));
    }
    if !args.dry_run {
        out.next(&home.command("pack build"));
    }
    Ok(Exit::Done)
}

/// How many positions a list has, and how many of them are not in force.
fn numbers(register: &OpenRegister, list: u64) -> Result<(u32, usize), RegisterError> {
    Ok((register.length(list)?, register.states(list)?.len()))
}

fn nothing(code: &str) -> Failure {
    Failure::new(say!("{code} 还没有颁发证照", "{code} has issued no license yet"))
        .next(format!("zhengyin license issue --authority {code} --data FILE"))
}

fn show(args: &Show, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let code = args.code.as_str();
    let lists = home::newest_lists(&home.authority(args.code))?;
    if lists.is_empty() {
        return Err(Failure::new(say!("{code} 还没有发布状态清单", "{code} has published no status list yet"))
            .next(home.command(&format!("status publish {code}"))));
    }
    for (list, (seq, path)) in lists {
        let shown = path.display();
        let bytes = files::read(&path, MAX_TRUST_OBJECT)?;
        let parsed = StatusList::parse(&bytes).map_err(|error| {
            Failure::new(say!("无法使用状态清单 {shown}", "the status list {shown} cannot be used"))
                .because(say!("{error}", "{error}"))
        })?;
        let header = parsed.claimed_header();
        let (length, issued, due) =
            (header.length, clock::local_text(header.issued), clock::local_text(header.next_update));
        let size = bytes.len();
        out.line(&[
            bold(code),
            plain(out.say(&say!(
                "  清单 {list} 第 {seq} 号：{length} 个位置，签发 {issued}，下次更新 {due}，{size} 字节",
                "  list {list} number {seq}: {length} positions, issued {issued}, next update due {due}, {size} bytes"
            ))),
        ]);
        let mut counts = serde_json::Map::new();
        for state in State::LISTED {
            let Some(layer) = header.layers.get(state) else { continue };
            let (text, count) = (register::state_text(state), layer.count());
            let said = format!("    {} {count}", out.say(&text));
            out.line(&[plain(said)]);
            counts.insert(state.number().to_string(), count.into());
        }
        out.json(&json!({
            "schema": "zhengyin.status-list/1", "authority": code, "list": list, "seq": seq, "length": length, "states": counts,
            "issued": clock::utc_text(header.issued), "next_update": clock::utc_text(header.next_update), "file": path,
        }));
    }
    Ok(Exit::Done)
}
