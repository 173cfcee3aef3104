//! In which encoding a text file is: UTF-8, with or without its mark, or GB18030, which spreadsheets of Chinese systems write.
//!
//! It is told, or it is found out from the whole file: what is UTF-8 throughout is UTF-8, what is not and is GB18030 throughout is GB18030,
//! and everything else is refused. No byte is replaced by a question mark.

use crate::output::{Failure, Say, say};
use encoding_rs::{Decoder, DecoderResult, GB18030};
use std::io::{self, Read};
use std::path::Path;

/// Bytes that are looked at together.
const CHUNK: usize = 1 << 16;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    Utf8,
    Gb18030,
}

impl Encoding {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
        }
    }
}

/// What `--encoding` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Asked {
    Auto,
    For(Encoding),
}

impl Asked {
    /// For clap: the error is a text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "auto" => Ok(Self::Auto),
            "utf-8" | "utf8" => Ok(Self::For(Encoding::Utf8)),
            "gb18030" | "gbk" | "gb2312" => Ok(Self::For(Encoding::Gb18030)),
            _ => Err("expected auto, utf-8 or gb18030".to_owned()),
        }
    }
}

/// Files that are something else, by how they begin.
const FOREIGN: [(&[u8], &str, &str); 4] = [
    (
        b"PK\x03\x04",
        "这是工作簿（.xlsx）或压缩包，请另存为 CSV",
        "this is a workbook (.xlsx) or an archive: save it as CSV",
    ),
    (b"\xd0\xcf\x11\xe0", "这是工作簿（.xls），请另存为 CSV", "this is a workbook (.xls): save it as CSV"),
    (b"\xff\xfe", "这是 UTF-16，请另存为 UTF-8 的 CSV", "this is UTF-16: save it as CSV in UTF-8"),
    (b"\xfe\xff", "这是 UTF-16，请另存为 UTF-8 的 CSV", "this is UTF-16: save it as CSV in UTF-8"),
];

/// Where a file stops being what it was taken for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fault {
    line: u64,
    byte: u64,
}

/// Reads the whole file and says in which encoding it is.
pub(crate) fn detect(mut file: impl Read, asked: Asked, path: &Path) -> Result<Encoding, Failure> {
    let shown = path.display();
    let unread = |error: &io::Error| Failure::new(say!("无法读取 {shown}", "cannot read {shown}")).because_io(error);
    let refused = |why: Say| Failure::new(say!("无法使用 {shown}", "{shown} cannot be used")).because(why);
    let (mut utf8, mut gb18030) = (Utf8::default(), Gb::new());
    let mut chunk = vec![0; CHUNK];
    let mut is_first = true;
    loop {
        let count = read_full(&mut file, &mut chunk).map_err(|error| unread(&error))?;
        let bytes = chunk.get(..count).unwrap_or_default();
        if std::mem::take(&mut is_first)
            && let Some((_, zh, en)) = FOREIGN.iter().find(|(mark, ..)| bytes.starts_with(mark))
        {
            return Err(refused(say!("{zh}", "{en}")));
        }
        let is_last = count < CHUNK;
        utf8.take(bytes, is_last);
        gb18030.take(bytes, is_last);
        if is_last || utf8.fault.is_some() && gb18030.fault.is_some() {
            break;
        }
    }
    let not = |encoding: Encoding, fault: Fault| {
        let (name, Fault { line, byte }) = (encoding.name(), fault);
        refused(say!("第 {line} 行（第 {byte} 字节）不是 {name}", "line {line}, byte {byte}, is not {name}"))
    };
    match (asked, utf8.fault, gb18030.fault) {
        (Asked::Auto | Asked::For(Encoding::Utf8), None, _) => Ok(Encoding::Utf8),
        (Asked::Auto | Asked::For(Encoding::Gb18030), _, None) => Ok(Encoding::Gb18030),
        (Asked::For(Encoding::Utf8), Some(fault), _) => Err(not(Encoding::Utf8, fault)),
        (Asked::For(Encoding::Gb18030), _, Some(fault)) => Err(not(Encoding::Gb18030, fault)),
        (Asked::Auto, Some(first), Some(second)) => {
            let (line, byte, other) = (first.line, first.byte, second.line);
            Err(refused(say!(
                "第 {line} 行（第 {byte} 字节）不是 UTF-8，第 {other} 行不是 GB18030",
                "line {line}, byte {byte}, is not UTF-8, and line {other} is not GB18030"
            )))
        }
    }
}

/// As much as there is, up to a whole chunk.
fn read_full(file: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = chunk.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Counts lines and bytes up to a fault.
#[derive(Default)]
struct Place {
    lines: u64,
    bytes: u64,
}

impl Place {
    fn pass(&mut self, bytes: &[u8]) {
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.lines = self.lines.saturating_add(u64::try_from(lines).unwrap_or(u64::MAX));
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }

    const fn fault(&self) -> Fault {
        Fault { line: self.lines.saturating_add(1), byte: self.bytes }
    }
}

#[derive(Default)]
struct Utf8 {
    /// The beginning of a character whose end is in the next chunk.
    begun: Vec<u8>,
    place: Place,
    fault: Option<Fault>,
}

impl Utf8 {
    fn take(&mut self, bytes: &[u8], is_last: bool) {
        if self.fault.is_some() {
            return;
        }
        let mut joined = std::mem::take(&mut self.begun);
        joined.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&joined) {
            Ok(_) => joined.len(),
            Err(error) => {
                let valid = error.valid_up_to();
                if error.error_len().is_some() || is_last {
                    self.place.pass(joined.get(..valid).unwrap_or_default());
                    self.fault = Some(self.place.fault());
                    return;
                }
                valid
            }
        };
        self.place.pass(joined.get(..whole).unwrap_or_default());
        self.begun = joined.split_off(whole);
    }
}

struct Gb {
    decoder: Decoder,
    scratch: Vec<u8>,
    place: Place,
    fault: Option<Fault>,
}

impl Gb {
    fn new() -> Self {
        Self {
            decoder: GB18030.new_decoder_without_bom_handling(),
            scratch: vec![0; CHUNK],
            place: Place::default(),
            fault: None,
        }
    }

    fn take(&mut self, mut bytes: &[u8], is_last: bool) {
        while self.fault.is_none() {
            let (result, read, _) = self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.scratch, is_last);
            self.place.pass(bytes.get(..read).unwrap_or_default());
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.fault = Some(self.place.fault()),
            }
        }
    }
}

/// A file as UTF-8. What is not in its encoding is an error, although it was looked at before: it may have been changed since.
pub(crate) struct Text<R> {
    file: R,
    decoder: Option<Decoder>,
    input: Vec<u8>,
    /// What of `input` is not decoded yet, and what of `output` is not handed out yet.
    pending: std::ops::Range<usize>,
    output: Vec<u8>,
    ready: std::ops::Range<usize>,
    at_end: bool,
    at_start: bool,
}

impl<R: Read> Text<R> {
    pub(crate) fn new(file: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Gb18030 => Some(GB18030.new_decoder_without_bom_handling()),
        };
        Self {
            file,
            decoder,
            input: vec![0; CHUNK],
            pending: 0..0,
            output: vec![0; CHUNK.saturating_mul(2)],
            ready: 0..0,
            at_end: false,
            at_start: true,
        }
    }

    /// Decodes until something is ready, or the file ends.
    fn fill(&mut self) -> io::Result<()> {
        while self.ready.is_empty() && !(self.at_end && self.pending.is_empty() && self.decoder.is_none()) {
            if self.pending.is_empty() && !self.at_end {
                let count = read_full(&mut self.file, &mut self.input)?;
                self.pending = 0..count;
                self.at_end = count < CHUNK;
            }
            let bytes = self.input.get(self.pending.clone()).unwrap_or_default();
            match &mut self.decoder {
                None => {
                    if let Some(room) = self.output.get_mut(..bytes.len()) {
                        room.copy_from_slice(bytes);
                    }
                    self.ready = 0..bytes.len();
                    self.pending = 0..0;
                }
                Some(decoder) => {
                    let (result, read, written) =
                        decoder.decode_to_utf8_without_replacement(bytes, &mut self.output, self.at_end);
                    if let DecoderResult::Malformed(..) = result {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "not GB18030"));
                    }
                    self.pending.start = self.pending.start.saturating_add(read);
                    self.ready = 0..written;
                    if self.at_end && result == DecoderResult::InputEmpty {
                        self.decoder = None;
                        self.pending = 0..0;
                    }
                }
            }
            let ready = self.output.get(self.ready.clone()).unwrap_or_default();
            // The mark of the encoding, which is no part of the text.
            if self.at_start && ready.starts_with("\u{feff}".as_bytes()) {
                self.ready.start = self.ready.start.saturating_add("\u{feff}".len());
            }
            self.at_start &= ready.is_empty();
        }
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() {
            self.fill()?;
        }
        let ready = self.output.get(self.ready.clone()).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.ready.start = self.ready.start.saturating_add(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
    use super::*;

    fn encoding(bytes: &[u8], asked: Asked) -> Result<Encoding, String> {
        detect(bytes, asked, Path::new("x.csv")).map_err(|failure| failure.text().en)
    }

    fn text(bytes: &[u8], encoding: Encoding) -> io::Result<String> {
        let mut read = String::new();
        Text::new(bytes, encoding).read_to_string(&mut read).map(|_| read)
    }

    #[test]
    fn the_encoding_is_found_out_strictly() {
        let gb = GB18030.encode("编号,姓名\r\n1,张示例𠀀").0;
        assert_eq!(encoding("编号".as_bytes(), Asked::Auto), Ok(Encoding::Utf8));
        assert_eq!(encoding(b"", Asked::Auto), Ok(Encoding::Utf8));
        assert_eq!(encoding(&gb, Asked::Auto), Ok(Encoding::Gb18030));
        assert_eq!(
            encoding(&gb, Asked::For(Encoding::Utf8)),
            Err("x.csv cannot be used: line 1, byte 0, is not UTF-8".into())
        );
        let odd = GB18030.encode("编号").0;
        assert!(encoding(odd.split_last().unwrap().1, Asked::Auto).is_err(), "cut within a character");
        assert_eq!(
            encoding(b"a\nb\xff\xffc", Asked::Auto),
            Err("x.csv cannot be used: line 2, byte 3, is not UTF-8, and line 2 is not GB18030".into())
        );
        for (foreign, said) in
            [(&b"PK\x03\x04x"[..], "workbook"), (b"\xff\xfea\0", "UTF-16"), (b"\xd0\xcf\x11\xe0", "workbook")]
        {
            assert!(encoding(foreign, Asked::Auto).unwrap_err().contains(said));
        }
    }

    #[test]
    fn characters_across_chunks_are_whole() {
        for shift in 0..4 {
            let long = format!("{}{}", "x".repeat(shift), "证照𠀀".repeat(CHUNK / 5));
            let gb = GB18030.encode(&long).0;
            assert_eq!(encoding(long.as_bytes(), Asked::Auto), Ok(Encoding::Utf8));
            assert_eq!(encoding(&gb, Asked::Auto), Ok(Encoding::Gb18030));
            assert_eq!(text(long.as_bytes(), Encoding::Utf8).unwrap(), long);
            assert_eq!(text(&gb, Encoding::Gb18030).unwrap(), long);
        }
        assert_eq!(text("\u{feff}编号".as_bytes(), Encoding::Utf8).unwrap(), "编号");
        assert_eq!(text(b"\x84\x31\x95\x33a", Encoding::Gb18030).unwrap(), "a");
        assert_eq!(text(b"", Encoding::Gb18030).unwrap(), "");
        assert!(text(b"a\xff", Encoding::Gb18030).is_err());
    }
}
