"""Rules of a category tried on one employee, and counted over every employee of the regency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.models import Category, Employee, WorkUnit
from sipetruk.queries import facts, paging, people, visible
from sipetruk.queries.people import EmployeeRow
from sipetruk.rules import eligibility
from sipetruk.rules.eligibility import BLOCK, FAILED, PASSED, UNKNOWN, Outcome, Rule
from sipetruk.rules.permissions import Action, Actor, require

FOUND_AT_ONCE = 20


@dataclass(frozen=True)
class Trial:
    """One employee under the rules: every outcome, and what the blocking ones say together (passed, failed, unknown)."""

    employee: EmployeeRow
    today: date
    outcomes: tuple[Outcome, ...]
    verdict: str


@dataclass(frozen=True)
class RuleCount:
    """How many employees one rule passes, fails and cannot judge."""

    rule: Rule
    passed: int
    failed: int
    unknown: int

    @property
    def blocks(self) -> bool:
        return self.rule.effect == BLOCK


@dataclass(frozen=True)
class Count:
    """How many employees may be nominated; `eligible`, `blocked` and `uncertain` add up to `total`.

    `uncertain` are those whom no blocking rule stops, but for whom one of them cannot be judged on the records.
    """

    total: int
    eligible: int
    blocked: int
    uncertain: int
    rules: tuple[RuleCount, ...]
    today: date


def search(actor: Actor, words: str) -> tuple[EmployeeRow, ...]:
    """The first employees whose name or number fits, for somebody who may see every employee."""
    require(actor, Action.EMPLOYEE_READ)
    if not words.strip():
        return ()
    return people.employees(actor, search=words, page=paging.PageRequest(size=FOUND_AT_ONCE)).rows


def trial(actor: Actor, category_id: int, employee_id: int, *, today: date, rules: Sequence[Rule] | None = None) -> Trial:
    """One employee under the rules of a category, or under `rules` that are not saved."""
    require(actor, Action.EMPLOYEE_READ)
    category = _category(actor, category_id)
    query = visible.employees(actor).select(Employee, WorkUnit).join(WorkUnit)
    employee = visible.get(query, Employee, employee_id, "Pegawai")
    known = facts.facts_of([employee], category)[employee.id]
    outcomes = tuple(eligibility.check(_rules(category, rules), known, today))
    verdict = eligibility.overall((outcome.rule, outcome.status) for outcome in outcomes)
    return Trial(people.employee_row(employee), today, outcomes, verdict)


def count(actor: Actor, category_id: int, *, today: date, rules: Sequence[Rule] | None = None) -> Count:
    """Every employee under the rules, as numbers only (10 statements at most, however many employees there are)."""
    require(actor, Action.EMPLOYEE_READ)
    category = _category(actor, category_id)
    wanted = _rules(category, rules)
    known = facts.facts_of_all(visible.employees(actor), category, facts.Wanted.by(wanted, today))
    by_rule: list[Counter[str]] = [Counter() for _ in wanted]
    together: Counter[str] = Counter()
    for each in known.values():
        statuses = [eligibility.judge(rule, each, today)[0] for rule in wanted]
        for counted, status in zip(by_rule, statuses, strict=True):
            counted[status] += 1
        together[eligibility.overall(zip(wanted, statuses, strict=True))] += 1
    rows = [RuleCount(rule, seen[PASSED], seen[FAILED], seen[UNKNOWN]) for rule, seen in zip(wanted, by_rule, strict=True)]
    return Count(len(known), together[PASSED], together[FAILED], together[UNKNOWN], tuple(rows), today)


def _category(actor: Actor, category_id: int) -> Any:
    return visible.get(visible.categories(actor), Category, category_id, "Kategori")


def _rules(category: Any, rules: Sequence[Rule] | None) -> tuple[Rule, ...]:
    return eligibility.parse_rules(category.eligibility) if rules is None else tuple(rules)
