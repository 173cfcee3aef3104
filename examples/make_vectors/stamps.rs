//! Group `stamp`: documents that were sealed, by one unit or several, and what became of the document.

use zhengyin::reason::Reason;
use zhengyin::status::State;
use zhengyin::suite::HashAlgorithm;
use zhengyin::verify::{Outcome, Point, Step};

use super::answer::Answer;
use super::case::{Cases, Setup, row, title};
use super::item::{list, map};
use super::scene::{LICENSE, scene, with_claims};
use super::stamp_answer::{Offered, StampAnswer};
use super::world::seals::{Made, StampPlan, digest, file, made_by, maker, maker_key};
use super::world::{HOUR, World, code, prefix};

/// What is sealed: small, so that cases stay small.
pub(crate) const DOCUMENT: &[u8] = b"%PDF-1.7 a decision of the demonstration city\n";

/// The federation cut down to the makers and units of two provinces.
pub(crate) fn seal_world() -> World {
    let mut world = World::new().with_seals();
    let kept = [prefix("98"), prefix("99")];
    world.trust.provinces.retain(|province, _| kept.contains(province));
    world.directories.retain(|province, _| kept.contains(province));
    let makers = [code(maker("98")), code(maker("99"))];
    world.lists.retain(|(authority, _), _| makers.contains(authority));
    for directory in world.directories.values_mut() {
        let sealing = |entry: &zhengyin::trust::IssuerEntry| {
            use zhengyin::x509::Use::{SealMaker, SealSigner};
            makers.contains(&entry.authority) || entry.is_for(SealMaker) || entry.is_for(SealSigner)
        };
        directory.issuers.retain(sealing);
    }
    world
}

/// A stamp of the city's market bureau on the document, and everything that it rests on, to be spoilt.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) seal: Made,
    /// The name of the key that makes the seal.
    pub(crate) made_by: String,
    pub(crate) plan: StampPlan,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut world = seal_world();
        let seal = world.make_seal("99");
        let plan = world.plan_stamp(&seal, DOCUMENT);
        Self { world, seal, made_by: maker_key(maker("99")), plan }
    }

    /// After the seal's facts or credential were changed: makes it again, and the stamp names it.
    pub(crate) fn remake(&mut self) {
        self.seal = made_by(self.seal.facts.clone(), self.seal.credential.clone(), &self.made_by);
        self.plan.seal = self.seal.digest();
    }

    pub(crate) fn stamp(&self) -> Vec<u8> {
        self.world.stamp(&self.plan)
    }

    /// Seal and stamp.
    pub(crate) fn file(&self) -> Vec<u8> {
        file(&[&self.seal.bytes, &self.stamp()])
    }

    /// A counter that holds what concerns the seals of province 99.
    pub(crate) fn setup(&self) -> Setup {
        setup(&self.world)
    }
}

pub(crate) fn setup(world: &World) -> Setup {
    let objects = [world.trust_object(), world.directory_object("99"), world.status_object(maker("99"))];
    Setup::holding(world, objects)
}

/// The same with the other province.
pub(crate) fn setup_both(world: &World) -> Setup {
    let more = [world.directory_object("98"), world.status_object(maker("98"))];
    setup(world).with(|setup| more.into_iter().for_each(|object| setup.offer(object, super::case::Answered::New)))
}

pub(crate) fn offered(note: &'static str, bytes: Vec<u8>) -> Offered {
    Offered { note, bytes, document: Some(DOCUMENT.to_vec()), seals: None, license_type: None }
}

/// The scene after something happened to it, with one stamp.
pub(crate) fn spoiled(cases: &mut Cases, name: [&'static str; 3], spoil: impl FnOnce(&mut Scene), answer: StampAnswer) {
    let mut scene = Scene::new();
    spoil(&mut scene);
    let [name, zh, en] = name;
    cases.stamps(title(name, zh, en), &scene.setup(), vec![offered("", scene.file())], &[answer]);
}

pub(crate) fn all(cases: &mut Cases) {
    good(cases);
    several(cases);
    counters(cases);
    documents(cases);
    by_sm3(cases);
    attachments(cases);
}

/// A document that was digested by SM3, whatever key stamped it; two stamps by two hashes on one document.
fn by_sm3(cases: &mut Cases) {
    let mut scene = Scene::new();
    (scene.plan.hash, scene.plan.document) = (HashAlgorithm::Sha256, digest(HashAlgorithm::Sha256, DOCUMENT));
    let by_sha256 = scene.stamp();
    (scene.plan.hash, scene.plan.document) = (HashAlgorithm::Sm3, digest(HashAlgorithm::Sm3, DOCUMENT));
    scene.plan.id = scene.world.draw();
    let by_sm3 = scene.stamp();
    let both = file(&[&scene.seal.bytes, &by_sha256, &by_sm3]);
    let valid = || StampAnswer::valid();
    cases.stamps(
        title("stamp-on-a-digest-by-sm3", "文件按 SM3 计算摘要", "The document was digested by SM3"),
        &scene.setup(),
        vec![offered("", scene.file())],
        &[valid()],
    );
    cases.stamps(
        title(
            "stamps-by-both-hashes",
            "同一文件上的两个签章各用一种摘要算法",
            "Two stamps on one document, each by another hash",
        ),
        &scene.setup(),
        vec![offered("", both.clone())],
        &[valid(), valid()],
    );
    let differs = || valid().by(Step::Document, Reason::DocumentDiffers).reading("unknown", "in-force");
    let altered = Offered { document: Some([DOCUMENT, b"\n"].concat()), ..offered("", both) };
    cases.stamps(
        title(
            "stamps-by-both-hashes-on-an-altered-document",
            "文件被改动：两种摘要都不符",
            "The document was altered: neither digest is that of it",
        ),
        &scene.setup(),
        vec![altered],
        &[differs(), differs()],
    );
    // The digest of one hash is not that of the other.
    scene.plan.document = digest(HashAlgorithm::Sha256, DOCUMENT);
    let called = scene.file();
    cases.stamps(
        title("stamp-digest-called-otherwise", "SHA-256 摘要标为 SM3", "A digest by SHA-256 that is said to be by SM3"),
        &scene.setup(),
        vec![offered("", called)],
        &[differs()],
    );
}

/// A license names the files that belong to it, and one is at hand.
fn attachments(cases: &mut Cases) {
    let named = |algorithm: i64, digest: &[u8]| {
        let attachment = map([
            (1, "证照.pdf".into()),
            (2, "application/pdf".into()),
            (3, list([algorithm.into(), digest.to_vec().into()])),
            (4, 46.into()),
        ]);
        with_claims(|claims| claims.put(&[LICENSE], 11, list([attachment])))
    };
    let digest = digest(HashAlgorithm::Sha256, DOCUMENT);
    let (world, license) = scene();
    let setup = Setup::of(&world).with(|setup| setup.document = Some(digest));
    let sm3 = super::world::seals::digest(HashAlgorithm::Sm3, DOCUMENT);
    cases.verify_each(
        title(
            "license-with-its-document-by-sm3",
            "证照按 SM3 载明文件",
            "The license names its file by SM3, and the file was digested by both hashes",
        ),
        &Setup { document_sm3: Some(sm3), ..setup.clone() },
        vec![row("by SM3", named(-70_012, sm3.as_bytes())), row("by SHA-256", named(-16, digest.as_bytes()))],
        Answer::valid().passed(Step::Document),
    );
    cases.verify(
        title(
            "license-with-a-document-that-was-not-digested-by-its-hash",
            "证照按 SM3 载明文件，而文件只按 SHA-256 计算了摘要",
            "The license names its file by SM3, and the file was digested by SHA-256 alone",
        ),
        &setup,
        &named(-70_012, sm3.as_bytes()),
        Answer::undetermined(Step::Document, Reason::DocumentNotDigested),
    );
    cases.verify(
        title("license-with-its-document", "文件是证照载明的文件", "The file is one that the license names"),
        &setup,
        &named(-16, digest.as_bytes()),
        Answer::valid().passed(Step::Document),
    );
    let not_named = Answer::invalid(Step::Document, Reason::DocumentNotNamed);
    cases.verify_each(
        title(
            "license-with-another-document",
            "文件不是证照载明的文件",
            "The file is none of those that the license names",
        ),
        &setup,
        vec![row("another", named(-16, &[7; 32])), row("the license names none", license.bytes)],
        not_named,
    );
    cases.verify(
        title(
            "license-with-a-document-of-an-unknown-hash",
            "证照以未知算法载明文件",
            "The license names its file by a hash that is not known here",
        ),
        &setup,
        &named(-44, &[7; 64]),
        Answer::undetermined(Step::Document, Reason::EncodingAlgorithmUnknown),
    );
}

fn good(cases: &mut Cases) {
    let scene = Scene::new();
    let placed = {
        let mut scene = scene.clone();
        scene.plan.place = Some(zhengyin::claims::Place { page: 3, x: 120, y: 230 });
        scene.plan.reason = Some("同意".into());
        scene.file()
    };
    let apart = Offered { seals: Some(scene.seal.bytes.clone()), ..offered("the seal apart", scene.stamp()) };
    let turned = [scene.stamp(), scene.seal.bytes.clone()].concat();
    cases.stamps(
        title("stamp-of-a-unit", "单位印章在文件上的签章", "The stamp of a unit on a document"),
        &scene.setup(),
        vec![
            offered("seal and stamp", scene.file()),
            offered("stamp before seal", turned),
            offered("with place and reason", placed),
            apart,
        ],
        &[StampAnswer::valid()],
    );
    let mut empty = scene.clone();
    empty.plan.document = digest(empty.plan.hash, b"");
    cases.stamps(
        title("stamp-of-an-empty-document", "空文件也可签章", "An empty document can be stamped"),
        &scene.setup(),
        vec![Offered { document: Some(Vec::new()), ..offered("", empty.file()) }],
        &[StampAnswer::valid()],
    );
    let twice = [scene.file(), scene.file()].concat();
    let warned = ["warning.before_list", "warning.time_self_asserted", "warning.repeated", "warning.test_province"];
    cases.stamps(
        title("stamp-repeated", "同一印章和签章重复出现：只算一次", "Seal and stamp that stand twice count once"),
        &scene.setup(),
        vec![offered("", twice)],
        &[StampAnswer::valid().warned(&warned)],
    );
    // Made after the list was issued, which is still in force: nothing is uncertain about what came between.
    let mut fresh = scene.clone();
    fresh.plan.at = -HOUR / 2;
    cases.stamps(
        title(
            "stamp-newer-than-the-list",
            "签章晚于清单，清单仍有效",
            "A stamp newer than the status list, which is not due yet",
        ),
        &scene.setup(),
        vec![offered("", fresh.file())],
        &[StampAnswer::valid().without("warning.before_list")],
    );
}

fn several(cases: &mut Cases) {
    let mut scene = Scene::new();
    let neighbour = scene.world.make_seal("98");
    let theirs = scene.world.plan_stamp(&neighbour, DOCUMENT);
    let objects = [scene.seal.bytes.clone(), neighbour.bytes.clone(), scene.stamp(), scene.world.stamp(&theirs)];
    let objects: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
    cases.stamps(
        title("stamps-of-two-provinces", "两省单位各自签章", "Units of two provinces stamped, each by itself"),
        &setup_both(&scene.world),
        vec![offered("", file(&objects))],
        &[StampAnswer::valid(), StampAnswer::valid()],
    );
    let mut revoked = scene.clone();
    revoked.plan.at = -HOUR / 2;
    revoked.world.set_seal_state(&revoked.seal, State::Revoked);
    let objects = [scene.seal.bytes.clone(), neighbour.bytes.clone(), scene.world.stamp(&theirs), revoked.stamp()];
    let objects: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
    cases.stamps(
        title("stamps-one-of-a-revoked-seal", "两枚印章，其一已吊销", "Two seals, one of them revoked"),
        &setup_both(&revoked.world),
        vec![offered("", file(&objects))],
        &[
            StampAnswer::valid(),
            StampAnswer::valid().without("warning.before_list").by(Step::Status, Reason::StatusRevoked),
        ],
    );
    cases.stamps(
        title(
            "stamps-one-of-an-unknown-province",
            "两枚印章，其一的省份目录未持有",
            "Two seals, one of a province whose directory is not held",
        ),
        &scene.setup(),
        vec![offered("", file(&[&scene.seal.bytes, &neighbour.bytes, &scene.stamp(), &scene.world.stamp(&theirs)]))],
        &[
            StampAnswer::valid(),
            StampAnswer::valid()
                .by(Step::Issuer, Reason::IssuerDirectoryMissing)
                .step(Step::Signature, Outcome::Unknown(Reason::StepBlocked))
                .key_unknown()
                .point(Point::Signature, Outcome::Unknown(Reason::StepBlocked))
                .maker(Reason::IssuerDirectoryMissing)
                .status_blocked()
                .warned(&["warning.time_self_asserted"]),
        ],
    );
    let license = scene.world.sign_license(
        &super::world::data::license("business-license").facts,
        &{
            let mut world = World::new();
            world.credential("11990100MB0000000P")
        },
        "license 11990100MB0000000P",
    );
    cases.stamps(
        title(
            "stamps-with-something-else",
            "签章文件中混入其他对象",
            "Something that is neither seal nor stamp among them",
        ),
        &scene.setup(),
        vec![offered("", [scene.file(), license].concat())],
        &[StampAnswer::valid(), StampAnswer::unread(Reason::EncodingWrongType)],
    );
}

fn counters(cases: &mut Cases) {
    let mut scene = Scene::new();
    let neighbour = scene.world.make_seal("98");
    let first = scene.stamp();
    let mut counter = scene.world.plan_stamp(&neighbour, DOCUMENT);
    counter.counter(&first);
    counter.at = -2 * HOUR + 60;
    let second = scene.world.stamp(&counter);
    let mut third = scene.plan.clone();
    third.counter(&second);
    (third.at, third.id) = (-2 * HOUR + 120, scene.world.draw());
    let third = scene.world.stamp(&third);
    let seals = [&scene.seal.bytes[..], &neighbour.bytes];
    let with = |stamps: &[&[u8]]| file(&[&seals[..], stamps].concat());
    let setup = setup_both(&scene.world);
    let valid = StampAnswer::valid;
    cases.stamps(
        title(
            "counter-stamp",
            "副署：一省签章，另一省对其签章再签章",
            "One province stamps, the other stamps that stamp",
        ),
        &setup,
        vec![offered("in order", with(&[&first, &second])), offered("the other way round", with(&[&second, &first]))],
        &[valid(), valid()],
    );
    cases.stamps(
        title("counter-stamp-twice", "副署之上再副署", "A stamp on a stamp on a stamp"),
        &setup,
        vec![offered("", with(&[&first, &second, &third]))],
        &[valid(), valid(), valid()],
    );
    let altered = Offered { document: Some(b"another".to_vec()), ..offered("", with(&[&first, &second])) };
    let differs = || valid().by(Step::Document, Reason::DocumentDiffers).reading("unknown", "in-force");
    cases.stamps(
        title(
            "counter-stamp-of-an-altered-document",
            "文件被改动：签章与副署都不通过",
            "The document was altered: neither stamp nor counter-stamp passes",
        ),
        &setup,
        vec![altered],
        &[differs(), differs()],
    );
    cases.stamps(
        title("counter-stamp-alone", "所副署的签章缺失", "The stamp that is countersigned is not at hand"),
        &setup,
        vec![offered("", with(&[&second]))],
        &[valid().by(Step::Document, Reason::DocumentStampMissing)],
    );
    let mut early = counter.clone();
    early.at = -2 * HOUR - 301;
    let mut skewed = counter.clone();
    skewed.at = -2 * HOUR - 300;
    cases.stamps(
        title(
            "counter-stamp-before-the-stamp",
            "副署自述时间早于所副署的签章",
            "A counter-stamp that says it was made before what it countersigns",
        ),
        &setup,
        vec![offered("", with(&[&first, &scene.world.stamp(&early)]))],
        &[valid(), valid().by(Step::Period, Reason::SealTimeOrder)],
    );
    cases.stamps(
        title(
            "counter-stamp-within-the-skew",
            "副署早于签章，在时钟偏差之内",
            "A counter-stamp earlier by no more than clocks differ",
        ),
        &setup,
        vec![offered("", with(&[&first, &scene.world.stamp(&skewed)]))],
        &[valid(), valid()],
    );
    // The first is by a revoked seal: that is told of the first alone.
    let mut fallen = scene.clone();
    fallen.plan.at = -HOUR / 2;
    fallen.world.set_seal_state(&fallen.seal, State::Cancelled);
    let first = fallen.stamp();
    counter.counter(&first);
    counter.at = -HOUR / 2 + 60;
    let second = fallen.world.stamp(&counter);
    cases.stamps(
        title(
            "counter-stamp-on-a-cancelled-seal-s",
            "副署对象所用印章已注销",
            "The stamp that is countersigned is by a cancelled seal",
        ),
        &setup_both(&fallen.world),
        vec![offered("", with(&[&first, &second]))],
        &[
            valid().without("warning.before_list").by(Step::Status, Reason::StatusCancelled),
            valid().without("warning.before_list"),
        ],
    );
}

fn documents(cases: &mut Cases) {
    let scene = Scene::new();
    let altered = |note, document: Vec<u8>| Offered { document: Some(document), ..offered(note, scene.file()) };
    let mut rows = vec![
        altered("a byte more", [DOCUMENT, b"\n"].concat()),
        altered("a byte less", DOCUMENT[..DOCUMENT.len() - 1].to_vec()),
        altered("nothing", Vec::new()),
    ];
    for at in 0..DOCUMENT.len() {
        let mut document = DOCUMENT.to_vec();
        document[at] ^= 1;
        rows.push(altered("a bit turned", document));
    }
    let differs = StampAnswer::valid().by(Step::Document, Reason::DocumentDiffers).reading("unknown", "in-force");
    cases.stamps(
        title("stamp-altered-document", "文件被改动：每个字节", "The document was altered: every byte of it"),
        &scene.setup(),
        rows,
        std::slice::from_ref(&differs),
    );
    let mut other = scene.clone();
    other.plan = other.world.plan_stamp(&scene.seal, b"another document");
    cases.stamps(
        title("stamp-moved-to-another-document", "签章移到另一份文件上", "A stamp moved to another document"),
        &scene.setup(),
        vec![offered("", other.file())],
        &[differs],
    );
    cases.stamps(
        title("stamp-without-its-document", "没有给出文件", "No document was given"),
        &scene.setup(),
        vec![Offered { document: None, ..offered("", scene.file()) }],
        &[StampAnswer::valid().by(Step::Document, Reason::DocumentNotGiven)],
    );
    let seal = scene.seal.bytes.clone();
    cases.stamps(
        title("seals-without-a-stamp", "只有印章，没有签章", "Seals and no stamp"),
        &scene.setup(),
        vec![offered("", seal)],
        &[],
    );
}
