//! Codes found in pictures. The one place that knows the crate which finds them; it may panic on odd pictures, which is no answer here.

use super::Gray;
use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::QRCodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, FilteredImageReader, Luma8Source, RXingResult, Reader};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::panic;

/// A picture with a longer side than this is looked at in a smaller size first: codes do not need more.
const LONG: usize = 2_000;

/// The texts of the codes in a picture, each once, from top to bottom. Several ways are tried until one finds something.
pub(crate) fn read(picture: &Gray) -> Vec<String> {
    let longest = picture.width().max(picture.height());
    let by = NonZeroUsize::new(longest.div_ceil(LONG)).filter(|by| by.get() > 1);
    let reduced = by.map(|by| picture.reduced(by));
    for picture in reduced.as_ref().into_iter().chain([picture]) {
        let ways: [fn(&Gray) -> Vec<RXingResult>; 4] = [all, filtered, older, by_histogram];
        for way in ways {
            let found = quietly(|| texts(way(picture))).unwrap_or_default();
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

fn hints() -> DecodeHints {
    let possible = Some([BarcodeFormat::QR_CODE].into());
    DecodeHints { TryHarder: Some(true), PossibleFormats: possible, ..DecodeHints::default() }
}

fn source(picture: &Gray) -> Option<Luma8Source<'_>> {
    let side = |side| u32::try_from(side).ok();
    Luma8Source::new_with_slice(picture.pixels(), side(picture.width())?, side(picture.height())?).ok()
}

/// All codes, each side by side with the others.
fn all(picture: &Gray) -> Vec<RXingResult> {
    let Some(source) = source(picture) else { return Vec::new() };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    QrReader.decode_multiple_with_hints(&mut bitmap, &hints()).unwrap_or_default()
}

/// One code, looked for in smaller and larger sizes and with gaps closed.
fn filtered(picture: &Gray) -> Vec<RXingResult> {
    let Some(source) = source(picture) else { return Vec::new() };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    FilteredImageReader::new(QrReader).decode_with_hints(&mut bitmap, &hints()).into_iter().collect()
}

/// One code, by another reader.
fn older(picture: &Gray) -> Vec<RXingResult> {
    let Some(source) = source(picture) else { return Vec::new() };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    QRCodeReader.decode_with_hints(&mut bitmap, &hints()).into_iter().collect()
}

/// One code, where the light is even.
fn by_histogram(picture: &Gray) -> Vec<RXingResult> {
    let Some(source) = source(picture) else { return Vec::new() };
    let mut bitmap = BinaryBitmap::new(GlobalHistogramBinarizer::new(source));
    QrReader.decode_with_hints(&mut bitmap, &hints()).into_iter().collect()
}

fn texts(mut found: Vec<RXingResult>) -> Vec<String> {
    let height = |result: &RXingResult| result.getPoints().iter().map(|point| point.y).fold(f32::MAX, f32::min);
    found.sort_by(|a, b| height(a).total_cmp(&height(b)));
    let mut known = BTreeSet::new();
    let texts = found.iter().map(|result| result.getText().to_owned());
    texts.filter(|text| !text.is_empty() && known.insert(text.clone())).collect()
}

/// What this gives, or nothing where it panics; neither the person nor the log learns of that.
fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let given = panic::catch_unwind(panic::AssertUnwindSafe(work));
    panic::set_hook(hook);
    given.ok()
}

#[cfg(test)]
mod tests {
    use super::quietly;

    #[test]
    #[allow(clippy::panic, reason = "that is what is tested")]
    fn a_panic_is_no_answer() {
        assert_eq!(quietly(|| 7), Some(7));
        assert_eq!(
            quietly(|| if std::hint::black_box(true) {
                panic!("an odd picture")
            }),
            None
        );
    }
}
