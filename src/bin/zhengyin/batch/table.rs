//! Rows of a table: of CSV (RFC 4180) with a line of column names, or a JSON object a line.
//!
//! A row is read into a buffer of bounded size. What is longer is passed over to its end and told; the rows after it are read.

use super::Complaint;
use crate::output::say;
use csv_core::ReadRecordResult;
use std::io::{self, BufRead, BufReader, Read};

/// No row is longer, in bytes.
pub(crate) const MAX_ROW: usize = 1 << 20;
/// No table has more columns.
const MAX_COLUMNS: usize = 1_024;
/// Buffers begin small.
const FIRST_BUFFER: usize = 1 << 12;

/// A row as it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    /// The cells of a row of CSV.
    Cells(Vec<String>),
    /// The text of a line of JSON.
    Json(String),
    /// What could not be read.
    Unreadable(Complaint),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    /// As a spreadsheet or an editor counts: from 1, the line of names included.
    pub(crate) number: u64,
    pub(crate) content: Content,
}

fn too_long() -> Complaint {
    let limit = MAX_ROW;
    Complaint::of_row(
        "too-long",
        say!(
            "这一行超过 {limit} 字节；是否有引号没有闭合？",
            "the row is longer than {limit} bytes: is a quote not closed?"
        ),
    )
}

fn not_text() -> Complaint {
    Complaint::of_row("encoding", say!("这一行不是 UTF-8 文本", "the row is no text in UTF-8"))
}

/// Reads CSV.
pub(crate) struct Table<R> {
    input: BufReader<R>,
    reader: csv_core::Reader,
    cells: Vec<u8>,
    ends: Vec<usize>,
    number: u64,
    done: bool,
}

impl<R: Read> Table<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(1 << 16, input),
            reader: csv_core::ReaderBuilder::new().build(),
            cells: vec![0; FIRST_BUFFER],
            ends: vec![0; 64],
            number: 0,
            done: false,
        }
    }

    /// The next row; empty lines are passed over, as spreadsheets do not write them.
    pub(crate) fn next(&mut self) -> io::Result<Option<Row>> {
        if self.done {
            return Ok(None);
        }
        let (mut filled, mut ended, mut is_too_long) = (0_usize, 0_usize, false);
        loop {
            let input = self.input.fill_buf()?;
            let room = self.cells.get_mut(filled..).unwrap_or_default();
            let ends = self.ends.get_mut(ended..).unwrap_or_default();
            let (result, read, wrote, ends) = self.reader.read_record(input, room, ends);
            self.input.consume(read);
            filled = filled.saturating_add(wrote);
            ended = ended.saturating_add(ends);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.cells.len() < MAX_ROW => {
                    self.cells.resize(self.cells.len().saturating_mul(2).min(MAX_ROW), 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MAX_COLUMNS => {
                    self.ends.resize(self.ends.len().saturating_mul(2).min(MAX_COLUMNS), 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    // The rest of the row is read into the same room and forgotten.
                    (filled, ended, is_too_long) = (0, 0, true);
                }
                ReadRecordResult::Record => {
                    self.number = self.number.saturating_add(1);
                    return Ok(Some(self.row(filled, ended, is_too_long)));
                }
                ReadRecordResult::End => {
                    self.done = true;
                    return Ok(None);
                }
            }
        }
    }

    fn row(&self, filled: usize, ended: usize, is_too_long: bool) -> Row {
        let number = self.number;
        if is_too_long {
            return Row { number, content: Content::Unreadable(too_long()) };
        }
        let bytes = self.cells.get(..filled).unwrap_or_default();
        let ends = self.ends.get(..ended).unwrap_or_default();
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Row { number, content: Content::Unreadable(not_text()) };
        };
        let mut cells = Vec::with_capacity(ends.len());
        let mut start = 0;
        for end in ends {
            // A cell ends where a character does: what separates cells is ASCII.
            cells.push(text.get(start..*end).unwrap_or_default().to_owned());
            start = *end;
        }
        Row { number, content: Content::Cells(cells) }
    }
}

/// Reads lines of JSON.
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), number: 0 }
    }

    /// The next line that is not empty.
    pub(crate) fn next(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some((line, is_too_long)) = self.line()? else { return Ok(None) };
            self.number = self.number.saturating_add(1);
            let number = self.number;
            if is_too_long {
                return Ok(Some(Row { number, content: Content::Unreadable(too_long()) }));
            }
            match String::from_utf8(line) {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => return Ok(Some(Row { number, content: Content::Json(line) })),
                Err(_) => return Ok(Some(Row { number, content: Content::Unreadable(not_text()) })),
            }
        }
    }

    /// The next line without its end, as far as it may be kept.
    fn line(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        let (mut line, mut is_too_long, mut any) = (Vec::new(), false, false);
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                return Ok(any.then_some((line, is_too_long)));
            }
            any = true;
            let end = input.iter().position(|byte| *byte == b'\n');
            let piece = input.get(..end.unwrap_or(input.len())).unwrap_or_default();
            is_too_long |= line.len().saturating_add(piece.len()) > MAX_ROW;
            if !is_too_long {
                line.extend_from_slice(piece);
            }
            let read = piece.len().saturating_add(usize::from(end.is_some()));
            self.input.consume(read);
            if end.is_some() {
                return Ok(Some((line, is_too_long)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn cells(text: &[u8]) -> Vec<(u64, Result<Vec<String>, String>)> {
        let mut table = Table::new(text);
        let mut rows = Vec::new();
        while let Some(row) = table.next().unwrap() {
            rows.push((
                row.number,
                match row.content {
                    Content::Cells(cells) => Ok(cells),
                    Content::Unreadable(complaint) => Err(complaint.rule.into_owned()),
                    Content::Json(_) => panic!(),
                },
            ));
        }
        rows
    }

    fn row(cells: &[&str]) -> Result<Vec<String>, String> {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn rows_and_quotes() {
        assert_eq!(
            cells("编号,名称\r\n1,\"甲,乙\"\n2,\"说\"\"好\"\"\"\n\n3,".as_bytes()),
            [
                (1, row(&["编号", "名称"])),
                (2, row(&["1", "甲,乙"])),
                (3, row(&["2", "说\"好\""])),
                (4, row(&["3", ""]))
            ]
        );
        assert_eq!(cells(b""), []);
        assert_eq!(cells(b"a\0b,c"), [(1, row(&["a\0b", "c"]))]);
        assert_eq!(cells(b"a,\"b\nc"), [(1, row(&["a", "b\nc"]))], "a quote that is not closed takes the rest");
        assert_eq!(cells(b"a\n\xff,b\nc"), [(1, row(&["a"])), (2, Err("encoding".into())), (3, row(&["c"]))]);
    }

    /// So many bytes of a letter, then others.
    struct Endless(u64, &'static [u8]);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = usize::try_from(self.0).unwrap().min(buffer.len());
            if count == 0 {
                return self.1.read(buffer);
            }
            buffer.iter_mut().take(count).for_each(|byte| *byte = b'x');
            self.0 = self.0.checked_sub(u64::try_from(count).unwrap()).unwrap();
            Ok(count)
        }
    }

    #[test]
    fn a_row_without_end_is_told_and_passed_over() {
        let long = u64::try_from(MAX_ROW).unwrap().saturating_mul(20);
        let mut table = Table::new(Endless(long, b"\n1,2\n"));
        let first = table.next().unwrap().unwrap();
        assert!(matches!(first.content, Content::Unreadable(complaint) if complaint.rule == "too-long"));
        assert_eq!(
            table.next().unwrap().unwrap(),
            Row { number: 2, content: Content::Cells(row(&["1", "2"]).unwrap()) }
        );
        assert!(table.cells.len() <= MAX_ROW);
        let mut lines = Lines::new(Endless(long, b"\n\n{}"));
        assert!(matches!(lines.next().unwrap().unwrap().content, Content::Unreadable(_)));
        assert_eq!(lines.next().unwrap().unwrap(), Row { number: 3, content: Content::Json("{}".into()) });
        assert_eq!(lines.next().unwrap(), None);
        let many = "a,".repeat(MAX_COLUMNS.saturating_add(1));
        assert_eq!(cells(format!("{many}\nb").as_bytes()), [(1, Err("too-long".into())), (2, row(&["b"]))]);
    }
}
