"""A small form for each kind of scale: what it shows, and the document it makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import wtforms
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.panel.instruments.forms import MOST_ROWS, SPARE_ROWS, decimal, exact
from sipetruk.panel.kit import DecimalComma, LineList, PanelForm, PlainText, Required, VersionedForm, WholeNumber
from sipetruk.rules import scales
from sipetruk.rules.exact import format_number, fraction
from sipetruk.rules.predicate import PREDICATES

STARTERS: dict[str, dict[str, Any]] = {
    "points": {"max": 20, "step": 1},
    "rubric": {"levels": []},
    "threshold": {"bands": [], "else": 0},
    "choice": {"points": []},
    "yes_no": {"yes": 100, "no": 0},
    "predicate": {"table": {}},
    "percentage": {"max": 100},
    "tally": {"entries": [], "cap": 100},
    "count": {"points_each": 1, "cap": 100},
    "text": {"max_chars": 2000},
}
"""What a criterion starts with when a kind of scale is chosen."""


class ScaleForm(VersionedForm):
    """Base: `rows` names the list of rows, if the scale has one."""

    kind: ClassVar[str]
    rows: ClassVar[str] = ""

    @classmethod
    def of(cls, scale: scales.Scale) -> dict[str, Any]:
        """The values with which the form starts."""
        raise NotImplementedError  # every kind says its own; WTForms' metaclass leaves no room for an abstract class

    def body(self) -> dict[str, Any]:
        """The scale's document without its kind."""
        raise NotImplementedError  # as above

    def document(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.body()}

    def filled_rows(self) -> list[Any]:
        """The rows in which something was typed."""
        return [row.form for row in self[self.rows] if any(field.data not in (None, "") for field in row.form)]

    def refuse(self, path: Iterable[str], message: str) -> bool:
        """A problem in a list stands at the field of its row; blank rows do not count in the document."""
        steps = tuple(path)
        if self.rows and self.rows in steps:
            at = steps.index(self.rows)
            filled = self.filled_rows()
            if at + 1 < len(steps) and steps[at + 1].isdecimal() and int(steps[at + 1]) < len(filled):
                return bool(filled[int(steps[at + 1])].refuse(steps[at + 2 :] or ("label", "points"), message))
        return bool(super().refuse(steps, message))


def _number(label: str, description: str = "", *, required: bool = True) -> Any:
    return DecimalComma(label, [Required() if required else Optional()], description=description)


class PointsForm(ScaleForm):
    kind = "points"
    max = _number("Poin tertinggi")
    step = _number("Langkah", "Kelipatan nilai yang boleh diberikan: 1, atau 0,5.")
    min = _number("Poin terendah", "Biasanya 0.", required=False)

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        return {"max": decimal(scale.max), "step": decimal(scale.step), "min": decimal(scale.min)}

    def body(self) -> dict[str, Any]:
        body = {"max": exact(self.max.data), "step": exact(self.step.data)}
        return body | ({"min": exact(self.min.data)} if self.min.data else {})


class LevelRow(PanelForm):
    points = DecimalComma("Poin", [Optional()])
    label = wtforms.StringField("Nama tingkat", [PlainText(), Length(max=200)])
    description = wtforms.TextAreaField("Penjelasan", [PlainText(), Length(max=1000)], render_kw={"rows": 2})


class RubricForm(ScaleForm):
    kind = "rubric"
    rows = "levels"
    levels = wtforms.FieldList(wtforms.FormField(LevelRow), "Tingkat rubrik", max_entries=MOST_ROWS)

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        levels = [{"points": decimal(x.points), "label": x.label, "description": x.description} for x in scale.levels]
        return {"levels": [*levels, *({} for _ in range(SPARE_ROWS))]}

    def body(self) -> dict[str, Any]:
        rows = [
            {"points": exact(row.points.data), "label": row.label.data or "", "description": row.description.data or ""}
            for row in self.filled_rows()
        ]
        return {"levels": rows}


class BandRow(PanelForm):
    at_least = DecimalComma("Nilai paling sedikit (≥)", [Optional()])
    points = DecimalComma("Poin", [Optional()])


class ThresholdForm(ScaleForm):
    kind = "threshold"
    rows = "bands"
    bands = wtforms.FieldList(wtforms.FormField(BandRow), "Ambang", max_entries=MOST_ROWS)
    otherwise = _number("Poin bila tidak mencapai satu ambang pun")

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        bands = [{"at_least": decimal(x.at_least), "points": decimal(x.points)} for x in scale.bands]
        return {"bands": [*bands, *({} for _ in range(SPARE_ROWS))], "otherwise": decimal(scale.otherwise)}

    def body(self) -> dict[str, Any]:
        rows = [{"at_least": exact(r.at_least.data), "points": exact(r.points.data)} for r in self.filled_rows()]
        return {"bands": rows, "else": exact(self.otherwise.data)}

    def refuse(self, path: Iterable[str], message: str) -> bool:
        return super().refuse(("otherwise" if step == "else" else step for step in path), message)


class ChoiceForm(ScaleForm):
    kind = "choice"
    points = LineList("Poin yang boleh dipilih", [Required()], description="Satu angka per baris, misalnya 100, 80, dan 50.")

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        return {"points": [format_number(value) for value in scale.allowed]}

    def body(self) -> dict[str, Any]:
        return {"points": [line.replace(",", ".") for line in self.points.data or ()]}

    def validate_points(self, field: Any) -> None:
        for line in field.data or ():
            try:
                fraction(line)
            except ValueError:
                raise wtforms.ValidationError(f"“{line}” bukan angka.") from None


class YesNoForm(ScaleForm):
    kind = "yes_no"
    yes = _number("Poin bila ya")
    no = _number("Poin bila tidak")

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        return {"yes": decimal(scale.yes), "no": decimal(scale.no)}

    def body(self) -> dict[str, Any]:
        return {"yes": exact(self.yes.data), "no": exact(self.no.data)}


class PercentageForm(ScaleForm):
    kind = "percentage"
    max = _number("Poin untuk 100 persen")

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        return {"max": decimal(scale.max)}

    def body(self) -> dict[str, Any]:
        return {"max": exact(self.max.data)}


class CountForm(ScaleForm):
    kind = "count"
    points_each = _number("Poin tiap satuan")
    cap = _number("Poin paling banyak")

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        return {"points_each": decimal(scale.points_each), "cap": decimal(scale.cap)}

    def body(self) -> dict[str, Any]:
        return {"points_each": exact(self.points_each.data), "cap": exact(self.cap.data)}


class EntryRow(PanelForm):
    code = wtforms.StringField("Kode", [PlainText(), Length(max=50)])
    label = wtforms.StringField("Nama", [PlainText(), Length(max=200)])
    points = DecimalComma("Poin", [Optional()])


class TallyForm(ScaleForm):
    kind = "tally"
    rows = "entries"
    entries = wtforms.FieldList(wtforms.FormField(EntryRow), "Yang dihitung", max_entries=MOST_ROWS)
    cap = _number("Poin paling banyak")

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        entries = [{"code": x.code, "label": x.label, "points": decimal(x.points)} for x in scale.entries]
        return {"entries": [*entries, *({} for _ in range(SPARE_ROWS))], "cap": decimal(scale.cap)}

    def body(self) -> dict[str, Any]:
        rows = [{"code": r.code.data or "", "label": r.label.data or "", "points": exact(r.points.data)} for r in self.filled_rows()]
        return {"entries": rows, "cap": exact(self.cap.data)}


class TextForm(ScaleForm):
    kind = "text"
    max_chars = WholeNumber("Huruf paling banyak", [Required(), NumberRange(1, 20_000)])

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        return {"max_chars": scale.max_chars}

    def body(self) -> dict[str, Any]:
        return {"max_chars": self.max_chars.data}


def _slug(predicate: str) -> str:
    return predicate.lower().replace(" ", "_")


class PredicateForm(ScaleForm):
    """A number for each predicate; the fields are made from the list of predicates below."""

    kind = "predicate"

    @classmethod
    def of(cls, scale: Any) -> dict[str, Any]:
        return {_slug(name): decimal(points) for name, points in scale.table}

    def body(self) -> dict[str, Any]:
        return {"table": {name: exact(self[_slug(name)].data) for name in PREDICATES if self[_slug(name)].data is not None}}

    def refuse(self, path: Iterable[str], message: str) -> bool:
        return super().refuse((_slug(step) for step in path), message)


for _name in PREDICATES:
    setattr(PredicateForm, _slug(_name), _number(f"Poin untuk {_name.capitalize()}", required=False))

FORMS: dict[str, Any] = {
    form.kind: form
    for form in (
        PointsForm, RubricForm, ThresholdForm, ChoiceForm, YesNoForm, PredicateForm, PercentageForm, TallyForm, CountForm, TextForm,
    )
}  # fmt: skip
