"""A whole period taken over for another year: schedule, categories, rules, instrument versions and panels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sipetruk.errors import Conflict, Invalid, Problem
from sipetruk.models import Category, Period, StageWindow
from sipetruk.queries import period_copies as queries
from sipetruk.queries.period_copies import CategoryCopy, CopyPlan
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import audit, clock, panels
from sipetruk.services.periods import check_naming, held_period, windows_json
from sipetruk.services.transaction import once, transaction


def copy(
    actor: Actor,
    *,
    period_id: int,
    name: str,
    slug: str,
    year: int,
    versions: Mapping[int, int] | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Add a period in preparation like another one, its days and the months that its rules name moved to `year`.

    Categories keep their rules, quotas, active assessors and instrument version, unless `versions` (category of the
    copied period -> version of the same instrument) names another; a retired version gives way to the newest locked one.
    """
    require(actor, Action.PERIOD_EDIT)
    check_naming(name, year, slug)

    def add() -> int:
        source = held_period(actor, period_id)
        if Period.select().where(Period.slug == slug).exists():
            raise Conflict("Alamat “%(slug)s” sudah dipakai periode lain.", "slug", slug=slug)
        plan = queries.plan(actor, period_id, year)
        chosen = _chosen(plan, versions or {})
        values = {"name": name.strip(), "year": year, "slug": slug, "is_automatic": source.is_automatic}
        period = Period.create(**values, created_at=clock.now())
        _write_windows(plan, period)
        after = {"name": period.name, "year": year, "slug": slug, "copied_from": source.slug, "windows": windows_json(period.id)}
        audit.record(actor, Action.PERIOD_EDIT, "period", period.id, after=after)
        made = {
            category.id: _write_category(actor, category, period, position, chosen[category.id])
            for position, category in enumerate(plan.categories, start=1)
        }
        for category in plan.categories:
            if category.first_stage_id is not None:
                stage = {"first_stage": made[category.first_stage_id], "finalists": category.finalists}
                Category.update(stage).where(Category.id == made[category.id]).execute()
                audit.record(actor, Action.PERIOD_EDIT, "category", made[category.id], after=stage)
        return int(period.id)

    with transaction():
        return once(actor, "period:copy", idempotency_key, add)


def _chosen(plan: CopyPlan, wanted: Mapping[int, int]) -> dict[int, int]:
    """The instrument version of each category; Invalid naming every category without a version that is in use."""
    chosen, problems = {}, []
    for category in plan.categories:
        picked = wanted.get(category.id, category.version_id)
        if picked is None or picked not in {choice.id for choice in category.choices}:
            template = "Kategori “%(name)s”: pilih versi instrumen yang masih dipakai."
            problems.append(Problem(template, ("versions", str(category.id)), params={"name": category.name}))
        else:
            chosen[category.id] = picked
    strange = wanted.keys() - {category.id for category in plan.categories}
    problems += [Problem("Kategori ini tidak ada pada periode yang disalin.", ("versions", str(key))) for key in sorted(strange)]
    if problems:
        raise Invalid(problems)
    return chosen


def _write_windows(plan: CopyPlan, period: Any) -> None:
    rows = [{"period": period.id, "stage": row.stage, "opens_on": row.new_opens_on, "closes_on": row.new_closes_on} for row in plan.stages]
    if rows:
        StageWindow.insert_many(rows).execute()


def _write_category(actor: Actor, copied: CategoryCopy, period: Any, position: int, version_id: int) -> int:
    """The id of the new category; whose interview it is comes when all are there."""
    values = {
        "name": copied.name,
        "slug": copied.slug,
        "winners": copied.winners,
        "quota_per_unit": copied.quota_per_unit,
        "winners_per_unit": copied.winners_per_unit,
        "eligibility": [rule.to_dict() for rule in copied.rules],
        "is_blind": copied.is_blind,
        "assessors_each": copied.assessors_each,
        "spread_limit": copied.spread_limit,
    }
    category = Category.create(period=period, position=position, instrument_version=version_id, **values)
    panel = sorted(user_id for user_id, _ in copied.panel)
    panels.name_members(actor, category, panel)
    after = {**values, "instrument_version": version_id, "panel": panel}
    audit.record(actor, Action.PERIOD_EDIT, "category", category.id, after=after)
    return int(category.id)
