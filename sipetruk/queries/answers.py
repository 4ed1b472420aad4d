"""Answers of the nomination form as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.rules import form
from sipetruk.rules.dates import day_text
from sipetruk.rules.exact import format_number, fraction


@dataclass(frozen=True)
class AnswerView:
    """One answer of the nomination form as a person reads it."""

    code: str
    label: str
    group: str
    kind: str
    shown: str


def answers_in_words(inputs: Iterable[form.Input], answers: Mapping[str, Any]) -> tuple[AnswerView, ...]:
    """What was answered, in the order of the form; unanswered questions are left out."""
    return tuple(
        AnswerView(asked.code, asked.label, asked.group, asked.kind, _shown(asked, answers[asked.code]))
        for asked in inputs
        if asked.code in answers
    )


def _shown(asked: form.Input, answer: form.Answer) -> str:
    labels: dict[object, str] = {option.code: option.label for option in asked.options}
    if isinstance(answer, bool):
        return "Ya" if answer else "Tidak"
    if isinstance(answer, dict):
        return ", ".join(f"{labels.get(code, code)}: {count}" for code, count in answer.items())
    if isinstance(answer, list):
        return ", ".join(labels.get(code, code) for code in answer)
    match asked.kind:
        case "number":
            shown = f"{format_number(fraction(answer))} {asked.unit}".rstrip()
        case "date":
            shown = day_text(date.fromisoformat(answer))
        case _:
            shown = labels.get(answer, answer)
    return shown
