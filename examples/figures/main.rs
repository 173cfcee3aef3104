//! Prints each performance figure beside the peer or limit that it is measured against, from the same run.
//!
//! `cargo run --release --all-features --example figures [-- [--only PREFIX] [--json] [--long] [--write]]`. Ratios within one run are worth
//! quoting, absolute times are not: the machines are shared. `--long` adds what takes minutes and gigabytes (lists of 10⁸ positions); `--write`
//! writes the table and the plot of `docs/figures`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::float_arithmetic,
    reason = "a program that measures and prints, of data of its own"
)]

#[path = "../world/mod.rs"]
mod world;

#[cfg(all(feature = "cli", unix))]
#[path = "../../tests/tables/sheets.rs"]
mod sheets;

#[cfg(all(feature = "cli", unix))]
mod batch;
#[cfg(feature = "capi")]
mod capi;
mod carrier;
mod cbor;
#[cfg(feature = "serde")]
mod kiosk;
mod measure;
#[cfg(all(feature = "cli", unix))]
mod process;
#[cfg(feature = "sm")]
mod sm2;
mod stamp;
mod status;
mod verify;

use measure::{Figure, Report};

fn main() -> Result<(), String> {
    #[cfg(all(feature = "cli", unix))]
    if std::env::args().nth(1).as_deref() == Some(process::HELLO) {
        process::hello();
        return Ok(());
    }
    let mut arguments = std::env::args().skip(1);
    let mut report = Report::new();
    let (mut extent, mut write) = (status::Extent::Ordinary, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => report.as_json_lines(),
            "--only" => report.only(arguments.next().ok_or("--only wants the beginning of a figure's name")?),
            "--long" => extent = status::Extent::Long,
            "--write" => write = true,
            other => {
                return Err(format!("unknown argument {other:?}; there are --only PREFIX, --json, --long and --write"));
            }
        }
    }
    if ["verify.known-issuer", "verify.overhead-share", "verify.first"].iter().any(|name| report.wants(name)) {
        verify::figures(&mut report);
    }
    #[cfg(feature = "serde")]
    if report.wants("kiosk.scan") {
        kiosk::figures(&mut report);
    }
    if ["cbor.encode", "cbor.decode"].iter().any(|name| report.wants(name)) {
        cbor::figures(&mut report);
    }
    #[cfg(feature = "sm")]
    if report.wants("sm2") {
        sm2::figures(&mut report);
    }
    #[cfg(feature = "sm")]
    if report.wants("sm3") {
        sm2::throughput(&mut report);
    }
    if report.wants("qr.version") {
        carrier::figures(&mut report);
    }
    if report.wants("stamp") {
        stamp::figures(&mut report);
    }
    #[cfg(feature = "capi")]
    if report.wants("capi.call") {
        capi::figures(&mut report);
    }
    #[cfg(all(feature = "cli", unix))]
    if report.wants("cli.verify") {
        process::figures(&mut report);
    }
    #[cfg(all(feature = "cli", unix))]
    if report.wants("issue.batch") {
        batch::figures(&mut report);
    }
    if report.wants("status") {
        let cells = status::figures(&mut report, extent);
        if write {
            status::write(&cells).map_err(|error| error.to_string())?;
        }
    }
    report.finish()
}

/// A figure whose goal is to be at most so much.
fn at_most(name: &str, value: f64, against: &str, goal: f64) -> Figure {
    Figure { name: name.into(), value, against: against.into(), goal: Some(goal) }
}
