//! As many answers as scans, whatever they are: seeded, so that a failure comes again.

use super::*;
use std::time::Instant;
use zhengyin::carrier::{Prepared, encode_base45, encode_digits};
use zhengyin::issue::prepare;

/// xorshift64*: the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, most: usize) -> usize {
        (self.roll() % most.max(1) as u64) as usize
    }
}

/// One scan of some bytes, none of them a line end, not only white space.
fn scan(dice: &mut Dice, codes: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = codes[dice.below(codes.len())].clone();
    match dice.below(12) {
        // As it is.
        0 | 1 => {}
        // Cut, at either end.
        2 => bytes.truncate(dice.below(bytes.len())),
        3 => drop(bytes.drain(..dice.below(bytes.len()))),
        // Altered, in one place or in several.
        4 => {
            let at = dice.below(bytes.len());
            bytes[at] = dice.roll() as u8;
        }
        5 => {
            for _ in 0..dice.below(20) {
                let at = dice.below(bytes.len());
                bytes[at] = b"0123456789 AZ:%"[dice.below(15)];
            }
        }
        // Lost and doubled within.
        6 => {
            let at = dice.below(bytes.len());
            bytes.drain(at..(at + dice.below(20)).min(codes[0].len().min(at + 1)).max(at));
            let at = dice.below(bytes.len().max(1));
            bytes.insert(at, b'7');
        }
        7 => {
            let other = &codes[dice.below(codes.len())];
            bytes.extend_from_slice(other);
        }
        8 => bytes = (0..dice.below(400)).map(|_| dice.roll() as u8).collect(),
        9 => bytes = (0..dice.below(400)).map(|_| b'0' + dice.below(10) as u8).collect(),
        10 => {
            bytes =
                [&b"860"[..], &(0..dice.below(600)).map(|_| b'0' + dice.below(10) as u8).collect::<Vec<u8>>()].concat()
        }
        _ => bytes = "网\u{202e}\u{1b}[2J\u{0}\u{feff}8601".repeat(dice.below(9) + 1).into_bytes(),
    }
    bytes.retain(|byte| !matches!(byte, b'\n' | b'\r'));
    if String::from_utf8_lossy(&bytes).trim().is_empty() || bytes.iter().all(|byte| matches!(byte, 0xef | 0xbb | 0xbf))
    {
        bytes = b"?".to_vec();
    }
    bytes
}

fn codes(world: &mut World) -> Vec<Vec<u8>> {
    let names = ["business-license", "driving-licence", "hygiene-permit", "food-operation-permit"];
    let mut codes = Vec::new();
    for name in names {
        let license = world.issue(name).bytes;
        codes.push(prepare(&license).unwrap().digits());
        codes.push(encode_digits(&license).unwrap());
        codes.push(encode_base45(&license).unwrap());
        codes.extend(Prepared::plain(&license).unwrap().split(300).unwrap().iter().map(Prepared::digits));
    }
    codes.extend(["https://example.com/", "HC1:6BFOXN", "134567890123456789", "6901234567892"].map(str::to_owned));
    codes.into_iter().map(String::into_bytes).collect()
}

/// 10,000 scans, 10,000 answers; each of a known kind, and every verdict `valid` on bytes that were not altered.
#[test]
fn every_scan_gets_an_answer() {
    let count = std::env::var("SCANS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let mut world = World::new();
    let codes = codes(&mut world);
    let folder = folder("random", &mut world);
    let mut dice = Dice(0x7a68_656e_6779_696e);
    let mut input = Vec::new();
    let mut scans = Vec::new();
    for _ in 0..count {
        let scan = scan(&mut dice, &codes);
        input.extend_from_slice(&scan);
        input.push(if dice.below(2) == 0 { b'\n' } else { b'\r' });
        scans.push(scan);
    }
    let begun = Instant::now();
    let (lines, exit, errors) = kiosk(&folder, &[], &input);
    let took = begun.elapsed();
    assert_eq!((exit, errors.lines().count()), (Some(0), 1), "{errors}");
    let answers = answers(&lines);
    assert_eq!(answers.len(), count);
    check_schema(&lines[..lines.len().min(400)]);
    let mut kinds = std::collections::BTreeMap::<&str, usize>::new();
    for answer in &answers {
        *kinds.entry(answer["answer"].as_str().unwrap()).or_default() += 1;
    }
    println!("{count} scans in {took:?}: {kinds:?}");
    assert_eq!(kinds.len(), 4 + usize::from(kinds.contains_key("other_object")), "{kinds:?}");
    // Digits carry no redundancy: what was altered may be read, and is then no license that anybody signed.
    let genuine: std::collections::BTreeSet<Vec<u8>> = codes.iter().map(|code| code.to_ascii_uppercase()).collect();
    for (answer, scan) in answers.iter().zip(&scans) {
        if answer["verdict"] == "valid" && answer["carrier"]["parts"] == 1 {
            let text = String::from_utf8_lossy(scan);
            assert!(genuine.contains(text.trim().to_ascii_uppercase().as_bytes()), "{text}");
        }
    }
}
