"""What stands in the way of a decision of the administrative check: the stage of the period, the state, the obligatory evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sipetruk.errors import IllegalMove, Problem
from sipetruk.rules.questions import EvidenceRequirement
from sipetruk.rules.workflow import CORRECTABLE_IN, PERIOD_LABELS, NominationMove, NominationState, PeriodState, next_nomination_state

DECISIONS = frozenset({NominationMove.RETURN, NominationMove.ACCEPT, NominationMove.REJECT})
"""The moves that are decisions of the check."""


def require_checkable(period: PeriodState) -> None:
    """Refuse outside the stages in which nominations are checked."""
    if period not in CORRECTABLE_IN:
        raise IllegalMove(
            "Usulan hanya dapat diperiksa selama pengusulan dan verifikasi administrasi; periode ini berada pada tahap “%(state)s”.",
            state=PERIOD_LABELS[period],
        )


def lacking(wanted: Iterable[EvidenceRequirement], verdicts: Mapping[str, str]) -> list[Problem]:
    """A problem for each obligatory piece of evidence that was not checked or was found missing; `verdicts` by its code."""
    return [
        Problem(
            "Bukti “%(label)s” belum diperiksa." if item.code not in verdicts else "Bukti wajib “%(label)s” dinyatakan TIDAK ADA.",
            ("checkItems", item.code),
            params={"label": item.label},
        )
        for item in wanted
        if item.required and verdicts.get(item.code) != "present"
    ]


def obstacles(
    move: NominationMove,
    *,
    state: NominationState,
    period: PeriodState,
    wanted: Iterable[EvidenceRequirement],
    verdicts: Mapping[str, str],
) -> Sequence[Problem]:
    """Everything because of which a move would be refused as things stand; only acceptance asks for the evidence."""
    try:
        if move in DECISIONS:
            require_checkable(period)
        next_nomination_state(state, move)
    except IllegalMove as refusal:
        return refusal.problems
    return lacking(wanted, verdicts) if move is NominationMove.ACCEPT else ()
