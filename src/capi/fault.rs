//! Why a call did not work: a status, and a handle that says more.

use alloc::borrow::Cow;
use alloc::ffi::CString;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::c_char;
use core::ptr;

use super::boundary::{self, Handle, borrow, entry_or};
use super::words::is_chinese;
use crate::reason::{Language, Reason};

/// Whether a call worked. It says nothing of a credential: that is the report's verdict. A value that the caller does not know is a failure
/// like the others.
pub type zy_status = u32;

/// The call worked.
pub const ZY_OK: zy_status = 0;
/// A pointer is NULL that must not be.
pub const ZY_NULL: zy_status = 1;
/// A pointer is not aligned for what it points to.
pub const ZY_MISALIGNED: zy_status = 2;
/// A text is not UTF-8.
pub const ZY_NOT_UTF8: zy_status = 3;
/// An input is longer than ZY_MAX_INPUT, or a text that ends with NUL than ZY_MAX_TEXT; or there are more inputs than can be.
pub const ZY_TOO_LARGE: zy_status = 4;
/// `struct_size` is no size that a struct can have, or bytes beyond those that this library knows are not zero: the caller asks for
/// something that this library is too old for.
pub const ZY_STRUCT_SIZE: zy_status = 5;
/// A handle of another kind.
pub const ZY_WRONG_HANDLE: zy_status = 6;
/// A value that is not admitted: the error's message says which, and what would be.
pub const ZY_ARGUMENT: zy_status = 7;
/// The bytes or the text are not what the function takes: `zy_error_reason` says why.
pub const ZY_REFUSED: zy_status = 8;
/// The caller's signing function failed, or what it handed out is no signature by its key.
pub const ZY_SIGNER: zy_status = 9;
/// The system's clock could not be asked, or reads a time before 1970.
pub const ZY_CLOCK: zy_status = 10;
/// The handle has given its answer already: it can only be freed.
pub const ZY_FINISHED: zy_status = 11;
/// Another thread uses a handle at this moment that is for one thread at a time.
pub const ZY_IN_USE: zy_status = 12;
/// A fault of this library. The handles that took part may be freed and should not be used otherwise.
pub const ZY_INTERNAL: zy_status = 99;

/// Every status, and what it says in Chinese and in English.
const STATUSES: [(zy_status, &str, &str); 14] = [
    (ZY_OK, "成功\0", "the call worked\0"),
    (ZY_NULL, "不能为 NULL\0", "must not be NULL\0"),
    (ZY_MISALIGNED, "指针未对齐\0", "is not aligned\0"),
    (ZY_NOT_UTF8, "不是 UTF-8\0", "is not UTF-8\0"),
    (ZY_TOO_LARGE, "过长\0", "is too large\0"),
    (
        ZY_STRUCT_SIZE,
        "struct_size 不对，或含本库不认识的内容\0",
        "states a size that cannot be, or says something that this library is too old for\0",
    ),
    (ZY_WRONG_HANDLE, "句柄种类不对\0", "is a handle of another kind\0"),
    (ZY_ARGUMENT, "取值不可用\0", "has a value that is not admitted\0"),
    (ZY_REFUSED, "内容不可用\0", "is not what this function takes\0"),
    (ZY_SIGNER, "签名方未给出签名\0", "the signer gave no signature\0"),
    (ZY_CLOCK, "无法读取系统时钟\0", "the system's clock could not be asked\0"),
    (ZY_FINISHED, "已经结束\0", "has given its answer already\0"),
    (ZY_IN_USE, "正被另一线程使用\0", "is used by another thread at this moment\0"),
    (ZY_INTERNAL, "本库内部错误\0", "a fault of this library\0"),
];

/// What a status says, ending with NUL; `None` of one that there is none of.
pub(super) fn status_text(status: zy_status, language: Language) -> Option<&'static str> {
    let (_, zh, en) = STATUSES.iter().find(|(known, ..)| *known == status)?;
    Some(if language == Language::Zh { zh } else { en })
}

/// Why a body did not do what it was asked for.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) status: zy_status,
    /// The parameter at fault.
    parameter: &'static str,
    reason: Option<Reason>,
    /// In English, beyond what status and reason say.
    detail: Cow<'static, str>,
    /// The same in Chinese, where it is at hand.
    detail_zh: Option<String>,
}

impl Fault {
    pub(super) const INTERNAL: Self = Self::of(boundary::PANICKED, "");

    const fn of(status: zy_status, parameter: &'static str) -> Self {
        Self { status, parameter, reason: None, detail: Cow::Borrowed(""), detail_zh: None }
    }

    pub(super) const fn null(parameter: &'static str) -> Self {
        Self::of(ZY_NULL, parameter)
    }

    pub(super) const fn misaligned(parameter: &'static str) -> Self {
        Self::of(ZY_MISALIGNED, parameter)
    }

    pub(super) const fn not_utf8(parameter: &'static str) -> Self {
        Self::of(ZY_NOT_UTF8, parameter)
    }

    pub(super) const fn too_large(parameter: &'static str) -> Self {
        Self::of(ZY_TOO_LARGE, parameter)
    }

    pub(super) const fn struct_size(parameter: &'static str) -> Self {
        Self::of(ZY_STRUCT_SIZE, parameter)
    }

    pub(super) const fn wrong_handle(parameter: &'static str) -> Self {
        Self::of(ZY_WRONG_HANDLE, parameter)
    }

    pub(super) const fn finished(parameter: &'static str) -> Self {
        Self::of(ZY_FINISHED, parameter)
    }

    pub(super) const fn in_use(parameter: &'static str) -> Self {
        Self::of(ZY_IN_USE, parameter)
    }

    pub(super) const fn clock() -> Self {
        Self::of(ZY_CLOCK, "now")
    }

    /// A value that is not admitted, and what would be.
    pub(super) fn argument(parameter: &'static str, wanted: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: wanted.into(), ..Self::of(ZY_ARGUMENT, parameter) }
    }

    /// A value that is not admitted, told in both languages.
    #[cfg(feature = "issue")]
    pub(super) fn told(parameter: &'static str, zh: String, en: String) -> Self {
        Self { detail: en.into(), detail_zh: Some(zh), ..Self::of(ZY_ARGUMENT, parameter) }
    }

    /// Content that is not what the function takes, for a reason of the table.
    pub(super) fn refused(parameter: &'static str, reason: Reason, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: Some(reason), detail: detail.into(), ..Self::of(ZY_REFUSED, parameter) }
    }

    /// A signer that gave no signature.
    #[cfg(feature = "issue")]
    pub(super) fn signer(detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..Self::of(ZY_SIGNER, "signer") }
    }

    /// What is wrong, in a sentence.
    fn message(&self, language: Language) -> CString {
        let status = status_text(self.status, language).unwrap_or_default().trim_end_matches('\0');
        let colon = if language == Language::Zh { "：" } else { ": " };
        let subject = match (self.parameter, language) {
            ("", _) => String::new(),
            (name, Language::Zh) => alloc::format!("参数 {name} "),
            (name, Language::En) => alloc::format!("{name} "),
        };
        let mut message = [&subject, status].concat();
        let reason = self.reason.map_or("", |reason| reason.text(language));
        let detail = match (&self.detail_zh, language) {
            (Some(zh), Language::Zh) => zh,
            _ => &*self.detail,
        };
        for more in [reason, detail].into_iter().filter(|more| !more.is_empty()) {
            message.extend([colon, more]);
        }
        let bytes: Vec<u8> = message.into_bytes().into_iter().filter(|byte| *byte != 0).collect();
        CString::new(bytes).unwrap_or_default()
    }
}

/// Why a call did not work. Belongs to the caller, who frees it with `zy_error_free`. It never changes: any thread may read it.
pub struct zy_error {
    status: zy_status,
    reason: Option<Reason>,
    zh: CString,
    en: CString,
}

impl Handle for zy_error {
    const TAG: u64 = 0x7a79_6572_726f_7200;
}

impl zy_error {
    pub(super) fn of(fault: Fault) -> Self {
        let (zh, en) = (fault.message(Language::Zh), fault.message(Language::En));
        Self { status: fault.status, reason: fault.reason, zh, en }
    }
}

/// The status that the failed call returned.
///
/// `ZY_NULL` for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_error_status(error: *const zy_error) -> zy_status {
    entry_or(ZY_NULL, || borrow(error, "error").ok().map(|error| error.status))
}

/// The ground on which bytes or a text were refused: one of the `ZY_REASON_…`, or 0 where there is none, as of a caller's mistake.
///
/// 0 for NULL or a handle of another kind.
#[unsafe(no_mangle)]
pub extern "C" fn zy_error_reason(error: *const zy_error) -> u32 {
    entry_or(0, || Some(u32::from(borrow(error, "error").ok()?.reason?.number())))
}

/// What is wrong, in a sentence for developers and logs, in the language of a `ZY_LANGUAGE_…`: UTF-8, ending with NUL.
///
/// It may repeat a part of what the caller handed in. Borrowed: it lives as long as the error. NULL for NULL, a handle of another kind, or an unknown language.
#[unsafe(no_mangle)]
pub extern "C" fn zy_error_message(error: *const zy_error, language: u32) -> *const c_char {
    entry_or(ptr::null(), || {
        let error = borrow(error, "error").ok()?;
        let message = if is_chinese(language)? { &error.zh } else { &error.en };
        Some(message.as_ptr())
    })
}

/// Frees an error. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn zy_error_free(error: *mut zy_error) {
    entry_or((), || boundary::free(error));
}
