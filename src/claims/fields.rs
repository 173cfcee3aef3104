//! The registry of common field names of 照面信息, what a license shows on its face.
//!
//! A field that many license types share travels as a number instead of a dozen bytes of Chinese, and is shown in the
//! reader's language. Numbers are ours, begin at 1 and are never reused or renamed; new names are added at the end. A reader
//! that meets a number beyond its table shows the number: a newer registry never makes a license unreadable.

use crate::reason::Language;

/// A name in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldName {
    number: u64,
    zh: &'static str,
    en: &'static str,
}

impl FieldName {
    /// Every name, by number.
    pub const ALL: &'static [Self] = REGISTRY;

    /// The number, 1 or more.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The name for people.
    #[must_use]
    pub const fn text(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }

    /// The name of a number, if this registry has it.
    #[must_use]
    pub fn of_number(number: u64) -> Option<&'static Self> {
        let at = REGISTRY.binary_search_by_key(&number, |name| name.number).ok()?;
        REGISTRY.get(at)
    }

    /// The entry whose Chinese or English name is exactly `text`.
    #[must_use]
    pub fn of_text(text: &str) -> Option<&'static Self> {
        REGISTRY.iter().find(|name| name.zh == text || name.en == text)
    }
}

const fn name(number: u64, zh: &'static str, en: &'static str) -> FieldName {
    FieldName { number, zh, en }
}

/// The one table. Headings say where a name was first needed; any license type may use any of them.
#[rustfmt::skip]
const REGISTRY: &[FieldName] = &[
    // People
    name(1, "姓名", "Full name"),
    name(2, "性别", "Sex"),
    name(3, "民族", "Ethnic group"),
    name(4, "国籍", "Nationality"),
    name(5, "出生日期", "Date of birth"),
    name(6, "住址", "Home address"),
    name(7, "身份证件类型", "Identity document type"),
    name(8, "身份证件号码", "Identity document number"),
    name(9, "联系电话", "Telephone"),
    // Any license
    name(10, "备注", "Remarks"),
    name(11, "附记", "Notes"),
    name(12, "发证机关", "Issued by"),
    name(13, "签发人", "Signed by"),
    name(14, "许可证编号", "Permit number"),
    name(15, "档案编号", "File number"),
    // Business license 营业执照
    name(16, "统一社会信用代码", "Unified social credit code"),
    name(17, "名称", "Name"),
    name(18, "类型", "Kind"),
    name(19, "法定代表人", "Legal representative"),
    name(20, "负责人", "Person in charge"),
    name(21, "经营者", "Proprietor"),
    name(22, "组成形式", "Form of organisation"),
    name(23, "注册资本", "Registered capital"),
    name(24, "成立日期", "Date of establishment"),
    name(25, "营业期限", "Term of operation"),
    name(26, "经营范围", "Scope of business"),
    name(27, "住所", "Domicile"),
    name(28, "经营场所", "Place of business"),
    name(29, "登记机关", "Registration authority"),
    name(30, "登记日期", "Date of registration"),
    // Real-estate certificate 不动产权证书
    name(31, "权利人", "Right holder"),
    name(32, "义务人", "Obligor"),
    name(33, "共有情况", "Co-ownership"),
    name(34, "坐落", "Location"),
    name(35, "不动产单元号", "Real-estate unit number"),
    name(36, "权利类型", "Kind of right"),
    name(37, "权利性质", "Nature of right"),
    name(38, "用途", "Use"),
    name(39, "面积", "Area"),
    name(40, "使用期限", "Term of use"),
    name(41, "权利其他状况", "Other particulars of the right"),
    name(42, "证明权利或事项", "Right or matter certified"),
    // Construction permit 建筑工程施工许可证
    name(43, "建设单位", "Employer"),
    name(44, "工程名称", "Project name"),
    name(45, "建设地址", "Site address"),
    name(46, "建设规模", "Scale of construction"),
    name(47, "合同价格", "Contract price"),
    name(48, "合同工期", "Contract period"),
    name(49, "勘察单位", "Survey firm"),
    name(50, "设计单位", "Design firm"),
    name(51, "施工单位", "Contractor"),
    name(52, "监理单位", "Supervision firm"),
    name(53, "工程总承包单位", "General contractor"),
    name(54, "项目负责人", "Project manager"),
    name(55, "总监理工程师", "Chief supervision engineer"),
    // Driving license 机动车驾驶证, vehicle license 机动车行驶证
    name(56, "准驾车型", "Vehicle classes"),
    name(57, "初次领证日期", "Date of first issue"),
    name(58, "号牌号码", "Plate number"),
    name(59, "车辆类型", "Vehicle type"),
    name(60, "所有人", "Owner"),
    name(61, "使用性质", "Purpose of use"),
    name(62, "品牌型号", "Make and model"),
    name(63, "车辆识别代号", "Vehicle identification number"),
    name(64, "发动机号码", "Engine number"),
    name(65, "注册日期", "Date of first registration"),
    // Food operation permit 食品经营许可证
    name(66, "主体业态", "Type of outlet"),
    name(67, "经营项目", "Items of operation"),
    name(68, "日常监督管理机构", "Supervising body"),
    name(69, "投诉举报电话", "Complaints telephone"),
    // Marriage certificate 结婚证
    name(70, "持证人", "Holder"),
    name(71, "男方姓名", "Husband's name"),
    name(72, "男方身份证件号", "Husband's identity number"),
    name(73, "女方姓名", "Wife's name"),
    name(74, "女方身份证件号", "Wife's identity number"),
    name(75, "结婚证字号", "Marriage certificate number"),
    // Medical certificate of birth 出生医学证明
    name(76, "新生儿姓名", "Name of newborn"),
    name(77, "出生时间", "Time of birth"),
    name(78, "出生地点", "Place of birth"),
    name(79, "出生孕周", "Weeks of gestation"),
    name(80, "出生体重", "Weight at birth"),
    name(81, "出生身长", "Length at birth"),
    name(82, "母亲姓名", "Mother's name"),
    name(83, "父亲姓名", "Father's name"),
    name(84, "医疗机构名称", "Medical institution"),
    // Professional qualification and practice 职业资格、执业证书
    name(85, "专业", "Speciality"),
    name(86, "等级", "Grade"),
    name(87, "聘用单位", "Employed by"),
    name(88, "执业地点", "Place of practice"),
    name(89, "执业类别", "Category of practice"),
    name(90, "执业范围", "Scope of practice"),
    name(91, "诊疗科目", "Clinical departments"),
    name(92, "工种类别", "Trade"),
    name(93, "作业项目", "Operations permitted"),
    name(94, "资质类别及等级", "Class and grade of qualification"),
    name(95, "许可范围", "Scope of permit"),
    name(96, "学历", "Education"),
    name(97, "毕业院校", "Graduated from"),
    // Disability certificate 残疾人证
    name(98, "残疾类别", "Kind of disability"),
    name(99, "残疾等级", "Degree of disability"),
    name(100, "监护人", "Guardian"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_at_one_and_leave_no_gap() {
        for (name, number) in FieldName::ALL.iter().zip(1..) {
            assert_eq!(name.number(), number);
            assert_eq!(FieldName::of_number(number), Some(name));
        }
        assert_eq!(FieldName::of_number(0), None);
        assert_eq!(FieldName::of_number(u64::MAX), None);
    }

    #[test]
    fn a_name_belongs_to_one_number() {
        for name in FieldName::ALL {
            for language in [Language::Zh, Language::En] {
                assert_eq!(FieldName::of_text(name.text(language)), Some(name), "{name:?} is not unique");
            }
            assert!(name.text(Language::En).is_ascii() && !name.text(Language::Zh).is_ascii(), "{name:?}");
        }
        assert_eq!(FieldName::of_text("没有"), None);
    }

    // Published numbers are a promise: these are in licenses already.
    #[test]
    fn numbers_are_never_reused() {
        for (number, zh) in
            [(1, "姓名"), (16, "统一社会信用代码"), (35, "不动产单元号"), (56, "准驾车型"), (100, "监护人")]
        {
            assert_eq!(FieldName::of_number(number).map(|name| name.text(Language::Zh)), Some(zh));
        }
    }
}
