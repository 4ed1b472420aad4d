"""Periods: the schedule, the categories and their panels, and the steps of the round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, IllegalMove, Invalid, Problem
from sipetruk.models import (
    Category,
    InstrumentVersion,
    Membership,
    Nomination,
    Period,
    Publication,
    StageWindow,
    User,
)
from sipetruk.queries import visible
from sipetruk.queries.interviews import awaits_finalists, interview_of
from sipetruk.queries.periods import naming_fixed
from sipetruk.rules import eligibility
from sipetruk.rules.dates import BAD_YEAR, YEARS
from sipetruk.rules.permissions import Action, Actor, Role, require
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import (
    CATEGORIES_CHANGE_IN,
    PERIOD_LABELS,
    PERIODS_GO_IN,
    PLANNED_IN,
    STAGE_LABELS,
    PeriodMove,
    PeriodState,
    Stage,
    next_period_state,
    panel_may_change,
)
from sipetruk.services import assessment, audience, audit, clock, events, interviews, panels, readiness
from sipetruk.services.instruments import SLUG
from sipetruk.services.transaction import check_version, held, held_category, once, one, touch, transaction

MOST_WINNERS = 1_000


def create(actor: Actor, *, name: str, year: int, slug: str, idempotency_key: str | None = None) -> int:
    """Add a period in preparation."""
    require(actor, Action.PERIOD_EDIT)
    check_naming(name, year, slug)

    def add() -> int:
        if Period.select().where(Period.slug == slug).exists():
            raise Conflict("Alamat “%(slug)s” sudah dipakai periode lain.", "slug", slug=slug)
        period = Period.create(name=name.strip(), year=year, slug=slug, created_at=clock.now())
        audit.record(actor, Action.PERIOD_EDIT, "period", period.id, after={"name": period.name, "year": year, "slug": slug})
        return int(period.id)

    with transaction():
        return once(actor, "period:create", idempotency_key, add)


def update(actor: Actor, *, period_id: int, name: str, year: int, expected_version: int) -> int:
    """Change the name and year of a period as long as nothing published holds them; returns the new row version."""
    require(actor, Action.PERIOD_EDIT)
    with transaction():
        period = held_period(actor, period_id)
        check_version(period, expected_version)
        check_naming(name, year, period.slug)
        before = {"name": period.name, "year": period.year}
        changed = [field for field, now in (("name", name.strip()), ("year", year)) if now != before[field]]
        if changed and (fixed := naming_fixed([period])[period_id]):
            raise IllegalMove(Problem(fixed, (field,), IllegalMove.code) for field in changed)
        period.name, period.year = name.strip(), year
        touch(period)
        after = {"name": period.name, "year": year}
        audit.record(actor, Action.PERIOD_EDIT, "period", period_id, before=before, after=after)
        return int(period.row_version)


def remove(actor: Actor, *, period_id: int, expected_version: int) -> None:
    """Delete a period that was made by mistake, with its schedule, categories and panels; one from which something came stays."""
    require(actor, Action.PERIOD_EDIT)
    with transaction():
        period = held_period(actor, period_id)
        check_version(period, expected_version)
        _require_unused(period)
        categories = list(Category.select().where(Category.period == period_id).order_by(Category.position, Category.id))
        names = [str(category.name) for category in categories]
        before = {"name": period.name, "year": period.year, "slug": period.slug, "categories": names}
        for category in categories:
            category.period = period
            panels.dissolve(actor, category)
        # an interview refers to its first stage, which cannot go before it
        Category.delete().where(Category.period == period_id, Category.first_stage.is_null(is_null=False)).execute()
        period.delete_instance()
        for category in categories:  # each has a history of its own, which ends here
            audit.record(actor, Action.PERIOD_EDIT, "category", category.id, before=_named(category))
        audit.record(actor, "period:remove", "period", period_id, before=before)


def set_windows(
    actor: Actor,
    *,
    period_id: int,
    windows: Mapping[Stage, tuple[date, date]],
    expected_version: int,
    reason: str = "",
) -> int:
    """Replace the schedule; once the period is open, a change needs a reason. Returns the new row version."""
    require(actor, Action.PERIOD_EDIT)
    check_windows(windows)
    with transaction():
        period = held_period(actor, period_id)
        check_version(period, expected_version)
        is_running = period.state not in PLANNED_IN
        if is_running and not reason.strip():
            raise Invalid("Jadwal periode yang sudah berjalan hanya dapat diubah dengan alasan.", "reason")
        before = windows_json(period_id)
        StageWindow.delete().where(StageWindow.period == period_id).execute()
        rows = [
            {"period": period_id, "stage": stage, "opens_on": opens_on, "closes_on": closes_on}
            for stage, (opens_on, closes_on) in windows.items()
        ]
        if rows:
            StageWindow.insert_many(rows).execute()
        touch(period)
        if is_running:
            closed = {Stage(stage): date.fromisoformat(days[1]) for stage, days in before.items()}
            audience.rescheduled(actor, period, closed, {stage: closes_on for stage, (_, closes_on) in windows.items()})
        after = windows_json(period_id)
        audit.record(actor, Action.PERIOD_EDIT, "period", period_id, before=before, after=after, reason=reason)
        return int(period.row_version)


def add_category(
    actor: Actor,
    *,
    period_id: int,
    name: str,
    slug: str,
    instrument_version_id: int,
    winners: int,
    quota_per_unit: int | None = None,
    winners_per_unit: int | None = None,
    eligibility_rules: Sequence[Mapping[str, Any]] = (),
    idempotency_key: str | None = None,
) -> int:
    """Add a category to a period in preparation; the period gets another version, since it consists of more now."""
    require(actor, Action.PERIOD_EDIT)
    clean = _clean_category(name, slug, winners, quota_per_unit, winners_per_unit, eligibility_rules)

    def add() -> int:
        period = held_period(actor, period_id)
        _require_preparation(period)
        _check_instrument(instrument_version_id)
        siblings = Category.select().where(Category.period == period_id)
        if siblings.where(Category.slug == slug).exists():
            raise Conflict("Kode kategori “%(slug)s” sudah dipakai pada periode ini.", "slug", slug=slug)
        category = Category.create(period=period_id, position=siblings.count() + 1, instrument_version=instrument_version_id, **clean)
        touch(period)
        after = {**clean, "instrument_version": instrument_version_id}
        audit.record(actor, Action.PERIOD_EDIT, "category", category.id, after=after)
        return int(category.id)

    with transaction():
        return once(actor, "category:add", idempotency_key, add)


def update_category(
    actor: Actor,
    *,
    category_id: int,
    name: str,
    instrument_version_id: int,
    winners: int,
    quota_per_unit: int | None,
    winners_per_unit: int | None,
    eligibility_rules: Sequence[Mapping[str, Any]],
    expected_version: int,
) -> int:
    """Change a category while its period is in preparation; returns the new row version."""
    require(actor, Action.PERIOD_EDIT)
    with transaction():
        category = held_category(actor, category_id)
        check_version(category, expected_version)
        _require_preparation(category.period)
        clean = _clean_category(name, category.slug, winners, quota_per_unit, winners_per_unit, eligibility_rules)
        _check_instrument(instrument_version_id)
        before = {**{key: getattr(category, key) for key in clean}, "instrument_version": category.instrument_version_id}
        for key, value in clean.items():
            setattr(category, key, value)
        category.instrument_version = instrument_version_id
        touch(category)
        after = {**clean, "instrument_version": instrument_version_id}
        audit.record(actor, Action.PERIOD_EDIT, "category", category_id, before=before, after=after)
        return int(category.row_version)


def remove_category(actor: Actor, *, category_id: int, expected_version: int) -> None:
    """Delete a category of a period in preparation; its panel is told, and the period gets another version."""
    require(actor, Action.PERIOD_EDIT)
    with transaction():
        category = held_category(actor, category_id)
        check_version(category, expected_version)
        _require_preparation(category.period)
        if interview_of(category.id) is not None:
            raise Conflict("Kategori ini menjadi tahap pertama sebuah wawancara. Lepaskan dahulu wawancaranya.", "categoryId")
        panels.dissolve(actor, category)
        category.delete_instance()
        touch(category.period)
        audit.record(actor, Action.PERIOD_EDIT, "category", category_id, before=_named(category))


def set_panel(actor: Actor, *, category_id: int, user_ids: Sequence[int], expected_version: int | None = None) -> None:
    """Name the assessors of a category, before its assessment (or interview) begins; with `expected_version` a stale list is refused."""
    require(actor, Action.PERIOD_EDIT)
    wanted = sorted(set(user_ids))
    with transaction():
        category = held_category(actor, category_id)
        if expected_version is not None:
            check_version(category, expected_version)
        state = PeriodState(category.period.state)
        if not panel_may_change(state, awaits_finalists=awaits_finalists(category)):
            raise IllegalMove("Tim penilai tidak dapat diubah setelah penilaian dimulai.")
        able = User.select(User.id).join(Membership).where(User.id.in_(wanted), User.is_active, Membership.role == Role.ASSESSOR).distinct()
        if able.count() != len(wanted):
            raise Invalid("Anggota tim penilai harus pengguna aktif dengan peran penilai.", "userIds")
        before = panels.name_members(actor, category, wanted)
        panels.forget_members(category_id, wanted)
        touch(category)
        after = {"panel": wanted}
        audit.record(actor, Action.PERIOD_EDIT, "category", category_id, before={"panel": before}, after=after)


def move(actor: Actor, *, period_id: int, move: PeriodMove, expected_version: int, reason: str = "") -> PeriodState:
    """Take the period to its next stage; publishing has its own service (`results.publish`)."""
    require(actor, Action.PERIOD_MOVE)
    if move is PeriodMove.PUBLISH:
        raise IllegalMove("Hasil diumumkan lewat langkah pengumuman, setelah pemenang ditetapkan.")
    with transaction():
        period = held_period(actor, period_id)
        check_version(period, expected_version)
        return advance(actor, period, move, reason)


def advance(actor: Actor, period: Any, move: PeriodMove, reason: str = "") -> PeriodState:
    """Move a held period within the caller's transaction: table, window, guard, consequences, audit."""
    before = PeriodState(period.state)
    after = next_period_state(before, move)
    readiness.require_ready(period, before, move, reason)
    period.state = after.value
    if after is PeriodState.ARCHIVED:
        period.archived_at = clock.now()
    touch(period)
    if move is PeriodMove.START_ASSESSMENT:
        panels.open_sheets(actor, period)
    elif move is PeriodMove.OPEN_INTERVIEW:
        interviews.begin(actor, period)
    elif move is PeriodMove.START_RANKING:
        assessment.settle(actor, period)
    audience.moved(actor, period, after)
    events.happened(Event.PERIOD_STAGE_CHANGED, period.id, slug=period.slug, before=before.value, after=after.value)
    audit.record(
        actor,
        Action.PERIOD_MOVE,
        "period",
        period.id,
        before={"state": before.value},
        after={"state": after.value},
        reason=reason,
    )
    return after


def check_naming(name: str, year: int, slug: str) -> None:
    problems = []
    if not 1 <= len(name.strip()) <= 150:
        problems.append(Problem("Nama wajib diisi, paling banyak 150 karakter.", ("name",)))
    if year not in YEARS:
        problems.append(Problem(BAD_YEAR, ("year",)))
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        template = "Alamat terdiri atas huruf kecil, angka, dan tanda hubung, paling banyak 60 karakter."
        problems.append(Problem(template, ("slug",)))
    if problems:
        raise Invalid(problems)


def check_windows(windows: Mapping[Stage, tuple[date, date]]) -> None:
    problems = []
    previous: date | None = None
    for stage in Stage:
        if stage not in windows:
            continue
        opens_on, closes_on = windows[stage]
        if opens_on.year not in YEARS or closes_on.year not in YEARS:
            problems.append(Problem(BAD_YEAR, ("windows", stage)))
        if closes_on < opens_on:
            template = "Tahap “%(stage)s” berakhir sebelum dimulai."
            problems.append(Problem(template, ("windows", stage), params={"stage": STAGE_LABELS[stage]}))
        if previous and opens_on < previous:
            template = "Tahap “%(stage)s” dimulai sebelum tahap sebelumnya dimulai."
            problems.append(Problem(template, ("windows", stage), params={"stage": STAGE_LABELS[stage]}))
        previous = opens_on
    if problems:
        raise Invalid(problems)


def _clean_category(
    name: str,
    slug: str,
    winners: int,
    quota_per_unit: int | None,
    winners_per_unit: int | None,
    rules: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    problems = []
    if not 1 <= len(name.strip()) <= 150:
        problems.append(Problem("Nama wajib diisi, paling banyak 150 karakter.", ("name",)))
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        template = "Kode terdiri atas huruf kecil, angka, dan tanda hubung, paling banyak 60 karakter."
        problems.append(Problem(template, ("slug",)))
    if not 1 <= winners <= MOST_WINNERS:
        problems.append(Problem("Jumlah pemenang harus 1 sampai 1000.", ("winners",)))
    for field, value in (("quotaPerUnit", quota_per_unit), ("winnersPerUnit", winners_per_unit)):
        if value is not None and not 1 <= value <= MOST_WINNERS:
            problems.append(Problem("Isikan bilangan 1 sampai 1000, atau kosongkan bila tanpa batas.", (field,)))
    try:
        clean_rules = [rule.to_dict() for rule in eligibility.parse_rules(rules)]
    except Invalid as refusal:
        problems += refusal.problems
    if problems:
        raise Invalid(problems)
    return {
        "name": name.strip(),
        "slug": slug,
        "winners": winners,
        "quota_per_unit": quota_per_unit,
        "winners_per_unit": winners_per_unit,
        "eligibility": clean_rules,
    }


def _check_instrument(version_id: int) -> None:
    version = one(InstrumentVersion.select().where(InstrumentVersion.id == version_id), "Versi instrumen")
    if version.state == "retired":
        raise Invalid("Versi instrumen ini tidak dipakai lagi.", "instrumentVersionId")


def _named(category: Any) -> dict[str, str]:
    """What the audit trail keeps of a category that goes."""
    return {"name": category.name, "slug": category.slug}


def _require_preparation(period: Any) -> None:
    if period.state not in CATEGORIES_CHANGE_IN:
        raise IllegalMove("Kategori hanya dapat diubah pada tahap “%(stage)s”.", stage=PERIOD_LABELS[PeriodState.PREPARATION])


def _require_unused(period: Any) -> None:
    if period.state not in PERIODS_GO_IN:
        raise IllegalMove(
            "Periode “%(name)s” tidak dapat dihapus: hanya periode pada tahap “%(stage)s” yang dapat dihapus, dan tahapnya kini “%(now)s”.",
            name=period.name,
            stage=PERIOD_LABELS[PeriodState.PREPARATION],
            now=PERIOD_LABELS[PeriodState(period.state)],
        )
    nominations = (
        Category.select(Category.name, pw.fn.COUNT(Nomination.id))
        .join(Nomination)
        .where(Category.period == period.id)
        .group_by(Category.id)
        .order_by(Category.position, Category.id)
    )
    found = "; ".join(f"{name} ({count})" for name, count in nominations.tuples())
    if found:
        template = "Periode “%(name)s” tidak dapat dihapus karena sudah ada usulan pada kategori: %(found)s."
        raise Conflict(template, name=period.name, found=found)
    if Publication.select().where(Publication.period == period.id).exists():
        raise Conflict("Periode “%(name)s” tidak dapat dihapus karena sudah ada pengumuman hasilnya.", name=period.name)


def held_period(actor: Actor, period_id: int) -> Any:
    return one(held(visible.periods(actor).where(Period.id == period_id)), "Periode")


def windows_json(period_id: int) -> dict[str, list[str]]:
    rows = StageWindow.select().where(StageWindow.period == period_id)
    return {row.stage: [row.opens_on.isoformat(), row.closes_on.isoformat()] for row in rows}
