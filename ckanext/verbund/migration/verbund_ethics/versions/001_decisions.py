# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roles, cases, decisions, the gate before "public", and the chain of what happened.

No table points to tables of CKAN: what was decided outlives the dataset and the account. What
is public already becomes private and undecided; ``was_public`` remembers it for the worklist.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from ckanext.verbund.domain.ethics.fingerprint import decisive

revision = "001_decisions"
down_revision = None
branch_labels = None
depends_on = None

_NAME = "verbund_ethics"
_OPEN = "state IN ('draft', 'review', 'comments', 'ready')"


def _text(name: str, **options: object) -> sa.Column:
    return sa.Column(name, sa.UnicodeText, **{"nullable": False, **options})


def _id() -> sa.Column:
    return _text("id", primary_key=True)


def _case(**options: object) -> sa.Column:
    key = sa.ForeignKey(f"{_NAME}_case.id", ondelete="RESTRICT")
    return sa.Column("case_id", sa.UnicodeText, key, **{"nullable": False, **options})


def _time(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime, nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def upgrade() -> None:
    """Make tables and triggers, then take back what nobody has decided."""
    _roles_and_cases()
    _decisions()
    _audit()
    for statement in (_FUNCTIONS, _GUARD, _KEEP, _CHAIN):
        op.execute(statement)
    op.execute(_UNDECIDED)


def _roles_and_cases() -> None:
    op.create_table(
        f"{_NAME}_role",
        _id(),
        _text("organization_id"),
        _text("user_id", index=True),
        _text("role"),
        _flag("deputy"),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.UniqueConstraint("organization_id", "user_id", "role"),
    )
    op.create_table(
        f"{_NAME}_case",
        _id(),
        _text("package_id", index=True),
        _text("organization_id", index=True),
        _text("state"),
        _text("fingerprint"),
        sa.Column("round", sa.Integer, nullable=False, server_default="1"),
        _flag("short"),
        _text("before", nullable=True),
        _text("decision_id", nullable=True),
        _text("cosigned_by", nullable=True),
        _time("created"),
        _time("changed"),
    )
    op.create_index(
        f"uq_{_NAME}_case_open",
        f"{_NAME}_case",
        ["package_id"],
        unique=True,
        postgresql_where=sa.text(_OPEN),
    )
    op.create_table(
        f"{_NAME}_author", _case(primary_key=True), _text("user_id", primary_key=True)
    )
    op.create_table(
        f"{_NAME}_answer",
        _case(primary_key=True),
        _text("question", primary_key=True),
        _text("value"),
        _text("reason"),
        sa.Column("measures", ARRAY(sa.UnicodeText), nullable=False),
        _flag("short"),
        _text("user_id"),
        _time("changed"),
    )
    op.create_table(
        f"{_NAME}_comment",
        _id(),
        _case(index=True),
        sa.Column("round", sa.Integer, nullable=False),
        _text("effect"),
        _text("verdict"),
        _text("text"),
        _text("user_id"),
        _time("created"),
    )


def _decisions() -> None:
    op.create_table(
        f"{_NAME}_decision",
        _id(),
        _case(index=True),
        _text("package_id", index=True),
        _text("organization_id", index=True),
        _text("outcome"),
        _text("inherited_from", nullable=True, index=True),
        _text("fingerprint"),
        sa.Column("catalogue_version", sa.Integer, nullable=False),
        _text("catalogue_hash"),
        _text("recommendation"),
        _flag("deviates"),
        sa.Column("grounds", ARRAY(sa.UnicodeText), nullable=False),
        _text("legal_ground"),
        _text("conditions"),
        sa.Column("review_date", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.Column("authors", ARRAY(sa.UnicodeText), nullable=False),
        _text("decided_by"),
        _text("cosigned_by", nullable=True),
        _time("created"),
        sa.CheckConstraint("outcome IN ('open', 'restricted', 'not')", name="outcome"),
        sa.CheckConstraint("cardinality(authors) > 0", name=f"{_NAME}_has_author"),
        sa.CheckConstraint("decided_by <> ALL (authors)", name=f"{_NAME}_four_eyes"),
        sa.CheckConstraint(
            "cosigned_by IS NULL OR cosigned_by <> ALL (authors)", name=f"{_NAME}_cosign"
        ),
    )
    op.create_table(
        f"{_NAME}_gate",
        _text("package_id", primary_key=True),
        sa.Column(
            "decision_id",
            sa.UnicodeText,
            sa.ForeignKey(f"{_NAME}_decision.id", ondelete="RESTRICT"),
            unique=True,
        ),
        _flag("stale"),
        _flag("was_public"),
    )
    fields = op.create_table(
        f"{_NAME}_field",
        _text("kind", primary_key=True),
        _text("field", primary_key=True),
    )
    # Never empty, or the database would notice no change; the plugin renews it at start.
    op.bulk_insert(fields, [{"kind": k, "field": f} for k, f in decisive().rows()])


def _audit() -> None:
    op.create_table(
        f"{_NAME}_event",
        _id(),
        _text("organization_id"),
        sa.Column("seq", sa.BigInteger, nullable=False),
        _text("at"),
        _text("action"),
        _text("package_id"),
        _text("case_id"),
        _text("decision_id"),
        _text("actor"),
        _text("role"),
        _flag("deputy"),
        _text("state"),
        _text("fingerprint"),
        sa.Column("catalogue_version", sa.Integer, nullable=False),
        _text("catalogue_hash"),
        _text("payload_hash"),
        _text("prev_hash"),
        _text("hash"),
        sa.UniqueConstraint("organization_id", "seq"),
    )
    op.create_index(f"ix_{_NAME}_event_case", f"{_NAME}_event", ["case_id"])
    op.create_table(
        f"{_NAME}_words",
        sa.Column(
            "event_id",
            sa.UnicodeText,
            sa.ForeignKey(f"{_NAME}_event.id", ondelete="RESTRICT"),
            primary_key=True,
        ),
        _text("salt"),
        sa.Column("payload", JSONB, nullable=False),
    )


_FUNCTIONS = """
-- What a decision is about, as the database sees it. The names are those of
-- schemas/ethics/decisive.yaml; the plugin copies them at start.
CREATE FUNCTION verbund_ethics_content(p package) RETURNS jsonb STABLE LANGUAGE sql AS $$
    SELECT jsonb_object_agg(f.field, coalesce(to_jsonb(p) -> f.field, p.extras -> f.field))
    FROM verbund_ethics_field f
    WHERE f.kind = CASE WHEN p.type = 'harvest' THEN 'harvest' ELSE 'package' END
$$;

CREATE FUNCTION verbund_ethics_content(r resource) RETURNS jsonb STABLE LANGUAGE sql AS $$
    SELECT jsonb_object_agg(
        f.field, coalesce(to_jsonb(r) -> f.field, nullif(r.extras, '')::jsonb -> f.field))
    FROM verbund_ethics_field f
    WHERE f.kind IN ('resource', 'marks') AND r.state = 'active'
$$;

-- A decision to publish whose last day is not over; the day is that of the town hall.
CREATE FUNCTION verbund_ethics_runs(d verbund_ethics_decision) RETURNS boolean
STABLE LANGUAGE sql AS $$
    SELECT d.outcome IN ('open', 'restricted') AND (d.valid_until IS NULL
        OR d.valid_until >= (now() AT TIME ZONE 'Europe/Berlin')::date)
$$;

-- Whether a package may be public now: decided, valid, the same content. An inherited decision
-- lasts as long as that on its source. "Restricted" shows metadata, never a file.
CREATE FUNCTION verbund_ethics_in_force(id text) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT EXISTS (
        SELECT FROM verbund_ethics_gate g
        JOIN verbund_ethics_decision d ON d.id = g.decision_id
        WHERE g.package_id = $1 AND d.package_id = $1 AND verbund_ethics_runs(d)
        AND (d.outcome = 'open' OR NOT EXISTS (
            SELECT FROM resource r WHERE r.package_id = $1 AND r.state = 'active'))
        AND CASE WHEN d.inherited_from IS NULL THEN NOT g.stale ELSE EXISTS (
            SELECT FROM verbund_ethics_gate sg
            JOIN verbund_ethics_decision s ON s.id = sg.decision_id
            WHERE sg.decision_id = d.inherited_from AND NOT sg.stale AND verbund_ethics_runs(s)
            AND s.outcome = 'open')
        END)
$$;

CREATE FUNCTION verbund_ethics_public(p package) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    SELECT coalesce(p.state, 'active') = 'active' AND NOT coalesce(p.private, false)
        AND coalesce(p.type, 'dataset') <> 'harvest'
$$;

CREATE FUNCTION verbund_ethics_stale(id text) RETURNS boolean LANGUAGE sql AS $$
    WITH done AS (
        UPDATE verbund_ethics_gate SET stale = true
        WHERE package_id = $1 AND decision_id IS NOT NULL AND NOT stale RETURNING 1)
    SELECT EXISTS (SELECT FROM done)
$$;
"""

_GUARD = """
-- Refuses "public" without a decision. Immediate, not deferred: nothing may get into the search
-- index before it. Other content makes the decision stale and takes the package back, or is
-- refused where the caller says so (`verbund.edit`, set for people: VE002).
CREATE FUNCTION verbund_ethics_guard_package() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id IS DISTINCT FROM OLD.id OR NEW.type IS DISTINCT FROM OLD.type THEN
            RAISE EXCEPTION 'ID and type of a package do not change' USING ERRCODE = 'VE003';
        END IF;
        changed := verbund_ethics_content(NEW) IS DISTINCT FROM verbund_ethics_content(OLD);
        IF changed AND verbund_ethics_public(OLD) AND verbund_ethics_public(NEW)
            AND current_setting('verbund.edit', true) = 'refuse' THEN
            RAISE EXCEPTION 'package % is public, other content needs a decision', NEW.id
                USING ERRCODE = 'VE002';
        END IF;
        IF changed THEN
            PERFORM verbund_ethics_stale(NEW.id);
        END IF;
    END IF;
    IF verbund_ethics_public(NEW) AND NOT verbund_ethics_in_force(NEW.id) THEN
        IF changed AND verbund_ethics_public(OLD) THEN
            NEW.private := true;
        ELSE
            RAISE EXCEPTION 'package % has no decision that lets it be public', NEW.id
                USING ERRCODE = 'VE001';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER verbund_ethics_guard BEFORE INSERT OR UPDATE ON package
FOR EACH ROW EXECUTE FUNCTION verbund_ethics_guard_package();

CREATE FUNCTION verbund_ethics_guard_resource() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids text[];
    old_content jsonb;
    new_content jsonb;
    one text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_content := verbund_ethics_content(OLD);
        ids := ids || OLD.package_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_content := verbund_ethics_content(NEW);
        ids := ids || NEW.package_id;
    END IF;
    IF old_content IS NOT DISTINCT FROM new_content
        AND NOT (TG_OP = 'UPDATE' AND NEW.package_id IS DISTINCT FROM OLD.package_id) THEN
        RETURN NULL;
    END IF;
    FOREACH one IN ARRAY ids LOOP
        -- Who decides holds this row too: the one waits for the other, and then sees it.
        PERFORM FROM package p WHERE p.id = one FOR NO KEY UPDATE;
        CONTINUE WHEN one IS NULL OR NOT EXISTS (
            SELECT FROM verbund_ethics_gate g WHERE g.package_id = one);
        IF current_setting('verbund.edit', true) = 'refuse' AND EXISTS (
            SELECT FROM package p WHERE p.id = one AND verbund_ethics_public(p)) THEN
            RAISE EXCEPTION 'package % is public, other files need a decision', one
                USING ERRCODE = 'VE002';
        END IF;
        PERFORM verbund_ethics_stale(one);
        UPDATE package p SET private = true
        WHERE p.id = one AND verbund_ethics_public(p) AND NOT verbund_ethics_in_force(one);
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER verbund_ethics_guard AFTER INSERT OR UPDATE OR DELETE ON resource
FOR EACH ROW EXECUTE FUNCTION verbund_ethics_guard_resource();

-- What was public keeps that mark in the activity stream for ever; here it ends.
CREATE FUNCTION verbund_ethics_relabel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF verbund_ethics_public(OLD) AND NOT verbund_ethics_public(NEW)
        AND to_regclass('activity') IS NOT NULL THEN
        UPDATE activity
        SET permission_labels = ARRAY['member-' || coalesce(NEW.owner_org, '')]
        WHERE object_id = NEW.id AND permission_labels && ARRAY['public'];
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER verbund_ethics_relabel AFTER UPDATE ON package
FOR EACH ROW EXECUTE FUNCTION verbund_ethics_relabel();
"""

_KEEP = """
-- What was decided and what happened is neither changed nor deleted.
CREATE FUNCTION verbund_ethics_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'VE004';
END $$;

CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON verbund_ethics_decision
FOR EACH STATEMENT EXECUTE FUNCTION verbund_ethics_keep();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON verbund_ethics_event
FOR EACH STATEMENT EXECUTE FUNCTION verbund_ethics_keep();

-- Four eyes once more: an array of authors can be invented, the authors of the case cannot.
CREATE FUNCTION verbund_ethics_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM verbund_ethics_author a WHERE a.case_id = NEW.case_id
        AND a.user_id IN (NEW.decided_by, NEW.cosigned_by)) THEN
        RAISE EXCEPTION 'who wrote case % does not decide it', NEW.case_id
            USING ERRCODE = 'VE005';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER second_person BEFORE INSERT ON verbund_ethics_decision
FOR EACH ROW EXECUTE FUNCTION verbund_ethics_second_person();
"""

_CHAIN = """
-- An event follows the last one of its member. Writers of one member queue here until commit.
CREATE FUNCTION verbund_ethics_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last verbund_ethics_event;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('verbund_ethics:' || NEW.organization_id));
    SELECT * INTO last FROM verbund_ethics_event
    WHERE organization_id = NEW.organization_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> coalesce(last.seq, 0) + 1
        OR NEW.prev_hash <> coalesce(last.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'event % does not follow the last one', NEW.seq USING ERRCODE = 'VE006';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER follow BEFORE INSERT ON verbund_ethics_event
FOR EACH ROW EXECUTE FUNCTION verbund_ethics_follow();
"""

_UNDECIDED = """
INSERT INTO verbund_ethics_gate (package_id, was_public)
SELECT p.id, true FROM package p WHERE verbund_ethics_public(p) ON CONFLICT DO NOTHING;
UPDATE package p SET private = true WHERE verbund_ethics_public(p);
"""


def downgrade() -> None:
    """Drop everything; decisions are lost and datasets stay private."""
    op.execute("DROP TRIGGER verbund_ethics_guard ON package")
    op.execute("DROP TRIGGER verbund_ethics_guard ON resource")
    op.execute("DROP TRIGGER verbund_ethics_relabel ON package")
    op.execute(
        "DROP FUNCTION verbund_ethics_guard_package, verbund_ethics_guard_resource, "
        "verbund_ethics_relabel, verbund_ethics_stale, verbund_ethics_public, "
        "verbund_ethics_in_force, verbund_ethics_runs, verbund_ethics_content(package), "
        "verbund_ethics_content(resource)"
    )
    others = ("comment", "answer", "author", "case", "role")
    for name in ("words", "event", "field", "gate", "decision", *others):
        op.drop_table(f"{_NAME}_{name}")
    op.execute(
        "DROP FUNCTION verbund_ethics_follow, verbund_ethics_second_person, verbund_ethics_keep"
    )
