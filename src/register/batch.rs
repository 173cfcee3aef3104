//! Issuing many: positions are allotted and licenses recorded by the group, each group in one transaction, while others are being signed.
//!
//! ```text
//! transaction n:   record group n - 2, allot group n           (this thread)
//! meanwhile:       draft, sign and verify groups n - 1 and n   (all cores)
//! then:            hand out group n - 2
//! ```

extern crate std;

mod line;
mod tally;

pub(super) use tally::subject_of;

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::num::NonZeroUsize;
use core::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::issuing::name_of;
use super::journal::Act;
use super::seam::Register;
use super::{Desk, Issued, RegisterError, RegisterIssueError, Request};
use crate::claims::id::CreditCode;
use crate::claims::{CredentialId, StatusPointer};
use crate::issue::{
    CredentialFacts, DraftError, IssueError, IssuedLicense, LicenseFacts, SignError, Signer, draft_license,
    sign_license,
};
use crate::store::Store;
use crate::suite::PublicKey;
use crate::time::Timestamp;
use line::Line;

/// A license of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The caller's number for it, as that of a row.
    pub number: u64,
    /// What it says.
    pub facts: LicenseFacts,
    /// `cti`: 16 bytes from a cryptographic source of randomness.
    pub id: CredentialId,
    /// `exp`: when the credential should be refreshed.
    pub expires: Option<Timestamp>,
    /// `cnf`: the holder's key.
    pub holder_key: Option<PublicKey>,
}

/// Who signs a batch.
#[derive(Clone, Copy)]
pub enum Signing<'a> {
    /// A device that does one thing at a time, from the calling thread.
    OneByOne(&'a dyn Signer),
    /// A key that any number of threads may use.
    OnThreads(&'a (dyn Signer + Sync), NonZeroUsize),
}

impl<'a> Signing<'a> {
    fn signer(&self) -> &'a dyn Signer {
        match self {
            Self::OneByOne(signer) => *signer,
            Self::OnThreads(signer, _) => *signer,
        }
    }
}

impl core::fmt::Debug for Signing<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::OneByOne(signer) => write!(f, "OneByOne({:?})", signer.public_key()),
            Self::OnThreads(signer, threads) => write!(f, "OnThreads({:?}, {threads})", signer.public_key()),
        }
    }
}

/// What is the same for all licenses of a batch.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// The status list in which they are to stand.
    pub list: u64,
    /// Who signs.
    pub signing: Signing<'a>,
    /// What a verifier would know, to which each license is held.
    pub store: Option<&'a Store>,
    /// Tells the time at which a group is issued; its licenses come into force then.
    pub clock: &'a dyn Fn() -> Timestamp,
    /// Who does it, and why; the time is the clock's.
    pub act: Act<'a>,
}

impl core::fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Batch").field("list", &self.list).field("signing", &self.signing).finish_non_exhaustive()
    }
}

/// What a license of a batch came to. It is durable: it may be handed out.
#[derive(Debug)]
pub struct Done {
    /// The number of its order.
    pub number: u64,
    /// The license, or why there is none.
    pub outcome: Result<Issued, RegisterIssueError>,
}

/// A part of a group, to be signed by one thread: for each order its place in the group and what its credential is to say.
struct Part {
    group: u64,
    orders: Vec<(usize, Box<Order>, CredentialFacts)>,
}

struct Signed {
    group: u64,
    licenses: Vec<(usize, Box<Order>, Result<IssuedLicense, IssueError>)>,
}

fn sign(part: Part, store: Option<&Store>, signer: &dyn Signer) -> Signed {
    let signed = part.orders.into_iter().map(|(place, order, credential)| {
        let drafted = draft_license(&order.facts, &credential, store, signer.public_key());
        // A signer that panics is a faulty one; the others are not kept waiting for its answer.
        let license = drafted.and_then(|draft| {
            let signed = catch_unwind(AssertUnwindSafe(|| sign_license(&draft, signer)));
            signed.unwrap_or(Err(IssueError::Draft(DraftError::Sign(SignError::Faulty))))
        });
        (place, order, license)
    });
    Signed { group: part.group, licenses: signed.collect() }
}

/// Signs what comes until nothing comes any more.
fn work(parts: &Mutex<Receiver<Part>>, signed: &Sender<Signed>, store: Option<&Store>, signer: &dyn Signer) {
    loop {
        let next = parts.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(part) = next else { return };
        if signed.send(sign(part, store, signer)).is_err() {
            return;
        }
    }
}

impl<R: Register> Desk<R> {
    /// Issues many licenses, each as by [`Desk::issue`]: what is the same as before is given again, what differs is refused, and a license
    /// is handed to `sink` only when it is durably recorded. A license that is refused costs its position at most.
    ///
    /// `orders` is asked for as much as is in work, so that a batch of any length needs bounded memory. `sink` gets the outcomes in the
    /// order of the orders; when it breaks off, no more orders are taken, and what is under way is finished and handed over.
    ///
    /// # Errors
    /// Those of the storage. What was handed over before is issued; positions that were allotted become void when the register is opened
    /// next, and the same orders may be given again.
    pub fn issue_batch(
        &mut self,
        batch: &Batch<'_>,
        orders: &mut dyn Iterator<Item = Order>,
        sink: &mut dyn FnMut(Done) -> ControlFlow<()>,
    ) -> Result<(), RegisterError> {
        self.check_key(batch.signing.signer().public_key())?;
        let (to_threads, parts) = mpsc::channel();
        let (signed, from_threads) = mpsc::channel();
        let parts = Arc::new(Mutex::new(parts));
        thread::scope(|scope| {
            let mut threads = 1;
            if let Signing::OnThreads(signer, wanted) = batch.signing {
                threads = wanted.get();
                for _ in 0..threads {
                    let (parts, signed, store) = (Arc::clone(&parts), signed.clone(), batch.store);
                    scope.spawn(move || work(&parts, &signed, store, signer));
                }
            }
            let line = Line { batch, threads, to_threads, signed, from_threads, flying: VecDeque::new(), begun: 0 };
            // When it ends, so does the channel, and with it every thread.
            line.run(self, orders, sink)
        })
    }

    /// The license of an order whose name is in the register, if it is the same.
    fn issued_before(&self, order: &Order) -> Result<Done, RegisterError> {
        let existing = self.by_name(&name_of(&order.facts))?;
        let outcome = match existing {
            Some(existing) => self.again(&existing, &order.request(existing.status.list)),
            // It was there a moment ago, and was erased.
            None => Err(RegisterError::IdUsed(order.id).into()),
        };
        match outcome {
            // What is wrong with the storage ends a batch; what is wrong with a license does not.
            Err(RegisterIssueError::Register(error @ RegisterError::Storage { .. })) => Err(error),
            outcome => Ok(Done { number: order.number, outcome }),
        }
    }
}

impl Order {
    fn request(&self, list: u64) -> Request<'_> {
        let holder_key = self.holder_key.clone();
        Request { facts: &self.facts, list, id: self.id, not_before: Timestamp::MIN, expires: self.expires, holder_key }
    }

    fn credential(&self, issuer: CreditCode, time: Timestamp, status: StatusPointer) -> CredentialFacts {
        let holder_key = self.holder_key.clone();
        let (expires, id) = (self.expires, self.id);
        CredentialFacts { issuer, expires, not_before: time, issued_at: time, id, holder_key, status }
    }
}
