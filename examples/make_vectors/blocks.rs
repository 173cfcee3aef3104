//! Group `status`, the lists themselves: a block of every form, and lists that nobody would write. Who signs them is not asked.

use std::collections::BTreeMap;

use zhengyin::labels::typ;
use zhengyin::reason::Reason;
use zhengyin::status::{Body, ListError, Standing, State, StatusList, WrittenBody};
use zhengyin::suite::sha256;

use super::case::{Cases, ISSUER, Title, row, title};
use super::cose::Sign1;
use super::item::{Item, map};
use super::json::{Json, hex};
use super::world::{BASE, status_key, suite_hash};

/// What a list says: of each position that is not in force its state.
type States = BTreeMap<u32, State>;

/// A layer as a header has it, whatever it says.
#[derive(Clone, Copy)]
struct Layer {
    state: i64,
    count: u64,
    b: i64,
    k: i64,
    complement: bool,
    offset: i64,
    size: i64,
}

/// A list of any header and body.
#[derive(Clone)]
struct Forged {
    length: u32,
    layers: Vec<Layer>,
    body: Vec<u8>,
    root: [u8; 32],
}

/// A number of 64 bits.
fn wide(number: u64) -> Item {
    i64::try_from(number).map_or_else(|_| Item::Raw([&[0x1b][..], &number.to_be_bytes()].concat()), Item::Int)
}

impl Forged {
    /// What the writer writes.
    fn written(length: u32, states: &States) -> Self {
        let all = states.iter().map(|(at, state)| (*at, *state));
        let written = WrittenBody::write(length, all, suite_hash()).unwrap();
        let layers = State::LISTED.into_iter().filter_map(|state| {
            let layer = written.layers.get(state)?;
            Some(Layer {
                state: state.number().into(),
                count: layer.count().into(),
                b: layer.b().into(),
                k: layer.k().into(),
                complement: layer.stored() == zhengyin::status::Stored::Unlisted,
                offset: layer.offset().into(),
                size: layer.size().into(),
            })
        });
        Self { length, layers: layers.collect(), body: written.bytes.clone(), root: *written.root.as_bytes() }
    }

    fn object(&self) -> Vec<u8> {
        let layers = self.layers.iter().map(|layer| {
            let numbers = [wide(layer.count), Item::Int(layer.b), Item::Int(layer.k), Item::Bool(layer.complement)];
            let place = [Item::Int(layer.offset), Item::Int(layer.size)];
            (Item::Int(layer.state), Item::List(numbers.into_iter().chain(place).collect()))
        });
        let header = map([
            (1, ISSUER.into()),
            (2, Item::Int(1)),
            (3, Item::Int(1)),
            (4, Item::Int(BASE - 3_600)),
            (5, Item::Int(BASE + 86_400)),
            (6, Item::Int(self.length.into())),
            (7, Item::Map(layers.collect())),
            (8, Item::Bytes(self.root.to_vec())),
            (10, Item::Int(0)),
        ]);
        let envelope = Sign1::new(typ::STATUS, header.encode(), &status_key(ISSUER)).sign();
        Item::List(vec![Item::Raw(envelope), Item::Bytes(self.body.clone())]).encode()
    }

    /// The same with the root of its body, where the directories lead through it.
    fn rooted(mut self) -> Self {
        if let Ok(list) = StatusList::parse(&self.object())
            && let Ok(root) = list.claimed_body().root(suite_hash())
        {
            self.root = *root.as_bytes();
        }
        self
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        change(&mut other);
        other.rooted()
    }

    /// The number of the form of a block of the first layer, from its first bits: -1 is empty, -2 gaps with the layer's parameter.
    fn form(&self, block: usize) -> i8 {
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let (width, shortest) = (usize::from(self.body[0]), number(&self.body[1..4]));
        let blocks = (usize::try_from(self.length).unwrap()).div_ceil(1 << self.layers[0].b);
        let length_at = |block: usize| 4 + block / 32 * (5 + 32 * width) + 5 + block % 32 * width;
        let length = |block: usize| shortest + number(&self.body[length_at(block)..length_at(block) + width]);
        let first = length_at(blocks - 1) + width + (0..block).map(length).sum::<usize>();
        match self.body.get(first) {
            _ if length(block) == 0 => -1,
            Some(byte) if byte & 1 == 1 => i8::try_from(byte >> 1 & 7).unwrap(),
            _ => -2,
        }
    }
}

/// What is said of a list by who reads it strictly, and asks nobody who signed it.
fn read(bytes: &[u8]) -> Json {
    let answer = || -> Result<Json, ListError> {
        let list = StatusList::parse(bytes)?;
        list.verify_body()?;
        list.check_body()?;
        let body: &Body<'_> = list.claimed_body();
        let length = list.claimed_header().length;
        let states = (0..length).map(|at| match body.standing(at.into()) {
            Ok(Standing::State(state)) => state,
            other => panic!("position {at}: {other:?}"),
        });
        Ok(said(length, states))
    };
    answer().unwrap_or_else(|error| refused(error.reason()))
}

/// A list in short: how many positions have each state, and the digest of all of them.
fn said(length: u32, states: impl Iterator<Item = State>) -> Json {
    let numbers: Vec<u8> = states.map(State::number).collect();
    let counts = (0..=7_u8).map(|state| i64::try_from(numbers.iter().filter(|at| **at == state).count()).unwrap());
    Json::map([
        ("accepted", true.into()),
        ("length", i64::from(length).into()),
        ("counts", Json::list(counts)),
        ("states_sha256", hex(sha256(&numbers).as_bytes()).into()),
    ])
}

fn refused(reason: Reason) -> Json {
    Json::map([("accepted", false.into()), ("reason", reason.symbol().into())])
}

impl Cases {
    fn lists(&mut self, title: Title, rows: &[(&str, Vec<u8>)], expected: Json, good: bool) {
        let faults = rows.iter().filter_map(|(note, bytes)| {
            let found = read(bytes);
            (found != expected).then(|| format!("{note}: stated {}found {}", expected.file(), found.file()))
        });
        let faults: Vec<String> = faults.collect();
        let rows: Vec<_> = rows.iter().map(|(note, bytes)| row(note, bytes.clone())).collect();
        let members = vec![("inputs", super::case::inputs(&rows)), ("expected", expected)];
        self.enter(title, "list", good, members, faults);
    }

    /// A list that is read, and has a block of this form.
    fn form(&mut self, title: Title, length: u32, states: &States, (block, form): (usize, i8)) {
        let list = Forged::written(length, states);
        if list.form(block) != form {
            let found = format!("{}: form {form} is wanted, {} was chosen", title.name, list.form(block));
            self.disagreements.push(found);
        }
        self.holds(title, length, states, &list);
    }

    fn holds(&mut self, title: Title, length: u32, states: &States, list: &Forged) {
        let of = |at: u32| states.get(&at).copied().unwrap_or(State::InForce);
        self.lists(title, &[("", list.object())], said(length, (0..length).map(of)), true);
    }

    fn hostile(&mut self, title: Title, reason: Reason, lists: &[(&str, Forged)]) {
        let rows: Vec<_> = lists.iter().map(|(note, list)| (*note, list.object())).collect();
        self.lists(title, &rows, refused(reason), false);
    }
}

/// Numbers that look random: positions are listed where they are small.
const fn drawn(at: u32) -> u32 {
    at.wrapping_mul(2_654_435_761).rotate_left(13) % 1_000
}

fn revoked(positions: impl IntoIterator<Item = u32>) -> States {
    positions.into_iter().map(|at| (at, State::Revoked)).collect()
}

pub(crate) fn all(cases: &mut Cases) {
    forms(cases);
    layers(cases);
    headers(cases);
    directories(cases);
    blocks(cases);
}

fn forms(cases: &mut Cases) {
    // At one in a hundred a block has 2^14 positions.
    const LENGTH: u32 = 120_000;
    let second = 16_384..32_768;
    let sparse = || (0..LENGTH).filter(|at| drawn(*at) < 10);
    let others = || sparse().filter(|at| !second.contains(at));
    cases.form(
        title("list-with-an-empty-block", "空块：0 字节", "A block in which nothing is listed has no bytes"),
        LENGTH,
        &revoked(others()),
        (1, -1),
    );
    cases.form(
        title("list-with-gaps", "间隔码，用层的参数", "Gaps with the parameter of the layer"),
        LENGTH,
        &revoked(sparse()),
        (1, -2),
    );
    cases.form(
        title("list-with-gaps-of-its-own", "间隔码，用块自己的参数", "Gaps with a parameter of the block's own"),
        LENGTH,
        &revoked(others().chain(second.clone().filter(|at| drawn(*at) < 40))),
        (1, 0),
    );
    cases.form(
        title("list-with-runs", "游程码：整批", "Runs: whole batches"),
        LENGTH,
        &revoked(others().chain(20_000..20_200).chain(24_000..24_150).chain(31_000..31_060)),
        (1, 1),
    );
    cases.form(
        title("list-with-a-bitmap", "位图：密集的块", "A bitmap: a dense block"),
        20_000,
        &revoked((0..20_000).filter(|at| drawn(*at) < 420)),
        (0, 2),
    );
    // At one in ten a block has 2^11.
    let some = (0..20_000).filter(|at| drawn(*at) < 10 || (2_048..4_096).contains(at) && drawn(*at) >= 30);
    cases.form(
        title(
            "list-with-unlisted-gaps",
            "未列位置的间隔码",
            "Gaps of what is not listed: a block of which nearly all is",
        ),
        20_000,
        &revoked(some),
        (1, 3),
    );
    cases.form(
        title("list-with-interpolative-code", "插值码：成团的位置", "Interpolative code: positions in clusters"),
        LENGTH,
        &revoked(others().chain((20_000..30_000).filter(|at| at / 500 % 3 == 0 && drawn(*at) < 150))),
        (1, 4),
    );
    cases.form(
        title(
            "list-of-which-most-is-listed",
            "过半列出：存其补集",
            "Of a state that most have those are stored that have it not",
        ),
        LENGTH,
        &revoked((0..LENGTH).filter(|at| drawn(*at) >= 10)),
        (1, -2),
    );
}

fn layers(cases: &mut Cases) {
    let none = States::new();
    for (name, zh, en, length) in [
        ("list-of-no-position", "没有位置的清单", "A list that has no position yet", 0),
        ("list-in-which-all-are-in-force", "全部在用的清单", "A list in which all are in force", 70_000),
    ] {
        cases.holds(title(name, zh, en), length, &none, &Forged::written(length, &none));
    }
    let all = revoked(0..3_000);
    cases.holds(
        title("list-in-which-all-are-revoked", "全部吊销的清单", "A list in which all are revoked"),
        3_000,
        &all,
        &Forged::written(3_000, &all),
    );
    let every: States = (0..9_000)
        .filter(|at| drawn(*at) < 60)
        .map(|at| (at, State::LISTED[usize::try_from(at % 7).unwrap()]))
        .collect();
    cases.holds(
        title("list-with-every-state", "七种状态各一层", "A list with a layer for each state"),
        9_000,
        &every,
        &Forged::written(9_000, &every),
    );
    // A directory of lengths of two bytes, with two groups.
    let uneven = revoked((0..140_000).filter(|at| drawn(*at) < if at / 2_048 == 40 { 120 } else { 1 }));
    let list = Forged::written(140_000, &uneven);
    cases.holds(
        title(
            "list-with-blocks-of-very-different-lengths",
            "块长悬殊的清单",
            "A list whose blocks are of very different lengths",
        ),
        140_000,
        &uneven,
        &list,
    );
}

/// A list that is in order, to be spoiled.
fn sample() -> Forged {
    Forged::written(120_000, &revoked((0..120_000).filter(|at| drawn(*at) < 10)))
}

fn headers(cases: &mut Cases) {
    let good = sample();
    let first = |change: fn(&mut Layer)| good.with(|list| change(&mut list.layers[0]));
    cases.hostile(
        title(
            "list-whose-parameters-are-out-of-range-is-refused",
            "层参数超出范围：拒绝",
            "Counts of 2^63, widths, parameters that no layer has",
        ),
        Reason::EncodingMalformed,
        &[
            ("count of 2^63", first(|layer| layer.count = 1 << 63)),
            ("count of 2^64 - 1", first(|layer| layer.count = u64::MAX)),
            ("count of more than there are positions", first(|layer| layer.count = 120_001)),
            ("count of none", first(|layer| layer.count = 0)),
            ("blocks of 2^10", first(|layer| layer.b = 10)),
            ("blocks of 2^25", first(|layer| layer.b = 25)),
            ("blocks of 2^40", first(|layer| layer.b = 40)),
            ("a Rice parameter of 24", first(|layer| layer.k = 24)),
        ],
    );
    cases.hostile(
        title(
            "list-whose-layers-do-not-fill-the-body-is-refused",
            "各层与正文长度不符：拒绝",
            "Layers that begin elsewhere, or end before or beyond the body",
        ),
        Reason::EncodingMalformed,
        &[
            ("a body that is longer", good.with(|list| list.body.push(0))),
            ("a body that is shorter", good.with(|list| list.body.truncate(list.body.len() - 1))),
            ("no body", good.with(|list| list.body.clear())),
        ],
    );
    cases.hostile(
        title(
            "list-with-another-body-is-refused",
            "正文与所签的根不符：拒绝",
            "A body whose root is not the one that was signed",
        ),
        Reason::StatusListRefused,
        &[("one bit", {
            let mut other = good;
            let last = other.body.len() - 1;
            other.body[last] ^= 1;
            other
        })],
    );
}

fn directories(cases: &mut Cases) {
    let good = sample();
    let patched = |at: usize, bytes: &[u8]| {
        let bytes = bytes.to_vec();
        good.with(|list| list.body.splice(at..at + bytes.len(), bytes).for_each(drop))
    };
    // Width of one byte: one group of eight blocks behind four bytes.
    assert_eq!((good.body[0], good.layers[0].b), (1, 14), "what is patched below");
    cases.hostile(
        title(
            "list-whose-directory-points-anywhere-is-refused",
            "块目录指向他处：拒绝",
            "Directories that lead elsewhere: bases, lengths and widths that do not place one block after the other to the end",
        ),
        Reason::EncodingMalformed,
        &[
            ("a base of 1", patched(4, &[1])),
            ("a base of 2^40 - 1", patched(4, &[0xff; 5])),
            ("a first block of 255 bytes more", patched(9, &[0xff])),
            ("a last block that ends beyond the layer", patched(16, &[0xff])),
            ("blocks of at least 2^24 - 1 bytes", patched(1, &[0xff; 3])),
            ("lengths of three bytes", patched(0, &[3])),
            ("lengths of 255 bytes", patched(0, &[255])),
            ("lengths of four bytes, where there are eight", patched(0, &[4])),
        ],
    );
}

/// A list of one block that holds these bytes.
fn block(bytes: &[u8], count: u64, k: i64) -> Forged {
    let shortest = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let body = [&[0], &shortest[..3], &[0; 5], bytes].concat();
    let size = i64::try_from(body.len()).unwrap();
    // The width that the count demands (status-format.md §3): with any of them the list is one block.
    let b = (11..=24).rev().find(|b| count << b <= 256 * 2_048).unwrap_or(11);
    let layer = Layer { state: 1, count, b, k, complement: false, offset: 0, size };
    Forged { length: 2_048, layers: vec![layer], body, root: [0; 32] }.rooted()
}

fn blocks(cases: &mut Cases) {
    cases.hostile(
        title(
            "list-whose-block-runs-past-its-end-is-refused",
            "块的编码越过其末尾：拒绝",
            "Codes that end beyond their block, and positions beyond its span",
        ),
        Reason::EncodingMalformed,
        &[
            ("two kilobytes of zeros in a unary code", block(&[0; 2_000], 1, 3)),
            ("low bits that are cut off", block(&[0x80], 1, 8)),
            ("a gap beyond the span", block(&[0, 0, 0, 0, 0, 2], 1, 6)),
            ("more positions than the span has", block(&[0xfe; 400], 100, 0)),
            ("a parameter that is cut off", block(&[0x01], 1, 0)),
            ("a parameter of 63", block(&[0xf1, 0x07, 0xff], 1, 0)),
            ("a bitmap that is cut off", block(&[0x05, 0xff], 13, 0)),
            (
                "interpolative code of 2^60 positions",
                block(&[0x09, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0], 700, 0),
            ),
        ],
    );
    cases.hostile(
        title(
            "list-in-an-encoding-that-is-not-chosen-is-refused",
            "写法不是唯一应选的一种：拒绝",
            "Blocks that say something true in a way that the writer does not choose",
        ),
        Reason::EncodingNotCanonical,
        &[
            ("position 301 with a parameter of 0", block(&[[0; 37].as_slice(), &[0x20]].concat(), 1, 0)),
            ("a unary code of nothing but zeros", block(&[0; 8], 1, 3)),
            ("what is not listed stored, where most is not listed", {
                sample().with(|list| list.layers[0].complement = true)
            }),
            ("narrower blocks than are chosen", sample().with(|list| list.layers[0].b = 13)),
            ("a block with eight zero bits too many", block(&[0x02, 0], 1, 11)),
        ],
    );
    cases.hostile(
        title(
            "list-with-a-form-of-later-versions-is-too-new",
            "后续版本的块格式：本版本不能读取，无法判定",
            "A form that is not known is of a later version: the verifier is too old, and nothing is said of the list",
        ),
        Reason::EncodingFormUnknown,
        &[
            ("form 5", block(&[0x0b, 0, 0], 1, 0)),
            ("form 6", block(&[0x0d, 0, 0], 1, 0)),
            ("form 7", block(&[0x0f, 0, 0], 1, 0)),
        ],
    );
}
