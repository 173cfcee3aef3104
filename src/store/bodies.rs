//! Where the bodies of status lists are: within the store, or each in a file of its own beside it, which may be mapped.
//!
//! A body that came in is compared with its signed root and walked, once. After that the root names it: a file of that name is not read
//! when a store is loaded, but each block that is looked at is compared with the root, and whatever is not the one that was signed
//! answers nothing.

use alloc::borrow::Cow;
use alloc::sync::Arc;
use core::fmt;
use core::ops::Range;
use core::panic::{RefUnwindSafe, UnwindSafe};

use super::held::HeldStatus;
use crate::cbor::Writer;
use crate::status::{Body, BodyError, inner};
use crate::suite::Digest;

/// Smaller bodies stand within the store, in bytes: a file of its own takes a page at least, and two writes to the disk.
pub(super) const LEAST_APART: u64 = 4_096;

/// The file of a list's body, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyName {
    /// The root of the body, which names it: a file of this name has this content, or was changed.
    pub root: Digest,
    /// Bytes of the file: the body's, and those of the inner hashes after it.
    pub size: u64,
}

/// A file with the body of a list, read or mapped. What is in it is not believed: see [`super::Store::from_contents`].
#[derive(Clone)]
pub struct BodyFile(Arc<dyn FileBytes>);

trait FileBytes: AsRef<[u8]> + Send + Sync + UnwindSafe + RefUnwindSafe {}

impl<T: AsRef<[u8]> + Send + Sync + UnwindSafe + RefUnwindSafe> FileBytes for T {}

impl BodyFile {
    /// A file that was read, or is mapped. It stays as it is while the store lives, or is changed at the risk of undetermined verdicts.
    #[must_use]
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + UnwindSafe + RefUnwindSafe + 'static) -> Self {
        Self(Arc::new(bytes))
    }

    fn bytes(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl fmt::Debug for BodyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyFile({} bytes)", self.bytes().len())
    }
}

/// The body of a held list.
#[derive(Clone, Debug)]
pub(super) enum HeldBody {
    /// In memory, in the list as it was received: verified, and walked.
    Whole { object: Arc<[u8]>, body: Range<usize> },
    /// In a file of its own.
    InFile(BodyFile),
    /// There is no such file, or one of another length.
    Lost,
}

impl HeldStatus {
    /// The body, over the bytes that are held. Where they are a file, each block is compared with the root when it is read.
    ///
    /// # Errors
    /// [`BodyError::Lost`] if the file of the body is missing or cut; asked, a body in a file may also answer with an error whose ground is
    /// `status.list_damaged`.
    pub fn body(&self) -> Result<Body<'_>, BodyError> {
        match &self.body {
            HeldBody::Whole { object, body } => self.parse(object.get(body.clone())),
            HeldBody::InFile(file) => Body::in_file(&self.header, self.hash(), file.bytes()),
            HeldBody::Lost => Err(BodyError::Lost),
        }
    }

    /// The body, compared with the root as a whole: for what reads most of it.
    pub(super) fn verified_body(&self) -> Result<Body<'_>, BodyError> {
        match &self.body {
            HeldBody::InFile(file) => Body::in_file_verified(&self.header, self.hash(), file.bytes()),
            HeldBody::Whole { .. } | HeldBody::Lost => self.body(),
        }
    }

    fn parse<'s>(&'s self, body: Option<&'s [u8]>) -> Result<Body<'s>, BodyError> {
        let body = body.ok_or(BodyError::Lost)?;
        Body::parse(self.header.length, &self.header.layers, self.header.details.as_ref(), body)
    }

    /// Is the body the one that was signed, to the last byte? Reads the whole file, where it has one; what is held in memory was compared when
    /// it came in.
    ///
    /// # Errors
    /// [`BodyError::Lost`].
    pub fn verify_body(&self) -> Result<(), BodyError> {
        match &self.body {
            HeldBody::Whole { .. } => Ok(()),
            HeldBody::InFile(file) => inner::check_file(&self.header, self.hash(), file.bytes()),
            HeldBody::Lost => Err(BodyError::Lost),
        }
    }

    /// The list as it was received. Reads the whole file of the body, where it has one.
    ///
    /// # Errors
    /// [`BodyError::Lost`] if the file is not there or was changed.
    pub fn object(&self) -> Result<Cow<'_, [u8]>, BodyError> {
        let file = match &self.body {
            HeldBody::Whole { object, .. } => return Ok(Cow::Borrowed(object)),
            HeldBody::InFile(file) => file,
            HeldBody::Lost => return Err(BodyError::Lost),
        };
        self.verified_body()?;
        let size = usize::try_from(self.header.body_size()).map_err(|_| BodyError::Lost)?;
        let body = file.bytes().get(..size).ok_or(BodyError::Lost)?;
        let mut writer = Writer::with_capacity(size.saturating_add(self.envelope.len()).saturating_add(16));
        writer.array(2);
        writer.item(&self.envelope);
        writer.bytes(body);
        Ok(Cow::Owned(writer.finish()?))
    }

    /// Bytes of the list, header and body.
    #[must_use]
    pub fn size(&self) -> u64 {
        let header = u64::try_from(self.envelope.len()).unwrap_or(u64::MAX);
        let body = self.header.body_size();
        // RFC 8949 §3: the array of two, and the head of the body.
        let heads = match body {
            0..24 => 2,
            24..0x100 => 3,
            0x100..0x1_0000 => 4,
            _ => 6_u64,
        };
        header.saturating_add(body).saturating_add(heads)
    }

    /// The file in which the body stands apart from [`super::Store::to_contents`]; `None` where it stands within.
    #[must_use]
    pub fn body_name(&self) -> Option<BodyName> {
        let apart = !matches!(self.body, HeldBody::Whole { .. }) || self.header.body_size() >= LEAST_APART;
        apart.then(|| BodyName { root: self.header.root, size: inner::file_size(&self.header) })
    }

    /// What the file of the body is to hold, one piece after the other; `None` where it stands within the store, has its file, or is lost.
    #[must_use]
    pub fn body_to_write(&self) -> Option<[Cow<'_, [u8]>; 2]> {
        let HeldBody::Whole { object, body } = &self.body else { return None };
        self.body_name()?;
        let body = object.get(body.clone())?;
        let (inner, _) = inner::write(&self.parse(Some(body)).ok()?, self.hash()).ok()?;
        Some([Cow::Borrowed(body), Cow::Owned(inner)])
    }

    /// A list whose body stands in a file, if there is one.
    pub(super) fn with_file(self, file: Option<BodyFile>) -> Self {
        let body = match file {
            Some(file) if Body::in_file(&self.header, self.hash(), file.bytes()).is_ok() => HeldBody::InFile(file),
            _ => HeldBody::Lost,
        };
        Self { body, ..self }
    }

    /// The list in one piece, where it is not left apart.
    pub(super) fn within(&self, whole: Whole) -> Option<Cow<'_, [u8]>> {
        match whole {
            Whole::Everything => self.object().ok(),
            Whole::Small if self.body_name().is_none() => self.object().ok(),
            Whole::Small => None,
        }
    }
}

/// Which bodies are written within a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// All that there are.
    Everything,
    /// The small ones.
    Small,
}

/// The bytes of a list that came in, whole.
pub(super) fn whole(object: &[u8], body_length: usize) -> HeldBody {
    let body = object.len().saturating_sub(body_length)..object.len();
    HeldBody::Whole { object: object.into(), body }
}
