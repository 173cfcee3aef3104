//! What is said, and where: the answer on stdout, everything else on stderr; as text for people or as JSON.

mod escape;
mod exit;
mod failure;
mod language;
mod span;

pub(crate) use escape::escape;
pub(crate) use exit::Exit;
pub(crate) use failure::Failure;
pub(crate) use language::{Say, choose as choose_language, say};
pub(crate) use span::{Span, bad, bold, clipped, dim, good, pad, plain, rendered, unsure, width};

use anstream::AutoStream;
pub(crate) use anstream::ColorChoice;
use serde_json::Value;
use std::io::{self, Write};
use zhengyin::reason::Language;

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How much a part is of the whole, in per cent.
pub(crate) fn share(part: usize, whole: usize) -> String {
    let permille = part.saturating_mul(1_000).checked_div(whole).unwrap_or_default();
    format!("{}.{} %", permille / 10, permille % 10)
}

/// How much is said on stderr.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

/// Both streams, and in which form to write to them. A reader that went away (a broken pipe) ends the writing, not the work: what is
/// left to say is dropped and the exit code stays that of the work.
pub(crate) struct Out {
    pub(crate) language: Language,
    pub(crate) loudness: Loudness,
    json: bool,
    stdout: AutoStream<io::Stdout>,
    stderr: AutoStream<io::Stderr>,
    broken: Option<io::Error>,
}

impl Out {
    pub(crate) fn new(language: Language, loudness: Loudness, json: bool, color: ColorChoice) -> Self {
        // `Auto` heeds NO_COLOR, CLICOLOR_FORCE and whether the stream is a terminal.
        let (stdout, stderr) = (AutoStream::new(io::stdout(), color), AutoStream::new(io::stderr(), color));
        Out { language, loudness, json, stdout, stderr, broken: None }
    }

    /// Is the answer wanted as JSON? Then text lines of the answer are not written.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// From here on the answer is JSON.
    pub(crate) const fn answer_in_json(&mut self) {
        self.json = true;
    }

    /// Everything that was said is out: is there still somebody who reads it?
    pub(crate) fn flush(&mut self) -> bool {
        let result = self.stdout.flush();
        self.note(result);
        self.broken.is_none()
    }

    /// Does the answer show colours?
    pub(crate) fn is_coloured(&self) -> bool {
        self.stdout.current_choice() != ColorChoice::Never
    }

    pub(crate) fn say<'a>(&self, text: &'a Say) -> &'a str {
        text.get(self.language)
    }

    /// One line of the answer for people; nothing under `--json`.
    pub(crate) fn line(&mut self, spans: &[Span]) {
        if !self.json {
            let result = span::write_line(&mut self.stdout, spans);
            self.note(result);
        }
    }

    /// One line of the answer in the chosen language.
    pub(crate) fn text(&mut self, text: &Say) {
        let span = plain(text.get(self.language));
        self.line(&[span]);
    }

    /// One JSON object on a line of its own, with sorted keys; nothing without `--json`.
    pub(crate) fn json(&mut self, value: &Value) {
        if self.json {
            let result = writeln!(self.stdout, "{value}");
            self.note(result);
        }
    }

    /// A command line that goes on from here, on stderr: it is advice, not the answer.
    pub(crate) fn next(&mut self, command: &str) {
        if self.loudness >= Loudness::Normal && !self.json {
            let label = if self.language == Language::Zh { "下一步：" } else { "next: " };
            let _ = span::write_line(&mut self.stderr, &[dim(label), plain(command)]);
        }
    }

    /// The answer as it is: a file's bytes, a completion script.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let result = io::stdout().write_all(bytes);
        self.note(result);
    }

    /// A remark on stderr, at or above the given loudness.
    pub(crate) fn remark(&mut self, at: Loudness, text: &Say) {
        if self.loudness >= at {
            // Where stderr cannot be written to, there is nobody to tell.
            let _ = span::write_line(&mut self.stderr, &[dim(text.get(self.language))]);
        }
    }

    /// Says on stderr what failed, why, and what to do next (and as JSON on stdout, where that is wanted).
    pub(crate) fn failure(&mut self, failure: &Failure) -> Exit {
        for line in failure.lines(self.language) {
            let _ = span::write_line(&mut self.stderr, &line);
        }
        self.json(&failure.json(self.language));
        failure.exit()
    }

    /// The answer is not given before it is written: a full disk behind a redirection is a failure.
    pub(crate) fn finish(&mut self, exit: Exit) -> Result<Exit, Failure> {
        let result = self.stdout.flush();
        self.note(result);
        match self.broken.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new(say!("无法写出结果", "cannot write the answer")).because_io(&error))
            }
            Some(_) | None => Ok(exit),
        }
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.broken.get_or_insert(error);
        }
    }
}
