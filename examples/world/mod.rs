//! A federation in memory, for examples, tests, benches and test vectors: four demonstration provinces with their authorities, keys,
//! directories and status lists, all from fixed seeds and one base time, so that the same calls give the same bytes.
//!
//! Include it as a module: `#[path = "world/mod.rs"] mod world;`. [`World::new`] makes a federation in which everything is in order at
//! [`World::base`]. To spoil something, change the public data (a directory is plain data until it is signed) and then sign the whole
//! by [`World::pack`]: nothing is checked here, so that what no issuing function would let out can be made too. Keys go by name.
#![allow(dead_code, reason = "who includes this module uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "made of constants: what fails here fails for everyone"
)]

extern crate alloc;
extern crate std;

pub(crate) mod data;
pub(crate) mod seals;
pub(crate) mod spoil;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use zhengyin::claims::id::{CreditCode, RegionPrefix, TypePrefix};
use zhengyin::claims::{CredentialId, StatusPointer};
use zhengyin::envelope::ObjectType;
use zhengyin::issue::certificate::{self, CertificateRequest, IssuedBy, MandateText, Role, Subject};
use zhengyin::issue::{CredentialFacts, Draft, LicenseFacts, MultiDraft, StatusFacts, pack};
use zhengyin::status::{LicenseHistory, State, StatusHeader, StatusList, StatusProof, WrittenBody};
use zhengyin::store::{Pin, Store};
use zhengyin::suite::{SecretKey, sha256};
use zhengyin::time::{Clock, Period, TimeWindow, Timestamp};
use zhengyin::trust::{
    Anchor, Contact, Directory, Grace, History, IssuerEntry, ListSigner, Mandate, Names, Profile, Province, TrustList,
};
use zhengyin::x509::{Certificate, Use};

/// 2026-10-01T10:00:00+08:00, when everything in the default world is in order.
pub(crate) const BASE: i64 = 1_790_820_000;
/// Seconds.
pub(crate) const HOUR: i64 = 3_600;
/// Seconds.
pub(crate) const DAY: i64 = 86_400;
/// Every authority's only status list.
pub(crate) const LIST: u64 = 1;

/// The secret key that goes by a name. Demonstration only: who knows the name knows the key.
pub(crate) fn key(name: &str) -> SecretKey {
    let seed = sha256(format!("zhengyin demonstration key: {name}").as_bytes());
    #[cfg(feature = "sm")]
    if name.starts_with(NATIONAL) || THROUGHOUT.get() {
        return SecretKey::sm2(seed.as_bytes()).unwrap();
    }
    SecretKey::from_seed(seed.as_bytes()).unwrap()
}

/// The names of keys of SM2 begin so; all others are of Ed25519.
pub(crate) const NATIONAL: &str = "SM2 ";

std::thread_local! {
    /// The provinces whose keys are of SM2.
    static OF_SM2: core::cell::RefCell<Vec<&'static str>> = const { core::cell::RefCell::new(Vec::new()) };
    /// Is every key of SM2, whatever its name?
    static THROUGHOUT: core::cell::Cell<bool> = const { core::cell::Cell::new(false) };
}

/// Is every key of SM2?
pub(crate) fn is_sm2_throughout() -> bool {
    THROUGHOUT.get()
}

/// The hash of the suite that keys are of, where they are of one.
pub(crate) fn suite_hash() -> zhengyin::suite::HashAlgorithm {
    key(OPERATOR).public_key().algorithm().hash()
}

/// Does something while every key is of SM2.
pub(crate) fn throughout_sm2<T>(run: impl FnOnce() -> T) -> T {
    let before = THROUGHOUT.replace(true);
    let result = run();
    THROUGHOUT.set(before);
    result
}

/// Does something while the anchors and authorities of these provinces, by the two digits of their regions, have keys of SM2.
pub(crate) fn with_sm2<T>(provinces: &[&'static str], run: impl FnOnce() -> T) -> T {
    let before = OF_SM2.replace(provinces.to_vec());
    let result = run();
    OF_SM2.set(before);
    result
}

/// What the names of keys begin with that are of the suite of all provinces, and of the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mixed {
    pub(crate) main: &'static str,
    pub(crate) other: &'static str,
}

impl Mixed {
    /// The suite of all provinces.
    pub(crate) fn main_name(self) -> &'static str {
        if self.main == NATIONAL { "sm2" } else { "ed25519" }
    }

    /// The suite of none.
    pub(crate) fn other_name(self) -> &'static str {
        if self.other == NATIONAL { "sm2" } else { "ed25519" }
    }
}

/// Does something while the keys of all provinces are of one suite, that of all keys as things stand, and others can be of the other.
pub(crate) fn mixed<T>(run: impl FnOnce(Mixed) -> T) -> T {
    let national = THROUGHOUT.replace(false);
    let (provinces, of): (&[&'static str], _) = match national {
        true => (&["99", "98", "97", "96"], Mixed { main: NATIONAL, other: "" }),
        false => (&[], Mixed { main: "", other: NATIONAL }),
    };
    let result = with_sm2(provinces, || run(of));
    THROUGHOUT.set(national);
    result
}

/// What the names of a province's keys begin with.
fn suite_of(province: &str) -> &'static str {
    OF_SM2.with_borrow(|of_sm2| if of_sm2.contains(&province) { NATIONAL } else { "" })
}

/// The province of an authority: digits 3 and 4 of its credit code begin the region (GB 32100 §4).
fn province_of(authority: &str) -> &str {
    authority.get(2..4).unwrap_or_default()
}

/// The name of the key that signs the trust list, alone.
pub(crate) const OPERATOR: &str = "operator 1";

/// The name of the key of a province's anchor: `anchor 99`.
pub(crate) fn anchor_key(province: &str) -> String {
    format!("{}anchor {province}", suite_of(province))
}

/// The name of the key with which an authority signs licenses.
pub(crate) fn license_key(authority: &str) -> String {
    format!("{}license {authority}", suite_of(province_of(authority)))
}

/// The name of the key with which an authority signs its status lists.
pub(crate) fn status_key(authority: &str) -> String {
    format!("{}status {authority}", suite_of(province_of(authority)))
}

pub(crate) fn code(text: &str) -> CreditCode {
    CreditCode::parse(text).unwrap()
}

pub(crate) fn prefix(text: &str) -> RegionPrefix {
    RegionPrefix::parse(text).unwrap()
}

/// A status list before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct ListPlan {
    /// What it says of itself; `length` grows with each license that is issued.
    pub(crate) facts: StatusFacts,
    /// The positions that are not in force.
    pub(crate) states: BTreeMap<u32, State>,
    /// Where the list has details: what became of positions, instead of their states alone.
    pub(crate) histories: Option<BTreeMap<u32, LicenseHistory>>,
    /// The name of the key that signs it.
    pub(crate) signer: String,
}

/// A license with what was put into it.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) bytes: Vec<u8>,
    pub(crate) facts: LicenseFacts,
    pub(crate) credential: CredentialFacts,
}

/// The federation. All of it is data until it is signed by [`World::pack`].
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// "Now": licenses were signed a day before it, directories and status lists an hour before it.
    pub(crate) base: Timestamp,
    pub(crate) trust: TrustList,
    /// The names of the keys that sign the trust list.
    pub(crate) operators: Vec<String>,
    pub(crate) directories: BTreeMap<RegionPrefix, Directory>,
    /// The names of the keys that sign the directories, where it is not the anchor's.
    pub(crate) directory_keys: BTreeMap<RegionPrefix, String>,
    pub(crate) lists: BTreeMap<(CreditCode, u64), ListPlan>,
    /// Objects that [`World::pack`] adds as they are, such as older lists.
    pub(crate) more: Vec<Vec<u8>>,
    drawn: u64,
}

impl World {
    /// Provinces 96 to 99 with the authorities of `examples/data/federation/federation.json`. Each province has an anchor, each
    /// authority a key for licenses and one for its status list, certified under the anchor.
    pub(crate) fn new() -> Self {
        Self::at(BASE)
    }

    /// The same at another time.
    pub(crate) fn at(base: i64) -> Self {
        let mut world = Self {
            base: Timestamp::new(base).unwrap(),
            trust: trust_list(base),
            operators: vec![OPERATOR.into()],
            directories: BTreeMap::new(),
            directory_keys: BTreeMap::new(),
            lists: BTreeMap::new(),
            more: Vec::new(),
            drawn: 0,
        };
        for province in data::federation() {
            world.add_province(&province);
        }
        world
    }

    fn add_province(&mut self, province: &data::Province) {
        let region = prefix(&province.region);
        let anchor = Anchor {
            certificate: self.anchor_certificate(province),
            interval: self.period(-1_000 * DAY, 3_000 * DAY),
            uses: vec![Use::License, Use::Status, Use::Directory],
            mandate: Mandate { regions: vec![region], types: None, authorities: None },
            history: History::active_since(self.time(-1_000 * DAY)),
            identifier: None,
        };
        self.trust.provinces.insert(
            region,
            Province {
                names: Names::new(&province.zh, &province.en),
                anchors: vec![anchor],
                history: History::active_since(self.time(-1_000 * DAY)),
                contact: Contact { phone: Some("12345".into()), url: None, names: None },
                test: true,
                epoch: 0,
                min_seq: 0,
            },
        );
        self.directories.insert(
            region,
            Directory {
                province: region,
                seq: 1,
                issued: self.time(-HOUR),
                next_update: self.time(7 * DAY),
                expires: self.time(30 * DAY),
                issuers: Vec::new(),
                complete: true,
                epoch: 0,
                minimums: BTreeMap::new(),
            },
        );
        for authority in &province.authorities {
            self.enrol(&province.region, authority, Use::License, &license_key(&authority.code));
            self.enrol(&province.region, authority, Use::Status, &status_key(&authority.code));
            let facts = StatusFacts {
                authority: code(&authority.code),
                list: LIST,
                epoch: 0,
                seq: 1,
                issued: self.time(-HOUR),
                next_update: self.time(DAY),
                length: 0,
            };
            let signer = status_key(&authority.code);
            let plan = ListPlan { facts, states: BTreeMap::new(), histories: None, signer };
            self.lists.insert((facts.authority, LIST), plan);
        }
    }

    /// Enters a key of an authority in its province's directory, certified under the anchor; gives its place among the entries.
    pub(crate) fn enrol(&mut self, province: &str, authority: &data::Authority, purpose: Use, key_name: &str) -> usize {
        let certificate = self.certificate(authority, Role::EndEntity(purpose), key_name, province);
        let entry = IssuerEntry {
            certificate,
            mandate: authority.mandate(),
            signing: self.period(-365 * DAY, 365 * DAY),
            history: History::active_since(self.time(-365 * DAY)),
            authority: code(&authority.code),
            uses: vec![purpose],
            profile: Profile::Ours,
        };
        let issuers = &mut self.directories.get_mut(&prefix(province)).unwrap().issuers;
        issuers.push(entry);
        issuers.len() - 1
    }

    /// A certificate for a key, under the anchor of a province.
    pub(crate) fn certificate(
        &self,
        authority: &data::Authority,
        role: Role<'_>,
        key_name: &str,
        province: &str,
    ) -> Vec<u8> {
        let anchor = self.anchor(province).certificate.clone();
        let anchor = Certificate::parse(&anchor).unwrap();
        let subject = Subject {
            province: self.trust.provinces[&prefix(province)].names.get("zh"),
            organization: &authority.name,
            common_name: key_name,
            credit_code: &authority.code,
        };
        self.certify(subject, role, key_name, IssuedBy::Certificate(&anchor), &anchor_key(province))
    }

    /// A certificate of any kind, valid from 400 days before the base time to 800 days after it.
    pub(crate) fn certify(
        &self,
        subject: Subject<'_>,
        role: Role<'_>,
        key_name: &str,
        by: IssuedBy<'_>,
        issuer_key: &str,
    ) -> Vec<u8> {
        let certified = key(key_name);
        let request = CertificateRequest {
            subject,
            public_key: certified.public_key(),
            role,
            serial: draw(&format!("serial of {key_name}")),
            validity: match by {
                IssuedBy::Itself => self.period(-2_000 * DAY, 4_000 * DAY),
                IssuedBy::Certificate(_) => self.period(-400 * DAY, 800 * DAY),
            },
        };
        certificate::issue(&request, by, &key(issuer_key)).unwrap()
    }

    fn anchor_certificate(&self, province: &data::Province) -> Vec<u8> {
        let subject = Subject {
            province: &province.zh,
            organization: "示例数据局（演示）",
            common_name: "信任锚（演示）",
            credit_code: data::bureau(&province.region),
        };
        let mandate = MandateText { regions: &[&province.region], types: None, authorities: None };
        let role = Role::Issuer { mandate, path_length: Some(1) };
        let name = anchor_key(&province.region);
        self.certify(subject, role, &name, IssuedBy::Itself, &name)
    }

    /// The base time moved by `seconds`.
    pub(crate) fn time(&self, seconds: i64) -> Timestamp {
        Timestamp::new(self.base.seconds() + seconds).unwrap()
    }

    /// A period around the base time.
    pub(crate) fn period(&self, from: i64, until: i64) -> Period {
        Period::new(self.base.seconds() + from, Some(self.base.seconds() + until)).unwrap()
    }

    pub(crate) fn province(&mut self, province: &str) -> &mut Province {
        self.trust.provinces.get_mut(&prefix(province)).unwrap()
    }

    pub(crate) fn anchor(&self, province: &str) -> &Anchor {
        &self.trust.provinces[&prefix(province)].anchors[0]
    }

    pub(crate) fn directory(&mut self, province: &str) -> &mut Directory {
        self.directories.get_mut(&prefix(province)).unwrap()
    }

    /// The directory's entry of an authority for one use.
    pub(crate) fn entry(&mut self, authority: &str, purpose: Use) -> &mut IssuerEntry {
        let authority = code(authority);
        let mut entries = self.directories.values_mut().flat_map(|directory| &mut directory.issuers);
        entries.find(|entry| entry.authority == authority && entry.is_for(purpose)).unwrap()
    }

    /// An authority's status list.
    pub(crate) fn list(&mut self, authority: &str) -> &mut ListPlan {
        self.lists.get_mut(&(code(authority), LIST)).unwrap()
    }

    /// The next 16 bytes of a sequence that is the same each time.
    pub(crate) fn draw(&mut self) -> [u8; 16] {
        self.drawn += 1;
        draw(&format!("draw {}", self.drawn))
    }

    /// What a credential of an authority says of itself: the next position of its list, signed a day before the base time, to be
    /// refreshed in a year.
    pub(crate) fn credential(&mut self, authority: &str) -> CredentialFacts {
        let index = self.list(authority).facts.length;
        self.list(authority).facts.length += 1;
        CredentialFacts {
            issuer: code(authority),
            expires: Some(self.time(364 * DAY)),
            not_before: self.time(-DAY),
            issued_at: self.time(-DAY),
            id: CredentialId::new(self.draw()),
            holder_key: None,
            status: StatusPointer { list: LIST, index: index.into() },
        }
    }

    /// Issues the license of `examples/data/<name>.json` by the authority that the file names.
    pub(crate) fn issue(&mut self, name: &str) -> Issued {
        let template = data::license(name);
        let credential = self.credential(&template.authority);
        self.issue_as(template.facts, credential)
    }

    /// Issues a license by the credential's authority, whatever it says.
    pub(crate) fn issue_as(&self, facts: LicenseFacts, credential: CredentialFacts) -> Issued {
        let bytes = self.sign_license(&facts, &credential, &license_key(credential.issuer.as_str()));
        Issued { bytes, facts, credential }
    }

    /// Signs a license by any key. The facts must still be ones that can be written.
    pub(crate) fn sign_license(&self, facts: &LicenseFacts, credential: &CredentialFacts, key_name: &str) -> Vec<u8> {
        sign(ObjectType::License, facts.encode(credential).unwrap(), key_name)
    }

    /// Gives a license a state in its authority's list.
    pub(crate) fn set_state(&mut self, license: &Issued, state: State) {
        let position = u32::try_from(license.credential.status.index).unwrap();
        let plan = self.lists.get_mut(&(license.credential.issuer, license.credential.status.list)).unwrap();
        plan.states.insert(position, state);
    }

    /// Tells in its authority's list, which then has details, what became of a license and when.
    pub(crate) fn set_history(&mut self, license: &Issued, history: LicenseHistory) {
        let position = u32::try_from(license.credential.status.index).unwrap();
        let plan = self.lists.get_mut(&(license.credential.issuer, license.credential.status.list)).unwrap();
        plan.histories.get_or_insert_default().insert(position, history);
    }

    /// The license and, after it, the proof of its status by its authority's list as it is.
    pub(crate) fn with_proof(&self, license: &Issued) -> Vec<u8> {
        let list = self.status_object(license.credential.issuer.as_str());
        let proof = StatusProof::make(&StatusList::parse(&list).unwrap(), license.credential.status.index).unwrap();
        [&license.bytes[..], &proof].concat()
    }

    /// The trust list, signed.
    pub(crate) fn trust_object(&self) -> Vec<u8> {
        let mut draft = MultiDraft::new(ObjectType::Trust, self.trust.encode().unwrap()).unwrap();
        self.operators.iter().for_each(|operator| draft.sign(&key(operator)).unwrap());
        draft.assemble().unwrap()
    }

    /// A province's directory, signed.
    pub(crate) fn directory_object(&self, province: &str) -> Vec<u8> {
        let directory = &self.directories[&prefix(province)];
        let signer = self.directory_keys.get(&directory.province).cloned();
        sign(ObjectType::Issuers, directory.encode().unwrap(), &signer.unwrap_or_else(|| anchor_key(province)))
    }

    /// An authority's status list, signed.
    pub(crate) fn status_object(&self, authority: &str) -> Vec<u8> {
        status_object(&self.lists[&(code(authority), LIST)])
    }

    /// Everything that a verifier holds: trust list, directories, status lists, each as it was signed.
    pub(crate) fn objects(&self) -> Vec<Vec<u8>> {
        let mut objects = vec![self.trust_object()];
        objects.extend(self.directories.keys().map(|province| self.directory_object(province.as_str())));
        objects.extend(self.lists.values().map(status_object));
        objects.extend(self.more.iter().cloned());
        objects
    }

    /// Everything in one pack.
    pub(crate) fn pack(&self) -> Vec<u8> {
        pack(&self.objects()).unwrap()
    }

    /// What a verifier of this federation was given: the pin of its signers.
    pub(crate) fn pin(&self) -> Pin {
        Pin::new(self.trust.signers_pin())
    }

    /// A store that was offered the pack at the base time. What it refuses is not held; see [`World::sound_store`].
    pub(crate) fn store(&self) -> Store {
        let mut store = Store::new(self.pin());
        store.apply_pack(&self.pack(), self.asked()).unwrap();
        store
    }

    /// A store that took every object of the pack.
    pub(crate) fn sound_store(&self) -> Store {
        let mut store = Store::new(self.pin());
        for answer in store.apply_pack(&self.pack(), self.asked()).unwrap() {
            answer.unwrap();
        }
        store
    }

    /// The base time exactly.
    pub(crate) fn asked(&self) -> TimeWindow {
        TimeWindow::at(self.base)
    }

    /// What a good clock reads at the base time.
    pub(crate) fn clock(&self) -> Clock {
        Clock::reads(self.base)
    }
}

/// Any envelope of one signer, by the key of a name.
pub(crate) fn sign(object_type: ObjectType, payload: Vec<u8>, key_name: &str) -> Vec<u8> {
    let key = key(key_name);
    Draft::new(object_type, payload, key.public_key()).unwrap().sign(&key, &[]).unwrap()
}

/// A status list, signed and put together; nothing is compared with a list before.
pub(crate) fn status_object(plan: &ListPlan) -> Vec<u8> {
    let signer = key(&plan.signer);
    let algorithm = signer.public_key().algorithm().hash();
    let body = match &plan.histories {
        None => {
            let states = plan.states.iter().map(|(position, state)| (*position, *state));
            WrittenBody::write(plan.facts.length, states, algorithm)
        }
        Some(histories) => {
            let mut all: BTreeMap<u32, LicenseHistory> =
                plan.states.iter().map(|(position, state)| (*position, LicenseHistory::of(*state, None))).collect();
            all.extend(histories.clone());
            let all: Vec<(u32, LicenseHistory)> = all.into_iter().collect();
            WrittenBody::write_detailed(plan.facts.length, plan.facts.list, &all, algorithm)
        }
    };
    let body = body.unwrap();
    let header = StatusHeader {
        authority: plan.facts.authority,
        list: plan.facts.list,
        seq: plan.facts.seq,
        issued: plan.facts.issued,
        next_update: plan.facts.next_update,
        length: plan.facts.length,
        layers: body.layers,
        root: body.root,
        previous_root: None,
        epoch: plan.facts.epoch,
        details: body.details,
        log_head: None,
    };
    let envelope = sign(ObjectType::Status, header.encode().unwrap(), &plan.signer);
    StatusList::assemble(&envelope, &body.bytes).unwrap()
}

/// Sixteen bytes that only a name decides.
pub(crate) fn draw(name: &str) -> [u8; 16] {
    sha256(name.as_bytes()).as_bytes()[..16].try_into().unwrap()
}

fn trust_list(base: i64) -> TrustList {
    let time = |seconds| Timestamp::new(base + seconds).unwrap();
    let days = |days: u64| days * 86_400;
    TrustList {
        federation: data::FEDERATION.into(),
        seq: 1,
        issued: time(-5 * DAY),
        next_update: time(90 * DAY),
        expires: time(180 * DAY),
        signers: vec![ListSigner::new(key(OPERATOR).public_key(), "演示联邦秘书处")],
        threshold: 1,
        provinces: BTreeMap::new(),
        rules: Vec::new(),
        grace: [("normal".into(), Grace { list: days(30), directory: days(7), status: days(3) })].into(),
        defects: Vec::new(),
        renames: Vec::new(),
        classes: BTreeMap::new(),
        emergency: None,
        sunsets: Vec::new(),
    }
}

/// Type prefixes of a mandate.
pub(crate) fn types(prefixes: &[&str]) -> Option<Vec<TypePrefix>> {
    Some(prefixes.iter().map(|prefix| TypePrefix::parse(prefix).unwrap()).collect())
}
