//! Reading CBOR sequences (RFC 8742).

use super::{Error, Reader};

/// The items of a CBOR sequence (RFC 8742), each checked whole and given as its bytes. Ends after the first fault.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    reader: Reader<'a>,
    failed: bool,
}

impl<'a> Items<'a> {
    /// The items of `sequence`.
    #[must_use]
    pub const fn new(sequence: &'a [u8]) -> Self {
        Self { reader: Reader::new(sequence), failed: false }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Result<&'a [u8], Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.reader.is_at_end() {
            return None;
        }
        let item = self.reader.skip();
        self.failed = item.is_err();
        Some(item)
    }
}
