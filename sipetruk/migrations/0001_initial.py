"""Creates every table of the award with its constraints, indexes and triggers."""

from __future__ import annotations

from typing import Any

import peewee as pw

TYPES = {
    "sqlite": {"id": "INTEGER", "moment": "DATETIME", "flag": "INTEGER", "big": "INTEGER"},
    "postgresql": {"id": "SERIAL", "moment": "TIMESTAMP", "flag": "BOOLEAN", "big": "BIGINT"},
}

TABLES = (
    """
    CREATE TABLE work_unit (
        id {id} NOT NULL PRIMARY KEY,
        code VARCHAR(20) NOT NULL,
        name VARCHAR(200) NOT NULL,
        is_active {flag} NOT NULL,
        row_version INTEGER NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX work_unit_code ON work_unit (code)",
    "CREATE UNIQUE INDEX work_unit_name ON work_unit (name)",
    """
    CREATE TABLE reference_code (
        kind VARCHAR(40) NOT NULL,
        code VARCHAR(10) NOT NULL,
        name VARCHAR(200) NOT NULL,
        extra VARCHAR(200) NOT NULL,
        PRIMARY KEY (kind, code)
    )
    """,
    """
    CREATE TABLE employee (
        id {id} NOT NULL PRIMARY KEY,
        nip VARCHAR(18) NOT NULL,
        kind VARCHAR(4) NOT NULL,
        name VARCHAR(150) NOT NULL,
        title_front VARCHAR(40) NOT NULL,
        title_back VARCHAR(60) NOT NULL,
        work_unit_id INTEGER NOT NULL,
        "position" VARCHAR(200) NOT NULL,
        position_type VARCHAR(2) NOT NULL,
        echelon VARCHAR(2) NOT NULL,
        grade VARCHAR(5) NOT NULL,
        appointed_on DATE NOT NULL,
        born_on DATE NOT NULL,
        legal_status VARCHAR(2) NOT NULL,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (work_unit_id) REFERENCES work_unit (id) ON DELETE RESTRICT,
        CHECK (length(nip) = 18),
        CHECK (kind IN ('PNS', 'PPPK'))
    )
    """,
    "CREATE UNIQUE INDEX employee_nip ON employee (nip)",
    "CREATE INDEX employee_name ON employee (name)",
    "CREATE INDEX employee_work_unit_id ON employee (work_unit_id)",
    """
    CREATE TABLE attendance (
        employee_id INTEGER NOT NULL,
        year INTEGER NOT NULL,
        month INTEGER NOT NULL,
        realisation INTEGER NOT NULL,
        PRIMARY KEY (employee_id, year, month),
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE CASCADE,
        CHECK (month BETWEEN 1 AND 12),
        CHECK (realisation BETWEEN 0 AND 10000)
    )
    """,
    "CREATE INDEX attendance_employee_id ON attendance (employee_id)",
    """
    CREATE TABLE performance_rating (
        employee_id INTEGER NOT NULL,
        year INTEGER NOT NULL,
        work_result VARCHAR(10) NOT NULL,
        behaviour VARCHAR(10) NOT NULL,
        predicate VARCHAR(20) NOT NULL,
        PRIMARY KEY (employee_id, year),
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE CASCADE,
        CHECK (work_result IN ('DI ATAS', 'SESUAI', 'DI BAWAH')),
        CHECK (behaviour IN ('DI ATAS', 'SESUAI', 'DI BAWAH')),
        CHECK (predicate IN ('SANGAT BAIK', 'BAIK', 'BUTUH PERBAIKAN', 'KURANG', 'SANGAT KURANG'))
    )
    """,
    "CREATE INDEX performance_rating_employee_id ON performance_rating (employee_id)",
    """
    CREATE TABLE series_value (
        employee_id INTEGER NOT NULL,
        series VARCHAR(20) NOT NULL,
        year INTEGER NOT NULL,
        month INTEGER NOT NULL,
        value INTEGER NOT NULL,
        PRIMARY KEY (employee_id, series, year, month),
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE CASCADE,
        CHECK (series IN ('ekinerja', 'perilaku')),
        CHECK (month BETWEEN 0 AND 12),
        CHECK (value >= 0)
    )
    """,
    "CREATE INDEX series_value_employee_id ON series_value (employee_id)",
    """
    CREATE TABLE sanction (
        id {id} NOT NULL PRIMARY KEY,
        employee_id INTEGER NOT NULL,
        level VARCHAR(1) NOT NULL,
        code VARCHAR(4) NOT NULL,
        decree_number VARCHAR(80) NOT NULL,
        starts_on DATE NOT NULL,
        ends_on DATE,
        is_under_examination {flag} NOT NULL,
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE CASCADE,
        CHECK (level IN ('R', 'S', 'B'))
    )
    """,
    "CREATE INDEX sanction_employee_id ON sanction (employee_id)",
    """
    CREATE TABLE employee_award (
        id {id} NOT NULL PRIMARY KEY,
        employee_id INTEGER NOT NULL,
        year INTEGER NOT NULL,
        level VARCHAR(20) NOT NULL,
        name VARCHAR(200) NOT NULL,
        giver VARCHAR(150) NOT NULL,
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE CASCADE,
        CHECK (level IN ('internasional', 'nasional', 'provinsi', 'kabupaten', 'instansi'))
    )
    """,
    "CREATE INDEX employee_award_employee_id ON employee_award (employee_id)",
    "CREATE UNIQUE INDEX employee_award_employee_id_year_level_name ON employee_award (employee_id, year, level, name)",
    """
    CREATE TABLE "user" (
        id {id} NOT NULL PRIMARY KEY,
        username VARCHAR(60) NOT NULL,
        name VARCHAR(150) NOT NULL,
        phone VARCHAR(15),
        email VARCHAR(254),
        password_hash VARCHAR(255) NOT NULL,
        is_active {flag} NOT NULL,
        session_epoch INTEGER NOT NULL,
        sessions_ended_at {moment},
        created_at {moment} NOT NULL,
        employee_id INTEGER,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE RESTRICT,
        CHECK (length(phone) BETWEEN 8 AND 15),
        CHECK (email = lower(email) AND length(email) BETWEEN 5 AND 254)
    )
    """,
    'CREATE UNIQUE INDEX user_username ON "user" (username)',
    'CREATE UNIQUE INDEX user_employee_id ON "user" (employee_id)',
    'CREATE INDEX user_email ON "user" (email)',
    """
    CREATE TABLE membership (
        id {id} NOT NULL PRIMARY KEY,
        user_id INTEGER NOT NULL,
        role VARCHAR(20) NOT NULL,
        work_unit_id INTEGER,
        FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE,
        FOREIGN KEY (work_unit_id) REFERENCES work_unit (id) ON DELETE RESTRICT,
        CHECK (role IN ('bkpsdm_admin', 'verifier', 'assessor', 'opd_admin', 'opd_head', 'viewer')),
        CHECK ((work_unit_id IS NOT NULL) = (role IN ('opd_admin', 'opd_head')))
    )
    """,
    "CREATE INDEX membership_user_id ON membership (user_id)",
    "CREATE INDEX membership_work_unit_id ON membership (work_unit_id)",
    "CREATE UNIQUE INDEX membership_user_id_role_work_unit_id ON membership (user_id, role, work_unit_id)",
    "CREATE UNIQUE INDEX membership_user_id_role ON membership (user_id, role) WHERE (work_unit_id IS NULL)",
    """
    CREATE TABLE login_attempt (
        id {id} NOT NULL PRIMARY KEY,
        username_sha256 VARCHAR(64) NOT NULL,
        address VARCHAR(45) NOT NULL,
        at {moment} NOT NULL,
        is_success {flag} NOT NULL,
        device VARCHAR(60) NOT NULL
    )
    """,
    "CREATE INDEX login_attempt_username_sha256 ON login_attempt (username_sha256)",
    "CREATE INDEX login_attempt_address ON login_attempt (address)",
    "CREATE INDEX login_attempt_at ON login_attempt (at)",
    """
    CREATE TABLE second_factor (
        id {id} NOT NULL PRIMARY KEY,
        user_id INTEGER NOT NULL,
        secret VARCHAR(255) NOT NULL,
        started_at {moment} NOT NULL,
        confirmed_at {moment},
        last_step INTEGER NOT NULL,
        FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX second_factor_user_id ON second_factor (user_id)",
    """
    CREATE TABLE recovery_code (
        id {id} NOT NULL PRIMARY KEY,
        user_id INTEGER NOT NULL,
        code_sha256 VARCHAR(64) NOT NULL,
        used_at {moment},
        FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX recovery_code_user_id ON recovery_code (user_id)",
    "CREATE UNIQUE INDEX recovery_code_user_id_code_sha256 ON recovery_code (user_id, code_sha256)",
    """
    CREATE TABLE external_identity (
        id {id} NOT NULL PRIMARY KEY,
        user_id INTEGER NOT NULL,
        issuer VARCHAR(200) NOT NULL,
        subject VARCHAR(255) NOT NULL,
        linked_at {moment} NOT NULL,
        FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX external_identity_user_id ON external_identity (user_id)",
    "CREATE UNIQUE INDEX external_identity_issuer_subject ON external_identity (issuer, subject)",
    "CREATE UNIQUE INDEX external_identity_user_id_issuer ON external_identity (user_id, issuer)",
    """
    CREATE TABLE instrument (
        id {id} NOT NULL PRIMARY KEY,
        code VARCHAR(60) NOT NULL,
        name VARCHAR(150) NOT NULL,
        row_version INTEGER NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX instrument_code ON instrument (code)",
    """
    CREATE TABLE instrument_version (
        id {id} NOT NULL PRIMARY KEY,
        instrument_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        state VARCHAR(10) NOT NULL,
        definition TEXT NOT NULL,
        examples TEXT NOT NULL,
        sha256 VARCHAR(64),
        created_at {moment} NOT NULL,
        created_by_id INTEGER,
        locked_at {moment},
        locked_by_id INTEGER,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT,
        FOREIGN KEY (created_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (locked_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (state IN ('draft', 'locked', 'retired')),
        CHECK ((state = 'draft') = (sha256 IS NULL)),
        CHECK (number > 0)
    )
    """,
    "CREATE INDEX instrument_version_instrument_id ON instrument_version (instrument_id)",
    "CREATE INDEX instrument_version_created_by_id ON instrument_version (created_by_id)",
    "CREATE INDEX instrument_version_locked_by_id ON instrument_version (locked_by_id)",
    "CREATE UNIQUE INDEX instrument_version_instrument_id_number ON instrument_version (instrument_id, number)",
    """
    CREATE TABLE criterion (
        id {id} NOT NULL PRIMARY KEY,
        version_id INTEGER NOT NULL,
        code VARCHAR(60) NOT NULL,
        "position" INTEGER NOT NULL,
        minimum INTEGER NOT NULL,
        maximum INTEGER NOT NULL,
        step INTEGER NOT NULL,
        FOREIGN KEY (version_id) REFERENCES instrument_version (id) ON DELETE RESTRICT,
        CHECK (minimum <= maximum),
        CHECK (step > 0)
    )
    """,
    "CREATE INDEX criterion_version_id ON criterion (version_id)",
    "CREATE UNIQUE INDEX criterion_version_id_code ON criterion (version_id, code)",
    "CREATE UNIQUE INDEX criterion_id_minimum_maximum_step ON criterion (id, minimum, maximum, step)",
    """
    CREATE TABLE period (
        id {id} NOT NULL PRIMARY KEY,
        slug VARCHAR(60) NOT NULL,
        name VARCHAR(150) NOT NULL,
        year INTEGER NOT NULL,
        state VARCHAR(20) NOT NULL,
        is_automatic {flag} NOT NULL,
        created_at {moment} NOT NULL,
        archived_at {moment},
        row_version INTEGER NOT NULL,
        CHECK (state IN ('preparation', 'open', 'verification', 'assessment', 'ranking', 'objection', 'determination', 'published', 'archived')),
        CHECK (year BETWEEN 2000 AND 2200)
    )
    """,
    "CREATE UNIQUE INDEX period_slug ON period (slug)",
    """
    CREATE TABLE stage_window (
        period_id INTEGER NOT NULL,
        stage VARCHAR(20) NOT NULL,
        opens_on DATE NOT NULL,
        closes_on DATE NOT NULL,
        PRIMARY KEY (period_id, stage),
        FOREIGN KEY (period_id) REFERENCES period (id) ON DELETE CASCADE,
        CHECK (stage IN ('nomination', 'verification', 'assessment', 'ranking', 'objection', 'determination', 'publication')),
        CHECK (opens_on <= closes_on)
    )
    """,
    "CREATE INDEX stage_window_period_id ON stage_window (period_id)",
    """
    CREATE TABLE category (
        id {id} NOT NULL PRIMARY KEY,
        period_id INTEGER NOT NULL,
        slug VARCHAR(60) NOT NULL,
        name VARCHAR(150) NOT NULL,
        "position" INTEGER NOT NULL,
        instrument_version_id INTEGER NOT NULL,
        winners INTEGER NOT NULL,
        quota_per_unit INTEGER,
        winners_per_unit INTEGER,
        eligibility TEXT NOT NULL,
        is_blind {flag} NOT NULL,
        assessors_each INTEGER,
        spread_limit INTEGER NOT NULL,
        first_stage_id INTEGER,
        finalists INTEGER,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (period_id) REFERENCES period (id) ON DELETE CASCADE,
        FOREIGN KEY (instrument_version_id) REFERENCES instrument_version (id) ON DELETE RESTRICT,
        FOREIGN KEY (first_stage_id) REFERENCES category (id) ON DELETE RESTRICT,
        CHECK ((first_stage_id IS NULL) = (finalists IS NULL)),
        CHECK (finalists IS NULL OR finalists BETWEEN 1 AND 1000),
        CHECK (first_stage_id <> id),
        CHECK (winners > 0),
        CHECK (quota_per_unit IS NULL OR quota_per_unit > 0),
        CHECK (winners_per_unit IS NULL OR winners_per_unit > 0),
        CHECK (assessors_each IS NULL OR assessors_each BETWEEN 1 AND 99),
        CHECK (spread_limit BETWEEN 1 AND 10000)
    )
    """,
    "CREATE INDEX category_period_id ON category (period_id)",
    "CREATE INDEX category_instrument_version_id ON category (instrument_version_id)",
    "CREATE UNIQUE INDEX category_first_stage_id ON category (first_stage_id)",
    "CREATE UNIQUE INDEX category_period_id_slug ON category (period_id, slug)",
    """
    CREATE TABLE panel_member (
        category_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        PRIMARY KEY (category_id, user_id),
        FOREIGN KEY (category_id) REFERENCES category (id) ON DELETE CASCADE,
        FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE RESTRICT
    )
    """,
    "CREATE INDEX panel_member_category_id ON panel_member (category_id)",
    "CREATE INDEX panel_member_user_id ON panel_member (user_id)",
    """
    CREATE TABLE nomination (
        id {id} NOT NULL PRIMARY KEY,
        number VARCHAR(40) NOT NULL,
        category_id INTEGER NOT NULL,
        employee_id INTEGER NOT NULL,
        work_unit_id INTEGER NOT NULL,
        state VARCHAR(20) NOT NULL,
        answers TEXT NOT NULL,
        person TEXT,
        created_at {moment} NOT NULL,
        created_by_id INTEGER NOT NULL,
        updated_at {moment} NOT NULL,
        handed_over_at {moment},
        submitted_at {moment},
        purged_at {moment},
        due_on DATE,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (category_id) REFERENCES category (id) ON DELETE RESTRICT,
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE RESTRICT,
        FOREIGN KEY (work_unit_id) REFERENCES work_unit (id) ON DELETE RESTRICT,
        FOREIGN KEY (created_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (state IN ('draft', 'endorsed', 'submitted', 'returned', 'verified', 'rejected', 'assessed', 'ranked', 'awarded', 'not_awarded', 'withdrawn')),
        CHECK (handed_over_at IS NULL OR state IN ('draft', 'returned'))
    )
    """,
    "CREATE UNIQUE INDEX nomination_number ON nomination (number)",
    "CREATE INDEX nomination_category_id ON nomination (category_id)",
    "CREATE INDEX nomination_employee_id ON nomination (employee_id)",
    "CREATE INDEX nomination_work_unit_id ON nomination (work_unit_id)",
    "CREATE INDEX nomination_state ON nomination (state)",
    "CREATE INDEX nomination_created_by_id ON nomination (created_by_id)",
    "CREATE UNIQUE INDEX nomination_category_id_employee_id ON nomination (category_id, employee_id)",
    """
    CREATE TABLE endorsement (
        id {id} NOT NULL PRIMARY KEY,
        nomination_id INTEGER NOT NULL,
        endorsed_by_id INTEGER NOT NULL,
        endorsed_at {moment} NOT NULL,
        content_sha256 VARCHAR(64) NOT NULL,
        "values" TEXT NOT NULL,
        note TEXT NOT NULL,
        voided_at {moment},
        void_reason TEXT NOT NULL,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (endorsed_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK ((voided_at IS NULL) = (void_reason = ''))
    )
    """,
    "CREATE INDEX endorsement_nomination_id ON endorsement (nomination_id)",
    "CREATE INDEX endorsement_endorsed_by_id ON endorsement (endorsed_by_id)",
    """
    CREATE TABLE check_item (
        nomination_id INTEGER NOT NULL,
        requirement VARCHAR(60) NOT NULL,
        verdict VARCHAR(10) NOT NULL,
        note TEXT NOT NULL,
        checked_by_id INTEGER NOT NULL,
        checked_at {moment} NOT NULL,
        PRIMARY KEY (nomination_id, requirement),
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (checked_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (verdict IN ('present', 'absent'))
    )
    """,
    "CREATE INDEX check_item_nomination_id ON check_item (nomination_id)",
    "CREATE INDEX check_item_checked_by_id ON check_item (checked_by_id)",
    """
    CREATE TABLE review (
        id {id} NOT NULL PRIMARY KEY,
        nomination_id INTEGER NOT NULL,
        decision VARCHAR(10) NOT NULL,
        reason TEXT NOT NULL,
        due_on DATE,
        items TEXT NOT NULL,
        decided_by_id INTEGER NOT NULL,
        decided_at {moment} NOT NULL,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (decided_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (decision IN ('returned', 'accepted', 'rejected')),
        CHECK (decision = 'accepted' OR length(reason) > 0)
    )
    """,
    "CREATE INDEX review_nomination_id ON review (nomination_id)",
    "CREATE INDEX review_decided_by_id ON review (decided_by_id)",
    """
    CREATE TABLE return_item (
        review_id INTEGER NOT NULL,
        requirement VARCHAR(60) NOT NULL,
        verdict VARCHAR(10) NOT NULL,
        note TEXT NOT NULL,
        seen TEXT NOT NULL,
        reply TEXT NOT NULL,
        replied_by_id INTEGER,
        replied_at {moment},
        PRIMARY KEY (review_id, requirement),
        FOREIGN KEY (review_id) REFERENCES review (id) ON DELETE CASCADE,
        FOREIGN KEY (replied_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (verdict IN ('', 'present', 'absent')),
        CHECK ((replied_at IS NULL) = (reply = ''))
    )
    """,
    "CREATE INDEX return_item_review_id ON return_item (review_id)",
    "CREATE INDEX return_item_replied_by_id ON return_item (replied_by_id)",
    """
    CREATE TABLE blob (
        sha256 VARCHAR(64) NOT NULL PRIMARY KEY,
        size {big} NOT NULL,
        media_type VARCHAR(80) NOT NULL
    )
    """,
    """
    CREATE TABLE evidence (
        id {id} NOT NULL PRIMARY KEY,
        nomination_id INTEGER NOT NULL,
        requirement VARCHAR(60) NOT NULL,
        blob_id VARCHAR(64) NOT NULL,
        filename VARCHAR(200) NOT NULL,
        uploaded_by_id INTEGER NOT NULL,
        uploaded_at {moment} NOT NULL,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (blob_id) REFERENCES blob (sha256) ON DELETE RESTRICT,
        FOREIGN KEY (uploaded_by_id) REFERENCES "user" (id) ON DELETE RESTRICT
    )
    """,
    "CREATE INDEX evidence_nomination_id ON evidence (nomination_id)",
    "CREATE INDEX evidence_blob_id ON evidence (blob_id)",
    "CREATE INDEX evidence_uploaded_by_id ON evidence (uploaded_by_id)",
    "CREATE UNIQUE INDEX evidence_nomination_id_requirement_blob_id ON evidence (nomination_id, requirement, blob_id)",
    """
    CREATE TABLE declared_relation (
        id {id} NOT NULL PRIMARY KEY,
        user_id INTEGER NOT NULL,
        employee_id INTEGER NOT NULL,
        kind VARCHAR(20) NOT NULL,
        note TEXT NOT NULL,
        declared_at {moment} NOT NULL,
        withdrawn_at {moment},
        FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (employee_id) REFERENCES employee (id) ON DELETE RESTRICT,
        CHECK (kind IN ('family', 'superior', 'subordinate', 'colleague', 'mentor', 'dispute', 'other')),
        CHECK (kind <> 'other' OR length(note) > 0)
    )
    """,
    "CREATE INDEX declared_relation_user_id ON declared_relation (user_id)",
    "CREATE INDEX declared_relation_employee_id ON declared_relation (employee_id)",
    "CREATE UNIQUE INDEX declared_relation_user_id_employee_id ON declared_relation (user_id, employee_id) WHERE (withdrawn_at IS NULL)",
    """
    CREATE TABLE assignment (
        nomination_id INTEGER NOT NULL,
        assessor_id INTEGER NOT NULL,
        PRIMARY KEY (nomination_id, assessor_id),
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (assessor_id) REFERENCES "user" (id) ON DELETE RESTRICT
    )
    """,
    "CREATE INDEX assignment_nomination_id ON assignment (nomination_id)",
    "CREATE INDEX assignment_assessor_id ON assignment (assessor_id)",
    """
    CREATE TABLE sheet (
        id {id} NOT NULL PRIMARY KEY,
        nomination_id INTEGER NOT NULL,
        assessor_id INTEGER NOT NULL,
        state VARCHAR(10) NOT NULL,
        reason TEXT NOT NULL,
        submitted_at {moment},
        replaces_id INTEGER,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (assessor_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (replaces_id) REFERENCES sheet (id) ON DELETE CASCADE,
        CHECK (state IN ('open', 'submitted', 'recused', 'dropped')),
        CHECK (state NOT IN ('recused', 'dropped') OR length(reason) > 0)
    )
    """,
    "CREATE INDEX sheet_nomination_id ON sheet (nomination_id)",
    "CREATE INDEX sheet_assessor_id ON sheet (assessor_id)",
    "CREATE UNIQUE INDEX sheet_replaces_id ON sheet (replaces_id)",
    "CREATE UNIQUE INDEX sheet_nomination_id_assessor_id ON sheet (nomination_id, assessor_id)",
    "CREATE INDEX sheet_assessor_id_state ON sheet (assessor_id, state)",
    """
    CREATE TABLE mark (
        nomination_id INTEGER NOT NULL,
        criterion_id INTEGER NOT NULL,
        assessor_id INTEGER NOT NULL,
        state VARCHAR(10) NOT NULL,
        value INTEGER,
        minimum INTEGER NOT NULL,
        maximum INTEGER NOT NULL,
        step INTEGER NOT NULL,
        note TEXT NOT NULL,
        saved_at {moment} NOT NULL,
        PRIMARY KEY (nomination_id, criterion_id, assessor_id),
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (criterion_id) REFERENCES criterion (id) ON DELETE RESTRICT,
        FOREIGN KEY (assessor_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (state IN ('scored', 'abstained')),
        CHECK ((state = 'scored') = (value IS NOT NULL)),
        CHECK (value IS NULL OR (value BETWEEN minimum AND maximum AND ((value - minimum) / step) * step = value - minimum)),
        FOREIGN KEY (criterion_id, minimum, maximum, step) REFERENCES criterion (id, minimum, maximum, step)
    )
    """,
    "CREATE INDEX mark_criterion_id ON mark (criterion_id)",
    "CREATE INDEX mark_assessor_id ON mark (assessor_id)",
    """
    CREATE TABLE mark_sum (
        nomination_id INTEGER NOT NULL,
        criterion_id INTEGER NOT NULL,
        scored INTEGER NOT NULL,
        abstained INTEGER NOT NULL,
        points {big} NOT NULL,
        PRIMARY KEY (nomination_id, criterion_id),
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (criterion_id) REFERENCES criterion (id) ON DELETE RESTRICT
    )
    """,
    "CREATE INDEX mark_sum_nomination_id_points_scored ON mark_sum (nomination_id, points, scored)",
    """
    CREATE TABLE mark_history (
        id {id} NOT NULL PRIMARY KEY,
        nomination_id INTEGER NOT NULL,
        criterion_id INTEGER NOT NULL,
        assessor_id INTEGER NOT NULL,
        state VARCHAR(10) NOT NULL,
        value INTEGER,
        note TEXT NOT NULL,
        saved_at {moment} NOT NULL,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (criterion_id) REFERENCES criterion (id) ON DELETE RESTRICT,
        FOREIGN KEY (assessor_id) REFERENCES "user" (id) ON DELETE RESTRICT
    )
    """,
    "CREATE INDEX mark_history_nomination_id ON mark_history (nomination_id)",
    "CREATE INDEX mark_history_criterion_id ON mark_history (criterion_id)",
    "CREATE INDEX mark_history_assessor_id ON mark_history (assessor_id)",
    "CREATE INDEX mark_history_nomination_id_criterion_id_assessor_id_saved_at ON mark_history (nomination_id, criterion_id, assessor_id, saved_at)",
    """
    CREATE TABLE ranking (
        id {id} NOT NULL PRIMARY KEY,
        category_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        state VARCHAR(10) NOT NULL,
        engine VARCHAR(20) NOT NULL,
        inputs TEXT NOT NULL,
        input_sha256 VARCHAR(64) NOT NULL,
        result TEXT NOT NULL,
        result_sha256 VARCHAR(64) NOT NULL,
        computed_at {moment} NOT NULL,
        computed_by_id INTEGER,
        finalised_at {moment},
        finalised_by_id INTEGER,
        FOREIGN KEY (category_id) REFERENCES category (id) ON DELETE RESTRICT,
        FOREIGN KEY (computed_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (finalised_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (state IN ('draft', 'final', 'superseded'))
    )
    """,
    "CREATE INDEX ranking_category_id ON ranking (category_id)",
    "CREATE INDEX ranking_computed_by_id ON ranking (computed_by_id)",
    "CREATE INDEX ranking_finalised_by_id ON ranking (finalised_by_id)",
    "CREATE UNIQUE INDEX ranking_category_id_number ON ranking (category_id, number)",
    """
    CREATE TABLE tie_decision (
        id {id} NOT NULL PRIMARY KEY,
        category_id INTEGER NOT NULL,
        "order" TEXT NOT NULL,
        reason TEXT NOT NULL,
        decided_by_id INTEGER,
        decided_at {moment} NOT NULL,
        FOREIGN KEY (category_id) REFERENCES category (id) ON DELETE CASCADE,
        FOREIGN KEY (decided_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (length(reason) > 0)
    )
    """,
    "CREATE INDEX tie_decision_category_id ON tie_decision (category_id)",
    "CREATE INDEX tie_decision_decided_by_id ON tie_decision (decided_by_id)",
    """
    CREATE TABLE objection (
        id {id} NOT NULL PRIMARY KEY,
        number VARCHAR(50) NOT NULL,
        nomination_id INTEGER NOT NULL,
        ranking_id INTEGER NOT NULL,
        state VARCHAR(10) NOT NULL,
        reason TEXT NOT NULL,
        letter_number VARCHAR(120) NOT NULL,
        letter_on DATE,
        blob_id VARCHAR(64),
        filename VARCHAR(200) NOT NULL,
        filed_at {moment} NOT NULL,
        filed_by_id INTEGER,
        decision TEXT NOT NULL,
        decided_at {moment},
        decided_by_id INTEGER,
        withdrawal_reason TEXT NOT NULL,
        withdrawn_at {moment},
        settled_by_id INTEGER,
        no_change_note TEXT NOT NULL,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE RESTRICT,
        FOREIGN KEY (ranking_id) REFERENCES ranking (id) ON DELETE RESTRICT,
        FOREIGN KEY (blob_id) REFERENCES blob (sha256) ON DELETE RESTRICT,
        FOREIGN KEY (filed_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (decided_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (settled_by_id) REFERENCES ranking (id) ON DELETE RESTRICT,
        CHECK (state IN ('filed', 'accepted', 'rejected', 'withdrawn')),
        CHECK (length(reason) > 0),
        CHECK ((letter_number = '') = (letter_on IS NULL)),
        CHECK ((filename = '') = (blob_id IS NULL)),
        CHECK ((state IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)),
        CHECK ((decided_at IS NOT NULL) = (length(decision) > 0)),
        CHECK (decided_by_id <> filed_by_id),
        CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
        CHECK (state = 'accepted' OR (settled_by_id IS NULL AND no_change_note = '')),
        CHECK (settled_by_id IS NULL OR no_change_note = '')
    )
    """,
    "CREATE UNIQUE INDEX objection_number ON objection (number)",
    "CREATE INDEX objection_nomination_id ON objection (nomination_id)",
    "CREATE INDEX objection_ranking_id ON objection (ranking_id)",
    "CREATE INDEX objection_state ON objection (state)",
    "CREATE INDEX objection_blob_id ON objection (blob_id)",
    "CREATE INDEX objection_filed_by_id ON objection (filed_by_id)",
    "CREATE INDEX objection_decided_by_id ON objection (decided_by_id)",
    "CREATE INDEX objection_settled_by_id ON objection (settled_by_id)",
    "CREATE UNIQUE INDEX objection_open ON objection (nomination_id) WHERE state = 'filed'",
    """
    CREATE TABLE upload (
        id VARCHAR(32) NOT NULL PRIMARY KEY,
        purpose VARCHAR(10) NOT NULL,
        nomination_id INTEGER NOT NULL,
        requirement VARCHAR(60) NOT NULL,
        filename VARCHAR(255) NOT NULL,
        size {big} NOT NULL,
        metadata VARCHAR(2000) NOT NULL,
        begun_by_id INTEGER NOT NULL,
        begun_at {moment} NOT NULL,
        expires_at {moment} NOT NULL,
        evidence_id INTEGER,
        objection_id INTEGER,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE CASCADE,
        FOREIGN KEY (begun_by_id) REFERENCES "user" (id) ON DELETE CASCADE,
        FOREIGN KEY (evidence_id) REFERENCES evidence (id) ON DELETE CASCADE,
        FOREIGN KEY (objection_id) REFERENCES objection (id) ON DELETE CASCADE,
        CHECK (purpose IN ('evidence', 'objection')),
        CHECK (size > 0),
        CHECK ((purpose = 'evidence') = (requirement <> '')),
        CHECK (evidence_id IS NULL OR purpose = 'evidence'),
        CHECK (objection_id IS NULL OR purpose = 'objection')
    )
    """,
    "CREATE INDEX upload_nomination_id ON upload (nomination_id)",
    "CREATE INDEX upload_begun_by_id ON upload (begun_by_id)",
    "CREATE INDEX upload_expires_at ON upload (expires_at)",
    "CREATE UNIQUE INDEX upload_evidence_id ON upload (evidence_id)",
    "CREATE UNIQUE INDEX upload_objection_id ON upload (objection_id)",
    """
    CREATE TABLE reopening (
        id {id} NOT NULL PRIMARY KEY,
        sheet_id INTEGER NOT NULL,
        objection_id INTEGER,
        reason TEXT NOT NULL,
        criteria TEXT NOT NULL,
        submitted_at {moment},
        reopened_at {moment} NOT NULL,
        reopened_by_id INTEGER,
        closed_at {moment},
        FOREIGN KEY (sheet_id) REFERENCES sheet (id) ON DELETE CASCADE,
        FOREIGN KEY (objection_id) REFERENCES objection (id) ON DELETE RESTRICT,
        FOREIGN KEY (reopened_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (length(reason) > 0)
    )
    """,
    "CREATE INDEX reopening_sheet_id ON reopening (sheet_id)",
    "CREATE INDEX reopening_objection_id ON reopening (objection_id)",
    "CREATE INDEX reopening_reopened_by_id ON reopening (reopened_by_id)",
    "CREATE UNIQUE INDEX reopening_open ON reopening (sheet_id) WHERE closed_at IS NULL",
    """
    CREATE TABLE determination (
        id {id} NOT NULL PRIMARY KEY,
        category_id INTEGER NOT NULL,
        ranking_id INTEGER NOT NULL,
        decree_number VARCHAR(120) NOT NULL,
        decree_on DATE NOT NULL,
        decree_id VARCHAR(64),
        decree_name VARCHAR(200) NOT NULL,
        override_reason TEXT NOT NULL,
        determined_by_id INTEGER,
        determined_at {moment} NOT NULL,
        revoked_at {moment},
        revocation_reason TEXT NOT NULL,
        FOREIGN KEY (category_id) REFERENCES category (id) ON DELETE RESTRICT,
        FOREIGN KEY (ranking_id) REFERENCES ranking (id) ON DELETE RESTRICT,
        FOREIGN KEY (decree_id) REFERENCES blob (sha256) ON DELETE RESTRICT,
        FOREIGN KEY (determined_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (revoked_at IS NULL OR length(revocation_reason) > 0)
    )
    """,
    "CREATE INDEX determination_category_id ON determination (category_id)",
    "CREATE INDEX determination_ranking_id ON determination (ranking_id)",
    "CREATE INDEX determination_decree_id ON determination (decree_id)",
    "CREATE INDEX determination_determined_by_id ON determination (determined_by_id)",
    "CREATE UNIQUE INDEX determination_standing ON determination (category_id) WHERE (revoked_at IS NULL)",
    """
    CREATE TABLE determination_proposal (
        id {id} NOT NULL PRIMARY KEY,
        category_id INTEGER NOT NULL,
        kind VARCHAR(12) NOT NULL,
        ranking_id INTEGER NOT NULL,
        determination_id INTEGER,
        content TEXT NOT NULL,
        reason TEXT NOT NULL,
        state VARCHAR(10) NOT NULL,
        proposed_by_id INTEGER NOT NULL,
        proposed_at {moment} NOT NULL,
        decided_by_id INTEGER,
        decided_at {moment},
        note TEXT NOT NULL,
        FOREIGN KEY (category_id) REFERENCES category (id) ON DELETE RESTRICT,
        FOREIGN KEY (ranking_id) REFERENCES ranking (id) ON DELETE RESTRICT,
        FOREIGN KEY (determination_id) REFERENCES determination (id) ON DELETE RESTRICT,
        FOREIGN KEY (proposed_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (decided_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (kind IN ('override', 'revocation')),
        CHECK (state IN ('waiting', 'approved', 'rejected', 'withdrawn', 'void')),
        CHECK (length(reason) > 0),
        CHECK ((state = 'waiting') = (decided_at IS NULL)),
        CHECK (state NOT IN ('approved', 'rejected') OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id))
    )
    """,
    "CREATE INDEX determination_proposal_category_id ON determination_proposal (category_id)",
    "CREATE INDEX determination_proposal_ranking_id ON determination_proposal (ranking_id)",
    "CREATE INDEX determination_proposal_determination_id ON determination_proposal (determination_id)",
    "CREATE INDEX determination_proposal_proposed_by_id ON determination_proposal (proposed_by_id)",
    "CREATE INDEX determination_proposal_decided_by_id ON determination_proposal (decided_by_id)",
    "CREATE UNIQUE INDEX determination_proposal_waiting ON determination_proposal (category_id) WHERE state = 'waiting'",
    """
    CREATE TABLE winner (
        id {id} NOT NULL PRIMARY KEY,
        determination_id INTEGER NOT NULL,
        nomination_id INTEGER NOT NULL,
        place INTEGER NOT NULL,
        citation TEXT NOT NULL,
        FOREIGN KEY (determination_id) REFERENCES determination (id) ON DELETE CASCADE,
        FOREIGN KEY (nomination_id) REFERENCES nomination (id) ON DELETE RESTRICT,
        CHECK (place > 0)
    )
    """,
    "CREATE INDEX winner_determination_id ON winner (determination_id)",
    "CREATE INDEX winner_nomination_id ON winner (nomination_id)",
    "CREATE UNIQUE INDEX winner_determination_id_nomination_id ON winner (determination_id, nomination_id)",
    """
    CREATE TABLE publication (
        id {id} NOT NULL PRIMARY KEY,
        period_id INTEGER NOT NULL,
        number INTEGER NOT NULL,
        policy VARCHAR(30) NOT NULL,
        statistics TEXT NOT NULL,
        file TEXT NOT NULL,
        content_sha256 VARCHAR(64) NOT NULL,
        made_at {moment} NOT NULL,
        published_at {moment} NOT NULL,
        published_by_id INTEGER,
        released_at {moment},
        withdrawn_at {moment},
        withdrawal_note TEXT NOT NULL,
        FOREIGN KEY (period_id) REFERENCES period (id) ON DELETE RESTRICT,
        FOREIGN KEY (published_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (policy IN ('names', 'names_and_score', 'names_and_breakdown')),
        CHECK (made_at <= published_at),
        CHECK (withdrawn_at IS NULL OR length(withdrawal_note) > 0)
    )
    """,
    "CREATE INDEX publication_period_id ON publication (period_id)",
    "CREATE INDEX publication_published_by_id ON publication (published_by_id)",
    "CREATE UNIQUE INDEX publication_period_id_number ON publication (period_id, number)",
    "CREATE UNIQUE INDEX publication_standing ON publication (period_id) WHERE (withdrawn_at IS NULL)",
    """
    CREATE TABLE published_winner (
        id {id} NOT NULL PRIMARY KEY,
        publication_id INTEGER NOT NULL,
        slug VARCHAR(180) NOT NULL,
        category_slug VARCHAR(60) NOT NULL,
        category_name VARCHAR(150) NOT NULL,
        category_position INTEGER NOT NULL,
        place INTEGER NOT NULL,
        name VARCHAR(250) NOT NULL,
        "position" VARCHAR(200) NOT NULL,
        unit_name VARCHAR(200) NOT NULL,
        unit_code VARCHAR(20) NOT NULL,
        innovation VARCHAR(300) NOT NULL,
        citation TEXT NOT NULL,
        decree_number VARCHAR(120) NOT NULL,
        decree_on DATE NOT NULL,
        score VARCHAR(20),
        components TEXT,
        FOREIGN KEY (publication_id) REFERENCES publication (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX published_winner_publication_id ON published_winner (publication_id)",
    "CREATE INDEX published_winner_slug ON published_winner (slug)",
    "CREATE UNIQUE INDEX published_winner_publication_id_slug ON published_winner (publication_id, slug)",
    "CREATE INDEX published_winner_publication_id_category_position_place ON published_winner (publication_id, category_position, place)",
    """
    CREATE TABLE audit_entry (
        id {id} NOT NULL PRIMARY KEY,
        at {moment} NOT NULL,
        actor_id INTEGER,
        actor VARCHAR(60) NOT NULL,
        face VARCHAR(10) NOT NULL,
        action VARCHAR(60) NOT NULL,
        thing VARCHAR(40) NOT NULL,
        thing_id VARCHAR(60) NOT NULL,
        before TEXT,
        after TEXT,
        reason TEXT NOT NULL,
        previous_hash VARCHAR(64) NOT NULL,
        hash VARCHAR(64) NOT NULL
    )
    """,
    "CREATE INDEX audit_entry_at ON audit_entry (at)",
    "CREATE INDEX audit_entry_actor_id ON audit_entry (actor_id)",
    "CREATE INDEX audit_entry_action ON audit_entry (action)",
    "CREATE UNIQUE INDEX audit_entry_previous_hash ON audit_entry (previous_hash)",
    "CREATE UNIQUE INDEX audit_entry_hash ON audit_entry (hash)",
    "CREATE INDEX audit_entry_thing_thing_id ON audit_entry (thing, thing_id)",
    "CREATE INDEX audit_entry_actor ON audit_entry (actor)",
    """
    CREATE TABLE chain_head (
        day DATE NOT NULL PRIMARY KEY,
        entries INTEGER NOT NULL,
        head VARCHAR(64) NOT NULL,
        published_at {moment} NOT NULL,
        CHECK (entries >= 0),
        CHECK (length(head) = 64)
    )
    """,
    """
    CREATE TABLE unit_change (
        id {id} NOT NULL PRIMARY KEY,
        unit_id INTEGER NOT NULL,
        kind VARCHAR(10) NOT NULL,
        effective_on DATE NOT NULL,
        former_code VARCHAR(20) NOT NULL,
        former_name VARCHAR(200) NOT NULL,
        other_id INTEGER,
        decree VARCHAR(150) NOT NULL,
        reason TEXT NOT NULL,
        recorded_at {moment} NOT NULL,
        recorded_by_id INTEGER,
        FOREIGN KEY (unit_id) REFERENCES work_unit (id) ON DELETE CASCADE,
        FOREIGN KEY (other_id) REFERENCES work_unit (id) ON DELETE RESTRICT,
        FOREIGN KEY (recorded_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (kind IN ('renamed', 'merged', 'split')),
        CHECK ((other_id IS NOT NULL) = (kind IN ('merged', 'split'))),
        CHECK (other_id IS NULL OR other_id <> unit_id),
        CHECK (length(decree) + length(reason) > 0)
    )
    """,
    "CREATE INDEX unit_change_unit_id ON unit_change (unit_id)",
    "CREATE INDEX unit_change_former_code ON unit_change (former_code)",
    "CREATE INDEX unit_change_other_id ON unit_change (other_id)",
    "CREATE INDEX unit_change_recorded_by_id ON unit_change (recorded_by_id)",
    """
    CREATE TABLE signatory (
        id {id} NOT NULL PRIMARY KEY,
        document VARCHAR(20) NOT NULL,
        name VARCHAR(150) NOT NULL,
        "position" VARCHAR(200) NOT NULL,
        rank_title VARCHAR(80) NOT NULL,
        nip VARCHAR(18) NOT NULL,
        status VARCHAR(10) NOT NULL,
        on_behalf_of VARCHAR(200) NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE,
        row_version INTEGER NOT NULL,
        CHECK (document IN ('decree', 'certificate', 'minutes', 'recap', 'letter')),
        CHECK (status IN ('definitif', 'pj', 'plt', 'plh', 'an')),
        CHECK (valid_to IS NULL OR valid_to >= valid_from),
        CHECK ((status = 'an') = (length(on_behalf_of) > 0)),
        CHECK (length(nip) IN (0, 18))
    )
    """,
    "CREATE UNIQUE INDEX signatory_document_valid_from ON signatory (document, valid_from)",
    """
    CREATE TABLE api_token (
        id {id} NOT NULL PRIMARY KEY,
        name VARCHAR(40) NOT NULL,
        purpose VARCHAR(300) NOT NULL,
        owner_id INTEGER NOT NULL,
        secret_sha256 VARCHAR(64) NOT NULL,
        ending VARCHAR(4) NOT NULL,
        scopes TEXT NOT NULL,
        created_at {moment} NOT NULL,
        created_by_id INTEGER,
        expires_on DATE NOT NULL,
        last_used_at {moment},
        revoked_at {moment},
        revoked_by_id INTEGER,
        reason VARCHAR(300) NOT NULL,
        FOREIGN KEY (owner_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (created_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (revoked_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (length(secret_sha256) = 64),
        CHECK (length(ending) = 4),
        CHECK ((revoked_at IS NOT NULL) = (length(reason) > 0)),
        CHECK (revoked_by_id IS NULL OR revoked_at IS NOT NULL)
    )
    """,
    "CREATE UNIQUE INDEX api_token_name ON api_token (name)",
    "CREATE UNIQUE INDEX api_token_secret_sha256 ON api_token (secret_sha256)",
    "CREATE INDEX api_token_owner_id ON api_token (owner_id)",
    "CREATE INDEX api_token_created_by_id ON api_token (created_by_id)",
    "CREATE INDEX api_token_revoked_by_id ON api_token (revoked_by_id)",
    """
    CREATE TABLE webhook (
        id {id} NOT NULL PRIMARY KEY,
        name VARCHAR(60) NOT NULL,
        url VARCHAR(500) NOT NULL,
        events TEXT NOT NULL,
        payload VARCHAR(80) NOT NULL,
        token_id INTEGER,
        secret TEXT NOT NULL,
        ending VARCHAR(4) NOT NULL,
        is_active {flag} NOT NULL,
        paused_because VARCHAR(300) NOT NULL,
        failures INTEGER NOT NULL,
        delivered_at {moment},
        created_at {moment} NOT NULL,
        created_by_id INTEGER,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (token_id) REFERENCES api_token (id) ON DELETE RESTRICT,
        FOREIGN KEY (created_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (length(ending) = 4),
        CHECK (length(url) > 0),
        CHECK (failures >= 0),
        CHECK (is_active = (length(paused_because) = 0))
    )
    """,
    "CREATE UNIQUE INDEX webhook_name ON webhook (name)",
    "CREATE INDEX webhook_token_id ON webhook (token_id)",
    "CREATE INDEX webhook_created_by_id ON webhook (created_by_id)",
    """
    CREATE TABLE webhook_event (
        id {id} NOT NULL PRIMARY KEY,
        event VARCHAR(40) NOT NULL,
        thing_id INTEGER NOT NULL,
        about TEXT NOT NULL,
        occurred_at {moment} NOT NULL
    )
    """,
    "CREATE INDEX webhook_event_occurred_at_id ON webhook_event (occurred_at, id)",
    "CREATE INDEX webhook_event_event_thing_id ON webhook_event (event, thing_id)",
    """
    CREATE TABLE webhook_delivery (
        id {id} NOT NULL PRIMARY KEY,
        uid VARCHAR(32) NOT NULL,
        webhook_id INTEGER NOT NULL,
        event VARCHAR(40) NOT NULL,
        thing_id INTEGER,
        about TEXT NOT NULL,
        occurred_at {moment} NOT NULL,
        state VARCHAR(10) NOT NULL,
        tries INTEGER NOT NULL,
        run_at {moment} NOT NULL,
        lease_until {moment},
        tried_at {moment},
        duration_ms INTEGER,
        status INTEGER,
        answer VARCHAR(200) NOT NULL,
        error VARCHAR(20) NOT NULL,
        finished_at {moment},
        FOREIGN KEY (webhook_id) REFERENCES webhook (id) ON DELETE CASCADE,
        CHECK (state IN ('waiting', 'delivered', 'failed', 'skipped')),
        CHECK (tries >= 0),
        CHECK (length(uid) = 32),
        CHECK ((state = 'waiting') = (finished_at IS NULL))
    )
    """,
    "CREATE UNIQUE INDEX webhook_delivery_uid ON webhook_delivery (uid)",
    "CREATE INDEX webhook_delivery_finished_at ON webhook_delivery (finished_at)",
    "CREATE INDEX webhook_delivery_state_run_at ON webhook_delivery (state, run_at)",
    "CREATE INDEX webhook_delivery_webhook_id_id ON webhook_delivery (webhook_id, id)",
    """
    CREATE TABLE announcement (
        id {id} NOT NULL PRIMARY KEY,
        slug VARCHAR(80) NOT NULL,
        title VARCHAR(200) NOT NULL,
        body TEXT NOT NULL,
        title_en VARCHAR(200) NOT NULL,
        body_en TEXT NOT NULL,
        is_pinned {flag} NOT NULL,
        publish_at {moment},
        ends_at {moment},
        withdrawn_at {moment},
        withdrawal_note TEXT NOT NULL,
        created_at {moment} NOT NULL,
        created_by_id INTEGER,
        updated_at {moment} NOT NULL,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (created_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK (ends_at IS NULL OR (publish_at IS NOT NULL AND ends_at > publish_at)),
        CHECK (withdrawn_at IS NULL OR (publish_at IS NOT NULL AND length(withdrawal_note) > 0)),
        CHECK ((title_en = '') = (body_en = ''))
    )
    """,
    "CREATE UNIQUE INDEX announcement_slug ON announcement (slug)",
    "CREATE INDEX announcement_publish_at ON announcement (publish_at)",
    "CREATE INDEX announcement_created_by_id ON announcement (created_by_id)",
    """
    CREATE TABLE setting (
        key VARCHAR(60) NOT NULL PRIMARY KEY,
        value TEXT NOT NULL,
        updated_at {moment} NOT NULL,
        updated_by_id INTEGER,
        row_version INTEGER NOT NULL,
        FOREIGN KEY (updated_by_id) REFERENCES "user" (id) ON DELETE RESTRICT
    )
    """,
    "CREATE INDEX setting_updated_by_id ON setting (updated_by_id)",
    """
    CREATE TABLE idempotency_key (
        actor_id INTEGER NOT NULL,
        action VARCHAR(60) NOT NULL,
        key VARCHAR(100) NOT NULL,
        thing_id VARCHAR(60) NOT NULL,
        at {moment} NOT NULL,
        PRIMARY KEY (actor_id, action, key)
    )
    """,
    """
    CREATE TABLE job (
        id {id} NOT NULL PRIMARY KEY,
        kind VARCHAR(40) NOT NULL,
        subject VARCHAR(120) NOT NULL,
        state VARCHAR(10) NOT NULL,
        run_at {moment} NOT NULL,
        lease_until {moment},
        attempts INTEGER NOT NULL,
        result TEXT,
        error TEXT NOT NULL,
        asked_at {moment} NOT NULL,
        asked_by_id INTEGER,
        finished_at {moment},
        CHECK (state IN ('waiting', 'done', 'failed')),
        CHECK (attempts >= 0)
    )
    """,
    "CREATE UNIQUE INDEX job_kind_subject ON job (kind, subject)",
    "CREATE INDEX job_state_run_at ON job (state, run_at)",
    """
    CREATE TABLE notification (
        id {id} NOT NULL PRIMARY KEY,
        recipient_id INTEGER NOT NULL,
        notice VARCHAR(40) NOT NULL,
        thing VARCHAR(40) NOT NULL,
        thing_id VARCHAR(60) NOT NULL,
        params TEXT NOT NULL,
        created_at {moment} NOT NULL,
        read_at {moment},
        FOREIGN KEY (recipient_id) REFERENCES "user" (id) ON DELETE CASCADE,
        CHECK (length(notice) > 0)
    )
    """,
    "CREATE INDEX notification_recipient_id_id ON notification (recipient_id, id)",
    "CREATE INDEX notification_notice_thing_thing_id ON notification (notice, thing, thing_id)",
    "CREATE INDEX notification_read_at ON notification (read_at)",
    "CREATE INDEX notification_unread ON notification (recipient_id) WHERE (read_at IS NULL)",
    """
    CREATE TABLE reminder (
        id {id} NOT NULL PRIMARY KEY,
        period_id INTEGER NOT NULL,
        work_unit_id INTEGER,
        assessor_id INTEGER,
        sent_at {moment} NOT NULL,
        sent_by_id INTEGER,
        told INTEGER NOT NULL,
        FOREIGN KEY (period_id) REFERENCES period (id) ON DELETE CASCADE,
        FOREIGN KEY (work_unit_id) REFERENCES work_unit (id) ON DELETE RESTRICT,
        FOREIGN KEY (assessor_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        FOREIGN KEY (sent_by_id) REFERENCES "user" (id) ON DELETE RESTRICT,
        CHECK ((work_unit_id IS NULL) <> (assessor_id IS NULL)),
        CHECK (told > 0)
    )
    """,
    "CREATE INDEX reminder_period_id ON reminder (period_id)",
    "CREATE INDEX reminder_work_unit_id ON reminder (work_unit_id)",
    "CREATE INDEX reminder_assessor_id ON reminder (assessor_id)",
    "CREATE INDEX reminder_sent_by_id ON reminder (sent_by_id)",
)

SQLITE_TRIGGERS = (
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END",
    "CREATE TRIGGER chain_head_no_update BEFORE UPDATE ON chain_head BEGIN SELECT RAISE(ABORT, 'the published heads are only ever added to'); END",
    "CREATE TRIGGER chain_head_no_delete BEFORE DELETE ON chain_head BEGIN SELECT RAISE(ABORT, 'the published heads are only ever added to'); END",
    "CREATE TRIGGER mark_history_no_update BEFORE UPDATE ON mark_history BEGIN SELECT RAISE(ABORT, 'the history of marks is only ever added to'); END",
    "CREATE TRIGGER mark_history_no_delete BEFORE DELETE ON mark_history BEGIN SELECT RAISE(ABORT, 'the history of marks is only ever added to'); END",
    "CREATE TRIGGER instrument_version_no_update BEFORE UPDATE ON instrument_version WHEN (OLD.state <> 'draft') AND (OLD.instrument_id IS NOT NEW.instrument_id OR OLD.number IS NOT NEW.number OR OLD.definition IS NOT NEW.definition OR OLD.examples IS NOT NEW.examples OR OLD.sha256 IS NOT NEW.sha256 OR OLD.locked_at IS NOT NEW.locked_at OR OLD.locked_by_id IS NOT NEW.locked_by_id) BEGIN SELECT RAISE(ABORT, 'a locked instrument version never changes'); END",
    "CREATE TRIGGER instrument_version_no_delete BEFORE DELETE ON instrument_version WHEN (OLD.state <> 'draft') BEGIN SELECT RAISE(ABORT, 'a locked instrument version never changes'); END",
    "CREATE TRIGGER criterion_no_insert BEFORE INSERT ON criterion WHEN EXISTS (SELECT 1 FROM instrument_version WHERE id = NEW.version_id AND state <> 'draft') BEGIN SELECT RAISE(ABORT, 'a locked instrument version never changes'); END",
    "CREATE TRIGGER criterion_no_update BEFORE UPDATE ON criterion BEGIN SELECT RAISE(ABORT, 'a locked instrument version never changes'); END",
    "CREATE TRIGGER criterion_no_delete BEFORE DELETE ON criterion BEGIN SELECT RAISE(ABORT, 'a locked instrument version never changes'); END",
    "CREATE TRIGGER ranking_no_update BEFORE UPDATE ON ranking WHEN (OLD.state <> 'draft') AND (OLD.category_id IS NOT NEW.category_id OR OLD.number IS NOT NEW.number OR OLD.engine IS NOT NEW.engine OR OLD.inputs IS NOT NEW.inputs OR OLD.input_sha256 IS NOT NEW.input_sha256 OR OLD.result IS NOT NEW.result OR OLD.result_sha256 IS NOT NEW.result_sha256 OR OLD.computed_at IS NOT NEW.computed_at OR OLD.computed_by_id IS NOT NEW.computed_by_id OR OLD.finalised_at IS NOT NEW.finalised_at OR OLD.finalised_by_id IS NOT NEW.finalised_by_id) BEGIN SELECT RAISE(ABORT, 'a final ranking never changes'); END",
    "CREATE TRIGGER ranking_no_delete BEFORE DELETE ON ranking WHEN (OLD.state <> 'draft') BEGIN SELECT RAISE(ABORT, 'a final ranking never changes'); END",
    "CREATE TRIGGER objection_no_update BEFORE UPDATE ON objection WHEN (OLD.state <> 'filed') AND (OLD.number IS NOT NEW.number OR OLD.nomination_id IS NOT NEW.nomination_id OR OLD.ranking_id IS NOT NEW.ranking_id OR OLD.state IS NOT NEW.state OR OLD.reason IS NOT NEW.reason OR OLD.letter_number IS NOT NEW.letter_number OR OLD.letter_on IS NOT NEW.letter_on OR OLD.blob_id IS NOT NEW.blob_id OR OLD.filename IS NOT NEW.filename OR OLD.filed_at IS NOT NEW.filed_at OR OLD.filed_by_id IS NOT NEW.filed_by_id OR OLD.decision IS NOT NEW.decision OR OLD.decided_at IS NOT NEW.decided_at OR OLD.decided_by_id IS NOT NEW.decided_by_id OR OLD.withdrawal_reason IS NOT NEW.withdrawal_reason OR OLD.withdrawn_at IS NOT NEW.withdrawn_at) BEGIN SELECT RAISE(ABORT, 'a decided objection never changes'); END",
    "CREATE TRIGGER objection_no_delete BEFORE DELETE ON objection BEGIN SELECT RAISE(ABORT, 'an objection stays on record'); END",
    "CREATE TRIGGER reopening_no_update BEFORE UPDATE ON reopening WHEN (OLD.sheet_id IS NOT NEW.sheet_id OR OLD.objection_id IS NOT NEW.objection_id OR OLD.reason IS NOT NEW.reason OR OLD.criteria IS NOT NEW.criteria OR OLD.submitted_at IS NOT NEW.submitted_at OR OLD.reopened_at IS NOT NEW.reopened_at OR OLD.reopened_by_id IS NOT NEW.reopened_by_id) BEGIN SELECT RAISE(ABORT, 'the trace of a reopened sheet never changes'); END",
    "CREATE TRIGGER reopening_no_delete BEFORE DELETE ON reopening BEGIN SELECT RAISE(ABORT, 'the trace of a reopened sheet never changes'); END",
    "CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication WHEN (OLD.period_id IS NOT NEW.period_id OR OLD.number IS NOT NEW.number OR OLD.policy IS NOT NEW.policy OR OLD.statistics IS NOT NEW.statistics OR OLD.file IS NOT NEW.file OR OLD.content_sha256 IS NOT NEW.content_sha256 OR OLD.made_at IS NOT NEW.made_at OR OLD.published_at IS NOT NEW.published_at OR OLD.published_by_id IS NOT NEW.published_by_id) BEGIN SELECT RAISE(ABORT, 'a publication never changes, it can only be withdrawn'); END",
    "CREATE TRIGGER publication_no_delete BEFORE DELETE ON publication BEGIN SELECT RAISE(ABORT, 'a publication never changes, it can only be withdrawn'); END",
    "CREATE TRIGGER published_winner_no_update BEFORE UPDATE ON published_winner BEGIN SELECT RAISE(ABORT, 'a publication never changes, it can only be withdrawn'); END",
    "CREATE TRIGGER published_winner_no_delete BEFORE DELETE ON published_winner BEGIN SELECT RAISE(ABORT, 'a publication never changes, it can only be withdrawn'); END",
)

POSTGRESQL_TRIGGERS = (
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """CREATE OR REPLACE FUNCTION refuse_unless_draft() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM instrument_version WHERE id = NEW.version_id AND state <> 'draft') THEN
            RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change('the audit trail is only ever added to')",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change('the audit trail is only ever added to')",
    "CREATE TRIGGER chain_head_no_update BEFORE UPDATE ON chain_head FOR EACH ROW EXECUTE FUNCTION refuse_change('the published heads are only ever added to')",
    "CREATE TRIGGER chain_head_no_delete BEFORE DELETE ON chain_head FOR EACH ROW EXECUTE FUNCTION refuse_change('the published heads are only ever added to')",
    "CREATE TRIGGER mark_history_no_update BEFORE UPDATE ON mark_history FOR EACH ROW EXECUTE FUNCTION refuse_change('the history of marks is only ever added to')",
    "CREATE TRIGGER mark_history_no_delete BEFORE DELETE ON mark_history FOR EACH ROW EXECUTE FUNCTION refuse_change('the history of marks is only ever added to')",
    "CREATE TRIGGER instrument_version_no_update BEFORE UPDATE ON instrument_version FOR EACH ROW WHEN ((OLD.state <> 'draft') AND (OLD.instrument_id IS DISTINCT FROM NEW.instrument_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.definition IS DISTINCT FROM NEW.definition OR OLD.examples IS DISTINCT FROM NEW.examples OR OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.locked_at IS DISTINCT FROM NEW.locked_at OR OLD.locked_by_id IS DISTINCT FROM NEW.locked_by_id)) EXECUTE FUNCTION refuse_change('a locked instrument version never changes')",
    "CREATE TRIGGER instrument_version_no_delete BEFORE DELETE ON instrument_version FOR EACH ROW WHEN ((OLD.state <> 'draft')) EXECUTE FUNCTION refuse_change('a locked instrument version never changes')",
    "CREATE TRIGGER criterion_no_insert BEFORE INSERT ON criterion FOR EACH ROW EXECUTE FUNCTION refuse_unless_draft('a locked instrument version never changes')",
    "CREATE TRIGGER criterion_no_update BEFORE UPDATE ON criterion FOR EACH ROW EXECUTE FUNCTION refuse_change('a locked instrument version never changes')",
    "CREATE TRIGGER criterion_no_delete BEFORE DELETE ON criterion FOR EACH ROW EXECUTE FUNCTION refuse_change('a locked instrument version never changes')",
    "CREATE TRIGGER ranking_no_update BEFORE UPDATE ON ranking FOR EACH ROW WHEN ((OLD.state <> 'draft') AND (OLD.category_id IS DISTINCT FROM NEW.category_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.engine IS DISTINCT FROM NEW.engine OR OLD.inputs IS DISTINCT FROM NEW.inputs OR OLD.input_sha256 IS DISTINCT FROM NEW.input_sha256 OR OLD.result IS DISTINCT FROM NEW.result OR OLD.result_sha256 IS DISTINCT FROM NEW.result_sha256 OR OLD.computed_at IS DISTINCT FROM NEW.computed_at OR OLD.computed_by_id IS DISTINCT FROM NEW.computed_by_id OR OLD.finalised_at IS DISTINCT FROM NEW.finalised_at OR OLD.finalised_by_id IS DISTINCT FROM NEW.finalised_by_id)) EXECUTE FUNCTION refuse_change('a final ranking never changes')",
    "CREATE TRIGGER ranking_no_delete BEFORE DELETE ON ranking FOR EACH ROW WHEN ((OLD.state <> 'draft')) EXECUTE FUNCTION refuse_change('a final ranking never changes')",
    "CREATE TRIGGER objection_no_update BEFORE UPDATE ON objection FOR EACH ROW WHEN ((OLD.state <> 'filed') AND (OLD.number IS DISTINCT FROM NEW.number OR OLD.nomination_id IS DISTINCT FROM NEW.nomination_id OR OLD.ranking_id IS DISTINCT FROM NEW.ranking_id OR OLD.state IS DISTINCT FROM NEW.state OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.letter_number IS DISTINCT FROM NEW.letter_number OR OLD.letter_on IS DISTINCT FROM NEW.letter_on OR OLD.blob_id IS DISTINCT FROM NEW.blob_id OR OLD.filename IS DISTINCT FROM NEW.filename OR OLD.filed_at IS DISTINCT FROM NEW.filed_at OR OLD.filed_by_id IS DISTINCT FROM NEW.filed_by_id OR OLD.decision IS DISTINCT FROM NEW.decision OR OLD.decided_at IS DISTINCT FROM NEW.decided_at OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id OR OLD.withdrawal_reason IS DISTINCT FROM NEW.withdrawal_reason OR OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)) EXECUTE FUNCTION refuse_change('a decided objection never changes')",
    "CREATE TRIGGER objection_no_delete BEFORE DELETE ON objection FOR EACH ROW EXECUTE FUNCTION refuse_change('an objection stays on record')",
    "CREATE TRIGGER reopening_no_update BEFORE UPDATE ON reopening FOR EACH ROW WHEN ((OLD.sheet_id IS DISTINCT FROM NEW.sheet_id OR OLD.objection_id IS DISTINCT FROM NEW.objection_id OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.criteria IS DISTINCT FROM NEW.criteria OR OLD.submitted_at IS DISTINCT FROM NEW.submitted_at OR OLD.reopened_at IS DISTINCT FROM NEW.reopened_at OR OLD.reopened_by_id IS DISTINCT FROM NEW.reopened_by_id)) EXECUTE FUNCTION refuse_change('the trace of a reopened sheet never changes')",
    "CREATE TRIGGER reopening_no_delete BEFORE DELETE ON reopening FOR EACH ROW EXECUTE FUNCTION refuse_change('the trace of a reopened sheet never changes')",
    "CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication FOR EACH ROW WHEN ((OLD.period_id IS DISTINCT FROM NEW.period_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.policy IS DISTINCT FROM NEW.policy OR OLD.statistics IS DISTINCT FROM NEW.statistics OR OLD.file IS DISTINCT FROM NEW.file OR OLD.content_sha256 IS DISTINCT FROM NEW.content_sha256 OR OLD.made_at IS DISTINCT FROM NEW.made_at OR OLD.published_at IS DISTINCT FROM NEW.published_at OR OLD.published_by_id IS DISTINCT FROM NEW.published_by_id)) EXECUTE FUNCTION refuse_change('a publication never changes, it can only be withdrawn')",
    "CREATE TRIGGER publication_no_delete BEFORE DELETE ON publication FOR EACH ROW EXECUTE FUNCTION refuse_change('a publication never changes, it can only be withdrawn')",
    "CREATE TRIGGER published_winner_no_update BEFORE UPDATE ON published_winner FOR EACH ROW EXECUTE FUNCTION refuse_change('a publication never changes, it can only be withdrawn')",
    "CREATE TRIGGER published_winner_no_delete BEFORE DELETE ON published_winner FOR EACH ROW EXECUTE FUNCTION refuse_change('a publication never changes, it can only be withdrawn')",
    "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER chain_head_no_truncate BEFORE TRUNCATE ON chain_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER mark_history_no_truncate BEFORE TRUNCATE ON mark_history FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER instrument_version_no_truncate BEFORE TRUNCATE ON instrument_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER criterion_no_truncate BEFORE TRUNCATE ON criterion FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER ranking_no_truncate BEFORE TRUNCATE ON ranking FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER objection_no_truncate BEFORE TRUNCATE ON objection FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER publication_no_truncate BEFORE TRUNCATE ON publication FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
    "CREATE TRIGGER published_winner_no_truncate BEFORE TRUNCATE ON published_winner FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what is kept for ever is not emptied')",
)


def up(migrator: Any, db: pw.Database) -> None:
    is_postgresql = isinstance(db, pw.PostgresqlDatabase)
    types = TYPES["postgresql" if is_postgresql else "sqlite"]
    for statement in TABLES:
        db.execute_sql(statement.format(**types))
    for statement in POSTGRESQL_TRIGGERS if is_postgresql else SQLITE_TRIGGERS:
        db.execute_sql(statement)
