//! `status`: the status lists of an authority, and what they say of a license.

mod history;
mod prove;
mod publish;
mod show;
mod token;

use crate::args::Global;
use crate::output::{Exit, Failure, Out};

/// Publish and show status lists (吊销清单); show and prove the status of a license
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    Publish(publish::Args),
    Show(show::Args),
    Prove(prove::Args),
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::Publish(args) => publish::run(args, global, out),
        Action::Show(args) => show::run(args, global, out),
        Action::Prove(args) => prove::run(args, global, out),
    }
}
