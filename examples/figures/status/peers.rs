//! The same set in other people's forms: what each takes, in bytes.

use clubcard::builder::{ApproximateRibbon, ClubcardBuilder, ExactRibbon};
use clubcard::{AsQuery, Equation, Filterable, Queryable};
use roaring::RoaringBitmap;
use zlib_rs::{DeflateConfig, ReturnCode, compress_bound, compress_slice};

use super::sets::{Set, mix};

/// A Token Status List of one bit a position, deflated by zlib at level 9: the array alone, without its envelope.
pub(crate) fn token_status_list(set: &Set) -> usize {
    deflated(&set.bitmap()).len()
}

/// What zlib makes of some bytes at level 9.
pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut room = vec![0; compress_bound(bytes.len())];
    let (deflated, answer) = compress_slice(&mut room, bytes, DeflateConfig { level: 9, ..DeflateConfig::default() });
    assert_eq!(answer, ReturnCode::Ok);
    deflated.to_vec()
}

/// Roaring in its portable form, with runs.
pub(crate) fn roaring(set: &Set) -> usize {
    let mut bitmap = RoaringBitmap::from_sorted_iter(set.positions.iter().copied()).expect("ascending");
    bitmap.optimize();
    assert_eq!(bitmap.len(), set.positions.len() as u64);
    bitmap.serialized_size()
}

/// Words of 64 columns in an equation, as in Clubcard's own example.
const WORDS: usize = 4;

/// A position, as Clubcard wants to be asked about it: by a hash.
struct Place {
    bytes: [u8; 4],
    listed: bool,
}

impl AsQuery<WORDS> for Place {
    fn as_query(&self, rows: usize) -> Equation<WORDS> {
        let seed = u64::from(u32::from_le_bytes(self.bytes)) + 1;
        let mut columns: [u64; WORDS] = std::array::from_fn(|word| mix(mix(seed) ^ mix(word as u64 + 1)));
        let row = columns[WORDS - 1] as usize % rows.max(1);
        columns[0] |= 1;
        Equation::inhomogeneous(row, columns, u8::from(!self.listed))
    }

    fn block(&self) -> &[u8] {
        &[]
    }

    fn discriminant(&self) -> &[u8] {
        &self.bytes
    }
}

impl Filterable<WORDS> for Place {
    fn included(&self) -> bool {
        self.listed
    }
}

impl Queryable<WORDS> for Place {
    type UniverseMetadata = u32;
    type PartitionMetadata = ();

    fn in_universe(&self, length: &u32) -> bool {
        u32::from_le_bytes(self.bytes) < *length
    }
}

/// Clubcard's two filters and its exceptions, without what its serialisation adds: of one partition, for nothing is known of the positions.
pub(crate) fn clubcard(set: &Set) -> usize {
    let place = |at: u32, listed| Place { bytes: at.to_le_bytes(), listed };
    let mut builder = ClubcardBuilder::<WORDS, Place>::new();
    let mut approximate = builder.new_approx_builder(&[]);
    set.positions.iter().for_each(|at| approximate.insert(place(*at, true)));
    approximate.set_universe_size(set.length as usize);
    builder.collect_approx_ribbons(vec![ApproximateRibbon::from(approximate)]);
    let mut exact = builder.new_exact_builder(&[]);
    let mut listed = set.positions.iter().copied().peekable();
    for at in 0..set.length {
        exact.insert(place(at, listed.next_if_eq(&at).is_some()));
    }
    builder.collect_exact_ribbons(vec![ExactRibbon::from(exact)]);
    let card = builder.build::<Place>(set.length, ());
    // What is measured answers rightly, wherever it is asked.
    let step = (set.length / 1_000).max(1) as usize;
    for at in (0..set.length).step_by(step).chain(set.positions.iter().copied().step_by(step)) {
        let is_listed = set.positions.binary_search(&at).is_ok();
        assert_eq!(card.unchecked_contains(&place(at, false)), is_listed, "position {at}");
    }
    let filters = card.approx_filter.iter().map(Vec::len).sum::<usize>() + card.exact_filter.len();
    let exceptions = card.index.values().flat_map(|entry| &entry.exceptions).map(Vec::len).sum::<usize>();
    8 * filters + exceptions
}
