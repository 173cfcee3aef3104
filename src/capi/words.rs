//! The library itself: its versions, what it was built with, and the texts of statuses and grounds.

extern crate std;

use alloc::collections::BTreeMap;
use alloc::ffi::CString;
use core::ffi::c_char;
use core::ptr;
use std::sync::OnceLock;

use super::boundary::entry_or;
use super::fault::{status_text, zy_status};
use crate::reason::{Language, Reason};

/// The version of this interface. It is in the name of the shared library (`libzhengyin.so.1`) and changes only when a program that was
/// compiled with an older header would not work any more.
pub const ZY_ABI_VERSION: u32 = 1;

/// 简体中文.
pub const ZY_LANGUAGE_ZH: u32 = 1;
/// English.
pub const ZY_LANGUAGE_EN: u32 = 2;

/// What is wrong.
pub const ZY_TEXT_GROUND: u32 = 1;
/// What to do next; may be empty.
pub const ZY_TEXT_REMEDY: u32 = 2;
/// What must not be concluded from it; may be empty.
pub const ZY_TEXT_CAUTION: u32 = 3;

/// Built with the functions that issue and sign (`ZY_ISSUE`).
pub const ZY_FEATURE_ISSUE: u32 = 1;
/// Built with SM2 and SM3: without them, what is signed by them is undetermined.
pub const ZY_FEATURE_SM: u32 = 2;

pub(super) const fn is_chinese(language: u32) -> Option<bool> {
    match language {
        ZY_LANGUAGE_ZH => Some(true),
        ZY_LANGUAGE_EN => Some(false),
        _ => None,
    }
}

const fn language(number: u32) -> Option<Language> {
    match is_chinese(number) {
        Some(true) => Some(Language::Zh),
        Some(false) => Some(Language::En),
        None => None,
    }
}

/// The version of the interface that the library has: compare it with `ZY_ABI_VERSION` of the header where it is loaded by hand.
#[unsafe(no_mangle)]
pub extern "C" fn zy_abi_version() -> u32 {
    entry_or(0, || Some(ZY_ABI_VERSION))
}

/// The version of the library, such as `0.1.0`. Constant.
#[unsafe(no_mangle)]
pub extern "C" fn zy_version() -> *const c_char {
    entry_or(ptr::null(), || Some(concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()))
}

/// What the library was built with: a sum of `ZY_FEATURE_…`. None changes a verdict, but from undetermined.
#[unsafe(no_mangle)]
pub extern "C" fn zy_features() -> u32 {
    entry_or(0, || {
        let issue = if cfg!(feature = "issue") { ZY_FEATURE_ISSUE } else { 0 };
        let sm = if cfg!(feature = "sm") { ZY_FEATURE_SM } else { 0 };
        Some(issue | sm)
    })
}

/// What a status says, in the language of a `ZY_LANGUAGE_…`: UTF-8, ending with NUL. Constant. NULL for an unknown status or language.
#[unsafe(no_mangle)]
pub extern "C" fn zy_status_text(status: zy_status, language: u32) -> *const c_char {
    entry_or(ptr::null(), || Some(status_text(status, self::language(language)?)?.as_ptr().cast()))
}

/// The symbol of a ground, such as `status.revoked`: the name under which JSON and documents have it. Constant. NULL for a number that is
/// no ground of this version.
#[unsafe(no_mangle)]
pub extern "C" fn zy_reason_symbol(reason: u32) -> *const c_char {
    entry_or(ptr::null(), || texts().get(&(u16::try_from(reason).ok()?, 0, 0)).map(|text| text.as_ptr()))
}

/// A text of a ground for people: `what` is a `ZY_TEXT_…`, `language` a `ZY_LANGUAGE_…`. UTF-8, ending with NUL. Constant. NULL where one
/// of the three is unknown.
#[unsafe(no_mangle)]
pub extern "C" fn zy_reason_text(reason: u32, what: u32, language: u32) -> *const c_char {
    entry_or(ptr::null(), || texts().get(&(u16::try_from(reason).ok()?, what, language)).map(|text| text.as_ptr()))
}

/// The texts of the table as C has them: written once, never changed.
fn texts() -> &'static BTreeMap<(u16, u32, u32), CString> {
    static TEXTS: OnceLock<BTreeMap<(u16, u32, u32), CString>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let owned = |text: &str| CString::new(text).unwrap_or_default();
        let mut texts = BTreeMap::new();
        for reason in Reason::ALL {
            texts.insert((reason.number(), 0, 0), owned(reason.symbol()));
            for (number, language) in [(ZY_LANGUAGE_ZH, Language::Zh), (ZY_LANGUAGE_EN, Language::En)] {
                texts.insert((reason.number(), ZY_TEXT_GROUND, number), owned(reason.text(language)));
                texts.insert((reason.number(), ZY_TEXT_REMEDY, number), owned(reason.remedy().text(language)));
                texts.insert((reason.number(), ZY_TEXT_CAUTION, number), owned(reason.caution().text(language)));
            }
        }
        texts
    })
}
