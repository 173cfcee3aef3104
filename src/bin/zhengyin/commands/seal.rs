//! `seal`: stamps on documents, and the seals that they were made with.

mod card;
mod show;
mod stamp;
mod verify;

pub(in crate::commands) use verify::{beside, digest_of};

use crate::args::Global;
use crate::output::{Exit, Failure, Out};

/// Stamp documents with an electronic seal (电子印章), and verify stamps (电子签章) without a network
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one, for as long as the program runs")]
enum Action {
    Verify(verify::Args),
    Stamp(stamp::Args),
    Show(show::Args),
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Verify(args) => verify::run(args, global, out),
        Action::Stamp(args) => stamp::run(args, global, out),
        Action::Show(args) => show::run(args, out),
    }
}
