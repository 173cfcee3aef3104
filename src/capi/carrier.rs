//! Texts that carry bytes.

use alloc::string::ToString;
use core::ffi::c_char;

use super::boundary::{byte_lists, bytes, entry, slot, struct_slot};
use super::buffer::zy_buffer;
use super::fault::{Fault, zy_error, zy_status};
use crate::carrier::{self, Carrier, Label, Repair};

/// Digits only, for QR codes.
pub const ZY_CARRIER_DIGITS: u32 = 1;
/// Base45 (RFC 9285), for QR codes.
pub const ZY_CARRIER_BASE45: u32 = 2;
/// A block of base64 lines for mail and text files; what is written is labelled as a license.
pub const ZY_CARRIER_BLOCK: u32 = 3;

/// White space around the text was taken off.
pub const ZY_REPAIRED_WHITE_SPACE: u32 = 1;
/// Full-width digits were read as digits.
pub const ZY_REPAIRED_FULL_WIDTH_DIGITS: u32 = 2;
/// Lower case was read as upper case.
pub const ZY_REPAIRED_LOWER_CASE: u32 = 4;
/// Line ends of a block were read as LF.
pub const ZY_REPAIRED_LINE_ENDS: u32 = 8;

/// How a text carried its bytes. Set `struct_size` to `sizeof(zy_carried)` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct zy_carried {
    /// `sizeof(zy_carried)`; the caller's, and left as it is.
    pub struct_size: u32,
    /// A `ZY_CARRIER_…`; of several parts, the last one's. 0 for one that this header does not know.
    pub carrier: u32,
    /// 1 plain, 2 compressed.
    pub form: u32,
    /// Of how many texts it was joined; 1 for a whole one.
    pub parts: u32,
    /// What had to be undone first: a sum of `ZY_REPAIRED_…`.
    pub repaired: u32,
    /// 0.
    pub reserved: u32,
}

/// Reads texts that belong together: one that holds the whole, or all the parts of one, in any order. What comes out is not believed: it
/// goes to `zy_verify`.
///
/// `texts` are `count` pointers to UTF-8, `sizes` their lengths in bytes. `carried` may be NULL.
///
/// `ZY_REFUSED` with a reason where they carry nothing: `ZY_REASON_CARRIER_PART_MISSING` says that more parts are to be scanned, all the
/// others that something is wrong. `*decoded` and `*carried` are written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_carrier_decode(
    texts: *const *const c_char,
    sizes: *const usize,
    count: usize,
    carried: *mut zy_carried,
    decoded: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(decoded, "decoded")?;
        let told = if carried.is_null() { None } else { Some(struct_slot(carried, "carried")?) };
        let texts = byte_lists(texts.cast(), sizes, count, MOST_TEXTS, ("texts", "sizes"))?;
        let texts = texts.into_iter().map(core::str::from_utf8).collect::<Result<alloc::vec::Vec<_>, _>>();
        let texts = texts.map_err(|_| Fault::not_utf8("texts"))?;
        let whole =
            carrier::decode_parts(texts).map_err(|error| Fault::refused("texts", error.reason(), error.to_string()))?;
        if let Some(told) = told {
            told.put(&zy_carried {
                struct_size: 0,
                carrier: match whole.carrier {
                    Carrier::Digits => ZY_CARRIER_DIGITS,
                    Carrier::Base45 => ZY_CARRIER_BASE45,
                    Carrier::Block(_) => ZY_CARRIER_BLOCK,
                },
                form: whole.form.number().into(),
                parts: whole.parts.into(),
                repaired: whole.repaired.iter().map(repaired).fold(0, |sum, bit| sum | bit),
                reserved: 0,
            });
        }
        slot.put(zy_buffer::of(whole.bytes));
        Ok(())
    })
}

/// Parts may be scanned again and again before the last comes.
const MOST_TEXTS: usize = 4_096;

const fn repaired(repair: Repair) -> u32 {
    match repair {
        Repair::WhiteSpace => ZY_REPAIRED_WHITE_SPACE,
        Repair::FullWidthDigits => ZY_REPAIRED_FULL_WIDTH_DIGITS,
        Repair::LowerCase => ZY_REPAIRED_LOWER_CASE,
        Repair::LineEnds => ZY_REPAIRED_LINE_ENDS,
    }
}

/// Writes bytes as a text, as they are: `carrier` is a `ZY_CARRIER_…`.
///
/// `ZY_REFUSED` for no bytes, and for more than a carrier holds (65,536). `*written` is written only when the call worked.
#[unsafe(no_mangle)]
pub extern "C" fn zy_carrier_encode(
    data: *const u8,
    size: usize,
    carrier: u32,
    written: *mut *mut zy_buffer,
    error: *mut *mut zy_error,
) -> zy_status {
    entry(error, || {
        let slot = slot(written, "written")?;
        let data = bytes(data, size, "data")?;
        let text = match carrier {
            ZY_CARRIER_DIGITS => carrier::encode_digits(data),
            ZY_CARRIER_BASE45 => carrier::encode_base45(data),
            ZY_CARRIER_BLOCK => carrier::encode_block(data, Label::License),
            _ => return Err(Fault::argument("carrier", "one of the ZY_CARRIER_ constants is expected")),
        };
        let text = text.map_err(|error| Fault::refused("data", error.reason(), error.to_string()))?;
        slot.put(zy_buffer::of(text.into_bytes()));
        Ok(())
    })
}
