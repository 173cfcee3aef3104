//! Taking deltas in: each brings the list that it starts from forward, or changes nothing.
//!
//! A delta has no signature of its own. Its header is that of the later list, and is asked for its signer before anything is rebuilt; what
//! is rebuilt is then taken in as if the list had come whole. So there is one way in.

use super::Store;
use super::accept::{Accepted, Order, Place, Refusal};
use super::held::ObjectKind;
use crate::cbor::{Kind, Reader};
use crate::reason::Reason;
use crate::status::{StatusDelta, StatusList};
use crate::time::TimeWindow;

const KIND: ObjectKind = ObjectKind::StatusList;

/// Is this array a delta? A status list begins with its envelope, a delta with what it starts from.
pub(super) fn is_delta(object: &[u8]) -> bool {
    let mut probe = Reader::new(object);
    probe.array().is_ok() && probe.kind() == Ok(Kind::Array)
}

impl Store {
    pub(super) fn apply_delta(&mut self, object: &[u8], window: TimeWindow) -> Result<Accepted, Refusal> {
        let delta = StatusDelta::parse(object).map_err(|error| Refusal::unread(error.reason(), Some(KIND)))?;
        let header = *delta.claimed_header();
        let refuse = |reason| Refusal::of(reason, KIND, header.seq);
        if self.trust.is_none() {
            return Err(refuse(Reason::StoreParentMissing));
        }
        let signers = self.status_signers(delta.envelope(), &header, None, window).map_err(refuse)?;
        let place = Place::of_header(&header, delta.envelope().object_digest());
        let mut answer = Err(refuse(Reason::StatusDeltaBase));
        for signer in signers {
            let Some(held) = self.statuses.get(&(signer.province, header.authority, header.list)) else { continue };
            match place.order(Some(Place::of_status(held)), window) {
                Order::Same => answer = answer.or(Ok(Accepted::Known { kind: KIND, seq: header.seq })),
                // An older delta of a chain is no fault of anybody; a fork comes to light when its list comes whole.
                Order::Refused(reason) => answer = answer.or(Err(refuse(reason))),
                Order::Newer => {
                    // From a list whose body was lost nothing can start.
                    let rebuilt = held
                        .verified_body()
                        .map_err(|_| refuse(Reason::StatusDeltaBase))
                        .and_then(|body| delta.apply_to(held.header(), &body).map_err(|error| refuse(error.reason())));
                    let taken = rebuilt.and_then(|bytes| {
                        let list = StatusList::parse(&bytes).map_err(|error| refuse(error.reason()))?;
                        self.file_status(&bytes, &list, signer, window)
                    });
                    answer = match (answer, taken) {
                        (Ok(Accepted::New { kind, seq }), _) => Ok(Accepted::New { kind, seq }),
                        (_, Ok(taken)) => Ok(taken),
                        (Ok(known), Err(_)) => Ok(known),
                        (Err(_), Err(refusal)) => Err(refusal),
                    };
                }
            }
        }
        answer
    }
}
