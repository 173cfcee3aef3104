//! Group `store`: objects offered one after the other, what becomes of each, and what is held in the end.

use zhengyin::reason::Reason;
use zhengyin::store::{Pin, Store};
use zhengyin::time::{TimeWindow, Timestamp};

use super::case::{Answered, Cases, ISSUER, Offer, Title, answered, offers};
use super::json::{Json, hex};
use super::world::{BASE, World};

/// A sequence of offers, and what is held after them.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) pin: Pin,
    offers: Vec<Offer>,
    as_one_pack: bool,
    trust_list: Option<i64>,
    directories: Vec<(&'static str, i64)>,
    status_lists: Vec<(&'static str, i64)>,
    evidence: Vec<Reason>,
    floor: i64,
}

/// The authority's only list, as it is called among what is held.
const LIST: &str = "11990100MB0000000P/1";

impl Story {
    /// Of a store with the pin of this federation.
    pub(crate) fn new(world: &World) -> Self {
        Self {
            pin: world.pin(),
            offers: Vec::new(),
            as_one_pack: false,
            trust_list: None,
            directories: Vec::new(),
            status_lists: Vec::new(),
            evidence: Vec::new(),
            floor: -BASE,
        }
    }

    /// The trust list is taken.
    pub(crate) fn trusting(world: &World) -> Self {
        let seq = i64::try_from(world.trust.seq).unwrap();
        Self::new(world).takes(world.trust_object()).trust_list(seq).floor(world.trust.issued.seconds() - BASE)
    }

    /// Trust list, directory and status list are taken, an hour old.
    pub(crate) fn holding(world: &World) -> Self {
        Self::trusting(world)
            .takes(world.directory_object("99"))
            .takes(world.status_object(ISSUER))
            .directory(1)
            .status_list(1)
            .floor(-3_600)
    }

    pub(crate) fn takes(self, object: Vec<u8>) -> Self {
        self.answers(object, Answered::New)
    }

    pub(crate) fn knows(self, object: Vec<u8>) -> Self {
        self.answers(object, Answered::Known)
    }

    pub(crate) fn refuses(self, object: Vec<u8>, reason: Reason) -> Self {
        self.answers(object, Answered::Refused(reason))
    }

    /// Refused, and kept as proof.
    pub(crate) fn keeps_as_proof(mut self, object: Vec<u8>, reason: Reason) -> Self {
        self.evidence.push(reason);
        self.refuses(object, reason)
    }

    fn answers(mut self, object: Vec<u8>, answer: Answered) -> Self {
        self.offers.push(Offer { object, at: BASE, answer });
        self
    }

    pub(crate) const fn in_one_pack(mut self) -> Self {
        self.as_one_pack = true;
        self
    }

    pub(crate) const fn trust_list(mut self, seq: i64) -> Self {
        self.trust_list = Some(seq);
        self
    }

    pub(crate) fn directory(mut self, seq: i64) -> Self {
        self.directories = vec![("99", seq)];
        self
    }

    pub(crate) fn no_directory(mut self) -> Self {
        self.directories.clear();
        self
    }

    pub(crate) fn status_list(mut self, seq: i64) -> Self {
        self.status_lists = vec![(LIST, seq)];
        self
    }

    pub(crate) fn no_status_list(mut self) -> Self {
        self.status_lists.clear();
        self
    }

    /// Seconds after the base time.
    pub(crate) const fn floor(mut self, seconds: i64) -> Self {
        self.floor = seconds;
        self
    }

    /// Runs the sequence; what the library does otherwise.
    fn faults(&self) -> Vec<String> {
        let mut store = Store::new(self.pin);
        let window = |at| TimeWindow::at(Timestamp::new(at).unwrap());
        let answers: Vec<Answered> = if self.as_one_pack {
            let pack: Vec<u8> = self.offers.iter().flat_map(|offer| offer.object.clone()).collect();
            store.apply_pack(&pack, window(BASE)).unwrap().into_iter().map(answered).collect()
        } else {
            self.offers.iter().map(|offer| answered(store.apply(&offer.object, window(offer.at)))).collect()
        };
        let stated = self.offers.iter().map(|offer| offer.answer).zip(answers).enumerate();
        let mut faults: Vec<String> = stated
            .filter(|(_, (stated, found))| stated != found)
            .map(|(number, (stated, found))| format!("offer {number}: stated {stated:?}, found {found:?}"))
            .collect();
        for (when, store) in [("held", &store), ("reloaded", &Store::from_bytes(&store.to_bytes()).unwrap())] {
            let found = held(store);
            if found != self.expected() {
                faults.push(format!("{when}\n  stated {}  found  {}", self.expected().file(), found.file()));
            }
        }
        faults
    }

    fn expected(&self) -> Json {
        let listed = |pairs: &[(&str, i64)]| {
            Json::Map(pairs.iter().map(|(name, seq)| ((*name).to_owned(), (*seq).into())).collect())
        };
        Json::map([
            ("trust_list", self.trust_list.into()),
            ("directories", listed(&self.directories)),
            ("status_lists", listed(&self.status_lists)),
            ("evidence", Json::list(self.evidence.iter().map(|reason| reason.symbol()))),
            ("floor", (BASE + self.floor).into()),
        ])
    }
}

fn held(store: &Store) -> Json {
    let number = |seq: u64| Json::Int(i64::try_from(seq).unwrap());
    let directories = store
        .directories()
        .map(|held| (held.directory().province.as_str().to_owned(), number(held.directory().seq)))
        .collect();
    let statuses = store
        .statuses()
        .map(|held| (format!("{}/{}", held.header().authority, held.header().list), number(held.header().seq)))
        .collect();
    // Whether an old list is kept as proof too is left open: packs carry old ones, and nobody is at fault.
    let proof = store.evidence().iter().map(|evidence| evidence.reason).filter(|r| *r != Reason::StoreRolledBack);
    Json::map([
        ("trust_list", store.trust().map(|held| number(held.list().seq)).into()),
        ("directories", Json::Map(directories)),
        ("status_lists", Json::Map(statuses)),
        ("evidence", Json::list(proof.map(Reason::symbol))),
        ("floor", store.floor().seconds().into()),
    ])
}

impl Cases {
    /// A store is told a story.
    pub(crate) fn story(&mut self, title: Title, story: &Story) {
        let mut store = Json::map([("pin", hex(story.pin.digest().as_bytes()).into())]);
        if story.as_one_pack {
            store = store.with("as_one_pack", true);
        }
        let store = store.with("offers", offers(&story.offers, &mut self.objects));
        let good = !story.offers.iter().any(|offer| matches!(offer.answer, Answered::Refused(_)));
        let members = vec![("store", store), ("expected", story.expected())];
        self.enter(title, "store", good, members, story.faults());
    }
}
