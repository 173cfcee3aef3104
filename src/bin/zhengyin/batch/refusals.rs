//! Refused rows, put aside while a table is checked and taken up again while it is issued.

use super::Complaint;
use crate::output::{Failure, Say, say};
use serde_json::{Value, json};
use std::io::{self, BufRead};

/// A refused row as a line, put aside for the report.
pub(crate) fn refusal(row: u64, number: &str, complaints: &[Complaint]) -> Value {
    let one = |complaint: &Complaint| {
        json!([complaint.column, complaint.value, complaint.rule, complaint.why.zh, complaint.why.en])
    };
    json!([row, number, complaints.iter().map(one).collect::<Value>()])
}

/// The refused rows, as they were put aside.
pub(crate) struct Refusals<R> {
    lines: io::Lines<R>,
    pub(crate) next: Option<Refused>,
}

pub(crate) struct Refused {
    pub(crate) row: u64,
    pub(crate) number: String,
    pub(crate) complaints: Vec<Complaint>,
}

impl<R: BufRead> Refusals<R> {
    pub(crate) fn new(reader: R) -> Result<Self, Failure> {
        let mut refusals = Self { lines: reader.lines(), next: None };
        refusals.advance()?;
        Ok(refusals)
    }

    pub(crate) fn advance(&mut self) -> Result<Option<Refused>, Failure> {
        let read = match self.lines.next() {
            None => None,
            Some(line) => {
                let line = line.map_err(|error| unread(&error))?;
                serde_json::from_str::<(u64, String, Vec<(Option<String>, String, String, String, String)>)>(&line).ok()
            }
        };
        let next = read.map(|(row, number, complaints)| Refused {
            row,
            number,
            complaints: complaints
                .into_iter()
                .map(|(column, value, rule, zh, en)| Complaint {
                    column,
                    value,
                    rule: rule.into(),
                    why: Say { zh, en },
                })
                .collect(),
        });
        Ok(std::mem::replace(&mut self.next, next))
    }
}

fn unread(error: &io::Error) -> Failure {
    Failure::new(say!("无法使用临时文件", "a temporary file cannot be used")).because_io(error)
}
