//! The command `zhengyin`: asks for the time, the files and the surroundings, calls the library, and says what it answered.

mod args;
mod batch;
mod clock;
mod commands;
mod config;
mod drawing;
mod files;
mod home;
mod interrupt;
mod keyed;
mod keys;
mod office;
mod output;
mod page;
mod policies;
mod qr;
mod secrets;
mod seen;
mod sheet;
mod stores;
mod template;
mod terminal;

use std::process::ExitCode;

fn main() -> ExitCode {
    let (cli, mut out) = match args::read() {
        Ok(read) => read,
        Err(exit) => return exit.into(),
    };
    let exit = match commands::run(cli, &mut out) {
        Ok(exit) => exit,
        Err(failure) => out.failure(&failure),
    };
    exit.into()
}
