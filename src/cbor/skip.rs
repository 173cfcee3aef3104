//! Passing over an item of any type: all of it is checked, and none of it is understood.

use super::head::Kind;
use super::map::check_order;
use super::reader::Reader;
use super::{Error, Fault};
use crate::labels::tag;
use crate::limits::MAX_DEPTH;

impl<'a> Reader<'a> {
    /// Checks one item of any type whole, and gives its bytes. Iterative: nesting costs no stack.
    ///
    /// # Errors
    /// The first fault within it.
    pub fn skip(&mut self) -> Result<&'a [u8], Error> {
        let start = self.position();
        if let Some(open) = self.item()? {
            self.skip_members(open, start)?;
        }
        Ok(self.since(start))
    }

    /// Passes over a head, and of a string its content. What a container holds is next.
    pub(super) fn head_alone(&mut self) -> Result<(), Error> {
        self.item().map(|_| ())
    }

    /// Checks what a container holds, whose head began at `at`.
    fn skip_members(&mut self, open: Open, mut at: usize) -> Result<(), Error> {
        let mut stack = [Frame::EMPTY; MAX_DEPTH];
        let mut depth = 0usize;
        let mut opened = Some(open);
        loop {
            if let Some(open) = opened {
                let frame = stack.get_mut(depth).ok_or(Error { fault: Fault::TooDeep, at })?;
                *frame = Frame { left: open.items, map: open.map, key_at: self.position(), previous: (0, 0) };
                if open.items > 0 {
                    depth = depth.saturating_add(1);
                } else {
                    opened = None;
                }
            }
            // An item is complete: count it in the frames that it completes.
            while opened.is_none() {
                let Some(frame) = depth.checked_sub(1).and_then(|top| stack.get_mut(top)) else {
                    return Ok(());
                };
                frame.left = frame.left.saturating_sub(1);
                if frame.map {
                    frame.member_ended(self.whole(), self.position())?;
                }
                if frame.left > 0 {
                    break;
                }
                depth = depth.saturating_sub(1);
            }
            at = self.position();
            opened = self.item()?;
        }
    }

    /// Reads a head and, for strings, their content; tells how many items it contains.
    #[inline]
    fn item(&mut self) -> Result<Option<Open>, Error> {
        let at = self.position();
        let head = self.head()?;
        Ok(match head.kind {
            Kind::Uint | Kind::Simple => None,
            Kind::Negative => {
                head.int(at)?;
                None
            }
            Kind::Bytes => {
                self.string(head.argument, at)?;
                None
            }
            Kind::Text => {
                self.text_of(head.argument, at)?;
                None
            }
            Kind::Array => Some(Open { items: self.count(head.argument, 1, at)?, map: false }),
            Kind::Map => Some(Open { items: self.count(head.argument, 2, at)?.saturating_mul(2), map: true }),
            Kind::Tag => {
                let content = self.kind()?;
                let fits = match head.argument {
                    tag::COSE_SIGN1 | tag::COSE_SIGN => content == Kind::Array,
                    tag::EPOCH_DAYS => matches!(content, Kind::Uint | Kind::Negative),
                    _ => false,
                };
                if !fits {
                    return Err(Error { fault: Fault::Tag, at });
                }
                Some(Open { items: 1, map: false })
            }
        })
    }
}

/// What a container that was just opened holds.
#[derive(Clone, Copy)]
struct Open {
    items: usize,
    map: bool,
}

/// A container that is being skipped.
#[derive(Clone, Copy)]
struct Frame {
    /// Items not yet complete; in a map a key and its value are two.
    left: usize,
    map: bool,
    /// Where the current member begins.
    key_at: usize,
    /// The bytes of the previous key, as a range; (0, 0) before the first.
    previous: (usize, usize),
}

impl Frame {
    const EMPTY: Self = Self { left: 0, map: false, key_at: 0, previous: (0, 0) };

    /// A key or a value of this map ended at `end`.
    fn member_ended(&mut self, input: &[u8], end: usize) -> Result<(), Error> {
        if self.left % 2 == 1 {
            let previous = input.get(self.previous.0..self.previous.1).unwrap_or_default();
            check_order(previous, input.get(self.key_at..end).unwrap_or_default(), self.key_at)?;
            self.previous = (self.key_at, end);
        } else {
            self.key_at = end;
        }
        Ok(())
    }
}
