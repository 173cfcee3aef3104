//! Verifies one license offline: `cargo run --example verify -- STORE LICENSE [REGION]`.
//!
//! STORE is the file that `zhengyin store init` and `zhengyin store apply` keep, with the folder `STORE.lists` beside it if it holds large
//! status lists; LICENSE is a `.zyl` file; REGION is where the verifier stands, six digits. The library reads no clock and no file: this program hands both to it.

#![allow(clippy::print_stdout, reason = "an example that prints its answer")]

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::reason::Language;
use zhengyin::store::{BodyFile, BodyName, Store};
use zhengyin::time::{Clock, Timestamp};
use zhengyin::verify::{Verdict, Verifier};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(store), Some(license)) = (arguments.next(), arguments.next()) else {
        return Err("usage: verify STORE LICENSE [REGION]".into());
    };
    let region = arguments.next().map(|text| Region::parse(&text)).transpose()?;

    // Trust data is verified again whenever it is loaded; large lists when they are asked, so that their files might as well be mapped.
    let body = |name: &BodyName| std::fs::read(format!("{store}.lists/{}", name.root)).ok().map(BodyFile::new);
    let store = Store::from_contents(&std::fs::read(&store)?, body)?;
    let license = std::fs::read(license)?;
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let clock = Timestamp::new(now).map_or(Clock::Absent, Clock::reads);

    // A bad license is an answer, not an error.
    let verifier = Verifier::new(&store, Policy::counter(region));
    let report = verifier.verify(&license, clock);
    match report.verdict() {
        Verdict::Valid => println!("有效 valid"),
        Verdict::Invalid => println!("无效 invalid"),
        Verdict::Undetermined => println!("无法判定 undetermined"),
    }
    for (step, outcome) in report.steps().outcomes() {
        match outcome.reason() {
            None => println!("  {:<12} passed", step.name()),
            Some(reason) => {
                println!("  {:<12} {}: {}", step.name(), reason.symbol(), reason.text(Language::En));
                println!("  {:<12} {}", "", reason.remedy().text(Language::En));
            }
        }
    }
    // What the license says may be used only if one with the right to say it said it.
    if let Some(license) = report.license() {
        let license = &license.claims().license;
        println!("  {} {} ({})", license.name, license.number, license.authority_name);
    }
    if let Some(until) = report.good_until() {
        println!("  this answer holds until {until} (seconds since 1970)");
    }
    Ok(())
}
