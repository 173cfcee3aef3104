//! One file a command: its words, and what it does with them.

mod completions;
mod explain;

use crate::args::Cli;
use crate::output::{Exit, Failure, Out};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum Command {
    Explain(explain::Args),
    Completions(completions::Args),
}

/// Runs what was asked for.
pub(crate) fn run(cli: Cli, out: &mut Out) -> Result<Exit, Failure> {
    let exit = match cli.command {
        Command::Explain(args) => explain::run(&args, out),
        Command::Completions(args) => Ok(completions::run(&args, out)),
    }?;
    out.finish(exit)
}
