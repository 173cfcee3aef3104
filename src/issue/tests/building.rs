//! What a builder of trust lists refuses, and drafts that travel from signer to signer.

use alloc::vec;

use super::world::{BASE, HOUR, OPERATOR};
use super::*;
use crate::claims::id::TypePrefix;
use crate::issue::{
    ListDraft, ListFault, Signatory, SigningFault, draft_trust_list, list_faults, provinces_left_behind,
};
use crate::suite::Algorithm;
#[cfg(feature = "sm")]
use crate::suite::SecretKey;
use crate::time::{Period, Timestamp};
#[cfg(feature = "sm")]
use crate::trust::ListSigner;
use crate::trust::{Anchor, Effect, Emergency, HistoryEntry, HistoryState, LegalBasis, Names, Rule, Sunset, TrustList};
use crate::x509::Use;

const TYPE: &str = "11950000MB0000019Y001";

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(BASE + seconds).unwrap()
}

fn next(world: &World) -> TrustList {
    TrustList { seq: 2, issued: at(0), ..world.trust.clone() }
}

/// In force from so many seconds after the base time on.
fn rule(id: &str, revision: u64, from: i64) -> Rule {
    Rule {
        id: id.into(),
        revision,
        recognised_in: vec![prefix("98")],
        from: vec![prefix("99")],
        types: vec![TypePrefix::parse(TYPE).unwrap()],
        as_type: None,
        use_cases: None,
        effect: Effect::Recognise,
        period: Period::new(BASE + from, None).unwrap(),
        min_binding: None,
        max_status_age: None,
        legal_basis: LegalBasis {
            document: "示例〔2026〕1 号".into(),
            zh: "示例互认办法".into(),
            en: "example".into(),
        },
        class: None,
    }
}

fn until(mut rule: Rule, until: i64) -> Rule {
    rule.period = Period::new(rule.period.from(), Some(BASE + until)).unwrap();
    rule
}

fn with(list: &TrustList, rules: &[Rule]) -> TrustList {
    TrustList { rules: rules.to_vec(), ..list.clone() }
}

fn alone(rules: &[Rule]) -> Vec<ListFault> {
    let world = World::new();
    list_faults(&with(&world.trust, rules), None)
}

fn followed(before: &[Rule], rules: &[Rule], emergency: Option<Emergency>) -> Vec<ListFault> {
    let world = World::new();
    let list = TrustList { emergency, ..with(&next(&world), rules) };
    list_faults(&list, Some(&with(&world.trust, before)))
}

fn emergency(rules: &[&str]) -> Option<Emergency> {
    let why = Names::new("印章遗失", "a seal was lost");
    Some(Emergency { why, rules: rules.iter().map(|id| (*id).into()).collect() })
}

#[test]
fn the_world_is_in_order() {
    let world = World::new();
    assert_eq!(list_faults(&world.trust, None), []);
    assert_eq!(list_faults(&next(&world), Some(&world.trust)), []);
}

#[test]
fn rules_that_would_tie_are_refused() {
    let one = rule("a", 1, 0);
    let other = |change: fn(&mut Rule)| {
        let mut rule = rule("b", 1, 0);
        change(&mut rule);
        alone(&[one.clone(), rule])
    };
    assert_eq!(other(|_| ()), [ListFault::RulesTie(0, 1)]);
    assert_eq!(other(|rule| rule.effect = Effect::Refuse), [ListFault::RulesTie(0, 1)]);
    assert_eq!(other(|rule| rule.recognised_in.push(prefix("97"))), [ListFault::RulesTie(0, 1)], "one in common");
    // Told apart: by use, type, where from, where to, and when.
    assert_eq!(other(|rule| rule.use_cases = Some(vec!["入学".into()])), []);
    assert_eq!(other(|rule| rule.types = vec![TypePrefix::parse("11950000MB0000019Y").unwrap()]), []);
    assert_eq!(other(|rule| rule.from = vec![prefix("9901")]), []);
    assert_eq!(other(|rule| rule.recognised_in = vec![prefix("9801")]), []);
    assert_eq!(other(|rule| rule.period = Period::new(BASE - 9, Some(BASE)).unwrap()), []);
    let named = |uses: &[&str]| {
        let mut rule = rule("b", 1, 0);
        rule.use_cases = Some(uses.iter().map(|one| (*one).into()).collect());
        rule
    };
    let mut first = named(&["入学", "落户"]);
    first.id = "a".into();
    assert_eq!(alone(&[first.clone(), named(&["落户"])]), [ListFault::RulesTie(0, 1)]);
    assert_eq!(alone(&[first, named(&["就医"])]), []);
    // Only licenses from elsewhere are asked about.
    let mut home = [rule("a", 1, 0), rule("b", 1, 0)];
    home.iter_mut().for_each(|rule| rule.recognised_in = vec![prefix("99")]);
    assert_eq!(alone(&home), []);
}

/// Whatever the builder passes, the verifier decides: a list in which two rules tie is refused, and only such a one.
#[test]
fn revisions_follow_each_other() {
    assert_eq!(alone(&[rule("a", 1, 0), rule("a", 2, HOUR)]), [ListFault::RulesOverlap(0, 1)]);
    assert_eq!(alone(&[until(rule("a", 1, 0), HOUR), rule("a", 2, HOUR)]), []);
    assert_eq!(alone(&[until(rule("a", 1, 0), HOUR + 1), rule("a", 2, HOUR)]), [ListFault::RulesOverlap(0, 1)]);
    assert_eq!(
        alone(&[until(rule("a", 1, 0), HOUR), rule("a", 1, HOUR)]),
        [ListFault::RulesOverlap(0, 1)],
        "one number"
    );
}

#[test]
fn a_rule_has_a_legal_basis_in_chinese() {
    let mut silent = rule("a", 1, 0);
    silent.legal_basis.zh = "example".into();
    let mut unnumbered = rule("b", 1, 0);
    unnumbered.from = vec![prefix("97")];
    unnumbered.legal_basis.document = " ".into();
    assert_eq!(alone(&[silent, unnumbered]), [ListFault::LegalBasis(0), ListFault::LegalBasis(1)]);
}

#[test]
fn rules_change_with_48_hours_notice() {
    let (soon, later) = (48 * HOUR - 1, 48 * HOUR);
    let old = rule("a", 1, -DAY);
    // A new one.
    let hasty = [ListFault::ShortNotice { rule: 0, effect: at(soon) }];
    assert_eq!(followed(&[], &[rule("a", 1, soon)], None), hasty);
    assert_eq!(followed(&[], &[rule("a", 1, later)], None), []);
    assert_eq!(followed(&[], &[rule("a", 1, soon)], emergency(&["a"])), []);
    // Another text: it speaks since the rule began.
    let mut altered = old.clone();
    altered.effect = Effect::Refuse;
    let found = followed(core::slice::from_ref(&old), &[altered.clone()], None);
    assert_eq!(found, [ListFault::ShortNotice { rule: 0, effect: at(-DAY) }]);
    assert_eq!(followed(core::slice::from_ref(&old), &[altered], emergency(&["a"])), []);
    // An end.
    let ends = |end| followed(core::slice::from_ref(&old), &[until(old.clone(), end)], None);
    assert_eq!(ends(soon), [ListFault::ShortNotice { rule: 0, effect: at(soon) }]);
    assert_eq!(ends(later), []);
    // Dropped: while it is in force, before it would be, and after it was.
    assert_eq!(followed(core::slice::from_ref(&old), &[], None), [ListFault::RuleDropped(0)]);
    assert_eq!(followed(core::slice::from_ref(&old), &[], emergency(&["a"])), []);
    assert_eq!(followed(&[rule("a", 1, later)], &[], None), []);
    assert_eq!(followed(&[until(old.clone(), -HOUR)], &[], None), []);
    // What does not change needs no notice.
    assert_eq!(followed(core::slice::from_ref(&old), core::slice::from_ref(&old), None), []);
}

#[test]
fn an_emergency_is_no_blanket() {
    let rules = [rule("a", 1, HOUR)];
    assert_eq!(followed(&[], &rules, emergency(&["a", "b"])), [ListFault::EmergencyUnneeded(1)]);
    assert_eq!(followed(&rules, &rules, emergency(&["a"])), [ListFault::EmergencyUnneeded(0)]);
    let unexplained = Emergency { why: Names::new("urgent", "urgent"), rules: vec!["a".into()] };
    assert_eq!(followed(&[], &rules, Some(unexplained)), [ListFault::EmergencyReason]);
}

#[test]
fn nothing_that_has_a_history_is_dropped() {
    let world = World::new();
    let mut list = next(&world);
    list.provinces.remove(&prefix("97"));
    assert_eq!(list_faults(&list, Some(&world.trust)), [ListFault::ProvinceDropped(prefix("97"))]);
    let mut before = world.trust.clone();
    let anchors = &mut before.provinces.get_mut(&prefix("97")).unwrap().anchors;
    let mut second = anchors[0].clone();
    second.certificate = world.anchor("96").certificate.clone();
    anchors.push(second);
    let dropped = ListFault::AnchorDropped { province: prefix("97"), anchor: 1 };
    assert_eq!(list_faults(&next(&world), Some(&before)), [dropped]);
    let mut raised = world.trust.clone();
    raised.provinces.get_mut(&prefix("97")).unwrap().epoch = 2;
    assert_eq!(list_faults(&next(&world), Some(&raised)), [ListFault::EpochLowered(prefix("97"))]);
    let lowered = TrustList { seq: 3, issued: at(HOUR), ..raised };
    assert_eq!(list_faults(&lowered, Some(&world.trust)), [], "raised, and the least number begins anew");
}

/// The anchors of province 97 stand in these seconds, the same certificate each time.
fn anchors(world: &World, stands: &[(i64, i64)]) -> TrustList {
    let mut list = world.trust.clone();
    list.issued = at(0);
    let province = list.provinces.get_mut(&prefix("97")).unwrap();
    let anchor = |(from, until): &(i64, i64)| Anchor {
        interval: Period::new(BASE + from, Some(BASE + until)).unwrap(),
        ..province.anchors[0].clone()
    };
    province.anchors = stands.iter().map(anchor).collect();
    list
}

#[test]
fn one_anchor_follows_another_without_a_gap() {
    let world = World::new();
    let gaps = |stands: &[(i64, i64)]| list_faults(&anchors(&world, stands), None);
    assert_eq!(gaps(&[(-DAY, 9 * DAY), (9 * DAY, 20 * DAY)]), []);
    assert_eq!(gaps(&[(8 * DAY, 20 * DAY), (-DAY, 9 * DAY)]), [], "in any order, overlapping");
    let gap =
        |purpose| ListFault::AnchorGap { province: prefix("97"), purpose, from: at(9 * DAY), until: at(9 * DAY + 1) };
    let expected = [gap(Use::License), gap(Use::Status), gap(Use::Directory)];
    assert_eq!(gaps(&[(-DAY, 9 * DAY), (9 * DAY + 1, 20 * DAY)]), expected);
    // A long anchor covers the gap between short ones; a gap that is past cannot be mended.
    assert_eq!(gaps(&[(-DAY, 30 * DAY), (0, 9 * DAY), (10 * DAY, 20 * DAY)]), []);
    assert_eq!(gaps(&[(-9 * DAY, -2 * DAY), (-DAY, 20 * DAY)]), []);
    assert_eq!(gaps(&[(-9 * DAY, -2 * DAY), (1, 20 * DAY)]).len(), 3, "but for what is still to come of it");
    // An anchor that was withdrawn stands no longer, whatever its interval says.
    let mut list = anchors(&world, &[(-DAY, 9 * DAY), (9 * DAY, 20 * DAY)]);
    let fallen =
        HistoryEntry { state: HistoryState::Withdrawn, from: at(DAY), compromised_since: None, log_head: None };
    let anchor = &mut list.provinces.get_mut(&prefix("97")).unwrap().anchors[0];
    anchor.history = crate::trust::History::active_since(at(-2 * DAY));
    assert!(anchor.history.append(fallen));
    assert_eq!(list_faults(&list, None).len(), 3);
}

#[test]
fn a_test_province_and_a_published_key_stand_in_no_production_list() {
    let world = World::new();
    let mut list = world.trust.clone();
    list.provinces.get_mut(&prefix("99")).unwrap().test = false;
    let found = list_faults(&list, None);
    let tests = ["96", "97", "98"].map(|code| ListFault::TestProvince(prefix(code)));
    assert!(tests.iter().all(|fault| found.contains(fault)));
    // The world's keys are made from their names.
    assert!(found.contains(&ListFault::PublishedSigner(0)));
    assert!(found.contains(&ListFault::PublishedAnchor { province: prefix("99"), anchor: 0 }));
    assert_eq!(found.iter().filter(|fault| matches!(fault, ListFault::PublishedAnchor { .. })).count(), 4);
}

/// The same keys of SM2: of both kinds of federation, and those that standards and other libraries print.
#[cfg(feature = "sm")]
#[test]
fn a_published_key_of_sm2_stands_in_no_production_list() {
    let signers = |list: &TrustList| list_faults(list, None).contains(&ListFault::PublishedSigner(0));
    let anchors = |list: &TrustList| {
        list_faults(list, None).iter().filter(|fault| matches!(fault, ListFault::PublishedAnchor { .. })).count()
    };
    let production = |world: &World| {
        let mut list = world.trust.clone();
        list.provinces.get_mut(&prefix("99")).unwrap().test = false;
        list
    };
    let throughout = production(&world::throughout_sm2(World::new));
    assert!(signers(&throughout) && anchors(&throughout) == 4);
    let mixed = production(&world::with_sm2(&["99", "97"], World::new));
    assert!(signers(&mixed) && anchors(&mixed) == 4);
    let by = |number: [u8; 32]| {
        let mut list = production(&World::new());
        let key = SecretKey::sm2(&number).unwrap();
        list.signers[0] = ListSigner::new(key.public_key(), "an operator");
        signers(&list)
    };
    // GB/T 32918.5 A.2; the examples of gmssl; the least secret, and one that nobody printed.
    let hex = |text: &str| -> [u8; 32] {
        let digit = |at: usize| u8::try_from(char::from(text.as_bytes()[at]).to_digit(16).unwrap()).unwrap();
        core::array::from_fn(|at| digit(2 * at) << 4 | digit(2 * at + 1))
    };
    assert!(by(hex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")));
    assert!(by(hex("b9ab0b828ff68872f21a837fc303668428dea11dcd1b24429d0c99e24eed83d5")));
    assert!(by(core::array::from_fn(|at| u8::from(at == 31))));
    assert!(!by([7; 32]));
}

#[test]
fn a_draft_travels_and_comes_back_signed() {
    let mut world = World::new();
    world.give_operators(3, 2);
    let before = world.trust.clone();
    let store = world.store();
    let list = next(&world);
    let unsigned = draft_trust_list(&list).unwrap().to_bytes().unwrap();
    let read = |bytes: &[u8]| ListDraft::read(bytes, Some(&before)).unwrap();
    // Two copies, signed apart, come together in any order.
    let signed_by = |operator: &str| {
        let mut draft = read(&unsigned);
        assert!(draft.check_signer(key(operator).public_key(), Some(&before)).is_ok());
        draft.draft.sign(&key(operator)).unwrap();
        draft.draft.to_bytes().unwrap()
    };
    let (one, three) = (signed_by("operator 1"), signed_by("operator 3"));
    let mut whole = read(&three);
    whole.draft.merge(&read(&one).draft).unwrap();
    let tally = &whole.tallies(Some(&before))[..];
    let [tally] = tally else { panic!("the signers are the same: {tally:?}") };
    assert_eq!((tally.of, tally.missing(), tally.open.len()), (Signatory::Before, 0, 1));
    let object = whole.draft.assemble().unwrap();
    assert_eq!(check_trust_list(&list, Some(&store), &object), Ok(()));
    assert_eq!(read(&object).draft.to_bytes().unwrap(), object, "a finished list is a draft that lacks nothing");
    // One alone is not enough, and that is told as what is missing.
    let alone = read(&one);
    assert_eq!(alone.tallies(Some(&before))[0].missing(), 1);
    assert!(check_trust_list(&list, Some(&store), &alone.draft.assemble().unwrap()).is_err());
    // Nothing is altered on the way: a byte of the payload, or a signature by a stranger.
    let mut altered = one.clone();
    let place = altered.len() / 2;
    altered[place] ^= 1;
    assert!(ListDraft::read(&altered, Some(&before)).is_err());
    let mut stranger = read(&unsigned);
    stranger.draft.sign(&key("stranger")).unwrap();
    assert!(ListDraft::read(&stranger.draft.to_bytes().unwrap(), Some(&before)).is_err());
}

#[test]
fn nobody_signs_twice() {
    let mut world = World::new();
    world.give_operators(3, 2);
    let before = world.trust.clone();
    let mut list = next(&world);
    // The first operator gets another key: he signs by the old one for the list before, and by the new one for this.
    list.signers[0].key = key("operator 9").public_key().clone().into();
    let bytes = draft_trust_list(&list).unwrap().to_bytes().unwrap();
    let mut draft = ListDraft::read(&bytes, Some(&before)).unwrap();
    let mut sign = |operator: &str| {
        let signer = key(operator);
        let may = draft.check_signer(signer.public_key(), Some(&before));
        if may.is_ok() {
            draft.draft.sign(&signer).unwrap();
        }
        may.map(|_| draft.tallies(Some(&before)).iter().map(Tally::missing).collect::<Vec<_>>())
    };
    assert_eq!(sign("stranger"), Err(SigningFault::NotASigner));
    assert_eq!(sign("operator 1"), Ok(vec![1, 2]));
    assert_eq!(sign("operator 1"), Err(SigningFault::KeySigned));
    assert_eq!(sign("operator 9"), Ok(vec![1, 1]));
    assert_eq!(sign("operator 2"), Ok(vec![0, 0]));
    // An operator with two keys counts once.
    let mut pair = before.clone();
    pair.signers[1].operator = pair.signers[0].operator.clone();
    pair.signers[0].key = key("operator 8").public_key().clone().into();
    let list = TrustList { signers: pair.signers.clone(), ..next(&world) };
    let bytes = draft_trust_list(&list).unwrap().to_bytes().unwrap();
    let mut draft = ListDraft::read(&bytes, Some(&pair)).unwrap();
    draft.draft.sign(&key("operator 2")).unwrap();
    let again = draft.check_signer(key("operator 8").public_key(), Some(&pair));
    assert_eq!(again, Err(SigningFault::OperatorSigned));
    assert_eq!(OPERATOR, "operator 1");
}

fn sunset(world: &World, algorithm: Algorithm, signed: i64, relied: Option<i64>) -> Sunset {
    let relied_until = relied.map(|relied| world.time(relied));
    Sunset { algorithm: algorithm.cose(), signed_until: world.time(signed), relied_until }
}

/// Whoever ends the algorithm of his own key could not sign the list that follows.
#[test]
fn signers_are_not_left_without_an_algorithm() {
    let world = World::new();
    let ours = Algorithm::Ed25519;
    let expires = world.trust.expires.seconds() - BASE;
    let ending = |relied| TrustList { sunsets: vec![sunset(&world, ours, 0, relied)], ..next(&world) };
    assert_eq!(list_faults(&ending(None), Some(&world.trust)), []);
    assert_eq!(list_faults(&ending(Some(expires)), Some(&world.trust)), []);
    assert_eq!(list_faults(&ending(Some(expires - 1)), Some(&world.trust)), [ListFault::SignersEnd]);
    #[cfg(feature = "sm")]
    {
        let mut moved = ending(Some(expires - 1));
        moved.signers = vec![ListSigner::new(key("SM2 operator").public_key(), "示例")];
        assert_eq!(list_faults(&moved, Some(&world.trust)), []);
        // Two are needed, and one has moved.
        moved.signers.push(world.trust.signers[0].clone());
        moved.signers[1].operator = "另一".into();
        moved.threshold = 2;
        assert_eq!(list_faults(&moved, Some(&world.trust)), [ListFault::SignersEnd]);
    }
}

#[test]
fn provinces_without_a_living_anchor_are_named() {
    let mut world = World::new();
    let ours = Algorithm::Ed25519;
    let expires = world.trust.expires.seconds() - BASE;
    assert_eq!(provinces_left_behind(&world.trust), []);
    world.trust.sunsets = vec![sunset(&world, ours, expires + 1, None)];
    assert_eq!(provinces_left_behind(&world.trust), []);
    world.trust.sunsets = vec![sunset(&world, ours, expires, None)];
    let all: Vec<_> = world.trust.provinces.keys().copied().collect();
    assert_eq!(provinces_left_behind(&world.trust), all);
    // One that has left is not asked to move.
    let left = world.trust.issued;
    let entry = HistoryEntry { state: HistoryState::Withdrawn, from: left, compromised_since: None, log_head: None };
    assert!(world.province("96").history.append(entry));
    assert_eq!(provinces_left_behind(&world.trust), all[1..]);
    #[cfg(feature = "sm")]
    {
        let national = world::with_sm2(&["97"], World::new);
        let anchor = national.anchor("97").clone();
        world.province("97").anchors.push(anchor);
        assert_eq!(provinces_left_behind(&world.trust), all[2..]);
    }
}
