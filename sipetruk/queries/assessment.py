"""What an assessor reads: the own sheets and nothing of another's; and the progress of a category, in counts only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from operator import itemgetter
from typing import Any

import peewee as pw

from sipetruk.errors import NotFound
from sipetruk.models import Blob, Category, Criterion, Evidence, Mark, Nomination, PanelMember, Period, Reopening, Sheet, User
from sipetruk.models.assessment import APART, SHEET_STATES
from sipetruk.queries import reopenings, visible
from sipetruk.queries.answers import AnswerView, answers_in_words
from sipetruk.queries.blind import Veil
from sipetruk.queries.listing import Listing, Sort, choice, flag, integer, text
from sipetruk.queries.nominations import definition_of
from sipetruk.queries.reopenings import ReopeningView
from sipetruk.rules import blind, form, instrument, scales
from sipetruk.rules.exact import exact_text, format_number
from sipetruk.rules.own_total import OwnTotal, OwnTotals, own_totals
from sipetruk.rules.permissions import Action, Actor, may_somewhere, require
from sipetruk.rules.workflow import MARKABLE_IN, NominationState, PeriodState


@dataclass(frozen=True)
class Nominee:
    """The copy of the nominee that the nomination keeps from its submission; no NIP, an assessor needs none.

    In a blind category `name` is a code and the rest is empty; of whom the actor no longer assesses only the name is told.
    """

    name: str
    position: str
    grade: str
    unit: str


@dataclass(frozen=True)
class SheetRow:
    """One line of an assessor's list: `marked` of `total` criteria are done. Where `is_blind`, the number is a code too.

    Not `can_read` is the sheet of a nominee whom the assessor no longer assesses: nothing on it is asked or shown.
    """

    nomination_id: int
    number: str
    nominee: Nominee
    category_id: int
    category: str
    period: str
    marked: int
    total: int
    state: str
    state_label: str
    can_edit: bool
    row_version: int
    is_blind: bool = False
    can_read: bool = True


_NUMBER = text("Nomor usulan, atau kodenya bila penilaian buta.", "number")
SHEETS = Listing(
    "Sheet",
    {
        "number": _NUMBER,
        "name": text("Nama calon, atau kodenya bila penilaian buta.", "nominee.name"),
        "category": text("Nama kategori.", "category"),
        "period": text("Nama periode.", "period"),
        "marked": integer("Banyaknya kriteria yang sudah dinilai.", "marked"),
        "total": integer("Banyaknya kriteria yang harus dinilai.", "total"),
        "state": choice("Keadaan lembar.", "state", SHEET_STATES),
        "can_edit": flag("Nilai masih dapat diubah.", "can_edit"),
        "is_blind": flag("Penilaian buta.", "is_blind"),
    },
    (Sort(_NUMBER),),
)


@dataclass(frozen=True)
class MarkView:
    """The assessor's own mark; `value` is canonical ("12.5"), `shown` as paper shows it ("12,5")."""

    state: str
    value: str | None
    shown: str
    note: str
    saved_at: datetime


@dataclass(frozen=True)
class OptionView:
    """One value that may be picked, such as a level of a rubric."""

    value: str
    shown: str
    label: str
    description: str = ""


@dataclass(frozen=True)
class CriterionView:
    """A criterion to mark; `minimum`, `maximum` and `step` as canonical text, `options` where one of a list is picked.

    Not `is_open` is one that a reopening of the sheet leaves as it is.
    """

    code: str
    label: str
    help: str
    kind: str
    scale: str
    minimum: str
    maximum: str
    step: str
    options: tuple[OptionView, ...]
    note_min_chars: int
    evidence: tuple[str, ...]
    mark: MarkView | None
    is_open: bool = True


@dataclass(frozen=True)
class ComponentView:
    code: str
    label: str
    help: str
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True)
class EvidenceView:
    id: int
    requirement: str
    label: str
    filename: str
    media_type: str
    size: int


_NO_TOTALS = OwnTotals((), OwnTotal("", "", Fraction(0), Fraction(0), 0, 0, 0))


@dataclass(frozen=True)
class SheetView:
    """A sheet to work on; `previous_id` and `next_id` are its neighbours among the actor's sheets of the category.

    `next_open_id` is the next of them that is still to be filled in: the nearest one behind this, else the first before it.
    What has a default stays empty on the sheet of a nominee whom the actor no longer assesses.
    """

    row: SheetRow
    reason: str
    submitted_at: datetime | None
    previous_id: int | None
    next_id: int | None
    next_open_id: int | None
    progress: OwnProgress
    """How far the actor is with all sheets of the category."""
    components: tuple[ComponentView, ...] = ()
    evidence: tuple[EvidenceView, ...] = ()
    answers: tuple[AnswerView, ...] = ()
    evidence_labels: Mapping[str, str] = field(default_factory=dict)
    """What each evidence requirement of the instrument is called."""
    totals: OwnTotals = _NO_TOTALS
    """What the own marks come to so far; never those of others."""
    reopening: ReopeningView | None = None
    """Why a submitted sheet is open again, until it is handed in anew."""


@dataclass(frozen=True)
class OwnProgress:
    """How far an assessor is: sheets finished of all that are asked, marks given of all that are asked on them."""

    finished: int
    sheets: int
    marked: int
    total: int


@dataclass(frozen=True)
class AssessorProgress:
    """How far one member of the panel is, in sheets and in marks; no value of any mark."""

    user_id: int
    name: str
    open: int
    submitted: int
    recused: int
    marked: int
    total: int
    dropped: int = 0


@dataclass(frozen=True)
class CategoryProgress:
    """`total` marks are asked of each assessor on the sheets from which the assessor has not stepped back."""

    category_id: int
    category: str
    assessors: tuple[AssessorProgress, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        return bool(self.assessors) and not any(assessor.open for assessor in self.assessors)


@dataclass(frozen=True)
class _Neighbour:
    """What a sheet needs to know of the others of its category; see `SheetRow`."""

    nomination_id: int
    state: str
    can_edit: bool
    marked: int
    total: int


def own_progress(rows: Iterable[SheetRow | _Neighbour]) -> OwnProgress:
    """How far an assessor is with these sheets; those that were left count no more."""
    asked = [row for row in rows if row.state not in APART]
    return OwnProgress(
        sum(row.state == "submitted" for row in asked),
        len(asked),
        sum(row.marked for row in asked),
        sum(row.total for row in asked),
    )


def sheets(actor: Actor, *, category_id: int | None = None) -> list[SheetRow]:
    """The actor's own sheets, newest period first, then by category, unit and name (3 statements).

    Sheets of nominations that were withdrawn are left out.
    """
    own = _own_sheets(actor, category_id)
    marked = _marked(actor)
    totals = _totals({sheet.nomination.category.instrument_version_id for sheet in own})
    return [_row(sheet, marked, totals) for sheet in own]


def sheet(actor: Actor, nomination_id: int) -> SheetView:
    """The actor's own sheet for a nomination; `NotFound` when there is none.

    Of a nominee whom the actor no longer assesses only its cover: what it was about, its state and the reason.
    """
    if not may_somewhere(actor, Action.MARK_RECORD):
        raise NotFound("Lembar penilaian tidak ditemukan.")
    query = _with_category(visible.sheets(actor)).where(Sheet.nomination == nomination_id)
    own = visible.there(query.first() if visible.is_id(nomination_id) else None, "Lembar penilaian")
    veil = Veil(own.nomination)
    version = own.nomination.category.instrument_version
    definition = definition_of(version)
    marks = _own_marks(actor, nomination_id)
    components = components_to_mark(definition, marks)
    totals = {version.id: sum(len(component.criteria) for component in components)}
    marked = _marked(actor)
    neighbours = _neighbours(actor, own.nomination.category, marked, totals[version.id])
    place = next(at for at, each in enumerate(neighbours) if each.nomination_id == nomination_id)
    cover = SheetView(
        row=_row(own, marked, totals),
        reason=veil.text(own.reason),
        submitted_at=own.submitted_at,
        previous_id=neighbours[place - 1].nomination_id if place else None,
        next_id=neighbours[place + 1].nomination_id if place + 1 < len(neighbours) else None,
        next_open_id=next((each.nomination_id for each in neighbours[place + 1 :] + neighbours[:place] if each.can_edit), None),
        progress=own_progress(neighbours),
    )
    if not cover.row.can_read:
        return cover
    reopening = _reopening(own, veil)
    if reopening and reopening.criteria:
        components = tuple(_open_in(component, reopening.criteria) for component in components)
    return replace(
        cover,
        components=components,
        evidence=_evidence(definition, nomination_id, veil),
        answers=tuple(
            replace(answer, shown=veil.answer(answer.kind, answer.shown))
            for answer in answers_in_words(form.fields(definition), own.nomination.answers)
        ),
        evidence_labels={requirement.code: requirement.label for requirement in definition.requirements},
        totals=own_totals(definition, {code: None if mark.value is None else Fraction(mark.value, 100) for code, mark in marks.items()}),
        reopening=reopening,
    )


def _reopening(own: Sheet, veil: Veil) -> ReopeningView | None:
    found = reopenings.told().where(Reopening.sheet == own.id, Reopening.closed_at.is_null()).first()
    if found is None:
        return None
    seen = reopenings.view(found)
    return replace(seen, reason=veil.text(seen.reason), objection="" if own.nomination.category.is_blind else seen.objection)


def _open_in(component: ComponentView, codes: Collection[str]) -> ComponentView:
    """The component with those criteria closed that a reopening leaves as they are."""
    return replace(component, criteria=tuple(replace(each, is_open=each.code in codes) for each in component.criteria))


def components_to_mark(definition: instrument.Definition, marks: Mapping[str, Mark]) -> tuple[ComponentView, ...]:
    """The components with the criteria that assessors mark; those without one are left out."""
    found = []
    for component in definition.components:
        criteria = tuple(
            _criterion(criterion, marks.get(criterion.code)) for criterion in component.criteria if criterion.source.kind == "assessor"
        )
        if criteria:
            found.append(ComponentView(component.code, component.label, component.help, criteria))
    return tuple(found)


def progress(actor: Actor, category_id: int) -> CategoryProgress:
    """How far each member of the panel is, by name (4 statements); withdrawn nominations do not count."""
    require(actor, Action.PROGRESS_READ)
    category = visible.get(visible.categories(actor), Category, category_id, "Kategori")
    total = _totals({category.instrument_version_id})[category.instrument_version_id]
    taking_part = (Nomination.category == category_id) & (Nomination.state != NominationState.WITHDRAWN)
    states = _sheet_states(taking_part)
    marks = _marks_on_sheets(taking_part)
    panel = User.select(User.id, User.name).join(PanelMember).where(PanelMember.category == category_id).order_by(User.name, User.id)
    assessors = []
    for user in panel:
        counts = {state: states.get((user.id, state), 0) for state in SHEET_STATES}
        asked = (counts["open"] + counts["submitted"]) * total
        assessors.append(AssessorProgress(user.id, user.name, **counts, marked=marks.get(user.id, 0), total=asked))
    return CategoryProgress(category.id, category.name, tuple(assessors))


def _own_sheets(actor: Actor, category_id: int | None) -> list[Any]:
    """The sheets in the order of the list; no database sorts names the way another does, so it is done here."""
    if not may_somewhere(actor, Action.MARK_RECORD):
        return []
    query = _with_category(visible.sheets(actor))
    if category_id is not None:
        query = query.where(Nomination.category == category_id)
    return sorted(query, key=_order)


def _with_category(sheets: pw.ModelSelect) -> pw.ModelSelect:
    """Sheets of nominations that were not withdrawn, with the nomination, its category and the period."""
    joined = sheets.select_extend(Nomination, Category, Period).join(Nomination).join(Category).join(Period)
    return joined.where(Nomination.state != NominationState.WITHDRAWN)


def _neighbours(actor: Actor, category: Category, marked: Mapping[int, int], total: int) -> list[_Neighbour]:
    """The actor's sheets of a category in the order of the list; only what tells them apart is read, since answers are long."""
    columns = (Nomination.id, Nomination.number, Nomination.person, Nomination.state, Sheet.state, visible.still_assessed(actor))
    query = visible.sheets(actor).select(*columns)
    query = query.join(Nomination).where(Nomination.category == category.id, Nomination.state != NominationState.WITHDRAWN)
    found = []
    for id_, number, person, nomination_state, state, can_read in query.tuples():
        place = _place(_nominee(category, id_, person, can_read=can_read), number, can_read=can_read)
        can_edit = bool(can_read) and _can_edit(category, nomination_state, state)
        found.append((place, _Neighbour(id_, state, can_edit, *_counts(marked.get(id_, 0), total, can_read=can_read))))
    return [neighbour for _, neighbour in sorted(found, key=itemgetter(0))]


def _order(own: Any) -> tuple[object, ...]:
    nomination, category = own.nomination, own.nomination.category
    nominee = _nominee(category, nomination.id, nomination.person, can_read=own.can_read)
    place = _place(nominee, nomination.number, can_read=own.can_read)
    return (-category.period.year, -category.period_id, category.position, category.id, *place)


def _place(nominee: Nominee, number: str, *, can_read: bool) -> tuple[object, ...]:
    """Where a nominee stands in a category: by unit and name; in a blind category the code alone decides.

    Those whom the actor no longer assesses come last, by name: where they stand tells no unit.
    """
    return not can_read, nominee.unit.casefold(), nominee.name.casefold(), number


def _nominee(category: Category, nomination_id: int, person: Mapping[str, str], *, can_read: bool) -> Nominee:
    if category.is_blind:
        return Nominee(blind.called(nomination_id), "", "", "")
    if not can_read:
        return Nominee(person["full_name"], "", "", "")
    return Nominee(person["full_name"], person["position"], person["grade"], person["unit_name"])


def _counts(marked: int, total: int, *, can_read: bool) -> tuple[int, int]:
    """How many criteria are done of how many; none are asked where the actor no longer assesses."""
    return (marked, total) if can_read else (0, 0)


def _can_edit(category: Category, nomination_state: str, state: str) -> bool:
    """Whether a sheet that is still the actor's to assess can be filled in now."""
    in_time = PeriodState(category.period.state) in MARKABLE_IN
    return in_time and (state, nomination_state) == ("open", NominationState.VERIFIED)


def _row(own: Any, marks: Mapping[int, int], totals: Mapping[int, int]) -> SheetRow:
    nomination, category = own.nomination, own.nomination.category
    can_read = bool(own.can_read)
    marked, total = _counts(marks.get(nomination.id, 0), totals[category.instrument_version_id], can_read=can_read)
    return SheetRow(
        nomination_id=nomination.id,
        number=blind.code(nomination.id) if category.is_blind else nomination.number,
        nominee=_nominee(category, nomination.id, nomination.person, can_read=can_read),
        category_id=category.id,
        category=category.name,
        period=category.period.name,
        marked=marked,
        total=total,
        state=own.state,
        state_label=SHEET_STATES[own.state],
        can_edit=can_read and _can_edit(category, nomination.state, own.state),
        row_version=own.row_version,
        is_blind=category.is_blind,
        can_read=can_read,
    )


def _marked(actor: Actor) -> dict[int, int]:
    """How many marks the actor has given, by nomination."""
    query = Mark.select(Mark.nomination, pw.fn.COUNT(Mark.criterion)).where(Mark.assessor == actor.user_id)
    return dict(query.group_by(Mark.nomination).tuples())


def _totals(version_ids: Collection[int]) -> dict[int, int]:
    """How many criteria assessors mark, by instrument version."""
    query = Criterion.select(Criterion.version, pw.fn.COUNT(Criterion.id)).where(Criterion.version.in_(list(version_ids)))
    return dict.fromkeys(version_ids, 0) | dict(query.group_by(Criterion.version).tuples())


def _own_marks(actor: Actor, nomination_id: int) -> dict[str, Mark]:
    query = Mark.select(Mark, Criterion).join(Criterion, on=(Mark.criterion == Criterion.id))
    return {mark.criterion.code: mark for mark in query.where(Mark.nomination == nomination_id, Mark.assessor == actor.user_id)}


def _criterion(criterion: instrument.Criterion, mark: Mark | None) -> CriterionView:
    minimum, maximum, step = (exact_text(Fraction(bound, 100)) for bound in criterion.scale.bounds or (0, 0, 1))
    return CriterionView(
        code=criterion.code,
        label=criterion.label,
        help=criterion.help,
        kind=criterion.scale.kind,
        scale=criterion.scale.describe(),
        minimum=minimum,
        maximum=maximum,
        step=step,
        options=_options(criterion.scale),
        note_min_chars=criterion.note_min_chars,
        evidence=criterion.evidence,
        mark=None if mark is None else _mark(criterion.scale, mark),
    )


def _options(scale: scales.Scale) -> tuple[OptionView, ...]:
    match scale:
        case scales.Rubric():
            return tuple(OptionView(exact_text(x.points), format_number(x.points), x.label, x.description) for x in scale.levels)
        case scales.Choice():
            return tuple(OptionView(exact_text(x), format_number(x), f"{format_number(x)} poin") for x in scale.allowed)
        case scales.YesNo():
            return OptionView("1", "Ya", "Ya"), OptionView("0", "Tidak", "Tidak")
    return ()


def _mark(scale: scales.Scale, mark: Mark) -> MarkView:
    if mark.value is None:
        return MarkView(mark.state, None, "", mark.note, mark.saved_at)
    number = Fraction(mark.value, 100)
    value = exact_text(number)
    shown = next((option.shown for option in _options(scale) if option.value == value), format_number(number))
    return MarkView(mark.state, value, shown, mark.note, mark.saved_at)


def _evidence(definition: instrument.Definition, nomination_id: int, veil: Veil) -> tuple[EvidenceView, ...]:
    """The files in the order in which the instrument asks for them."""
    labels = {requirement.code: requirement.label for requirement in definition.requirements}
    places = list(labels)
    query = Evidence.select(Evidence, Blob).join(Blob).where(Evidence.nomination == nomination_id)
    found = []
    for file in sorted(query, key=lambda file: (places.index(file.requirement), file.id)):
        blob, label = file.blob, labels[file.requirement]
        name = veil.filename(file.filename, file.requirement, file.id, blob.media_type)
        found.append(EvidenceView(file.id, file.requirement, label, name, blob.media_type, blob.size))
    return tuple(found)


def _sheet_states(taking_part: pw.Expression) -> dict[tuple[int, str], int]:
    query = (
        Sheet.select(Sheet.assessor, Sheet.state, pw.fn.COUNT(Sheet.id))
        .join(Nomination)
        .where(taking_part)
        .group_by(Sheet.assessor, Sheet.state)
    )
    return {(assessor, state): count for assessor, state, count in query.tuples()}


def _marks_on_sheets(taking_part: pw.Expression) -> dict[int, int]:
    """How many marks each assessor has given on sheets that count."""
    same_sheet = (Sheet.nomination == Mark.nomination) & (Sheet.assessor == Mark.assessor)
    query = (
        Mark.select(Mark.assessor, pw.fn.COUNT(Mark.criterion))
        .join(Sheet, on=same_sheet)
        .switch(Mark)
        .join(Nomination, on=(Mark.nomination == Nomination.id))
        .where(taking_part, Sheet.state.not_in(APART))
        .group_by(Mark.assessor)
    )
    return dict(query.tuples())
