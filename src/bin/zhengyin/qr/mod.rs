//! QR codes (ISO/IEC 18004): written as pictures and on the terminal, and read from pictures.

mod draw;
mod picture;
mod read;
mod symbol;

pub(crate) use draw::{Drawn, draw};
pub(crate) use picture::{Gray, MAX_FILE};
pub(crate) use read::read;
pub(crate) use symbol::{Level, MAX_VERSION, Symbol};
