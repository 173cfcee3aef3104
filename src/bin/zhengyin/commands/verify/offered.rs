//! What is put before the verifier: the bytes of a file, the text of a code, or the codes in pictures.

use crate::files;
use crate::output::{Failure, say};
use crate::qr::{self, Gray};
use std::path::{Path, PathBuf};
use zhengyin::carrier::{self, Content, Decoded, Form};
use zhengyin::claims::LicenseClaims;
use zhengyin::claims::id::TypeCode;
use zhengyin::envelope::{Envelope, Expected, ObjectType};

/// One thing to be verified.
pub(super) enum Offered {
    Object(Vec<u8>),
    /// A text, and what it carries.
    Text(String, Result<Decoded, carrier::Error>),
}

impl Offered {
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        match Content::of(&bytes) {
            Content::Object(_) => Self::Object(bytes),
            Content::Text(text) => Self::text(text.to_owned()),
        }
    }

    /// The type of the license, by what it says of itself.
    pub(super) fn type_code(&self) -> Option<TypeCode> {
        let bytes = match self {
            Self::Object(bytes) => bytes,
            Self::Text(_, decoded) => &decoded.as_ref().ok()?.bytes,
        };
        let (envelope, _) = Envelope::parse_first(bytes, Expected::Type(ObjectType::License)).ok()?;
        Some(LicenseClaims::parse(envelope.claimed_payload()).ok()?.claimed().license.type_code)
    }

    /// One code, or the parts of one, a line each.
    fn text(text: String) -> Self {
        let lines = || text.lines().filter(|line| !line.trim().is_empty());
        let decoded = if lines().any(is_part) { carrier::decode_parts(lines()) } else { carrier::decode(&text) };
        Self::Text(text, decoded)
    }
}

fn is_part(text: &str) -> bool {
    carrier::read(text).is_ok_and(|scanned| scanned.form == Form::Part)
}

/// The codes in pictures: each whole one under the name of its picture, and all parts together under that of the last.
pub(super) fn in_pictures(paths: &[PathBuf]) -> Vec<(PathBuf, Result<Offered, Failure>)> {
    let mut offered = Vec::new();
    let mut parts: Option<(PathBuf, String)> = None;
    for path in paths {
        match texts(path) {
            Err(failure) => offered.push((path.clone(), Err(failure))),
            Ok(texts) => {
                for text in texts {
                    if is_part(&text) {
                        let so_far = parts.take().map(|(_, so_far)| so_far + "\n").unwrap_or_default();
                        parts = Some((path.clone(), so_far + &text));
                    } else {
                        offered.push((path.clone(), Ok(Offered::text(text))));
                    }
                }
            }
        }
    }
    offered.extend(parts.map(|(path, texts)| (path, Ok(Offered::text(texts)))));
    offered
}

/// The texts of the codes in one picture, at least one.
fn texts(path: &Path) -> Result<Vec<String>, Failure> {
    let bytes = files::read(path, qr::MAX_FILE)?;
    let shown = files::quoted(path);
    let picture = Gray::open(&bytes).map_err(|error| error.failure(&shown))?;
    let texts = qr::read(&picture);
    if texts.is_empty() {
        let next = format!("zhengyin verify --image {shown}");
        let why = say!(
            "请靠近、放平、避免反光后重拍，码应占画面的大部分",
            "take it again from nearer, flat and without glare: the code should fill most of the picture"
        );
        return Err(Failure::new(say!("{shown} 中没有找到二维码", "no code was found in {shown}"))
            .because(why)
            .next(next));
    }
    Ok(texts)
}
