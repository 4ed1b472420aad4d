"""A conflict of interest is computed from what is on record and from what was declared, and names its reason."""

import pytest

from sipetruk.rules.conflicts import RELATIONS, Assessor, Candidate, Conflict, conflicts, in_words

NOMINEE = Candidate(
    id=1,
    name="Budi",
    employee_id=50,
    unit_ids=frozenset({3, 4}),
    nominated_by=frozenset({21}),
    endorsed_by=frozenset({22, 23}),
    left_by=frozenset({24}),
)


@pytest.mark.parametrize(
    ("assessor", "codes"),
    [
        (Assessor(9, "Siti"), []),
        (Assessor(9, "Siti", unit_ids=frozenset({5}), employee_id=51, relations={51: "family"}), []),
        (Assessor(9, "Siti", unit_ids=frozenset({4})), ["own_unit"]),
        (Assessor(9, "Siti", employee_id=50), ["self"]),
        (Assessor(21, "Siti"), ["nominated"]),
        (Assessor(23, "Siti"), ["endorsed"]),
        (Assessor(24, "Siti"), ["stepped_back"]),
        (Assessor(24, "Siti", relations={50: "mentor"}), ["stepped_back", "declared"]),
        (Assessor(9, "Siti", relations={50: "mentor"}), ["declared"]),
        (
            Assessor(22, "Siti", unit_ids=frozenset({3, 8}), employee_id=50, relations={50: "family"}),
            ["self", "own_unit", "endorsed", "declared"],
        ),
    ],
)
def test_each_reason_is_found(assessor, codes):
    assert [found.code for found in conflicts(assessor, NOMINEE)] == codes


def test_an_unknown_employee_is_nobody():
    assert conflicts(Assessor(9, "Siti", employee_id=None), NOMINEE) == ()


def test_reasons_are_told_in_words():
    found = conflicts(Assessor(21, "Siti", unit_ids=frozenset({3}), relations={50: "dispute"}), NOMINEE)
    assert in_words(found) == "unit kerja yang sama dengan calon; menyusun usulan ini; hubungan yang dinyatakan: sedang berselisih"


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_has_words(relation):
    assert Conflict("declared", relation).words == f"hubungan yang dinyatakan: {RELATIONS[relation]}"
