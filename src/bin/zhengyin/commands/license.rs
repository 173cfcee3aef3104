//! `license`: licenses are issued one by one, and what becomes of them is recorded.

mod batch;
mod bench;
mod change;
mod copy;
mod erase;
mod export;
mod issue;
mod list;
mod renew;
mod replace;
mod show;
mod simulate;

use crate::args::Global;
use crate::output::{Exit, Failure, Out};
use zhengyin::status::State;

/// Issue licenses; renew, replace and copy them; revoke, suspend and resume them
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Issue(Box<issue::Args>),
    Renew(renew::Args),
    Replace(Box<replace::Args>),
    Copy(copy::Args),
    /// Suspend licenses (暂扣): they can be resumed
    #[command(
        after_help = "Examples:\n  zhengyin license suspend 91990100MA00000A9K --reason 调查期间暂扣\n  zhengyin license suspend license.zyl --reason 暂扣 --dry-run"
    )]
    Suspend(change::Args),
    /// Resume licenses that were suspended or reported lost
    #[command(after_help = "Examples:\n  zhengyin license resume 91990100MA00000A9K --reason 调查结束")]
    Resume(change::Args),
    /// Revoke licenses (吊销), for good
    #[command(
        after_help = "Examples:\n  zhengyin license revoke 91990100MA00000A9K --reason 提交虚假材料 --dry-run\n  zhengyin license revoke 91990100MA00000A9K --reason 提交虚假材料 --cause deception\n  zhengyin license revoke --simulate --type 11990000MB0000000J001 --region 9901 --issued-from 2026-01-01\n  zhengyin license revoke --batch numbers.txt --reason 抽查不合格 --basis 示例条例第十二条 --effective 2026-05-20 --operator li.pem --approve wang.pem"
    )]
    Revoke(change::Args),
    /// Cancel licenses (注销), for good: the holder gave them up, or is no more
    #[command(after_help = "Examples:\n  zhengyin license cancel 91990100MA00000A9K --reason 主体已解散")]
    Cancel(change::Args),
    /// Report licenses lost (挂失): they can be resumed
    #[command(after_help = "Examples:\n  zhengyin license report-lost 98010319930412417X --reason 持证人报失")]
    ReportLost(change::Args),
    List(Box<list::Args>),
    Erase(erase::Args),
    Show(show::Args),
    Export(Box<export::Args>),
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Issue(args) => issue::run(args, global, out),
        Action::Renew(args) => renew::run(args, global, out),
        Action::Replace(args) => replace::run(args, global, out),
        Action::Copy(args) => copy::run(args, global, out),
        Action::Suspend(args) => change::run(args, State::Suspended, global, out),
        Action::Resume(args) => change::run(args, State::InForce, global, out),
        Action::Revoke(args) => change::run(args, State::Revoked, global, out),
        Action::Cancel(args) => change::run(args, State::Cancelled, global, out),
        Action::ReportLost(args) => change::run(args, State::ReportedLost, global, out),
        Action::List(args) => list::run(args, global, out),
        Action::Export(args) => export::run(args, global, out),
        Action::Erase(args) => erase::run(args, global, out),
        Action::Show(args) => show::run(args, global, out),
    }
}
