//! Status lists that no writer writes, signed by who may sign the list: all the bytes that a store takes at most, and each ends in a reason,
//! after work in proportion to its bytes. Small ones are cases of `test-vectors/`, the rules one by one are tests of `src/status/`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test")]

use zhengyin::cbor::Writer;
use zhengyin::envelope::ObjectType;
use zhengyin::limits::MAX_TRUST_OBJECT;
use zhengyin::reason::Reason;
use zhengyin::status::StatusList;
use zhengyin::suite::HashAlgorithm;

#[path = "../examples/world/mod.rs"]
mod world;

use world::{HOUR, World, sign, status_key};

const AUTHORITY: &str = "11990100MB0000000P";
/// Room for the header's envelope.
const HEADER: usize = 1_000;

/// A layer of state 1 and the body that it lies in; the root of the body is signed, where the directory leads through it.
fn list(world: &World, length: u32, (count, b, k): (u64, u64, u64), body: &[u8]) -> Vec<u8> {
    let mut root = [0; 32];
    loop {
        let mut header = Writer::new();
        header.map(|map| {
            map.entry(1, |w| w.text(AUTHORITY));
            map.entry(2, |w| w.uint(1));
            map.entry(3, |w| w.uint(9));
            map.entry(4, |w| w.timestamp(world.time(-HOUR / 2)));
            map.entry(5, |w| w.timestamp(world.time(HOUR)));
            map.entry(6, |w| w.uint(length.into()));
            map.entry(7, |w| {
                w.map(|layers| {
                    layers.entry(1, |w| {
                        w.array(6);
                        [count, b, k].into_iter().for_each(|number| w.uint(number));
                        w.boolean(false);
                        [0, u64::try_from(body.len()).unwrap()].into_iter().for_each(|number| w.uint(number));
                    });
                });
            });
            map.entry(8, |w| w.bytes(&root));
            map.entry(10, |w| w.uint(0));
        });
        let envelope = sign(ObjectType::Status, header.finish().unwrap(), &status_key(AUTHORITY));
        let mut object = Writer::with_capacity(body.len() + HEADER);
        object.array(2);
        object.item(&envelope);
        object.bytes(body);
        let object = object.finish().unwrap();
        match StatusList::parse(&object).map(|list| list.claimed_body().root(HashAlgorithm::Sha256)) {
            Ok(Ok(found)) if *found.as_bytes() != root => root = *found.as_bytes(),
            _ => return object,
        }
    }
}

/// Bytes that look random (SplitMix64).
fn noise(seed: usize, length: usize) -> Vec<u8> {
    let mut state = u64::try_from(seed).unwrap();
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// A directory for blocks of one length, and the blocks.
fn body(blocks: usize, length: usize, bytes: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut body = vec![0];
    body.extend_from_slice(&u32::try_from(length).unwrap().to_le_bytes()[..3]);
    for group in 0..blocks.div_ceil(32) {
        body.extend_from_slice(&(group * 32 * length).to_le_bytes()[..5]);
    }
    (0..blocks).for_each(|block| body.extend(bytes(block)));
    body
}

/// What a store that holds the federation answers; it stays as it was.
fn refused(world: &World, object: &[u8]) -> Reason {
    assert!(object.len() <= MAX_TRUST_OBJECT, "otherwise its size alone would tell");
    let mut store = world.sound_store();
    let before = store.to_bytes();
    let refusal = store.apply(object, world.asked()).unwrap_err();
    assert!(store.to_bytes() == before, "{:?}: what is refused changes nothing", refusal.reason);
    refusal.reason
}

#[test]
fn sixty_four_mebibytes_of_noise() {
    let world = World::new();
    let most = MAX_TRUST_OBJECT - HEADER;
    // Noise for a directory: nothing leads anywhere.
    let object = list(&world, u32::MAX, (50_000_000, 14, 3), &noise(1, most));
    assert_eq!(refused(&world, &object), Reason::EncodingMalformed);
    // A directory that leads through all of it, and a root that was signed: blocks of a thousand bytes, and of as many as a bitmap has.
    // Noise may look like a form of later versions.
    let ends = [Reason::EncodingMalformed, Reason::EncodingNotCanonical, Reason::EncodingFormUnknown];
    let coded = body(1 << 16, 1_000, |block| noise(block, 1_000));
    let coded = list(&world, 1 << 30, (16_000_000, 14, 7), &coded);
    assert!(coded.len() > most - (4 << 20), "nearly all of the room");
    let reason = refused(&world, &coded);
    assert!(ends.contains(&reason), "{reason:?}");
    // Noise in bitmaps is a list like any other: only its count is wrong, and that is seen at the end. All of it where the code is fast.
    let blocks = if cfg!(debug_assertions) { 500 } else { (most - 6_000) / 2_049 };
    let length = u32::try_from(blocks << 14).unwrap();
    let bitmaps = body(blocks, 2_049, |block| {
        // Their first bits say that they are bitmaps, and the last one is filled with zeros.
        let mut bytes = noise(block, 2_049);
        (bytes[0], bytes[2_048]) = (bytes[0] & 0xf0 | 0x05, bytes[2_048] & 0x0f);
        bytes
    });
    let listed: u64 = u64::from(length) / 2;
    let reason = refused(&world, &list(&world, length, (listed, 14, 0), &bitmaps));
    assert!(ends.contains(&reason), "{reason:?}");
    // And no list at all.
    let noise = noise(2, most);
    assert!(world.sound_store().apply(&noise, world.asked()).is_err());
    assert!(world.sound_store().apply_pack(&noise, world.asked()).is_err());
}

#[test]
fn megabytes_of_zeros_in_a_unary_code() {
    let world = World::new();
    for zeros in [1_025, 1 << 20, (1 << 24) - 1] {
        let object =
            list(&world, u32::MAX, (1, 24, 23), &body(256, zeros.min(200_000), |_| vec![0; zeros.min(200_000)]));
        assert_eq!(refused(&world, &object), Reason::EncodingMalformed, "{zeros} bytes");
        let one = list(&world, 1 << 24, (1, 24, 23), &body(1, zeros, |_| vec![0; zeros]));
        assert_eq!(refused(&world, &one), Reason::EncodingMalformed, "{zeros} bytes in one block");
    }
}

/// A few bytes that stand for billions of positions are no work.
#[test]
fn a_few_bytes_that_stand_for_billions() {
    let world = World::new();
    for count in [1_u64 << 63, u64::MAX, 1 << 33] {
        let object = list(&world, u32::MAX, (count, 24, 0), &body(256, 1, |_| vec![0x02]));
        assert_eq!(refused(&world, &object), Reason::EncodingMalformed, "a count of {count}");
    }
    // The directory says that each of 2^21 blocks is long, or that none of many has a byte.
    for shortest in [1_u32, 255, (1 << 24) - 1] {
        let mut bytes = vec![0];
        bytes.extend_from_slice(&shortest.to_le_bytes()[..3]);
        bytes.resize(4 + 5 * (1 << 16) + 100, 0x55);
        let object = list(&world, u32::MAX, (1 << 29, 11, 0), &bytes);
        assert_eq!(refused(&world, &object), Reason::EncodingMalformed);
    }
    let reason = refused(&world, &list(&world, 1 << 26, (1 << 23, 11, 0), &body(1 << 15, 0, |_| Vec::new())));
    assert!(matches!(reason, Reason::EncodingMalformed | Reason::EncodingNotCanonical), "{reason:?}");
}
