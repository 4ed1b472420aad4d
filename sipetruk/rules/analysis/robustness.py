"""How solid the first place is, in numbers and in words. Never official."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sipetruk.rules.analysis.acceptability import Acceptability, acceptability
from sipetruk.rules.analysis.leaving import LeftOut, without_each_assessor, without_each_nominee
from sipetruk.rules.analysis.linear import WEIGHTS_SOURCE, Model, by_component, by_criterion
from sipetruk.rules.analysis.outcome import NotComputable, percent
from sipetruk.rules.analysis.weights import WeightChange, smallest, weight_changes
from sipetruk.rules.contest import Contest
from sipetruk.rules.ranking import Ranking

SOLID, SENSITIVE, UNKNOWN = WORDS = ("kokoh", "peka", "tidak dapat dihitung")
SENSITIVE_CHANGE = Fraction(1, 10)
"""A weight that need not change by more than a tenth of itself makes the first place sensitive; our threshold, stated on the page."""
SENSITIVE_SHARE = Fraction(1, 2)
"""So does a first place under fewer than half of all weightings."""
RULE = (
    "“Kokoh” bila pemenang tetap pertama selama satu bobot berubah sampai 10 % dari besarnya, pada sedikitnya separuh susunan bobot acak, "
    "dan tanpa penilai mana pun; selain itu “peka”."
)
ONE_NOMINEE = NotComputable("kurang dari dua calon berperingkat")
SHARED_FIRST = NotComputable("peringkat pertama masih seri")


@dataclass(frozen=True)
class Verdict:
    """One of WORDS, and the sentences that say why. Never official."""

    word: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Robustness:
    """Everything about how solid a ranking is. Never official.

    Floors, the tie chain and the quota are left aside where weights change: only totals before rounding are compared.
    `award_changes` is about the set of the first `winners`; it is empty where only one is awarded or all are.
    `left_out_assessors` and `left_out_nominees` come from the official ranking code.
    """

    weights_source: str
    components: Model
    criteria: Model
    component_changes: tuple[WeightChange, ...]
    criterion_changes: tuple[WeightChange, ...]
    award_changes: tuple[WeightChange, ...]
    acceptability: Acceptability | NotComputable
    left_out_assessors: tuple[LeftOut, ...]
    left_out_nominees: tuple[LeftOut, ...]
    verdict: Verdict


def robustness(contest: Contest, ranking: Ranking, seed: str) -> Robustness:
    """Look at a ranking from every side; the seed decides the random weights."""
    definition = contest.definition
    components, criteria = by_component(definition, ranking), by_criterion(definition, ranking)
    comparable = len(components.alternatives) > 1
    several = 1 < contest.winners < len(components.alternatives)
    component_changes = weight_changes(components) if comparable else ()
    acceptable = acceptability(main_model(components, criteria), seed) if comparable else ONE_NOMINEE
    assessors = without_each_assessor(contest, ranking)
    nominees = without_each_nominee(contest, ranking)
    return Robustness(
        weights_source=WEIGHTS_SOURCE[definition.policy.combine],
        components=components,
        criteria=criteria,
        component_changes=component_changes,
        criterion_changes=weight_changes(criteria) if comparable else (),
        award_changes=weight_changes(components, contest.winners) if several else (),
        acceptability=acceptable,
        left_out_assessors=assessors,
        left_out_nominees=nominees,
        verdict=verdict(ranking, component_changes, acceptable, assessors, nominees),
    )


def main_model(components: Model, criteria: Model) -> Model:
    """Components, or criteria where there is only one component."""
    return components if len(components.parts) > 1 else criteria


def verdict(
    ranking: Ranking,
    changes: Sequence[WeightChange],
    acceptable: Acceptability | NotComputable,
    assessors: Sequence[LeftOut],
    nominees: Sequence[LeftOut],
) -> Verdict:
    """The judgement by RULE, from the answers of all parts."""
    firsts = [row.id for row in ranking.rows if row.rank == 1]
    if isinstance(acceptable, NotComputable):
        return Verdict(UNKNOWN, (acceptable.message,))
    if len(firsts) > 1:
        return Verdict(UNKNOWN, (SHARED_FIRST.message,))
    nearest = smallest(changes)
    share = acceptable.index(firsts[0])
    needed = None if nearest is None else nearest.size
    near = needed is not None and needed <= SENSITIVE_CHANGE
    sensitive = near or share < SENSITIVE_SHARE or any(_changes_first(each) for each in assessors)
    return Verdict(
        SENSITIVE if sensitive else SOLID,
        (
            "Tidak ada perubahan satu bobot komponen yang mengubah pemenang." if nearest is None else nearest.message,
            f"Pemenang berada di peringkat pertama pada {percent(share)} dari {_thousands(acceptable.draws)} susunan bobot acak.",
            _left_out("penilai", assessors),
            _left_out("calon lain", nominees),
        ),
    )


def _left_out(whom: str, outcomes: Sequence[LeftOut]) -> str:
    compared = [outcome for outcome in outcomes if outcome.failure is None]
    if not compared:
        return f"Tanpa salah satu {whom}: tidak dapat dihitung."
    changing = sum(_changes_first(outcome) for outcome in compared)
    unknown = len(outcomes) - len(compared)
    rest = f" {unknown} lainnya tidak dapat dihitung." if unknown else ""
    if not changing:
        return f"Tanpa salah satu {whom} pemenang tetap pertama ({len(compared)} kali dihitung ulang).{rest}"
    return f"Tanpa salah satu {whom} pemenang berganti pada {changing} dari {len(compared)} kali hitung ulang.{rest}"


def _changes_first(outcome: LeftOut) -> bool:
    return outcome.failure is None and outcome.first_changes


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
