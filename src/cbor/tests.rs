#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::labels::tag::EPOCH_DAYS;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn fault(text: &str) -> Fault {
    check(&hex(text)).expect_err(text).fault
}

/// RFC 8949 Appendix A, the examples that the format admits.
#[test]
fn canonical_items_are_read() {
    for item in [
        "00",
        "01",
        "0a",
        "17",
        "1818",
        "1864",
        "1903e8",
        "1a000f4240",
        "1b000000e8d4a51000",
        "1bffffffffffffffff",
        "20",
        "29",
        "3863",
        "3903e7",
        "f4",
        "f5",
        "f6",
        "40",
        "4401020304",
        "60",
        "6161",
        "6449455446",
        "62c3bc",
        "63e6b0b4",
        "64f0908591",
        "80",
        "83010203",
        "8301820203820405",
        "a0",
        "a201020304",
        "a26161016162820203",
        "826161a161626163",
        "3b7fffffffffffffff",
        "a56161614161626142616361436164614461656145",
        "d8641904d2",
        "d86420",
    ] {
        assert_eq!(check(&hex(item)), Ok(()), "{item}");
    }
}

/// RFC 8949 Appendix A, the examples that the format refuses, and Appendix F.
#[test]
fn everything_else_is_refused_by_name() {
    for item in ["f90000", "f98000", "f93c00", "fb3ff199999999999a", "fa47c35000", "f97e00", "f97c00"] {
        assert_eq!(fault(item), Fault::Float, "{item}");
    }
    for item in ["f7", "f0", "f8ff", "e0", "f818", "f814"] {
        assert_eq!(fault(item), Fault::Simple, "{item}");
    }
    for item in [
        "c249010000000000000000",
        "c11a514b67b0",
        "d74401020304",
        "d83d01",
        "d90102a0",
        "d2d2808080",
        "d2a0",
        "d864f6",
        "d864d86400",
    ] {
        assert_eq!(fault(item), Fault::Tag, "{item}");
    }
    for item in [
        "5f42010243030405ff",
        "7f657374726561646d696e67ff",
        "9fff",
        "9f018202039f0405ffff",
        "bf61610161629f0203ffff",
        "ff",
    ] {
        assert_eq!(fault(item), Fault::Indefinite, "{item}");
    }
    for item in [
        "1800",
        "1817",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "3800",
        "5800",
        "7801 61",
        "9800",
        "b800",
        "d812",
    ] {
        assert_eq!(fault(&item.replace(' ', "")), Fault::NotShortest, "{item}");
    }
    for item in [
        "",
        "18",
        "19",
        "1a",
        "1b",
        "1901",
        "1a0102",
        "1b01020304050607",
        "38",
        "58",
        "78",
        "98",
        "9a01ff00",
        "b8",
        "d8",
        "41",
        "61",
        "5affffffff00",
        "7b7fffffffffffffff010203",
        "81",
        "818181818181818181",
        "8200",
        "a1",
        "a20102",
        "a100",
        "c0",
    ] {
        let _ = fault(item);
    }
    for item in ["1c", "1d", "1e", "3c", "3d", "5c", "7d", "9e", "bc", "dc", "fc", "1f", "3f", "df"] {
        assert_eq!(fault(item), Fault::Reserved, "{item}");
    }
    assert_eq!(fault("3b8000000000000000"), Fault::TooNegative);
    assert_eq!(fault("3bffffffffffffffff"), Fault::TooNegative);
    assert_eq!(fault("0000"), Fault::TrailingBytes);
    assert_eq!(fault("61ff"), Fault::NotUtf8);
    assert_eq!(fault("63edA080"), Fault::NotUtf8);
    assert_eq!(fault("610a"), Fault::Character);
    assert_eq!(fault("63e280ae"), Fault::Character);
    assert_eq!(fault("a2010201 03".replace(' ', "").as_str()), Fault::DuplicateKey);
    assert_eq!(fault("a203040102"), Fault::KeyOrder);
    // Bytewise order, not length first: -1 (0x20) stands after 100 (0x1864).
    assert_eq!(check(&hex("a2186400 2000".replace(' ', "").as_str())), Ok(()));
    assert_eq!(fault("a220001864 00".replace(' ', "").as_str()), Fault::KeyOrder);
}

#[test]
fn nesting_is_bounded_and_costs_no_stack() {
    let nested = |depth: usize| [vec![0x81; depth], vec![0x00]].concat();
    assert_eq!(check(&nested(8)), Ok(()));
    assert_eq!(check(&nested(9)), Err(Error { fault: Fault::TooDeep, at: 8 }));
    assert_eq!(check(&nested(1_000_000)).unwrap_err().fault, Fault::TooDeep);
    assert_eq!(check(&hex("8181818181818181a0")).unwrap_err().fault, Fault::TooDeep);
}

#[test]
fn keys_of_any_type_are_ordered_when_skipped() {
    assert_eq!(check(&hex("a2 8101 00 8102 00".replace(' ', "").as_str())), Ok(()));
    assert_eq!(fault("a2 8102 00 8101 00".replace(' ', "").as_str()), Fault::KeyOrder);
    assert_eq!(fault("a1 00 a2 01 02 01 02".replace(' ', "").as_str()), Fault::DuplicateKey);
}

#[test]
fn the_writer_sorts_keys_and_refuses_what_the_reader_refuses() {
    let mut writer = Writer::new();
    writer.map(|map| {
        map.entry("b", |w| w.null());
        map.entry(-1, |w| w.uint(1));
        map.entry(100, |w| w.int(i64::MIN));
        map.optional(7, None::<u64>, Writer::uint);
    });
    assert_eq!(writer.finish().unwrap(), hex("a318643b7fffffffffffffff2001616 2f6".replace(' ', "").as_str()));

    let mut many = Writer::new();
    many.map(|map| (0..1_000).rev().for_each(|key| map.entry(key, |w| w.map(|inner| inner.entry(key, Writer::null)))));
    let many = many.finish().unwrap();
    assert_eq!(many[..3], [0xb9, 0x03, 0xe8]);

    let refused = |write: fn(&mut Writer)| {
        let mut writer = Writer::new();
        write(&mut writer);
        writer.finish().unwrap_err().fault
    };
    assert_eq!(refused(|w| w.text("a\u{200b}")), Fault::Character);
    assert_eq!(refused(|w| w.array(2)), Fault::UnexpectedEnd);
    let twice = |w: &mut Writer| {
        w.map(|m| {
            m.entry(1, Writer::null);
            m.entry(1, Writer::null);
        });
    };
    assert_eq!(refused(twice), Fault::DuplicateKey);
}

/// Reads any item through the typed methods and writes it again: a second, recursive reading of the same grammar.
fn rewrite(reader: &mut Reader<'_>, writer: &mut Writer) -> Result<(), Error> {
    match reader.kind()? {
        Kind::Uint => writer.uint(reader.uint()?),
        Kind::Negative => writer.int(reader.int()?),
        Kind::Bytes => writer.bytes(reader.bytes()?),
        Kind::Text => writer.text(reader.text()?),
        Kind::Array => {
            let n = reader.array()?;
            writer.array(n);
            for _ in 0..n {
                rewrite(reader, writer)?;
            }
        }
        Kind::Map => {
            let mut map = reader.map()?;
            let mut result = Ok(());
            writer.map(|out| {
                result = (|| {
                    while let Some(key) = map.next(reader)? {
                        let mut value = Writer::new();
                        rewrite(reader, &mut value)?;
                        out.entry(key, |w| w.item(&value.out_for_test()));
                    }
                    Ok(())
                })();
            });
            result?;
        }
        Kind::Tag => {
            reader.tag(EPOCH_DAYS)?;
            writer.tag(EPOCH_DAYS);
            writer.int(reader.int()?);
        }
        Kind::Simple => {
            let mut probe = reader.clone();
            if probe.null().is_ok() {
                reader.null()?;
                writer.null();
            } else {
                writer.boolean(reader.boolean()?);
            }
        }
    }
    Ok(())
}

impl Writer {
    fn out_for_test(&self) -> Vec<u8> {
        self.clone().finish().expect("what was read is canonical")
    }
}

fn item() -> impl Strategy<Value = Vec<u8>> {
    let text = prop::collection::vec(prop_oneof![Just('证'), Just('a'), Just('é'), Just('𠀀'), Just(' ')], 0..12);
    let leaf = prop_oneof![
        any::<u64>().prop_map(|v| written(|w| w.uint(v))),
        any::<i64>().prop_map(|v| written(|w| w.int(v))),
        (0u64..300).prop_map(|v| written(|w| w.uint(v))),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|v| written(|w| w.bytes(&v))),
        text.prop_map(|v| written(|w| w.text(&v.iter().collect::<String>()))),
        any::<bool>().prop_map(|v| written(|w| w.boolean(v))),
        Just(written(Writer::null)),
        any::<i32>().prop_map(|v| written(|w| {
            w.tag(EPOCH_DAYS);
            w.int(i64::from(v));
        })),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6)
                .prop_map(|v| written(|w| w.array_of(v.iter(), |w, item| w.item(item)))),
            prop::collection::btree_map(any::<i64>(), inner, 0..6).prop_map(|v| written(|w| w.map(|m| {
                v.iter().for_each(|(key, value)| m.entry(*key, |w| w.item(value)));
            }))),
        ]
    })
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new();
    write(&mut writer);
    writer.out_for_test()
}

/// Something that a program asks of a writer, right or wrong.
#[derive(Clone, Debug)]
enum Asked {
    Int(i64),
    Text(&'static str),
    Tag(u64),
    Array(usize),
    Item(Vec<u8>),
    Map(Vec<(i64, Vec<Asked>)>),
    Texts(Vec<(&'static str, Vec<Asked>)>),
}

fn asked() -> impl Strategy<Value = Vec<Asked>> {
    let text = prop::sample::select(vec!["", "a", "b", "aa", "证", "\u{200b}"]);
    let one = prop_oneof![
        4 => prop::sample::select(vec![0, 1, 23, 24, 300, -1, i64::MIN]).prop_map(Asked::Int),
        2 => text.clone().prop_map(Asked::Text),
        1 => prop::sample::select(vec![17, 18, 98, 100]).prop_map(Asked::Tag),
        3 => (0_usize..4).prop_map(Asked::Array),
        1 => prop::sample::select(vec![vec![0x01], vec![0x81], vec![0x18, 0x01], vec![]]).prop_map(Asked::Item),
    ];
    let some = |one: BoxedStrategy<Asked>| prop_oneof![8 => prop::collection::vec(one.clone(), 1..2), 2 => prop::collection::vec(one, 0..5)];
    let one = one.boxed().prop_recursive(4, 40, 5, move |inner| {
        let entries = some(inner.boxed());
        prop_oneof![
            prop::collection::vec((-3_i64..40, entries.clone()), 0..5).prop_map(Asked::Map),
            prop::collection::btree_map(-3_i64..40, entries.clone(), 0..30)
                .prop_map(|map| Asked::Map(map.into_iter().collect())),
            prop::collection::vec((text.clone(), entries), 0..4).prop_map(Asked::Texts),
        ]
    });
    some(one.boxed())
}

fn write_asked(writer: &mut Writer, asked: &[Asked]) {
    for one in asked {
        match one {
            Asked::Int(value) => writer.int(*value),
            Asked::Text(text) => writer.text(text),
            Asked::Tag(tag) => writer.tag(*tag),
            Asked::Array(length) => writer.array(*length),
            Asked::Item(bytes) => writer.item(bytes),
            Asked::Map(entries) => writer.map(|map| {
                entries.iter().for_each(|(key, value)| map.entry(*key, |writer| write_asked(writer, value)));
            }),
            Asked::Texts(entries) => writer.map(|map| {
                entries.iter().for_each(|(key, value)| map.entry(*key, |writer| write_asked(writer, value)));
            }),
        }
    }
}

#[test]
fn the_account_settles_what_is_usual() {
    let is_settled = |write: fn(&mut Writer)| {
        let mut writer = Writer::new();
        write(&mut writer);
        writer.account.is_settled()
    };
    assert!(is_settled(|w| w.array_of([1, 2].into_iter(), Writer::uint)));
    assert!(is_settled(|w| w.map(|map| {
        map.entry(1, |w| w.array(0));
        map.entry(-1, |w| {
            w.tag(EPOCH_DAYS);
            w.int(-1);
        });
        map.entry("a", |w| w.map(|_| ()));
        map.entry("b", Writer::null);
    })));
    // Right, and left to the reader.
    assert!(!is_settled(|w| w.item(&[0x01])));
    assert!(!is_settled(|w| (0..9).for_each(|_| w.array(1))));
    for wrong in [
        |w: &mut Writer| w.array(1),
        |w: &mut Writer| (0..2).for_each(|_| w.null()),
        |w: &mut Writer| w.text("\n"),
        |w: &mut Writer| w.map(|map| map.entry(1, |_| ())),
        |w: &mut Writer| w.map(|map| map.entry(1, |w| (0..2).for_each(|_| w.null()))),
        |w: &mut Writer| w.map(|map| map.entry(1, |w| w.array(1))),
        |w: &mut Writer| w.map(|map| (0..2).for_each(|_| map.entry(1, Writer::null))),
        |w: &mut Writer| (w.tag(EPOCH_DAYS), w.null()).1,
        |w: &mut Writer| (w.tag(1), w.int(0)).1,
        |_: &mut Writer| (),
    ] {
        assert!(!is_settled(wrong));
    }
}

proptest! {
    /// Whatever a program asks for: the writer gives what the reader accepts, or refuses what the reader refuses.
    #[test]
    fn the_account_settles_nothing_that_the_reader_refuses(asked in asked()) {
        let mut writer = Writer::new();
        write_asked(&mut writer, &asked);
        let accepted = check(&writer.out);
        prop_assert!(!writer.account.is_settled() || accepted.is_ok(), "{:02x?}", writer.out);
        prop_assert_eq!(writer.finish().map(|_| ()), accepted);
    }

    #[test]
    fn what_is_read_is_written_as_the_same_bytes(bytes in item()) {
        let mut writer = Writer::new();
        rewrite(&mut Reader::new(&bytes), &mut writer).unwrap();
        prop_assert_eq!(writer.finish().unwrap(), bytes);
    }

    #[test]
    fn arbitrary_bytes_are_refused_or_round_trip(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut writer = Writer::new();
        if check(&bytes).is_ok() && rewrite(&mut Reader::new(&bytes), &mut writer).is_ok() {
            prop_assert_eq!(writer.finish().unwrap(), bytes);
        }
    }

    /// A general decoder agrees on the meaning of what we accept, and its own canonical-looking output is ours.
    #[test]
    fn an_independent_decoder_agrees(bytes in item()) {
        let value: ciborium::Value = ciborium::from_reader(bytes.as_slice()).unwrap();
        let mut out = Vec::new();
        ciborium::into_writer(&value, &mut out).unwrap();
        prop_assert_eq!(out, bytes);
    }

    #[test]
    fn any_mutation_of_an_item_ends_in_an_answer(bytes in item(), at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut bytes = bytes;
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        let _ = check(&bytes);
        for end in 0..bytes.len() {
            let _ = check(&bytes[..end]);
        }
    }

    #[test]
    fn a_truncated_item_is_refused(bytes in item()) {
        for end in 0..bytes.len() {
            prop_assert!(check(&bytes[..end]).is_err());
        }
    }
}
