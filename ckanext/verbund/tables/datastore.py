# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Put a table into the datastore in one transaction.

The new table is built beside the old one, under a name the datastore does not list,
and takes its place at the end. Readers see the old or the new table, never a mix, and
wait only for the moment of the exchange.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.datastore.backend.postgres import (
    DatastorePostgresqlBackend,
    _generate_index_name,
    get_write_engine,
    identifier,
    literal_string,
)

from ckanext.verbund.domain.tables.table import Column, Table

_INDEX_MEMORY = "128MB"
_SEARCHABLE = 200_000  # characters of a row; PostgreSQL cannot index a megabyte


class _Reader:
    """Pieces of bytes as the file that ``copy_expert`` wants."""

    def __init__(self, pieces: Iterator[bytes]):
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        data = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(data) :]
        return data


def replace_table(resource_id: str, table: Table) -> list[dict[str, Any]]:
    """Put a table in the place of the one a resource has, if any.

    Args:
        resource_id: The resource; its ID is the name of the table.
        table: What to load.

    Returns:
        The fields as ``datastore_create`` describes them.
    """
    connection = get_write_engine().raw_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL client_min_messages = warning")
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{_INDEX_MEMORY}'")
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s))", (f"verbund_tables:{resource_id}",)
            )
            fields = _fields(table.columns, _old_info(cursor, resource_id))
            _fill(cursor, resource_id, table)
            _build(cursor, resource_id, table.columns)
            _exchange(cursor, resource_id, fields)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.close()
    return fields


def _fill(cursor: Any, resource_id: str, table: Table) -> None:
    """Copy the rows into a table that only this transaction sees.

    Not a temporary one: PostgreSQL reads those with one process alone.
    """
    rows = identifier(f"_roh_{resource_id}")
    definition = ", ".join(f"{identifier(c.name)} {c.pg_type}" for c in table.columns)
    names = ", ".join(identifier(c.name) for c in table.columns)
    cursor.execute(f"CREATE UNLOGGED TABLE {rows} (_id serial, {definition})")
    cursor.copy_expert(
        f"COPY {rows} ({names}) FROM STDIN WITH (FORMAT csv, ENCODING 'UTF8')",
        _Reader(table.copy_chunks()),
        size=1 << 18,
    )
    cursor.execute(f"ANALYZE {rows} (_id)")


def _build(cursor: Any, resource_id: str, columns: Iterable[Column]) -> None:
    """Build the table as the datastore would, beside the one it has.

    The words for the search are made in one statement, and by several processes where the
    server allows it: the trigger of the datastore does the same row by row, slower.
    """
    columns = list(columns)
    new, rows = identifier(f"_neu_{resource_id}"), identifier(f"_roh_{resource_id}")
    sequence = identifier(f"_neu_{resource_id}__id_seq")
    names = ", ".join(identifier(c.name) for c in columns)
    # An array, for functions take no more than 100 arguments.
    texts = ", ".join(f"{identifier(c.name)}::text" for c in columns)
    words = f"to_tsvector(left(array_to_string(ARRAY[{texts}], ' '), {_SEARCHABLE}))"
    # The planner takes making the words for cheap, and handing over rows for dear.
    cursor.execute("SET LOCAL parallel_tuple_cost = 0")
    # Every name is quoted by identifier().
    cursor.execute(
        f"CREATE TABLE {new} AS SELECT _id, {words} AS _full_text, {names} FROM {rows}"  # noqa: S608
    )
    cursor.execute(f"DROP TABLE {rows}")
    cursor.execute(f"CREATE SEQUENCE {sequence} AS integer OWNED BY {new}._id")
    cursor.execute(
        f"ALTER TABLE {new} ADD PRIMARY KEY (_id), "
        f"ALTER COLUMN _id SET DEFAULT nextval('{sequence}')"
    )
    cursor.execute(f"SELECT setval('{sequence}', max(_id)) FROM {new}")  # noqa: S608
    cursor.execute(
        f"CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {new} "
        "FOR EACH ROW EXECUTE PROCEDURE populate_full_text_trigger()"
    )
    method = tk.config["ckan.datastore.default_fts_index_method"]
    cursor.execute(
        f'CREATE INDEX "_neu_fts_{resource_id}" ON {new} USING {method} (_full_text)'
    )


def _exchange(cursor: Any, resource_id: str, fields: list[dict[str, Any]]) -> None:
    """Put the new table in place of the old one."""
    aliases = _aliases(cursor, resource_id)
    cursor.execute(f"DROP TABLE IF EXISTS {identifier(resource_id)} CASCADE")
    for statement in _renames(resource_id):
        cursor.execute(statement)
    for field in fields:
        _comment(cursor, resource_id, field)
    for alias in aliases:
        cursor.execute(
            f"CREATE VIEW {identifier(alias)} AS SELECT * FROM {identifier(resource_id)}"  # noqa: S608
        )
    cursor.execute("DELETE FROM _table_stats WHERE resource_id = %s", (resource_id,))


def _renames(resource_id: str) -> Iterator[str]:
    """Give table, sequence and indexes the names the datastore gives them."""
    index = _generate_index_name(resource_id, identifier("_full_text"))
    new, name = f"_neu_{resource_id}", identifier(resource_id)
    yield f"ALTER TABLE {identifier(new)} RENAME TO {name}"
    yield (
        f"ALTER SEQUENCE {identifier(f'{new}__id_seq')} "
        f"RENAME TO {identifier(f'{resource_id}__id_seq')}"
    )
    yield (
        f"ALTER INDEX {identifier(f'{new}_pkey')} RENAME TO {identifier(f'{resource_id}_pkey')}"
    )
    yield f'ALTER INDEX "_neu_fts_{resource_id}" RENAME TO "{index}"'


def _comment(cursor: Any, resource_id: str, field: dict[str, Any]) -> None:
    """Write the description of a column where the datastore keeps it."""
    if field["info"]:
        text = " " + json.dumps({"_info": field["info"]}, ensure_ascii=False)
        cursor.execute(
            f"COMMENT ON COLUMN {identifier(resource_id)}.{identifier(field['id'])} "
            f"IS {literal_string(text)}"
        )


def _aliases(cursor: Any, resource_id: str) -> list[str]:
    cursor.execute("SELECT name FROM _table_metadata WHERE alias_of = %s", (resource_id,))
    return [row[0] for row in cursor.fetchall()]


def _old_info(cursor: Any, resource_id: str) -> dict[str, dict[str, Any]]:
    """Return what people wrote about the columns of the present table."""
    cursor.execute(
        "SELECT a.attname, d.description FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
        "JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = a.attnum "
        "WHERE c.relname = %s AND c.relkind = 'r'",
        (resource_id,),
    )
    result = {}
    for name, text in cursor.fetchall():
        try:
            result[name] = json.loads(text).get("_info") or {}
        except (ValueError, AttributeError):
            continue
    return result


def _fields(columns: Iterable[Column], old: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Describe the columns; what people wrote about them stays."""
    fields = []
    for column in columns:
        info: dict[str, Any] = {}
        if column.header and column.header != column.name:
            info["label"] = column.header
        if column.unit:
            info["unit"] = column.unit
            info["notes"] = f"Einheit: {column.unit}"
        info |= {k: v for k, v in old.get(column.name, {}).items() if v}
        fields.append({"id": column.name, "type": column.pg_type, "info": info})
    return fields


def register(resource_id: str, fields: list[dict[str, Any]]) -> None:
    """Make the datastore know the table: active, described, counted.

    Args:
        resource_id: The resource.
        fields: What ``replace_table`` returned.
    """
    tk.get_action("datastore_create")(
        site_context(),
        {
            "resource_id": resource_id,
            "fields": fields,
            "force": True,
            "calculate_record_count": False,
        },
    )
    DatastorePostgresqlBackend.get_active_backend().calculate_record_count(resource_id)


def drop_table(resource_id: str) -> None:
    """Remove the table of a resource, if it has one."""
    if DatastorePostgresqlBackend.get_active_backend().resource_exists(resource_id):
        tk.get_action("datastore_delete")(
            site_context(), {"resource_id": resource_id, "force": True}
        )


def drop_orphan(resource_id: str) -> None:
    """Remove the table of a resource that is gone; the action would not find it."""
    backend = DatastorePostgresqlBackend.get_active_backend()
    if backend.resource_exists(resource_id):
        backend.delete({}, {"resource_id": resource_id})


def site_context() -> dict[str, Any]:
    """Return the context of the site itself, which may do everything."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True}
