"""A small form for each shape of eligibility rule: what it shows, and the rule document it makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from sipetruk.panel.instruments.forms import decimal, exact
from sipetruk.panel.kit import Choice, Choices, DecimalComma, LineList, PlainText, Required, VersionedForm, WholeNumber
from sipetruk.rules import eligibility, eligibility_values
from sipetruk.rules.exact import fraction
from sipetruk.rules.predicate import PREDICATES
from sipetruk.rules.vocabulary import SANCTION_LEVELS

EFFECTS = [("block", "Menghalangi pengajuan"), ("warn", "Hanya memberi peringatan")]


class RuleForm(VersionedForm):
    """Base: the operator, what a failed rule does, and its own words."""

    operator = Choice("Hubungan", [Required()])
    effect = Choice("Bila tidak terpenuhi", [Required()], choices=EFFECTS)
    message = wtforms.StringField(
        "Kalimat sendiri", [PlainText(), Length(max=500)], description="Ditampilkan menggantikan kalimat baku bila syarat tidak terpenuhi."
    )

    @staticmethod
    def of(value: Any) -> dict[str, Any]:
        """The fields that show a stored value."""
        return {"value": value}

    def value_document(self) -> Any:
        return self.value.data

    def document(self, fact: str) -> dict[str, Any]:
        return {
            "fact": fact,
            "operator": self.operator.data,
            "value": self.value_document(),
            "effect": self.effect.data,
            "message": self.message.data or "",
        }

    def offer(self, fact: str) -> RuleForm:
        kind = eligibility.RULES[fact]
        operators = [SelectChoice("", "– pilih –"), *(SelectChoice(key, eligibility.OPERATORS[key]) for key in kind.operators)]
        self.operator.choices = lambda: operators
        return self


class CodesRuleForm(RuleForm):
    value = Choices("Nilai")

    def offer(self, fact: str) -> RuleForm:
        options = [SelectChoice(key, label) for key, label in eligibility.RULES[fact].options.items()]
        self.value.choices = lambda: options
        return super().offer(fact)

    def value_document(self) -> Any:
        return list(self.value.data or ())


class NumberRuleForm(RuleForm):
    value = WholeNumber("Nilai", [Required()])


class GradeRuleForm(RuleForm):
    """From and to for each kind of ASN, made from the list of kinds below."""

    @staticmethod
    def of(value: Any) -> dict[str, Any]:
        return {f"{kind}_{end}": limits[end] for kind, limits in (value or {}).items() for end in ("from", "to")}

    def value_document(self) -> Any:
        ranges = {}
        for kind in eligibility_values.GRADES:
            low, high = self[f"{kind}_from"].data, self[f"{kind}_to"].data
            if low or high:
                ranges[kind] = {"from": low, "to": high}
        return ranges

    def refuse(self, path: Iterable[str], message: str) -> bool:
        """Problems of a range stand at its own ends: (..., "PNS", "to")."""
        steps = tuple(path)
        ends = tuple("_".join(steps[at : at + 2]) for at in range(len(steps) - 1))
        return bool(super().refuse((*steps, *ends), message)) or bool(super().refuse((*steps, "PNS_from"), message))


for _kind, _grades in eligibility_values.GRADES.items():
    for _end, _word in (("from", "paling rendah"), ("to", "paling tinggi")):
        _field = Choice(f"Golongan {_kind} {_word}", choices=[(grade, grade) for grade in _grades], blank="tanpa batas")
        setattr(GradeRuleForm, f"{_kind}_{_end}", _field)


class PredicateRuleForm(RuleForm):
    years = WholeNumber("Banyaknya tahun terakhir", [Required()], description="Tahun yang sudah ditutup, sebelum tahun berjalan.")
    predicate = Choice("Predikat paling rendah", [Required()], choices=[(name, name.capitalize()) for name in PREDICATES])

    @staticmethod
    def of(value: Any) -> dict[str, Any]:
        return dict(value or {})

    def value_document(self) -> Any:
        return {"years": self.years.data, "predicate": self.predicate.data}


class LevelsRuleForm(RuleForm):
    levels = Choices("Tingkat hukuman", choices=list(SANCTION_LEVELS.items()))

    @staticmethod
    def of(value: Any) -> dict[str, Any]:
        return dict(value or {"levels": list(SANCTION_LEVELS)})

    def value_document(self) -> Any:
        return {"levels": list(self.levels.data or ())}


class LevelYearsRuleForm(LevelsRuleForm):
    years = WholeNumber("Dalam berapa tahun terakhir", [Required()])

    def value_document(self) -> Any:
        return {"years": self.years.data, "levels": list(self.levels.data or ())}


class NothingRuleForm(RuleForm):
    @staticmethod
    def of(value: Any) -> dict[str, Any]:  # noqa: ARG004  # this rule has no value
        return {}

    def value_document(self) -> Any:
        return None


class AttendanceRuleForm(RuleForm):
    percent = DecimalComma("Kehadiran paling sedikit (%)", [Required()])
    months = LineList("Bulan yang dihitung", [Optional()], description="Satu bulan per baris, misalnya 2024-04.")

    @staticmethod
    def of(value: Any) -> dict[str, Any]:
        return {"percent": decimal(fraction(value["percent"])), "months": value["months"]} if value else {}

    def value_document(self) -> Any:
        return {"months": list(self.months.data or ()), "percent": exact(self.percent.data)}


FORMS: dict[str, type[RuleForm]] = {
    "kind": CodesRuleForm,
    "position_type": CodesRuleForm,
    "echelon": CodesRuleForm,
    "grade": GradeRuleForm,
    "age": NumberRuleForm,
    "service_years": NumberRuleForm,
    "legal_status": CodesRuleForm,
    "predicate": PredicateRuleForm,
    "sanction_ever": LevelsRuleForm,
    "sanction_within": LevelYearsRuleForm,
    "sanction_serving": LevelsRuleForm,
    "under_examination": NothingRuleForm,
    "attendance": AttendanceRuleForm,
    "award_within": NumberRuleForm,
    "unit_quota": NumberRuleForm,
}
"""The form of every fact in the catalogue; a test keeps the two lists equal."""


def rule_form(fact: str, rule: dict[str, Any] | None, row_version: int, sent: Any) -> RuleForm:
    """The form of one rule; without `rule` that of a new one."""
    operators = eligibility.RULES[fact].operators
    start: dict[str, Any] = {"operator": operators[0] if len(operators) == 1 else None, "effect": "block"}
    if rule:
        start |= {"operator": rule["operator"], "effect": rule["effect"], "message": rule["message"]}
    form = FORMS[fact]
    return form(sent, data={"row_version": row_version, **start, **form.of(rule["value"] if rule else None)}).offer(fact)
