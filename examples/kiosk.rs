//! A kiosk of one's own, in the library: bytes in, reports out. `cargo run --example kiosk -- STORE [REGION] < scanned.txt`.
//!
//! STORE is the file that `zhengyin store init` keeps; REGION is where the verifier stands, six digits. What a scanner sends comes on
//! standard input: a line a scan, the parts of a code a line each. The library reads no clock and no device: this program hands it the
//! bytes and the times.

#![allow(clippy::print_stdout, reason = "an example that prints its answers")]

use std::error::Error;
use std::io::Read;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use zhengyin::carrier;
use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::reason::Language;
use zhengyin::scan::{Collected, Collector, Frame, Framer, Offered, PARTS_WITHIN, Uses};
use zhengyin::store::Store;
use zhengyin::time::{Clock, Timestamp};
use zhengyin::verify::Verifier;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let store = arguments.next().ok_or("usage: kiosk STORE [REGION] < scanned.txt")?;
    let region = arguments.next().map(|text| Region::parse(&text)).transpose()?;
    let store = Store::from_bytes(&std::fs::read(&store)?)?;
    let verifier = Verifier::new(&store, Policy::kiosk(region));

    // Standard input is no keyboard here: a pause within a line means nothing. A scanner that types wants `Some(IDLE)`.
    let (mut framer, mut collector) = (Framer::new(None), Collector::new(PARTS_WITHIN));
    // A real kiosk keeps a random key, and the log, in files of its own.
    let mut uses = Uses::new([0; 32], 30 * 86_400, 10_000);
    let since = Instant::now();
    let mut chunk = [0; 4096];
    loop {
        let length = std::io::stdin().read(&mut chunk)?;
        let mut frames = framer.push(chunk.get(..length).unwrap_or_default(), since.elapsed());
        if length == 0 {
            frames.extend(framer.finish());
        }
        for frame in frames {
            answer(&frame, &mut collector, &verifier, &mut uses, since)?;
        }
        if length == 0 {
            return Ok(());
        }
    }
}

/// Whatever was scanned has an answer; only a clock that cannot be read is an error.
fn answer(
    frame: &Frame,
    collector: &mut Collector,
    verifier: &Verifier<'_>,
    uses: &mut Uses,
    since: Instant,
) -> Result<(), Box<dyn Error>> {
    let collected = match frame {
        Frame::Scan(bytes) => collector.add(&String::from_utf8_lossy(bytes), since.elapsed()),
        Frame::TooLong { .. } => Err(carrier::Error::TooLong),
    };
    let decoded = match collected {
        Ok(Collected::Whole(decoded)) => decoded,
        Ok(Collected::Waiting(waiting)) => {
            println!("part {} of {}; missing: {:?}", waiting.number, waiting.total, waiting.missing);
            return Ok(());
        }
        Err(error) => {
            println!("no license: {error} ({})", error.reason().symbol());
            return Ok(());
        }
    };
    let offered = Offered::of(&decoded.bytes);
    if !offered.is_for_the_verifier() {
        println!("no license: {}", offered.text(Language::En));
        return Ok(());
    }
    let now = Timestamp::new(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?);
    let report = verifier.verify(&decoded.bytes, now.map_or(Clock::Absent, Clock::reads));
    let ground = report.steps().deciding().map_or("", |(_, reason)| reason.symbol());
    println!("{} {ground}", report.verdict().name());
    if let (true, Some(envelope), Some(now)) = (report.is_authentic(), report.envelope(), now)
        && let Some(before) = uses.note(&envelope.object_digest(), now)
    {
        println!("  the same code was shown here {} times before", before.times);
    }
    Ok(())
}
