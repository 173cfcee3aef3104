//! `qr`: codes written and read. Nothing is verified here.

mod challenge;
mod make;
mod read;

pub(crate) use make::{CodeArgs, object};

use crate::output::{Exit, Failure, Out};

/// Write QR codes, and read them from pictures; nothing is verified
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Make(make::Args),
    Read(read::Args),
    Challenge(challenge::Args),
}

pub(crate) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Make(args) => make::run(args, out),
        Action::Read(args) => read::run(args, out),
        Action::Challenge(args) => challenge::run(args, out),
    }
}
