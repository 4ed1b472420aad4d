"""Rules of a category tried on one employee, and counted over every employee of the regency."""

from __future__ import annotations

from datetime import date

import strawberry

from sipetruk.api.enums import Effect, OutcomeStatus
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff.common import EligibilityOutcome
from sipetruk.api.staff.people import Employee
from sipetruk.queries import eligibility as queries
from sipetruk.rules import eligibility as rules


@strawberry.input(description="Satu syarat kategori.")
class EligibilityRuleInput:
    fact: str = strawberry.field(description="Data yang diperiksa.")
    operator: str = strawberry.field(description="Pembanding.")
    value: Document | None = strawberry.field(default=None, description="Nilai pembanding; bentuknya menurut data yang diperiksa.")
    effect: Effect = strawberry.field(description="Akibat bila tidak terpenuhi.")
    message: str = strawberry.field(default="", description="Kata-kata pengganti; kosong berarti kata-kata baku.")


@strawberry.type(description="Seorang pegawai diperiksa dengan syarat sebuah kategori; tidak disimpan.")
class EligibilityTrial:
    employee: Employee = strawberry.field(description="Pegawai.")
    checked_on: date = strawberry.field(description="Hari pemeriksaan.")
    verdict: OutcomeStatus = strawberry.field(description="Hasil semua syarat yang menghalangi, bersama-sama.")
    outcomes: list[EligibilityOutcome] = strawberry.field(description="Hasil setiap syarat.", directives=[ListSize(assumed_size=8)])

    @classmethod
    def of(cls, trial: queries.Trial) -> EligibilityTrial:
        return cls(
            employee=Employee.of(trial.employee),
            checked_on=trial.today,
            verdict=OutcomeStatus(trial.verdict),
            outcomes=[EligibilityOutcome.of(each) for each in trial.outcomes],
        )


@strawberry.type(description="Banyaknya pegawai menurut satu syarat.")
class EligibilityRuleCount:
    label: str = strawberry.field(description="Syarat dalam kata-kata.")
    effect: Effect = strawberry.field(description="Akibat bila tidak terpenuhi.")
    passed: int = strawberry.field(description="Memenuhi.")
    failed: int = strawberry.field(description="Tidak memenuhi.")
    unknown: int = strawberry.field(description="Belum dapat diketahui dari data yang tercatat.")


@strawberry.type(description="Banyaknya pegawai kabupaten yang dapat diusulkan; hanya angka.")
class EligibilityCount:
    total: int = strawberry.field(description="Semua pegawai.")
    eligible: int = strawberry.field(description="Dapat diusulkan.")
    blocked: int = strawberry.field(description="Terhalang sedikitnya satu syarat.")
    uncertain: int = strawberry.field(description="Tidak terhalang, tetapi ada syarat yang belum dapat diketahui.")
    checked_on: date = strawberry.field(description="Hari pemeriksaan.")
    rules: list[EligibilityRuleCount] = strawberry.field(description="Angka setiap syarat.", directives=[ListSize(assumed_size=8)])

    @classmethod
    def of(cls, count: queries.Count) -> EligibilityCount:
        return cls(
            total=count.total,
            eligible=count.eligible,
            blocked=count.blocked,
            uncertain=count.uncertain,
            checked_on=count.today,
            rules=[
                EligibilityRuleCount(
                    label=each.rule.describe(),
                    effect=Effect(each.rule.effect),
                    passed=each.passed,
                    failed=each.failed,
                    unknown=each.unknown,
                )
                for each in count.rules
            ],
        )


def rule_documents(given: list[EligibilityRuleInput]) -> list[dict[str, object]]:
    """Rules as a category stores them."""
    return [
        {"fact": each.fact, "operator": each.operator, "value": each.value, "effect": each.effect.value, "message": each.message}
        for each in given
    ]


def read_rules(given: list[EligibilityRuleInput] | None) -> tuple[rules.Rule, ...] | None:
    """Rules that are not saved; None for those of the category."""
    return None if given is None else rules.parse_rules(rule_documents(given))
