"""Rows are held in one order everywhere, so that two steps at once wait for one another and never for each other."""

from __future__ import annotations

from pathlib import Path

from sipetruk import services
from sipetruk.models import Category
from sipetruk.services.transaction import held_category, transaction
from tests.services import builders


def test_a_category_is_held_with_its_period_and_nowhere_else(db, cast):
    round_ = builders.prepared_round(cast)
    with transaction():
        category = held_category(cast.bkpsdm, round_.category_id)
    assert (category.id, category.period.id, category.period.state) == (round_.category_id, round_.period_id, "preparation")
    sources = sorted(Path(services.__file__).parent.glob("*.py"))
    holding = {path.name for path in sources if "held(visible.categories" in path.read_text(encoding="utf-8")}
    assert holding == {"transaction.py"}
    assert Category.get_by_id(round_.category_id).row_version == category.row_version
