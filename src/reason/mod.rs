//! The one table of grounds: number, symbol, class, remedy, what must not be concluded, the word on its axis, the result code of GB/T
//! 36906, and the texts in Chinese and English.
//!
//! Numbers stand in bands by step (1xx encoding, 2xx issuer, 3xx signature, 4xx period, 5xx status, 6xx recognition, 7xx presentation,
//! 8xx document and seal, 9xx store and caller) and are never reused. Rust, JSON, documents and test vectors all read this table.

/// What a ground says of the step that it is the ground of. The table decides it, so that no caller can misjudge one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Authenticated proof that more data cannot reverse, or that holds as of an object before its `next_update`.
    Invalid,
    /// Anything else that is not good: more data may turn it either way.
    Undetermined,
}

/// The language of a text for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// 简体中文.
    Zh,
    /// English.
    En,
}

/// One of the four words in which a report sums itself up for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Is it genuine? Steps `encoding`, `issuer` and `signature`.
    Authenticity,
    /// Is it in force? Steps `period` and `status`.
    Currency,
    /// Is it recognised here? Step `recognition`.
    Recognition,
    /// Was it shown by the one whom it is about, to us? Step `presentation`.
    Presentation,
}

impl Axis {
    /// Every axis.
    pub const ALL: [Self; 4] = [Self::Authenticity, Self::Currency, Self::Recognition, Self::Presentation];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authenticity => "authenticity",
            Self::Currency => "currency",
            Self::Recognition => "recognition",
            Self::Presentation => "presentation",
        }
    }

    /// Every word that a report may have on it.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Authenticity => &["genuine", "forged", "unauthorised", "unknown"],
            Self::Currency => &[
                "in-force",
                "not-yet",
                "expired",
                "suspended",
                "revoked",
                "superseded",
                "cancelled",
                "withdrawn",
                "void",
                "unknown",
            ],
            Self::Recognition => &["local", "recognised", "conditional", "refused", "not-asked", "unknown"],
            Self::Presentation => &["live", "static", "replayed", "missing", "misdirected", "unknown"],
        }
    }
}

macro_rules! texts {
    ($(#[$doc:meta])* $name:ident: $($variant:ident $zh:literal $en:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the texts of the table are the documentation")]
        pub enum $name {
            $($variant,)*
        }

        impl $name {
            /// The text for people; empty for `None`.
            #[must_use]
            pub const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Zh) => $zh, (Self::$variant, Language::En) => $en,)*
                }
            }
        }
    };
}

macro_rules! reasons {
    ($(
        $number:literal $variant:ident $symbol:literal $class:ident $remedy:ident $caution:ident $word:literal $code:literal
        $zh:literal $en:literal;
    )*) => {
        /// The ground of an outcome.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum Reason {
            $(#[doc = $en] $variant = $number,)*
        }

        impl Reason {
            /// Every ground, by number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number, unique and never reused.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$variant => $number,)* }
            }

            /// The symbol, such as `status.revoked`.
            #[must_use]
            pub const fn symbol(self) -> &'static str {
                match self { $(Self::$variant => $symbol,)* }
            }

            /// What the ground says of its step.
            #[must_use]
            pub const fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class,)* }
            }

            /// What to do next.
            #[must_use]
            pub const fn remedy(self) -> Remedy {
                match self { $(Self::$variant => Remedy::$remedy,)* }
            }

            /// What must not be concluded.
            #[must_use]
            pub const fn caution(self) -> Caution {
                match self { $(Self::$variant => Caution::$caution,)* }
            }

            /// What its axis reads where this ground decides it: one of [`crate::reason::Axis::words`].
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The `verify-info` result code of GB/T 36906 where this ground decides it. 0 to 3 assert that the content is right, so no
            /// ground that doubts the content has one of them.
            #[must_use]
            pub const fn result_code(self) -> u8 {
                match self { $(Self::$variant => $code,)* }
            }

            /// The text for people.
            #[must_use]
            pub const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Zh) => $zh, (Self::$variant, Language::En) => $en,)*
                }
            }

            /// The ground of a number.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }

            /// The ground of a symbol.
            #[must_use]
            pub fn from_symbol(symbol: &str) -> Option<Self> {
                match symbol { $($symbol => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

texts! {
    /// What to do next.
    Remedy:
    None "" "";
    Rescan "请重新扫描，或改用文件。" "Scan again, or use the file instead.";
    AskIssuer "请向颁发机构核实。" "Ask the issuing authority.";
    AskProvince "请联系有关省份的数据管理机构。" "Ask the data bureau of the province concerned.";
    ShowOther "请出示正确的证照或二维码。" "Ask for the right credential or code.";
    ShowNewer "请出示换发后的新证。" "Ask for the newer license that replaced it.";
    ScanParts "请逐个扫描同一份证照的各部分。" "Scan each part of the same license's code.";
    UpdateVerifier "请升级本核验程序后再核验。" "Update this verifier and verify again.";
    UpdatePack "请装入较新的核验包后再核验。" "Apply a newer pack and verify again.";
    WaitUntil "生效后再核验。" "Verify again once it has come into force.";
    Renew "请持证人办理延续或换发。" "The holder should renew it.";
    Refresh "请持证人更新电子凭证后再出示；不影响证照效力。" "The holder should refresh the credential; the license itself is not affected.";
    CheckClock "请校准本机时钟后再核验。" "Set this device's clock and verify again.";
    SetRegion "请设定本机所在区划。" "Configure this verifier's region.";
    ShowAlone "请只出示证照本身，不附亮证。" "Show the license alone, without a presentation.";
    UseChallenge "请改用核验码：由核验方出示，持证人扫描后用本人密钥回答。" "Use a challenge: show one, which the holder scans and answers with the holder's key.";
    AnswerChallenge "请持证人扫描核验方出示的核验码后重新出示。" "Ask the holder to scan the challenge that is shown, and to present again.";
    AskHolder "请持证人用本人密钥现场出示。" "Ask the holder to present it live with the holder's key.";
    NameContext "请说明本次核验的用途和核验方后再核验。" "State the purpose and audience of this check and verify again.";
    AskThen "请在所问时间到来之后再核验。" "Verify again when the time asked about has come.";
    UseArchive "请用当时的信任库或核验包核验。" "Verify with a store, or packs, of that time.";
    NameUse "请说明证照用于何种事项后再核验。" "State what the license is used for and verify again.";
    ShowDocument "请给出签章所针对的原始文件。" "Give the very file that was stamped.";
    GiveDocument "请给出文件本身，或按该算法计算的摘要。" "Give the document itself, or its digest by that hash.";
    GiveStamps "请索取含印章的签章文件（.zys）。" "Ask for the file of stamps with its seals (.zys).";
    AskOwner "请向用印单位核实。" "Ask the owner of the seal.";
    AskMaker "请向制章单位核实。" "Ask the maker of the seal.";
    NameLicense "请连同所属的证照一起核验。" "Verify it together with the license that it belongs to.";
    AcceptSuite "请改用本机策略采信的算法所签发的凭证或数据，或按规定调整策略。" "Ask for what is signed by an algorithm that this verifier's policy accepts, or change the policy.";
    InitStore "请先装入信任库：zhengyin store init。" "Set up the store first: zhengyin store init.";
    SeeOther "请看未通过的那一步。" "See the step that did not pass.";
    KeepOurs "继续使用已持有的对象；请核实来源。" "What is held stays in use; check where the object came from.";
    CheckPin "请向可信的人核对摘要。" "Check the digest with a person you trust.";
    AskForOriginal "请向出具回执的一方索取原件。" "Ask whoever wrote the receipt for the original.";
    NameDevice "请核实该回执由哪台设备签署，并给出其密钥指纹或登记它的信任库。" "Find out whose device signed it, and give its key's fingerprint or a store that lists it.";
    GiveEvidence "请提供所核验的证照和当时的信任数据（核验包或信任库）。" "Give the license that was verified, and the packs or the store of that time.";
    ReplayThere "请用出具回执的版本重放。" "Replay it with the version that wrote it.";
    RestoreList "请重新装入含该清单的核验包，或从备份恢复。" "Apply a pack with that list, or a newer one, or restore it from a backup.";
    RestoreStore "请从备份恢复，或重新装入核验包。" "Restore it from a backup, or set it up again from a pack.";
}

texts! {
    /// What must not be concluded.
    Caution:
    None "" "";
    Damage "不要据此认定有人造假：数据可能只是损坏。" "Do not conclude that anyone forged it: the data may just be damaged.";
    NotForged "不要据此认定证照是伪造的。" "Do not conclude that the license is forged.";
    NotForgedStamp "不要据此认定签章或印章是伪造的。" "Do not conclude that the stamp or the seal is forged.";
    NotLicense "不要据此对证照本身下任何结论。" "Do not conclude anything about the license from this.";
    NotHolder "不要据此认定面前的人就是或不是持证人。" "Do not conclude that the person present is, or is not, the holder.";
}

impl Reason {
    /// The axis that it speaks on, by its band; `None` for 9xx, of the store and the caller: of whatever step it is the ground of.
    #[must_use]
    pub const fn axis(self) -> Option<Axis> {
        match self.number() {
            100..400 | 800..900 => Some(Axis::Authenticity),
            400..600 => Some(Axis::Currency),
            600..700 => Some(Axis::Recognition),
            700..800 => Some(Axis::Presentation),
            _ => None,
        }
    }
}

mod table;
#[cfg(test)]
mod tests;

pub use table::Reason;
