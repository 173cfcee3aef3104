//! The groups of a batch, from allotting to recording.

extern crate std;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender};

use super::tally::Tally;
use super::{Batch, Done, Order, Part, Signed, Signing, sign};
use crate::claims::id::CreditCode;
use crate::issue::{IssueError, IssuedLicense};
use crate::register::issuing::{Terms, add_key, allot, entry_of, name_of, supersede};
use crate::register::journal::Act;
use crate::register::record::{Kind, Span};
use crate::register::seam::{NewEntry, Register, Taken};
use crate::register::transaction::transact;
use crate::register::{Desk, Issued, RegisterError};
use crate::time::Timestamp;

/// Groups that are being signed while another is recorded.
const IN_FLIGHT: usize = 2;
/// The first group is small, so that something is seen soon; each is twice the one before, up to the largest.
const SMALLEST: usize = 32;
const LARGEST: usize = 1_024;

/// One order on its way through the groups.
pub(super) enum Way {
    /// There is nothing to be signed.
    Settled(Done),
    /// To be signed.
    Waiting(Box<Order>),
    /// A license of its name is in the register.
    Known(Box<Order>),
    /// Being signed.
    Away,
    /// Back from signing.
    Back(Box<Order>, Result<IssuedLicense, IssueError>),
}

/// What became of it when its group was recorded.
#[allow(clippy::large_enum_variant, reason = "nearly all are done, and a box for each would cost more than the room")]
enum Landed {
    Done(Done),
    /// Another process was quicker: what it issued may be the same.
    Taken(Box<Order>),
}

/// Orders whose positions are allotted in one transaction and whose licenses are recorded in another.
pub(super) struct Group {
    pub(super) ways: Vec<Way>,
    pub(super) span: Option<Span>,
    pub(super) time: Timestamp,
    /// How many of its orders are away.
    pub(super) away: usize,
}

/// The groups between the orders and the sink.
pub(super) struct Line<'a> {
    pub(super) batch: &'a Batch<'a>,
    pub(super) threads: usize,
    pub(super) to_threads: Sender<Part>,
    pub(super) signed: Sender<Signed>,
    pub(super) from_threads: Receiver<Signed>,
    pub(super) flying: VecDeque<Group>,
    /// How many groups have begun; the last of `flying` is the last of these.
    pub(super) begun: u64,
}

/// What is in the register already is not issued again. Asked in the transaction in which the others get their positions.
fn look_up<R: Register>(register: &R, authority: CreditCode, group: &mut Group) -> Result<(), RegisterError> {
    for way in &mut group.ways {
        if let Way::Waiting(order) = way
            && register.by_name(authority, &name_of(&order.facts))?.is_some()
        {
            *way = match core::mem::replace(way, Way::Away) {
                Way::Waiting(order) => Way::Known(order),
                other => other,
            };
        }
    }
    Ok(())
}

impl Line<'_> {
    pub(super) fn run<R: Register>(
        mut self,
        desk: &mut Desk<R>,
        orders: &mut dyn Iterator<Item = Order>,
        sink: &mut dyn FnMut(Done) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        let (mut size, mut goes_on) = (SMALLEST, true);
        let authority = desk.authority;
        loop {
            let mut next = None;
            if goes_on {
                let time = (self.batch.clock)();
                let ways: Vec<Way> = orders.take(size).map(|order| Way::Waiting(Box::new(order))).collect();
                let group = Group { ways, span: None, time, away: 0 };
                goes_on = group.ways.len() == size;
                size = size.saturating_mul(2).min(LARGEST);
                next = Some(group).filter(|group| !group.ways.is_empty());
            }
            let is_full = self.flying.len() >= IN_FLIGHT || next.is_none();
            let oldest = if is_full { self.land() } else { None };
            if next.is_none() && oldest.is_none() {
                return Ok(());
            }
            let landed = transact(&mut desk.register, |register| {
                let landed = match oldest {
                    Some(group) => self.record(register, authority, group)?,
                    None => Vec::new(),
                };
                if let Some(group) = &mut next {
                    look_up(register, authority, group)?;
                    self.allot(register, authority, group)?;
                }
                Ok::<_, RegisterError>(landed)
            })?;
            if let Some(mut group) = next {
                for way in &mut group.ways {
                    if let Way::Known(order) = way {
                        *way = Way::Settled(desk.issued_before(order)?);
                    }
                }
                self.begin(authority, group);
            }
            for landed in landed {
                let done = match landed {
                    Landed::Done(done) => done,
                    Landed::Taken(order) => desk.issued_before(&order)?,
                };
                goes_on &= sink(done).is_continue();
            }
        }
    }

    fn allot<R: Register>(
        &self,
        register: &mut R,
        authority: CreditCode,
        group: &mut Group,
    ) -> Result<(), RegisterError> {
        let waiting = group.ways.iter().filter(|way| matches!(way, Way::Waiting(_))).count();
        // No group is larger than `LARGEST`.
        let count = u32::try_from(waiting).unwrap_or(u32::MAX);
        if count > 0 {
            group.span = Some(allot(register, authority, self.batch.list, count, &self.act(group))?);
        }
        Ok(())
    }

    fn act(&self, group: &Group) -> Act<'_> {
        Act { time: group.time, ..self.batch.act }
    }

    /// Sends a group to be signed.
    fn begin(&mut self, authority: CreditCode, mut group: Group) {
        let mut positions = group.span.into_iter().flat_map(Span::positions);
        let mut orders = Vec::new();
        for (place, way) in group.ways.iter_mut().enumerate() {
            match core::mem::replace(way, Way::Away) {
                Way::Waiting(order) => {
                    // There are as many positions as orders that wait.
                    let Some(status) = positions.next() else { continue };
                    let credential = order.credential(authority, group.time, status);
                    orders.push((place, order, credential));
                }
                settled => *way = settled,
            }
        }
        group.away = orders.len();
        let size = orders.len().div_ceil(self.threads.saturating_mul(4)).max(1);
        let mut orders = orders.into_iter().peekable();
        while orders.peek().is_some() {
            let part = Part { group: self.begun, orders: orders.by_ref().take(size).collect() };
            // The other ends are held here and by threads that live as long.
            let _ = match self.batch.signing {
                Signing::OneByOne(signer) => self.signed.send(sign(part, self.batch.store, signer)).map_err(drop),
                Signing::OnThreads(..) => self.to_threads.send(part).map_err(drop),
            };
        }
        self.flying.push_back(group);
        self.begun = self.begun.saturating_add(1);
    }

    /// Waits until the oldest group is signed.
    fn land(&mut self) -> Option<Group> {
        while self.flying.front()?.away > 0 {
            let Ok(signed) = self.from_threads.recv() else { break };
            let flying = u64::try_from(self.flying.len()).unwrap_or(u64::MAX);
            let at = signed.group.checked_sub(self.begun.saturating_sub(flying));
            let group = at.and_then(|at| usize::try_from(at).ok()).and_then(|at| self.flying.get_mut(at));
            let Some(group) = group else { continue };
            for (place, order, license) in signed.licenses {
                group.away = group.away.saturating_sub(1);
                if let Some(way) = group.ways.get_mut(place) {
                    *way = Way::Back(order, license);
                }
            }
        }
        self.flying.pop_front()
    }

    /// Records what was signed, and what was not as void.
    fn record<R: Register>(
        &self,
        register: &mut R,
        authority: CreditCode,
        group: Group,
    ) -> Result<Vec<Landed>, RegisterError> {
        let act = self.act(&group);
        let signer = self.batch.signing.signer().public_key();
        let mut tally = Tally::default();
        if group.span.is_some() {
            add_key(register, authority, signer, &act)?;
        }
        let (next_record, thumbprint) = (register.head()?.records, signer.thumbprint());
        let mut positions = group.span.into_iter().flat_map(Span::positions);
        let mut landed = Vec::with_capacity(group.ways.len());
        let mut replaced = Vec::new();
        for way in group.ways {
            let (order, license) = match way {
                Way::Settled(done) => {
                    landed.push(Landed::Done(done));
                    continue;
                }
                Way::Back(order, license) => (order, license),
                Way::Waiting(_) | Way::Known(_) | Way::Away => continue,
            };
            let Some(at) = positions.next() else { continue };
            let issued = match license {
                Ok(issued) => issued,
                Err(error) => {
                    tally.void(at);
                    landed.push(Landed::Done(Done { number: order.number, outcome: Err(error.into()) }));
                    continue;
                }
            };
            let (not_before, expires) = (group.time, order.expires);
            let terms = Terms { kind: Kind::First, license: None, not_before, issued_at: group.time, expires };
            let entry = entry_of(&order.facts, &issued, &terms, next_record);
            let new = NewEntry { entry: &entry, bytes: &issued.bytes, signer: thumbprint };
            match register.add_entry(authority, &new)? {
                Ok(()) => {
                    tally.issued(at, issued.digest);
                    replaced.extend(order.facts.replaces.map(|id| (id, at)));
                    landed.push(Landed::Done(Done { number: order.number, outcome: Ok(Issued::New(issued)) }));
                }
                Err(Taken::Name) => {
                    tally.void(at);
                    landed.push(Landed::Taken(order));
                }
                Err(Taken::Id) => {
                    tally.void(at);
                    let outcome = Err(RegisterError::IdUsed(order.id).into());
                    landed.push(Landed::Done(Done { number: order.number, outcome }));
                }
                Err(Taken::Position) => return Err(RegisterError::DamagedEntry(at)),
            }
        }
        if let Some(span) = group.span {
            tally.write(register, authority, span, &act)?;
        }
        for (id, successor) in replaced {
            supersede(register, authority, id, successor, &act)?;
        }
        Ok(landed)
    }
}
