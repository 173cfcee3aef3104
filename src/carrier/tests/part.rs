//! Form 3.

use super::*;

fn parts(bytes: &[u8], most: usize) -> Vec<String> {
    let split = Prepared::plain(bytes).unwrap().split(most).unwrap();
    split.iter().map(Prepared::digits).collect()
}

fn joined(texts: &[String]) -> Result<Decoded, Error> {
    decode_parts(texts.iter().map(String::as_str))
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n * 7) as u8).collect()
}

#[test]
fn parts_in_any_order_make_the_whole() {
    let bytes = bytes(100);
    let texts = parts(&bytes, 40);
    assert_eq!(texts.len(), 3);
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let texts: Vec<String> = order.iter().map(|at| texts[*at].clone()).collect();
        let decoded = joined(&texts).unwrap();
        assert_eq!((decoded.bytes, decoded.form, decoded.parts), (bytes.clone(), Form::Plain, 3));
        // Each twice, and again when all are there.
        let twice = joined(&[&texts[..2], &texts[..], &texts[..]].concat()).unwrap();
        assert_eq!(twice.bytes, bytes);
    }
}

#[test]
fn the_head_of_a_part_is_as_documented() {
    let content = Prepared::plain(b"abc").unwrap().split(2).unwrap();
    let name = sha256_start(b"\x01abc");
    assert_eq!(content.len(), 2);
    assert_eq!(content[0].content(), [&[0, 2], &name[..], b"\x01a"].concat());
    assert_eq!(content[1].content(), [&[1, 2], &name[..], b"bc"].concat());
}

fn sha256_start(bytes: &[u8]) -> [u8; 4] {
    crate::suite::sha256(bytes).as_bytes()[..4].try_into().unwrap()
}

#[test]
fn a_compressed_whole_is_divided_too() {
    let stream = vec![0x62, 0x0c, 0x00, 0xff, 0x04, 0x40, 0x20, 0x16, 0x08, 0x74];
    let split = Prepared::compressed(stream).unwrap().split(4).unwrap();
    let texts: Vec<String> = split.iter().map(Prepared::base45).collect();
    let decoded = joined(&texts).unwrap();
    assert_eq!((decoded.bytes, decoded.form, decoded.parts), (vec![0; 100], Form::Brotli, 3));
    assert_eq!(decoded.carrier, Carrier::Base45);
}

#[test]
fn what_is_missing_is_asked_for_by_number() {
    let texts = parts(&bytes(100), 20);
    assert_eq!(texts.len(), 6);
    let mut collected = Parts::default();
    assert!(collected.is_empty() && collected.missing().next().is_none());
    for (at, left) in [(3, vec![1, 2, 3, 5, 6]), (0, vec![2, 3, 5, 6]), (3, vec![2, 3, 5, 6]), (5, vec![2, 3, 5])] {
        assert_eq!(collected.add(read(&texts[at]).unwrap()), Ok(Joined::Missing));
        assert_eq!((collected.missing().collect::<Vec<_>>(), collected.total()), (left, 6));
    }
    assert_eq!(decode(&texts[0]), Err(Error::PartMissing { number: 2, total: 6 }));
    assert_eq!(decode(&texts[4]), Err(Error::PartMissing { number: 1, total: 6 }));
    assert_eq!(joined(&texts[..4]), Err(Error::PartMissing { number: 5, total: 6 }));
    let reason = Error::PartMissing { number: 5, total: 6 }.reason();
    assert_eq!((reason, reason.class()), (Reason::CarrierPartMissing, Class::Undetermined));
}

/// Threats D 5: all splices of the parts of two codes.
#[test]
fn parts_of_two_codes_never_make_one() {
    let (first, second) = (bytes(100), bytes(101)[1..].to_vec());
    let (a, b) = (parts(&first, 40), parts(&second, 40));
    for which in 0..8 {
        let spliced: Vec<String> =
            (0..3).map(|at| if which >> at & 1 == 0 { a[at].clone() } else { b[at].clone() }).collect();
        match (which, joined(&spliced)) {
            (0, whole) => assert_eq!(whole.unwrap().bytes, first),
            (7, whole) => assert_eq!(whole.unwrap().bytes, second),
            (_, mixed) => assert!(matches!(mixed, Err(Error::PartsMixed { total: 3, .. })), "{which}: {mixed:?}"),
        }
    }
    // One that was refused changes nothing: the rest of the first still come together.
    let mut collected = Parts::default();
    assert_eq!(collected.add(read(&a[0]).unwrap()), Ok(Joined::Missing));
    assert!(collected.add(read(&b[1]).unwrap()).is_err());
    assert_eq!(collected.add(read(&a[1]).unwrap()), Ok(Joined::Missing));
    assert!(matches!(collected.add(read(&a[2]).unwrap()), Ok(Joined::Whole(whole)) if whole.bytes == first));
    // Beside a whole, and the other way round.
    let whole = encode_digits(&first).unwrap();
    for texts in [[whole.clone(), a[0].clone()], [a[0].clone(), whole.clone()], [whole.clone(), whole]] {
        assert!(matches!(joined(&texts), Err(Error::PartsMixed { .. })), "{texts:?}");
    }
}

#[test]
fn parts_of_two_codes_with_one_name_are_found_by_what_they_make() {
    let name = [1, 2, 3, 4];
    let part = |index: u8, piece: &[u8]| digits::write(Form::Part, &[&[index, 2], &name[..], piece].concat());
    let damaged = joined(&[part(0, b"\x01aa"), part(1, b"bb")]);
    assert_eq!(damaged, Err(Error::PartsDamaged));
    assert_eq!(Error::PartsDamaged.reason(), Reason::CarrierMalformed);
    // Another piece under a number that is there, or of another length.
    let mixed = Err(Error::PartsMixed { number: 1, total: 2 });
    assert_eq!(joined(&[part(0, b"\x01aa"), part(0, b"\x01ab")]), mixed);
    let mixed = Err(Error::PartsMixed { number: 2, total: 2 });
    assert_eq!(joined(&[part(0, b"\x01aa"), part(1, b"bbbb")]), mixed);
    let three = |index: u8, piece: &[u8]| digits::write(Form::Part, &[&[index, 3], &name[..], piece].concat());
    let mixed = Err(Error::PartsMixed { number: 2, total: 3 });
    assert_eq!(joined(&[three(0, b"\x01aa"), three(1, b"bb")]), mixed);
    // After damage the next code begins anew.
    let mut collected = Parts::default();
    let _ = collected.add(read(&part(0, b"\x01aa")).unwrap());
    assert_eq!(collected.add(read(&part(1, b"bb")).unwrap()), Err(Error::PartsDamaged));
    assert!(collected.is_empty());
}

#[test]
fn a_part_that_cannot_be_is_refused() {
    let head = |number, total| Err(Error::PartHead { number, total });
    for (content, expected) in [
        (vec![0, 0, 1, 2, 3, 4, 5], head(1, 0)),
        (vec![0, 1, 1, 2, 3, 4, 5], head(1, 1)),
        (vec![2, 2, 1, 2, 3, 4, 5], head(3, 2)),
        (vec![255, 255, 1, 2, 3, 4, 5], head(256, 255)),
        (vec![0, 2, 1, 2, 3, 4], head(1, 2)),
        (vec![0, 2, 1, 2, 3], Err(Error::Length)),
    ] {
        let text = digits::write(Form::Part, &content);
        assert_eq!(decode(&text), expected, "{content:?}");
        assert_eq!(joined(&[text]).map(|_| ()), expected.map(|_: Decoded| ()));
    }
    // Wholes of forms that a whole cannot have.
    for (form, expected) in [
        (0, Error::FormUnknown { form: 0 }),
        (3, Error::PartsDamaged),
        (4, Error::FormUnknown { form: 4 }),
        (10, Error::PartsDamaged),
    ] {
        let whole = [form, 7, 7];
        let name = sha256_start(&whole);
        let part = |index: u8, piece: &[u8]| digits::write(Form::Part, &[&[index, 2], &name[..], piece].concat());
        assert_eq!(joined(&[part(0, &whole[..2]), part(1, &whole[2..])]), Err(expected), "{form}");
    }
}

#[test]
fn a_whole_beyond_the_bounds_is_refused() {
    let whole: Vec<u8> = core::iter::once(1).chain(core::iter::repeat_n(7, MAX_DECODED + 1)).collect();
    let name = sha256_start(&whole);
    let half = whole.len().div_ceil(2);
    let texts: Vec<String> = [&whole[..half], &whole[half..]]
        .iter()
        .zip(0_u8..)
        .map(|(piece, index)| digits::write(Form::Part, &[&[index, 2], &name[..], piece].concat()))
        .collect();
    assert_eq!(joined(&texts), Err(Error::TooLong));
    let most = vec![7; MAX_DECODED];
    assert_eq!(joined(&parts(&most, 2_000)).unwrap().bytes, most);
    assert_eq!(Prepared::plain(&most).unwrap().split(100), Err(Error::TooLong));
    let part = Prepared::plain(b"abc").unwrap().split(2).unwrap().remove(0);
    assert_eq!(part.split(1), Err(Error::TooLong));
}

#[test]
fn harms_to_any_part_are_told() {
    let texts = parts(&bytes(50), 30);
    let decoded = joined(&[format!(" {}", texts[0]), texts[1].clone()]).unwrap();
    assert_eq!(decoded.repaired.iter().collect::<Vec<_>>(), [Repair::WhiteSpace]);
}

proptest! {
    #[test]
    fn what_is_divided_comes_together(bytes in prop::collection::vec(any::<u8>(), 1..400), most in 1_usize..500) {
        let prepared = Prepared::plain(&bytes).unwrap();
        match prepared.split(most) {
            Ok(split) => {
                prop_assert!(split.len() >= 2 && split.iter().all(|part| part.content().len() <= most + 6));
                let texts: Vec<String> = split.iter().rev().map(Prepared::base45).collect();
                prop_assert_eq!(joined(&texts).unwrap().bytes, bytes);
            }
            Err(error) => prop_assert!(error == Error::TooLong && bytes.len() >= most * 255),
        }
    }

    #[test]
    fn any_parts_end_in_an_answer(contents in prop::collection::vec((0_u8..4, 0_u8..4, prop::collection::vec(0_u8..3, 0..8)), 1..6)) {
        let texts: Vec<String> = contents
            .iter()
            .map(|(index, total, rest)| digits::write(Form::Part, &[&[*index, *total], rest.as_slice()].concat()))
            .collect();
        let _ = joined(&texts);
    }
}
