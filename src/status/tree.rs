//! The Merkle tree hash of RFC 9162 §2.1.1, computed leaf by leaf with one digest a level.

use crate::suite::{Digest, HashAlgorithm, Hasher};

/// Levels: more leaves than 2³² do not occur, for a body has at most 64 MiB.
const LEVELS: usize = 32;

/// A tree that grows leaf by leaf.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    algorithm: HashAlgorithm,
    leaves: u32,
    /// `full[i]` is the hash of a whole subtree of 2^i leaves if bit `i` of `leaves` is set; larger subtrees stand to the left.
    full: [Digest; LEVELS],
}

impl Tree {
    pub(crate) const fn new(algorithm: HashAlgorithm) -> Self {
        Self { algorithm, leaves: 0, full: [Digest::new([0; 32]); LEVELS] }
    }

    /// Appends the leaf whose content is these pieces one after another.
    pub(crate) fn leaf<'a>(&mut self, pieces: impl IntoIterator<Item = &'a [u8]>) {
        // RFC 9162 §2.1.1: 0x00 before a leaf, 0x01 before a node.
        let mut hasher = Hasher::new(self.algorithm);
        hasher.update(&[0]);
        for piece in pieces {
            hasher.update(piece);
        }
        let mut carry = hasher.finish();
        for (level, full) in (0_u32..).zip(&mut self.full) {
            if self.leaves.wrapping_shr(level) & 1 == 0 {
                *full = carry;
                break;
            }
            carry = node(self.algorithm, full, &carry);
        }
        self.leaves = self.leaves.saturating_add(1);
    }

    /// The root; of no leaves, the hash of nothing.
    pub(crate) fn root(&self) -> Digest {
        let mut root = None;
        for (level, full) in (0_u32..).zip(&self.full) {
            if self.leaves.wrapping_shr(level) & 1 == 1 {
                root = Some(match root {
                    None => *full,
                    Some(right) => node(self.algorithm, full, &right),
                });
            }
        }
        root.unwrap_or_else(|| Hasher::new(self.algorithm).finish())
    }
}

fn node(algorithm: HashAlgorithm, left: &Digest, right: &Digest) -> Digest {
    let mut content = [1; 65];
    let [_, children @ ..] = &mut content;
    let (first, second) = children.split_at_mut(32);
    first.copy_from_slice(left.as_bytes());
    second.copy_from_slice(right.as_bytes());
    let mut hasher = Hasher::new(algorithm);
    hasher.update(&content);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;

    /// The tree hash as RFC 9162 §2.1.1 defines it.
    fn defined(leaves: &[Vec<u8>]) -> Digest {
        match leaves {
            [] => Hasher::new(HashAlgorithm::Sha256).finish(),
            [leaf] => {
                let mut hasher = Hasher::new(HashAlgorithm::Sha256);
                hasher.update(&[0]);
                hasher.update(leaf);
                hasher.finish()
            }
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node(HashAlgorithm::Sha256, &defined(&leaves[..split]), &defined(&leaves[split..]))
            }
        }
    }

    #[test]
    fn is_the_hash_that_the_rfc_defines() {
        let leaves: Vec<Vec<u8>> = (0_u8..70).map(|n| alloc::vec![n; usize::from(n)]).collect();
        let mut tree = Tree::new(HashAlgorithm::Sha256);
        assert_eq!(tree.root(), defined(&[]));
        for count in 1..=leaves.len() {
            tree.leaf([&leaves[count - 1][..]]);
            assert_eq!(tree.root(), defined(&leaves[..count]), "{count} leaves");
        }
    }

    /// The trees that implementations of certificate transparency test themselves with.
    #[test]
    fn agrees_with_certificate_transparency() {
        let leaves: [&[u8]; 8] = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::new(HashAlgorithm::Sha256);
        for (leaf, root) in leaves.iter().zip(roots) {
            let (head, tail) = leaf.split_at(leaf.len() / 2);
            tree.leaf([head, tail]);
            assert_eq!(tree.root().to_string(), root);
        }
    }
}
