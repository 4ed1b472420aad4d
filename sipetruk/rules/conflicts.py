"""Who may not assess whom: conflicts of interest between an assessor and a nominee, each with its reason.

What the records say is computed (own unit, own nomination, own endorsement, oneself); what they cannot know is declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

RELATIONS: dict[str, str] = {
    "family": "hubungan keluarga",
    "superior": "atasan langsung",
    "subordinate": "bawahan langsung",
    "colleague": "rekan kerja dekat",
    "mentor": "pembimbing atau rekan dalam karya yang diusulkan",
    "dispute": "sedang berselisih",
    "other": "hubungan lain",
}
"""What an assessor can be to an employee: what the employee is to the assessor, in words."""

REASONS: dict[str, str] = {
    "self": "calon ini adalah penilai sendiri",
    "own_unit": "unit kerja yang sama dengan calon",
    "nominated": "menyusun usulan ini",
    "endorsed": "mengesahkan usulan ini",
    "stepped_back": "sudah mengundurkan diri dari menilai calon ini",
    "declared": "hubungan yang dinyatakan: %(relation)s",
}
"""Why an assessor may not assess a nominee, by code."""


@dataclass(frozen=True)
class Assessor:
    """What must be known of an assessor: units from roles and from the personnel records, and relations by employee."""

    id: int
    name: str
    unit_ids: frozenset[int] = frozenset()
    employee_id: int | None = None
    relations: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """What must be known of a nominee: units from the nomination and from the records, who nominated and endorsed.

    `left_by` are those who stepped back from the nominee in the stage before.
    """

    id: int
    name: str
    employee_id: int
    unit_ids: frozenset[int]
    nominated_by: frozenset[int] = frozenset()
    endorsed_by: frozenset[int] = frozenset()
    left_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Conflict:
    """One reason; `relation` is the code of what was declared, otherwise empty."""

    code: str
    relation: str = ""

    @property
    def words(self) -> str:
        """The reason in words.

        >>> Conflict("declared", "family").words
        'hubungan yang dinyatakan: hubungan keluarga'
        """
        return REASONS[self.code] % {"relation": RELATIONS.get(self.relation, "")}


def conflicts(assessor: Assessor, candidate: Candidate) -> tuple[Conflict, ...]:
    """Every reason why `assessor` may not assess `candidate`, in a fixed order; none when there is no conflict.

    >>> head = Assessor(7, "Ahmad", unit_ids=frozenset({1}))
    >>> nominee = Candidate(1, "Budi", 5, unit_ids=frozenset({1, 2}), endorsed_by=frozenset({7}))
    >>> [found.code for found in conflicts(head, nominee)]
    ['own_unit', 'endorsed']
    """
    found = []
    if assessor.employee_id == candidate.employee_id:
        found.append(Conflict("self"))
    if assessor.unit_ids & candidate.unit_ids:
        found.append(Conflict("own_unit"))
    if assessor.id in candidate.nominated_by:
        found.append(Conflict("nominated"))
    if assessor.id in candidate.endorsed_by:
        found.append(Conflict("endorsed"))
    if assessor.id in candidate.left_by:
        found.append(Conflict("stepped_back"))
    if relation := assessor.relations.get(candidate.employee_id):
        found.append(Conflict("declared", relation))
    return tuple(found)


def in_words(found: tuple[Conflict, ...]) -> str:
    """All reasons as one text."""
    return "; ".join(conflict.words for conflict in found)
