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
        tree.push(leaf(HashAlgorithm::Sha256, [&leaves[count - 1][..]]));
        assert_eq!(tree.root(), defined(&leaves[..count]), "{count} leaves");
    }
}

#[test]
fn any_leaves_and_their_path_give_the_root() {
    let digests: Vec<Digest> = (0_u8..37).map(|n| leaf(HashAlgorithm::Sha256, [&[n][..]])).collect();
    for size in 1..=digests.len() {
        let mut tree = Tree::new(HashAlgorithm::Sha256);
        digests[..size].iter().for_each(|digest| tree.push(*digest));
        let leaves = u32::try_from(size).unwrap();
        for step in 1..=leaves {
            for first in [0, 1, leaves / 2, leaves - 1] {
                let targets: Vec<u32> = (first..leaves).step_by(step.try_into().unwrap()).take(7).collect();
                let path: Vec<Digest> = around(leaves, &targets)
                    .into_iter()
                    .map(|subtree| {
                        let mut tree = Tree::new(HashAlgorithm::Sha256);
                        subtree.for_each(|leaf| tree.push(digests[usize::try_from(leaf).unwrap()]));
                        tree.root()
                    })
                    .collect();
                let mut known: Vec<_> =
                    targets.iter().map(|at| (*at, digests[usize::try_from(*at).unwrap()])).collect();
                let mut left = path.iter().copied();
                let climbed = climb(HashAlgorithm::Sha256, leaves, &known, &mut left);
                assert_eq!((climbed, left.next()), (Some(tree.root()), None), "{targets:?} of {leaves}");
                if let Some((_, one)) = known.first_mut() {
                    *one = node(HashAlgorithm::Sha256, one, one);
                    let climbed = climb(HashAlgorithm::Sha256, leaves, &known, &mut path.iter().copied());
                    assert_ne!(climbed, Some(tree.root()), "another leaf {targets:?} of {leaves}");
                }
                if let Some((_, shorter)) = path.split_last() {
                    let climbed = climb(HashAlgorithm::Sha256, leaves, &known, &mut shorter.iter().copied());
                    assert!(known.is_empty() || climbed.is_none(), "a hash is missing");
                }
            }
        }
    }
}

/// RFC 9162 §2.1.3.1, the example's tree of seven leaves: the path of d0 is b, h, l; that of d3 c, g, l; of d4 f, j, k; of d6 i, k.
#[test]
fn the_path_of_one_leaf_is_that_of_the_rfc() {
    assert_eq!(around(7, &[0]), [1..2, 2..4, 4..7]);
    assert_eq!(around(7, &[3]), [0..2, 2..3, 4..7]);
    assert_eq!(around(7, &[4]), [0..4, 5..6, 6..7]);
    assert_eq!(around(7, &[6]), [0..4, 4..6]);
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
    for (content, root) in leaves.iter().zip(roots) {
        let (head, tail) = content.split_at(content.len() / 2);
        tree.push(leaf(HashAlgorithm::Sha256, [head, tail]));
        assert_eq!(tree.root().to_string(), root);
    }
}
