//! Groups `cbor` and `text`: single items, accepted or refused by the reader. RFC 8949's own examples are typed in.

use zhengyin::cbor::{self, Fault};
use zhengyin::reason::Reason;

use super::case::{Cases, Row, Title, inputs, row, title};
use super::item::Item;
use super::json::{Json, unhex};

impl Cases {
    /// Every row is one canonical item, or is refused for the same reason and fault.
    fn items(&mut self, title: Title, rows: Vec<Row>, refused: Option<(Reason, Fault)>) {
        let mut faults = Vec::new();
        for row in &rows {
            let found = cbor::check(&row.bytes).err().map(|error| (error.reason(), error.fault));
            if found != refused {
                faults.push(format!("{}: stated {refused:?}, found {found:?}", row.note));
            }
        }
        let expected = Json::map([("accepted", refused.is_none().into())]);
        let expected = match refused {
            Some((reason, fault)) => expected.with("reason", reason.symbol()).with("fault", word(fault)),
            None => expected,
        };
        let members = vec![("inputs", inputs(&rows)), ("expected", expected)];
        self.enter(title, "cbor", refused.is_none(), members, faults);
    }
}

/// `NotShortest` as `not-shortest`.
fn word(fault: Fault) -> String {
    let mut word = String::new();
    for c in format!("{fault:?}").chars() {
        if c.is_ascii_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

fn rows(lines: &[(&str, &str)]) -> Vec<Row> {
    lines.iter().map(|(note, digits)| row(note, unhex(digits))).collect()
}

const CANONICAL: Reason = Reason::EncodingNotCanonical;
const MALFORMED: Reason = Reason::EncodingMalformed;

pub(crate) fn cbor(cases: &mut Cases) {
    accepted(cases);
    foreign_types(cases);
    heads(cases);
    maps(cases);
    not_well_formed(cases);
    limits(cases);
}

fn accepted(cases: &mut Cases) {
    cases.items(
        title(
            "cbor-rfc8949-appendix-a-canonical-items-are-accepted",
            "RFC 8949 附录 A 中的规范编码：接受",
            "Canonical examples of RFC 8949 Appendix A are accepted",
        ),
        rows(&[
            ("0", "00"),
            ("1", "01"),
            ("10", "0a"),
            ("23", "17"),
            ("24", "1818"),
            ("25", "1819"),
            ("100", "1864"),
            ("1000", "1903e8"),
            ("1000000", "1a000f4240"),
            ("1000000000000", "1b000000e8d4a51000"),
            ("18446744073709551615", "1bffffffffffffffff"),
            ("-1", "20"),
            ("-10", "29"),
            ("-100", "3863"),
            ("-1000", "3903e7"),
            ("false", "f4"),
            ("true", "f5"),
            ("null", "f6"),
            ("h''", "40"),
            ("h'01020304'", "4401020304"),
            ("\"\"", "60"),
            ("\"a\"", "6161"),
            ("\"IETF\"", "6449455446"),
            ("\"\\\"\\\\\"", "62225c"),
            ("\"ü\"", "62c3bc"),
            ("\"水\"", "63e6b0b4"),
            ("\"𐅑\"", "64f0908591"),
            ("[]", "80"),
            ("[1, 2, 3]", "83010203"),
            ("[1, [2, 3], [4, 5]]", "8301820203820405"),
            ("[1 … 25]", "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
            ("{}", "a0"),
            ("{1: 2, 3: 4}", "a201020304"),
            ("{\"a\": 1, \"b\": [2, 3]}", "a26161016162820203"),
            ("[\"a\", {\"b\": \"c\"}]", "826161a161626163"),
            ("{\"a\": \"A\" … \"e\": \"E\"}", "a56161614161626142616361436164614461656145"),
        ]),
        None,
    );
    cases.items(
        title(
            "cbor-the-three-tags-of-the-format-are-accepted",
            "本格式的三个标签：接受",
            "The three tags of the format are accepted over what belongs under them",
        ),
        rows(&[
            ("18, COSE_Sign1, over an array", "d280"),
            ("98, COSE_Sign, over an array", "d86280"),
            ("100, days, over an unsigned integer", "d86400"),
            ("100, days, over a negative integer", "d86420"),
        ]),
        None,
    );
    cases.items(
        title(
            "cbor-map-keys-in-bytewise-order-are-accepted",
            "映射键按编码字节序：接受",
            "Map keys in the bytewise order of their encodings are accepted",
        ),
        rows(&[
            ("24 before -1: a longer key may come first", "a21818002000"),
            ("1 before -1 before \"a\"", "a301002000616100"),
            ("\"b\" before \"aa\": the length stands in the head", "a261620062616100"),
        ]),
        None,
    );
}

fn foreign_types(cases: &mut Cases) {
    cases.items(
        title(
            "cbor-rfc8949-appendix-a-floats-are-refused",
            "浮点数（RFC 8949 附录 A）：拒绝",
            "Floats, RFC 8949 Appendix A: refused",
        ),
        rows(&[
            ("0.0", "f90000"),
            ("-0.0", "f98000"),
            ("1.0", "f93c00"),
            ("1.1", "fb3ff199999999999a"),
            ("1.5", "f93e00"),
            ("65504.0", "f97bff"),
            ("100000.0", "fa47c35000"),
            ("3.4028234663852886e+38", "fa7f7fffff"),
            ("1.0e+300", "fb7e37e43c8800759c"),
            ("5.960464477539063e-8", "f90001"),
            ("-4.0", "f9c400"),
            ("-4.1", "fbc010666666666666"),
            ("Infinity", "f97c00"),
            ("NaN", "f97e00"),
            ("-Infinity", "f9fc00"),
            ("Infinity in 32 bits", "fa7f800000"),
            ("NaN in 32 bits", "fa7fc00000"),
            ("Infinity in 64 bits", "fb7ff0000000000000"),
            ("NaN in 64 bits", "fb7ff8000000000000"),
            ("within an array", "8101f93c00".replace("8101", "8201").as_str()),
        ]),
        Some((CANONICAL, Fault::Float)),
    );
    cases.items(
        title(
            "cbor-other-simple-values-are-refused",
            "false、true、null 之外的简单值：拒绝",
            "Simple values other than false, true and null: refused",
        ),
        rows(&[
            ("undefined", "f7"),
            ("simple(16)", "f0"),
            ("simple(255)", "f8ff"),
            ("simple(24), not well-formed", "f818"),
            ("simple(0) in two bytes, not well-formed", "f800"),
        ]),
        Some((CANONICAL, Fault::Simple)),
    );
    cases.items(
        title(
            "cbor-other-tags-are-refused",
            "本格式以外的标签、大数及标签下类型不符：拒绝",
            "Tags that the format does not have, bignums, and a known tag over something else: refused",
        ),
        rows(&[
            ("bignum 18446744073709551616", "c249010000000000000000"),
            ("negative bignum -18446744073709551617", "c349010000000000000000"),
            ("0(\"2013-03-21T20:04:00Z\")", "c074323031332d30332d32315432303a30343a30305a"),
            ("1(1363896240)", "c11a514b67b0"),
            ("23(h'01020304')", "d74401020304"),
            ("24(h'6449455446')", "d818456449455446"),
            ("32(\"http://www.example.com\")", "d82076687474703a2f2f7777772e6578616d706c652e636f6d"),
            ("61, a CWT, over tag 18", "d83dd280"),
            ("18 over a map", "d2a0"),
            ("18 twice", "d2d280"),
            ("100 over a text", "d86461 30"),
            ("55799, self-described CBOR", "d9d9f700"),
        ]),
        Some((CANONICAL, Fault::Tag)),
    );
    cases.items(
        title(
            "cbor-integers-below-64-bits-are-refused",
            "小于 −2^63 的整数：拒绝，不得回绕",
            "Integers below -2^63: refused, never wrapped",
        ),
        rows(&[("-18446744073709551616", "3bffffffffffffffff"), ("-9223372036854775809", "3b8000000000000000")]),
        Some((CANONICAL, Fault::TooNegative)),
    );
}

fn heads(cases: &mut Cases) {
    cases.items(
        title(
            "cbor-longer-heads-are-refused",
            "不是最短的头部：拒绝",
            "Heads that are longer than they need be: refused",
        ),
        rows(&[
            ("0 in two bytes", "1800"),
            ("23 in two bytes", "1817"),
            ("255 in three bytes", "1900ff"),
            ("65535 in five bytes", "1a0000ffff"),
            ("4294967295 in nine bytes", "1b00000000ffffffff"),
            ("-1 in two bytes", "3800"),
            ("empty byte string", "5800"),
            ("text of one byte", "780161"),
            ("array of one", "980100"),
            ("map of one", "b8010000"),
            ("tag 18 in two bytes", "d81280"),
            ("tag 98 in three bytes", "d9006280"),
            ("a key of a map", "a1180100"),
        ]),
        Some((CANONICAL, Fault::NotShortest)),
    );
    cases.items(
        title(
            "cbor-rfc8949-appendix-a-indefinite-lengths-are-refused",
            "不定长编码（RFC 8949 附录 A、F）：拒绝",
            "Indefinite lengths, RFC 8949 Appendices A and F: refused",
        ),
        rows(&[
            ("(_ h'0102', h'030405')", "5f42010243030405ff"),
            ("(_ \"strea\", \"ming\")", "7f657374726561646d696e67ff"),
            ("[_ ]", "9fff"),
            ("[_ 1, [2, 3], [_ 4, 5]]", "9f018202039f0405ffff"),
            ("[1, [_ 2, 3]]", "82019f0203ff"),
            ("{_ \"a\": 1}", "bf616101ff"),
            ("a break alone", "ff"),
            ("a break in an array", "81ff"),
            ("a break for a value", "a1 00 ff"),
            ("chunks of another type", "5f00ff"),
        ]),
        Some((CANONICAL, Fault::Indefinite)),
    );
    cases.items(
        title(
            "cbor-rfc8949-appendix-f-reserved-heads-are-refused",
            "保留的头部（RFC 8949 附录 F）：拒绝",
            "Reserved heads, RFC 8949 Appendix F: refused",
        ),
        rows(&[
            ("unsigned, 28", "1c"),
            ("unsigned, 29", "1d"),
            ("unsigned, 30", "1e"),
            ("negative, 28", "3c"),
            ("byte string, 28", "5c"),
            ("text, 29", "7d"),
            ("array, 30", "9e"),
            ("map, 28", "bc"),
            ("tag, 29", "dd"),
            ("simple, 28", "fc"),
            ("unsigned of indefinite length", "1f"),
            ("negative of indefinite length", "3f"),
            ("tag of indefinite length", "df00"),
        ]),
        Some((MALFORMED, Fault::Reserved)),
    );
}

fn maps(cases: &mut Cases) {
    cases.items(
        title("cbor-map-keys-out-of-order-are-refused", "映射键次序不合规定：拒绝", "Map keys out of order: refused"),
        rows(&[
            ("2 before 1", "a202000100"),
            ("-1 before 1", "a220000100"),
            ("\"b\" before \"a\"", "a2616200616100"),
            ("a text before an integer", "a26161000100"),
            ("-1 before 24: RFC 7049's order by length first", "a220001818 00"),
            ("within an array", "81a202000100"),
        ]),
        Some((CANONICAL, Fault::KeyOrder)),
    );
    cases.items(
        title("cbor-duplicate-map-keys-are-refused", "映射键重复：拒绝", "A key twice in a map: refused"),
        rows(&[
            ("1 twice, values differ", "a201000101"),
            ("1 twice, values alike", "a201000100"),
            ("\"a\" twice", "a2616100616101"),
            ("deep within", "818181a201000100"),
        ]),
        Some((CANONICAL, Fault::DuplicateKey)),
    );
}

fn not_well_formed(cases: &mut Cases) {
    cases.items(
        title(
            "cbor-rfc8949-appendix-f-cut-short-is-refused",
            "提前结束的输入（RFC 8949 附录 F）：拒绝",
            "Input that ends early, RFC 8949 Appendix F: refused",
        ),
        rows(&[
            ("nothing at all", ""),
            ("unsigned, 1 byte wanted", "18"),
            ("unsigned, 2 bytes wanted", "19"),
            ("unsigned, 4 bytes wanted", "1a"),
            ("unsigned, 8 bytes wanted", "1b"),
            ("second byte missing", "1901"),
            ("two bytes missing", "1a0102"),
            ("a byte missing", "1b01020304050607"),
            ("negative", "38"),
            ("byte string's length", "58"),
            ("text's length", "78"),
            ("array's length", "98"),
            ("half of an array's length", "9a01ff00"),
            ("map's length", "b8"),
            ("tag", "d8"),
            ("byte string without its byte", "41"),
            ("text without its byte", "61"),
            ("byte string of 2^32 - 1", "5affffffff00"),
            ("byte string of 2^64 - 1", "5bffffffffffffffff010203"),
            ("text of 2^32 - 1", "7affffffff00"),
            ("text of 2^63 - 1", "7b7fffffffffffffff010203"),
            ("array of one without its item", "81"),
            ("array of two with one", "8200"),
            ("map of one with nothing", "a1"),
            ("map of two with one key and value", "a20102"),
            ("map of one without the value", "a100"),
            ("map of two, second value missing", "a2000000"),
            ("tag without content", "c0"),
            ("array of 2^64 - 1", "9bffffffffffffffff00"),
            ("map of 2^63", "bb80000000000000000000"),
            ("array of a million", "9a000f4240"),
            ("arrays that never end", "818181818181818181"),
        ]),
        Some((MALFORMED, Fault::UnexpectedEnd)),
    );
    cases.items(
        title("cbor-text-that-is-not-utf-8-is-refused", "文字不是 UTF-8：拒绝", "Text that is not UTF-8: refused"),
        rows(&[
            ("a byte that begins nothing", "61ff"),
            ("a continuation alone", "6180"),
            ("\"/\" in two bytes", "62c0af"),
            ("NUL in two bytes", "62c080"),
            ("a surrogate", "63eda080"),
            ("beyond U+10FFFF", "64f4908080"),
            ("cut short", "62e6b0"),
        ]),
        Some((MALFORMED, Fault::NotUtf8)),
    );
    cases.items(
        title("cbor-bytes-after-the-item-are-refused", "数据项之后还有字节：拒绝", "Bytes after the item: refused"),
        rows(&[("another item", "0000"), ("a byte after a string", "410000"), ("after an array", "8000")]),
        Some((Reason::EncodingTrailing, Fault::TrailingBytes)),
    );
}

fn limits(cases: &mut Cases) {
    let nested = |depth: usize| [vec![0x81; depth], vec![0x00]].concat();
    cases.items(
        title("cbor-nesting-of-eight-is-accepted", "嵌套八层：接受", "Eight levels of nesting are accepted"),
        vec![
            row("arrays", nested(8)),
            row("an empty array within seven", [vec![0x81; 7], vec![0x80]].concat()),
            row("maps", [[0xa1, 0x00].repeat(8), vec![0x00]].concat()),
        ],
        None,
    );
    cases.items(
        title(
            "cbor-nesting-of-nine-is-refused",
            "嵌套九层及以上：拒绝，不耗栈",
            "Nine levels of nesting and more are refused, without recursion",
        ),
        vec![
            row("arrays", nested(9)),
            row("an empty array within eight", [vec![0x81; 8], vec![0x80]].concat()),
            row("maps", [[0xa1, 0x00].repeat(9), vec![0x00]].concat()),
            row("four thousand arrays", vec![0x81; 4_000]),
        ],
        Some((Reason::EncodingTooLarge, Fault::TooDeep)),
    );
}

pub(crate) fn text(cases: &mut Cases) {
    let texts = |lines: &[(&str, &str)]| {
        lines.iter().map(|(note, text)| row(note, Item::from(*text).encode())).collect::<Vec<_>>()
    };
    let characters = |list: &[char]| {
        let each = list.iter().map(|c| {
            let text = format!("张{c}三");
            row(&format!("U+{:04X}", u32::from(*c)), Item::from(text.as_str()).encode())
        });
        each.collect::<Vec<_>>()
    };
    let refused = Some((Reason::EncodingText, Fault::Character));
    cases.items(
        title(
            "text-of-names-and-addresses-is-accepted",
            "姓名、住址、少数民族姓名间隔号、生僻字、全角字符、未规范化文字：接受",
            "Names and addresses as people write them are accepted; a reader carries no Unicode tables",
        ),
        texts(&[
            ("Chinese", "示例甲省示范市样板区演示路18号"),
            ("middle dot of names", "阿依古丽·买买提"),
            ("beyond the basic plane", "𠮷田𨭎"),
            ("CJK compatibility ideograph, which issuing would convert", "\u{fa0e}\u{f900}"),
            ("full-width digits", "１２３"),
            ("ideographic space and comma", "甲\u{3000}乙，丙"),
            ("Mongolian and Uyghur letters", "ᠮᠣᠩᠭᠣᠯ ئۇيغۇر"),
            ("Tibetan", "བོད་ཡིག"),
            ("not in normalization form C, which issuing would refuse", "e\u{301}"),
            ("variation selector of an ideograph", "葛\u{e0100}"),
            ("quotes, slashes, markup: escaping is for who shows it", "\"a\\b\" <b>&amp;</b> =1+1"),
            ("private use", "\u{e000}"),
            ("last of a plane that is a character", "\u{fffd}"),
        ]),
        None,
    );
    cases.items(
        title(
            "text-control-characters-are-refused",
            "控制字符（含换行）：拒绝",
            "Control characters, line feed too: refused",
        ),
        characters(&['\0', '\t', '\n', '\r', '\u{1b}', '\u{1f}', '\u{7f}', '\u{80}', '\u{85}', '\u{9f}']),
        refused,
    );
    cases.items(
        title(
            "text-bidirectional-controls-are-refused",
            "改变显示方向的字符：拒绝",
            "Characters that change the direction of what is shown: refused",
        ),
        characters(&[
            '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}',
            '\u{2067}', '\u{2068}', '\u{2069}',
        ]),
        refused,
    );
    cases.items(
        title(
            "text-invisible-characters-and-fillers-are-refused",
            "零宽、填充与软连字符：拒绝",
            "Zero-width characters, fillers and soft hyphens: refused",
        ),
        characters(&[
            '\u{ad}', '\u{115f}', '\u{1160}', '\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{3164}',
            '\u{feff}', '\u{ffa0}',
        ]),
        refused,
    );
    cases.items(
        title(
            "text-separators-tags-and-noncharacters-are-refused",
            "行段分隔符、标签字符与非字符：拒绝",
            "Line and paragraph separators, tag characters and noncharacters: refused",
        ),
        characters(&[
            '\u{2028}',
            '\u{2029}',
            '\u{e0000}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{fdd0}',
            '\u{fdef}',
            '\u{fffe}',
            '\u{ffff}',
            '\u{1fffe}',
            '\u{10ffff}',
        ]),
        refused,
    );
    cases.items(
        title(
            "text-is-checked-in-map-keys-too",
            "映射键中的文字同样检查：拒绝",
            "Text that is the key of a map is checked too",
        ),
        vec![row("U+202E in a key", unhex("a1 64 61 e280ae 00"))],
        refused,
    );
}
