//! The examples of `docs/status-format.md` are what this code writes, to the byte.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::super::block::Block;
use super::super::form::{Costs, Form};
use super::super::rules::Rules;
use super::super::tally::Tally;
use super::super::*;
use crate::claims::StatusPointer;
use crate::claims::id::CreditCode;
use crate::reason::Language;
use crate::suite::HashAlgorithm::Sha256;
use crate::time::{Day, Timestamp};

/// The document without what is only there for the eye.
fn document() -> String {
    include_str!("../../../docs/status-format.md").chars().filter(|c| !c.is_whitespace() && *c != '|').collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header(length: u32, states: Vec<(u32, State)>) -> (StatusHeader, WrittenBody) {
    let written = WrittenBody::write(length, states, Sha256).unwrap();
    let header = StatusHeader {
        authority: CreditCode::parse("11990000MB0000000J").unwrap(),
        list: 1,
        seq: 7,
        issued: Timestamp::new(1_760_000_000).unwrap(),
        next_update: Timestamp::new(1_760_086_400).unwrap(),
        length,
        layers: written.layers,
        root: written.root,
        previous_root: None,
        epoch: 1,
        details: None,
        log_head: None,
    };
    (header, written)
}

fn stands(length: u32, states: Vec<(u32, State)>, body: &str) {
    let (header, written) = header(length, states);
    let document = document();
    assert_eq!(hex(&written.bytes), body);
    assert!(document.contains(&format!("root{}", written.root)), "root");
    assert!(document.contains(&format!("header{}", hex(&header.encode().unwrap()))), "header");
    for (state, layer) in header.layers.iter() {
        let complement = layer.stored() == Stored::Unlisted;
        let [count, offset, size] = [layer.count(), layer.offset(), layer.size()].map(|number| number.to_string());
        let numbers = format!("{}:[{count},{},{},{complement},{offset},{size}]", state.number(), layer.b(), layer.k());
        assert!(document.contains(&numbers), "{numbers}");
    }
}

#[test]
fn gaps() {
    let revoked = [3, 4, 17].map(|at| (at, State::Revoked));
    stands(20, revoked.to_vec(), "0002000000000000001c10");
    assert!(document().contains("body0002000000000000001c10width"));
}

#[test]
fn two_layers_and_empty_blocks() {
    let states = [(5, State::Revoked), (16_777_215, State::Void), (33_554_439, State::Revoked)];
    stands(40_000_000, states.to_vec(), "010000000000000000010001183001000000000000000004000000ffff3f");
    assert!(document().contains("body0100000000000000000100011830width"));
    assert!(document().contains("01000000000000000004000000ffff3flengths"));
}

#[test]
fn complement_and_raw() {
    let states = (0..300).filter(|at| at % 2 == 0 || *at == 1).map(|at| (at, State::Revoked)).collect();
    let body = format!("00260000000000000085{}", "aa".repeat(37));
    stands(300, states, &body);
    assert!(document().contains(&format!("body{body}width")));
}

#[test]
fn details() {
    let cause = |word: &str| Cause::from_word(word).unwrap();
    let day = |days| Day::new(days).unwrap();
    let revoked = LicenseHistory { cause: cause("deception"), ..LicenseHistory::of(State::Revoked, Some(day(20_000))) };
    let superseded = LicenseHistory {
        cause: cause("changed"),
        successor: Some(StatusPointer { list: 1, index: 19 }),
        ..LicenseHistory::of(State::Superseded, Some(day(20_100)))
    };
    let spell = Spell { state: State::Suspended, from: day(19_990), until: day(19_995), cause: cause("investigation") };
    let resumed = LicenseHistory { past: vec![spell], ..LicenseHistory::IN_FORCE };
    let histories = [(3, revoked.clone()), (4, revoked), (5, resumed), (17, superseded)];
    let written = WrittenBody::write_detailed(20, 1, &histories, Sha256).unwrap();
    let (empty, _) = header(20, vec![]);
    let header = StatusHeader { layers: written.layers, root: written.root, details: written.details, ..empty };
    let document = document();
    let (layers, details) = written.bytes.split_at(20);
    let (first, second) = layers.split_at(10);
    assert!(document.contains(&format!("body{}{}{}width0,shortest28", hex(first), hex(second), hex(details))));
    assert!(document.contains(&format!("root{}", written.root)), "root");
    assert!(document.contains(&format!("header{}", hex(&header.encode().unwrap()))), "header");
    assert!(document.contains("details[4,12,0,false,20,37]body"));
    // The block, bit by bit, as the document takes it apart.
    let bits = details[9..].iter().flat_map(|byte| (0..8).map(move |bit| if byte >> bit & 1 == 1 { '1' } else { '0' }));
    let bits: String = bits.collect();
    let text = include_str!("../../../docs/status-format.md");
    let example = text.split("one block of 28 bytes. Its bits:\n").nth(1).unwrap();
    let lines = example.lines().take_while(|line| !line.starts_with("root"));
    let shown: String = lines.flat_map(|line| line.trim_start().split("  ").next().unwrap().chars()).collect();
    assert_eq!(shown.replace(' ', ""), bits);
    for known in Cause::known() {
        let row = format!("|{}|`{}`|{}|", known.number(), known.word().unwrap(), known.text(Language::Zh).unwrap());
        assert!(text.replace(' ', "").contains(&row), "{row}");
    }
}

#[test]
fn each_form() {
    let positions = [3, 4, 5, 6, 20, 40, 41];
    let runs = super::layer::runs(&positions);
    let mut tally = Tally::new(64);
    runs.iter().for_each(|run| tally.add(*run));
    let chosen = Costs::of(Rules::LIST, &mut tally).choose(3).0;
    let document = document();
    let mut missing = Vec::new();
    for (name, form) in [
        ("gaps", Form::LayerGaps),
        ("owngaps,k=2", Form::OwnGaps { k: 2 }),
        ("runs,k=3,e=1", Form::Runs { k: 3, e: 1 }),
        ("raw", Form::Raw),
        ("unlistedgaps,k=0", Form::UnlistedGaps { k: 0 }),
        ("interpolative", Form::Interpolative),
    ] {
        let bytes = form.write(&runs, 64, 3, Vec::new());
        let line = format!("{name}{}", hex(&bytes));
        if !document.contains(&line) {
            missing.push(line);
        }
        let mut read = Vec::new();
        Block::parse(Rules::LIST, &bytes, 64, 3).unwrap().visit(|run| read.extend(run.from..run.until)).unwrap();
        assert_eq!(read, positions);
    }
    assert!(missing.is_empty(), "{missing:#?}, chosen is {chosen:?}");
}
