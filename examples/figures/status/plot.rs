//! The sizes as a table, and as a plot of their ratio to entropy over the share of positions that are listed.

use std::fmt::Write as _;

use super::sets::RATES;

/// Bytes of one set in each form.
pub(crate) struct Cell {
    pub(crate) length: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) listed: usize,
    /// The least that any code needs.
    pub(crate) entropy: f64,
    pub(crate) ours: usize,
    pub(crate) token_list: usize,
    pub(crate) roaring: usize,
    pub(crate) clubcard: Option<usize>,
}

/// A Markdown table of all cells.
pub(crate) fn table(cells: &[Cell]) -> String {
    let mut text = String::from(
        "# Bytes of status lists\n\nMade by `cargo run --release --all-features --example figures -- --only status --long --write`. How the sets are drawn, and what each \
         column is, stands in [figures.md](../figures.md).\n\n| positions | listed | entropy | **ours** | ÷ entropy | Token Status List | ÷ entropy | Roaring | ÷ entropy \
         | Clubcard | ÷ entropy |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for cell in cells {
        let Cell { length, rate, listed, entropy, ours, token_list, roaring, clubcard } = cell;
        let ratio = |bytes: usize| format!("{bytes} | {:.3}", bytes as f64 / entropy);
        let length = length.replace("1e", "10^");
        let clubcard = clubcard.map_or("– | –".into(), ratio);
        let [token_list, roaring] = [*token_list, *roaring].map(ratio);
        let over = *ours as f64 / entropy;
        let _ = writeln!(
            text,
            "| {length} | {listed} ({rate}) | {entropy:.0} | **{ours}** | **{over:.3}** | {token_list} | {roaring} | {clubcard} |"
        );
    }
    text
}

const LEFT: f64 = 70.0;
const TOP: f64 = 70.0;
const WIDTH: f64 = 620.0;
const HEIGHT: f64 = 330.0;
/// The ratios at the bottom and at the top of the plot.
const RANGE: (f64, f64) = (1.0, 3.0);

fn x(rate: usize) -> f64 {
    LEFT + WIDTH * rate as f64 / (RATES.len() - 1) as f64
}

/// Logarithmic, so that ten per cent more look the same everywhere.
fn y(ratio: f64) -> f64 {
    let (low, high) = RANGE;
    TOP + HEIGHT * (1.0 - (ratio / low).ln() / (high / low).ln())
}

/// How a form of sets is called and drawn, and what it takes in a cell.
type Series = (&'static str, &'static str, fn(&Cell) -> Option<usize>);

/// The plot of the lists of 10⁷ positions.
pub(crate) fn svg(cells: &[Cell]) -> String {
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>Bytes of a status list of 10⁷ positions, over entropy</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"16\" font-weight=\"bold\">Bytes ÷ entropy, 10⁷ positions, independently listed</text>\n\
         <text x=\"{LEFT}\" y=\"48\" fill=\"#555\">1.0 is the least that any code needs; both axes are stretched (logarithmic)</text>\n",
        LEFT + WIDTH + 160.0,
        TOP + HEIGHT + 60.0
    );
    for ratio in [1.0, 1.02, 1.1, 1.25, 1.5, 2.0, 2.5, 3.0] {
        let (at, right) = (y(ratio), LEFT + WIDTH);
        let _ = writeln!(
            text,
            "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{ratio}</text>",
            LEFT - 8.0,
            at + 4.0
        );
    }
    for (place, (rate, _)) in RATES.iter().enumerate() {
        let _ = writeln!(
            text,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{rate}</text>",
            x(place),
            TOP + HEIGHT + 22.0
        );
    }
    let _ = writeln!(
        text,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555\">share of positions that are listed</text>",
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 44.0
    );
    let series: [Series; 4] = [
        ("this format", "#0a58ca", |cell| Some(cell.ours)),
        ("Clubcard", "#2e7d32", |cell| cell.clubcard),
        ("Token Status List", "#c62828", |cell| Some(cell.token_list)),
        ("Roaring with runs", "#8d6e00", |cell| Some(cell.roaring)),
    ];
    for (number, (name, colour, bytes)) in series.iter().enumerate() {
        let mut path = String::new();
        let mut dots = String::new();
        for cell in cells.iter().filter(|cell| cell.length == "1e7") {
            let (Some(bytes), Some(place)) = (bytes(cell), RATES.iter().position(|(rate, _)| *rate == cell.rate))
            else {
                continue;
            };
            let (x, y) = (x(place), y((bytes as f64 / cell.entropy).min(RANGE.1)));
            let _ = write!(path, "{}{x:.1} {y:.1}", if path.is_empty() { "M" } else { "L" });
            let _ = write!(dots, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
        }
        let at = TOP + 20.0 * number as f64 + 10.0;
        let right = LEFT + WIDTH + 14.0;
        let width = if number == 0 { 3 } else { 2 };
        let _ = writeln!(
            text,
            "<g fill=\"{colour}\"><path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>{dots}<path d=\"M{right} {at}h18\" stroke=\"{colour}\" \
             stroke-width=\"{width}\"/><text x=\"{}\" y=\"{}\">{name}</text></g>",
            right + 24.0,
            at + 4.0
        );
    }
    text.push_str("</svg>\n");
    text
}
