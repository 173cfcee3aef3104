//! The demonstration's desks: what a federation, its provinces and their authorities do in a month, done at their times.

mod sealing;

pub(super) use sealing::{ALTERED as ALTERED_DOCUMENT, AMOUNTS, CONTRACT, DECISION, NOTICE, PURCHASE, SEALS};

use super::data::{self, Authority, Federation, Province, Sheet};
use super::suites;
use crate::args::Suites;
use crate::config;
use crate::files::{self, Access};
use crate::home::Home;
use crate::keys::{Kept, NewKey};
use crate::office::directory::{self, Terms};
use crate::office::federation::{self, ListKey, Wish};
use crate::office::license::{self, Order};
use crate::office::province::{self, Root};
use crate::office::seat::{self, Certifier, Seat, SeatFacts};
use crate::office::trust::Changes;
use crate::office::{known, pack, register};
use crate::office::{standing, status_list};
use crate::output::{Failure, say};
use crate::secrets::Passphrase;
use crate::stores::StoreFile;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::{CreditCode, Region};
use zhengyin::claims::{Binding, CredentialId, StatusPointer};
use zhengyin::envelope::ObjectType;
use zhengyin::issue::{CredentialFacts, Draft};
use zhengyin::register::{Act, Change};
use zhengyin::status::State;
use zhengyin::store::{Pin, Store};
use zhengyin::suite::{Algorithm, SecretKey};
use zhengyin::time::{Clock, Day, Period, Timestamp};
use zhengyin::trust::{Profile, TrustList};
use zhengyin::x509::Use;

/// No secret: it stands in a file beside the home.
pub(super) const PASSPHRASE: &str = "demonstration";
/// Who does it, as the register's journal tells.
const ACTOR: &str = "演示 demonstration";
/// Where the verifier of the demonstration stands.
pub(super) const COUNTER: &str = "990102";

pub(super) const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// Ago, in seconds: the founding, the issuing of licenses, the first lists, what became of some licenses, the lists of today.
pub(super) const FOUNDED: i64 = 30 * DAY;
pub(super) const ISSUED: i64 = 20 * DAY;
const FIRST_LISTS: i64 = 10 * DAY;
const CHANGED: i64 = 2 * DAY;
const PUBLISHED: i64 = HOUR;

/// Where the rules of the trust list stand, as `trust build --changes` reads them.
const CHANGES: &str = "data/trust-changes.json";

/// The one status list of each authority.
const LIST: u64 = 1;

/// Everything that the demonstration has at hand.
pub(super) struct Stage {
    folder: PathBuf,
    home: Home,
    now: Timestamp,
    pub(super) suites: Suites,
    federation: Federation,
    pub(super) sheets: Vec<Sheet>,
    operators: Vec<ListKey>,
    roots: Vec<(Root, SecretKey)>,
    seats: BTreeMap<(CreditCode, Use), (Seat, SecretKey)>,
    /// Made beforehand, for making them takes the time.
    keys: Vec<NewKey>,
}

impl Stage {
    pub(super) fn new(folder: &Path, now: Timestamp, suites: Suites) -> Result<Self, Failure> {
        let federation = data::federation()?;
        // Who signs the trust list, and a holder.
        let mut wanted: Vec<Algorithm> = suites::operators(suites).iter().map(|operator| operator.algorithm).collect();
        wanted.push(suites::of_holder(suites));
        for province in &federation.provinces {
            let code = province.facts.code.as_str();
            // A root, two seats each, and those who make seals and stamp.
            let seats = province.authorities.len().saturating_mul(2).saturating_add(sealing::seats_in(code));
            wanted.extend((0..=seats).map(|_| suites::of(suites, code)));
        }
        let home = Home::at(folder.join("home"));
        home.make()?;
        Ok(Self {
            folder: folder.to_path_buf(),
            home,
            now,
            suites,
            federation,
            sheets: data::sheets(Day::of(now))?,
            operators: Vec::new(),
            roots: Vec::new(),
            seats: BTreeMap::new(),
            keys: make_keys(&wanted)?,
        })
    }

    pub(super) fn provinces(&self) -> &[Province] {
        &self.federation.provinces
    }

    pub(super) fn federation_name(&self) -> &str {
        &self.federation.name
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    fn ago(&self, seconds: i64) -> Timestamp {
        self.now.saturating_add(seconds.saturating_neg())
    }

    fn key(&mut self, algorithm: Algorithm) -> Result<NewKey, Failure> {
        let at = self.keys.iter().position(|made| made.key.public_key().algorithm() == algorithm);
        let at = at.ok_or_else(|| Failure::new(say!("密钥不足", "too few keys were made")))?;
        Ok(self.keys.swap_remove(at))
    }

    /// The passphrase, and the key of a holder.
    pub(super) fn prepare(&mut self) -> Result<(), Failure> {
        files::create(&self.folder.join("passphrase"), PASSPHRASE.as_bytes(), Access::Private)?;
        files::make_folder(&self.folder.join("licenses"), Access::Shared)?;
        files::make_folder(&self.folder.join("data"), Access::Shared)?;
        for sheet in &self.sheets {
            write_json(&self.folder.join("data").join(format!("{}.json", sheet.name)), &sheet.json)?;
        }
        let another = data::another(&self.sheets).unwrap_or_default();
        write_json(&self.folder.join("data/new-license.json"), &another)
    }

    /// Each province founds its root.
    pub(super) fn found(&mut self) -> Result<(), Failure> {
        let founded = self.ago(FOUNDED);
        for facts in self.federation.provinces.iter().map(|province| province.facts.clone()).collect::<Vec<_>>() {
            let NewKey { key, pem } = self.key(suites::of(self.suites, facts.code.as_str()))?;
            let root = province::found(&self.home, facts, (&key, Kept::Pem(&pem)), years(founded, 10)?)?;
            self.roots.push((root, key));
        }
        Ok(())
    }

    /// The federation signs a trust list.
    fn trust(&self, at: Timestamp) -> Result<TrustList, Failure> {
        let roots: Vec<Root> = self.roots.iter().map(|(root, _)| root.clone()).collect();
        let changes = self.changes()?;
        let wish = Wish {
            federation: Some(&self.federation.name),
            threshold: None,
            operators: &[],
            leaving: &[],
            changes: changes.as_ref(),
            now: at,
            terms: Terms { next_update: at.saturating_add(90 * DAY), expires: at.saturating_add(365 * DAY) },
        };
        let next = federation::next(&self.home, &wish, &roots, &self.operators)?;
        next.publish(&self.home, &self.operators)?;
        Ok(next.list)
    }

    pub(super) fn first_trust(&mut self) -> Result<TrustList, Failure> {
        self.home.make_within(&self.home.federation())?;
        for operator in suites::operators(self.suites) {
            let NewKey { key, pem } = self.key(operator.algorithm)?;
            files::create(&self.home.federation().join(operator.file), pem.as_bytes(), Access::Private)?;
            self.operators.push(ListKey { operator: Some(operator.name.to_owned()), key: Box::new(key) });
        }
        if let Some(changes) = suites::changes(self.suites, Day::of(self.ago(FOUNDED))) {
            write_json(&self.folder.join(CHANGES), &changes)?;
        }
        self.trust(self.ago(FOUNDED))
    }

    /// What the trust list says beside who is in it.
    fn changes(&self) -> Result<Option<Changes>, Failure> {
        let json = suites::changes(self.suites, Day::of(self.ago(FOUNDED)));
        let read = json.map(|json| Changes::from_json(json.to_string().as_bytes()));
        read.transpose()
            .map_err(|why| Failure::new(say!("无法读取 {CHANGES}", "{CHANGES} cannot be read")).because(why))
    }

    /// Each authority is enrolled, and each province publishes its first directory.
    pub(super) fn enrol(&mut self) -> Result<(), Failure> {
        let enrolled = self.ago(FOUNDED);
        for (at, province) in self.federation.provinces.clone().iter().enumerate() {
            for authority in &province.authorities {
                for purpose in [Use::License, Use::Status] {
                    self.take_seat((at, province), authority, purpose, enrolled)?;
                }
            }
        }
        self.enrol_for_seals(enrolled)?;
        self.directories(self.ago(FOUNDED).saturating_add(HOUR))
    }

    /// Enrols an authority of a province, the one of this number, for a use.
    fn take_seat(
        &mut self,
        (at, province): (usize, &Province),
        authority: &Authority,
        purpose: Use,
        enrolled: Timestamp,
    ) -> Result<(), Failure> {
        let NewKey { key, pem } = self.key(suites::of(self.suites, province.facts.code.as_str()))?;
        let Some((root, signer)) = self.roots.get(at) else { return Ok(()) };
        let facts = seat_facts(province, authority, purpose);
        let certifier = Certifier::Root(signer, years(enrolled, 3)?);
        let seat = seat::enrol(&self.home, (root, certifier), facts, (&key, Kept::Pem(&pem)))?;
        self.seats.insert((authority.code, purpose), (seat, key));
        Ok(())
    }

    fn directories(&self, at: Timestamp) -> Result<(), Failure> {
        let terms = Terms { next_update: at.saturating_add(30 * DAY), expires: at.saturating_add(90 * DAY) };
        for (root, key) in &self.roots {
            directory::next(&self.home, root, at, terms)?.publish(key)?;
        }
        Ok(())
    }

    fn seat(&self, authority: CreditCode, purpose: Use) -> Result<&(Seat, SecretKey), Failure> {
        self.seats.get(&(authority, purpose)).ok_or_else(|| {
            let shown = authority.as_str();
            Failure::new(say!("没有机构 {shown}", "there is no authority {shown}"))
        })
    }

    fn order(&self, sheet: &Sheet, at: Timestamp) -> Result<Order, Failure> {
        let authority = sheet
            .template
            .authority
            .ok_or_else(|| Failure::new(say!("没有说明由谁颁发", "nothing says who is to issue it")))?;
        let facts = sheet.template.facts.clone();
        Ok(Order { authority, facts, list: LIST, holder_key: None, expires: at.saturating_add(365 * DAY) })
    }

    pub(super) fn license_path(&self, name: &str) -> PathBuf {
        self.folder.join("licenses").join(format!("{name}.zyl"))
    }

    /// Every sheet becomes a license, but for the one whose authority may not issue it; `bound` to a key of its holder. Gives the refusal.
    pub(super) fn issue(&mut self, bound: &str) -> Result<Option<Failure>, Failure> {
        let holder = self.key(suites::of_holder(self.suites))?;
        files::create(&self.folder.join("holder.pem"), holder.pem.as_bytes(), Access::Private)?;
        let store = known::demand(&self.home)?;
        let mut refused = None;
        let mut at = self.ago(ISSUED);
        for sheet in &self.sheets {
            at = at.saturating_add(600);
            let mut order = self.order(sheet, at)?;
            if sheet.name == bound {
                (order.facts.binding, order.holder_key) = (Binding::HolderKey, Some(holder.key.public_key().clone()));
            }
            let (seat, signer) = self.seat(order.authority, Use::License)?;
            match license::check(&self.home, &order, seat, &store, at) {
                Err(failure) if sheet.name == data::OUTSIDE_MANDATE => {
                    refused = Some(failure);
                    continue;
                }
                checked => checked.map(|_| ())?,
            }
            let act = Act::new(ACTOR, at);
            let (mut register, _) = register::open(&self.home, order.authority, &act)?;
            let issued = license::issue(&self.home, &mut register, &order, (&store, signer), &act)?;
            license::hand_out(issued.license(), &self.license_path(sheet.name))?;
        }
        self.lists(self.ago(FIRST_LISTS))?;
        Ok(refused)
    }

    fn lists(&self, at: Timestamp) -> Result<(), Failure> {
        let store = known::demand(&self.home)?;
        for (seat, key) in self.seats.values().filter(|(seat, _)| seat.facts.purpose == Use::Status) {
            let act = Act::new(ACTOR, at);
            let (mut register, _) = register::open(&self.home, seat.facts.authority, &act)?;
            let next = status_list::next(&self.home, seat, LIST, &store, (at, at.saturating_add(7 * DAY)))?;
            let source = status_list::Source::Register(status_list::Details::Told);
            next.publish(&self.home, &mut register, source, (&store, key), &act)?;
        }
        Ok(())
    }

    /// What becomes of a license.
    pub(super) fn change(&self, name: &str, state: State, reason: &str) -> Result<(), Failure> {
        let at = self.ago(CHANGED);
        let path = self.license_path(name).display().to_string();
        let found = standing::find(&self.home, &path, None)?;
        let act = Act::new(ACTOR, at).because(reason);
        let (mut register, _) = register::open(&self.home, found.authority, &act)?;
        let changed = register.change(&Change::to(found.entry.status, state), &act);
        changed.map(|_| ()).map_err(|error| register::refused(&self.home, error))
    }

    /// The lists of today, of everybody.
    pub(super) fn publish(&self) -> Result<TrustList, Failure> {
        let list = self.trust(self.ago(PUBLISHED))?;
        self.directories(self.ago(PUBLISHED).saturating_add(60))?;
        self.lists(self.ago(PUBLISHED).saturating_add(120))?;
        Ok(list)
    }

    /// A clerk passes the register and the rules by: he signs with the authority's key what it has no right to issue.
    pub(super) fn overstep(&self) -> Result<(), Failure> {
        let at = self.ago(ISSUED - HOUR);
        let Some(sheet) = self.sheets.iter().find(|sheet| sheet.name == data::OUTSIDE_MANDATE) else { return Ok(()) };
        let order = self.order(sheet, at)?;
        let (_, key) = self.seat(order.authority, Use::License)?;
        let credential = CredentialFacts {
            issuer: order.authority,
            expires: Some(order.expires),
            not_before: at,
            issued_at: at,
            id: CredentialId::new(crate::secrets::random()?),
            holder_key: None,
            // Of a license that the authority did issue.
            status: StatusPointer { list: LIST, index: 0 },
        };
        let failed = |why| Failure::new(say!("无法伪造", "cannot be forged")).because(why);
        let payload = order.facts.encode(&credential).map_err(|error| failed(say!("{error}", "{error}")))?;
        let draft = Draft::new(ObjectType::License, payload, key.public_key());
        let signed =
            draft.and_then(|draft| draft.sign(key, &[])).map_err(|error| failed(say!("{error}", "{error}")))?;
        files::create(&self.license_path(sheet.name), &signed, Access::Shared)
    }

    /// Somebody changes one byte of a license.
    pub(super) fn tamper(&self, name: &str, from: &str, to: &str, tampered: &str) -> Result<(), Failure> {
        let mut bytes = files::read(&self.license_path(name), zhengyin::limits::MAX_OBJECT)?;
        let at = bytes
            .windows(from.len())
            .position(|window| window == from.as_bytes())
            .ok_or_else(|| Failure::new(say!("{name} 中没有 {from}", "{name} does not hold {from}")))?;
        for (byte, new) in bytes.iter_mut().skip(at).zip(to.bytes()) {
            *byte = new;
        }
        files::create(&self.license_path(tampered), &bytes, Access::Shared)
    }

    /// The pack, in the folder.
    pub(super) fn pack(&self) -> Result<pack::Pack, Failure> {
        let pack = pack::build(&self.home, &[], (&[], self.now))?;
        files::create(&self.folder.join("federation.zyp"), &pack.bytes, Access::Shared)?;
        Ok(pack)
    }

    /// A counter begins with the pin, takes the pack in, and reads what it holds back from its file.
    pub(super) fn counter(&self, pin: Pin, pack: &[u8]) -> Result<Store, Failure> {
        let failed = |why| Failure::new(say!("无法建立信任库", "the store cannot be set up")).because(why);
        let mut store = Store::new(pin);
        let window = store.window(Clock::reads(self.now));
        let taken =
            store.apply_pack(pack, window).map_err(|refusal| failed(crate::office::reason_text(refusal.reason)))?;
        if let Some(refusal) = taken.into_iter().find_map(Result::err) {
            return Err(failed(crate::office::reason_text(refusal.reason)));
        }
        let file = StoreFile::at(self.home.verifier_store());
        self.home.make_within(file.path().parent().unwrap_or(self.home.root()))?;
        file.create(&store)?;
        if let Ok(region) = Region::parse(COUNTER) {
            config::set_region(&self.home, region)?;
        }
        file.demand()
    }
}

fn seat_facts(province: &Province, authority: &Authority, purpose: Use) -> SeatFacts {
    SeatFacts {
        authority: authority.code,
        name: authority.name.clone(),
        province: province.facts.code,
        purpose,
        mandate: authority.mandate.clone(),
        profile: Profile::Ours,
    }
}

fn years(from: Timestamp, years: i64) -> Result<Period, Failure> {
    let until = from.saturating_add(years.saturating_mul(365 * DAY));
    Period::new(from.seconds(), Some(until.seconds()))
        .ok_or_else(|| Failure::new(say!("时间超出范围", "the time is out of range")))
}

fn write_json(path: &Path, json: &serde_json::Value) -> Result<(), Failure> {
    files::create(path, format!("{json:#}\n").as_bytes(), Access::Shared)
}

/// Encrypting a key's file is made to take long; several are encrypted at once.
fn make_keys(wanted: &[Algorithm]) -> Result<Vec<NewKey>, Failure> {
    let passphrase = Passphrase::told(PASSPHRASE);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = wanted.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let make = |share: &[Algorithm]| {
            share.iter().map(|algorithm| NewKey::make(&passphrase, *algorithm)).collect::<Result<Vec<_>, Failure>>()
        };
        let threads: Vec<_> = wanted.chunks(share).map(|share| scope.spawn(move || make(share))).collect();
        let mut keys = Vec::new();
        for thread in threads {
            let made = thread.join().map_err(|_| Failure::new(say!("无法生成密钥", "no key could be made")))?;
            keys.extend(made?);
        }
        Ok(keys)
    })
}
