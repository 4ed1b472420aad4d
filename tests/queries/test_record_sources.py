"""Values that come from the registers of sanctions and awards: known once a register holds anything, missing until then, never 0."""

from datetime import date

import pytest

from sipetruk.queries.ranking_inputs import ranking_inputs
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import people
from tests.services import builders
from tests.services.builders import criterion, tiny_instrument

TALLY = {"kind": "tally", "entries": [{"code": "nasional", "label": "Nasional", "points": 20}], "cap": 20}
YES_NO = {"kind": "yes_no", "yes": 20, "no": 0}
TABLE = {"SANGAT BAIK": 20, "BAIK": 15, "BUTUH PERBAIKAN": 10, "KURANG": 5, "SANGAT KURANG": 0}


@pytest.fixture
def document():
    tree = tiny_instrument()
    tree["components"][1]["criteria"] = [
        criterion("bebas", "Bebas hukuman", YES_NO) | {"source": {"kind": "sanction", "check": "within", "within_years": 2}},
        criterion("piagam", "Piagam", TALLY) | {"source": {"kind": "award", "years": [2022, 2023]}},
    ]
    tree["components"][0]["criteria"][0] = criterion("predikat", "Predikat", {"kind": "predicate", "table": TABLE}) | {
        "source": {"kind": "predicate", "years": [2022, 2023]}
    }
    tree["components"][0]["criteria"].append(criterion("gagasan", "Gagasan", {"kind": "points", "max": 20, "step": 1}))
    return tree


def values(round_):
    return {nominee["id"]: nominee["values"] for nominee in ranking_inputs(round_.category_id)["nominees"]}


def test_what_no_register_knows_is_missing_and_what_one_knows_counts(cast, document):
    answers = {key: value for key, value in builders.ANSWERS.items() if key != "penghargaan"}
    round_ = builders.open_round(cast, document)
    ids = [builders.verified(cast, round_, name, answers) for name in ("Budi Santoso", "Wati Lestari")]
    budi, wati = (builders.employee_of(id_).id for id_ in ids)
    first, second = sorted(values(round_))
    nothing = {"bebas": None, "piagam": None, "predikat": None}
    assert values(round_) == {first: nothing, second: nothing}

    sanctions = [people.SanctionRecord(budi, "S", date(2022, 10, 16), date(2023, 10, 15))]
    people.record_sanctions(SYSTEM, records=sanctions)
    people.record_awards(
        SYSTEM, records=[people.AwardRecord(wati, 2023, "nasional", "Inovasi"), people.AwardRecord(wati, 2021, "nasional", "Lama")]
    )
    ratings = [people.RatingRecord(budi, year, result, "SESUAI") for year, result in ((2022, "SESUAI"), (2023, "DI BAWAH"))]
    people.record_ratings(SYSTEM, records=[*ratings, people.RatingRecord(wati, 2022, "DI ATAS", "DI ATAS")])
    assert values(round_) == {
        first: {"bebas": "0", "piagam": {"nasional": 0}, "predikat": "BUTUH PERBAIKAN"},
        second: {"bebas": "1", "piagam": {"nasional": 1}, "predikat": None},
    }


def test_the_day_that_counts_is_the_last_of_the_nominations(cast, document):
    answers = {key: value for key, value in builders.ANSWERS.items() if key != "penghargaan"}
    round_ = builders.open_round(cast, document)
    id_ = builders.verified(cast, round_, "Budi Santoso", answers)
    budi = builders.employee_of(id_).id
    people.record_sanctions(SYSTEM, records=[people.SanctionRecord(budi, "S", date(2022, 10, 15), date(2023, 10, 15))])
    (found,) = values(round_).values()
    assert found["bebas"] == "1"  # two years are over on 15 October 2024, when the nominations close
