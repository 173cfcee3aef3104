//! Columns: numbers of one kind, one for each entry of a block of details, in the form with the fewest bits.
//!
//! ```text
//! column = form (2 bits) ‖ base ‖ parameter ‖ one code for each value
//! base   = number of bits (6 bits) ‖ the number in so many bits, of which the highest is a one
//! form 0, even:   parameter = width (6 bits); code = value − base in `width` bits
//! form 1, skewed: parameter = k (5 bits);     code = value − base as a Rice code
//! form 2, steps:  parameter = k (5 bits);     the first value is the base; code of each other = its difference to the one before it,
//!                                             0, −1, 1, −2 … as 0, 1, 2, 3 …, as a Rice code
//! ```
//!
//! `base` is the least value (steps: the first). The form with the fewest bits is chosen, then the lowest, then the least parameter.

use alloc::vec::Vec;

use super::bits::{BitReader, BitWriter, CutShort};

/// Values are less than 2³⁴, their differences need a bit more.
const MOST_BITS: u32 = 34;
/// Rice parameters are 0 to 23, as everywhere in a list.
const MOST_K: u32 = 23;

const FORM_BITS: u32 = 2;
const WIDTH_BITS: u32 = 6;
const K_BITS: u32 = 5;

/// How many bits a number has.
fn bits_of(value: u64) -> u32 {
    u64::BITS.wrapping_sub(value.leading_zeros())
}

/// How a column is written, and what that takes without the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Choice {
    form: u32,
    parameter: u32,
    base: u64,
    bits: u64,
}

/// 0, −1, 1, −2 … as 0, 1, 2, 3 ….
const fn folded(before: u64, after: u64) -> u64 {
    match after.checked_sub(before) {
        Some(up) => up.wrapping_mul(2),
        None => before.wrapping_sub(after).wrapping_mul(2).wrapping_sub(1),
    }
}

const fn unfolded(before: u64, code: u64) -> Option<u64> {
    let half = code >> 1;
    if code & 1 == 0 { before.checked_add(half) } else { before.checked_sub(half.wrapping_add(1)) }
}

/// The differences of neighbours.
fn steps(values: &[u64]) -> impl Iterator<Item = u64> + Clone {
    values.iter().zip(values.iter().skip(1)).map(|(before, after)| folded(*before, *after))
}

/// The Rice parameter with the fewest bits for these numbers, the least of those that tie, and the bits.
fn rice(values: impl Iterator<Item = u64> + Clone) -> (u32, u64) {
    let bits = |k: u32| {
        let code = |value: u64| (value >> k).saturating_add(u64::from(k)).saturating_add(1);
        values.clone().map(code).fold(0_u64, u64::saturating_add)
    };
    let all = (0..=MOST_K).map(|k| (k, bits(k)));
    all.min_by_key(|(k, bits)| (*bits, *k)).unwrap_or_default()
}

fn choose(values: &[u64]) -> Choice {
    let (least, most) =
        values.iter().fold((u64::MAX, 0_u64), |(least, most), value| (least.min(*value), most.max(*value)));
    let count = u64::try_from(values.len()).unwrap_or(u64::MAX);
    let width = bits_of(most.saturating_sub(least));
    let even = Choice {
        form: 0,
        parameter: width,
        base: least,
        bits: u64::from(width).saturating_mul(count).saturating_add(u64::from(WIDTH_BITS)),
    };
    let (k, bits) = rice(values.iter().map(|value| value.wrapping_sub(least)));
    let skewed = Choice { form: 1, parameter: k, base: least, bits: bits.saturating_add(u64::from(K_BITS)) };
    let (k, bits) = rice(steps(values));
    let first = values.first().copied().unwrap_or_default();
    let stepped = Choice { form: 2, parameter: k, base: first, bits: bits.saturating_add(u64::from(K_BITS)) };
    // The base counts: steps may begin with a longer number than the least is.
    let whole = |choice: &Choice| choice.bits.saturating_add(u64::from(bits_of(choice.base)));
    [even, skewed, stepped].into_iter().min_by_key(whole).unwrap_or(even)
}

/// Writes up to 64 bits.
fn put(writer: &mut BitWriter, value: u64, bits: u32) {
    let (low, high) = (bits.min(32), bits.saturating_sub(32));
    let part = |value: u64| u32::try_from(value & u64::from(u32::MAX)).unwrap_or_default();
    writer.put(part(value), low);
    writer.put(part(value >> 32), high);
}

fn put_rice(writer: &mut BitWriter, value: u64, k: u32) {
    // Chosen forms have less bits than the even one: a quotient that long does not occur.
    writer.unary(u32::try_from(value >> k).unwrap_or(u32::MAX));
    put(writer, value & 1_u64.wrapping_shl(k).wrapping_sub(1), k);
}

/// Writes a column of at least one value; values are less than 2³⁴. No value, nothing.
pub(crate) fn write(writer: &mut BitWriter, values: &[u64]) {
    if values.is_empty() {
        return;
    }
    let choice = choose(values);
    writer.put(choice.form, FORM_BITS);
    let length = bits_of(choice.base);
    writer.put(length, WIDTH_BITS);
    put(writer, choice.base, length);
    match choice.form {
        0 => {
            writer.put(choice.parameter, WIDTH_BITS);
            values.iter().for_each(|value| put(writer, value.wrapping_sub(choice.base), choice.parameter));
        }
        1 => {
            writer.put(choice.parameter, K_BITS);
            values.iter().for_each(|value| put_rice(writer, value.wrapping_sub(choice.base), choice.parameter));
        }
        _ => {
            writer.put(choice.parameter, K_BITS);
            steps(values).for_each(|step| put_rice(writer, step, choice.parameter));
        }
    }
}

fn take(reader: &mut BitReader<'_>, bits: u32) -> Result<u64, CutShort> {
    let low = u64::from(reader.take(bits.min(32)).ok_or(CutShort)?);
    let high = u64::from(reader.take(bits.saturating_sub(32)).ok_or(CutShort)?);
    Ok(low | high.wrapping_shl(32))
}

/// Reads a column of `count` values. That the form is the one that the writer chooses is for the caller to compare, by writing it again.
///
/// # Errors
/// [`CutShort`] if the bits end, or a number is larger than any that is written.
pub(crate) fn read(reader: &mut BitReader<'_>, count: usize) -> Result<Vec<u64>, CutShort> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let form = reader.take(FORM_BITS).ok_or(CutShort)?;
    let length = reader.take(WIDTH_BITS).filter(|length| *length <= MOST_BITS).ok_or(CutShort)?;
    let base = take(reader, length)?;
    let in_range = |value: Option<u64>| value.filter(|value| bits_of(*value) <= MOST_BITS).ok_or(CutShort);
    let k = |reader: &mut BitReader<'_>| reader.take(K_BITS).filter(|k| *k <= MOST_K).ok_or(CutShort);
    let code = |reader: &mut BitReader<'_>, k| reader.rice(k)?.ok_or(CutShort);
    let mut values = Vec::new();
    match form {
        0 => {
            let width = reader.take(WIDTH_BITS).filter(|width| *width <= MOST_BITS).ok_or(CutShort)?;
            for _ in 0..count {
                values.push(in_range(base.checked_add(take(reader, width)?))?);
            }
        }
        1 => {
            let k = k(reader)?;
            for _ in 0..count {
                values.push(in_range(base.checked_add(code(reader, k)?))?);
            }
        }
        2 => {
            let k = k(reader)?;
            let mut value = base;
            values.push(value);
            for _ in 1..count {
                value = in_range(unfolded(value, code(reader, k)?))?;
                values.push(value);
            }
        }
        _ => return Err(CutShort),
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::as_conversions)]

    use alloc::vec;

    use super::*;
    use proptest::prelude::*;

    fn written(values: &[u64]) -> Vec<u8> {
        let mut writer = BitWriter::default();
        write(&mut writer, values);
        writer.finish()
    }

    fn column() -> impl Strategy<Value = Vec<u64>> {
        prop_oneof![
            prop::collection::vec(0_u64..1 << 34, 1..50),
            prop::collection::vec(20_000_u64..23_650, 1..200),
            prop::collection::vec(0_u64..4, 1..200),
            (0_u64..1 << 33, 1_usize..100).prop_map(|(value, count)| vec![value; count]),
            (20_000_u64..30_000, prop::collection::vec(0_u64..3, 1..200)).prop_map(|(first, ups)| {
                ups.iter()
                    .scan(first, |at, up| {
                        *at += up;
                        Some(*at)
                    })
                    .collect()
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(values in column()) {
            let bytes = written(&values);
            let mut reader = BitReader::new(&bytes);
            prop_assert_eq!(read(&mut reader, values.len()).unwrap(), values);
            prop_assert!(reader.left() < 8);
        }

        #[test]
        fn no_form_is_shorter(values in column()) {
            let chosen = choose(&values);
            let width = bits_of(values.iter().max().unwrap() - values.iter().min().unwrap());
            prop_assert!(chosen.bits <= u64::from(width) * values.len() as u64 + 6);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..100), count in 0_usize..2_000) {
            if let Ok(values) = read(&mut BitReader::new(&bytes), count) {
                prop_assert_eq!(values.len(), count);
            }
        }
    }

    #[test]
    fn each_form_is_the_best_for_something() {
        assert_eq!(choose(&[5; 100]).form, 0, "constant");
        assert_eq!((choose(&[5; 100]).parameter, choose(&[5; 100]).bits), (0, 6));
        let skewed: Vec<u64> = (0..200).map(|n| if n % 20 == 0 { 15 } else { n % 2 }).collect();
        assert_eq!(choose(&skewed).form, 1);
        let rising: Vec<u64> = (0..200).map(|n| 20_000 + n * 3).collect();
        assert_eq!(choose(&rising).form, 2);
    }
}
