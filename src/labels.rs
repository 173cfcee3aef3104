//! Every number and name on the wire, with its source. Private numbers are ours and are marked so.

/// COSE header labels and algorithm numbers (IANA "COSE Header Parameters" and "COSE Algorithms", as of 2026).
pub mod cose {
    /// `alg` (RFC 9052 §3.1).
    pub const ALG: i64 = 1;
    /// `crit` (RFC 9052 §3.1).
    pub const CRIT: i64 = 2;
    /// `kid` (RFC 9052 §3.1).
    pub const KID: i64 = 4;
    /// `CWT Claims` in a header (RFC 9597).
    pub const CWT_CLAIMS: i64 = 15;
    /// `typ` (RFC 9596).
    pub const TYP: i64 = 16;
    /// `x5chain` (RFC 9360).
    pub const X5CHAIN: i64 = 33;
    /// `payload-hash-alg` (RFC 9995).
    pub const PAYLOAD_HASH_ALG: i64 = 258;
    /// `preimage-content-type` (RFC 9995).
    pub const PREIMAGE_CONTENT_TYPE: i64 = 259;
    /// `3161-ctt` (RFC 9921): a time-stamp token over the signature. Reserved.
    pub const TIMESTAMP_TOKEN: i64 = 270;

    /// Ed25519 (RFC 9864 §2.2).
    pub const ALG_ED25519: i64 = -19;
    /// `EdDSA` (RFC 9053 §2.2), read and never written.
    pub const ALG_EDDSA: i64 = -8;
    /// SM2 with SM3 (GB/T 32918). Private: none is registered.
    pub const ALG_SM2_SM3: i64 = -70_010;
    /// SHA-256 (RFC 9054 §2.1).
    pub const HASH_SHA256: i64 = -16;
    /// SM3 (GB/T 32905). Private: none is registered.
    pub const HASH_SM3: i64 = -70_012;

    /// COSE_Key `kty` (RFC 9052 §7.1).
    pub const KEY_KTY: i64 = 1;
    /// COSE_Key `crv` (RFC 9053 §7.2).
    pub const KEY_CRV: i64 = -1;
    /// COSE_Key `x` (RFC 9053 §7.2).
    pub const KEY_X: i64 = -2;
    /// COSE_Key `y` (RFC 9053 §7.1.1).
    pub const KEY_Y: i64 = -3;
    /// Key type OKP (RFC 9053 §7.2).
    pub const KTY_OKP: u64 = 1;
    /// Key type EC2 (RFC 9053 §7.1.1).
    pub const KTY_EC2: u64 = 2;
    /// Curve Ed25519 (RFC 9053 §7.1).
    pub const CRV_ED25519: i64 = 6;
    /// Curve SM2 (GB/T 32918.5). Private: none is registered.
    pub const CRV_SM2: i64 = -70_011;
}

/// CBOR tags (IANA "CBOR Tags").
pub mod tag {
    /// COSE_Sign1 (RFC 9052 §4.2).
    pub const COSE_SIGN1: u64 = 18;
    /// COSE_Sign (RFC 9052 §4.1).
    pub const COSE_SIGN: u64 = 98;
    /// Days since 1970-01-01 (RFC 8943 §1.1).
    pub const EPOCH_DAYS: u64 = 100;
}

/// CWT claim keys (RFC 8392 §4, RFC 8747) and our private ones.
pub mod cwt {
    /// `iss`.
    pub const ISS: i64 = 1;
    /// `sub`.
    pub const SUB: i64 = 2;
    /// `aud`.
    pub const AUD: i64 = 3;
    /// `exp`.
    pub const EXP: i64 = 4;
    /// `nbf`.
    pub const NBF: i64 = 5;
    /// `iat`.
    pub const IAT: i64 = 6;
    /// `cti`.
    pub const CTI: i64 = 7;
    /// `cnf` (RFC 8747 §3.1).
    pub const CNF: i64 = 8;
    /// `COSE_Key` within `cnf` (RFC 8747 §3.2).
    pub const CNF_COSE_KEY: i64 = 1;
    /// `Nonce` (RFC 9711).
    pub const NONCE: i64 = 39;
    /// Private: the license.
    pub const LICENSE: i64 = -70_001;
    /// Private: where the status stands, `[list, index]`.
    pub const STATUS: i64 = -70_002;
    /// Private: the seal.
    pub const SEAL: i64 = -70_003;
    /// Private: the stamp.
    pub const STAMP: i64 = -70_004;
    /// Private: object digest of the license that a presentation shows.
    pub const PRESENTED: i64 = -70_005;
    /// Private: purpose of a presentation.
    pub const PURPOSE: i64 = -70_006;
    /// Private: the receipt.
    pub const RECEIPT: i64 = -70_007;
}

/// Values of the `typ` header (RFC 9596). The prefix is ours.
pub mod typ {
    /// What all of ours begin with.
    pub const PREFIX: &str = "application/x.zy.";
    /// A license, 电子证照.
    pub const LICENSE: &str = "application/x.zy.license";
    /// A seal, 电子印章.
    pub const SEAL: &str = "application/x.zy.seal";
    /// A stamp, 电子签章.
    pub const STAMP: &str = "application/x.zy.stamp";
    /// The signed header of a status list, 吊销清单.
    pub const STATUS: &str = "application/x.zy.status";
    /// A trust list, 互认清单.
    pub const TRUST: &str = "application/x.zy.trust";
    /// An issuer directory, 颁发机构目录.
    pub const ISSUERS: &str = "application/x.zy.issuers";
    /// A presentation, 亮证.
    pub const PRESENTATION: &str = "application/x.zy.presentation";
    /// A receipt, 核验回执.
    pub const RECEIPT: &str = "application/x.zy.receipt";
    /// Not ours: a Token Status List in CWT form (draft-ietf-oauth-status-list §5.2), written for the verifiers of others.
    pub const TOKEN_LIST: &str = "application/statuslist+cwt";
}

/// Claims of a Token Status List (draft-ietf-oauth-status-list §4.3, §5.2), which is written and never read.
pub mod token_list {
    /// `status_list`.
    pub const STATUS_LIST: i64 = 65_533;
    /// `ttl`.
    pub const TTL: i64 = 65_534;
    /// Bits for each status, within `status_list`.
    pub const BITS: &str = "bits";
    /// The compressed statuses, within `status_list`.
    pub const LST: &str = "lst";
}

/// DER contents of object identifiers (X.660), without tag and length.
pub mod oid {
    /// 2.25.289491636058257126236843353212901155602.1, Mandate. Private, under a UUID (X.667).
    pub const MANDATE: &[u8] = &[
        0x69, 0x83, 0xb3, 0xca, 0x87, 0xe8, 0xa6, 0xa7, 0xfa, 0xa2, 0xc3, 0xbd, 0xd8, 0x8b, 0xbb, 0x97, 0xb8, 0xe1,
        0xc6, 0x12, 0x01,
    ];
    /// 2.25.289491636058257126236843353212901155602.2, under which the extended key usage of use n is .n. Private.
    pub const PURPOSE_ARC: &[u8] = &[
        0x69, 0x83, 0xb3, 0xca, 0x87, 0xe8, 0xa6, 0xa7, 0xfa, 0xa2, 0xc3, 0xbd, 0xd8, 0x8b, 0xbb, 0x97, 0xb8, 0xe1,
        0xc6, 0x12, 0x02,
    ];

    /// 2.5.29.14 (RFC 5280 §4.2.1.2).
    pub const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 14];
    /// 2.5.29.15 (RFC 5280 §4.2.1.3).
    pub const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
    /// 2.5.29.19 (RFC 5280 §4.2.1.9).
    pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
    /// 2.5.29.30 (RFC 5280 §4.2.1.10).
    pub const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
    /// 2.5.29.35 (RFC 5280 §4.2.1.1).
    pub const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];
    /// 2.5.29.37 (RFC 5280 §4.2.1.12).
    pub const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
    /// certificatePolicies, policyMappings, policyConstraints, inhibitAnyPolicy (RFC 5280 §4.2.1.4, .5, .11, .14).
    pub const POLICY_EXTENSIONS: [&[u8]; 4] =
        [&[0x55, 0x1d, 32], &[0x55, 0x1d, 33], &[0x55, 0x1d, 36], &[0x55, 0x1d, 54]];

    /// commonName, 2.5.4.3 (ITU-T X.520).
    pub const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    /// countryName, 2.5.4.6 (ITU-T X.520).
    pub const COUNTRY: &[u8] = &[0x55, 4, 6];
    /// stateOrProvinceName, 2.5.4.8 (ITU-T X.520).
    pub const STATE_OR_PROVINCE: &[u8] = &[0x55, 4, 8];
    /// organizationName, 2.5.4.10 (ITU-T X.520).
    pub const ORGANIZATION: &[u8] = &[0x55, 4, 10];
    /// organizationIdentifier, 2.5.4.97 (ITU-T X.520).
    pub const ORGANIZATION_IDENTIFIER: &[u8] = &[0x55, 4, 97];
}
