"""Answers between a page and the contract: what was typed, what is stored, how they differ and how they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from sipetruk.portal.words import day, label_of, number

PREFIX = "a-"
WHOLE_NUMBER = "Jumlah harus bilangan bulat."
MOST_COUNT, LONGEST_COUNT = 1_000_000, 12

Field = Mapping[str, Any]


@dataclass(frozen=True)
class Given:
    """One answer as text, whichever of the three the kind of question uses."""

    value: str = ""
    values: tuple[str, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)


NOTHING = Given()


def stored(answers: Iterable[Mapping[str, Any]]) -> dict[str, Given]:
    """Answers of the contract by the code of their question."""
    return {
        each["code"]: Given(each["value"] or "", tuple(each["values"]), {entry["code"]: str(entry["count"]) for entry in each["counts"]})
        for each in answers
    }


def typed(fields: Sequence[Field], form: MultiDict[str, str]) -> dict[str, Given]:
    """What a person sent, exactly as typed."""
    found = {}
    for asked in fields:
        name = PREFIX + asked["code"]
        match asked["kind"]:
            case "FILE":
                continue  # its files are attached, not answered
            case "CHOICES":
                found[asked["code"]] = Given(values=tuple(form.getlist(name)))
            case "TALLY":
                counts = {option["code"]: form.get(f"{name}.{option['code']}", "") for option in asked["options"]}
                found[asked["code"]] = Given(counts=counts)
            case _:
                found[asked["code"]] = Given(form.get(name, "").replace("\r\n", "\n"))
    return found


def as_input(fields: Sequence[Field], answers: Mapping[str, Given], root: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`AnswerInput`s for the answers, and problems where a count cannot even be read as one."""
    inputs, problems = [], []
    for asked in fields:
        code, given = asked["code"], answers.get(asked["code"], NOTHING)
        if asked["kind"] == "FILE":
            continue
        if asked["kind"] == "CHOICES":
            inputs.append({"code": code, "values": list(given.values)})
        elif asked["kind"] == "TALLY":
            counts = {entry: text.strip() for entry, text in given.counts.items() if text.strip()}
            if all(_is_count(text) for text in counts.values()):
                inputs.append({"code": code, "counts": [{"code": entry, "count": int(text)} for entry, text in counts.items()]})
            else:
                problems.append({"message": WHOLE_NUMBER, "path": [root, code], "code": "BAD_USER_INPUT"})
        elif given.value.strip():
            inputs.append({"code": code, "value": given.value})
    return inputs, problems


def pairs(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The typed answers as names and values, to be sent once more."""
    return [(name, value) for name, value in form.items(multi=True) if name.startswith(PREFIX)]


def differing(fields: Sequence[Field], one: Mapping[str, Given], other: Mapping[str, Given]) -> list[Field]:
    """The questions that two sets of answers answer differently."""
    return [asked for asked in fields if _plain(asked, one.get(asked["code"], NOTHING)) != _plain(asked, other.get(asked["code"], NOTHING))]


def asked_in(fields: Sequence[Field], own: Sequence[Field], answers: Mapping[str, Given]) -> list[Field]:
    """The questions of a step as a page of its own asks them.

    One that depends on an answer of another step is asked unconditionally where that answer holds, and not at all elsewhere.
    """
    here = {each["code"] for each in own}
    found = []
    for asked in own:
        if asked["shownWhen"] is None or asked["shownWhen"]["field"] in here:
            found.append(asked)
        elif is_asked(fields, asked, answers):
            found.append({**asked, "shownWhen": None})
    return found


def is_asked(fields: Sequence[Field], asked: Field, answers: Mapping[str, Given]) -> bool:
    """Whether the stored answers make this a question."""
    if (condition := asked["shownWhen"]) is None:
        return True
    earlier = next((each for each in fields if each["code"] == condition["field"]), None)
    if earlier is None or not is_asked(fields, earlier, answers):
        return False
    answer = answers.get(condition["field"], NOTHING)
    return condition["equals"] in answer.values if answer.values else answer.value == condition["equals"]


def shown(asked: Field, given: Given | None) -> str:
    """An answer as it reads, empty when there is none."""
    if given is None:
        return ""
    if asked["kind"] == "CHOICES":
        return ", ".join(label_of(asked["options"], code) for code in given.values)
    if asked["kind"] == "TALLY":
        return ", ".join(f"{label_of(asked['options'], code)}: {count}" for code, count in given.counts.items() if count)
    return _shown_value(asked, given.value) if given.value else ""


def _shown_value(asked: Field, value: str) -> str:
    match asked["kind"]:
        case "CHOICE":
            return label_of(asked["options"], value)
        case "DECLARATION":
            return "Ya, dinyatakan"
        case "NUMBER":
            return f"{number(value)} {asked['unit']}".strip()
        case "DATE":
            return _date(value)
    return value


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_COUNT and int(text) <= MOST_COUNT


def _plain(asked: Field, given: Given) -> object:
    value = given.value.strip()
    if asked["kind"] == "NUMBER":
        value = value.replace(",", ".")
    return value, sorted(given.values), {code: text.strip() for code, text in given.counts.items() if text.strip() not in {"", "0"}}


def _date(text: str) -> str:
    try:
        return day(text)
    except ValueError:
        return text
