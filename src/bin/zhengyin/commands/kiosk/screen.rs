//! The whole terminal as a counter's screen: one large sign, one large word in two languages, and the card below. A colour adds to the
//! sign and never stands for it. What was there before comes back at the end, however the end comes.

use super::answer::{Face, Told};
use crate::output::{Say, Span, bold, clipped, dim, pad, plain, rendered, width};
use std::io::Write;
use std::time::Duration;

/// Another screen, without a cursor; and back.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l";
const LEAVE: &str = "\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l";
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";
/// A terminal that does not say how large it is.
const USUAL: (usize, usize) = (24, 80);
/// How long a license stays on the screen: until the next one, or until nobody looks any more.
const STAYS: Duration = Duration::from_secs(60);

/// Writes to a terminal, and leaves it as it was when dropped.
pub(super) struct Screen<W: Write> {
    terminal: W,
    is_coloured: bool,
    face: Face,
    lines: Vec<Vec<Span>>,
    /// What happened besides scans, at the bottom.
    status: String,
    since: Duration,
}

impl<W: Write> Screen<W> {
    pub(super) fn open(mut terminal: W, is_coloured: bool) -> Self {
        let _ = terminal.write_all(ENTER.as_bytes());
        Self {
            terminal,
            is_coloured,
            face: Face::Ready,
            lines: Vec::new(),
            status: String::new(),
            since: Duration::ZERO,
        }
    }

    /// Shows an answer.
    pub(super) fn show(&mut self, told: &Told, now: Duration, size: Option<(usize, usize)>) {
        (self.face, self.since) = (told.face, now);
        // A code to be scanned goes before what the license says.
        self.lines = if told.challenge.is_empty() { told.card.clone() } else { told.challenge.clone() };
        self.draw(size);
    }

    /// Waits for the next scan, with or without a challenge to be scanned.
    pub(super) fn wait(&mut self, challenge: Vec<Vec<Span>>, now: Duration, size: Option<(usize, usize)>) {
        (self.face, self.since, self.lines) = (Face::Ready, now, challenge);
        self.draw(size);
    }

    /// Has the answer been there for long enough? It shows a person's data.
    pub(super) fn is_old(&self, now: Duration) -> bool {
        self.face != Face::Ready && now.saturating_sub(self.since) >= STAYS
    }

    /// Says at the bottom what happened.
    pub(super) fn status(&mut self, text: &Say, size: Option<(usize, usize)>) {
        self.status = format!("{}  {}", text.zh, text.en);
        self.draw(size);
    }

    /// A terminal that cannot be written to is one that nobody looks at.
    fn draw(&mut self, size: Option<(usize, usize)>) {
        let text = self.page(size.unwrap_or(USUAL));
        let _ = self.terminal.write_all(text.as_bytes()).and_then(|()| self.terminal.flush());
    }

    fn page(&self, (rows, columns): (usize, usize)) -> String {
        let mut lines: Vec<Vec<Span>> = Vec::new();
        let (zh, en) = self.face.words();
        let banner = format!("{}   {}", spaced(zh), spaced(en));
        let middle = |text: &str| " ".repeat(columns.saturating_sub(width(text)) / 2);
        // On a small terminal the word alone says it.
        if rows >= 20 {
            let sign = self.face.sign();
            lines.extend(sign.iter().map(|row| vec![plain(middle(row)), self.face.span((*row).to_owned())]));
            lines.push(Vec::new());
        }
        lines.push(vec![plain(middle(&banner)), self.face.span(banner)]);
        lines.push(Vec::new());
        let room = rows.saturating_sub(lines.len()).saturating_sub(2);
        lines.extend(self.lines.iter().take(room).cloned());
        if self.lines.len() > room {
            lines.push(vec![dim("…")]);
        }
        let mut text = String::from(CLEAR);
        for line in lines.iter().take(rows.saturating_sub(1)) {
            text.push_str(&rendered(&clipped(line, columns), self.is_coloured));
            // The terminal does not go to the first column by itself.
            text.push_str("\r\n");
        }
        let status = pad(&self.status, columns).into_owned();
        text.push_str(&format!("\u{1b}[{rows};1H"));
        text.push_str(&rendered(&clipped(&[bold(status)], columns), self.is_coloured));
        text
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        let _ = self.terminal.write_all(LEAVE.as_bytes()).and_then(|()| self.terminal.flush());
    }
}

/// Letters apart are read from further away.
fn spaced(word: &str) -> String {
    word.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn told(face: Face, line: &str) -> Told {
        Told { face, json: None, card: vec![vec![plain(line)]], challenge: Vec::new(), failures: Vec::new() }
    }

    fn drawn(shared: &Shared) -> String {
        String::from_utf8(shared.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn the_terminal_comes_back_after_a_panic() {
        let shared = Shared::default();
        let other = shared.clone();
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _screen = Screen::open(other, false);
            panic!("in the middle");
        }));
        std::panic::set_hook(hook);
        assert!(ended.is_err());
        assert_eq!(drawn(&shared), format!("{ENTER}{LEAVE}"));
    }

    /// Every face has its sign and its words, without any colour; nothing that a license says moves the cursor or runs over the edge.
    #[test]
    fn a_sign_and_two_words_stand_for_each_answer() {
        let mut seen = std::collections::BTreeSet::new();
        for face in Face::ALL {
            let shared = Shared::default();
            let mut screen = Screen::open(shared.clone(), false);
            screen.show(&told(face, "\u{1b}[2J\u{202e}x".repeat(40).as_str()), Duration::ZERO, Some((24, 60)));
            let page = drawn(&shared).replace(ENTER, "").replacen(CLEAR, "", 1);
            let (zh, en) = face.words();
            assert!(page.contains(&spaced(zh)) && page.contains(&spaced(en)), "{en}");
            let body = page.split_once("\u{1b}[24;1H").unwrap().0;
            assert!(!body.contains(['\u{1b}', '\u{202e}']), "{body}");
            assert!(body.lines().all(|line| width(line.trim_end_matches('\r')) <= 60), "{body}");
            assert!(body.lines().count() <= 23);
            assert!(seen.insert(face.sign().concat()), "two answers have one sign");
        }
    }

    #[test]
    fn a_license_does_not_stay_for_ever() {
        let mut screen = Screen::open(Shared::default(), false);
        screen.show(&told(Face::Valid, "x"), Duration::from_secs(5), None);
        assert!(!screen.is_old(Duration::from_secs(64)) && screen.is_old(Duration::from_secs(65)));
        screen.wait(Vec::new(), Duration::from_secs(65), None);
        assert!(!screen.is_old(Duration::from_secs(900)));
    }
}
