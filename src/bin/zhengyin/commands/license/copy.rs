//! `license copy`: annotated copies 加注件 of licenses, for one purpose and a limited time.

use super::bench::{Made, Round};
use crate::args::{self, Global};
use crate::clock::{self, Moment};
use crate::office::selection::Named;
use crate::office::{register, status_list};
use crate::output::{Exit, Failure, Out, plain, say};
use crate::secrets;
use std::path::PathBuf;
use zhengyin::claims::CredentialId;
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::CopyFacts;
use zhengyin::register::{Act, Entry, Reissue};

/// Make annotated copies of licenses (加注件): for one purpose, perhaps for one audience, until a time
///
/// A copy has a position of its own, and what becomes of its license becomes of it too; it may also be revoked alone. The same copy, until the
/// same time, is made once: it is handed out again.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin license copy 91990100MA00000A9K --purpose 招标投标 --audience 示例市公共资源交易中心 --until 30d\n  zhengyin license copy --batch numbers.txt --purpose 年报公示 --until 2030-12-31 --out copies\n  zhengyin license copy --batch numbers.txt --purpose 年报公示 --until 90d --out copies --resume"
)]
pub(crate) struct Args {
    /// The license: its number, credential id, license identifier, or its file; one or several
    #[arg(value_name = "ID", required_unless_present = "batch")]
    ids: Vec<String>,
    /// A file that names licenses, one a line
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// What the copy may be used for: whoever verifies it says his purpose
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// Whom it is made for
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// From when it no longer holds
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = Moment::parse)]
    until: Moment,
    /// Who made it
    #[arg(long, value_name = "NAME")]
    made_by: Option<String>,
    /// The status list in which it is to stand [default: that of the license]
    #[arg(long, value_name = "N")]
    list: Option<u64>,
    /// The folder for the files [default: out in the home folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only among the licenses of this authority
    #[arg(long, value_name = "CODE", value_parser = CreditCode::parse)]
    authority: Option<CreditCode>,
    /// Go on where a run was stopped: a copy for the same purpose, audience, maker and term that is in force is handed out again
    #[arg(long)]
    resume: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let home = global.home()?;
    let now = clock::now()?;
    let expires = args.until.after(now);
    if expires <= now {
        return Err(Failure::usage(say!("--until 早于现在", "--until lies before now")));
    }
    let Named { found, unknown } = Named::find(&home, &args.ids, args.batch.as_ref(), args.authority)?;
    if args.dry_run {
        let refused = super::bench::tell_unknown(&unknown, out);
        let (count, until) = (found.len(), clock::local_text(expires));
        out.text(&say!("将制作 {count} 份加注件，至 {until}", "would make copies: {count}, good until {until}"));
        for found in &found {
            out.line(&[plain("  "), plain(found.entry.number())]);
        }
        return Ok(if refused > 0 { Exit::RowsRefused } else { Exit::Done });
    }
    let actor = global.operator();
    let act = Act::new(&actor, now).because(&args.purpose);
    let (word, sum) = (say!("已制作加注件", "made a copy of"), say!("已制作加注件", "copies made"));
    let (kept, kept_sum) = (
        say!(" 此前已加注，再次写出", " was copied before: here is the copy again"),
        say!("此前已加注", "copied before"),
    );
    let again = args::command_line_with("--resume");
    let folder = args.out.as_deref();
    let round = Round { home: &home, global, act, folder, mark: "copy-", word, sum, kept, kept_sum, again };
    let term = expires.since(now);
    round.run(
        &found,
        &unknown,
        &mut |bench, found| {
            let refused = |error| register::refused(&home, error);
            let entry = bench.register.newest(&found.entry).map_err(refused)?;
            let list = args.list.unwrap_or(entry.status.list);
            status_list::check_kept_here(&home, &bench.register, list)?;
            let copy = CopyFacts {
                purpose: args.purpose.clone(),
                audience: args.audience.clone(),
                expires,
                made_by: args.made_by.clone(),
            };
            let is_meant = |held: &Entry, said: &CopyFacts| {
                let is_same =
                    (&said.purpose, &said.audience, &said.made_by) == (&copy.purpose, &copy.audience, &copy.made_by);
                let is_as_long = args.resume && said.expires.since(held.issuance.issued_at) == term;
                is_same && (said.expires == expires || is_as_long)
            };
            if let Some(held) = bench.register.held_copy(&entry, now, &is_meant).map_err(refused)? {
                return Ok(Ok(Made::Kept(held)));
            }
            let terms = Reissue { list, id: CredentialId::new(secrets::random()?), expires: Some(expires) };
            let made = bench.register.copy(entry.status, copy, &terms, Some(&bench.store), &bench.key, &act);
            Ok(made.map(Made::New))
        },
        out,
    )
}
