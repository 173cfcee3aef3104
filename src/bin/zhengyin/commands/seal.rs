//! `seal`: seals are made, stamp documents, and stamps are verified.

mod card;
mod change;
mod list;
mod make;
mod show;
mod signers;
mod stamp;
mod verify;

pub(in crate::commands) use verify::{beside, digest_of};

use crate::args::Global;
use crate::output::{Exit, Failure, Out};
use zhengyin::status::State;

/// Make electronic seals (电子印章), stamp documents with them, and verify stamps (电子签章) without a network
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one, for as long as the program runs")]
enum Action {
    Make(Box<make::Args>),
    Verify(verify::Args),
    Stamp(stamp::Args),
    Show(show::Args),
    List(list::Args),
    /// Suspend seals: they can be resumed
    #[command(
        after_help = "Examples:\n  zhengyin seal suspend 99010000000001 --reason 核查期间停用\n  zhengyin seal suspend bureau.zye --reason 核查期间停用 --dry-run"
    )]
    Suspend(change::Args),
    /// Resume seals that were suspended
    #[command(after_help = "Examples:\n  zhengyin seal resume 99010000000001 --reason 核查结束")]
    Resume(change::Args),
    /// Revoke seals, for good: what is stamped with them from then on is refused
    #[command(
        after_help = "Examples:\n  zhengyin seal revoke 99010000000001 --simulate\n  zhengyin seal revoke 99010000000001 --reason 机构撤并 --dry-run\n  zhengyin seal revoke 99010000000001 --reason 遗失 --basis 示例规定第十条 --effective 2026-05-20"
    )]
    Revoke(change::Args),
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Make(args) => make::run(args, global, out),
        Action::Verify(args) => verify::run(args, global, out),
        Action::Stamp(args) => stamp::run(args, global, out),
        Action::Show(args) => show::run(args, out),
        Action::List(args) => list::run(args, global, out),
        Action::Suspend(args) => change::run(args, State::Suspended, global, out),
        Action::Resume(args) => change::run(args, State::InForce, global, out),
        Action::Revoke(args) => change::run(args, State::Revoked, global, out),
    }
}
