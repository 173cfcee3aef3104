//! Why a scan carried nothing, in a word for programs and a sentence for people.

use crate::output::{Say, say};
use zhengyin::carrier::Error;
use zhengyin::reason::Language;

/// The word for it in JSON; of a code of another system, which.
pub(super) const fn word(error: Error) -> &'static str {
    match error {
        Error::NotOurs(foreign) => foreign.symbol(),
        Error::FormUnknown { .. } | Error::LabelUnknown => "too-new",
        Error::Empty => "empty",
        Error::Character { .. } => "character",
        Error::Length => "length",
        Error::Overflow { .. } => "overflow",
        Error::TooLong => "too-long",
        Error::BlockEnd | Error::Line { .. } | Error::Base64 => "block",
        Error::Compression | Error::Window => "compression",
        Error::PartHead { .. } => "part-head",
        Error::PartsDamaged => "parts-damaged",
        Error::RunTogether => "run-together",
        _ => "other",
    }
}

/// What happened to it, for people.
pub(super) fn text(error: Error) -> Say {
    match error {
        Error::NotOurs(foreign) => {
            Say { zh: foreign.text(Language::Zh).to_owned(), en: foreign.text(Language::En).to_owned() }
        }
        Error::FormUnknown { .. } | Error::LabelUnknown => {
            say!("这个码比本核验程序新", "this code is newer than this verifier")
        }
        Error::Empty => say!("码中没有内容", "there is nothing in the code"),
        Error::Character { .. } => {
            say!("码中有不该有的字符：传送时被改动", "a character in it cannot stand there: it was altered on the way")
        }
        Error::Length => {
            say!("码不完整，或多出了字符", "part of the code is missing, or something was added to it")
        }
        Error::Overflow { .. } => say!("码中的数字被改动", "digits of the code were altered"),
        Error::TooLong => say!("内容过长，不是证照的码", "it is too long to be the code of a license"),
        Error::BlockEnd | Error::Line { .. } | Error::Base64 => say!(
            "这是文本块的一部分：请存为文件后用 zhengyin verify 核验",
            "this is part of a text block: save it as a file and use zhengyin verify"
        ),
        Error::Compression | Error::Window => say!("压缩的内容已损坏", "what is compressed in it is damaged"),
        Error::PartsDamaged => say!(
            "各部分合不成它们所称的整体，已全部放弃",
            "the parts do not make the whole that they name; all of them were given up"
        ),
        Error::RunTogether => say!("两个码连成了一段", "two codes ran together in one scan"),
        Error::PartHead { .. } | _ => say!("码的这一部分已损坏", "this part of the code is damaged"),
    }
}
