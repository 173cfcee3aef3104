//! The report of a batch: CSV with a line for each row, for spreadsheets (UTF-8 with its mark) and for programs.

use super::Complaint;
use crate::files::{Access, Before, NewFile};
use crate::output::{Failure, Say, escape};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zhengyin::issue::IssuedLicense;
use zhengyin::reason::Language;

const HEAD: &str = "row,outcome,number,identifier,credential,list,position,file,column,value,rule,message\r\n";
/// Longer values are cut: a report is no copy of the table.
const LONGEST: usize = 200;

/// What became of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome<'a> {
    /// It was issued now.
    Issued(&'a IssuedLicense),
    /// It was issued before, and here it is again.
    Again(&'a IssuedLicense),
    /// Nothing is wrong with it, and nothing was issued.
    Checked,
    /// It is refused.
    Refused(&'a [Complaint]),
}

/// A report that is being written.
#[derive(Debug)]
pub(crate) struct Report {
    file: NewFile,
    language: Language,
}

/// What a line tells beside the outcome.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) row: u64,
    pub(crate) number: &'a str,
    /// Where the license was written.
    pub(crate) file: &'a str,
    pub(crate) notes: &'a [String],
}

impl Report {
    pub(crate) fn create(path: &Path, before: Before, language: Language) -> Result<Self, Failure> {
        // It repeats what is wrong, and that may be personal.
        let mut file = NewFile::create(path, Access::Private, before)?;
        file.write("\u{feff}".as_bytes())?;
        file.write(HEAD.as_bytes())?;
        Ok(Self { file, language })
    }

    pub(crate) fn line(&mut self, line: &Line<'_>, outcome: Outcome<'_>) -> Result<(), Failure> {
        let mut text = format!("{},", line.row);
        let word = match outcome {
            Outcome::Issued(_) => "issued",
            Outcome::Again(_) => "again",
            Outcome::Checked => "checked",
            Outcome::Refused(_) => "refused",
        };
        let _ = write!(text, "{word},{},", cell(line.number));
        match outcome {
            Outcome::Issued(license) | Outcome::Again(license) => {
                let (identifier, status) = (license.identifier.as_str(), license.status);
                let _ = write!(text, "{identifier},{},{},{},", license.id, status.list, status.index);
                let _ = write!(text, "{},,,,{}\r\n", cell(line.file), cell(&line.notes.join("; ")));
            }
            Outcome::Checked => {
                let _ = write!(text, ",,,,,,,,{}\r\n", cell(&line.notes.join("; ")));
            }
            Outcome::Refused(complaints) => {
                let (columns, rules) = (
                    of_all(complaints, |one| one.column.clone().unwrap_or_default()),
                    of_all(complaints, |one| one.rule.to_string()),
                );
                let values = of_all(complaints, |one| one.value.clone());
                let messages = of_all(complaints, |one| told(one, self.language));
                let _ =
                    write!(text, ",,,,,{},{},{},{}\r\n", cell(&columns), cell(&values), cell(&rules), cell(&messages));
            }
        }
        self.file.write(text.as_bytes())
    }

    pub(crate) fn finish(self) -> Result<PathBuf, Failure> {
        self.file.finish()
    }

    /// What is written so far can be read where it stands.
    pub(crate) fn leave(mut self) -> Result<PathBuf, Failure> {
        self.file.flush()?;
        Ok(self.file.part().to_path_buf())
    }
}

/// A row may break several rules: they stand in one cell, in the same order in each.
fn of_all(complaints: &[Complaint], part: impl Fn(&Complaint) -> String) -> String {
    complaints.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// A complaint with its column.
pub(crate) fn told(complaint: &Complaint, language: Language) -> String {
    let Say { zh, en } = &complaint.why;
    match (&complaint.column, language) {
        (Some(column), Language::Zh) => format!("{column}：{zh}"),
        (Some(column), Language::En) => format!("{column}: {en}"),
        (None, Language::Zh) => zh.clone(),
        (None, Language::En) => en.clone(),
    }
}

/// A cell of CSV. What a spreadsheet would take for a formula is given to it as text, and what acts on a terminal is spelt out.
pub(crate) fn cell(text: &str) -> String {
    let mut shown: String = escape(text).chars().take(LONGEST).collect();
    if escape(text).chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    if shown.starts_with(['=', '+', '-', '@']) {
        shown.insert(0, '\'');
    }
    if shown.contains([',', '"', '\'']) { format!("\"{}\"", shown.replace('"', "\"\"")) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn nothing_in_a_report_acts() {
        assert_eq!(cell("张示例"), "张示例");
        assert_eq!(cell("甲,乙\"丙"), "\"甲,乙\"\"丙\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(cell("+1"), "\"'+1\"");
        assert_eq!(cell("a\nb\u{1b}"), "a\\u{a}b\\u{1b}");
        assert_eq!(cell(&"x".repeat(300)).chars().count(), 201);
    }
}
