//! Paths: which are found, which are refused, and what they cost.

use super::*;
use crate::limits::Exhausted;
use crate::reason::Reason;

const LICENSE: Option<Use> = Some(Use::License);

#[test]
fn a_path_leads_over_an_issuer_to_an_anchor() {
    let chain = chain();
    assert_eq!(chain.ask(question(LICENSE)), Ok(3));
    assert_eq!(chain.ask(question(None)), Ok(3));
    let direct = Make::leaf(&key(1), "anchor", &key(3)).sign(&key(3));
    assert_eq!(ask(&direct, &[], &[&chain.anchor], question(LICENSE)), Ok(2));
}

#[test]
fn a_path_tells_what_its_caller_has_to_judge() {
    let chain = chain_with(
        |_| (),
        |m| {
            m.mandate = mandate(&["9901"]);
            m.validity = validity(b"210101000000Z", UNTIL);
        },
        |m| m.validity = validity(FROM, b"290101000000Z"),
    );
    let [leaf, issuer, anchor] =
        [&chain.leaf, &chain.issuer, &chain.anchor].map(|der| Certificate::parse(der).unwrap());
    let (issuers, anchors) = ([issuer], [anchor]);
    let question = PathQuestion { at: None, ..question(LICENSE) };
    let path = build_path(&leaf, &issuers, &anchors, question, &mut Budget::new(Limits::STANDARD)).unwrap();
    let mandates: Vec<Vec<&str>> = path.claimed_mandates().map(|mandate| mandate.regions().collect()).collect();
    assert_eq!(mandates, [["99"], ["9901"]]);
    let validity = path.validity().unwrap();
    assert_eq!((validity.from(), validity.until()), (1_609_459_200, Some(1_861_920_001)));
    assert_eq!(path.anchor_index(), 0);
    assert_eq!(path.leaf(), &leaf);
    assert_eq!(path.anchor(), &anchors[0]);
}

/// One second at each bound of each certificate.
#[test]
fn every_certificate_of_the_path_is_valid_at_the_instant() {
    let late: &[u8] = b"200101000001Z";
    let early: &[u8] = b"291231235959Z";
    let wide = || validity(b"190101000000Z", b"310101000000Z");
    let narrow = |depth: u8, bounds: &[u8], until: &[u8]| {
        let set = |own: u8| {
            let value = if own == depth { validity(bounds, until) } else { wide() };
            move |m: &mut Make| m.validity = value
        };
        chain_with(set(0), set(1), set(2))
    };
    for depth in 0..3 {
        let ask = |chain: &Chain, seconds| chain.ask(PathQuestion { at: Some(at(seconds)), ..question(LICENSE) });
        let chain = narrow(depth, FROM, UNTIL);
        assert_eq!(ask(&chain, FROM_SECONDS), Ok(3));
        assert_eq!(ask(&chain, FROM_SECONDS - 1), Err(PathError::NotValid { depth }));
        assert_eq!(ask(&chain, UNTIL_SECONDS), Ok(3));
        assert_eq!(ask(&chain, UNTIL_SECONDS + 1), Err(PathError::NotValid { depth }));
        assert_eq!(ask(&narrow(depth, late, UNTIL), FROM_SECONDS), Err(PathError::NotValid { depth }));
        assert_eq!(ask(&narrow(depth, FROM, early), UNTIL_SECONDS), Err(PathError::NotValid { depth }));
    }
}

#[test]
fn every_certificate_of_the_path_keeps_to_its_role() {
    let fault = |depth, error| Err(PathError::Profile { depth, error });
    let no_mandate = |m: &mut Make| m.mandate = vec![];
    assert_eq!(chain_with(|_| (), no_mandate, |_| ()).ask(question(LICENSE)), fault(1, ProfileError::MandateMissing));
    assert_eq!(chain_with(|_| (), |_| (), no_mandate).ask(question(LICENSE)), fault(2, ProfileError::MandateMissing));
    assert_eq!(chain_with(|_| (), no_mandate, no_mandate).ask(question(None)), Ok(3));
    let end_entity = |m: &mut Make| m.basic_constraints = constraints(&[]);
    assert_eq!(chain_with(|_| (), end_entity, |_| ()).ask(question(LICENSE)), fault(1, ProfileError::NotAuthority));
    assert_eq!(chain_with(|_| (), end_entity, |_| ()).ask(question(None)), fault(1, ProfileError::NotAuthority));
    let signs_data = |m: &mut Make| m.key_usage = usage(DIGITAL_SIGNATURE);
    let expected = fault(1, ProfileError::KeyUsageSignsNoCertificates);
    assert_eq!(chain_with(|_| (), signs_data, |_| ()).ask(question(None)), expected);
    let authority = |m: &mut Make| m.basic_constraints = constraints(AUTHORITY);
    assert_eq!(chain_with(authority, |_| (), |_| ()).ask(question(LICENSE)), fault(0, ProfileError::Authority));
    assert_eq!(chain_with(authority, |_| (), |_| ()).ask(question(None)), fault(0, ProfileError::Authority));
    assert_eq!(chain().ask(question(Some(Use::Status))), fault(0, ProfileError::PurposeOther));
    // A license signer signs a license signer.
    let chain = chain();
    let below = Make::leaf(&key(9), "leaf", &key(1)).sign(&key(1));
    let refused = ask(&below, &[&chain.leaf, &chain.issuer], &[&chain.anchor], question(LICENSE));
    assert_eq!(refused, fault(1, ProfileError::NotAuthority));
}

#[test]
fn names_and_key_identifiers_chain() {
    let look_alike = chain_with(|m| m.issuer = name("issuer "), |_| (), |_| ());
    assert_eq!(look_alike.ask(question(LICENSE)), Err(PathError::NoIssuer { depth: 0 }));
    let folded = chain_with(|m| m.issuer = name("Issuer"), |_| (), |_| ());
    assert_eq!(folded.ask(question(LICENSE)), Err(PathError::NoIssuer { depth: 0 }));
    let other_id = extension(oid::AUTHORITY_KEY_IDENTIFIER, false, &seq(&[&element(0x80, &[7; 20])]));
    let misled = chain_with(|m| m.authority_key_id = other_id, |_| (), |_| ());
    assert_eq!(misled.ask(question(LICENSE)), Err(PathError::KeyIdentifier { depth: 1 }));
    let chain = chain();
    assert_eq!(ask(&chain.leaf, &[&chain.issuer], &[], question(LICENSE)), Err(PathError::NoIssuer { depth: 1 }));
    assert_eq!(ask(&chain.leaf, &[], &[&chain.anchor], question(LICENSE)), Err(PathError::NoIssuer { depth: 0 }));
}

#[test]
fn every_signature_is_verified() {
    let chain = chain();
    let forged = Make::leaf(&key(1), "issuer", &key(2)).sign(&key(8));
    let refused = ask(&forged, &[&chain.issuer], &[&chain.anchor], question(LICENSE));
    assert_eq!(refused, Err(PathError::Signature { depth: 0 }));
    let forged = Make::issuer("issuer", &key(2), "anchor", &key(3)).sign(&key(8));
    let refused = ask(&chain.leaf, &[&forged], &[&chain.anchor], question(LICENSE));
    assert_eq!(refused, Err(PathError::Signature { depth: 1 }));
    // An anchor of the right name with another key.
    let other = Make::issuer("anchor", &key(4), "anchor", &key(4)).with(|m| m.subject_key_id = vec![]);
    let refused = ask(&chain.leaf, &[&chain.issuer], &[&other.sign(&key(4))], question(None));
    assert_eq!(refused, Err(PathError::Signature { depth: 1 }));
}

#[test]
fn path_lengths_hold() {
    let length = |value: u8| move |m: &mut Make| m.basic_constraints = constraints(&[1, 1, 0xff, 2, 1, value]);
    assert_eq!(chain_with(|_| (), length(0), length(1)).ask(question(LICENSE)), Ok(3));
    let refused = chain_with(|_| (), length(0), length(0)).ask(question(LICENSE));
    assert_eq!(refused, Err(PathError::PathLength { depth: 2 }));
    assert_eq!(refused.unwrap_err().reason(), Reason::CertificateConstraint);
    // A self-issued issuer does not count: a new key of the anchor's, signed by its old one.
    let old = Make::issuer("anchor", &key(3), "anchor", &key(3)).with(length(0)).sign(&key(3));
    let new = Make::issuer("anchor", &key(4), "anchor", &key(3)).sign(&key(3));
    let leaf = Make::leaf(&key(1), "anchor", &key(4)).sign(&key(4));
    assert_eq!(ask(&leaf, &[&new], &[&old], question(LICENSE)), Ok(3));
}

fn long_chain() -> (Vec<u8>, Vec<Vec<u8>>, Vec<u8>) {
    let first = Make::issuer("issuer 1", &key(21), "issuer 2", &key(22)).sign(&key(22));
    let second = Make::issuer("issuer 2", &key(22), "anchor", &key(3)).sign(&key(3));
    (Make::leaf(&key(1), "issuer 1", &key(21)).sign(&key(21)), vec![first, second], chain().anchor)
}

#[test]
fn a_path_has_at_most_three_certificates_unless_asked() {
    let (leaf, issuers, anchor) = long_chain();
    let issuers: Vec<&[u8]> = issuers.iter().map(Vec::as_slice).collect();
    assert_eq!(ask(&leaf, &issuers, &[&anchor], question(LICENSE)), Err(PathError::TooLong));
    let longer = PathQuestion { limits: Limits::STANDARD.with_path_length(4), ..question(LICENSE) };
    assert_eq!(ask(&leaf, &issuers, &[&anchor], longer), Ok(4));
}

#[test]
fn an_anchor_need_not_be_self_signed() {
    let anchor = Make::issuer("anchor", &key(3), "root", &key(4)).sign(&key(4));
    let chain = chain();
    assert_eq!(ask(&chain.leaf, &[&chain.issuer], &[&anchor], question(LICENSE)), Ok(3));
}

/// Bad candidates of the right name stand before and after the honest one.
#[test]
fn a_bad_candidate_never_hides_an_honest_path() {
    let chain = chain();
    let make = || Make::issuer("issuer", &key(2), "anchor", &key(3));
    let bad = [
        make().sign(&key(8)),
        make().with(|m| m.validity = validity(b"190101000000Z", b"191231000000Z")).sign(&key(3)),
        make().with(|m| m.mandate = vec![]).sign(&key(3)),
        make().with(|m| m.basic_constraints = constraints(&[])).sign(&key(3)),
        make().with(|m| m.issuer = name("nobody")).sign(&key(3)),
        Make::issuer("issuer", &key(7), "anchor", &key(3)).sign(&key(3)),
        Make::issuer("issuer", &key(7), "anchor", &key(3)).with(|m| m.subject_key_id = vec![]).sign(&key(3)),
        Make::issuer("issuer", &key(6), "issuer", &key(6)).sign(&key(6)),
    ];
    for place in 0..=bad.len() {
        let mut all: Vec<&[u8]> = bad.iter().map(Vec::as_slice).collect();
        all.insert(place, &chain.issuer);
        assert_eq!(ask(&chain.leaf, &all, &[&chain.anchor], question(LICENSE)), Ok(3), "honest at {place}");
        assert_eq!(ask(&chain.leaf, &all, &[&chain.anchor], question(None)), Ok(3), "honest at {place}");
    }
}

#[test]
fn the_error_does_not_depend_on_the_order() {
    let make = || Make::issuer("issuer", &key(2), "anchor", &key(3));
    let anchor = chain().anchor;
    let bad = [
        make().sign(&key(8)),
        make().with(|m| m.validity = validity(b"190101000000Z", b"191231000000Z")).sign(&key(3)),
        make().with(|m| m.mandate = vec![]).sign(&key(3)),
    ];
    let leaf = chain().leaf;
    for [a, b, c] in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let refused = ask(&leaf, &[&bad[a], &bad[b], &bad[c]], &[&anchor], question(LICENSE));
        assert_eq!(refused, Err(PathError::Signature { depth: 1 }));
    }
}

/// A hundred certificates of one name, none of which the anchor signed.
#[test]
fn a_flood_of_candidates_leaves_the_question_open() {
    let chain = chain();
    let flood: Vec<Vec<u8>> = (0..100_u8)
        .map(|serial| {
            let make = Make::issuer("issuer", &key(2), "anchor", &key(3));
            make.with(|m| m.serial = element(INTEGER, &[1, serial])).sign(&key(8))
        })
        .collect();
    let flood: Vec<&[u8]> = flood.iter().map(Vec::as_slice).collect();
    let spent = ask(&chain.leaf, &flood, &[&chain.anchor], question(LICENSE));
    assert_eq!(spent, Err(PathError::Budget(Exhausted)));
    assert_eq!(spent.unwrap_err().reason(), Reason::IssuerBudget);
}

/// Issuers that signed each other in a circle, and an anchor that signed none of them.
#[test]
fn circles_end() {
    let circle: Vec<Vec<u8>> = (0..4_u8)
        .flat_map(|from| (0..4_u8).filter(move |to| *to != from).map(move |to| (from, to)))
        .map(|(from, to)| {
            let names = ["issuer", "a", "b", "c"];
            let keys = [2, 31, 32, 33].map(key);
            let make = Make::issuer(
                names[usize::from(from)],
                &keys[usize::from(from)],
                names[usize::from(to)],
                &keys[usize::from(to)],
            );
            make.sign(&keys[usize::from(to)])
        })
        .collect();
    let circle: Vec<&[u8]> = circle.iter().map(Vec::as_slice).collect();
    let chain = chain();
    let long = PathQuestion { limits: Limits::STANDARD.with_path_length(20), ..question(LICENSE) };
    let refused = ask(&chain.leaf, &circle, &[&chain.anchor], long);
    assert_eq!(refused, Err(PathError::NoIssuer { depth: 4 }));
    // The honest issuer is found among them.
    let mut with_honest = circle.clone();
    with_honest.push(&chain.issuer);
    assert_eq!(ask(&chain.leaf, &with_honest, &[&chain.anchor], long), Ok(3));
}
