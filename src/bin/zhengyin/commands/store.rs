//! `store`: what this verifier holds, and how it comes to hold it.

mod apply;
mod doctor;
mod init;
mod intake;
mod show;

use crate::args::Global;
use crate::output::{Exit, Failure, Out};

/// Set up, update and show what this verifier holds
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Init(init::Args),
    Apply(apply::Args),
    Show(show::Args),
    Doctor(doctor::Args),
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Init(args) => init::run(args, global, out),
        Action::Apply(args) => apply::run(args, global, out),
        Action::Show(args) => show::run(args, global, out),
        Action::Doctor(args) => doctor::run(args, global, out),
    }
}
