//! Pages as PDF (ISO 32000-1): the characters that are used are embedded, and can be searched and copied as text.

use super::font::Subset;
use super::{Document, Fonts, HEIGHT, Length, Mark, Page, WIDTH, float};
use crate::output::{Failure, say};
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;

/// zlib's default.
const LEVEL: u8 = 6;
const CMAP: Name<'static> = Name(b"Adobe-Identity-UCS");
const IDENTITY: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
const PICTURE: Name<'static> = Name(b"Seal");

/// Numbers of the objects, one after the other.
struct Numbers(i32);

impl Numbers {
    fn next(&mut self) -> Ref {
        self.0 = self.0.saturating_add(1);
        Ref::new(self.0)
    }
}

/// The document as a file.
pub(crate) fn pdf(document: &Document, fonts: &Fonts<'_>) -> Result<Vec<u8>, Failure> {
    let mut numbers = Numbers(0);
    let mut pdf = Pdf::new();
    let (catalog, tree, info) = (numbers.next(), numbers.next(), numbers.next());
    let subsets = subsets(document, fonts)?;
    let font_refs: BTreeMap<usize, Ref> = subsets.keys().map(|at| (*at, numbers.next())).collect();
    let picture = document.picture.as_ref().map(|_| numbers.next());
    let pages: Vec<(Ref, Ref)> = document.pages.iter().map(|_| (numbers.next(), numbers.next())).collect();

    pdf.catalog(catalog).pages(tree).lang(TextStr("zh-CN"));
    pdf.document_info(info).title(TextStr(&document.title)).producer(TextStr("zhengyin"));
    let count = i32::try_from(pages.len()).unwrap_or(0);
    pdf.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(count);
    for ((page_ref, content_ref), page) in pages.iter().zip(&document.pages) {
        let mut page_object = pdf.page(*page_ref);
        page_object.parent(tree).media_box(Rect::new(0.0, 0.0, float(WIDTH), float(HEIGHT))).contents(*content_ref);
        let mut resources = page_object.resources();
        let mut names = resources.fonts();
        for (at, font) in &font_refs {
            names.pair(Name(font_name(*at).as_bytes()), *font);
        }
        names.finish();
        if let Some(picture) = picture {
            resources.x_objects().pair(PICTURE, picture);
        }
        resources.finish();
        page_object.finish();
        let content = compress_to_vec_zlib(&content(page, fonts, &subsets), LEVEL);
        pdf.stream(*content_ref, &content).filter(Filter::FlateDecode);
    }
    for (at, subset) in &subsets {
        if let Some(font) = font_refs.get(at) {
            embed(&mut pdf, *font, subset, &mut numbers);
        }
    }
    if let (Some(reference), Some(_)) = (picture, &document.picture) {
        embed_picture(&mut pdf, reference, document, &mut numbers);
    }
    Ok(pdf.finish())
}

fn font_name(at: usize) -> String {
    format!("F{at}")
}

/// What the document needs of each font.
fn subsets(document: &Document, fonts: &Fonts<'_>) -> Result<BTreeMap<usize, Subset>, Failure> {
    let mut used: BTreeMap<usize, Vec<(char, u16)>> = BTreeMap::new();
    for mark in document.pages.iter().flat_map(|page| &page.marks) {
        if let Mark::Text { size, text, .. } = mark {
            for run in fonts.runs(text, *size) {
                used.entry(run.font).or_default().extend(run.glyphs);
            }
        }
    }
    let mut subsets = BTreeMap::new();
    for (at, mut glyphs) in used.into_iter().filter(|(at, _)| *at < fonts.count()) {
        glyphs.sort_unstable_by_key(|(_, glyph)| *glyph);
        let subset = fonts.subset(at, &glyphs).ok_or_else(|| {
            let number = at.saturating_add(1);
            Failure::new(say!("第 {number} 个字体无法嵌入", "font {number} cannot be embedded"))
        })?;
        subsets.insert(at, subset);
    }
    Ok(subsets)
}

fn content(page: &Page, fonts: &Fonts<'_>, subsets: &BTreeMap<usize, Subset>) -> Vec<u8> {
    let mut content = Content::new();
    // PDF counts from the lower left corner.
    let up = |y: Length| float(HEIGHT.saturating_sub(y));
    for mark in &page.marks {
        match mark {
            Mark::Text { x, base, size, grey, text } => {
                content.begin_text().set_fill_gray(float(*grey));
                let mut x = *x;
                for run in fonts.runs(text, *size) {
                    let Some(subset) = subsets.get(&run.font) else { continue };
                    let numbers = run.glyphs.iter().filter_map(|(_, glyph)| subset.numbers.get(glyph));
                    let bytes: Vec<u8> = numbers.flat_map(|number| number.to_be_bytes()).collect();
                    content
                        .set_font(Name(font_name(run.font).as_bytes()), float(*size))
                        .set_text_matrix([1.0, 0.0, 0.0, 1.0, float(x), up(*base)])
                        .show(Str(&bytes));
                    x = x.saturating_add(run.width);
                }
                content.end_text();
            }
            Mark::Rectangle { x, y, width, height, grey } => {
                let lower = y.saturating_add(*height);
                content
                    .set_fill_gray(float(*grey))
                    .rect(float(*x), up(lower), float(*width), float(*height))
                    .fill_nonzero();
            }
            Mark::Code { x, y, side, symbol } => {
                content.save_state().set_fill_gray(0.0);
                let modules = i32::try_from(symbol.size()).unwrap_or(1).max(1);
                // Where a module begins, so that no gap opens between two by rounding.
                let at = |module: usize| {
                    let module = i32::try_from(module).unwrap_or(0);
                    let offset = i64::from(*side).saturating_mul(i64::from(module)).checked_div(i64::from(modules));
                    offset.and_then(|offset| i32::try_from(offset).ok()).unwrap_or(0)
                };
                for (row, cells) in symbol.rows().enumerate() {
                    let mut column = 0_usize;
                    for run in cells.chunk_by(|a, b| a == b) {
                        let end = column.saturating_add(run.len());
                        if run.first() == Some(&true) {
                            let (left, right) = (x.saturating_add(at(column)), x.saturating_add(at(end)));
                            let below = y.saturating_add(at(row.saturating_add(1)));
                            let height = below.saturating_sub(y.saturating_add(at(row)));
                            content.rect(float(left), up(below), float(right.saturating_sub(left)), float(height));
                        }
                        column = end;
                    }
                }
                content.fill_nonzero().restore_state();
            }
            Mark::Picture { x, y, width, height } => {
                let lower = up(y.saturating_add(*height));
                content
                    .save_state()
                    .transform([float(*width), 0.0, 0.0, float(*height), float(*x), lower])
                    .x_object(PICTURE)
                    .restore_state();
            }
        }
    }
    content.finish().into_vec()
}

fn embed(pdf: &mut Pdf, font: Ref, subset: &Subset, numbers: &mut Numbers) {
    let (cid, descriptor, data, cmap) = (numbers.next(), numbers.next(), numbers.next(), numbers.next());
    // ISO 32000-1 §9.6.4: six letters tell that it is a part.
    let name = format!("ZHENGY+{}", subset.name);
    let name = Name(name.as_bytes());
    pdf.type0_font(font).base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(cmap);
    let mut cid_font = pdf.cid_font(cid);
    cid_font
        .subtype(if subset.is_cff { CidFontType::Type0 } else { CidFontType::Type2 })
        .base_font(name)
        .system_info(IDENTITY)
        .font_descriptor(descriptor)
        .default_width(1000.0);
    if !subset.is_cff {
        cid_font.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = cid_font.widths();
    for (number, width) in &subset.widths {
        widths.consecutive(*number, [float(*width)]);
    }
    widths.finish();
    cid_font.finish();
    let [left, lower, right, upper] = subset.bounds.map(|bound| float(bound.saturating_mul(1000)));
    let scaled = |value: i32| float(value.saturating_mul(1000));
    let mut described = pdf.font_descriptor(descriptor);
    described
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, lower, right, upper))
        .italic_angle(0.0)
        .ascent(scaled(subset.ascent))
        .descent(scaled(subset.descent))
        .cap_height(scaled(subset.ascent))
        .stem_v(80.0);
    if subset.is_cff {
        described.font_file3(data);
    } else {
        described.font_file2(data);
    }
    described.finish();
    let compressed = compress_to_vec_zlib(&subset.data, LEVEL);
    let mut stream = pdf.stream(data, &compressed);
    stream.filter(Filter::FlateDecode);
    if subset.is_cff {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    } else {
        stream.pair(Name(b"Length1"), i32::try_from(subset.data.len()).unwrap_or(0));
    }
    stream.finish();
    let mut map = UnicodeCmap::<u16>::new(CMAP, IDENTITY);
    for (number, character) in &subset.characters {
        map.pair(*number, *character);
    }
    let map = map.finish();
    pdf.cmap(cmap, map.as_slice()).name(CMAP).system_info(IDENTITY);
}

fn embed_picture(pdf: &mut Pdf, reference: Ref, document: &Document, numbers: &mut Numbers) {
    let Some(picture) = &document.picture else { return };
    let mask = numbers.next();
    let size = |side: u32| i32::try_from(side).unwrap_or(0);
    let colours = compress_to_vec_zlib(&picture.colours, LEVEL);
    let mut image = pdf.image_xobject(reference, &colours);
    image.filter(Filter::FlateDecode);
    image.width(size(picture.width)).height(size(picture.height)).bits_per_component(8).s_mask(mask);
    image.color_space().device_rgb();
    image.finish();
    let opacity = compress_to_vec_zlib(&picture.opacity, LEVEL);
    let mut image = pdf.image_xobject(mask, &opacity);
    image.filter(Filter::FlateDecode);
    image.width(size(picture.width)).height(size(picture.height)).bits_per_component(8);
    image.color_space().device_gray();
    image.finish();
}
