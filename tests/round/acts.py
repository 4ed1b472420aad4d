"""One act or more for every action of the permission table, each on a thing of the stage and at a moment at which it may be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from sipetruk.models import Category, Employee, InstrumentVersion, Period, Ranking, Sheet, User, WorkUnit
from sipetruk.queries import analysis as analysis_queries
from sipetruk.queries import announcements as announcement_queries
from sipetruk.queries import assessment as sheet_queries
from sipetruk.queries import audit as audit_queries
from sipetruk.queries import conflicts as conflict_queries
from sipetruk.queries import explanations, standing, visible
from sipetruk.queries import instruments as instrument_queries
from sipetruk.queries import nominations as nomination_queries
from sipetruk.queries import objections as objection_queries
from sipetruk.queries import periods as period_queries
from sipetruk.queries import rankings as ranking_queries
from sipetruk.queries import settings as setting_queries
from sipetruk.queries import signatories as signatory_queries
from sipetruk.queries import tokens as token_queries
from sipetruk.queries import webhooks as webhook_queries
from sipetruk.rules.announcement_states import Text
from sipetruk.rules.objecting import Letter
from sipetruk.rules.permissions import Action, Actor, Grant, Role, require
from sipetruk.rules.scopes import Scope
from sipetruk.rules.signatories import SignedDocument
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import (
    analysis,
    announcements,
    assessment,
    checks,
    conflicts,
    evidence,
    instruments,
    nominations,
    objections,
    people,
    period_copies,
    periods,
    proposals,
    rankings,
    reassessment,
    reminders,
    results,
    retention,
    settings,
    signatories,
    tokens,
    users,
    webhooks,
)
from tests.round.stage import HEAD, Stage
from tests.services import builders, hooks, objecting

Act = Callable[[Stage, Actor], object]

ACTS: dict[Action, list[Act]] = {action: [] for action in Action}


def act(action: Action, month: int = 10, day: int = 2) -> Callable[[Act], Act]:
    """Register an act, done at ten o'clock on this day of 2024."""

    def register(does: Act) -> Act:
        def at_its_time(stage: Stage, actor: Actor) -> object:
            with builders.standing_at(2024, month, day):
                return does(stage, actor)

        at_its_time.__name__ = does.__name__.strip("_")
        ACTS[action].append(at_its_time)
        return does

    return register


# Instruments --------------------------------------------------------------------------------------------------------


@act(Action.INSTRUMENT_READ)
def _read_instrument(stage, actor):
    return instrument_queries.version(actor, stage.taking.version_id)


@act(Action.INSTRUMENT_EDIT)
def _create_instrument(_, actor):
    return instruments.create(actor, code="baru", name="Instrumen baru", definition=builders.tiny_instrument())


@act(Action.INSTRUMENT_EDIT)
def _start_draft(stage, actor):
    version = InstrumentVersion.get_by_id(stage.taking.version_id)
    return instruments.start_draft(actor, instrument_id=version.instrument_id, from_version_id=version.id)


@act(Action.INSTRUMENT_LOCK)
def _lock(stage, actor):
    return instruments.lock(actor, version_id=stage.draft_version, expected_version=_version(InstrumentVersion, stage.draft_version))


@act(Action.INSTRUMENT_LOCK)
def _retire(stage, actor):
    version_id = stage.taking.version_id
    return instruments.retire(actor, version_id=version_id, reason="Diganti.", expected_version=_version(InstrumentVersion, version_id))


# Periods ------------------------------------------------------------------------------------------------------------


@act(Action.PERIOD_READ)
def _read_period(stage, actor):
    return period_queries.period(actor, stage.taking.period_id)


@act(Action.PERIOD_EDIT)
def _create_period(_, actor):
    return periods.create(actor, name="ASN Berprestasi 2025", year=2025, slug="2025")


@act(Action.PERIOD_EDIT)
def _copy_period(stage, actor):
    return period_copies.copy(actor, period_id=stage.taking.period_id, name="ASN Berprestasi 2025", slug="2025", year=2025)


@act(Action.PERIOD_EDIT)
def _extend(stage, actor):
    id_ = stage.taking.period_id
    windows, version = builders.WINDOWS, _version(Period, id_)
    return periods.set_windows(actor, period_id=id_, windows=windows, expected_version=version, reason="Libur bersama.")


@act(Action.PERIOD_EDIT, 9, 20)
def _choose_panel(stage, actor):
    id_ = stage.preparing.category_id
    return periods.set_panel(actor, category_id=id_, user_ids=[stage.cast.assessor3.user_id], expected_version=_version(Category, id_))


@act(Action.PERIOD_MOVE, 10, 1)
def _open(stage, actor):
    id_ = stage.preparing.period_id
    return periods.move(actor, period_id=id_, move=PeriodMove.OPEN, expected_version=_version(Period, id_))


# Units, employees, users --------------------------------------------------------------------------------------------


@act(Action.UNIT_READ)
def _read_unit(stage, actor):
    return visible.get(visible.units(actor), WorkUnit, stage.cast.unit_id, "Unit kerja")


@act(Action.UNIT_EDIT)
def _change_unit(stage, actor):
    id_ = stage.cast.other_unit_id
    return people.update_unit(actor, unit_id=id_, name="Dinas Perhubungan Darat", is_active=True, expected_version=_version(WorkUnit, id_))


@act(Action.EMPLOYEE_READ)
def _read_employee(stage, actor):
    return visible.get(visible.employees(actor), Employee, stage.employee, "Pegawai")


@act(Action.EMPLOYEE_IMPORT)
def _record_attendance(stage, actor):
    return people.record_attendance(actor, records=[people.AttendanceRecord(stage.employee, 2024, 1, 9950)])


@act(Action.USER_MANAGE)
def _add_user(_, actor):
    return users.add(actor, username="orangbaru", name="Orang Baru", password="sandi-yang-panjang", grants=[Grant(Role.VIEWER)])


@act(Action.USER_MANAGE)
def _deactivate_user(stage, actor):
    return users.set_active(
        actor, user_id=stage.cast.assessor3.user_id, is_active=False, expected_version=_version(User, stage.cast.assessor3.user_id)
    )


# Nominations --------------------------------------------------------------------------------------------------------


@act(Action.NOMINATION_READ)
def _read_nomination(stage, actor):
    return nomination_queries.nomination(actor, stage.to_assess, now=datetime.now(UTC), today=date(2024, 10, 2))


@act(Action.NOMINATION_DRAFT)
def _draft(stage, actor):
    return nominations.draft(actor, category_id=stage.taking.category_id, employee_id=stage.employee)


@act(Action.NOMINATION_DRAFT)
def _answer(stage, actor):
    version = builders.version_of(stage.draft)
    return nominations.save_answers(actor, nomination_id=stage.draft, answers=builders.ANSWERS, expected_version=version)


@act(Action.NOMINATION_ENDORSE)
def _endorse(stage, actor):
    return nominations.endorse(actor, nomination_id=stage.filled, expected_version=builders.version_of(stage.filled))


@act(Action.NOMINATION_ENDORSE)
def _send_back(stage, actor):
    version = builders.version_of(stage.endorsed)
    return nominations.send_back(actor, nomination_id=stage.endorsed, note="Lengkapi.", expected_version=version)


@act(Action.NOMINATION_SUBMIT)
def _submit(stage, actor):
    return nominations.submit(actor, nomination_id=stage.endorsed, expected_version=builders.version_of(stage.endorsed))


@act(Action.NOMINATION_WITHDRAW)
def _withdraw(stage, actor):
    version = builders.version_of(stage.submitted)
    return nominations.withdraw(actor, nomination_id=stage.submitted, reason="Pindah tugas.", expected_version=version)


@act(Action.EVIDENCE_READ)
def _open_evidence(stage, actor):
    return evidence.open_file(actor, stage.evidence)


@act(Action.EVIDENCE_ATTACH)
def _attach(stage, actor):
    return builders.attach(actor, stage.draft)


@act(Action.EVIDENCE_ATTACH)
def _remove_evidence(stage, actor):
    return evidence.remove(actor, evidence_id=stage.removable_evidence)


# The administrative check -------------------------------------------------------------------------------------------


@act(Action.NOMINATION_CHECK, 10, 14)
def _check_item(stage, actor):
    return checks.record_item(actor, nomination_id=stage.submitted, requirement="proposal", verdict="present")


@act(Action.NOMINATION_CHECK, 10, 14)
def _return(stage, actor):
    version = builders.version_of(stage.submitted)
    return checks.return_(actor, nomination_id=stage.submitted, reason="Berkas buram.", due_on=date(2024, 10, 18), expected_version=version)


@act(Action.NOMINATION_CHECK, 10, 14)
def _reject(stage, actor):
    version = builders.version_of(stage.submitted)
    return checks.reject(actor, nomination_id=stage.submitted, reason="Bukan ASN unit ini.", expected_version=version)


# Assessment ---------------------------------------------------------------------------------------------------------


@act(Action.MARK_RECORD, 10, 24)
def _mark(stage, actor):
    sheet = Sheet.get_or_none(nomination=stage.to_assess, assessor=actor.user_id)
    version = sheet.row_version if sheet else 1
    return assessment.save_marks(actor, nomination_id=stage.to_assess, marks=builders.FULL_MARKS, expected_version=version)


@act(Action.MARK_RECUSE, 10, 24)
def _recuse(stage, actor):
    return assessment.recuse(actor, nomination_id=stage.to_assess, reason="Saudara kandung.")


@act(Action.PROGRESS_READ, 10, 24)
def _read_progress(stage, actor):
    return sheet_queries.progress(actor, stage.assessing.category_id)


# Rankings -----------------------------------------------------------------------------------------------------------


@act(Action.RANKING_READ, 11, 2)
def _read_ranking(stage, actor):
    return ranking_queries.ranking(actor, stage.ranking.category_id)


@act(Action.RANKING_READ, 11, 2)
def _export_ranking(stage, actor):
    return rankings.export(actor, ranking_id=stage.final)


@act(Action.RANKING_READ, 11, 2)
def _explain(stage, actor):
    return explanations.why(actor, stage.ranking.category_id, stage.ranked[0])


@act(Action.RANKING_READ, 11, 2)
def _read_standing(stage, actor):
    return standing.standing(actor, stage.ranking.category_id)


@act(Action.RANKING_COMPUTE, 11, 2)
def _compute(stage, actor):
    return rankings.compute(actor, category_id=stage.ranking.category_id)


@act(Action.RANKING_FINALISE, 11, 2)
def _finalise(stage, actor):
    sealed = Ranking.get_by_id(stage.computed).result_sha256
    return rankings.finalise(actor, ranking_id=stage.computed, expected_result_sha256=sealed)


@act(Action.SCORE_READ, 11, 7)
def _read_own_score(stage, actor):
    return explanations.own_score(actor, stage.winner)


@act(Action.ANALYSIS_READ, 11, 2)
def _read_analysis(stage, actor):
    return analysis_queries.analysis(actor, stage.ranking.category_id)


@act(Action.ANALYSIS_READ, 11, 2)
def _ask_for_analysis(stage, actor):
    return analysis.request(actor, ranking_id=stage.computed)


# Objections and what follows ----------------------------------------------------------------------------------------


@act(Action.OBJECTION_READ, 11, 7)
def _read_objection(stage, actor):
    return objection_queries.objection(actor, stage.objection)


@act(Action.OBJECTION_FILE, 11, 7)
def _object(stage, actor):
    letter = Letter("800/12", date(2024, 11, 7)) if Role.BKPSDM_ADMIN in actor.roles else None
    return objections.file(actor, nomination_id=stage.content, reason=objecting.REASON, letter=letter)


@act(Action.OBJECTION_DECIDE, 11, 7)
def _accept_objection(stage, actor):
    return objections.accept(actor, objection_id=stage.objection, reason="Beralasan.", expected_version=1)


@act(Action.OBJECTION_DECIDE, 11, 7)
def _reject_objection(stage, actor):
    return objections.reject(actor, objection_id=stage.objection, reason="Tidak beralasan.", expected_version=1)


@act(Action.SHEET_REOPEN, 11, 2)
def _reopen(stage, actor):
    return reassessment.reopen(
        actor,
        nomination_id=stage.reopenable,
        sheet_ids=objecting.sheets(stage.reopenable, stage.cast.assessor),
        reason="Salah ketik.",
        expected_version=builders.version_of(stage.reopenable),
    )


@act(Action.SHEET_REPLACE, 10, 24)
def _replace(stage, actor):
    (sheet_id,) = objecting.sheets(stage.to_assess, stage.cast.assessor)
    user_id = stage.cast.assessor3.user_id
    return reassessment.replace(actor, sheet_id=sheet_id, user_id=user_id, reason="Sakit.", expected_version=1)


# Results ------------------------------------------------------------------------------------------------------------


@act(Action.RESULT_DETERMINE, 11, 7)
def _determine(stage, actor):
    return results.determine(
        actor,
        category_id=stage.deciding.category_id,
        ranking_id=stage.final,
        nomination_ids=[stage.winner],
        decree_number="188.45/1/KUM/2024",
        decree_on=date(2024, 11, 7),
    )


@act(Action.RESULT_PUBLISH, 11, 16)
def _publish(stage, actor):
    return results.publish(actor, period_id=stage.decided.period_id, policy="names")


@act(Action.RESULT_DETERMINE, 11, 7)
def _approve_override(stage, actor):
    return proposals.approve(actor, proposal_id=stage.proposal)


# Announcements, signatories, settings -------------------------------------------------------------------------------

TEXT = Text("Jadwal pembekalan", "Pembekalan penilai hari Senin.")


@act(Action.ANNOUNCEMENT_READ)
def _read_announcement(stage, actor):
    return announcement_queries.announcement(actor, stage.announcement, now=datetime.now(UTC))


@act(Action.ANNOUNCEMENT_EDIT)
def _announce(_, actor):
    return announcements.create(actor, slug="pembekalan", text=TEXT)


@act(Action.ANNOUNCEMENT_EDIT)
def _publish_announcement(stage, actor):
    return announcements.publish(actor, announcement_id=stage.announcement, expected_version=1)


@act(Action.SIGNATORY_READ)
def _read_signatory(stage, actor):
    return signatory_queries.signatory(actor, stage.signatory)


@act(Action.SIGNATORY_EDIT)
def _add_signatory(_, actor):
    return signatories.add(actor, documents=[SignedDocument.LETTER], person=HEAD, valid_from=date(2024, 1, 1))


@act(Action.SETTING_READ)
def _read_settings(_, actor):
    return setting_queries.settings(actor)


@act(Action.SETTING_EDIT)
def _change_setting(_, actor):
    return settings.change(actor, key="agency_address", value="Paringin", expected_version=0)


@act(Action.RETENTION_APPLY)
def _apply_retention(_, actor):
    return retention.apply(actor)


@act(Action.RELATION_DECLARE)
def _declare_relation(stage, actor):
    return conflicts.declare(actor, employee_id=stage.employee, kind="family")


@act(Action.RELATION_READ)
def _read_relations(_, actor):
    return conflict_queries.relations(actor)


@act(Action.REMINDER_SEND)
def _remind(stage, actor):
    return reminders.remind_units(actor, period_id=stage.taking.period_id)


# Reading what was done ----------------------------------------------------------------------------------------------


@act(Action.AUDIT_READ)
def _read_audit(_, actor):
    return audit_queries.entries(actor)


@act(Action.PERMISSION_READ)
def _read_permissions(_, actor):
    return require(actor, Action.PERMISSION_READ)


# Tokens -------------------------------------------------------------------------------------------------------------


@act(Action.TOKEN_MANAGE)
def _make_token(stage, actor):
    owner = stage.cast.viewer.user_id
    return tokens.create(actor, name="SILKa", purpose="Kehadiran", owner_id=owner, scopes=[Scope.UNITS_READ], expires_on=date(2024, 12, 1))


@act(Action.TOKEN_MANAGE)
def _read_tokens(_, actor):
    return token_queries.tokens(actor, today=date(2024, 10, 2))


@act(Action.WEBHOOK_MANAGE)
def _make_webhook(_, actor):
    hooks.use_settings()
    return webhooks.create(actor, name="Portal", url=hooks.URL, events=[Event.RESULT_PUBLISHED])


@act(Action.WEBHOOK_MANAGE)
def _read_webhooks(_, actor):
    return webhook_queries.webhooks(actor)


def _version(model, id_):
    return int(model.get_by_id(id_).row_version)
