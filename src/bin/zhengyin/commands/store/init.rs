//! `store init`: a store begins with a digest that a person gives; nothing is believed on first sight.

use super::intake::{self, Packs};
use crate::args::Global;
use crate::clock::ClockArg;
use crate::config::{self, Config};
use crate::files;
use crate::output::{Exit, Failure, Loudness, Out, good, plain, say};
use crate::stores::StoreArg;
use serde_json::json;
use std::path::PathBuf;
use zhengyin::claims::id::Region;
use zhengyin::reason::{Language, Reason};
use zhengyin::store::{Pin, Store};

/// Set up the store: it will believe the federation of the pin, and no other
///
/// The pin is the digest of a trust list, or of its signers. It comes from a person whom you trust, not from the pack: on paper, by
/// telephone, on a page that you know. Without it anybody's pack would be as good.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin store init --pin 3b1f…e9 --from federation.zyp --region 990100\n  zhengyin store init --pin 3b1f…e9"
)]
pub(super) struct Args {
    /// Digest of a trust list or of its signers, 64 hexadecimal digits, told by a person
    #[arg(long, value_name = "HEX")]
    pin: Pin,
    /// A pack to begin with; may be given several times
    #[arg(long, value_name = "PACK")]
    from: Vec<PathBuf>,
    /// Where this verifier stands, such as 990100: licenses of the same province are local
    #[arg(long, value_name = "CODE", value_parser = Region::parse)]
    region: Option<Region>,
    #[command(flatten)]
    store: StoreArg,
    #[command(flatten)]
    clock: ClockArg,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let file = args.store.find(global)?;
    file.check_absent()?;
    // What could still fail is tried before the store is there.
    let home = args.region.map(|_| global.home()).transpose()?;
    home.as_ref().map(Config::read).transpose()?;
    let packs = Packs::read(&args.from)?;
    let mut store = Store::new(args.pin);
    let reading = args.clock.read(global)?;
    if let Some(remark) = reading.remark() {
        out.remark(Loudness::Normal, &remark);
    }
    let taken = intake::offer(&mut store, &packs, reading.clock());
    if store.trust().is_none() && !args.from.is_empty() {
        taken.tell(&packs, out);
        return Err(no_trust_list(&args.from));
    }
    if !args.dry_run {
        args.store.make_folder(global)?;
        let lock = file.lock()?;
        file.create(&store)?;
        if let (Some(region), Some(home)) = (args.region, &home) {
            home.make()?;
            config::set_region(home, region)?;
        }
        drop(lock);
    }
    let shown = file.path().display();
    let done = match args.dry_run {
        true => say!("将建立信任库 {shown}", "would set up the store {shown}"),
        false => say!("已建立信任库 {shown}", "set up the store {shown}"),
    };
    out.line(&[good("✓ "), plain(out.say(&done))]);
    taken.tell(&packs, out);
    if store.trust().is_none() {
        out.text(&say!(
            "尚无数据，下一步：zhengyin store apply PACK",
            "It holds nothing yet. Next: zhengyin store apply PACK"
        ));
    }
    out.json(&json!({
        "schema": "zhengyin.store-init/1", "store": file.path(), "pin": args.pin.to_string(), "dry_run": args.dry_run, "clock": reading.word(),
        "region": args.region.map(|region| region.as_str().to_owned()), "objects": taken.json(&packs),
    }));
    Ok(taken.exit())
}

/// Nothing is written then: the store would be empty, and a person believes it to be set up.
fn no_trust_list(from: &[PathBuf]) -> Failure {
    let reason = Reason::StorePinMismatch;
    let (zh, en) = (reason.remedy().text(Language::Zh), reason.remedy().text(Language::En));
    let failure = Failure::new(say!("没有建立信任库", "the store was not set up")).because(say!(
        "所给核验包里没有与摘要相符的互认清单。{zh}",
        "the pack holds no trust list that matches the pin. {en}"
    ));
    match from.first() {
        Some(pack) => failure.next(format!("zhengyin inspect {}", files::quoted(pack))),
        None => failure,
    }
}
