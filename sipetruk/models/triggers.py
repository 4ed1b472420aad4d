"""What the database itself forbids: changing what was locked, sealed, published or written into a trail."""

from __future__ import annotations

from dataclasses import dataclass

import peewee as pw

from sipetruk.models.base import database


@dataclass(frozen=True)
class Trigger:
    """Refuses `event` on rows of `table` for which `when` holds; `frozen` narrows an update to a change of these columns.

    With `of_draft`, a new row is only refused where the instrument version that it names (`version_id`) is no draft.
    """

    table: str
    event: str
    message: str
    when: str = ""
    frozen: tuple[str, ...] = ()
    of_draft: bool = False

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.event.lower()}"


TRUNCATE = "TRUNCATE"
"""Emptying a whole table, which no trigger of a row sees; SQLite has no such statement."""
_LOCKED = _SETTLED = "OLD.state <> 'draft'"

TRIGGERS = (
    Trigger("audit_entry", "UPDATE", "the audit trail is only ever added to"),
    Trigger("audit_entry", "DELETE", "the audit trail is only ever added to"),
    Trigger("chain_head", "UPDATE", "the published heads are only ever added to"),
    Trigger("chain_head", "DELETE", "the published heads are only ever added to"),
    Trigger("mark_history", "UPDATE", "the history of marks is only ever added to"),
    Trigger("mark_history", "DELETE", "the history of marks is only ever added to"),
    Trigger(
        "instrument_version", "UPDATE", "a locked instrument version never changes", _LOCKED,
        ("instrument_id", "number", "definition", "examples", "sha256", "locked_at", "locked_by_id"),
    ),
    Trigger("instrument_version", "DELETE", "a locked instrument version never changes", _LOCKED),
    Trigger("criterion", "INSERT", "a locked instrument version never changes", of_draft=True),
    Trigger("criterion", "UPDATE", "a locked instrument version never changes"),
    Trigger("criterion", "DELETE", "a locked instrument version never changes"),
    Trigger(
        "ranking", "UPDATE", "a final ranking never changes", _SETTLED,
        ("category_id", "number", "engine", "inputs", "input_sha256", "result", "result_sha256",
         "computed_at", "computed_by_id", "finalised_at", "finalised_by_id"),
    ),
    Trigger("ranking", "DELETE", "a final ranking never changes", _SETTLED),
    Trigger(
        "objection", "UPDATE", "a decided objection never changes", "OLD.state <> 'filed'",
        ("number", "nomination_id", "ranking_id", "state", "reason", "letter_number", "letter_on", "blob_id", "filename",
         "filed_at", "filed_by_id", "decision", "decided_at", "decided_by_id", "withdrawal_reason", "withdrawn_at"),
    ),
    Trigger("objection", "DELETE", "an objection stays on record"),
    Trigger(
        "reopening", "UPDATE", "the trace of a reopened sheet never changes", "",
        ("sheet_id", "objection_id", "reason", "criteria", "submitted_at", "reopened_at", "reopened_by_id"),
    ),
    Trigger("reopening", "DELETE", "the trace of a reopened sheet never changes"),
    Trigger(
        "publication", "UPDATE", "a publication never changes, it can only be withdrawn", "",
        ("period_id", "number", "policy", "statistics", "file", "content_sha256", "made_at", "published_at", "published_by_id"),
    ),
    Trigger("publication", "DELETE", "a publication never changes, it can only be withdrawn"),
    Trigger("published_winner", "UPDATE", "a publication never changes, it can only be withdrawn"),
    Trigger("published_winner", "DELETE", "a publication never changes, it can only be withdrawn"),
    *(
        Trigger(table, TRUNCATE, "what is kept for ever is not emptied")
        for table in (
            "audit_entry", "chain_head", "mark_history", "instrument_version", "criterion", "ranking", "objection", "publication",
            "published_winner",
        )
    ),
)  # fmt: skip

_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
END
$$"""
_REFUSE_UNLESS_DRAFT = """
CREATE OR REPLACE FUNCTION refuse_unless_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM instrument_version WHERE id = NEW.version_id AND state <> 'draft') THEN
        RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$"""
_NOT_OF_DRAFT = "EXISTS (SELECT 1 FROM instrument_version WHERE id = NEW.version_id AND state <> 'draft')"


def create_triggers() -> None:
    """Add the triggers to a database whose tables were just made from the models."""
    for statement in statements(is_postgresql=isinstance(database.obj, pw.PostgresqlDatabase)):
        database.execute_sql(statement)


def statements(*, is_postgresql: bool) -> list[str]:
    """The SQL of all triggers."""
    if is_postgresql:
        return [_REFUSE, _REFUSE_UNLESS_DRAFT, *(_postgresql(trigger) for trigger in TRIGGERS)]
    return [_sqlite(trigger) for trigger in TRIGGERS if trigger.event != TRUNCATE]


def _sqlite(trigger: Trigger) -> str:
    when = _NOT_OF_DRAFT if trigger.of_draft else _when(trigger, "IS NOT")
    return (
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table}"
        f"{f' WHEN {when}' if when else ''} BEGIN SELECT RAISE(ABORT, '{trigger.message}'); END"
    )


def _postgresql(trigger: Trigger) -> str:
    when = _when(trigger, "IS DISTINCT FROM")
    scope = "STATEMENT" if trigger.event == TRUNCATE else "ROW"
    function = "refuse_unless_draft" if trigger.of_draft else "refuse_change"
    return (
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table} FOR EACH {scope}"
        f"{f' WHEN ({when})' if when else ''} EXECUTE FUNCTION {function}('{trigger.message}')"
    )


def _when(trigger: Trigger, differs: str) -> str:
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in trigger.frozen)
    return " AND ".join(f"({part})" for part in (trigger.when, changed) if part)
