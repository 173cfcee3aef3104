//! The texts of a license, one by one, and their Unicode normalization form C (NFC).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::{FieldLabel, FieldValue, LicenseFacts};

/// Which text of a license. Numbers count from 0 in the order of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// 证照名称.
    Name,
    /// 证照编号.
    Number,
    /// 颁发机构.
    AuthorityName,
    /// A holder's name.
    HolderName(usize),
    /// A holder's id.
    HolderId(usize),
    /// A field's name.
    FieldName(usize),
    /// A field's value.
    FieldValue(usize),
    /// An attachment's name.
    AttachmentName(usize),
    /// What a copy may be used for.
    CopyPurpose,
    /// Whom a copy is made for.
    CopyAudience,
    /// Who made a copy.
    CopyMadeBy,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("name"),
            Self::Number => f.write_str("number"),
            Self::AuthorityName => f.write_str("authority name"),
            Self::HolderName(at) => write!(f, "holder {at}, name"),
            Self::HolderId(at) => write!(f, "holder {at}, id"),
            Self::FieldName(at) => write!(f, "field {at}, name"),
            Self::FieldValue(at) => write!(f, "field {at}, value"),
            Self::AttachmentName(at) => write!(f, "attachment {at}, name"),
            Self::CopyPurpose => f.write_str("copy, purpose"),
            Self::CopyAudience => f.write_str("copy, audience"),
            Self::CopyMadeBy => f.write_str("copy, made by"),
        }
    }
}

/// A text that was not in normalization form C and was brought to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Which.
    pub place: Place,
    /// As it was.
    pub before: String,
    /// As it is now.
    pub after: String,
}

impl LicenseFacts {
    /// Brings every text to Unicode normalization form C, which also turns CJK compatibility ideographs into the unified ones,
    /// and says what it changed. Call it before writing: two texts that look alike should be signed alike.
    pub fn normalize(&mut self) -> Vec<Rewritten> {
        let mut rewritten = Vec::new();
        for (place, text) in self.texts_mut() {
            if !is_nfc(text) {
                let after: String = text.nfc().collect();
                let before = core::mem::replace(text, after.clone());
                rewritten.push(Rewritten { place, before, after });
            }
        }
        rewritten
    }

    /// Every text that people write, in the order of [`Place`]'s variants.
    pub(super) fn texts_mut(&mut self) -> Vec<(Place, &mut String)> {
        let mut texts = alloc::vec![
            (Place::Name, &mut self.name),
            (Place::Number, &mut self.number),
            (Place::AuthorityName, &mut self.authority_name),
        ];
        for (at, holder) in self.holders.iter_mut().enumerate() {
            texts.push((Place::HolderName(at), &mut holder.name));
            texts.push((Place::HolderId(at), &mut holder.id));
        }
        for (at, (label, value)) in self.fields.iter_mut().enumerate() {
            if let FieldLabel::Name(name) = label {
                texts.push((Place::FieldName(at), name));
            }
            match value {
                FieldValue::Text(text) => texts.push((Place::FieldValue(at), text)),
                FieldValue::Texts(several) => {
                    texts.extend(several.iter_mut().map(|text| (Place::FieldValue(at), text)))
                }
                FieldValue::Int(_) | FieldValue::Bool(_) | FieldValue::Day(_) => {}
            }
        }
        for (at, attachment) in self.attachments.iter_mut().enumerate() {
            texts.push((Place::AttachmentName(at), &mut attachment.name));
        }
        if let Some(copy) = &mut self.copy {
            texts.push((Place::CopyPurpose, &mut copy.purpose));
            texts.extend(copy.audience.as_mut().map(|text| (Place::CopyAudience, text)));
            texts.extend(copy.made_by.as_mut().map(|text| (Place::CopyMadeBy, text)));
        }
        texts
    }
}

/// Is the text in normalization form C?
pub(super) fn is_normalized(text: &str) -> bool {
    is_nfc(text)
}
