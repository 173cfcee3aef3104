//! The values of SVG's attributes, by the grammars of SVG 1.1: numbers, lengths, points, path data, transforms, colours.
//!
//! What a grammar does not have is an error that each program draws in its own way, so that the picture would not look the same
//! everywhere: it is refused.

/// Digits of a number before its point, and after it.
const DIGITS: [usize; 2] = [5, 6];
/// Of what multiplies, digits before its point.
const SCALE_DIGITS: usize = 2;
/// By how much all the transforms around a shape may enlarge it together.
pub(super) const MAX_SCALE: u64 = 10_000;
/// CSS 2.1 §4.3.6: the colours by name that every program knows.
const COLOURS: [&str; 18] = [
    "none", "black", "silver", "gray", "white", "maroon", "red", "purple", "fuchsia", "green", "lime", "olive",
    "yellow", "navy", "blue", "teal", "aqua", "orange",
];

/// A number as far as its bounds are asked about.
#[derive(Clone, Copy)]
struct Number {
    is_negative: bool,
    /// The smallest whole number that is not less than its amount.
    ceiling: u64,
}

impl Number {
    const fn is_positive(self) -> bool {
        !self.is_negative && self.ceiling > 0
    }
}

/// What is left of a value.
#[derive(Clone, Copy)]
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    /// White space that may be there.
    fn space(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }

    fn take(&mut self, byte: u8) -> bool {
        let rest = self.0.strip_prefix(&[byte]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// What stands between two numbers: white space, at most one comma, or nothing where the second begins with a sign or a point.
    fn separator(&mut self) {
        self.space();
        self.take(b',');
        self.space();
    }

    fn letter(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first().filter(|(first, _)| first.is_ascii_alphabetic())?;
        self.0 = rest;
        Some(*first)
    }

    fn digits(&mut self) -> &[u8] {
        let count = self.0.iter().take_while(|digit| digit.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count).unwrap_or_default();
        self.0 = rest;
        digits
    }

    /// A sign, digits, a point, digits; no exponent.
    fn number(&mut self, [whole, fraction]: [usize; 2]) -> Option<Number> {
        let is_negative = self.take(b'-');
        if !is_negative {
            self.take(b'+');
        }
        let before = self.digits();
        let count = before.len();
        let amount = before.iter().fold(0u64, |amount, digit| {
            amount.saturating_mul(10).saturating_add(u64::from(digit.saturating_sub(b'0')))
        });
        if count > whole {
            return None;
        }
        if !self.take(b'.') {
            return (count > 0).then_some(Number { is_negative, ceiling: amount });
        }
        let after = self.digits();
        let more = u64::from(after.iter().any(|digit| *digit != b'0'));
        (1..=fraction).contains(&after.len()).then(|| Number { is_negative, ceiling: amount.saturating_add(more) })
    }

    /// Numbers with separators between them, at most so many, of which the digits are given by their place.
    fn numbers<const N: usize>(&mut self, digits: impl Fn(usize) -> usize) -> Option<([u64; N], usize)> {
        let (mut ceilings, mut count) = ([0; N], 0usize);
        let [_, fraction] = DIGITS;
        for (at, ceiling) in ceilings.iter_mut().enumerate() {
            let mut next = *self;
            if at > 0 {
                next.separator();
            }
            if at > 0 && next.0.starts_with(b")") {
                break;
            }
            *ceiling = next.number([digits(at), fraction])?.ceiling;
            (*self, count) = (next, at.saturating_add(1));
        }
        Some((ceilings, count))
    }
}

/// SVG 1.1 §7.10: a length, which `mm`, `px` or `%` may follow, and may be less than nothing or not.
pub(super) fn is_length(value: &str, signed: bool) -> bool {
    let unit = ["mm", "px", "%"].into_iter().find_map(|unit| value.strip_suffix(unit));
    is_number(unit.unwrap_or(value), signed)
}

/// One number.
pub(super) fn is_number(value: &str, signed: bool) -> bool {
    let mut scan = Scan(value.as_bytes());
    scan.number(DIGITS).is_some_and(|number| signed || !number.is_negative) && scan.0.is_empty()
}

/// SVG 1.1 §7.7: four numbers, the last two of which, width and height, are more than nothing.
pub(super) fn is_view_box(value: &str) -> bool {
    let mut scan = Scan(value.as_bytes());
    scan.space();
    let mut all = [None; 4];
    for (at, number) in all.iter_mut().enumerate() {
        if at > 0 {
            scan.separator();
        }
        *number = scan.number(DIGITS);
    }
    scan.space();
    let [Some(_), Some(_), Some(width), Some(height)] = all else { return false };
    scan.0.is_empty() && width.is_positive() && height.is_positive()
}

/// SVG 1.1 §9.7.1: pairs of numbers.
pub(super) fn are_points(value: &str) -> bool {
    let mut scan = Scan(value.as_bytes());
    scan.space();
    let mut count = 0usize;
    while !scan.0.is_empty() {
        if scan.number(DIGITS).is_none() {
            return false;
        }
        count = count.saturating_add(1);
        let before_space = scan;
        scan.separator();
        // No comma at the end.
        if scan.0.is_empty() && before_space.0.contains(&b',') {
            return false;
        }
    }
    count.is_multiple_of(2)
}

/// SVG 1.1 §8.3.9: commands, each with its arguments once or several times.
pub(super) fn is_path(value: &str) -> bool {
    let mut scan = Scan(value.as_bytes());
    scan.space();
    let mut moved = false;
    while let Some(command) = scan.letter() {
        let command = command.to_ascii_lowercase();
        if !moved && command != b'm' {
            return false;
        }
        moved = true;
        scan.space();
        let arguments = match command {
            b'z' => continue,
            b'm' | b'l' | b't' => 2,
            b'h' | b'v' => 1,
            b's' | b'q' => 4,
            b'c' => 6,
            b'a' => 7,
            _ => return false,
        };
        if !are_arguments(&mut scan, arguments) {
            return false;
        }
    }
    moved && scan.0.is_empty()
}

/// So many numbers, once or several times. Of an arc the fourth and the fifth are a 0 or a 1, after which nothing need stand.
fn are_arguments(scan: &mut Scan<'_>, count: u8) -> bool {
    loop {
        for at in 0..count {
            if at > 0 {
                scan.separator();
            }
            let holds = match (count, at) {
                (7, 3 | 4) => scan.take(b'0') || scan.take(b'1'),
                // The radii of an arc.
                (7, 0 | 1) => scan.number(DIGITS).is_some_and(|number| !number.is_negative),
                _ => scan.number(DIGITS).is_some(),
            };
            if !holds {
                return false;
            }
        }
        let mut next = *scan;
        next.separator();
        let goes_on = next.0.first().is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
        if !goes_on {
            scan.space();
            return true;
        }
        *scan = next;
    }
}

/// SVG 1.1 §7.6: `translate`, `rotate`, `scale`, `matrix`. By how much they may enlarge, at least 1.
pub(super) fn transform(value: &str) -> Option<u64> {
    let mut scan = Scan(value.as_bytes());
    let mut scale = 1u64;
    scan.space();
    while !scan.0.is_empty() {
        let mut name = [0u8; 9];
        let mut letters = name.iter_mut();
        while let Some(letter) = scan.letter() {
            *letters.next()? = letter;
        }
        scan.space();
        if !scan.take(b'(') {
            return None;
        }
        scan.space();
        let [whole, _] = DIGITS;
        // What multiplies is bounded more tightly: it may stand within itself.
        let factor = match &name {
            b"translate" => scan.numbers::<2>(|_| whole).map(|_| 1)?,
            b"rotate\0\0\0" => scan.numbers::<3>(|_| whole).filter(|(_, count)| *count != 2).map(|_| 1)?,
            b"scale\0\0\0\0" => scan.numbers::<2>(|_| SCALE_DIGITS).map(|([x, y], _)| x.max(y))?,
            b"matrix\0\0\0" => {
                let digits = |at| if at < 4 { SCALE_DIGITS } else { whole };
                let ([a, b, c, d, ..], count) = scan.numbers::<6>(digits)?;
                Some(a.saturating_add(c).max(b.saturating_add(d))).filter(|_| count == 6)?
            }
            _ => return None,
        };
        scale = scale.saturating_mul(factor.max(1));
        scan.space();
        if !scan.take(b')') {
            return None;
        }
        let closed = scan;
        scan.separator();
        if scan.0.is_empty() && closed.0.contains(&b',') {
            return None;
        }
    }
    (scale <= MAX_SCALE).then_some(scale)
}

/// `#` and three or six digits, or a name that is known everywhere.
pub(super) fn is_paint(value: &str) -> bool {
    match value.strip_prefix('#') {
        Some(digits) => matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        None => COLOURS.contains(&value),
    }
}
