//! Many licenses at once.

use alloc::rc::Rc;
use core::cell::{Cell, RefCell};
use core::num::NonZeroUsize;
use core::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::checks::sound;
use super::files::Folder;
use super::*;

fn order(number: u64) -> Order {
    let facts = facts(&format!("N{number}"));
    Order {
        number,
        facts,
        id: CredentialId::new(draw(&format!("draw {number}"))),
        expires: Some(later(DAY)),
        holder_key: None,
    }
}

fn run<R: Register>(
    desk: &mut Desk<R>,
    signing: Signing<'_>,
    orders: impl Iterator<Item = Order>,
) -> (Result<(), RegisterError>, Vec<Done>) {
    let mut done = Vec::new();
    let batch = Batch { list: LIST, signing, store: None, clock: &base, act: now() };
    let mut orders = orders;
    let result = desk.issue_batch(&batch, &mut orders, &mut |one| {
        done.push(one);
        ControlFlow::Continue(())
    });
    (result, done)
}

fn on_threads(signer: &(dyn Signer + Sync)) -> Signing<'_> {
    Signing::OnThreads(signer, NonZeroUsize::new(3).unwrap())
}

fn license(done: &Done) -> &IssuedLicense {
    done.outcome.as_ref().unwrap().license()
}

#[test]
fn a_batch_is_issued_in_order_and_once() {
    let folder = Folder::new("batch");
    for count in [1, 32, 33, 150] {
        let key = signer();
        for signing in [on_threads(&key), Signing::OneByOne(&key)] {
            let _ = std::fs::remove_file(folder.file());
            let (mut desk, _) = open(SqliteRegister::open(&folder.file()).unwrap()).unwrap();
            let (result, first) = run(&mut desk, signing, (0..count).map(order));
            result.unwrap();
            assert_eq!(first.iter().map(|done| done.number).collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
            for (index, done) in first.iter().enumerate() {
                assert!(matches!(done.outcome, Ok(Issued::New(_))));
                assert_eq!(license(done).status, at(u64::try_from(index).unwrap()));
                assert_eq!(desk.content(license(done).status).unwrap().unwrap(), license(done).bytes);
            }
            // Once more, with others drawn: the same licenses, and nothing is written.
            let head = desk.head().unwrap();
            let drawn_anew =
                (0..count).map(|n| Order { id: CredentialId::new(draw(&format!("anew {n}"))), ..order(n) });
            let (result, again) = run(&mut desk, signing, drawn_anew);
            result.unwrap();
            assert!(again.iter().zip(&first).all(|(again, first)| {
                matches!(again.outcome, Ok(Issued::Again(_))) && license(again) == license(first)
            }));
            assert_eq!(desk.head().unwrap(), head);
            assert_eq!(sound(&desk.register).credentials, count);
            let history = desk.history(&desk.entry(at(count - 1)).unwrap().unwrap()).unwrap();
            assert_eq!(history.iter().map(|record| record.event.word()).collect::<Vec<_>>(), ["issued"]);
        }
    }
}

#[test]
fn what_is_refused_costs_its_position_and_no_other_license() {
    let (mut desk, _) = open(Memory::default()).unwrap();
    issued(&mut desk, "N5");
    let other = |number, what: &str| {
        let order = order(number);
        Order { facts: LicenseFacts { name: what.into(), ..order.facts.clone() }, ..order }
    };
    let orders = [
        order(0),
        other(1, ""),
        order(2),
        // The same once more in the same group, and with other content.
        Order { number: 3, id: CredentialId::new(draw("x")), ..order(0) },
        Order { number: 4, id: CredentialId::new(draw("y")), ..other(2, "另一名称") },
        // Issued before the batch began, otherwise.
        other(5, "另一名称"),
        // A random number that is not.
        Order { id: order(0).id, ..order(6) },
        order(7),
    ];
    let key = signer();
    let (result, done) = run(&mut desk, on_threads(&key), orders.into_iter());
    result.unwrap();
    let words: Vec<_> = done
        .iter()
        .map(|done| match &done.outcome {
            Ok(Issued::New(_)) => "new",
            Ok(Issued::Again(_)) => "again",
            Err(RegisterIssueError::Issue(_)) => "refused",
            Err(RegisterIssueError::Register(RegisterError::Duplicate { .. })) => "other",
            Err(RegisterIssueError::Register(RegisterError::IdUsed(_))) => "id",
            Err(error) => panic!("{error}"),
        })
        .collect();
    assert_eq!(words, ["new", "refused", "new", "again", "other", "other", "id", "new"]);
    assert_eq!(license(&done[0]), license(&done[3]));
    let void: Vec<_> = desk.states(LIST).unwrap();
    assert!(void.iter().all(|(_, state)| *state == State::Void));
    assert_eq!(void.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [2, 4, 5, 6]);
    sound(&desk.register);
}

/// Signs so many times, then no more; or breaks down altogether.
struct Failing(SecretKey, AtomicUsize, bool);

impl Signer for Failing {
    fn public_key(&self) -> &PublicKey {
        self.0.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        if self.1.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err() {
            assert!(!self.2, "broken down");
            return Err(SignError::Refused);
        }
        Signer::sign(&self.0, message)
    }
}

#[test]
fn a_signer_that_fails_leaves_void_positions_and_keeps_nobody_waiting() {
    for breaks_down in [false, true] {
        let (mut desk, _) = open(Memory::default()).unwrap();
        let failing = Failing(signer(), AtomicUsize::new(50), breaks_down);
        let (result, done) = run(&mut desk, on_threads(&failing), (0..120).map(order));
        result.unwrap();
        assert_eq!((done.len(), done.iter().filter(|done| done.outcome.is_ok()).count()), (120, 50));
        assert_eq!(desk.states(LIST).unwrap().len(), 70);
        // The same once more: nothing is lost and nothing doubled.
        let (result, done) = run(&mut desk, on_threads(&signer()), (0..120).map(order));
        result.unwrap();
        assert_eq!(done.iter().filter(|done| matches!(done.outcome, Ok(Issued::New(_)))).count(), 70);
        assert_eq!(sound(&desk.register).credentials, 120);
    }
}

#[test]
fn a_batch_that_is_broken_off_finishes_what_is_under_way() {
    let (mut desk, _) = open(Memory::default()).unwrap();
    let taken = Cell::new(0_u64);
    let mut done = Vec::new();
    let mut orders = (0..).map(|number| {
        taken.set(number + 1);
        order(number)
    });
    let key = signer();
    let batch = Batch { list: LIST, signing: on_threads(&key), store: None, clock: &base, act: now() };
    let result = desk.issue_batch(&batch, &mut orders, &mut |one| {
        done.push(one.number);
        if one.number == 40 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    result.unwrap();
    assert_eq!(done, (0..taken.get()).collect::<Vec<_>>(), "what was taken is handed over, in order");
    assert!(desk.states(LIST).unwrap().is_empty());
    assert_eq!(sound(&desk.register).credentials, taken.get());
}

#[test]
fn a_batch_whose_register_fails_hands_over_only_what_is_durable() {
    for succeed in 1..6 {
        let memory = Memory { commits: Some(Rc::new(RefCell::new(succeed))), ..Memory::default() };
        let (mut desk, _) = open(memory.clone()).unwrap();
        let (result, done) = run(&mut desk, on_threads(&signer()), (0..200).map(order));
        assert!(matches!(result, Err(RegisterError::Storage { .. })), "{succeed}");
        drop(desk);
        let (mut desk, _) = open(Memory { commits: None, ..memory }).unwrap();
        for done in &done {
            assert_eq!(desk.content(license(done).status).unwrap().unwrap(), license(done).bytes);
        }
        sound(&desk.register);
        let (result, all) = run(
            &mut desk,
            on_threads(&signer()),
            (0..200).map(|n| Order { id: CredentialId::new(draw(&format!("{succeed} {n}"))), ..order(n) }),
        );
        result.unwrap();
        assert_eq!(all.len(), 200);
        assert!(all.iter().zip(&done).all(|(again, first)| license(again) == license(first)));
        assert_eq!(sound(&desk.register).credentials, 200);
    }
}
