//! Group `stamp`: bytes that are no stamps, and stamps and seals that say what the format does not have, rightly signed each time.

use zhengyin::envelope::{Envelope, Expected};
use zhengyin::reason::Reason;

use super::case::{Cases, title};
use super::cose::Sign1;
use super::item::{Item, empty, list, map};
use super::stamp_answer::StampAnswer;
use super::stamps::{DOCUMENT, Scene, offered};
use super::world::seals::{maker, maker_key, object_digest, stamping_key, unit};

/// The header label of the claims, the claim that holds the stamp, the claim that holds the seal.
const CLAIMS: i64 = 15;
const STAMP: i64 = -70_004;
const SEAL: i64 = -70_003;

pub(crate) fn all(cases: &mut Cases) {
    files(cases);
    headers(cases);
    claims(cases);
    seals(cases);
}

fn files(cases: &mut Cases) {
    let scene = Scene::new();
    let file = scene.file();
    let unread = |cases: &mut Cases, name: [&'static str; 3], rows: Vec<(&'static str, Vec<u8>)>, reason| {
        let [name, zh, en] = name;
        let rows = rows.into_iter().map(|(note, bytes)| offered(note, bytes)).collect();
        cases.stamps(title(name, zh, en), &scene.setup(), rows, &[StampAnswer::unread(reason)]);
    };
    unread(
        cases,
        ["stamp-file-malformed", "不是签章文件", "No file of stamps"],
        vec![("empty", Vec::new()), ("cut short", file[..file.len() - 1].to_vec()), ("a PDF", b"%PDF-1.7".to_vec())],
        Reason::EncodingMalformed,
    );
    unread(
        cases,
        ["stamp-file-not-canonical", "签章文件编码不规范", "A file of stamps with a longer head"],
        vec![("", [&[0xd8, 0x12][..], &file[1..]].concat())],
        Reason::EncodingNotCanonical,
    );
    let many: Vec<u8> = (0..65i64).flat_map(|n| Item::Int(n).encode()).collect();
    unread(
        cases,
        ["stamp-file-of-too-many", "签章文件中的对象过多", "More seals and stamps than a file may hold"],
        vec![("", many)],
        Reason::EncodingTooLarge,
    );
}

/// The stamp's envelope in the making.
fn envelope() -> Sign1 {
    let scene = Scene::new();
    let stamp = scene.stamp();
    let read = Envelope::parse(&stamp, Expected::AnyKnown).unwrap();
    let Item::Tag(_, members) = Item::read(&stamp) else { panic!("an envelope is tagged") };
    let Item::List(members) = *members else { panic!("an envelope is an array") };
    let Item::Bytes(protected) = &members[0] else { panic!("the header is a byte string") };
    Sign1 {
        protected: Item::read(protected),
        unprotected: empty(),
        payload: read.claimed_payload().to_vec(),
        signer: stamping_key(unit("99").0),
    }
}

/// What is changed in an envelope.
type Bend<'c> = &'c dyn Fn(&mut Sign1);
/// What is changed in the claims of a seal.
pub(crate) type Change<'c> = &'c dyn Fn(&mut Item);

/// Stamps that were changed and rightly signed, all refused for one reason.
fn refused(cases: &mut Cases, name: [&'static str; 3], rows: &[(&'static str, Bend<'_>)], reason: Reason) {
    let scene = Scene::new();
    let rows = rows.iter().map(|(note, change)| {
        let mut envelope = envelope();
        change(&mut envelope);
        offered(note, [scene.seal.bytes.clone(), envelope.sign()].concat())
    });
    let [name, zh, en] = name;
    cases.stamps(title(name, zh, en), &scene.setup(), rows.collect(), &[StampAnswer::unread(reason)]);
}

fn headers(cases: &mut Cases) {
    refused(
        cases,
        ["stamp-header", "签章头部不合 RFC 9995", "Headers that RFC 9995 and the format do not have"],
        &[
            ("label 3 beside 259", &|e| e.protected.put(&[], 3, "application/pdf")),
            ("no payload hash algorithm", &|e| e.protected.cut(&[], 258)),
            ("no media type", &|e| e.protected.cut(&[], 259)),
            ("no claims", &|e| e.protected.cut(&[], CLAIMS)),
            ("claims in the unprotected bucket", &|e| {
                let claims = e.protected.at(&[CLAIMS]).clone();
                e.unprotected = map([(CLAIMS, claims)]);
            }),
            ("location of the document", &|e| e.protected.put(&[], 260, "https://example.invalid/")),
            ("media type by number", &|e| e.protected.put(&[], 259, 60)),
            ("hash algorithm by name", &|e| e.protected.put(&[], 258, "SHA-256")),
        ],
        Reason::EncodingHeader,
    );
    refused(
        cases,
        ["stamp-of-an-unknown-hash", "文件摘要算法未知", "The document was digested by a hash that is not known here"],
        &[
            ("SHA-512", &|e| {
                e.protected.put(&[], 258, -44);
                e.payload = vec![7; 64];
            }),
            ("a number of nobody", &|e| e.protected.put(&[], 258, -70_999)),
        ],
        Reason::EncodingAlgorithmUnknown,
    );
    refused(
        cases,
        [
            "counter-stamp-by-another-hash",
            "副署称以 SM3 指称签章，而对象只以 SHA-256 指称",
            "A counter-stamp that names the stamp by SM3: objects are named by SHA-256",
        ],
        &[("", &|e| {
            e.protected.put(&[], 258, -70_012);
            e.protected.put(&[], 259, "application/x.zy.stamp");
        })],
        Reason::EncodingClaims,
    );
    refused(
        cases,
        ["stamp-digest-length", "摘要长度不符", "A payload that is not as long as the digest"],
        &[
            ("31 bytes", &|e| e.payload.truncate(31)),
            ("33 bytes", &|e| e.payload.push(0)),
            ("nothing", &|e| e.payload.clear()),
            ("the document itself", &|e| e.payload = DOCUMENT.to_vec()),
        ],
        Reason::EncodingClaims,
    );
    refused(
        cases,
        ["stamp-media-type", "媒体类型不合规定", "Media types of no such form"],
        &[
            ("no subtype", &|e| e.protected.put(&[], 259, "pdf")),
            ("with a parameter", &|e| e.protected.put(&[], 259, "text/plain; charset=utf-8")),
            ("empty", &|e| e.protected.put(&[], 259, "")),
        ],
        Reason::EncodingClaims,
    );
}

fn claims(cases: &mut Cases) {
    let long = vec![7u8; 17];
    refused(
        cases,
        ["stamp-claims", "签章内容缺项、多项或取值越界", "Claims that a stamp does not have, or lacks"],
        &[
            ("no issuer", &|e| e.protected.cut(&[CLAIMS], 1)),
            ("no time", &|e| e.protected.cut(&[CLAIMS], 6)),
            ("no id", &|e| e.protected.cut(&[CLAIMS], 7)),
            ("no stamp", &|e| e.protected.cut(&[CLAIMS], STAMP)),
            ("no seal", &|e| e.protected.cut(&[CLAIMS, STAMP], 1)),
            ("an expiry", &|e| e.protected.put(&[CLAIMS], 4, 1_900_000_000)),
            ("a key more", &|e| e.protected.put(&[CLAIMS, STAMP], 9, 1)),
            ("an issuer of 17 characters", &|e| e.protected.put(&[CLAIMS], 1, "11990100MB0000000")),
            ("an id of 17 bytes", &|e| e.protected.put(&[CLAIMS], 7, long.clone())),
            ("a time before 1970", &|e| e.protected.put(&[CLAIMS], 6, -1)),
            ("page 0", &|e| e.protected.put(&[CLAIMS, STAMP], 2, list([0.into(), 1.into(), 1.into()]))),
            ("beyond the paper", &|e| e.protected.put(&[CLAIMS, STAMP], 2, list([1.into(), 2_001.into(), 1.into()]))),
            ("a reason of nothing", &|e| e.protected.put(&[CLAIMS, STAMP], 3, " ")),
        ],
        Reason::EncodingClaims,
    );
    refused(
        cases,
        ["stamp-text", "签章事由含控制字符", "A reason with characters that do not show as signed"],
        &[
            ("right-to-left override", &|e| e.protected.put(&[CLAIMS, STAMP], 3, "同意\u{202e}")),
            ("line feed", &|e| e.protected.put(&[CLAIMS, STAMP], 3, "同意\n不同意")),
        ],
        Reason::EncodingText,
    );
}

/// The file with a seal that says something else, rightly made, and a stamp that names it.
pub(crate) fn with_seal(change: &dyn Fn(&mut Item)) -> Vec<u8> {
    let mut scene = Scene::new();
    let mut claims = Item::read(&scene.seal.facts.encode(&scene.seal.credential).unwrap());
    change(&mut claims);
    let seal = Sign1::new("application/x.zy.seal", claims.encode(), &maker_key(maker("99"))).sign();
    scene.plan.seal = object_digest(&seal);
    [seal, scene.stamp()].concat()
}

/// Seals that say what a seal cannot, all refused for one reason.
pub(crate) fn refused_seals(
    cases: &mut Cases,
    name: [&'static str; 3],
    rows: &[(&'static str, Change<'_>)],
    reason: Reason,
) {
    let rows = rows.iter().map(|(note, change)| offered(note, with_seal(*change))).collect();
    let [name, zh, en] = name;
    cases.stamps(title(name, zh, en), &Scene::new().setup(), rows, &[StampAnswer::valid().seal_unread(reason)]);
}

fn seals(cases: &mut Cases) {
    let digest = |byte: u8| Item::Bytes(vec![byte; 32]);
    refused_seals(
        cases,
        ["seal-claims", "印章内容缺项、多项或取值越界", "Claims that a seal does not have, or lacks"],
        &[
            ("no end of validity", &|c| c.cut(&[], 4)),
            ("no beginning", &|c| c.cut(&[], 5)),
            ("a validity that is empty", &|c| {
                let from = c.at(&[5]).clone();
                c.put(&[], 4, from);
            }),
            ("no status", &|c| c.cut(&[], -70_002)),
            ("a subject", &|c| c.put(&[], 2, "somebody")),
            ("no code", &|c| c.cut(&[SEAL], 1)),
            ("a code of 13 digits", &|c| c.put(&[SEAL], 1, "9901000000000")),
            ("a code with a letter", &|c| c.put(&[SEAL], 1, "9901000000000A")),
            ("an empty name", &|c| c.put(&[SEAL], 2, "")),
            ("no owner", &|c| c.cut(&[SEAL], 4)),
            ("an owner without a code", &|c| c.cut(&[SEAL, 4], 2)),
            ("no picture", &|c| c.cut(&[SEAL], 5)),
            ("no keys", &|c| c.put(&[SEAL], 6, Item::List(Vec::new()))),
            ("keys out of order", &|c| c.put(&[SEAL], 6, list([digest(2), digest(1)]))),
            ("a key twice", &|c| c.put(&[SEAL], 6, list([digest(1), digest(1)]))),
            ("a key of 31 bytes", &|c| c.put(&[SEAL], 6, list([Item::Bytes(vec![1; 31])]))),
            ("65 keys", &|c| c.put(&[SEAL], 6, Item::List((0..65).map(digest).collect()))),
            ("kinds of nothing", &|c| c.put(&[SEAL], 7, Item::List(Vec::new()))),
            ("a kind that is neither", &|c| c.put(&[SEAL], 7, list(["pdf".into()]))),
            ("kinds out of order", &|c| c.put(&[SEAL], 7, list(["text/plain".into(), "image/png".into()]))),
            ("a key more", &|c| c.put(&[SEAL], 8, 1)),
        ],
        Reason::EncodingClaims,
    );
}
