//! Group `stamp`: pictures of seals that may not be drawn, and some that may.

use zhengyin::reason::Reason;

use super::case::{Cases, title};
use super::item::Item;
use super::stamp_answer::StampAnswer;
use super::stamp_forms::{refused_seals, with_seal};
use super::stamps::{Scene, offered};

const SEAL: i64 = -70_003;
const PICTURE: i64 = 5;

/// What is changed in the claims of a seal, and what that is.
type Changing = Box<dyn Fn(&mut Item)>;
type Noted = (&'static str, Changing);

pub(crate) fn all(cases: &mut Cases) {
    drawn(cases);
    sizes(cases);
    svg(cases);
    grammar(cases);
    png(cases);
}

fn put(claims: &mut Item, media_type: &str, bytes: &[u8]) {
    claims.put(&[SEAL, PICTURE], 1, media_type);
    claims.put(&[SEAL, PICTURE], 2, bytes.to_vec());
}

fn root(attributes: &str, content: &str) -> String {
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"{attributes}>{content}</svg>"#)
}

/// A chunk of a PNG.
fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let summed = [&kind[..], content].concat();
    let mut crc = u32::MAX;
    for byte in &summed {
        crc ^= u32::from(*byte);
        (0..8).for_each(|_| crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 });
    }
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], &summed, &(!crc).to_be_bytes()].concat()
}

fn header(width: u32, height: u32, rest: [u8; 5]) -> Vec<u8> {
    chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &rest].concat())
}

/// Grey pixels in a stored block: four by four, all black.
fn data() -> Vec<u8> {
    let rows = [0u8; 20];
    let (mut a, mut b) = (1u32, 0u32);
    rows.iter().for_each(|byte| (a, b) = ((a + u32::from(*byte)) % 65_521, (a + u32::from(*byte) + b) % 65_521));
    let length = u16::try_from(rows.len()).unwrap();
    let sum = (b << 16 | a).to_be_bytes();
    [&[0x78, 0x01, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), &rows, &sum].concat()
}

const GREY: [u8; 5] = [8, 0, 0, 0, 0];

fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

fn sound() -> Vec<u8> {
    file(&[header(4, 4, GREY), chunk(b"IDAT", &data()), chunk(b"IEND", &[])])
}

fn drawn(cases: &mut Cases) {
    let shapes = root(
        r#" version="1.1" width="40mm" height="40mm""#,
        r##"<g fill="#c00" transform="translate(20,20) rotate(-30) scale(.5)"><path d="M0 0L1-2.5h3.25z m1,1 C1 1 2 2 3 3A1 1 0 0 1 2 2" fill-rule="evenodd"/><polygon points="0,0 1,1 2,0"/><ellipse cx="1" cy="2" rx="3" ry="4" stroke="none"/></g><line x1="0" y1="0" x2="9" y2="9" stroke="red" stroke-width="1.2" stroke-linecap="round"/>"##,
    );
    let declared = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
        root("", "\n  <rect x='1' y='1' width='2' height='2'/>\n")
    );
    let row = |note, media_type: &'static str, bytes: Vec<u8>| {
        offered(note, with_seal(&move |claims| put(claims, media_type, &bytes)))
    };
    cases.stamps(
        title("picture-may-be-drawn", "可以显示的印模", "Pictures that may be drawn"),
        &Scene::new().setup(),
        vec![
            row("SVG shapes", "image/svg+xml", shapes.into()),
            row("SVG with a declaration", "image/svg+xml", declared.into()),
            row("PNG", "image/png", sound()),
            row("PNG with resolution", "image/png", {
                file(&[header(4, 4, GREY), chunk(b"pHYs", &[0; 9]), chunk(b"IDAT", &data()), chunk(b"IEND", &[])])
            }),
            row("PNG with a palette, all that may stand before the data", "image/png", {
                file(&[
                    header(4, 4, [8, 3, 0, 0, 0]),
                    chunk(b"gAMA", &[0; 4]),
                    chunk(b"sBIT", &[8; 3]),
                    chunk(b"PLTE", &[0; 6]),
                    chunk(b"tRNS", &[0; 2]),
                    chunk(b"bKGD", &[0]),
                    chunk(b"pHYs", &[0; 9]),
                    chunk(b"IDAT", &data()),
                    chunk(b"IEND", &[]),
                ])
            }),
            row("PNG in two pieces", "image/png", {
                let data = data();
                let (first, second) = data.split_at(7);
                file(&[header(4, 4, GREY), chunk(b"IDAT", first), chunk(b"IDAT", second), chunk(b"IEND", &[])])
            }),
        ],
        &[StampAnswer::valid()],
    );
}

fn sizes(cases: &mut Cases) {
    refused_seals(
        cases,
        ["picture-millimetres", "印模尺寸越界", "Seals of no size, or as large as a table"],
        &[
            ("0 mm wide", &|c| c.put(&[SEAL, PICTURE], 3, 0)),
            ("101 mm wide", &|c| c.put(&[SEAL, PICTURE], 3, 101)),
            ("0 mm high", &|c| c.put(&[SEAL, PICTURE], 4, 0)),
            ("2^40 mm high", &|c| c.put(&[SEAL, PICTURE], 4, 1 << 40)),
        ],
        Reason::SealPicture,
    );
    refused_seals(
        cases,
        ["picture-form", "印模格式不受支持", "Pictures of a form that seals do not have"],
        &[
            ("a JPEG", &|c| put(c, "image/jpeg", b"\xff\xd8\xff\xe0")),
            ("a GIF", &|c| put(c, "image/gif", b"GIF89a")),
            ("an SVG that says it is a PNG", &|c| put(c, "image/png", root("", "").as_bytes())),
            ("a PNG that says it is an SVG", &|c| put(c, "image/svg+xml", &sound())),
            ("compressed SVG", &|c| put(c, "image/svg+xml", b"\x1f\x8b\x08\x00")),
            ("nothing", &|c| put(c, "image/svg+xml", b"")),
        ],
        Reason::SealPicture,
    );
    refused_seals(
        cases,
        ["picture-too-large", "印模过大", "A picture of a byte more than the format has"],
        &[("", &|c| {
            let rest = (128 << 10) + 1 - root("", "").len();
            put(c, "image/svg+xml", root("", &" ".repeat(rest)).as_bytes());
        })],
        Reason::EncodingTooLarge,
    );
}

/// SVG files that may not be drawn, each for something in it.
fn refused_svg(cases: &mut Cases, name: [&'static str; 3], rows: &[(&'static str, String)]) {
    let changes: Vec<Noted> = rows
        .iter()
        .map(|(note, svg)| {
            let svg = svg.clone();
            let change: Changing = Box::new(move |claims| put(claims, "image/svg+xml", svg.as_bytes()));
            (*note, change)
        })
        .collect();
    let borrowed: Vec<_> = changes.iter().map(|(note, change)| (*note, &**change)).collect();
    refused_seals(cases, name, &borrowed, Reason::SealPicture);
}

fn svg(cases: &mut Cases) {
    let within = |content: &str| root("", content);
    refused_svg(
        cases,
        ["picture-svg-scripts", "SVG 含脚本或事件", "SVG with scripts and events"],
        &[
            ("script", within("<script>alert(1)</script>")),
            ("script by link", within(r#"<script href="https://example.invalid/x.js"/>"#)),
            ("onload", root(r#" onload="alert(1)""#, "")),
            ("onclick of a shape", within(r#"<rect width="1" height="1" onclick="x()"/>"#)),
            ("foreignObject", within("<foreignObject><body/></foreignObject>")),
            ("animate", within(r#"<rect width="1" height="1"><animate attributeName="x"/></rect>"#)),
            ("set", within(r#"<set attributeName="onload" to="x()"/>"#)),
        ],
    );
    refused_svg(
        cases,
        ["picture-svg-references", "SVG 含外部引用", "SVG with references"],
        &[
            ("image", within(r#"<image href="https://example.invalid/x.png" width="1" height="1"/>"#)),
            ("image within", within(r#"<image href="data:image/png;base64,AAAA"/>"#)),
            ("use", within(r##"<use href="#a"/>"##)),
            ("anchor", within(r#"<a href="https://example.invalid/"><rect width="1" height="1"/></a>"#)),
            ("fill by url", within(r##"<rect width="1" height="1" fill="url(#a)"/>"##)),
            ("style attribute", within(r#"<rect width="1" height="1" style="fill:url(https://example.invalid/)"/>"#)),
            ("style element", within("<style>@import url(https://example.invalid/)</style>")),
            ("class", within(r#"<rect width="1" height="1" class="x"/>"#)),
            ("id", within(r#"<rect width="1" height="1" id="x"/>"#)),
            ("xlink", root(r#" xmlns:xlink="http://www.w3.org/1999/xlink""#, "")),
            ("another namespace", r#"<svg xmlns="http://www.w3.org/1999/xhtml" viewBox="0 0 1 1"/>"#.into()),
            ("text", within("<text>示例</text>")),
            ("filter", within("<filter><feImage/></filter>")),
            ("symbol", within("<symbol/>")),
        ],
    );
    let bomb = r#"<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>"#;
    refused_svg(
        cases,
        ["picture-svg-entities", "SVG 含实体、文档类型或指令", "SVG with entities, document types, instructions"],
        &[
            ("entities", format!("{bomb}{}", within(""))),
            ("external entity", format!(r#"<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{}"#, within(""))),
            ("document type", format!("<!DOCTYPE svg>{}", within(""))),
            ("a character by number", within("&#65;")),
            ("in a value", within(r#"<rect width="1" height="1" fill="&#114;ed"/>"#)),
            ("comment", within("<!-- x -->")),
            ("CDATA", within("<![CDATA[x]]>")),
            ("style sheet", format!(r#"<?xml-stylesheet href="x.css"?>{}"#, within(""))),
            ("another encoding", format!(r#"<?xml version="1.0" encoding="UTF-16"?>{}"#, within(""))),
            ("byte order mark", format!("\u{feff}{}", within(""))),
        ],
    );
    refused_svg(
        cases,
        ["picture-svg-bombs", "SVG 过深、过多或坐标过大", "SVG that is too deep, too much, too far"],
        &[
            ("a huge viewBox", r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000000 1000000"/>"#.into()),
            ("a viewBox of nothing", r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 40"/>"#.into()),
            ("a viewBox of three numbers", r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40"/>"#.into()),
            ("no viewBox", r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#.into()),
            ("a huge coordinate", within(r#"<path d="M0 0L1000000 0z"/>"#)),
            ("an exponent", within(r#"<path d="M0 0L1e9 0z"/>"#)),
            ("a number without end", within(&format!(r#"<path d="M0 0L0.{} 0z"/>"#, "1".repeat(400)))),
            ("a huge scale", within(r#"<g transform="scale(1000)"><path d="M0 0z"/></g>"#)),
            ("a skew", within(r#"<g transform="skewX(30)"><path d="M0 0z"/></g>"#)),
            ("too deep", within(&format!("{}{}", "<g>".repeat(8), "</g>".repeat(8)))),
            ("too many", within(&"<g/>".repeat(4_096))),
            ("an svg within", within(&root("", ""))),
            ("two roots", format!("{}{}", within(""), within(""))),
            ("not closed", r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">"#.into()),
            ("closed by another", within("<g></rect>")),
            ("text after it", format!("{} more", within(""))),
            ("an attribute twice", within(r#"<rect width="1" width="2" height="1"/>"#)),
            ("a value without quotes", within("<rect width=1 height=1/>")),
            ("attributes without space", within(r#"<rect width="1"height="1"/>"#)),
            ("a path that does not move first", within(r#"<path d="L1 1"/>"#)),
            ("scales within scales", {
                within(&format!("{}{}", r#"<g transform="scale(99)">"#.repeat(3), "</g>".repeat(3)))
            }),
            ("scales one after the other", within(r#"<g transform="scale(99) scale(99) scale(99)"/>"#)),
        ],
    );
}

/// What each program draws in its own way is no picture that was signed.
fn grammar(cases: &mut Cases) {
    let within = |content: &str| root("", content);
    refused_svg(
        cases,
        [
            "picture-svg-values",
            "SVG 的取值不合语法：各程序显示不一",
            "SVG whose values break the grammar, so that programs draw it each in its own way",
        ],
        &[
            ("a negative width", within(r#"<rect width="-1" height="1"/>"#)),
            ("a negative radius", within(r#"<circle r="-1"/>"#)),
            ("an empty width", within(r#"<rect width="" height="1"/>"#)),
            ("two widths", within(r#"<rect width="1 2" height="1"/>"#)),
            ("an opacity in percent", within(r#"<rect width="1" height="1" opacity="50%"/>"#)),
            ("a colour of no name", within(r#"<rect width="1" height="1" fill="reddish"/>"#)),
            ("a colour from outside", within(r#"<rect width="1" height="1" fill="currentColor"/>"#)),
            ("points that are no pairs", within(r#"<polygon points="0 0 1"/>"#)),
            ("points with two commas", within(r#"<polygon points="0,,0"/>"#)),
            ("points with units", within(r#"<polygon points="1mm 1mm"/>"#)),
            ("a viewBox with units", r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40mm 40mm"/>"#.into()),
            ("a path that moves half", within(r#"<path d="M0"/>"#)),
            ("a line of one number", within(r#"<path d="M0 0L1"/>"#)),
            ("a curve of four numbers", within(r#"<path d="M0 0C1 1 2 2"/>"#)),
            ("an arc with a flag of 2", within(r#"<path d="M0 0A1 1 0 2 0 3 3"/>"#)),
            ("a comma after a command", within(r#"<path d="M,0 0"/>"#)),
            ("a rotation of two numbers", within(r#"<g transform="rotate(1 2)"/>"#)),
            ("a matrix of five", within(r#"<g transform="matrix(1 0 0 1 0)"/>"#)),
        ],
    );
}

fn png(cases: &mut Cases) {
    let whole = |header: Vec<u8>| file(&[header, chunk(b"IDAT", &data()), chunk(b"IEND", &[])]);
    let (good, idat, end) = (header(4, 4, GREY), chunk(b"IDAT", &data()), chunk(b"IEND", &[]));
    let mut spoilt = sound();
    let at = spoilt.len() - 20;
    spoilt[at] ^= 1;
    let rows: Vec<(&'static str, Vec<u8>)> = vec![
        ("4,294,967,295 wide", whole(header(u32::MAX, 4, GREY))),
        ("2,049 high", whole(header(4, 2_049, GREY))),
        ("0 wide", whole(header(0, 4, GREY))),
        ("more pixels than its data can hold", whole(header(2_048, 2_048, [16, 6, 0, 0, 0]))),
        ("a depth that the colours do not have", whole(header(4, 4, [3, 0, 0, 0, 0]))),
        ("another compression", whole(header(4, 4, [8, 0, 1, 0, 0]))),
        ("another interlacing", whole(header(4, 4, [8, 0, 0, 0, 2]))),
        ("a palette that is missing", whole(header(4, 4, [8, 3, 0, 0, 0]))),
        ("a wrong check sum", spoilt),
        ("cut short", sound()[..sound().len() - 3].to_vec()),
        ("bytes after the end", [sound(), b"more".to_vec()].concat()),
        ("a length beyond the file", {
            let mut bytes = sound();
            bytes[8] = 0x7f;
            bytes
        }),
        ("no data", file(&[good.clone(), end.clone()])),
        ("two headers", file(&[good.clone(), good.clone(), idat.clone(), end.clone()])),
        ("data before the header", file(&[idat.clone(), good.clone(), end.clone()])),
        ("data apart", file(&[good.clone(), idat.clone(), chunk(b"pHYs", &[0; 9]), idat.clone(), end.clone()])),
        ("compressed text", file(&[good.clone(), chunk(b"zTXt", b"a\0\0x"), idat.clone(), end.clone()])),
        ("international text", file(&[good.clone(), chunk(b"iTXt", b"a\0\0\0\0\0x"), idat.clone(), end.clone()])),
        ("a compressed profile", file(&[good.clone(), chunk(b"iCCP", b"a\0\0x"), idat.clone(), end.clone()])),
        ("animation", file(&[good.clone(), chunk(b"acTL", &[0; 8]), idat.clone(), end.clone()])),
        ("a critical chunk of nobody", file(&[good.clone(), chunk(b"ABCD", &[]), idat.clone(), end.clone()])),
        ("transparency for colours that the palette does not have", {
            let palette = chunk(b"PLTE", &[0; 6]);
            file(&[header(4, 4, [8, 3, 0, 0, 0]), palette, chunk(b"tRNS", &[0; 3]), idat.clone(), end.clone()])
        }),
        ("transparency before the palette", {
            let palette = chunk(b"PLTE", &[0; 6]);
            file(&[header(4, 4, [8, 3, 0, 0, 0]), chunk(b"tRNS", &[0; 2]), palette, idat.clone(), end.clone()])
        }),
        ("transparency of 256 bytes in a grey picture", {
            file(&[good.clone(), chunk(b"tRNS", &[0; 256]), idat.clone(), end.clone()])
        }),
        ("more colours than a pixel can name", {
            file(&[header(4, 4, [1, 3, 0, 0, 0]), chunk(b"PLTE", &[0; 9]), idat.clone(), end.clone()])
        }),
        ("resolution twice", {
            let resolution = chunk(b"pHYs", &[0; 9]);
            file(&[good.clone(), resolution.clone(), resolution, idat.clone(), end.clone()])
        }),
        ("a gamma of three bytes", file(&[good.clone(), chunk(b"gAMA", &[0; 3]), idat.clone(), end.clone()])),
        ("resolution between empty data and data", {
            file(&[good.clone(), chunk(b"IDAT", &[]), chunk(b"pHYs", &[0; 9]), idat.clone(), end.clone()])
        }),
        ("300 chunks", {
            let many = vec![chunk(b"IDAT", &[]); 300];
            file(&[vec![good], many, vec![idat, end]].concat())
        }),
    ];
    let changes: Vec<Noted> = rows
        .into_iter()
        .map(|(note, png)| {
            let change: Changing = Box::new(move |claims| put(claims, "image/png", &png));
            (note, change)
        })
        .collect();
    let borrowed: Vec<_> = changes.iter().map(|(note, change)| (*note, &**change)).collect();
    refused_seals(
        cases,
        [
            "picture-png",
            "PNG 尺寸虚报、校验不符或含不应有的数据块",
            "PNG with lying dimensions, wrong sums, chunks that seals do not have",
        ],
        &borrowed,
        Reason::SealPicture,
    );
}
