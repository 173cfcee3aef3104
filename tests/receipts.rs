//! Receipts: what a device signed comes out again, elsewhere and later, and what was touched is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test"
)]

use zhengyin::claims::id::Region;
use zhengyin::envelope::ObjectType;
use zhengyin::issue::{Draft, sign_receipt};
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::receipt::{self, ClockSource, Evidence, KnownDevices, Missing, Receipt, Replay};
use zhengyin::status::State;
use zhengyin::store::{ObjectKind, Pin, Store};
use zhengyin::suite::{Digest, sha256};
use zhengyin::time::{Clock, Timestamp};
use zhengyin::verify::{Asked, Context, Outcome, Report, Texts, Value, Verdict, Verifier};
use zhengyin::x509::Use;

#[path = "../examples/world/mod.rs"]
mod world;

use world::{DAY, World, data, key, spoil::flip};

const AUTHORITY: &str = "11990100MB0000000P";
const DEVICE: &str = "counter device";

/// A counter, what it verified, and what it held.
struct Counter {
    world: World,
    store: Store,
    license: Vec<u8>,
}

impl Counter {
    fn new() -> Self {
        let mut world = World::new();
        world.province("99").anchors[0].uses.push(Use::Receipt);
        world.enrol("99", &data::authority(AUTHORITY), Use::Receipt, DEVICE);
        let license = world.issue("business-license").bytes;
        let store = world.sound_store();
        Self { world, store, license }
    }

    fn verifier(&self) -> Verifier<'_> {
        let context = Context { purpose: Some("办理示例"), ..Context::default() };
        Verifier::new(&self.store, Policy::counter(Region::parse("990102").ok())).with_context(context)
    }

    fn report<'a>(&'a self, license: &'a [u8]) -> Report<'a> {
        self.verifier().verify(license, self.world.clock())
    }

    fn receipt(&self) -> Vec<u8> {
        sign_receipt(&self.report(&self.license), ClockSource::Device, &key(DEVICE)).unwrap()
    }

    /// The objects that the report names, and the license, each a file.
    fn files(&self) -> Vec<Vec<u8>> {
        let report = self.report(&self.license);
        let mut files: Vec<Vec<u8>> =
            report.inputs().iter().map(|input| object(&self.store, input.kind, input.digest).to_vec()).collect();
        files.push(self.license.clone());
        files
    }

    fn known(&self) -> KnownDevices<'_> {
        KnownDevices { store: Some(&self.store), ..KnownDevices::default() }
    }
}

fn object(store: &Store, kind: ObjectKind, digest: Digest) -> std::borrow::Cow<'_, [u8]> {
    match kind {
        ObjectKind::TrustList => store.trust().unwrap().bytes().into(),
        ObjectKind::Directory => store.directories().find(|held| held.digest() == digest).unwrap().bytes().into(),
        ObjectKind::StatusList => store.statuses().find(|held| held.digest() == digest).unwrap().object().unwrap(),
    }
}

fn replay(receipt: &[u8], files: &[Vec<u8>], known: &KnownDevices<'_>) -> Replay {
    let mut evidence = Evidence::new();
    files.iter().for_each(|file| evidence.add(file));
    Receipt::parse(receipt).unwrap().replay(&evidence, known)
}

const fn unknown(reason: Reason) -> Outcome {
    Outcome::Unknown(reason)
}

#[test]
fn a_receipt_is_replayed_from_what_it_names_alone() {
    let counter = Counter::new();
    let (receipt, files) = (counter.receipt(), counter.files());
    let found = replay(&receipt, &files, &counter.known());
    assert_eq!(found.verdict(), Verdict::Valid, "{found:?}");
    assert_eq!(found.device_of.unwrap().as_str(), AUTHORITY);
    // As one pack, in another order, among other things; from the store itself; and with the words of a person in place of a store.
    let mut pack: Vec<Vec<u8>> = files.iter().rev().cloned().collect();
    pack.push(counter.world.pack());
    pack.push(b"a letter".to_vec());
    assert_eq!(replay(&receipt, &pack, &counter.known()).verdict(), Verdict::Valid);
    let (license, thumbprint) = ([counter.license.clone()], [key(DEVICE).public_key().thumbprint()]);
    let mut evidence = Evidence::new();
    evidence.add(&license[0]);
    evidence.add_store(&counter.store);
    let told = KnownDevices { store: None, thumbprints: &thumbprint, pins: &[counter.world.pin()] };
    assert_eq!(Receipt::parse(&receipt).unwrap().replay(&evidence, &told).verdict(), Verdict::Valid);
}

/// What the store has learnt since does not matter: the report of then comes out, though now the license is revoked.
#[test]
fn a_receipt_outlives_the_store() {
    let mut counter = Counter::new();
    let (receipt, files) = (counter.receipt(), counter.files());
    let revoked = counter.world.issue("business-license");
    counter.world.set_state(&revoked, State::Revoked);
    let plan = counter.world.list(AUTHORITY);
    (plan.facts.seq, plan.facts.issued) = (2, Timestamp::new(plan.facts.issued.seconds() + 60).unwrap());
    plan.states.insert(0, State::Revoked);
    counter.store.apply(&counter.world.status_object(AUTHORITY), counter.world.asked()).unwrap();
    assert_eq!(counter.report(&counter.license).verdict(), Verdict::Invalid);
    assert_eq!(replay(&receipt, &files, &counter.known()).verdict(), Verdict::Valid);
    // From the newer store alone it cannot come out, and the object that is not there any more is named.
    let mut evidence = Evidence::new();
    evidence.add_store(&counter.store);
    evidence.add(&counter.license);
    let found = Receipt::parse(&receipt).unwrap().replay(&evidence, &counter.known());
    assert_eq!(found.report, unknown(Reason::ReplayObjectMissing));
    assert!(matches!(found.missing[..], [Missing::Object(ObjectKind::StatusList, _)]), "{:?}", found.missing);
}

/// Verdicts of every kind, also of bytes that are no license, without a clock, without a store, about another time.
#[test]
fn every_kind_of_verdict_is_replayed() {
    let counter = Counter::new();
    let empty = Store::new(counter.world.pin());
    let stranger = {
        let mut world = counter.world.clone();
        let issued = world.issue("business-license");
        world.sign_license(&issued.facts, &issued.credential, "a key that nobody listed")
    };
    let tampered = flip(&counter.license, counter.license.len() - 3, 0);
    let past = Context { event_time: Some(counter.world.time(-DAY / 2)), ..Context::default() };
    let (none, now, later) =
        (Clock::Absent, counter.world.clock(), Clock::reads(counter.world.base.saturating_add(300 * DAY)));
    // Without a clock and without a store no directory tells whose device it was then: a person does.
    let thumbprints = [key(DEVICE).public_key().thumbprint()];
    let known = KnownDevices { thumbprints: &thumbprints, ..counter.known() };
    let mut verdicts = std::collections::BTreeSet::new();
    for bytes in [&counter.license[..], &stranger, &tampered, b"no license", &counter.license[..100], b""] {
        for (store, context) in
            [(&counter.store, Context::default()), (&empty, Context::default()), (&counter.store, past)]
        {
            for clock in [none, now, later] {
                for policy in [
                    Policy::counter(Region::parse("990102").ok()),
                    Policy::strict(Region::parse("980100").ok()).without_presentation(),
                ] {
                    let report = Verifier::new(store, policy).with_context(context).verify(bytes, clock);
                    let receipt = sign_receipt(&report, ClockSource::Told, &key(DEVICE)).unwrap();
                    let file = bytes.to_vec();
                    let mut evidence = Evidence::new();
                    evidence.add(&file);
                    evidence.add_store(store);
                    let found = Receipt::parse(&receipt).unwrap().replay(&evidence, &known);
                    assert_eq!(found.verdict(), Verdict::Valid, "{:?} {found:?}", report.steps());
                    assert_eq!(found.federation == Asked::NotAsked, store.trust().is_none());
                    verdicts.insert(report.verdict());
                }
            }
        }
    }
    assert_eq!(verdicts.len(), 3);
}

/// Each bit of a receipt that is turned is told: it is no receipt any more, or its signature is bad.
#[test]
fn no_touched_receipt_is_confirmed() {
    let counter = Counter::new();
    let (receipt, files) = (counter.receipt(), counter.files());
    let mut evidence = Evidence::new();
    files.iter().for_each(|file| evidence.add(file));
    let (mut unread, mut signature) = (0, 0);
    for at in 0..receipt.len() {
        let touched = flip(&receipt, at, u8::try_from(at % 8).unwrap());
        match Receipt::parse(&touched) {
            Err(_) => unread += 1,
            Ok(read) => {
                assert_eq!(read.check_signature(), Err(Reason::ReceiptSignature), "byte {at}");
                signature += 1;
            }
        }
    }
    // The whole answer, for some.
    for at in (0..receipt.len()).step_by(97) {
        if let Ok(read) = Receipt::parse(&flip(&receipt, at, 0)) {
            assert_eq!(read.replay(&evidence, &counter.known()).verdict(), Verdict::Invalid, "byte {at}");
        }
    }
    assert!(unread > 100 && signature > 100, "{unread} {signature}");
    for end in 0..receipt.len() {
        assert!(Receipt::parse(&receipt[..end]).is_err(), "cut at {end}");
    }
}

/// A file of the evidence that was touched, or is not there, confirms nothing and accuses nobody.
#[test]
fn spoilt_evidence_is_told() {
    let counter = Counter::new();
    let (receipt, files) = (counter.receipt(), counter.files());
    for (n, file) in files.iter().enumerate() {
        let mut without = files.clone();
        without.remove(n);
        let found = replay(&receipt, &without, &counter.known());
        let is_license = n == files.len() - 1;
        let expected = if is_license { Reason::ReplayBytesMissing } else { Reason::ReplayObjectMissing };
        assert_eq!((found.report, found.missing.len()), (unknown(expected), 1), "file {n}");
        for at in (0..file.len()).step_by(file.len() / 40 + 1) {
            let mut touched = files.clone();
            touched[n] = flip(file, at, 1);
            let found = replay(&receipt, &touched, &counter.known());
            assert_eq!(found.verdict(), Verdict::Undetermined, "file {n} byte {at}: {found:?}");
            assert_eq!(found.signature, Outcome::Passed);
        }
    }
}

#[test]
fn whose_device_and_which_federation_are_asked_apart() {
    let counter = Counter::new();
    let (receipt, files) = (counter.receipt(), counter.files());
    let nobody = KnownDevices::default();
    let found = replay(&receipt, &files, &nobody);
    assert_eq!((found.signature, found.report), (Outcome::Passed, Outcome::Passed));
    assert_eq!(found.device, unknown(Reason::ReceiptDeviceUnknown));
    assert_eq!(found.federation, Asked::Asked(unknown(Reason::ReplayFederation)));
    assert_eq!(found.verdict(), Verdict::Undetermined);
    // A key that is listed for something else, and one that was withdrawn.
    let report = counter.report(&counter.license);
    let other = sign_receipt(&report, ClockSource::Device, &key(&world::license_key(AUTHORITY))).unwrap();
    assert_eq!(replay(&other, &files, &counter.known()).device, unknown(Reason::ReceiptDeviceRefused));
    let mut fallen = counter.world.clone();
    let from = fallen.time(-DAY);
    fallen.befall(AUTHORITY, Use::Receipt, zhengyin::trust::HistoryState::Withdrawn, from, None);
    let store = fallen.sound_store();
    let known = KnownDevices { store: Some(&store), ..KnownDevices::default() };
    assert_eq!(replay(&receipt, &files, &known).device, unknown(Reason::ReceiptDeviceRefused));
    // Its algorithm was out of use then; is relied on no longer; and goes out of use later.
    let algorithm = key(world::OPERATOR).public_key().algorithm().cose();
    for (signed, relied, expected) in [
        (-DAY, None, unknown(Reason::ReceiptSuiteEnded)),
        (-DAY, Some(-DAY), unknown(Reason::ReceiptSuiteEnded)),
        (DAY, Some(2 * DAY), Outcome::Passed),
    ] {
        let mut ended = counter.world.clone();
        let relied_until = relied.map(|relied| ended.time(relied));
        ended.trust.sunsets =
            vec![zhengyin::trust::Sunset { algorithm, signed_until: ended.time(signed), relied_until }];
        let store = ended.sound_store();
        let known = KnownDevices { store: Some(&store), ..KnownDevices::default() };
        assert_eq!(replay(&receipt, &files, &known).device, expected);
    }
    // Another federation of the same name: its devices and its lists verify by themselves, and are nobody's here.
    let mut foreign = World::new();
    foreign.give_operators(2, 2);
    let license = foreign.issue("business-license").bytes;
    let store = foreign.sound_store();
    let report = Verifier::new(&store, Policy::counter(None)).verify(&license, foreign.clock());
    let receipt = sign_receipt(&report, ClockSource::Device, &key(DEVICE)).unwrap();
    let mut evidence = Evidence::new();
    evidence.add(&license);
    evidence.add_store(&store);
    let found = Receipt::parse(&receipt).unwrap().replay(&evidence, &counter.known());
    assert_eq!(found.federation, Asked::Asked(unknown(Reason::ReplayFederation)));
    let pins = [foreign.pin()];
    let told = KnownDevices { pins: &pins, ..counter.known() };
    assert_eq!(Receipt::parse(&receipt).unwrap().replay(&evidence, &told).federation, Asked::Asked(Outcome::Passed));
}

/// A device that lies is found out: it signs another report than the one that comes out.
#[test]
fn a_device_that_lies_is_found_out() {
    let counter = Counter::new();
    let files = counter.files();
    let report = counter.report(&counter.license);
    let honest = report.to_value(Texts::None);
    let lie = |change: &dyn Fn(&mut Value<'static>)| {
        let mut whole = honest.clone().into_owned();
        change(&mut whole);
        let payload = payload(&whole);
        Draft::new(ObjectType::Receipt, payload, key(DEVICE).public_key()).unwrap().sign(&key(DEVICE), &[]).unwrap()
    };
    type Lie<'l> = (&'l str, Reason, &'l dyn Fn(&mut Value<'static>));
    let cases: [Lie<'_>; 4] = [
        ("/verdict", Reason::ReplayDiffers, &|report| report.insert("verdict", "invalid".into())),
        ("/good_until", Reason::ReplayDiffers, &|report| report.insert("good_until", Value::Null)),
        ("/object/facts", Reason::ReplayDiffers, &|report| {
            let Value::Map(map) = report else { panic!() };
            let Some(Value::Map(object)) = map.get_mut("object") else { panic!() };
            let Some(facts) = object.get_mut("facts") else { panic!() };
            facts.insert("number", "another".into());
        }),
        // One of another version may be honest.
        ("/result_code", Reason::ReplayOtherVersion, &|report| {
            report.insert("result_code", Value::Int(4));
            report.insert("verifier", Value::map([("version", "99.0.0".into())]));
        }),
    ];
    for (at, reason, change) in cases {
        let found = replay(&lie(change), &files, &counter.known());
        assert_eq!(found.report, Outcome::of(reason), "{at}");
        assert_eq!(found.difference.unwrap().at, at);
        assert_eq!(found.signature, Outcome::Passed);
    }
    // The same answer by another version is the same answer.
    let newer = lie(&|report| report.insert("verifier", Value::map([("version", "99.0.0".into())])));
    assert_eq!(replay(&newer, &files, &counter.known()).verdict(), Verdict::Valid);
    // What this version cannot ask was asked by another.
    let asked = lie(&|report| {
        let Value::Map(map) = report else { panic!() };
        map.get_mut("policy").unwrap().insert("grace", "of tomorrow".into());
    });
    assert_eq!(replay(&asked, &files, &counter.known()).report, unknown(Reason::ReplayOtherVersion));
}

/// The payload of a receipt of any report.
fn payload(whole: &Value<'_>) -> Vec<u8> {
    let mut writer = zhengyin::cbor::Writer::new();
    let redacted = whole.clone().redacted().to_cbor().unwrap();
    writer.map(|claims| {
        claims.entry(zhengyin::labels::cwt::RECEIPT, |w| {
            w.map(|map| {
                map.entry(1, |w| key(DEVICE).public_key().write_cose_key(w));
                map.entry(2, |w| w.bytes(&redacted));
                map.entry(3, |w| w.bytes(whole.digest().unwrap().as_bytes()));
                map.entry(4, |w| w.uint(1));
            });
        });
    });
    writer.finish().unwrap()
}

#[test]
fn what_is_no_receipt_is_told() {
    let counter = Counter::new();
    assert_eq!(Receipt::parse(&counter.license).unwrap_err().reason(), Reason::EncodingWrongType);
    assert_eq!(Receipt::parse(b"").unwrap_err().reason(), Reason::EncodingMalformed);
    let of = |payload: Vec<u8>, name: &str| {
        let device = key(name);
        Draft::new(ObjectType::Receipt, payload, device.public_key()).unwrap().sign(&device, &[]).unwrap()
    };
    let report = counter.report(&counter.license);
    let good = receipt::encode(&report, ClockSource::Device, key(DEVICE).public_key()).unwrap();
    assert!(Receipt::parse(&of(good.clone(), DEVICE)).is_ok());
    // Signed by another key than it names; not redacted; no claims at all.
    let mut whole = report.to_value(Texts::None).into_owned();
    let holder = {
        let mut writer = zhengyin::cbor::Writer::new();
        writer.map(|_| {});
        writer.finish().unwrap()
    };
    for payload in [of(good, "another"), of(holder, DEVICE), of(vec![0xf6], DEVICE)] {
        assert_eq!(Receipt::parse(&payload).unwrap_err().reason(), Reason::ReceiptMalformed);
    }
    whole.insert("schema", "zhengyin.report/2".into());
    assert_eq!(Receipt::parse(&of(payload(&whole), DEVICE)).unwrap_err().reason(), Reason::ReplayOtherVersion);
}

/// The receipt holds no more of the holder than a redacted report, and its size fits a message.
#[test]
fn a_receipt_is_silent_about_the_holder() {
    let counter = Counter::new();
    let receipt = counter.receipt();
    let report = counter.report(&counter.license);
    let license = &report.claimed_license().unwrap().license;
    let texts = license.holders.clone().flat_map(|holder| [holder.name, holder.id]).chain([license.number]);
    for text in texts {
        assert!(!receipt.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    assert!(receipt.len() < 4_096, "{} bytes", receipt.len());
    println!("a receipt of {} bytes for a license of {}", receipt.len(), counter.license.len());
    let read = Receipt::parse(&receipt).unwrap();
    assert_eq!(read.claimed_whole(), report.digest().unwrap());
    assert_eq!(read.claimed_clock_source(), ClockSource::Device);
    assert_eq!(read.claimed_report(), &report.to_value(Texts::None).redacted());
    assert_eq!(sha256(&report.to_value(Texts::None).to_cbor().unwrap()), read.claimed_whole());
    let _: Pin = read.claimed_whole().to_string().parse().unwrap();
}

/// What a caller states may hold what the format does not: then there is no receipt, rather than one that nobody reads.
#[test]
fn no_receipt_leaves_that_cannot_be_read() {
    let counter = Counter::new();
    let context = Context { purpose: Some("line\nbreak"), ..Context::default() };
    let verifier = Verifier::new(&counter.store, Policy::counter(None)).with_context(context);
    let report = verifier.verify(&counter.license, counter.world.clock());
    assert!(sign_receipt(&report, ClockSource::Device, &key(DEVICE)).is_err());
}

/// A file of stamps over its document, with the seals apart: answered by a device, replayed from what the receipt names alone.
#[test]
fn receipts_of_stamps_are_replayed() {
    use zhengyin::claims::id::TypeCode;
    use zhengyin::verify::StampsReport;
    let mut world = World::new().with_seals();
    let (seal, other) = (world.make_seal("99"), world.make_seal("98"));
    let mut plan = world.plan_stamp(&seal, b"a decision");
    (plan.reason, plan.place) = (Some("同意".into()), Some(zhengyin::claims::Place { page: 1, x: 2, y: 3 }));
    let first = world.stamp(&plan);
    let mut plan = world.plan_stamp(&other, b"");
    (plan.document, plan.media_type) = (world::seals::object_digest(&first), "application/x.zy.stamp".into());
    let stamps = [first, world.stamp(&plan)].concat();
    let seals = [seal.bytes.clone(), other.bytes].concat();
    let store = world.sound_store();
    let verifier = Verifier::new(&store, Policy::counter(None));
    let clock = world.clock();
    let documents: [Option<&[u8]>; 3] = [Some(b"a decision"), Some(b"another"), None];
    let types = [None, TypeCode::parse("11950000MB0000019Y001").ok()];
    let report = |document: Option<&[u8]>, license_type: Option<TypeCode>, apart| -> StampsReport<'_> {
        let mut asked = verifier.stamps(&stamps, clock);
        asked = if apart { asked.with_seals(&seals) } else { asked };
        asked = license_type.into_iter().fold(asked, |asked, license_type| asked.for_license_type(license_type));
        match document {
            None => asked.finish_without_document(),
            Some(document) => {
                asked.update(document);
                asked.finish()
            }
        }
    };
    let thumbprint = [key(DEVICE).public_key().thumbprint()];
    let known = KnownDevices { store: None, thumbprints: &thumbprint, pins: &[world.pin()] };
    for (document, license_type, apart) in
        documents.into_iter().flat_map(|d| types.into_iter().flat_map(move |t| [(d, t, true), (d, t, false)]))
    {
        let of_other = report(document.xor(Some(b"another")), license_type, apart);
        let report = report(document, license_type, apart);
        let expected = match (apart, document) {
            (true, Some(b"a decision")) => Verdict::Valid,
            (_, Some(b"another")) => Verdict::Invalid,
            _ => Verdict::Undetermined,
        };
        assert_eq!(report.verdict(), expected, "{:?}", report.deciding());
        let receipt = sign_receipt(&report, ClockSource::Device, &key(DEVICE)).unwrap();
        // Neither names nor reasons are in it.
        let text = String::from_utf8_lossy(&receipt).into_owned();
        for personal in ["同意", seal.facts.owner_name.as_str(), seal.facts.code.as_str(), "x_mm"] {
            assert!(!text.contains(personal), "{personal}");
        }
        let mut files: Vec<Vec<u8>> =
            report.inputs().iter().map(|input| object(&store, input.kind, input.digest).to_vec()).collect();
        files.push(stamps.clone());
        if apart {
            assert!(
                matches!(replay(&receipt, &files, &known).missing.as_slice(), [Missing::Bytes(digest)] if *digest == sha256(&seals))
            );
            files.push(seals.clone());
        }
        let found = replay(&receipt, &files, &known);
        assert_eq!((found.verdict(), &found.difference), (Verdict::Valid, &None), "{found:?}");
        // Of another document, or none, it would not be the same.
        let other = sign_receipt(&of_other, ClockSource::Device, &key(DEVICE)).unwrap();
        assert_ne!(other, receipt);
        for at in 0..files.len() {
            let less: Vec<Vec<u8>> =
                files.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, file)| file.clone()).collect();
            assert_eq!(replay(&receipt, &less, &known).verdict(), Verdict::Undetermined, "without {at}");
        }
    }
    // A seal by itself; and one that cannot be read, of which the report does not say for what it was taken.
    let unread = world::sign(ObjectType::Seal, vec![0xa0], &world::seals::maker_key(world::seals::maker("99")));
    for bytes in [&seal.bytes, &unread] {
        let report = verifier.verify_seal(bytes, clock);
        let receipt = sign_receipt(&report, ClockSource::None, &key(DEVICE)).unwrap();
        let mut files: Vec<Vec<u8>> =
            report.inputs().iter().map(|input| object(&store, input.kind, input.digest).to_vec()).collect();
        files.push(bytes.clone());
        let found = replay(&receipt, &files, &known);
        assert_eq!(found.report, Outcome::Passed, "{found:?}");
        // The same bytes offered as a license are answered otherwise, and replayed as that.
        let report = verifier.verify(bytes, clock);
        let receipt = sign_receipt(&report, ClockSource::None, &key(DEVICE)).unwrap();
        assert_eq!(replay(&receipt, &files, &known).report, Outcome::Passed);
    }
    // What a device says of another verdict than came out is found.
    let good = report(Some(b"a decision"), None, true);
    let bad = report(Some(b"another"), None, true);
    let text = |report: &StampsReport<'_>| report.to_value(Texts::None).redacted().to_cbor().unwrap();
    assert_ne!(text(&good), text(&bad));
}
