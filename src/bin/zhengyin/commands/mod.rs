//! One file a command: its words, and what it does with them.

mod authority;
mod completions;
mod demo;
mod explain;
mod holder;
mod inspect;
mod key;
mod kind;
mod kiosk;
mod license;
mod man;
mod pack;
mod qr;
mod register;
mod replay;
mod seal;
mod status;
mod store;
mod trust;
mod verify;

use crate::args::Cli;
use crate::output::{Exit, Failure, Out};

#[derive(clap::Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one, for as long as the program runs")]
pub(crate) enum Command {
    Demo(demo::Args),
    Key(key::Args),
    Authority(authority::Args),
    License(license::Args),
    Register(register::Args),
    Seal(seal::Args),
    Status(status::Args),
    Trust(trust::Args),
    Pack(pack::Args),
    Type(kind::Args),
    Store(store::Args),
    Verify(verify::Args),
    Kiosk(kiosk::Args),
    Holder(holder::Args),
    Qr(qr::Args),
    Replay(replay::Args),
    Inspect(inspect::Args),
    Explain(explain::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs what was asked for.
pub(crate) fn run(cli: Cli, out: &mut Out) -> Result<Exit, Failure> {
    let Cli { global, command } = cli;
    if !matches!(command, Command::Demo(_)) {
        global.check_suite()?;
    }
    let exit = match command {
        Command::Demo(args) => demo::run(&args, &global, out),
        Command::Key(args) => key::run(&args, &global, out),
        Command::Authority(args) => authority::run(&args, &global, out),
        Command::License(args) => license::run(&args, &global, out),
        Command::Register(args) => register::run(&args, &global, out),
        Command::Seal(args) => seal::run(&args, &global, out),
        Command::Status(args) => status::run(&args, &global, out),
        Command::Trust(args) => trust::run(&args, &global, out),
        Command::Pack(args) => pack::run(&args, &global, out),
        Command::Type(args) => kind::run(&args, &global, out),
        Command::Store(args) => store::run(&args, &global, out),
        Command::Kiosk(args) => kiosk::run(&args, &global, out),
        Command::Verify(args) => verify::run(&args, &global, out),
        Command::Holder(args) => holder::run(&args, &global, out),
        Command::Qr(args) => qr::run(&args, out),
        Command::Replay(args) => replay::run(&args, &global, out),
        Command::Inspect(args) => inspect::run(&args, out),
        Command::Explain(args) => explain::run(&args, out),
        Command::Completions(args) => Ok(completions::run(&args, out)),
        Command::Man(args) => man::run(&args, out),
    }?;
    out.finish(exit)
}
