"""An analysis as a document that can be kept: numbers as decimal text, what has no number as its reason. Never official."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sipetruk.rules.analysis.acceptability import Acceptability
from sipetruk.rules.analysis.agreement import Intraclass
from sipetruk.rules.analysis.leaving import LeftOut
from sipetruk.rules.analysis.outcome import Answer, NotComputable
from sipetruk.rules.analysis.report import Agreement, Analysis, MethodAnswer
from sipetruk.rules.analysis.robustness import RULE
from sipetruk.rules.analysis.severity import Severity
from sipetruk.rules.analysis.weights import WeightChange
from sipetruk.rules.exact import printed

FORMAT = "sipetruk-analysis/1"
DECIMALS = 4
PLACES_SHOWN = 10

Document = dict[str, Any]


def account(analysis: Analysis) -> Document:
    """The document of an analysis.

    Numbers are text with DECIMALS decimals ("0.7151"), shares from 0 to 1; where one cannot be computed stands
    {"reason": ...}. Nominees and assessors are named by their ids.
    """
    robust = analysis.robustness
    return {
        "format": FORMAT,
        "disclaimer": analysis.disclaimer,
        "seed": analysis.seed,
        "panel": list(analysis.panel),
        "winners": analysis.winners,
        "nominees": [{"id": who, "rank": analysis.ranks[who]} for who in analysis.nominees],
        "verdict": {"word": robust.verdict.word, "sentences": list(robust.verdict.sentences), "rule": RULE},
        "weights_source": robust.weights_source,
        "changes": [_change(each) for each in robust.component_changes],
        "criterion_changes": [_change(each) for each in robust.criterion_changes],
        "award_changes": [_change(each) for each in robust.award_changes],
        "acceptability": _acceptability(robust.acceptability),
        "without_assessors": [_left_out(each) for each in robust.left_out_assessors],
        "without_nominees": [_left_out(each) for each in robust.left_out_nominees],
        "agreement_on_totals": _agreement(analysis.agreement_on_totals),
        "agreement": [_agreement(each) for each in analysis.agreement],
        "severity": _severity(analysis.severity),
        "methods": [_method(each) for each in analysis.methods],
    }


def _number(answer: Answer) -> str | Document:
    if isinstance(answer, NotComputable):
        return {"reason": answer.reason}
    return printed(Fraction(answer), DECIMALS)


def _numbers(answers: Mapping[str, Answer]) -> Document:
    return {name: _number(answer) for name, answer in answers.items()}


def _share(share: Fraction | None) -> str | None:
    return None if share is None else printed(share, DECIMALS)


def _change(change: WeightChange) -> Document:
    return {
        "code": change.part.code,
        "label": change.part.label,
        "direction": change.direction,
        "weight": _share(change.part.weight),
        "new_weight": _share(change.new_weight),
        "challengers": list(change.challengers),
        "message": change.message,
    }


def _acceptability(found: Acceptability | NotComputable) -> Document:
    """Who is first how often; each row's shares belong to the places from 1 on, at most PLACES_SHOWN of them."""
    if isinstance(found, NotComputable):
        return {"reason": found.reason}
    rows = [
        {"id": who, "shares": [printed(Fraction(count, found.draws), DECIMALS) for count in counts[:PLACES_SHOWN]]}
        for who, counts in zip(found.alternatives, found.counts, strict=True)
    ]
    return {"draws": found.draws, "rows": rows}


def _left_out(outcome: LeftOut) -> Document:
    return {
        "removed": outcome.removed,
        "first": list(outcome.first),
        "winners": list(outcome.winners),
        "first_changes": outcome.first_changes,
        "winners_change": outcome.winners_change,
        "moved": len(outcome.moved),
        "lowered_to": outcome.lowered_to,
        "failure": None if outcome.failure is None else outcome.failure.reason,
    }


def _agreement(found: Agreement) -> Document:
    concordance = found.concordance
    return {
        "code": found.code,
        "label": found.label,
        "intraclass": _intraclass(found.intraclass),
        "alpha": _numbers(found.alpha),
        "concordance": {"reason": concordance.reason}
        if isinstance(concordance, NotComputable)
        else {"w": _number(concordance.w), "chi_square": _number(concordance.chi_square), "df": concordance.df},
    }


def _intraclass(found: Intraclass | NotComputable) -> Document:
    if isinstance(found, NotComputable):
        return {"reason": found.reason}
    return {
        "subjects": found.subjects,
        "raters": found.raters,
        "left_out": found.left_out,
        "mcgraw_wong": _numbers(found.mcgraw_wong),
        "shrout_fleiss": _numbers(found.shrout_fleiss),
    }


def _severity(found: Severity) -> Document:
    return {
        "rule": found.rule,
        "assessors": [
            {
                "assessor": each.assessor,
                "marks": each.marks,
                "compared": each.compared,
                "severity": _number(each.severity),
                "spread": _number(each.spread),
                "odd": each.odd,
            }
            for each in found.assessors
        ],
        "odd_marks": [
            {
                "assessor": each.assessor,
                "nominee": each.nominee,
                "criterion": each.criterion,
                "mark": _number(each.mark),
                "others": _number(each.others),
                "distance": _number(each.distance),
            }
            for each in found.odd_marks
        ],
    }


def _method(found: MethodAnswer) -> Document:
    outcome = found.outcome
    shown: Document = {"label": found.label, "note": found.note}
    if isinstance(outcome, NotComputable):
        return {**shown, "reason": outcome.reason}
    return {**shown, "source": outcome.source, "rows": _method_rows(outcome.alternatives, outcome.values, outcome.ranks)}


def _method_rows(alternatives: Sequence[str], values: Iterable[float], ranks: Iterable[int]) -> list[Document]:
    return [{"id": who, "value": _number(value), "rank": rank} for who, value, rank in zip(alternatives, values, ranks, strict=True)]
