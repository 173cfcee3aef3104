//! Seals that are drawn (印模): a unit's round seal with its star, an oval one, a person's square one, as SVG of plain shapes.
//!
//! Proportions are those of 国发〔1999〕25号 (round, the name on the arc from left to right, star in the middle), of what the police's rules for
//! engraving add (a star of a third of the diameter, a border of 1.2 mm at 42 mm), and for the oval seal for invoices of 国家税务总局公告2011年第7号.
//! Lengths are hundredths of a millimetre, from the middle of the seal, downwards; characters are outlines, so a seal looks the same everywhere.
#![allow(
    clippy::float_arithmetic,
    reason = "lengths and angles of a drawing, rounded to hundredths of a millimetre where they are written"
)]

mod oval;
mod pen;
mod round;
mod square;
mod writing;

use crate::output::{Failure, say};
use crate::page::Fonts;
use pen::Pen;
use std::fmt::Write;
use writing::Writing;

/// The red of a seal.
const RED: &str = "#d40000";
/// Hundredths of a millimetre in one.
const MM: f64 = 100.0;

/// What is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// A unit's: the name on an arc, a star, what the seal is for below.
    Round,
    /// A unit's without a star: the name on an arc, a line in the middle, what the seal is for below.
    Oval,
    /// A person's.
    Square,
}

/// What stands on a seal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) shape: Shape,
    /// The owner's name.
    pub(crate) name: &'a str,
    /// What the seal is for, as 合同专用章; below the star.
    pub(crate) below: Option<&'a str>,
    /// The line in the middle of an oval seal.
    pub(crate) middle: Option<&'a str>,
    /// On paper, in millimetres.
    pub(crate) millimetres: [u8; 2],
}

impl Shape {
    /// The usual size. 国发〔1999〕25号: no more than 45 mm for units; special seals are a size smaller than the unit's own.
    pub(crate) const fn usual_size(self, is_special: bool) -> [u8; 2] {
        match (self, is_special) {
            (Self::Round, false) => [42, 42],
            (Self::Round, true) => [40, 40],
            (Self::Oval, _) => [40, 30],
            (Self::Square, _) => [18, 18],
        }
    }
}

/// Draws a seal, as SVG.
pub(crate) fn draw(plan: &Plan<'_>, fonts: &Fonts<'_>) -> Result<String, Failure> {
    let name: String = plan.name.chars().filter(|c| !c.is_whitespace()).collect();
    let texts = [Some(name.as_str()), plan.below, plan.middle];
    fonts.check(&texts.iter().flatten().copied().collect::<Vec<_>>())?;
    let [width, height] = plan.millimetres;
    if plan.shape != Shape::Oval && width != height {
        return Err(Failure::usage(say!(
            "圆形和方形印章的宽高应相同",
            "a round or a square seal is as high as it is wide"
        )));
    }
    let writing = Writing::new(fonts);
    let [width, height] = plan.millimetres.map(|side| f64::from(side) * MM);
    let mut pen = Pen::default();
    let border = match plan.shape {
        Shape::Round => round::draw(plan, &name, width, &writing, &mut pen)?,
        Shape::Oval => oval::draw(plan, &name, (width, height), &writing, &mut pen)?,
        Shape::Square => square::draw(&name, width, &writing, &mut pen)?,
    };
    let (half_width, half_height) = (pen::whole(width / 2.0), pen::whole(height / 2.0));
    let (width, height) = (pen::whole(width), pen::whole(height));
    let mut svg = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-{half_width} -{half_height} {width} {height}\">{border}\
         <path fill=\"{RED}\" d=\"{}\"/></svg>",
        pen.finish()
    );
    Ok(svg)
}

/// The name does not fit.
fn too_long(name: &str) -> Failure {
    let count = name.chars().count();
    Failure::usage(say!("{count} 个字放不进这种印章", "a seal of this form has no room for {count} characters"))
        .because(say!("请自绘图片，用 --picture 给出", "draw it yourself and name the picture by --picture"))
}

#[cfg(test)]
mod tests;
