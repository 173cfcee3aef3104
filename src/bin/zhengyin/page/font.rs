//! Fonts: which has a character, how wide it is, its outline, and the part of a font that a document needs. The one place that knows the
//! crates for it.

use super::Length;
use crate::files;
use crate::output::{Failure, say};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId, OutlineBuilder, RawFace, Tag, name_id};

/// A larger file is no font; those with all of Unicode have some 20 MB.
const MAX_FILE: usize = 128 << 20;
/// Where systems keep fonts with Chinese, the lighter ones first.
const KNOWN: &[&str] = &[
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/Supplemental/Songti.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:\\Windows\\Fonts\\simsun.ttc",
    "C:\\Windows\\Fonts\\msyh.ttc",
];

/// Those of them that are written with a brush's thick and thin (宋体).
const SERIF: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/System/Library/Fonts/Supplemental/Songti.ttc",
    "C:\\Windows\\Fonts\\simsun.ttc",
];

/// A font file that was read.
#[derive(Debug)]
pub(crate) struct FontFile {
    path: PathBuf,
    data: Vec<u8>,
    /// Which face of a collection; none: the one for simplified Chinese.
    index: Option<u32>,
}

impl FontFile {
    /// Reads `PATH`, or `PATH#N` for a face of a collection.
    pub(crate) fn read(named: &str) -> Result<Self, Failure> {
        let numbered = named.rsplit_once('#').and_then(|(path, number)| Some((path, number.parse().ok()?)));
        let (path, index) = numbered.map_or((named, None), |(path, index)| (path, Some(index)));
        let path = PathBuf::from(path);
        let data = files::read(&path, MAX_FILE)?;
        Ok(Self { path, data, index })
    }

    /// A font that this system has.
    pub(crate) fn known() -> Result<Self, Failure> {
        Self::first(KNOWN)
    }

    /// A font of the kind that seals are written in, 宋体, if this system has one; else any with Chinese.
    pub(crate) fn known_for_seals() -> Result<Self, Failure> {
        if SERIF.iter().any(|path| files::is_there(Path::new(path))) { Self::first(SERIF) } else { Self::known() }
    }

    fn first(paths: &[&str]) -> Result<Self, Failure> {
        let found = paths.iter().find(|path| files::is_there(Path::new(path)));
        let path = found.ok_or_else(|| {
            Failure::new(say!("没有找到中文字体", "no font with Chinese was found"))
                .because(say!("用 --font 或 config 中的 font 指定", "name one by --font, or by `font` in config"))
                .next("apt-get install fonts-wqy-microhei")
        })?;
        Self::read(path)
    }
}

/// Fonts, the first that has a character writes it.
pub(crate) struct Fonts<'a> {
    fonts: Vec<Font<'a>>,
}

struct Font<'a> {
    face: Face<'a>,
    data: &'a [u8],
    index: u32,
}

/// A piece of a text in one font.
pub(super) struct Run {
    pub(super) font: usize,
    pub(super) glyphs: Vec<(char, u16)>,
    pub(super) width: Length,
}

impl<'a> Fonts<'a> {
    pub(crate) fn parse(files: &'a [FontFile]) -> Result<Self, Failure> {
        let fonts: Result<Vec<Font<'a>>, Failure> = files.iter().map(parse).collect();
        Ok(Self { fonts: fonts? })
    }

    /// Every character of the texts is in a font: a name is not printed with a box in it.
    pub(crate) fn check(&self, texts: &[&str]) -> Result<(), Failure> {
        let mut missing: Vec<char> =
            texts.iter().flat_map(|text| text.chars()).filter(|c| *c != '\n' && self.find(*c).is_none()).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        let shown =
            missing.iter().take(8).map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect::<Vec<_>>().join(" ");
        Err(Failure::new(say!("字体中没有 {shown}", "the font has no {shown}"))
            .because(say!("再用一个 --font 补充", "name a further --font that has it")))
    }

    fn find(&self, character: char) -> Option<(usize, u16)> {
        let of = |(at, font): (usize, &Font<'_>)| {
            Some((at, font.face.glyph_index(character).filter(|glyph| glyph.0 != 0)?.0))
        };
        self.fonts.iter().enumerate().find_map(of)
    }

    /// The text in pieces, each in one font.
    pub(super) fn runs(&self, text: &str, size: Length) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for character in text.chars() {
            // What no font has was refused before.
            let Some((font, glyph)) = self.find(character) else { continue };
            let width = self.advance(font, glyph, size);
            match runs.last_mut().filter(|run| run.font == font) {
                Some(run) => {
                    run.glyphs.push((character, glyph));
                    run.width = run.width.saturating_add(width);
                }
                None => runs.push(Run { font, glyphs: vec![(character, glyph)], width }),
            }
        }
        runs
    }

    /// How wide the text is.
    pub(super) fn width(&self, text: &str, size: Length) -> Length {
        self.runs(text, size).iter().fold(0, |sum, run| sum.saturating_add(run.width))
    }

    /// How far the next character stands from this one.
    pub(super) fn advance(&self, font: usize, glyph: u16, size: Length) -> Length {
        let Some(font) = self.fonts.get(font) else { return 0 };
        let advance = i64::from(font.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0));
        let scaled = advance.saturating_mul(i64::from(size)).checked_div(i64::from(font.face.units_per_em()));
        i32::try_from(scaled.unwrap_or(0)).unwrap_or(0)
    }

    pub(super) fn count(&self) -> usize {
        self.fonts.len()
    }

    /// Millionths of a point that a unit of the font is at a size of one point.
    pub(super) fn unit(&self, font: usize) -> i64 {
        let units = self.fonts.get(font).map_or(1000, |font| font.face.units_per_em());
        1_000_000_i64.checked_div(i64::from(units)).unwrap_or(1000)
    }

    /// A glyph as an SVG path in units of the font, upwards.
    pub(super) fn outline(&self, font: usize, glyph: u16) -> String {
        let mut path = Outline(String::new());
        if let Some(font) = self.fonts.get(font) {
            // A space has none.
            let _ = font.face.outline_glyph(GlyphId(glyph), &mut path);
        }
        path.0
    }

    /// A character by itself, in parts of the font's size.
    pub(crate) fn glyph(&self, character: char) -> Option<Glyph> {
        let (at, glyph) = self.find(character)?;
        let face = &self.fonts.get(at)?.face;
        let scale = f64::from(face.units_per_em().max(1)).recip();
        let mut shape = Shape { outline: Vec::new(), scale };
        let bounds = face.outline_glyph(GlyphId(glyph), &mut shape);
        let bounds = bounds.map_or([0; 4], |bounds| [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]);
        #[allow(clippy::float_arithmetic, reason = "units of the font as parts of its size")]
        Some(Glyph {
            outline: shape.outline,
            bounds: bounds.map(|units| f64::from(units) * scale),
            advance: f64::from(face.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0)) * scale,
        })
    }

    /// What a document needs of a font.
    pub(super) fn subset(&self, at: usize, used: &[(char, u16)]) -> Option<Subset> {
        let font = self.fonts.get(at)?;
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = BTreeMap::new();
        for (character, glyph) in used {
            let new = remapper.remap(*glyph);
            glyphs.entry(new).or_insert((*character, *glyph));
        }
        let data = subsetter::subset(font.data, font.index, &remapper).ok()?;
        let whole = RawFace::parse(&data, 0).ok()?;
        let cff = whole.table(Tag::from_bytes(b"CFF ")).map(<[u8]>::to_vec);
        let numbers = glyphs.iter().map(|(new, (_, old))| (*old, *new)).collect();
        let widths = glyphs.iter().map(|(new, (_, old))| (*new, self.advance(at, *old, 1_000_000))).collect();
        let characters = glyphs.into_iter().map(|(new, (character, _))| (new, character)).collect();
        let face = &font.face;
        let scale = |units: i16| {
            let scaled = i32::from(units).saturating_mul(1000).checked_div(i32::from(face.units_per_em()));
            scaled.unwrap_or(0)
        };
        let bounds = face.global_bounding_box();
        Some(Subset {
            name: postscript_name(face),
            is_cff: cff.is_some(),
            data: cff.unwrap_or(data),
            numbers,
            widths,
            characters,
            ascent: scale(face.ascender()),
            descent: scale(face.descender()),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scale),
        })
    }
}

/// A character's outline, upwards from its base line, in parts of the size.
pub(crate) struct Glyph {
    pub(crate) outline: Vec<Segment>,
    /// Left, lower, right and upper edge.
    pub(crate) bounds: [f64; 4],
    /// How far the next character stands from this one.
    pub(crate) advance: f64,
}

/// A part of an outline: where it goes, after the points that bend it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Segment {
    Move((f64, f64)),
    Line((f64, f64)),
    Quad((f64, f64), (f64, f64)),
    Curve((f64, f64), (f64, f64), (f64, f64)),
    Close,
}

/// A part of a font, its glyphs numbered anew.
pub(super) struct Subset {
    pub(super) name: String,
    pub(super) data: Vec<u8>,
    /// Are the outlines cubic (CFF)? Then `data` is that table alone.
    pub(super) is_cff: bool,
    /// Number in the font to number in the part.
    pub(super) numbers: BTreeMap<u16, u16>,
    /// Thousandths of a thousandth of the size.
    pub(super) widths: BTreeMap<u16, i32>,
    pub(super) characters: BTreeMap<u16, char>,
    /// Thousandths of the size.
    pub(super) ascent: i32,
    pub(super) descent: i32,
    pub(super) bounds: [i32; 4],
}

fn parse(file: &FontFile) -> Result<Font<'_>, Failure> {
    let shown = file.path.display();
    let index = file.index.unwrap_or_else(|| simplified(&file.data));
    let face = Face::parse(&file.data, index).map_err(|error| {
        Failure::new(say!("无法使用字体 {shown}", "the font {shown} cannot be used"))
            .because(say!("{error}", "{error}"))
    })?;
    // What its maker forbids is not done: OS/2 fsType.
    if !face.is_subsetting_allowed() || face.permissions() == Some(ttf_parser::Permissions::Restricted) {
        return Err(Failure::new(say!("无法使用字体 {shown}", "the font {shown} cannot be used"))
            .because(say!("它的许可不允许嵌入文件", "its maker does not permit it to be embedded")));
    }
    Ok(Font { face, data: &file.data, index })
}

/// The face of a collection for simplified Chinese, by its name; else the first.
fn simplified(data: &[u8]) -> u32 {
    let count = ttf_parser::fonts_in_collection(data).unwrap_or(1);
    let is_it = |index: &u32| {
        let Ok(face) = Face::parse(data, *index) else { return false };
        let mut names = face.names().into_iter().filter(|name| name.name_id == name_id::FULL_NAME);
        names.any(|name| name.to_string().is_some_and(|name| name.split(' ').any(|word| word == "SC" || word == "CN")))
    };
    (0..count).find(is_it).unwrap_or(0)
}

/// Letters, digits and `-`, as PDF wants a font's name.
fn postscript_name(face: &Face<'_>) -> String {
    let name = face
        .names()
        .into_iter()
        .filter(|name| name.name_id == name_id::POST_SCRIPT_NAME)
        .find_map(|name| name.to_string());
    let kept: String =
        name.unwrap_or_default().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect();
    if kept.is_empty() { "Font".to_owned() } else { kept }
}

/// An outline as it is read.
struct Shape {
    outline: Vec<Segment>,
    scale: f64,
}

impl Shape {
    #[allow(clippy::float_arithmetic, reason = "units of the font as parts of its size")]
    fn point(&self, x: f32, y: f32) -> (f64, f64) {
        (f64::from(x) * self.scale, f64::from(y) * self.scale)
    }
}

impl OutlineBuilder for Shape {
    fn move_to(&mut self, x: f32, y: f32) {
        self.outline.push(Segment::Move(self.point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.outline.push(Segment::Line(self.point(x, y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.outline.push(Segment::Quad(self.point(x1, y1), self.point(x, y)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.outline.push(Segment::Curve(self.point(x1, y1), self.point(x2, y2), self.point(x, y)));
    }

    fn close(&mut self) {
        self.outline.push(Segment::Close);
    }
}

/// An SVG path.
struct Outline(String);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "M{x} {y}");
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "L{x} {y}");
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let _ = write!(self.0, "Q{x1} {y1} {x} {y}");
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let _ = write!(self.0, "C{x1} {y1} {x2} {y2} {x} {y}");
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}
