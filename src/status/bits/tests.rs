#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::as_conversions)]

use alloc::vec;

use super::*;
use proptest::prelude::*;

#[test]
fn bits_stand_from_the_least_significant() {
    let mut writer = BitWriter::default();
    writer.put(0, 1);
    writer.unary(2);
    writer.put(0b101, 3);
    writer.put(0b10, 2);
    // In the order of reading: 0, 001, 101, 01; the ninth bit begins the second byte.
    assert_eq!(writer.finish(), [0b0101_1000, 0b1]);
}

#[test]
fn zeros_at_the_end_are_no_code() {
    for bytes in [&[][..], &[0], &[0; 7], &[0; 8], &[0; 9], &[0; 1000]] {
        let mut reader = BitReader::new(bytes);
        assert_eq!(reader.unary(), None);
        assert_eq!(reader.left(), bytes.len() as u64 * 8, "nothing is read");
    }
}

#[test]
fn truncated_binary_has_its_short_codes_in_the_middle() {
    // Below 5: three codes of two bits, two of three.
    let code = |value| {
        let mut writer = BitWriter::default();
        writer.below(value, 5);
        (below_bits(value, 5), writer.finish())
    };
    assert_eq!(code(0), (3, vec![0b111]));
    assert_eq!(code(1), (2, vec![0b00]));
    assert_eq!(code(2), (2, vec![0b01]));
    assert_eq!(code(3), (2, vec![0b10]));
    assert_eq!(code(4), (3, vec![0b011]));
}

#[test]
fn exp_golomb_codes_are_those_of_the_definition() {
    let code = |value, e| {
        let mut writer = BitWriter::default();
        writer.exp_golomb(value, e);
        (exp_golomb_bits(value, e), writer.finish())
    };
    // Zeros, a one, and as many bits as zeros and the parameter: 1; 01 0; 01 1; 001 00.
    assert_eq!(code(0, 0), (1, vec![0b1]));
    assert_eq!(code(1, 0), (3, vec![0b010]));
    assert_eq!(code(2, 0), (3, vec![0b110]));
    assert_eq!(code(3, 0), (5, vec![0b00100]));
    // 1 and six bits; 01 and seven.
    assert_eq!(code(63, 6), (7, vec![0b111_1111]));
    assert_eq!(code(64, 6), (9, vec![0b10, 0]));
}

#[derive(Clone, Debug)]
enum Piece {
    Bits(u32, u32),
    Unary(u32),
    Rice(u32, u32),
    ExpGolomb(u32, u32),
    Below(u32, u32),
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        (any::<u32>(), 0_u32..=32)
            .prop_map(|(value, count)| Piece::Bits((u64::from(value) & low(count)) as u32, count)),
        (0_u32..70).prop_map(Piece::Unary),
        (0_u32..3000).prop_map(Piece::Unary),
        (0_u32..1 << 20, 8_u32..24).prop_map(|(gap, k)| Piece::Rice(gap, k)),
        (0_u32..300, 0_u32..24).prop_map(|(gap, k)| Piece::Rice(gap, k)),
        (0_u32..1 << 24, 0_u32..8).prop_map(|(value, e)| Piece::ExpGolomb(value, e)),
        (0_u32..20, 0_u32..8).prop_map(|(value, e)| Piece::ExpGolomb(value, e)),
        (1_u32..1 << 24, any::<u32>()).prop_map(|(bound, value)| Piece::Below(value % bound, bound)),
        (1_u32..20, any::<u32>()).prop_map(|(bound, value)| Piece::Below(value % bound, bound)),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(pieces in prop::collection::vec(piece(), 0..60)) {
        let mut writer = BitWriter::default();
        let mut total = 0_u64;
        for piece in &pieces {
            match *piece {
                Piece::Bits(value, count) => { writer.put(value, count); total += u64::from(count); }
                Piece::Unary(zeros) => { writer.unary(zeros); total += u64::from(zeros) + 1; }
                Piece::Rice(gap, k) => { writer.rice(gap, k); total += u64::from((gap >> k) + 1 + k); }
                Piece::ExpGolomb(value, e) => { writer.exp_golomb(value, e); total += u64::from(exp_golomb_bits(value, e)); }
                Piece::Below(value, bound) => { writer.below(value, bound); total += u64::from(below_bits(value, bound)); }
            }
        }
        let bytes = writer.finish();
        prop_assert_eq!(bytes.len() as u64, total.div_ceil(8));
        let mut reader = BitReader::new(&bytes);
        for piece in &pieces {
            match *piece {
                Piece::Bits(value, count) => prop_assert_eq!(reader.take(count), Some(value)),
                Piece::Unary(zeros) => prop_assert_eq!(reader.unary(), Some(zeros)),
                Piece::Rice(gap, k) => prop_assert_eq!(reader.rice(k), Ok(Some(u64::from(gap)))),
                Piece::ExpGolomb(value, e) => prop_assert_eq!(reader.exp_golomb(e), Ok(Some(u64::from(value)))),
                Piece::Below(value, bound) => prop_assert_eq!(reader.below(bound), Ok(value)),
            }
        }
        prop_assert_eq!(reader.left(), bytes.len() as u64 * 8 - total);
        prop_assert_eq!(reader.unary(), None);
    }

    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200), counts in prop::collection::vec(0_u32..=32, 0..400)) {
        let mut reader = BitReader::new(&bytes);
        let mut read = 0_u64;
        for count in counts {
            if let Some(zeros) = reader.unary() { read += u64::from(zeros) + 1; }
            if reader.take(count).is_some() { read += u64::from(count); }
            prop_assert_eq!(read + reader.left(), bytes.len() as u64 * 8);
        }
    }
}
