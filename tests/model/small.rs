//! The small world: one signer's province, one neighbour that may speak for the same region, one status list, and a license for each thing
//! that may be with one. Every object in every age, signed once.

use zhengyin::claims::id::{Region, TypeCode};
use zhengyin::claims::{StatusPointer, Validity};
use zhengyin::policy::Policy;
use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::time::{Clock, Day, TimeWindow, Timestamp};
use zhengyin::trust::{HistoryEntry, HistoryState};
use zhengyin::x509::Use;

use super::procedure::{DAY, Doc, Paper, Scene, Signed};
use super::world::{BASE, HOUR, World, code, data, license_key, prefix, spoil::flip};

/// Who issues.
pub(crate) const AUTHORITY: &str = "11990100MB0000000P";
const HOME: &str = "99";
const NEIGHBOUR: &str = "98";
/// Licenses were signed so many days before the base time.
const SIGNED: i64 = -50 * DAY;
/// The grace that the trust list grants: trust list, directory, status list.
pub(crate) const GRACE: [i64; 3] = [30 * DAY, 7 * DAY, 3 * DAY];

/// In which way an object is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Absent,
    Fresh,
    /// Past its `next_update`, within grace.
    Overdue,
    Stale,
    Expired,
    /// Of a directory: fresh, and issued before the license.
    Older,
    /// Of a directory: fresh, and not complete.
    Incomplete,
    /// The newer one was there when an older one was offered.
    RolledBack,
    /// Another one of the same number was offered.
    Forked,
}

use Held::{Absent, Expired, Forked, Fresh, Incomplete, Older, Overdue, RolledBack, Stale};

pub(crate) const TRUST: [Held; 7] = [Absent, Fresh, Overdue, Stale, Expired, RolledBack, Forked];
pub(crate) const DIRECTORY: [Held; 9] = [Absent, Fresh, Overdue, Stale, Expired, Older, Incomplete, RolledBack, Forked];
pub(crate) const STATUS: [Held; 6] = [Absent, Fresh, Overdue, Stale, RolledBack, Forked];

/// What is offered, and what a verifier holds then.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) objects: Vec<Vec<u8>>,
    pub(crate) doc: Option<Doc>,
}

/// Issued, next update, expiry, each so many seconds from the base time.
type Dates = (i64, i64, i64);

fn trust_dates(held: Held) -> Dates {
    match held {
        Overdue => (-95 * DAY, -5 * DAY, 85 * DAY),
        Stale => (-130 * DAY, -40 * DAY, 50 * DAY),
        Expired => (-190 * DAY, -100 * DAY, -10 * DAY),
        _ => (-5 * DAY, 90 * DAY, 180 * DAY),
    }
}

fn directory_dates(held: Held) -> Dates {
    match held {
        Overdue => (-9 * DAY, -2 * DAY, 20 * DAY),
        Stale => (-20 * DAY, -13 * DAY, 10 * DAY),
        Expired => (-40 * DAY, -33 * DAY, -10 * DAY),
        Older => (-60 * DAY, 7 * DAY, 30 * DAY),
        _ => (-HOUR, 7 * DAY, 30 * DAY),
    }
}

fn status_dates(held: Held) -> Dates {
    match held {
        Overdue => (-2 * DAY, -DAY, 0),
        Stale => (-6 * DAY, -5 * DAY, 0),
        _ => (-HOUR, DAY, 0),
    }
}

/// A license, and what matters of it.
pub(crate) struct License {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) paper: Paper,
}

/// The world with its licenses, before its objects are signed.
pub(crate) struct Small {
    pub(crate) world: World,
    pub(crate) licenses: Vec<License>,
}

impl Small {
    pub(crate) fn new() -> Self {
        let mut world = World::new();
        let kept = [prefix(HOME), prefix(NEIGHBOUR)];
        world.trust.provinces.retain(|province, _| kept.contains(province));
        world.directories.retain(|province, _| kept.contains(province));
        let authority = code(AUTHORITY);
        let issuers = &mut world.directory(HOME).issuers;
        issuers.retain(|entry| entry.authority == authority);
        world.lists.retain(|(of, _), _| *of == authority);
        world.province(NEIGHBOUR).anchors[0].mandate.regions.push(prefix(HOME));
        let mut small = Self { world, licenses: Vec::new() };
        small.issue_all();
        small
    }

    fn issue_all(&mut self) {
        let plain = |_: &mut Paper| {};
        self.issue("in force", State::InForce, plain);
        for (name, state) in [
            ("revoked", State::Revoked),
            ("suspended", State::Suspended),
            ("superseded", State::Superseded),
            ("cancelled", State::Cancelled),
            ("withdrawn", State::Withdrawn),
            ("reported lost", State::ReportedLost),
            ("void", State::Void),
        ] {
            self.issue(name, state, plain);
        }
        self.issue("expired", State::InForce, |paper| paper.until = Some(BASE - 20 * DAY));
        self.issue("not yet valid", State::InForce, |paper| paper.from = BASE + 20 * DAY);
        self.issue("to be refreshed", State::InForce, |paper| paper.expires = BASE - DAY);
        self.issue("beyond the list", State::InForce, |paper| paper.state = None);
        self.issue("altered", State::InForce, |paper| paper.signed = Signed::Altered);
        self.issue("by a stranger", State::InForce, |paper| paper.signed = Signed::Stranger);
        self.issue("altered and revoked", State::Revoked, |paper| paper.signed = Signed::Altered);
        for (name, reason) in [
            ("outside the mandate", Reason::IssuerType),
            ("by a withdrawn key", Reason::IssuerWithdrawn),
            ("by a stolen key", Reason::IssuerCompromised),
            ("by a key stolen later", Reason::IssuerCompromisedUnproven),
            ("after the signing period", Reason::IssuerSigningPeriod),
        ] {
            self.issue(name, State::InForce, |paper| paper.signed = Signed::Without(reason));
        }
        self.issue("by a stolen key, and suspended", State::Suspended, |paper| {
            paper.signed = Signed::Without(Reason::IssuerCompromised);
        });
    }

    /// Issues a license of which this matters.
    fn issue(&mut self, name: &'static str, state: State, change: impl FnOnce(&mut Paper)) {
        let mut facts = data::license("business-license").facts;
        let day = |seconds: i64| Day::of(Timestamp::new(seconds).unwrap());
        let mut paper = Paper {
            signed: Signed::Rightly,
            issued: BASE + SIGNED,
            not_before: BASE + SIGNED,
            expires: BASE + 300 * DAY,
            from: day(BASE - 800 * DAY).start(),
            until: None,
            state: Some(state),
        };
        change(&mut paper);
        // Days are days of Beijing, whole ones.
        (paper.from, paper.until) = (day(paper.from).start(), paper.until.map(|until| day(until).end()));
        let time = |seconds| Timestamp::new(seconds).unwrap();
        let last = paper.until.map(|until| day(until - 1));
        facts.validity = Validity::new(day(paper.from), last).unwrap();
        if paper.signed == Signed::Without(Reason::IssuerType) {
            facts.type_code = TypeCode::parse("11950000MB0000035L001").unwrap();
        }
        let mut credential = self.world.credential(AUTHORITY);
        (credential.issued_at, credential.not_before) = (time(paper.issued), time(paper.not_before));
        credential.expires = Some(time(paper.expires));
        let position = u32::try_from(credential.status.index).unwrap();
        if paper.state.is_none() {
            credential.status = StatusPointer { index: 1_000_000, ..credential.status };
        } else if state != State::InForce {
            self.world.list(AUTHORITY).states.insert(position, state);
        }
        let key = self.key(paper.signed);
        let mut bytes = self.world.sign_license(&facts, &credential, &key);
        if paper.signed == Signed::Altered {
            bytes = flip(&bytes, bytes.len() - 3, 0);
        }
        self.licenses.push(License { name, bytes, paper });
    }

    /// The name of the key that signs so; it is listed as it must be.
    fn key(&mut self, signed: Signed) -> String {
        let Signed::Without(reason) = signed else {
            return if signed == Signed::Stranger { "stranger".into() } else { license_key(AUTHORITY) };
        };
        let (state, since) = match reason {
            Reason::IssuerWithdrawn => (HistoryState::Withdrawn, None),
            Reason::IssuerCompromised => (HistoryState::Compromised, Some(-100 * DAY)),
            Reason::IssuerCompromisedUnproven => (HistoryState::Compromised, Some(-10 * DAY)),
            Reason::IssuerSigningPeriod => (HistoryState::Active, None),
            _ => return license_key(AUTHORITY),
        };
        let name = format!("license {}", reason.symbol());
        if self.world.directories[&prefix(HOME)]
            .issuers
            .iter()
            .any(|entry| entry.certificate == self.certificate(&name))
        {
            return name;
        }
        let place = self.world.enrol(HOME, &data::authority(AUTHORITY), Use::License, &name);
        let from = self.world.time(since.unwrap_or(-100 * DAY));
        let since = since.map(|since| self.world.time(since));
        let over = self.world.period(-365 * DAY, -60 * DAY);
        let entry = &mut self.world.directory(HOME).issuers[place];
        match state {
            HistoryState::Active => entry.signing = over,
            _ => assert!(entry.history.append(HistoryEntry { state, from, compromised_since: since, log_head: None })),
        }
        name
    }

    fn certificate(&self, name: &str) -> Vec<u8> {
        let role = zhengyin::issue::certificate::Role::EndEntity(Use::License);
        self.world.certificate(&data::authority(AUTHORITY), role, name, HOME)
    }

    /// Signs one kind of object as it stands in a copy of the world that is changed.
    fn signed(&self, change: impl FnOnce(&mut World), object: impl Fn(&World) -> Vec<u8>) -> Vec<u8> {
        let mut world = self.world.clone();
        change(&mut world);
        object(&world)
    }

    pub(crate) fn trust(&self, held: Held) -> Input {
        let object = |(issued, next, expires): Dates, seq, shift| {
            let dated = |world: &mut World| {
                let (issued, next, expires) = (world.time(issued), world.time(next + shift), world.time(expires));
                let list = &mut world.trust;
                (list.seq, list.issued, list.next_update, list.expires) = (seq, issued, next, expires);
            };
            self.signed(dated, World::trust_object)
        };
        input(held, trust_dates(held), true, object)
    }

    pub(crate) fn home(&self, held: Held) -> Input {
        self.directory(HOME, held)
    }

    pub(crate) fn neighbour(&self, held: Held) -> Input {
        self.directory(NEIGHBOUR, held)
    }

    fn directory(&self, province: &str, held: Held) -> Input {
        let object = |(issued, next, expires): Dates, seq, shift| {
            let dated = |world: &mut World| {
                let (issued, next, expires) = (world.time(issued), world.time(next + shift), world.time(expires));
                let directory = world.directory(province);
                (directory.seq, directory.issued, directory.next_update, directory.expires) =
                    (seq, issued, next, expires);
                directory.complete = held != Incomplete;
            };
            self.signed(dated, |world| world.directory_object(province))
        };
        input(held, directory_dates(held), true, object)
    }

    pub(crate) fn status(&self, held: Held) -> Input {
        let object = |(issued, next, _): Dates, seq, shift| {
            let dated = |world: &mut World| {
                let (issued, next) = (world.time(issued), world.time(next + shift));
                let facts = &mut world.list(AUTHORITY).facts;
                (facts.seq, facts.issued, facts.next_update) = (seq, issued, next);
            };
            self.signed(dated, |world| world.status_object(AUTHORITY))
        };
        input(held, status_dates(held), false, object)
    }
}

/// The objects that are offered one after the other, and what is held in the end.
fn input(held: Held, dates: Dates, expires: bool, object: impl Fn(Dates, u64, i64) -> Vec<u8>) -> Input {
    let (issued, next, expiry) = dates;
    let objects = match held {
        Absent => Vec::new(),
        RolledBack => vec![object(dates, 2, 0), object((issued - DAY, next, expiry), 1, 0)],
        Forked => vec![object(dates, 1, 0), object(dates, 1, 1)],
        _ => vec![object(dates, 1, 0)],
    };
    let doc = Doc {
        issued: BASE + issued,
        next: BASE + next,
        expires: expires.then_some(BASE + expiry),
        forked: held == Forked,
        complete: held != Incomplete,
    };
    Input { objects, doc: (held != Absent).then_some(doc) }
}

/// Offers what an input has to a store, and holds it to what must become of it.
pub(crate) fn offer(store: &mut Store, world: &World, held: Held, input: &Input, parent: bool) {
    // What has expired since was taken while it was good: now it would be refused.
    let window = if held == Expired { TimeWindow::unasked() } else { world.asked() };
    let answers: Vec<Option<Reason>> =
        input.objects.iter().map(|object| store.apply(object, window).err().map(|refusal| refusal.reason)).collect();
    let expected = match held {
        Absent => vec![],
        _ if !parent => vec![Some(Reason::StoreParentMissing); input.objects.len()],
        RolledBack => vec![None, Some(Reason::StoreRolledBack)],
        Forked => vec![None, Some(Reason::StoreEquivocation)],
        _ => vec![None],
    };
    assert_eq!(answers, expected, "{held:?}");
}

/// The clocks that are asked by.
pub(crate) fn clocks() -> [Option<(i64, i64)>; 4] {
    [Some((BASE, 120)), None, Some((BASE - 2 * HOUR, 120)), Some((BASE, 3 * DAY))]
}

pub(crate) fn clock(reading: Option<(i64, i64)>) -> Clock {
    reading.map_or(Clock::Absent, |(now, uncertainty)| Clock::Reads {
        now: Timestamp::new(now).unwrap(),
        uncertainty: u32::try_from(uncertainty).unwrap(),
    })
}

/// The policies that are asked by, and the grace that is left of the granted.
pub(crate) fn policies() -> [(Policy, [i64; 3]); 2] {
    let here = Region::parse("990102").ok();
    [(Policy::counter(here), GRACE), (Policy::strict(here), [0; 3])]
}

/// A scene of these inputs.
pub(crate) fn scene(inputs: [&Input; 4], clock: Option<(i64, i64)>, grace: [i64; 3]) -> Scene {
    let [trust, home, neighbour, status] = inputs.map(|input| input.doc);
    let under = |doc: Option<Doc>| doc.filter(|_| trust.is_some());
    let status = status.filter(|_| trust.is_some() && home.is_some());
    Scene { trust, home: under(home), neighbour: under(neighbour), status, clock, grace }
}
