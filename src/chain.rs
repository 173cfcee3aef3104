//! From a signer to a mandate under an anchor.
