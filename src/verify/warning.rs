//! What a person should know besides the verdict.

use crate::claims;
use crate::reason::Language;
use crate::store::ObjectKind;

/// Something that a person should know and that decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A list is past its `next_update` and within the grace that the trust list grants.
    InGrace(ObjectKind),
    /// It belongs to a batch that was issued in error, by the trust list's word, which says what to tell people.
    Defect,
    /// The caller asks about a time before the status list was issued, by which it is in force: a suspension that was lifted since would
    /// not be seen.
    BeforeList,
    /// The presentation names no audience: another verifier cannot know that it was shown here.
    AudienceUnbound,
    /// The caller keeps no presentations that were seen: one that comes again would pass again.
    ReplayUnchecked,
    /// The province is a demonstration or a test.
    TestProvince,
    /// The time of the stamp is its signer's word alone: no time stamp shows that it existed then.
    TimeSelfAsserted,
    /// The file holds an object more than once.
    Repeated,
    /// A value in the license is not what its standard computes.
    License(claims::Warning),
}

impl Warning {
    /// The symbol, such as `warning.grace.status-list`. Never changed.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::InGrace(ObjectKind::TrustList) => "warning.grace.trust-list",
            Self::InGrace(ObjectKind::Directory) => "warning.grace.directory",
            Self::InGrace(ObjectKind::StatusList) => "warning.grace.status-list",
            Self::Defect => "warning.defect",
            Self::BeforeList => "warning.before_list",
            Self::AudienceUnbound => "warning.audience_unbound",
            Self::ReplayUnchecked => "warning.replay_unchecked",
            Self::TestProvince => "warning.test_province",
            Self::TimeSelfAsserted => "warning.time_self_asserted",
            Self::Repeated => "warning.repeated",
            Self::License(warning) => warning.symbol(),
        }
    }

    /// The text for people.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::InGrace(ObjectKind::TrustList), Language::Zh) => "互认清单已过更新期，仍在宽限期内",
            (Self::InGrace(ObjectKind::TrustList), Language::En) => "The trust list is overdue and within its grace",
            (Self::InGrace(ObjectKind::Directory), Language::Zh) => "机构目录已过更新期，仍在宽限期内",
            (Self::InGrace(ObjectKind::Directory), Language::En) => {
                "The issuer directory is overdue and within its grace"
            }
            (Self::InGrace(ObjectKind::StatusList), Language::Zh) => "吊销清单已过更新期，仍在宽限期内",
            (Self::InGrace(ObjectKind::StatusList), Language::En) => "The status list is overdue and within its grace",
            (Self::Defect, Language::Zh) => "属于已公布的瑕疵批次，仍可采信",
            (Self::Defect, Language::En) => {
                "It belongs to a published batch of known defects that does not make it invalid"
            }
            (Self::BeforeList, Language::Zh) => "所问时间早于吊销清单：其间暂扣或挂失后又解除的，清单上看不出",
            (Self::BeforeList, Language::En) => {
                "The time asked about lies before the status list: a suspension or loss that was lifted since would not show"
            }
            (Self::AudienceUnbound, Language::Zh) => "亮证未限定对象：别处无从得知它已在此使用",
            (Self::AudienceUnbound, Language::En) => {
                "The presentation names no audience: elsewhere nobody can know that it was used here"
            }
            (Self::ReplayUnchecked, Language::Zh) => "未记录已用过的亮证：重复使用不会被发现",
            (Self::ReplayUnchecked, Language::En) => {
                "No presentations are kept: one that comes again would not be noticed"
            }
            (Self::TestProvince, Language::Zh) => "演示或测试省份，不具法律效力",
            (Self::TestProvince, Language::En) => "A demonstration or test province, without legal force",
            (Self::TimeSelfAsserted, Language::Zh) => "签章时间由签章者自述，没有可信时间戳证明",
            (Self::TimeSelfAsserted, Language::En) => {
                "The time of the stamp is its signer's own word: no trusted time stamp proves it"
            }
            (Self::Repeated, Language::Zh) => "同一对象在文件中重复出现",
            (Self::Repeated, Language::En) => "The file holds an object more than once",
            (Self::License(warning), language) => warning.text(language),
        }
    }
}
