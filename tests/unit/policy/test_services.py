"""The services are those of the law, each with what the law says of it: written out here a second time, by hand."""

from __future__ import annotations

from hub.model.service import FAMILY
from hub.policy.services import services

SERVICES = frozenset(
    [
        "kindergarten",
        "private_kindergarten",
        "school",
        "other_school",
        "upper_secondary",
        "after_school",
        "ppt",
        "follow_up_service",
        "homework_help",
        "arts_school",
        "adult_education",
        "training_company",
        "private_school",
        "school_health",
        "gp",
        "municipal_health",
        "hospital",
        "bup",
        "dps",
        "dental",
        "child_welfare",
        "other_child_welfare",
        "bufetat",
        "nav_state",
        "nav_social",
        "crisis_centre",
        "family_counselling",
        "introduction_programme",
        "coordinating_unit",
        "child_coordinator",
        "coordinator",
        "police",
        "private_organisation",
        "guardian",
    ]
)
HEALTH = frozenset(["school_health", "gp", "municipal_health", "hospital", "bup", "dps", "dental"])
EXTENDED = frozenset(["child_welfare", "other_child_welfare", "bufetat", "nav_state", "nav_social", "crisis_centre"])
APPOINTABLE = frozenset(
    [
        "kindergarten",
        "school",
        "other_school",
        "after_school",
        "ppt",
        "homework_help",
        "arts_school",
        "school_health",
        "municipal_health",
        "child_welfare",
        "nav_social",
        "crisis_centre",
        "introduction_programme",
        "coordinating_unit",
    ]
)
PUPILS_OWN = frozenset(
    [
        "school",
        "other_school",
        "private_school",
        "upper_secondary",
        "after_school",
        "ppt",
        "follow_up_service",
        "adult_education",
    ]
)
CODES = dict(
    pair.split()
    for pair in [
        "BHG kindergarten ",
        " SKO school ",
        " VGS upper_secondary ",
        " SFO after_school ",
        " PPT ppt ",
        " OT follow_up_service ",
        "\n    LEK homework_help ",
        " KUL arts_school ",
        " VOX adult_education ",
        " LBD training_company ",
        " PRS private_school ",
        " HST school_health ",
        "\n    FLE gp ",
        " KHO municipal_health ",
        " SPE hospital ",
        " BUP bup ",
        " DPS dps ",
        " TAN dental ",
        " BVT child_welfare ",
        " BUF bufetat ",
        " NAVS nav_state ",
        "\n    NAVK nav_social ",
        " KRI crisis_centre ",
        " FAM family_counselling ",
        " INT introduction_programme ",
        " KE coordinating_unit ",
        "\n    BKO child_coordinator ",
        " KO coordinator ",
        " POL police ",
        " ORG private_organisation ",
        " GUA guardian",
    ]
)
STARTS = frozenset(
    [
        "municipal_health",
        "school_health",
        "gp",
        "hospital",
        "bup",
        "dps",
        "nav_state",
        "nav_social",
        "child_welfare",
        "other_child_welfare",
    ]
)
TAKES_PART = frozenset(
    [
        "kindergarten",
        "private_kindergarten",
        "ppt",
        "school",
        "other_school",
        "upper_secondary",
        "after_school",
        "crisis_centre",
        "private_school",
        "introduction_programme",
    ]
)
COOPERATES = frozenset({"family_counselling", "dental", "bufetat"})
ACTS = {
    "bhl": "kindergarten private_kindergarten",
    "oppll": "school other_school upper_secondary after_school ppt follow_up_service homework_help arts_school "
    "adult_education training_company",
    "privatskolelova": "private_school",
    "hol": "school_health gp municipal_health coordinating_unit child_coordinator coordinator",
    "sphl": "hospital",
    "phvl": "bup dps",
    "tannhl": "dental",
    "bvl": "child_welfare other_child_welfare bufetat",
    "nav": "nav_state",
    "sotjl": "nav_social",
    "krl": "crisis_centre",
    "fvkl": "family_counselling",
    "intgl": "introduction_programme",
    "politiloven": "police",
    "none": "private_organisation guardian family",
}


def having(**marks: object) -> frozenset[str]:
    known = services().items()
    return frozenset(name for name, one in known if all(getattr(one, key) == value for key, value in marks.items()))


def test_the_services_are_those_of_the_case_format() -> None:
    assert set(services()) == SERVICES | {FAMILY}  # which only owns: no case has it as an end


def test_each_has_the_code_of_the_law() -> None:
    for code, name in CODES.items():
        assert services()[name].code == code


def test_each_has_its_secrecy() -> None:
    assert having(regime="health") == HEALTH
    assert having(regime="extended") == EXTENDED
    assert having(regime="family") == {"family_counselling"}
    assert having(regime="plain") == SERVICES - HEALTH - EXTENDED - {"family_counselling"} | {FAMILY}
    assert having(identity_secret=True) == EXTENDED | {"municipal_health"}


def test_each_has_its_act() -> None:
    assert {act: having(act=act) for act in ACTS} == {act: frozenset(names.split()) for act, names in ACTS.items()}


def test_a_municipal_provider_can_be_appointed_and_nobody_else() -> None:
    assert having(appointable=True) == APPOINTABLE
    assert all(services()[name].owner == "municipal" for name in APPOINTABLE)


def test_private_are_organisations_guardians_and_the_family() -> None:
    assert having(private=True) == {"private_organisation", "guardian", FAMILY}


def test_education_is_the_pupils_own_matter_where_schools_send() -> None:
    assert having(education=True) == PUPILS_OWN


def test_who_may_start_a_plan_and_who_must_take_part() -> None:
    assert having(plan="start") == STARTS
    assert having(plan="take_part") == TAKES_PART
    assert having(plan="cooperate") == COOPERATES


def test_specialists_take_part_and_do_not_lead() -> None:
    assert having(specialist=True) == {"hospital", "bup", "dps"}


def test_each_has_a_name_in_every_language() -> None:
    assert all(one.nb and one.nn and one.en for one in services().values())
