//! A failure of any write, and anything altered afterwards.

use alloc::rc::Rc;
use core::cell::RefCell;

use super::*;

/// Some of everything; what was released.
pub(super) fn history<R: Register>(register: R) -> (Desk<R>, Vec<(StatusPointer, Digest)>) {
    let (mut desk, _) = open(register).unwrap();
    let mut released = Vec::new();
    for number in ["A1", "A2", "A3"] {
        let license = issued(&mut desk, number);
        released.push((license.status, license.digest));
    }
    change(&mut desk, released[1].0, State::Suspended).unwrap();
    let publication = Publication {
        list: LIST,
        epoch: 0,
        seq: 1,
        issued: base(),
        length: 3,
        records: desk.head().unwrap().records,
        digest: Digest::new([7; 32]),
    };
    desk.record_publication(publication, &now()).unwrap();
    let unplugged = Unplugged(signer());
    assert!(desk.issue(&request(&facts("A4"), "A4"), None, &unplugged, &now()).is_err());
    let license = issued(&mut desk, "A5");
    released.push((license.status, license.digest));
    (desk, released)
}

#[test]
fn when_a_write_fails_nothing_is_released_and_no_position_is_given_twice() {
    for succeed in 0..8 {
        let memory = Memory { commits: Some(Rc::new(RefCell::new(succeed))), ..Memory::default() };
        let mut released = Vec::new();
        match open(memory.clone()) {
            Err(error) => assert!(matches!(error, RegisterError::Storage { .. }) && succeed == 0),
            Ok((mut desk, _)) => {
                for number in ["A1", "A2", "A3"] {
                    match issue(&mut desk, number) {
                        Ok(license) => released.push((license.license().status, license.license().digest)),
                        Err(RegisterIssueError::Register(RegisterError::Storage { .. })) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
                assert_eq!(released.len(), ((succeed - 1) / 2).min(3));
            }
        }
        let (mut desk, recovery) = open(Memory { commits: None, ..memory }).unwrap();
        for (at, digest) in &released {
            assert_eq!(desk.entry(*at).unwrap().map(|entry| entry.issuance.digest), Some(*digest));
        }
        for at in recovery.voided.iter().flat_map(|(_, span)| span.positions()) {
            assert_eq!(desk.position(at).unwrap(), Some(Position::Void));
        }
        let fresh = issued(&mut desk, "B1").status;
        assert!(
            released.iter().all(|(at, _)| *at != fresh)
                && recovery.voided.iter().all(|(_, span)| span.end() <= fresh.index)
        );
        journal(&desk);
    }
}

#[test]
fn what_another_process_is_signing_for_is_left_to_it() {
    let memory = Memory { commits: Some(Rc::new(RefCell::new(2))), ..Memory::default() };
    let (mut desk, _) = open(memory.clone()).unwrap();
    assert!(issue(&mut desk, "A1").is_err(), "allotted, and the process is stopped");
    let memory = Memory { commits: None, ..memory };
    let (desk, recovery) = open(Memory { accompanied: true, ..memory.clone() }).unwrap();
    assert_eq!((recovery, desk.position(at(0)).unwrap()), (Recovery::default(), Some(Position::Allotted)));
    assert!(desk.states(LIST).unwrap().is_empty(), "it may yet be issued");
    let (desk, recovery) = open(memory).unwrap();
    assert_eq!((recovery.positions(), desk.position(at(0)).unwrap()), (1, Some(Position::Void)));
}

#[test]
fn records_are_neither_altered_nor_left_out_nor_repeated_nor_exchanged() {
    let damaged = |alter: &dyn Fn(&mut memory::Tables)| {
        let memory = Memory::default();
        history(memory.clone());
        memory.alter(|tables| alter(tables));
        match open(memory) {
            Err(RegisterError::Damaged { record }) => usize::try_from(record).unwrap(),
            other => panic!("{:?}", other.map(|_| ())),
        }
    };
    let (desk, _) = history(Memory::default());
    let records = journal(&desk).len();
    for at in 0..records {
        assert_eq!(damaged(&|tables| tables.record_mut(at).reason.push('x')), at);
        assert_eq!(damaged(&|tables| tables.record_mut(at).actor = "另一人".into()), at);
        assert_eq!(damaged(&|tables| tables.record_mut(at).time = later(1)), at);
        assert_eq!(damaged(&|tables| tables.record_mut(at).approver = Some("x".into())), at);
        assert_eq!(damaged(&|tables| tables.record_mut(at).subject = Digest::new([1; 32])), at);
        assert_eq!(damaged(&|tables| tables.journal_mut()[at].chain = Digest::new([1; 32])), at);
        assert_eq!(damaged(&|tables| tables.journal_mut()[at].record = None), at);
        if at + 1 < records {
            assert_eq!(damaged(&|tables| drop(tables.journal_mut().remove(at))), at);
            assert_eq!(damaged(&|tables| tables.journal_mut().swap(at, at + 1)), at);
        }
    }
}
