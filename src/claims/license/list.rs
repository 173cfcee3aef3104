//! A list inside the payload that was checked once and is read again in place.

use super::fault::LicenseError;
use crate::cbor::Reader;

/// The items of a list, read from the payload one after the other; nothing is copied.
///
/// Every item was checked when the license was parsed, so iterating meets no error.
#[derive(Clone, Debug)]
pub struct List<'a, T> {
    reader: Reader<'a>,
    left: usize,
    read: fn(&mut Reader<'a>) -> Result<T, LicenseError>,
}

impl<'a, T> List<'a, T> {
    /// Checks the whole list and leaves `reader` behind it.
    pub(super) fn parse(
        reader: &mut Reader<'a>,
        read: fn(&mut Reader<'a>) -> Result<T, LicenseError>,
    ) -> Result<Self, LicenseError> {
        let left = reader.array()?;
        let list = Self { reader: reader.clone(), left, read };
        for _ in 0..left {
            read(reader)?;
        }
        Ok(list)
    }
}

impl<T> Iterator for List<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        (self.read)(&mut self.reader).ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> ExactSizeIterator for List<'_, T> {}
