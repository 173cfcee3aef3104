#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::template;
use zhengyin::claims::id::TypeCode;

fn catalogue() -> Catalogue {
    Catalogue::read(None).unwrap()
}

#[test]
fn what_is_shipped_is_read_and_written_alike() {
    let catalogue = catalogue();
    assert_eq!(catalogue.types.iter().count(), SHIPPED.len());
    for (name, json) in SHIPPED {
        let definition = parse_definition(json.as_bytes()).unwrap_or_else(|why| panic!("{name}: {}", why.en));
        let written = definition_json(&definition).to_string();
        assert_eq!(parse_definition(written.as_bytes()).unwrap(), definition, "{name}");
        assert_eq!(catalogue.origin(&definition.code), &Origin::Shipped);
        // Whose code is nobody's, or whose standard was not at hand, says so.
        assert!(definition.note.contains("演示") || definition.note.contains("通用"), "{name}");
    }
}

/// What the demonstration issues fits what the types say, and a fault of each is told with its key.
#[test]
fn the_demonstration_data_fits() {
    let catalogue = catalogue();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let mut count = 0;
    for path in files::list(&data).unwrap() {
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let mut facts = template::parse(&files::read(&path, template::MAX_FILE).unwrap()).unwrap().facts;
        assert!(catalogue.types.get(&facts.type_code).is_some(), "{}", path.display());
        let faults = catalogue.types.check(&facts);
        assert!(faults.is_empty(), "{}: {}", path.display(), explain_faults(&facts, &faults).en);
        let field = facts.fields.remove(0);
        let told = explain_faults(&facts, &catalogue.types.check(&facts)).en;
        let definition = catalogue.types.get(&facts.type_code).unwrap();
        let is_required = definition
            .fields
            .iter()
            .any(|known| known.label == field.0 && known.presence == zhengyin::issue::catalogue::Presence::Required);
        assert_eq!(told.contains(": is required"), is_required, "{}: {told}", path.display());
        count += 1;
    }
    assert!(count >= 16);
}

#[test]
fn what_is_wrong_with_a_definition_is_told_with_its_key() {
    let (_, sound) = SHIPPED.iter().find(|(name, _)| *name == "marriage-certificate").unwrap();
    for (from, to, told) in [
        ("zhengyin.type/1", "zhengyin.type/2", "schema: "),
        ("11950000MB000006X2001", "11950000MB000006X300", "code: "),
        ("11950000MB000006X2001", "11950000MB000006X3001", "code: "),
        ("\"min\": 2", "\"min\": 0", "holders.min: 1 or more"),
        ("\"min\": 2", "\"min\": 3", "holders: max is less than min"),
        ("\"until\": \"absent\"", "\"until\": \"never\"", "valid.until: never is none of required, absent, optional"),
        ("\"kind\": \"date\"", "\"kind\": \"day\"", "fields[0].kind: day is none of text, integer"),
        ("J[0-9]{6}-[0-9]{4}-[0-9]{6}", "J[0-9", "number: the pattern is no regular expression"),
        ("\"name\": \"男方姓名\"", "\"name\": \"女方姓名\"", "stands twice"),
        ("\"other_fields\"", "\"others\"", "other_fields is missing"),
        ("\"required\": true", "\"required\": 1", "fields[0].required: true or false"),
        ("\"head\": 6", "\"head\": 600", "600 is no integer"),
        ("\"demanded\"", "\"asked\"", "mask.rule: asked is none of"),
        ("\"citizen_id\"", "\"text\"", "mask: is for citizen_id"),
    ] {
        let wrong = sound.replacen(from, to, 1);
        assert_ne!(wrong, **sound, "{from}");
        let why = parse_definition(wrong.as_bytes()).unwrap_err();
        assert!(why.en.contains(told), "{to}: {}", why.en);
    }
    assert!(TypeCode::parse("11950000MB000006X2001").is_ok());
}

/// Every rule has its Chinese.
#[test]
fn faults_are_told_in_chinese() {
    let catalogue = catalogue();
    let json =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/driving-licence.json"))
            .unwrap();
    for (from, to, told) in [
        ("\"性别\": \"男\"", "\"性别\": \"无\"", "fields.性别：不是 男、女 之一"),
        ("\"until\": \"2036-04-11\"", "\"until\": \"2036-04-10\"", "valid：应为 6 或 10 年"),
        ("\"累积记分\": 0", "\"累积记分\": \"0\"", "fields.累积记分：应为整数"),
        ("\"累积记分\"", "\"积分\"", "fields.积分：该类型没有这一项"),
        ("\"bind\": 1", "\"bind\": 0", "bind：应为 1 或 2"),
        ("\"准驾车型\": \"C1\"", "\"准驾车型\": \"C9\"", "fields.准驾车型：不符合"),
        ("\"id_type\": 111", "\"id_type\": 1", "holders[0].id：代码类型应为 111 或 414"),
    ] {
        let wrong = json.replacen(from, to, 1);
        assert_ne!(wrong, json, "{from}");
        let facts = template::parse(wrong.as_bytes()).unwrap().facts;
        let faults = catalogue.types.check(&facts);
        let [fault] = faults.as_slice() else { panic!("{from}: {faults:?}") };
        let said = explain_fault(&facts, fault).zh;
        assert!(said.starts_with(told), "{said}");
    }
}
