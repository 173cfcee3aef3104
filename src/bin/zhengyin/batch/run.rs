//! The two passes over a table: every row is checked, then what passed is issued.

use super::Complaint;
use super::clerk::{Clerk, Counts, Slip};
use super::cores;
use super::encoding::{Encoding, Text};
use super::handout::Handout;
use super::progress::Progress;
use super::refusals::{Refusals, Refused, refusal};
use super::report::{Line, Outcome, Report};
use super::row::{Form, Rules, Sheet};
use super::table::{Content, Lines, Row, Table};
use crate::clock;
use crate::files::{Input, Scratch};
use crate::home::Home;
use crate::interrupt::Interrupt;
use crate::office::register::{self, OpenRegister, explain};
use crate::output::{Failure, say};
use crate::secrets;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, VecDeque};
use std::hash::BuildHasher;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;
use zhengyin::claims::CredentialId;
use zhengyin::claims::id::CreditCode;
use zhengyin::register::{Act, Batch, Issued, Order, RegisterError, RegisterIssueError, Request, Signing};
use zhengyin::time::Timestamp;

/// Rows between the threads.
const BETWEEN: usize = 2_048;

/// What both passes go over, and by which rules.
pub(crate) struct Pass<'a> {
    pub(crate) input: &'a mut Input,
    pub(crate) encoding: Encoding,
    pub(crate) path: &'a Path,
    pub(crate) rules: &'a Rules<'a>,
    pub(crate) interrupt: &'a Interrupt,
}

/// What the check found.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) rows: u64,
    pub(crate) refused: u64,
    /// Issued before, as they stand.
    pub(crate) again: u64,
    /// The first complaints, with their rows.
    pub(crate) shown: Vec<(u64, Complaint)>,
    /// Every refused row, one after the other.
    refusals: Option<Scratch>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) issued: u64,
    pub(crate) again: u64,
    pub(crate) refused: u64,
    pub(crate) seconds: u64,
    pub(crate) report: PathBuf,
}

/// What the second pass works with.
pub(crate) struct Issuing<'a> {
    pub(crate) signing: Signing<'a>,
    pub(crate) act: Act<'a>,
    pub(crate) handout: Handout,
    pub(crate) report: Report,
    pub(crate) progress: Progress,
}

/// Counts what is read, to tell how far it is.
struct Counted<'a, R> {
    file: R,
    read: &'a AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.fetch_add(u64::try_from(count).unwrap_or(0), Ordering::Relaxed);
        Ok(count)
    }
}

/// Rows of either kind.
enum Rows<R> {
    Csv(Box<Table<R>>),
    Json(Lines<R>),
}

impl<R: Read> Rows<R> {
    fn new(form: &Form, text: R, path: &Path) -> Result<Self, Failure> {
        Ok(match form {
            Form::Csv(_) => {
                let mut table = Table::new(text);
                // The names of the columns are in the plan.
                header(&mut table, path)?;
                Self::Csv(Box::new(table))
            }
            Form::Json(_) => Self::Json(Lines::new(text)),
        })
    }

    fn next(&mut self, path: &Path) -> Result<Option<Row>, Failure> {
        let next = match self {
            Self::Csv(table) => table.next(),
            Self::Json(lines) => lines.next(),
        };
        next.map_err(|error| unread(path, &error))
    }
}

fn unread(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    Failure::new(say!("无法读取 {shown}", "cannot read {shown}")).because_io(error)
}

/// The names of the columns.
pub(crate) fn header<R: Read>(table: &mut Table<R>, path: &Path) -> Result<Vec<String>, Failure> {
    let shown = path.display();
    match table.next().map_err(|error| unread(path, &error))?.map(|row| row.content) {
        Some(Content::Cells(cells)) => Ok(cells),
        Some(Content::Unreadable(complaint)) => Err(Failure::new(say!(
            "{shown} 的第一行应为列名",
            "the first row of {shown} must hold the names of the columns"
        ))
        .because(complaint.why)),
        Some(Content::Json(_)) | None => Err(Failure::new(say!("{shown} 是空的", "{shown} is empty"))),
    }
}

/// The authority that the first row names, or the constants.
pub(crate) fn first_authority(form: &Form, text: impl Read) -> Option<CreditCode> {
    let facts = match form {
        Form::Csv(plan) => {
            let mut table = Table::new(text);
            table.next().ok()??;
            let at = plan.columns.iter().position(|(_, column)| column.iter().any(|own| own.key == "authority"));
            match (at, table.next().ok()??.content) {
                (Some(at), Content::Cells(cells)) => json!({"authority": cells.get(at)?.trim()}),
                _ => plan.base(),
            }
        }
        Form::Json(constants) if constants.contains_key("authority") => Value::Object(constants.clone()),
        Form::Json(_) => match Lines::new(text).next().ok()??.content {
            Content::Json(line) => serde_json::from_str(&line).ok()?,
            _ => return None,
        },
    };
    CreditCode::parse(facts.get("authority")?.as_str()?).ok()
}

/// Names and identifiers that were met, by their fingerprints: under a key of this process, for the table may be an attacker's.
#[derive(Default)]
struct Met {
    state: RandomState,
    rows: BTreeMap<u64, u32>,
}

impl Met {
    /// The row that had the same.
    fn meet(&mut self, what: impl std::hash::Hash, row: u64) -> Option<u32> {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        match self.rows.entry(self.state.hash_one(what)) {
            std::collections::btree_map::Entry::Occupied(held) => Some(*held.get()),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(row);
                None
            }
        }
    }
}

/// Checks every row.
pub(crate) fn check(
    pass: &mut Pass<'_>,
    held: Option<&OpenRegister>,
    mut report: Option<&mut Report>,
    mut progress: Progress,
    show: usize,
) -> Result<Checked, Failure> {
    let (rules, path, interrupt, length) = (pass.rules, pass.path, pass.interrupt, pass.input.length().max(1));
    let read = AtomicU64::new(0);
    let encoding = pass.encoding;
    let file = pass.input.rewind().map_err(|error| unread(path, &error))?;
    let mut rows = Rows::new(rules.form, Text::new(Counted { file, read: &read }, encoding), path)?;
    let mut checked = Checked { refusals: Some(Scratch::new()?), ..Checked::default() };
    let (mut names, mut identifiers) = (Met::default(), Met::default());
    let work = |row: Row| {
        let sheet = rules.read(&row);
        let complaints = match &sheet {
            Ok(sheet) => rules.check(sheet, &row),
            Err(complaints) => complaints.clone(),
        };
        (row.number, sheet.ok(), complaints)
    };
    let mut sink = |(row, sheet, mut complaints): (u64, Option<Sheet>, Vec<Complaint>)| {
        checked.rows = checked.rows.saturating_add(1);
        let mut number = String::new();
        let mut notes = Vec::new();
        if let Some(sheet) = sheet {
            let facts = &sheet.facts;
            let name = (facts.type_code, &facts.number, facts.version);
            if let Some(other) = names.meet(name, row).filter(|_| complaints.is_empty()) {
                let why =
                    say!("与第 {other} 行的类型、编号和版本相同", "has the type, number and version of row {other}");
                complaints.push(Complaint::of_row("twice", why));
            }
            let identifier = (facts.type_code, &facts.authority_code, &facts.serial, facts.version);
            if let Some(other) = identifiers.meet(identifier, row).filter(|_| complaints.is_empty()) {
                let why = say!(
                    "与第 {other} 行的证照标识相同（流水号、版本）",
                    "has the identifier of row {other} (serial, version)"
                );
                complaints.push(Complaint::of_row("identifier", why));
            }
            match held.filter(|_| complaints.is_empty()).map(|desk| desk.held(&request(&sheet, rules))) {
                None | Some(Ok(None)) => {}
                Some(Ok(Some(_))) => checked.again = checked.again.saturating_add(1),
                Some(Err(error)) => complaints.push(of_register(error)),
            }
            number.clone_from(&facts.number);
            notes = sheet.notes;
        }
        if let Some(report) = &mut report {
            let line = Line { row, number: &number, file: "", notes: &notes };
            let outcome = if complaints.is_empty() { Outcome::Checked } else { Outcome::Refused(&complaints) };
            report.line(&line, outcome)?;
        }
        if !complaints.is_empty() {
            checked.refused = checked.refused.saturating_add(1);
            if let Some(refusals) = &mut checked.refusals {
                refusals.write(format!("{}\n", refusal(row, &number, &complaints)).as_bytes())?;
            }
            let room = show.saturating_sub(checked.shown.len());
            checked.shown.extend(complaints.into_iter().take(room).map(|complaint| (row, complaint)));
        }
        let permille = read.load(Ordering::Relaxed).saturating_mul(1_000).checked_div(length).unwrap_or(0);
        progress.tell(checked.rows, None, permille.min(1_000));
        Ok(if interrupt.is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    };
    cores::in_order(cores::threads(), &mut || rows.next(path), &work, &mut sink)?;
    Ok(checked)
}

fn request<'a>(sheet: &'a Sheet, rules: &Rules<'_>) -> Request<'a> {
    Request {
        facts: &sheet.facts,
        list: rules.list,
        id: CredentialId::new([0; 16]),
        not_before: rules.now,
        expires: Some(rules.expires),
        holder_key: sheet.holder_key.clone(),
    }
}

/// What the register says against a license.
fn of_register(error: RegisterIssueError) -> Complaint {
    match error {
        RegisterIssueError::Register(error) => {
            let rule = if matches!(error, RegisterError::Duplicate { .. }) { "other-content" } else { "register" };
            Complaint::of_row(rule, explain(&error))
        }
        error => Complaint::of_row("license", say!("{error}", "{error}")),
    }
}

/// What goes from the table to the register.
enum Item {
    Order(Box<Order>, Told),
    Refused(Refused),
}

/// What is told of a row in the report, beside the license.
struct Told {
    number: String,
    notes: Vec<String>,
}

/// Issues what passed the check.
pub(crate) fn issue(
    pass: &mut Pass<'_>,
    home: &Home,
    desk: &mut OpenRegister,
    checked: &mut Checked,
    mut issuing: Issuing<'_>,
) -> Result<Done, Failure> {
    let (rules, interrupt, began) = (pass.rules, pass.interrupt, Instant::now());
    let refusals = Refusals::new(checked.refusals.take().map_or_else(Scratch::new, Ok)?.reader()?)?;
    let (path, encoding) = (pass.path, pass.encoding);
    let file = pass.input.rewind().map_err(|error| unread(path, &error))?;
    let rows = Rows::new(rules.form, Text::new(file, encoding), path)?;
    let (to_register, items) = mpsc::sync_channel(BETWEEN);
    let (to_clerk, slips) = mpsc::sync_channel(BETWEEN);
    let clerk = Clerk { handout: issuing.handout, report: issuing.report, counts: Counts::default() };
    let total = checked.rows;
    let mut done = 0_u64;
    let (issued, fed, written) = thread::scope(|scope| {
        let feeder = scope.spawn(move || feed(rows, path, rules, refusals, &to_register));
        let clerk = scope.spawn(move || clerk.work(&slips));
        let waiting: RefCell<VecDeque<Result<Told, Refused>>> = RefCell::default();
        let mut orders = std::iter::from_fn(|| {
            loop {
                match items.recv().ok()? {
                    Item::Order(order, told) => {
                        waiting.borrow_mut().push_back(Ok(told));
                        return Some(*order);
                    }
                    Item::Refused(refused) => waiting.borrow_mut().push_back(Err(refused)),
                }
            }
        });
        let batch = Batch {
            list: rules.list,
            signing: issuing.signing,
            store: Some(rules.store),
            clock: &|| clock::now().unwrap_or(rules.now).max(rules.now),
            act: issuing.act,
        };
        let issued = desk.issue_batch(&batch, &mut orders, &mut |one| {
            let mut passed = true;
            // Rows that are refused have their place among the others.
            loop {
                let slip = match waiting.borrow_mut().pop_front() {
                    Some(Err(refused)) => Slip::Refused(refused),
                    Some(Ok(told)) => {
                        let slip = slip(one, told);
                        done = done.saturating_add(1);
                        passed &= to_clerk.send(slip).is_ok();
                        break;
                    }
                    None => break,
                };
                done = done.saturating_add(1);
                passed &= to_clerk.send(slip).is_ok();
            }
            let permille = done.saturating_mul(1_000).checked_div(total).unwrap_or(0);
            issuing.progress.tell(done, Some(total), permille.min(1_000));
            if passed && !interrupt.is_asked() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        if !interrupt.is_asked() && issued.is_ok() {
            for item in waiting.into_inner() {
                if let Err(refused) = item {
                    let _ = to_clerk.send(Slip::Refused(refused));
                }
            }
        }
        drop((items, to_clerk));
        (issued, joined(feeder.join()), joined(clerk.join()))
    });
    let Clerk { handout, report, counts } = written?;
    fed?;
    issued.map_err(|error| register::refused(home, error))?;
    let report = if interrupt.is_asked() {
        handout.leave()?;
        report.leave()?
    } else {
        handout.finish()?;
        report.finish()?
    };
    let Counts { issued, again, refused } = counts;
    Ok(Done { issued, again, refused, seconds: began.elapsed().as_secs(), report })
}

fn slip(done: zhengyin::register::Done, told: Told) -> Slip {
    let (row, Told { number, notes }) = (done.number, told);
    match done.outcome {
        Ok(Issued::New(license)) => Slip::Issued { row, number, notes, license: Box::new(license), again: false },
        Ok(Issued::Again(license)) => Slip::Issued { row, number, notes, license: Box::new(license), again: true },
        Err(error) => Slip::Refused(Refused { row, number, complaints: vec![of_register(error)] }),
    }
}

fn joined<T>(result: thread::Result<Result<T, Failure>>) -> Result<T, Failure> {
    result
        .unwrap_or_else(|_| Err(Failure::new(say!("内部错误：一个线程中断了", "internal error: a thread broke down"))))
}

/// Reads the table once more; what was refused before is refused, and what does not read as it did.
fn feed<R: Read, S: BufRead>(
    mut rows: Rows<R>,
    path: &Path,
    rules: &Rules<'_>,
    mut refusals: Refusals<S>,
    to_register: &mpsc::SyncSender<Item>,
) -> Result<(), Failure> {
    while let Some(row) = rows.next(path)? {
        let item = match refusals.next.as_ref().is_some_and(|next| next.row == row.number) {
            true => refusals.advance()?.map(Item::Refused),
            false => Some(match rules.read(&row) {
                Ok(Sheet { facts, holder_key, notes }) => {
                    let number = facts.number.clone();
                    let id = CredentialId::new(secrets::random()?);
                    let expires: Option<Timestamp> = Some(rules.expires);
                    let order = Box::new(Order { number: row.number, facts, id, expires, holder_key });
                    Item::Order(order, Told { number, notes })
                }
                Err(complaints) => Item::Refused(Refused { row: row.number, number: String::new(), complaints }),
            }),
        };
        if item.is_some_and(|item| to_register.send(item).is_err()) {
            break;
        }
    }
    Ok(())
}
