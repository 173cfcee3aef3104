//! Group `recognition`: where a license is shown, for what, and by which rule it counts there.
//!
//! Each scene is a trust list with rules. Who asks for what in it, and which rule answers, stands in `recognition/table.txt`, which was
//! written by hand from docs/procedure.md §6; nothing in it is computed by the library. What a table cannot say is in `recognition/apart.rs`.

#[path = "recognition/apart.rs"]
mod apart;

use std::collections::BTreeMap;

use zhengyin::claims::Binding;
use zhengyin::claims::id::{Region, TypeCode, TypePrefix};
use zhengyin::reason::{Class, Reason};
use zhengyin::status::State;
use zhengyin::time::Period;
use zhengyin::trust::{Effect, LegalBasis, Rule};
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, ISSUER, Setup, title};
use super::scene::{HEALTH, HOUSING, small_world};
use super::world::{DAY, Issued, World, data, key, prefix};

const MARKET: &str = "11950000MB0000019Y";
const BUSINESS: &str = "11950000MB0000019Y001";
const FOOD: &str = "11950000MB0000019Y002";
const BUILDING: &str = "11950000MB0000035L";

/// A rule in province 98 about everything of the market authority in province 99, from a hundred days ago to in a hundred days.
pub(crate) fn rule(world: &World, id: &str, effect: Effect) -> Rule {
    Rule {
        id: id.into(),
        revision: 1,
        recognised_in: vec![prefix("98")],
        from: vec![prefix("99")],
        types: vec![TypePrefix::parse(MARKET).unwrap()],
        as_type: None,
        use_cases: None,
        effect,
        period: world.period(-100 * DAY, 100 * DAY),
        min_binding: None,
        max_status_age: None,
        class: None,
        legal_basis: LegalBasis {
            document: format!("示例发〔2026〕{}号", id.len()),
            zh: format!("示例互认协议（{id}）"),
            en: format!("Example agreement ({id})"),
        },
    }
}

trait With {
    fn inside(self, regions: &[&str]) -> Self;
    fn from(self, regions: &[&str]) -> Self;
    fn types(self, types: &[&str]) -> Self;
    fn uses(self, uses: &[&str]) -> Self;
    fn revision(self, revision: u64) -> Self;
    fn during(self, world: &World, from: i64, until: i64) -> Self;
}

impl With for Rule {
    fn inside(mut self, regions: &[&str]) -> Self {
        self.recognised_in = regions.iter().map(|region| prefix(region)).collect();
        self
    }

    fn from(mut self, regions: &[&str]) -> Self {
        self.from = regions.iter().map(|region| prefix(region)).collect();
        self
    }

    fn types(mut self, types: &[&str]) -> Self {
        self.types = types.iter().map(|prefix| TypePrefix::parse(prefix).unwrap()).collect();
        self
    }

    fn uses(mut self, uses: &[&str]) -> Self {
        self.use_cases = Some(uses.iter().map(|one| (*one).into()).collect());
        self
    }

    fn revision(mut self, revision: u64) -> Self {
        self.revision = revision;
        self
    }

    fn during(mut self, world: &World, from: i64, until: i64) -> Self {
        self.period = world.period(from, until);
        self
    }
}

/// The federation of the scenes and the licenses that are shown in them, by name.
struct Land {
    world: World,
    licenses: BTreeMap<&'static str, Issued>,
}

impl Land {
    fn new() -> Self {
        let mut land = Self { world: small_world(), licenses: BTreeMap::new() };
        land.issue("business", "business-license", "990102", BUSINESS, Binding::Bearer);
        land.issue("neighbour", "business-license", "990101", BUSINESS, Binding::Bearer);
        land.issue("city", "business-license", "990100", BUSINESS, Binding::Bearer);
        land.issue("food", "business-license", "990102", FOOD, Binding::Bearer);
        land.issue("identity", "business-license", "990102", BUSINESS, Binding::Identity);
        land.issue("keyed", "business-license", "990102", BUSINESS, Binding::HolderKey);
        land.issue("building", "construction-permit", "990301", "11950000MB0000035L001", Binding::Bearer);
        land.issue("clinic", "medical-institution-license", "980101", "11950000MB0000051A001", Binding::Bearer);
        land.issue("revoked", "business-license", "990102", BUSINESS, Binding::Bearer);
        let revoked = land.licenses["revoked"].clone();
        land.world.set_state(&revoked, State::Revoked);
        land
    }

    fn issue(&mut self, name: &'static str, template: &str, region: &str, type_code: &str, binding: Binding) {
        let template = data::license(template);
        let authority = match template.authority.as_str() {
            known if [ISSUER, HOUSING, HEALTH].contains(&known) => known.to_owned(),
            other => panic!("{other} is not of the small world"),
        };
        let mut credential = self.world.credential(&authority);
        let mut facts = template.facts;
        facts.region = Region::parse(region).unwrap();
        facts.type_code = TypeCode::parse(type_code).unwrap();
        facts.binding = binding;
        if binding == Binding::HolderKey {
            credential.holder_key = Some(key("holder").public_key().clone());
        }
        self.licenses.insert(name, self.world.issue_as(facts, credential));
    }

    fn bytes(&self, name: &str) -> &[u8] {
        &self.licenses[name].bytes
    }

    fn ruled(&self, rules: Vec<Rule>) -> World {
        let mut world = self.world.clone();
        world.trust.rules = rules;
        world
    }
}

/// A row of the table. The times are seconds after the base time.
struct Row {
    name: &'static str,
    license: &'static str,
    here: Option<&'static str>,
    use_case: Option<&'static str>,
    at: i64,
    until: i64,
    answer: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// The rows of a scene.
fn rows(scene: &str) -> Vec<Row> {
    let given = |text: &'static str| (text != "-").then_some(text);
    let lines = include_str!("recognition/table.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let cells = lines.map(|line| line.split(" | ").collect::<Vec<_>>()).filter(|cells| cells[0] == scene);
    let rows: Vec<Row> = cells
        .map(|cells| {
            let [_, name, license, here, use_case, at, until, answer, zh, en] = cells[..] else { panic!("{cells:?}") };
            let name = format!("rules-{scene}-{name}").leak();
            let (here, use_case) = (given(here), given(use_case));
            Row {
                name,
                license,
                here,
                use_case,
                at: at.parse().unwrap(),
                until: until.parse().unwrap(),
                answer,
                zh,
                en,
            }
        })
        .collect();
    assert!(!rows.is_empty(), "no rows of {scene}");
    rows
}

/// What a verifier of this world holds to judge one of its licenses.
fn setup(land: &Land, world: &World, row: &Row) -> Setup {
    let authority = land.licenses[row.license].credential.issuer.as_str();
    let province = authority.get(2..4).unwrap();
    let objects = [world.trust_object(), world.directory_object(province), world.status_object(authority)];
    Setup::holding(world, objects).at(row.at).with(|setup| {
        setup.region = row.here;
        setup.use_case = row.use_case;
        setup.presentation = false;
        setup.recognition = row.answer != "not-asked";
    })
}

fn answer(rules: &[Rule], row: &Row) -> Answer {
    let mut words = row.answer.split(' ');
    let said = words.next().unwrap();
    let mut named: Vec<&Rule> = Vec::new();
    for word in words {
        let (id, revision) = word.split_once('#').unwrap();
        let fits = |rule: &&Rule| rule.id == id && rule.revision.to_string() == revision;
        // One that is named twice stands in the list twice.
        named.push(rules.iter().filter(fits).find(|rule| !named.contains(rule)).expect("a rule of the scene"));
    }
    let unknown = |reason| Answer::undetermined(Step::Recognition, reason);
    let mut answer = match said {
        "local" => Answer::valid(),
        "not-asked" => Answer::valid().recognition_not_asked(),
        "no-rule" => unknown(Reason::RecognitionNoRule),
        "by" => Answer::valid(),
        "tie" => unknown(Reason::RecognitionAmbiguous),
        ground => match Reason::from_symbol(ground).expect("a ground") {
            reason if reason.class() == Class::Invalid => Answer::invalid(Step::Recognition, reason),
            reason => unknown(reason),
        },
    };
    // The status list is due a day after the base time, and the clock may be two minutes off.
    if row.at + 120 >= DAY {
        answer = answer.warned("warning.grace.status-list");
    }
    answer.ruled(&named).until(row.until)
}

/// One case a row.
fn table(cases: &mut Cases, land: &Land, scene: &str, rules: &[Rule]) {
    let world = land.ruled(rules.to_vec());
    for row in rows(scene) {
        let setup = setup(land, &world, &row);
        cases.verify(title(row.name, row.zh, row.en), &setup, land.bytes(row.license), answer(rules, &row));
    }
}

pub(crate) fn all(cases: &mut Cases) {
    let land = Land::new();
    for (scene, rules) in scenes(&land.world) {
        table(cases, &land, scene, &rules);
    }
    apart::all(cases, &land);
}

/// The lists of rules, by the names of their scenes.
fn scenes(world: &World) -> Vec<(&'static str, Vec<Rule>)> {
    let of_types = of_types(world);
    let reversed = of_types.iter().rev().cloned().collect();
    let crowd = (1..=65).map(|number| rule(world, &format!("M-{number:02}"), Effect::Recognise)).collect();
    vec![
        ("of-types", of_types),
        ("of-types-in-another-order", reversed),
        ("of-origins", of_origins(world)),
        ("of-places", of_places(world)),
        ("by-origin-or-place", by_origin_or_place(world)),
        ("by-type-or-place", by_type_or_place(world)),
        ("by-use-or-type", by_use_or_type(world)),
        ("of-uses", of_uses(world)),
        ("of-one-use", vec![rule(world, "V-only", Effect::Recognise).uses(&["企业登记"])]),
        ("of-binding", of_binding(world)),
        ("of-status-age", of_status_age(world)),
        ("of-periods", of_periods(world)),
        ("of-revisions", of_revisions(world)),
        ("that-tie", that_tie(world)),
        ("too-many", crowd),
        ("with-directions", with_directions(world)),
    ]
}

/// The longer type prefix speaks more specifically.
fn of_types(world: &World) -> Vec<Rule> {
    vec![
        rule(world, "T-all", Effect::Recognise),
        rule(world, "T-food", Effect::Refuse).types(&[FOOD]),
        rule(world, "T-building", Effect::Manual).types(&["11950000MB0000035L001"]),
    ]
}

/// The longer prefix of where the license comes from speaks more specifically.
fn of_origins(world: &World) -> Vec<Rule> {
    let both: &[&str] = &[MARKET, BUILDING];
    vec![
        rule(world, "F-province", Effect::Recognise).types(both),
        rule(world, "F-city", Effect::Refuse).types(both).from(&["9901"]),
        rule(world, "F-county", Effect::Manual).types(both).from(&["990102"]),
        rule(world, "F-city-itself", Effect::Recognise).types(both).from(&["990100"]),
    ]
}

/// The longer prefix of where the license is shown speaks more specifically.
fn of_places(world: &World) -> Vec<Rule> {
    vec![
        rule(world, "I-province", Effect::Recognise),
        rule(world, "I-city", Effect::Refuse).inside(&["9801"]),
        rule(world, "I-county", Effect::Manual).inside(&["980102"]),
        rule(world, "I-two", Effect::Recognise).inside(&["980301", "97"]),
    ]
}

/// The origin counts before the place.
fn by_origin_or_place(world: &World) -> Vec<Rule> {
    let both: &[&str] = &[MARKET, BUILDING];
    vec![
        rule(world, "C-from", Effect::Refuse).types(both).from(&["9901"]),
        rule(world, "C-in", Effect::Recognise).types(both).inside(&["9801"]),
    ]
}

/// The type counts before both.
fn by_type_or_place(world: &World) -> Vec<Rule> {
    vec![
        rule(world, "D-type", Effect::Recognise).types(&[BUSINESS]),
        rule(world, "D-places", Effect::Refuse).from(&["990102"]).inside(&["980101"]),
    ]
}

/// The use counts before the type.
fn by_use_or_type(world: &World) -> Vec<Rule> {
    vec![
        rule(world, "E-use", Effect::Recognise).uses(&["企业登记"]),
        rule(world, "E-type", Effect::Refuse).types(&[BUSINESS]),
    ]
}

/// Rules for some uses, and one for any.
fn of_uses(world: &World) -> Vec<Rule> {
    let mut conditional = rule(world, "U-two", Effect::Conditional).uses(&["企业登记", "招标投标"]);
    conditional.min_binding = Some(0);
    vec![rule(world, "U-any", Effect::Recognise), rule(world, "U-tax", Effect::Refuse).uses(&["办理纳税"]), conditional]
}

/// How strongly a license must be bound to its holder.
fn of_binding(world: &World) -> Vec<Rule> {
    let least = |id: &str, effect, types: &[&str], least| {
        let mut rule = rule(world, id, effect).types(types);
        rule.min_binding = Some(least);
        rule
    };
    vec![
        least("B-1", Effect::Conditional, &[BUSINESS], 1),
        least("B-2", Effect::Conditional, &[FOOD], 2),
        least("B-0", Effect::Conditional, &[BUILDING], 0),
        least("B-in", Effect::Recognise, &[BUSINESS], 2).inside(&["9802"]),
    ]
}

/// The status list is an hour old, and the clock may be two minutes off.
fn of_status_age(world: &World) -> Vec<Rule> {
    let mut aged = rule(world, "A-2h", Effect::Conditional);
    aged.max_status_age = Some(7_200);
    let mut strict = rule(world, "A-30min", Effect::Conditional).inside(&["9802"]);
    strict.max_status_age = Some(1_800);
    let mut never = rule(world, "A-0", Effect::Conditional).inside(&["9803"]);
    never.max_status_age = Some(0);
    let mut any = rule(world, "A-any", Effect::Conditional).inside(&["9804"]);
    any.max_status_age = Some(u64::MAX);
    vec![aged, strict, never, any]
}

/// Each rule in a county of its own; the window of time is from two minutes before the base time to two minutes after it.
fn of_periods(world: &World) -> Vec<Rule> {
    let of = |id: &str, county: &str, from: i64, until: i64| {
        rule(world, id, Effect::Recognise).inside(&[county]).during(world, from, until)
    };
    let mut endless = of("P-endless", "980111", -DAY, DAY);
    endless.period = Period::new(endless.period.from(), None).unwrap();
    vec![
        of("P-ends", "980101", -10 * DAY, 2 * DAY),
        of("P-ended", "980102", -10 * DAY, -DAY),
        of("P-to-come", "980103", DAY, 10 * DAY),
        of("P-begins-now", "980104", 60, DAY),
        of("P-ends-now", "980105", -DAY, 60),
        of("P-began", "980106", -120, DAY),
        of("P-begins-perhaps", "980107", -119, DAY),
        of("P-ended-just-now", "980108", -DAY, -120),
        of("P-ends-perhaps", "980109", -DAY, 120),
        of("P-ends-soon", "980110", -DAY, 121),
        endless,
        of("P-begins-soon", "980112", 121, DAY),
    ]
}

/// Several revisions of one rule.
fn of_revisions(world: &World) -> Vec<Rule> {
    let of = |id: &str, effect, city: &str, revision| rule(world, id, effect).inside(&[city]).revision(revision);
    vec![
        of("N-1", Effect::Recognise, "9801", 1),
        of("N-1", Effect::Refuse, "9801", 2).during(world, -DAY, 100 * DAY),
        of("N-2", Effect::Recognise, "9802", 1),
        of("N-2", Effect::Refuse, "9802", 2).during(world, 2 * DAY, 100 * DAY),
        of("N-3", Effect::Recognise, "9803", 1),
        of("N-3", Effect::Refuse, "9803", 2).during(world, -10 * DAY, -DAY),
        of("N-4", Effect::Recognise, "9804", 1).types(&[BUSINESS]),
        of("N-4", Effect::Refuse, "9804", 2),
        of("N-5", Effect::Recognise, "9805", 7),
        of("N-5", Effect::Refuse, "9805", 3),
    ]
}

/// Rules of which none speaks more specifically than the other.
fn that_tie(world: &World) -> Vec<Rule> {
    let of = |id: &str, effect, city: &str| rule(world, id, effect).inside(&[city]);
    vec![
        of("X-a", Effect::Recognise, "9801"),
        of("X-b", Effect::Refuse, "9801"),
        of("Y-a", Effect::Recognise, "9802"),
        of("Y-b", Effect::Recognise, "9802"),
        of("Z", Effect::Recognise, "9803"),
        of("Z", Effect::Refuse, "9803"),
        of("W-a", Effect::Recognise, "9804").inside(&["9804", "980401"]),
        of("W-b", Effect::Refuse, "9804"),
        of("S-a", Effect::Recognise, "9805"),
        of("S-b", Effect::Refuse, "9805"),
        of("S-food", Effect::Recognise, "9805").types(&[FOOD]),
        of("Q-a", Effect::Recognise, "9806"),
        of("Q-a", Effect::Refuse, "9806").revision(2),
        of("Q-b", Effect::Recognise, "9806"),
        of("O-a", Effect::Recognise, "9807").during(world, -10 * DAY, -DAY),
        of("O-b", Effect::Refuse, "9807"),
    ]
}

/// Rules hold in one direction.
fn with_directions(world: &World) -> Vec<Rule> {
    let clinic = "11950000MB0000051A";
    let mut renamed = rule(world, "H-as", Effect::Recognise).inside(&["97"]).types(&[BUSINESS]);
    renamed.as_type = Some(TypeCode::parse("11970000MB0000000A001").unwrap());
    vec![
        rule(world, "H-there", Effect::Recognise).types(&[MARKET, clinic]),
        renamed,
        rule(world, "H-both", Effect::Conditional).inside(&["96"]).from(&["98", "99"]).types(&[MARKET, clinic]),
    ]
}
