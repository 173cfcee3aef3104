//! `license renew`: the credential of a license once more, because it runs out; the license stays the same.

use super::bench::{Made, Round};
use crate::args::{self, Global};
use crate::clock::{self, Moment};
use crate::home::Home;
use crate::office::selection::Named;
use crate::office::standing::Found;
use crate::office::{register, status_list};
use crate::output::{Exit, Failure, Out, plain, say};
use crate::secrets;
use std::path::PathBuf;
use zhengyin::claims::CredentialId;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Act, Reissue, Renewed};
use zhengyin::time::Timestamp;

/// Renew the credential of licenses (更新凭据): the same license, good for longer; the credential before holds until it runs out
///
/// A credential is good for a year or so, the license itself often for ever. What is suspended or revoked is not renewed.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin license renew 91990100MA00000A9K --due 360d\n  zhengyin license renew --all --due 60d --dry-run\n  zhengyin license renew --batch numbers.txt --out renewed"
)]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file; one or several
    #[arg(value_name = "ID", required_unless_present_any = ["all", "batch"])]
    ids: Vec<String>,
    /// A file that names licenses, one a line
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// Every license in force whose credential is due
    #[arg(long, conflicts_with_all = ["ids", "batch"])]
    all: bool,
    /// A credential is due if it runs out by then; one that is not is handed out as it is
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = Moment::parse)]
    due: Moment,
    /// When the new credential is to be refreshed
    #[arg(long, value_name = "TIME", default_value = "365d", value_parser = Moment::parse)]
    expires: Moment,
    /// The status list in which it is to stand [default: that of the credential before]
    #[arg(long, value_name = "N")]
    list: Option<u64>,
    /// The folder for the files [default: out in the home folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let (due, expires) = (args.due.after(now), args.expires.after(now));
    if expires <= due {
        return Err(Failure::usage(say!(
            "--expires 应晚于 --due，否则更新后立即又到期",
            "--expires must lie after --due: what is renewed would be due again at once"
        )));
    }
    let Named { found, unknown } = if args.all {
        Named { found: all_due(&home, args.authority, due)?, unknown: Vec::new() }
    } else {
        Named::find(&home, &args.ids, args.batch.as_ref(), args.authority)?
    };
    if args.dry_run {
        let refused = super::bench::tell_unknown(&unknown, out);
        let count = found.len();
        out.text(&say!("将更新到期的凭据，涉及 {count} 份证照", "would renew what is due of {count} licenses"));
        for Found { entry, .. } in &found {
            let until = entry.issuance.expires.map_or_else(|| "–".to_owned(), clock::local_text);
            out.line(&[plain("  "), plain(entry.number()), plain("  "), plain(until)]);
        }
        return Ok(if refused > 0 { Exit::RowsRefused } else { Exit::Done });
    }
    let actor = global.operator();
    let act = Act::new(&actor, now);
    let (word, sum) = (say!("已更新凭据", "renewed"), say!("已更新凭据", "renewed"));
    let (kept, kept_sum) =
        (say!(" 尚未到期，仍为最新凭据", " is not due: here is its newest credential"), say!("尚未到期", "not due"));
    // What was renewed is not due any more.
    let again = args::command_line();
    let folder = args.out.as_deref();
    let round = Round { home: &home, global, act, folder, mark: "", word, sum, kept, kept_sum, again };
    round.run(
        &found,
        &unknown,
        &mut |bench, found| {
            let entry = bench.register.newest(&found.entry).map_err(|error| register::refused(&home, error))?;
            let list = args.list.unwrap_or(entry.status.list);
            status_list::check_kept_here(&home, &bench.register, list)?;
            let terms = Reissue { list, id: CredentialId::new(secrets::random()?), expires: Some(expires) };
            let renewed = bench.register.renew(entry.status, &terms, due, Some(&bench.store), &bench.key, &act);
            Ok(renewed.map(|renewed| match renewed {
                Renewed::New(issued) => Made::New(issued),
                Renewed::NotDue(issued) => Made::Kept(issued),
            }))
        },
        out,
    )
}

fn all_due(home: &Home, only: Option<CreditCode>, due: Timestamp) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    for register in register::all(home)? {
        let authority = register.authority();
        if only.is_none_or(|only| only == authority) {
            let entries = register.due(due).map_err(|error| register::refused(home, error))?;
            found.extend(entries.into_iter().map(|entry| Found { authority, entry }));
        }
    }
    Ok(found)
}
