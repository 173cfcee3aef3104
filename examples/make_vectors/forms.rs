//! Group `carrier`, forms 2 and 3: compressed streams, and parts of several. The streams are typed in: some are of Google's compressor,
//! the others were put together from RFC 7932 by hand; and the digits are written here, not by the library.

use zhengyin::carrier::{self, Form};
use zhengyin::reason::Reason;
use zhengyin::suite::sha256;

use super::case::{Cases, Title, title};
use super::json::{Json, hex, unhex};
use super::scene::scene;
use super::texts::{Expected, carrier_word};

/// Digits of any form with any content.
fn digits(form: u8, content: &[u8]) -> String {
    let widths = [0, 3, 5, 8, 10, 13, 15, 17];
    let group = |group: &[u8]| {
        let value = group.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        format!("{value:0width$}", width = widths[group.len()])
    };
    format!("860{form}{}", content.chunks(7).map(group).collect::<String>())
}

/// A stream of one block that is not compressed (RFC 7932 §9.2), for a window of 2¹⁶.
fn stored(content: &[u8]) -> Vec<u8> {
    let head = u32::try_from(content.len() - 1).unwrap() << 4 | 1 << 20;
    [&head.to_le_bytes()[..3], content, &[3]].concat()
}

/// By which its parts name a whole.
fn name_of(whole: &[u8]) -> [u8; 4] {
    *sha256(whole).as_bytes().first_chunk().unwrap()
}

/// The parts of a whole in pieces of so many bytes.
fn parts(whole: &[u8], length: usize) -> Vec<String> {
    let name = name_of(whole);
    let pieces: Vec<_> = whole.chunks(length).collect();
    let total = u8::try_from(pieces.len()).unwrap();
    pieces.iter().zip(0..).map(|(piece, index)| digits(3, &[&[index, total], &name[..], piece].concat())).collect()
}

impl Cases {
    /// Sets of texts that belong together.
    fn parts(&mut self, title: Title, rows: &[(&str, Vec<String>)], expected: Result<(&[u8], Form, u8), Reason>) {
        let refused = |reason: Reason| Json::map([("accepted", false.into()), ("reason", reason.symbol().into())]);
        let joined = |carrier: &str, bytes: &[u8], form: Form, parts: u8| {
            Json::map([
                ("accepted", true.into()),
                ("carrier", carrier.into()),
                ("hex", hex(bytes).into()),
                ("form", i64::from(form.number()).into()),
                ("parts", i64::from(parts).into()),
            ])
        };
        let stated = expected.map_or_else(refused, |(bytes, form, parts)| joined("digits", bytes, form, parts));
        let mut faults = Vec::new();
        for (note, texts) in rows {
            let found = match carrier::decode_parts(texts.iter().map(String::as_str)) {
                Ok(whole) => joined(carrier_word(whole.carrier), &whole.bytes, whole.form, whole.parts),
                Err(error) => refused(error.reason()),
            };
            if found != stated {
                faults.push(format!("{note}: stated {}found {}", stated.file(), found.file()));
            }
        }
        let inputs = rows.iter().map(|(note, texts)| {
            let texts = ("texts", Json::list(texts.iter().map(String::as_str)));
            if note.is_empty() { Json::map([texts]) } else { Json::map([("note", (*note).into()), texts]) }
        });
        let members = vec![("inputs", Json::list(inputs)), ("expected", stated)];
        self.enter(title, "parts", expected.is_ok(), members, faults);
    }
}

pub(crate) fn all(cases: &mut Cases) {
    compressed(cases);
    beyond_bounds(cases);
    divided(cases);
    mixed(cases);
}

fn compressed(cases: &mut Cases) {
    let text = "证照名称：示例食品经营许可证".as_bytes();
    let stream = unhex("900210e8af81e785a7e5908de7a7b0efbc9ae7a4bae4be8be9a39fe59381e7bb8fe890a5e8aeb8e58fafe8af8103");
    cases.texts(
        title(
            "carrier-compressed-digits-are-read",
            "形式 2：brotli 压缩，解压后使用",
            "Form 2 is a brotli stream, unpacked on reading",
        ),
        &[("", &digits(2, &stream))],
        Expected::Carries("digits", text),
    );
    cases.texts(
        title(
            "carrier-compressed-base45-is-read",
            "base45 也可压缩",
            "base45 holds a brotli stream as digits do: ten bytes here, a hundred unpacked",
        ),
        &[("", "ZY2:ZHCU508O0O24431")],
        Expected::Carries("base45", &[0; 100]),
    );
    cases.texts(
        title(
            "carrier-compressed-in-any-window-up-to-64-kib-is-read",
            "窗口不超过 64 KiB 的流均可读",
            "Streams whose window is 2^16, 2^10, and a block that is only stored",
        ),
        &[
            ("2^16", &digits(2, &unhex("620c00ff044020160874"))),
            ("2^10", &digits(2, &unhex("a11803c03f01108805021d"))),
            ("stored", &digits(2, &stored(&[0; 100]))),
        ],
        Expected::Carries("digits", &[0; 100]),
    );
    cases.texts(
        title(
            "carrier-compressed-in-full-width-digits-is-repaired",
            "压缩形式同样修复全角数字",
            "Harms are undone before the stream is unpacked",
        ),
        &[("", "８６０２００００００１０６５２１９")],
        Expected::Repaired("digits", b"A", &["full_width_digits"]),
    );
    let whole = stored(b"Hello");
    let mut filled = whole.clone();
    *filled.last_mut().unwrap() |= 0x80;
    cases.texts(
        title(
            "carrier-compressed-stream-that-does-not-end-exactly-is-refused",
            "压缩流被截断、其后有多余字节或填充位不为零：拒绝",
            "A stream cut short, with bytes after its end, or with bits set after its end is refused",
        ),
        &[
            ("cut by one byte", &digits(2, &whole[..whole.len() - 1])),
            ("cut after its head", &digits(2, &whole[..3])),
            ("one zero byte more", &digits(2, &[&whole[..], &[0]].concat())),
            ("twice", &digits(2, &[&whole[..], &whole].concat())),
            ("a bit after the end", &digits(2, &filled)),
            ("a stream of the larger format", &digits(2, &unhex("116300f8270002b140a003"))),
            ("no stream", &digits(2, b"\xd2\x84")),
        ],
        Expected::Refused(Reason::CarrierCompression),
    );
    cases.texts(
        title(
            "carrier-compressed-nothing-is-refused",
            "压缩流为空，或解压后什么也没有：拒绝",
            "A form without a stream, or with a stream of nothing, carries nothing",
        ),
        &[("no stream", "8602"), ("a stream of nothing", &digits(2, &[0b110])), ("no stream, base45", "ZY2:")],
        Expected::Refused(Reason::CarrierMalformed),
    );
}

fn beyond_bounds(cases: &mut Cases) {
    cases.texts(
        title(
            "carrier-compressed-to-the-bound-is-read",
            "解压后恰为 65536 字节：可读",
            "13 bytes that unpack to exactly 65536 are within the bound",
        ),
        &[("", &digits(2, &unhex("e2ff1fff04403c1608e4de0300")))],
        Expected::Carries("digits", &[0; 65_536]),
    );
    cases.texts(
        title(
            "carrier-compressed-beyond-the-bound-is-refused",
            "解压炸弹与过大的窗口：在分配前拒绝",
            "Streams that unpack to more than 65536 bytes, or ask for a window of more, are refused before that is reserved",
        ),
        &[
            ("65537 bytes", &digits(2, &unhex("0a0020f04f00c4638180ee3d00"))),
            ("ten million, window 2^24", &digits(2, &unhex("9f7f9698f82700e2b14020c71113"))),
            ("a hundred, window 2^22", &digits(2, &unhex("1b6300f8270002b140a003"))),
            ("a hundred, window 2^17", &digits(2, &unhex("016300f8270002b140a003"))),
        ],
        Expected::Refused(Reason::EncodingTooLarge),
    );
}

fn divided(cases: &mut Cases) {
    let license = scene().1.bytes;
    let whole = [&[1], &license[..]].concat();
    let texts = parts(&whole, 300);
    let [a, b, c] = &texts[..] else { panic!("the license is not of 600 to 900 bytes") };
    let set = |texts: &[&String]| texts.iter().map(|text| (*text).clone()).collect::<Vec<_>>();
    cases.parts(
        title(
            "carrier-parts-in-any-order-make-the-license",
            "形式 3：各部分不论先后、可重复，合成整体",
            "Form 3: the parts of a license in any order, some of them twice",
        ),
        &[
            ("in order", set(&[a, b, c])),
            ("backwards", set(&[c, b, a])),
            ("some twice", set(&[b, a, b, c, a])),
            ("white space around one", vec![format!(" {a}\r\n"), b.clone(), c.clone()]),
        ],
        Ok((&license, Form::Plain, 3)),
    );
    cases.parts(
        title(
            "carrier-parts-of-a-compressed-whole-are-unpacked",
            "整体可先压缩再分开",
            "A whole that was compressed before it was divided is unpacked",
        ),
        &[("", parts(&unhex("02620c00ff044020160874"), 4))],
        Ok((&[0; 100], Form::Brotli, 3)),
    );
    cases.parts(
        title(
            "carrier-parts-incomplete-are-undetermined",
            "缺少部分：无法判定，请扫描其余部分",
            "While parts are missing nothing is known: undetermined",
        ),
        &[
            ("the first alone", set(&[a])),
            ("the last alone", set(&[c])),
            ("two of three", set(&[a, c])),
            ("one twice", set(&[b, b])),
        ],
        Err(Reason::CarrierPartMissing),
    );
    cases.texts(
        title(
            "carrier-part-alone-is-undetermined",
            "只有一部分：无法判定",
            "One part by itself is not the license, and no sign of forgery",
        ),
        &[("the first", a), ("the second", b)],
        Expected::Refused(Reason::CarrierPartMissing),
    );
    cases.texts(
        title(
            "carrier-part-that-cannot-be-is-refused",
            "序号不小于总数、总数不足二、没有内容：拒绝",
            "A part beyond the total, of a total below two, without content or with half a head is refused",
        ),
        &[
            ("2 of 2, from 0", &digits(3, &[2, 2, 1, 2, 3, 4, 5])),
            ("0 of 1", &digits(3, &[0, 1, 1, 2, 3, 4, 5])),
            ("0 of 0", &digits(3, &[0, 0, 1, 2, 3, 4, 5])),
            ("no content", &digits(3, &[0, 2, 1, 2, 3, 4])),
            ("half a head", &digits(3, &[0, 2, 1])),
            ("nothing", "8603"),
        ],
        Expected::Refused(Reason::CarrierMalformed),
    );
    let inner = |form: u8| parts(&[form, 1, 2, 3], 2);
    cases.parts(
        title(
            "carrier-parts-of-an-unknown-whole-are-undetermined",
            "整体的形式未知：本核验程序太旧",
            "A whole of a form that this verifier does not know means that it is too old",
        ),
        &[("form 0", inner(0)), ("form 4", inner(4)), ("form 9", inner(9))],
        Err(Reason::EncodingFormUnknown),
    );
    cases.parts(
        title(
            "carrier-parts-of-what-is-no-whole-are-refused",
            "合成的整体不是整体：拒绝",
            "Parts of parts, and wholes that begin with no form, are refused",
        ),
        &[
            ("a part of a part", inner(3)),
            ("10", inner(10)),
            ("255", inner(255)),
            ("without content", vec!["8603".to_owned()]),
        ],
        Err(Reason::CarrierMalformed),
    );
    let damaged = [1, 7, 7, 7];
    let other = parts(&damaged, 2);
    let named = |piece: &[u8], index: u8| {
        let name = name_of(&damaged);
        digits(3, &[&[index, 2], &name[..], piece].concat())
    };
    cases.parts(
        title(
            "carrier-parts-that-do-not-make-what-they-name-are-refused",
            "各部分合起来与所称摘要不符：已损坏",
            "Parts that fit each other and do not make the whole whose digest they name are damaged",
        ),
        &[
            ("the second changed", vec![other[0].clone(), named(&[7, 8], 1)]),
            ("the second shorter", vec![other[0].clone(), named(&[7], 1)]),
        ],
        Err(Reason::CarrierMalformed),
    );
}

/// Threats D 5.
fn mixed(cases: &mut Cases) {
    let (mut world, first) = scene();
    let second = world.issue("food-operation-permit");
    let of = |bytes: &[u8]| parts(&[&[1], bytes].concat(), 400);
    let (a, b) = (of(&first.bytes), of(&second.bytes));
    assert_eq!((a.len(), b.len()), (2, 2));
    let name = name_of(b"any");
    let named = |index: u8, total: u8, piece: &[u8]| digits(3, &[&[index, total], &name[..], piece].concat());
    let whole = digits(1, &first.bytes);
    cases.parts(
        title(
            "carrier-parts-of-two-licenses-do-not-mix",
            "两份证照的部分不得混合：说明后请重新扫描",
            "Parts of two licenses, parts that disagree, and parts beside a whole never make one",
        ),
        &[
            ("the first of one, the second of the other", vec![a[0].clone(), b[1].clone()]),
            ("the other way round", vec![b[0].clone(), a[1].clone()]),
            ("complete, then another's", vec![a[0].clone(), a[1].clone(), b[0].clone()]),
            ("of different totals", vec![named(0, 2, &[1, 7]), named(1, 3, &[1, 7])]),
            ("one number, two contents", vec![named(0, 2, &[1, 7]), named(0, 2, &[1, 8])]),
            ("pieces of two lengths", vec![named(0, 3, &[1, 7]), named(1, 3, &[1])]),
            ("a last piece longer than the others", vec![named(0, 2, &[1, 7]), named(1, 2, &[1, 7, 7])]),
            ("a part beside a whole", vec![whole.clone(), a[0].clone()]),
            ("two wholes", vec![whole.clone(), whole]),
        ],
        Err(Reason::CarrierPartsMixed),
    );
}
