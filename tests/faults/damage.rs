//! A store's file that is cut, flipped or altered: refused by name, or the same store; never one that is behind, never valid by damage.

use zhengyin::claims::id::Region;
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::store::{BodyFile, BodyName, Store, StoreError};
use zhengyin::suite::sha256;
use zhengyin::time::{Clock, TimeWindow};
use zhengyin::verify::{Verdict, Verifier};

use crate::world::spoil::flip;
use crate::{HERE, Weeks, large_weeks, weeks};

/// A small store that holds the fourth week, with a fork as evidence, and what must not be valid by it.
fn small() -> (Store, Vec<Vec<u8>>) {
    of(weeks())
}

fn of(Weeks { first, licenses, objects }: Weeks) -> (Store, Vec<Vec<u8>>) {
    let mut store = Store::new(first.pin());
    let late = TimeWindow::unasked();
    for object in &objects[3] {
        store.apply(object, late).unwrap();
    }
    let [revoked, suspended, good] = licenses;
    let tampered = flip(&good.bytes, good.bytes.len() - 200, 0);
    let mut never = vec![revoked.bytes, tampered];
    // Of another authority, which this store knows nothing of.
    let stranger = first.sign_license(&good.facts, &good.credential, "a stranger");
    never.push(stranger);
    let _ = suspended;
    (store, never)
}

#[test]
fn a_store_that_is_cut_at_any_length_is_refused_by_name() {
    let bytes = small().0.to_bytes();
    for length in 0..bytes.len() {
        match Store::from_bytes(&bytes[..length]) {
            Err(error @ (StoreError::NotAStore | StoreError::Damaged)) => {
                assert_eq!(error.reason(), Reason::StoreCorrupt);
            }
            other => panic!("cut to {length} bytes: {other:?}"),
        }
    }
    println!("{} lengths", bytes.len());
}

#[test]
fn a_store_with_any_flipped_byte_is_refused_by_name() {
    let bytes = small().0.to_bytes();
    for at in 0..bytes.len() {
        // Each bit of every byte, one after the other from byte to byte, and all of them.
        for changed in [flip(&bytes, at, u8::try_from(at % 8).unwrap()), inverted(&bytes, at)] {
            match Store::from_bytes(&changed) {
                Err(StoreError::NotAStore | StoreError::Damaged) => {}
                other => panic!("byte {at}: {other:?}"),
            }
        }
    }
    for (at, more) in [(0, 1), (16, 1), (bytes.len(), 1), (bytes.len(), 4_096)] {
        let mut longer = bytes.clone();
        longer.splice(at..at, vec![0; more]);
        assert!(Store::from_bytes(&longer).is_err(), "{more} bytes more at {at}");
    }
    println!("{} bytes", bytes.len());
}

fn inverted(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] = !changed[at];
    changed
}

/// Somebody who alters the file and mends its checksum: everything is verified again, so that nothing that is signed can be altered, and
/// nothing that never was valid becomes so. (Who can write the file can put an older one in its place: that no checksum prevents.)
#[test]
fn a_store_that_was_altered_with_care_makes_nothing_valid() {
    let (store, never) = small();
    altered_with_care(&store, &store.to_bytes(), &never);
}

/// The same where the body of a list stands in a file beside it.
#[test]
fn a_store_with_files_that_was_altered_with_care_makes_nothing_valid() {
    let (store, never) = of(large_weeks());
    assert_eq!(store.statuses().filter(|held| held.body_name().is_some()).count(), 1);
    altered_with_care(&store, &store.to_contents(), &never);
}

fn altered_with_care(store: &Store, bytes: &[u8], never: &[Vec<u8>]) {
    let file = |name: &BodyName| {
        let held = store.statuses().find(|held| held.body_name() == Some(*name))?;
        Some(BodyFile::new(held.body_to_write()?.concat()))
    };
    let (head, contents) = bytes.split_at(48);
    let held = |store: &Store| {
        let directories = store.directories().map(|held| held.directory().seq).max();
        let statuses = store.statuses().map(|held| held.header().seq).max();
        (store.trust().map(|held| held.list().seq), directories, statuses)
    };
    let whole = held(store);
    let clock = Clock::reads(store.floor().saturating_add(3_600));
    let (mut refused, mut read) = (0, 0);
    for at in 0..contents.len() {
        let changed = flip(contents, at, u8::try_from(at % 8).unwrap());
        let altered = [&head[..16], sha256(&changed).as_bytes(), &changed].concat();
        match Store::from_contents(&altered, file) {
            Err(StoreError::Damaged | StoreError::Object(_)) => refused += 1,
            Err(other) => panic!("byte {at}: {other:?}"),
            Ok(altered) => {
                read += 1;
                let (trust, directory, status) = held(&altered);
                assert_eq!(trust, whole.0, "byte {at}");
                assert!(directory.is_none() || directory == whole.1, "byte {at}");
                // One whose signature does not verify any more is held and not relied on.
                let relied_on = altered.statuses().all(|held| held.signer().is_ok());
                assert!(status.is_none() || status == whole.2 || !relied_on, "byte {at}");
                for license in never {
                    let verifier = Verifier::new(&altered, Policy::counter(Region::parse(HERE).ok()));
                    assert_ne!(verifier.verify(license, clock).verdict(), Verdict::Valid, "byte {at}");
                }
            }
        }
    }
    println!("{refused} refused, {read} read all the same");
    assert!(refused > contents.len() / 4 && read > 0);
}
