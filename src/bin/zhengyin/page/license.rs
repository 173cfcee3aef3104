//! The page of a license: what it says, its code, a seal's picture, and that it is a printed copy.

use super::lines::lines;
use super::{BLACK, Document, Fonts, HEIGHT, LABEL, Length, Mark, Page, Picture, RULE, WATERMARK, WIDTH, mm};
use crate::clock::{day_text, local_text};
use crate::office::listing::{Ids, shown_id};
use crate::office::register::state_text;
use crate::output::Failure;
use crate::qr::Symbol;
use zhengyin::claims::{FieldKey, LicenseClaims, Value};
use zhengyin::issue::FieldLabel;
use zhengyin::reason::Language;
use zhengyin::status::State;
use zhengyin::time::Timestamp;

/// What a page needs beside what the license says.
pub(crate) struct Sheet<'a, 'b> {
    pub(crate) claims: &'a LicenseClaims<'b>,
    /// The license as a code, or as several.
    pub(crate) symbols: Vec<Symbol>,
    /// The picture of a seal, for the eye: no page is stamped by it.
    pub(crate) seal: Option<Picture>,
    pub(crate) ids: Ids,
    /// The order in which fields stand, where the type says one.
    pub(crate) order: Vec<FieldLabel>,
    /// What the register says when it is printed.
    pub(crate) state: State,
    pub(crate) printed: Timestamp,
}

const LEFT: Length = mm(220);
const RIGHT: Length = WIDTH.saturating_sub(mm(220));
/// Where values begin.
const VALUES: Length = mm(600);
const TOP: Length = mm(600);
/// What belongs to the foot of each page begins here.
const FOOT: Length = HEIGHT.saturating_sub(mm(330));
const LEADING: Length = mm(62);
const SIZE: Length = 11_000;
/// A code is no wider, and several stand beside each other no wider than this.
const CODE: Length = mm(640);
const SMALL_CODE: Length = mm(520);
/// Half a millimetre a module is read by every telephone.
const MODULE: Length = mm(5);
const SEAL: Length = mm(400);

const NOTICES: [&str; 2] = [
    "打印件：供阅读和扫码核验，本身不是证照。真伪和现时状态以核验结果为准，不以本页的印刷内容和印章图样为准。",
    "PRINTED COPY, to be read and scanned; not the license itself. A verification tells what holds, not this print or its picture of a seal.",
];

/// Lays a license out.
pub(crate) fn lay_out(sheet: Sheet<'_, '_>, fonts: &Fonts<'_>) -> Result<Document, Failure> {
    let license = &sheet.claims.license;
    let rows = rows(&sheet);
    let sign = [license.authority_name.to_owned(), format!("颁发日期 {}", day_text(license.issued_on))];
    let heads =
        [license.name.to_owned(), format!("编号 {}", license.number), "打印件".to_owned(), "PRINTED COPY".to_owned()];
    let feet = feet(&sheet);
    let mut texts: Vec<&str> = rows.iter().flat_map(|(label, value)| [label.as_str(), value.as_str()]).collect();
    texts.extend(sign.iter().chain(&heads).chain(&feet).map(String::as_str));
    texts.extend(["扫码离线核验", "0123456789/ …"]);
    fonts.check(&texts)?;

    let mut writer = Writer { fonts, pages: Vec::new(), y: TOP };
    writer.begin(&heads);
    for (label, value) in &rows {
        writer.row(label, value);
    }
    writer.close(&sign, &sheet);
    let count = writer.pages.len();
    for (at, page) in writer.pages.iter_mut().enumerate() {
        foot(page, fonts, &feet, (at.saturating_add(1), count));
    }
    let title = format!("打印件 {} {}", license.name, license.number);
    Ok(Document { title, pages: writer.pages, picture: sheet.seal })
}

/// Label and value of everything that stands on the face.
fn rows(sheet: &Sheet<'_, '_>) -> Vec<(String, String)> {
    let license = &sheet.claims.license;
    let mut rows = Vec::new();
    for holder in license.holders.clone() {
        let kind = holder.id_type.text(Language::Zh).map_or_else(|| holder.id_type.to_string(), str::to_owned);
        let id = shown_id(holder.id_type, holder.id, sheet.ids);
        rows.push(("持证主体".to_owned(), format!("{}\n{kind} {id}", holder.name)));
    }
    let mut fields: Vec<_> = license.fields.clone().collect();
    // The sort is stable: what the type does not name stays as it is, at the end.
    fields.sort_by_key(|(key, _)| sheet.order.iter().position(|label| is_of(label, *key)).unwrap_or(usize::MAX));
    for (key, value) in fields {
        let unknown = || match key {
            FieldKey::Number(number) => format!("#{number}"),
            FieldKey::Name(name) => name.to_owned(),
        };
        let label = key.text(Language::Zh).map_or_else(unknown, str::to_owned);
        let value = value_text(&value);
        // A blank field is a blank on the face of the license.
        rows.push((label, if value.trim().is_empty() { "—".to_owned() } else { value }));
    }
    let until = license.validity.until().map_or_else(|| "长期".to_owned(), day_text);
    rows.push(("有效期".to_owned(), format!("{} 至 {until}", day_text(license.validity.from()))));
    if let Some(copy) = &license.copy {
        let audience = copy.audience.map(|audience| format!("，出示给 {audience}")).unwrap_or_default();
        rows.push(("加注件".to_owned(), format!("仅用于 {}{audience}，至 {}", copy.purpose, local_text(copy.expires))));
    }
    rows
}

fn is_of(label: &FieldLabel, key: FieldKey<'_>) -> bool {
    match (label, key) {
        (FieldLabel::Number(number), FieldKey::Number(other)) => *number == other,
        (FieldLabel::Name(name), FieldKey::Name(other)) => name == other,
        _ => false,
    }
}

fn value_text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => (*text).to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Day(day) => day_text(*day),
        Value::Texts(texts) => texts.clone().collect::<Vec<_>>().join("、"),
    }
}

/// What stands at the foot of every page.
fn feet(sheet: &Sheet<'_, '_>) -> Vec<String> {
    let state = state_text(sheet.state).zh;
    let mut feet: Vec<String> = NOTICES.iter().map(|notice| (*notice).to_owned()).collect();
    feet.push(format!("证照标识 {}", sheet.claims.identifier().as_str()));
    feet.push(format!("打印于 {}，当时登记状态：{state}；凭据 {}", local_text(sheet.printed), sheet.claims.id));
    feet
}

struct Writer<'a> {
    fonts: &'a Fonts<'a>,
    pages: Vec<Page>,
    /// How far down the last page is filled.
    y: Length,
}

impl Writer<'_> {
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }

    /// The first page, with the head of the license.
    fn begin(&mut self, heads: &[String; 4]) {
        let [name, number, copy, copy_en] = heads;
        self.page(copy);
        let size = fitting(self.fonts, name, 28_000, RIGHT.saturating_sub(LEFT));
        self.centred(name, mm(390), size);
        self.centred(number, mm(490), 12_000);
        // The badge that nobody overlooks.
        let (left, width) = (mm(1600), mm(320));
        for (x, y, w, h) in frame(left, mm(165), width, mm(130), 700) {
            self.mark(Mark::Rectangle { x, y, width: w, height: h, grey: BLACK });
        }
        for (text, base, size) in [(copy, mm(225), 14_000), (copy_en, mm(275), 8_000)] {
            let x = left.saturating_add(width.saturating_sub(self.fonts.width(text, size)) / 2);
            self.mark(Mark::Text { x, base, size, grey: BLACK, text: text.clone() });
        }
    }

    /// A new page with its watermark and frame.
    fn page(&mut self, copy: &str) {
        self.pages.push(Page::default());
        self.y = if self.pages.len() == 1 { TOP } else { mm(320) };
        let text = format!("{copy} PRINTED COPY");
        let size = 40_000;
        let x = WIDTH.saturating_sub(self.fonts.width(&text, size)) / 2;
        for base in [mm(900), mm(1500), mm(2100)] {
            self.mark(Mark::Text { x, base, size, grey: WATERMARK, text: text.clone() });
        }
        for inset in [mm(120), mm(135)] {
            let (width, height) =
                (WIDTH.saturating_sub(inset.saturating_mul(2)), HEIGHT.saturating_sub(inset.saturating_mul(2)));
            for (x, y, w, h) in frame(inset, inset, width, height, 600) {
                self.mark(Mark::Rectangle { x, y, width: w, height: h, grey: LABEL });
            }
        }
    }

    fn centred(&mut self, text: &str, base: Length, size: Length) {
        let x = WIDTH.saturating_sub(self.fonts.width(text, size)) / 2;
        self.mark(Mark::Text { x, base, size, grey: BLACK, text: text.to_owned() });
    }

    fn row(&mut self, label: &str, value: &str) {
        let labels = lines(self.fonts, label, SIZE, VALUES.saturating_sub(LEFT).saturating_sub(mm(30)));
        let values = lines(self.fonts, value, SIZE, RIGHT.saturating_sub(VALUES));
        let count = labels.len().max(values.len());
        for at in 0..count {
            // A long value goes on over the page.
            if self.y.saturating_add(LEADING).saturating_add(mm(40)) > FOOT {
                self.page("打印件");
            }
            self.y = self.y.saturating_add(LEADING);
            let base = self.y;
            if let Some(text) = labels.get(at).filter(|text| !text.is_empty()) {
                self.mark(Mark::Text { x: LEFT, base, size: SIZE, grey: LABEL, text: text.clone() });
            }
            if let Some(text) = values.get(at).filter(|text| !text.is_empty()) {
                self.mark(Mark::Text { x: VALUES, base, size: SIZE, grey: BLACK, text: text.clone() });
            }
        }
        self.y = self.y.saturating_add(mm(24));
        let (y, width) = (self.y, RIGHT.saturating_sub(LEFT));
        self.mark(Mark::Rectangle { x: LEFT, y, width, height: 300, grey: RULE });
    }

    /// Codes, the authority's name, the seal.
    fn close(&mut self, sign: &[String; 2], sheet: &Sheet<'_, '_>) {
        let several = sheet.symbols.len() > 1;
        let most = if several { SMALL_CODE } else { CODE };
        let across = if several { 3_i32 } else { 1 };
        let rows = i32::try_from(sheet.symbols.chunks(if several { 3 } else { 1 }).count()).unwrap_or(1);
        let step = most.saturating_add(mm(60));
        let signed = mm(if several { 420 } else { 0 });
        let height = rows.saturating_mul(step).saturating_add(signed).saturating_add(mm(80));
        if self.y.saturating_add(height) > FOOT {
            self.page("打印件");
        }
        let top = FOOT.saturating_sub(height).saturating_add(mm(60));
        let places = (0_i32..).flat_map(|row| (0..across).map(move |column| (row, column)));
        for (at, (symbol, (row, column))) in sheet.symbols.iter().zip(places).enumerate() {
            let modules = i32::try_from(symbol.size()).unwrap_or(1);
            let side = modules.saturating_mul(MODULE).min(most);
            let x = LEFT.saturating_add(mm(20)).saturating_add(column.saturating_mul(mm(580)));
            let y = top.saturating_add(row.saturating_mul(step));
            // Nothing stands in the quiet zone, the watermark neither (ISO/IEC 18004 §6.3.8: four modules).
            let quiet = side.saturating_mul(4).checked_div(modules).unwrap_or(0);
            let whole = side.saturating_add(quiet.saturating_mul(2));
            let (left, above) = (x.saturating_sub(quiet), y.saturating_sub(quiet));
            self.mark(Mark::Rectangle { x: left, y: above, width: whole, height: whole, grey: 1000 });
            self.mark(Mark::Code { x, y, side, symbol: symbol.clone() });
            let number =
                if several { format!(" {}/{}", at.saturating_add(1), sheet.symbols.len()) } else { String::new() };
            let base = y.saturating_add(side).saturating_add(quiet).saturating_add(mm(40));
            self.mark(Mark::Text { x, base, size: 9_000, grey: LABEL, text: format!("扫码离线核验{number}") });
        }
        let centre = mm(1500);
        let middle = FOOT.saturating_sub(if several { mm(200) } else { height / 2 });
        let [authority, date] = sign;
        let size = fitting(self.fonts, authority, 14_000, mm(800));
        if let Some(seal) = &sheet.seal {
            let (width, height) = proportioned(seal, SEAL);
            let x = centre.saturating_sub(width / 2);
            // Across the name and the date, as a stamp on paper stands; behind them, for ink does not hide what is black.
            self.mark(Mark::Picture { x, y: middle.saturating_add(mm(30)).saturating_sub(height / 2), width, height });
        }
        for (text, base, size) in [(authority, middle, size), (date, middle.saturating_add(mm(90)), 12_000)] {
            let x = centre.saturating_sub(self.fonts.width(text, size) / 2);
            self.mark(Mark::Text { x, base, size, grey: BLACK, text: text.clone() });
        }
    }
}

/// A size at which the text is no wider.
fn fitting(fonts: &Fonts<'_>, text: &str, size: Length, width: Length) -> Length {
    let wide = fonts.width(text, size);
    if wide <= width {
        return size;
    }
    let scaled = i64::from(size).saturating_mul(i64::from(width)).checked_div(i64::from(wide));
    scaled.and_then(|size| i32::try_from(size).ok()).unwrap_or(size).max(6_000)
}

fn proportioned(picture: &Picture, most: Length) -> (Length, Length) {
    let (width, height) = (i64::from(picture.width), i64::from(picture.height));
    let scale = |side: i64| {
        let scaled = i64::from(most).saturating_mul(side).checked_div(width.max(height));
        scaled.and_then(|side| i32::try_from(side).ok()).unwrap_or(most)
    };
    (scale(width), scale(height))
}

/// The four lines of a frame: x, y, width, height.
fn frame(x: Length, y: Length, width: Length, height: Length, line: Length) -> [(Length, Length, Length, Length); 4] {
    [
        (x, y, width, line),
        (x, y.saturating_add(height).saturating_sub(line), width, line),
        (x, y, line, height),
        (x.saturating_add(width).saturating_sub(line), y, line, height),
    ]
}

fn foot(page: &mut Page, fonts: &Fonts<'_>, feet: &[String], (number, count): (usize, usize)) {
    let (size, width) = (7_500, RIGHT.saturating_sub(LEFT));
    let mut base = FOOT.saturating_add(mm(20));
    page.marks.push(Mark::Rectangle { x: LEFT, y: FOOT.saturating_sub(mm(20)), width, height: 500, grey: LABEL });
    for text in feet {
        for line in lines(fonts, text, size, width) {
            page.marks.push(Mark::Text { x: LEFT, base, size, grey: LABEL, text: line });
            base = base.saturating_add(mm(34));
        }
    }
    if count > 1 {
        let text = format!("{number}/{count}");
        let x = RIGHT.saturating_sub(fonts.width(&text, size));
        page.marks.push(Mark::Text { x, base: HEIGHT.saturating_sub(mm(150)), size, grey: LABEL, text });
    }
}
