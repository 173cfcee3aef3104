//! Coming to a report again, from the bytes and objects that it names.

use alloc::borrow::{Cow, ToOwned};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Evidence, Receipt};
use crate::chain::SignerQuestion;
use crate::claims::id::{CreditCode, RegionPrefix, TypeCode};
use crate::reason::Reason;
use crate::store::{ObjectKind, Pin, Recorded, Store};
use crate::suite::{Digest, PublicKey};
use crate::time::{TimeWindow, Timestamp, Watch};
use crate::verify::{Arguments, Asked, Outcome, STAMPS_SCHEMA, StampedDocument, Texts, Value, Verdict, Verifier};
use crate::x509::Use;

/// Whose devices are known, and which federation: what the person who replays trusts by himself.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnownDevices<'k> {
    /// A store of his own: its directories list devices (use 7), its trust list says which federation is his.
    pub store: Option<&'k Store>,
    /// SHA-256 of the SubjectPublicKeyInfo of devices that he knows otherwise.
    pub thumbprints: &'k [Digest],
    /// Digests of a trust list, or of who may sign one, that he was given.
    pub pins: &'k [Pin],
}

/// An object or the bytes that a replay needs and was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The bytes that were verified, by SHA-256.
    Bytes(Digest),
    /// An object that was relied on.
    Object(ObjectKind, Digest),
}

/// The first place where two reports differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// A JSON pointer (RFC 6901) into the report; `/object/facts` where only what a receipt leaves out differs.
    pub at: String,
    /// What the receipt says there; `None` where it says nothing.
    pub recorded: Option<Value<'static>>,
    /// What was found instead.
    pub found: Option<Value<'static>>,
}

impl Difference {
    fn new(at: String, recorded: Option<&Value<'_>>, found: Option<&Value<'_>>) -> Self {
        let owned = |value: &Value<'_>| value.clone().into_owned();
        Self { at, recorded: recorded.map(owned), found: found.map(owned) }
    }
}

/// What a replay came to: four answers, each by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Did the key that the receipt names sign it?
    pub signature: Outcome,
    /// Is that a device that is known?
    pub device: Outcome,
    /// The authority whose device it is by a directory.
    pub device_of: Option<CreditCode>,
    /// Does it rest on a trust list of a federation that is known? Not asked where it rests on none.
    pub federation: Asked,
    /// Does the same come out?
    pub report: Outcome,
    /// Where it does not.
    pub difference: Option<Difference>,
    /// What was not given.
    pub missing: Vec<Missing>,
}

impl Replay {
    /// Confirmed is valid; proved otherwise is invalid.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let outcomes = [Some(self.signature), Some(self.device), self.federation.outcome(), Some(self.report)];
        outcomes.into_iter().flatten().map(Verdict::of).max().unwrap_or(Verdict::Undetermined)
    }
}

impl Receipt<'_> {
    /// Asks again what the report says that was asked, of the objects that it names, and compares byte for byte.
    #[must_use]
    pub fn replay(&self, evidence: &Evidence<'_>, known: &KnownDevices<'_>) -> Replay {
        let (device, device_of) = self.device(known);
        let mut replay = Replay {
            signature: Outcome::from(self.check_signature()),
            device,
            device_of,
            federation: Asked::NotAsked,
            report: Outcome::Unknown(Reason::ReplayOtherVersion),
            difference: None,
            missing: Vec::new(),
        };
        // A report whose arguments this version does not know was written by a later one.
        let (Some(arguments), Some(named)) = (Arguments::of_report(&self.report), Named::of_report(&self.report))
        else {
            return replay;
        };
        replay.federation = named.federation(evidence, known);
        let store = match named.store(evidence, &mut replay.missing) {
            Ok(store) => store,
            Err(reason) => {
                replay.report = Outcome::of(reason);
                return replay;
            }
        };
        let Some(bytes) = evidence.bytes(named.bytes) else { return replay };
        let verifier = Verifier::new(&store, arguments.policy.clone()).with_context(arguments.context());
        let Some(found) = self.ask_again(&verifier, &arguments, (bytes, evidence)) else { return replay };
        let of_this_version = self.is_of_this_version(&found);
        replay.difference = self.compare(found);
        replay.report = match (&replay.difference, of_this_version) {
            (None, _) => Outcome::Passed,
            (Some(_), true) => Outcome::of(Reason::ReplayDiffers),
            (Some(_), false) => Outcome::of(Reason::ReplayOtherVersion),
        };
        replay
    }

    /// What comes out now. `None` if something was asked that this version does not know.
    fn ask_again<'v>(
        &self,
        verifier: &Verifier<'v>,
        arguments: &Arguments<'_>,
        (bytes, evidence): (&'v [u8], &Evidence<'v>),
    ) -> Option<Value<'static>> {
        let clock = arguments.clock;
        if self.report.get("schema").and_then(Value::as_text) == Some(STAMPS_SCHEMA) {
            let mut stamps = verifier.stamps(bytes, clock);
            // That they are all at hand was asked before.
            for seals in named_digests(self.report.get("seals")?)? {
                stamps = stamps.with_seals(evidence.bytes(seals)?);
            }
            if let Some(license_type) = self.report.get("license_type").and_then(Value::as_text) {
                stamps = stamps.for_license_type(TypeCode::parse(license_type).ok()?);
            }
            let report = match self.report.get("document")? {
                Value::Null => stamps.finish_without_document(),
                document => stamps.finish_with(StampedDocument {
                    sm3: match document.get("sm3") {
                        Some(sm3) => Some(hex_digest(sm3)?),
                        None => None,
                    },
                    ..StampedDocument::of_sha256(
                        digest(document)?,
                        u64::try_from(document.get("size")?.as_int()?).ok()?,
                    )
                }),
            };
            return Some(report.to_value(Texts::None).into_owned());
        }
        let object = self.report.get("object").and_then(|object| object.get("type")).and_then(Value::as_text);
        let of_seal = || verifier.verify_seal(bytes, clock).to_value(Texts::None).into_owned();
        if object == Some("seal") {
            return Some(of_seal());
        }
        let of_license = verifier
            .clone()
            .with_document(arguments.document)
            .with_document_sm3(arguments.document_sm3)
            .verify(bytes, clock)
            .to_value(Texts::None)
            .into_owned();
        // Of bytes that could not be read it is not told for what they were taken.
        let is_unread_seal = object.is_none() && self.compare(of_license.clone()).is_some();
        Some(if is_unread_seal && self.compare(of_seal()).is_none() { of_seal() } else { of_license })
    }

    fn is_of_this_version(&self, ours: &Value<'_>) -> bool {
        self.report.get("verifier") == ours.get("verifier")
    }

    /// The first difference. Who verified is no part of it: another version that comes to the same confirms it.
    fn compare(&self, mut found: Value<'_>) -> Option<Difference> {
        if let Some(verifier) = self.report.get("verifier") {
            found.insert("verifier", verifier.clone().into_owned());
            if let Some(Value::List(stamps)) = found.get_mut("stamps") {
                stamps.iter_mut().for_each(|stamp| stamp.insert("verifier", verifier.clone().into_owned()));
            }
        }
        let whole = found.digest();
        let found = found.redacted();
        first_difference(&self.report, &found, "").or_else(|| {
            let hidden = Difference { at: "/object/facts".to_owned(), recorded: None, found: None };
            (whole != Ok(self.whole)).then_some(hidden)
        })
    }

    /// Whose device signed it, as of the time of the report.
    fn device(&self, known: &KnownDevices<'_>) -> (Outcome, Option<CreditCode>) {
        if known.thumbprints.contains(&self.device.thumbprint()) {
            return (Outcome::Passed, None);
        }
        let time = self.report.get("time");
        let clock = time.and_then(|time| time.get("clock")).and_then(|clock| clock.get("now"));
        let at = clock.or_else(|| time.and_then(|time| time.get("lo"))).and_then(Value::as_int);
        let listed = known.store.zip(at.and_then(Timestamp::new));
        listed.map_or((Outcome::of(Reason::ReceiptDeviceUnknown), None), |(store, at)| {
            listed_device(store, &self.device, at)
        })
    }
}

/// Does a directory list the key for receipts, in force at that time?
fn listed_device(store: &Store, device: &PublicKey, at: Timestamp) -> (Outcome, Option<CreditCode>) {
    let mut refused = Reason::ReceiptDeviceUnknown;
    let Some(trust) = store.trust() else { return (Outcome::of(refused), None) };
    for (signer, _) in store.signers(device.key_id()).filter(|(signer, _)| signer.key() == device) {
        let authority = signer.entry().authority;
        let question =
            SignerQuestion { purpose: Use::Receipt, authority, signed_at: at, region: None, type_code: None };
        match signer.check(&question, trust.list(), &mut Watch::new(TimeWindow::at(at))) {
            Ok(_) if is_out_of_use(store, device, at) => refused = Reason::ReceiptSuiteEnded,
            Ok(_) => return (Outcome::Passed, Some(authority)),
            Err(_) => refused = Reason::ReceiptDeviceRefused,
        }
    }
    (Outcome::of(refused), None)
}

/// Had the federation stopped signing by the device's algorithm then; or has the time certainly come from which nothing signed by it is
/// relied on? A replay has no clock: what is held tells what is past.
fn is_out_of_use(store: &Store, device: &PublicKey, at: Timestamp) -> bool {
    let algorithm = device.algorithm();
    store.trust().is_some_and(|trust| {
        let list = trust.list();
        let relied = list.relied_on_until(algorithm);
        list.has_stopped_signing_by(algorithm, at) || relied.is_some_and(|until| until <= store.floor())
    })
}

/// A device may be known and still have been fed another federation's lists.
fn federation(list: Digest, signers: Digest, known: &KnownDevices<'_>) -> Outcome {
    let own = known.store.map(|store| {
        let held = store.trust().map(|held| [held.digest(), held.list().signers_pin()]);
        [store.pin().digest()].into_iter().chain(held.into_iter().flatten())
    });
    let told = known.pins.iter().map(|pin| pin.digest());
    let mut admitted = own.into_iter().flatten().chain(told);
    match admitted.any(|digest| digest == list || digest == signers) {
        true => Outcome::Passed,
        false => Outcome::of(Reason::ReplayFederation),
    }
}

/// What a report names.
struct Named {
    bytes: Digest,
    /// Files of seals that were given beside stamps.
    seals: Vec<Digest>,
    inputs: Vec<NamedInput>,
}

struct NamedInput {
    kind: ObjectKind,
    digest: Digest,
    province: Option<RegionPrefix>,
    contradicted: bool,
}

impl Named {
    fn of_report(report: &Value<'_>) -> Option<Self> {
        let Value::List(inputs) = report.get("inputs")? else { return None };
        let inputs = inputs.iter().map(NamedInput::read).collect::<Option<_>>()?;
        let seals = report.get("seals").map_or_else(|| Some(Vec::new()), named_digests)?;
        Some(Self { bytes: digest(report.get("bytes")?)?, seals, inputs })
    }

    /// Is the trust list one of a federation that is known? It must be signed by those whom it names, whatever else is at hand.
    fn federation(&self, evidence: &Evidence<'_>, known: &KnownDevices<'_>) -> Asked {
        let trust = self.inputs.iter().filter(|input| input.kind == ObjectKind::TrustList);
        let answer = |input: &NamedInput| {
            let Some(object) = evidence.object(input.kind, input.digest) else {
                return Outcome::of(Reason::ReplayObjectMissing);
            };
            match Store::of_recorded(&[input.recorded(object)]) {
                Ok(store) => store.trust().map_or(Outcome::of(Reason::ReplayObjectRefused), |trust| {
                    federation(trust.digest(), trust.list().signers_pin(), known)
                }),
                Err(_) => Outcome::of(Reason::ReplayObjectRefused),
            }
        };
        trust.map(answer).reduce(Outcome::and).map_or(Asked::NotAsked, Asked::Asked)
    }

    /// The store that held these objects and no others.
    fn store(&self, evidence: &Evidence<'_>, missing: &mut Vec<Missing>) -> Result<Store, Reason> {
        let mut recorded = Vec::new();
        for input in &self.inputs {
            match evidence.object(input.kind, input.digest) {
                Some(object) => recorded.push(input.recorded(object)),
                None => missing.push(Missing::Object(input.kind, input.digest)),
            }
        }
        let bytes = core::iter::once(&self.bytes).chain(&self.seals).copied();
        missing.extend(bytes.filter(|digest| evidence.bytes(*digest).is_none()).map(Missing::Bytes));
        match missing.as_slice() {
            [] => Store::of_recorded(&recorded).map_err(|_| Reason::ReplayObjectRefused),
            [Missing::Bytes(_), ..] => Err(Reason::ReplayBytesMissing),
            [Missing::Object(..), ..] => Err(Reason::ReplayObjectMissing),
        }
    }
}

impl NamedInput {
    const fn recorded<'o>(&self, object: &'o [u8]) -> Recorded<'o> {
        let Self { kind, digest, province, contradicted } = *self;
        Recorded { object, kind, digest, province, contradicted }
    }

    fn read(value: &Value<'_>) -> Option<Self> {
        let word = value.get("kind")?.as_text()?;
        let province = match value.get("province") {
            Some(province) => Some(RegionPrefix::parse(province.as_text()?).ok()?),
            None => None,
        };
        Some(Self {
            kind: ObjectKind::ALL.into_iter().find(|kind| kind.word() == word)?,
            digest: digest(value)?,
            province,
            contradicted: value.get("contradicted")?.as_bool()?,
        })
    }
}

/// `digest` of a value: 64 hexadecimal digits.
fn digest(value: &Value<'_>) -> Option<Digest> {
    hex_digest(value.get("digest")?)
}

fn hex_digest(value: &Value<'_>) -> Option<Digest> {
    value.as_text()?.parse::<Pin>().ok().map(Pin::digest)
}

fn named_digests(value: &Value<'_>) -> Option<Vec<Digest>> {
    let Value::List(digests) = value else { return None };
    digests.iter().map(hex_digest).collect()
}

/// Depth first, names in their order.
fn first_difference(recorded: &Value<'_>, found: &Value<'_>, at: &str) -> Option<Difference> {
    match (recorded, found) {
        (Value::Map(before), Value::Map(after)) => {
            let mut names: Vec<&Cow<'_, str>> = before.keys().chain(after.keys()).collect();
            names.sort();
            names.dedup();
            names.into_iter().find_map(|name| {
                // RFC 6901 §3.
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                differ(before.get(name), after.get(name), at)
            })
        }
        (Value::List(before), Value::List(after)) => {
            let length = before.len().max(after.len());
            (0..length).find_map(|n| differ(before.get(n), after.get(n), format!("{at}/{n}")))
        }
        _ if recorded == found => None,
        _ => Some(Difference::new(at.to_owned(), Some(recorded), Some(found))),
    }
}

fn differ(recorded: Option<&Value<'_>>, found: Option<&Value<'_>>, at: String) -> Option<Difference> {
    match (recorded, found) {
        (Some(recorded), Some(found)) => first_difference(recorded, found, &at),
        (None, None) => None,
        _ => Some(Difference::new(at, recorded, found)),
    }
}
