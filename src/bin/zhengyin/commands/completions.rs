//! `completions`: what a shell needs to complete our words.

use crate::output::{Exit, Out};
use clap_complete::Shell;
use zhengyin::reason::Language;

/// Print the completion script for a shell
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin completions bash > /etc/bash_completion.d/zhengyin")]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, out: &mut Out) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::args::command(Language::En), "zhengyin", &mut script);
    out.bytes(&script);
    Exit::Done
}
