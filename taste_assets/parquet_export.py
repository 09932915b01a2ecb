"""The views of `serving` that apps read, as Parquet files: one snapshot of the database, exchanged as a whole.

Below the folder of exports stands one folder named by its content, and `current`, a link to it. Readers go through the
link; what they have open stays readable when the next export takes its place.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from resources.database import quoted
from resources.schema import SERVING_SCHEMA
from resources.settings import load_settings
from taste_assets.recommendation_store import only_writer, snapshot

CURRENT: Final = "current"
_BEGUN: Final = ".begun-"
_ROWS_AT_A_TIME: Final = 10_000
_BYTES_AT_A_TIME: Final = 1 << 20

# Postgres type -> how it is selected, and the name of the function that makes its Arrow type.
_TYPES: Final[dict[str, tuple[str, str]]] = {
    "bigint": ("{}", "int64"),
    "boolean": ("{}", "bool_"),
    "double precision": ("{}", "float64"),
    "integer": ("{}", "int32"),
    "jsonb": ("{}::text", "string"),
    "smallint": ("{}", "int16"),
    "text": ("{}", "string"),
    "text[]": ("{}", "list of string"),
    "timestamp with time zone": ("{}", "time"),
    "uuid": ("{}::text", "string"),
    "vector": ("{}::real[]", "list of float32"),
}

_COLUMNS: Final = text(
    """
    SELECT relname AS view, attname AS name, format_type(atttypid, atttypmod) AS type,
        coalesce(col_description(views.oid, attnum), '') AS meaning
    FROM pg_class AS views
    JOIN pg_attribute ON attrelid = views.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind IN ('v', 'r', 'm')
        AND relname <> ALL (CAST(:not_exported AS text[]))
    ORDER BY relname, attnum
    """
)

# For searching in the database: a vector of every photograph is gigabytes, and says nothing without its index.
_NOT_EXPORTED: Final = ["embedding_spaces", "index_settings", "photo_embeddings", "summary_embeddings"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote.

    Attributes:
        folder: where `current` leads to now.
        rows: of each view.
        bytes: of all files together.
        changed: whether that is another content than before; if not, nothing was replaced.
    """

    folder: Path
    rows: dict[str, int]
    bytes: int
    changed: bool


def export_folder() -> Path:
    """Where this installation's export is."""
    return load_settings().venue_taste_home / "export"


def export_serving(engine: Engine, root: Path) -> Exported:
    """Write every view below `root` and make `current` lead there.

    A run that is killed leaves `current` as it was; what it had begun is removed by the next. Former exports are
    removed at once: they may hold people who have been forgotten.
    """
    with only_writer(engine, "serving_export", [0]):
        return _export(engine, root)


def _export(engine: Engine, root: Path) -> Exported:
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{_BEGUN}*"):
        shutil.rmtree(left)
    begun = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=root))
    with snapshot(engine) as connection:
        rows = {
            view: _write(connection, view, columns, begun / f"{view}.parquet")
            for view, columns in _views(connection).items()
        }
    files = sorted(begun.iterdir())
    final = root / _content_name(files)
    size = sum(file.stat().st_size for file in files)
    changed = not final.exists()
    if changed:
        begun.rename(final)
    else:
        shutil.rmtree(begun)
    _lead_to(root, final.name)
    for former in root.iterdir():
        if former.is_dir() and not former.is_symlink() and former != final:
            shutil.rmtree(former)
    return Exported(final, rows, size, changed)


def _views(connection: Connection) -> dict[str, list[Any]]:
    views: dict[str, list[Any]] = {}
    for column in connection.execute(_COLUMNS, {"schema": SERVING_SCHEMA, "not_exported": _NOT_EXPORTED}):
        views.setdefault(column.view, []).append(column)
    return views


def _write(connection: Connection, view: str, columns: list[Any], path: Path) -> int:
    """One file of some thousand rows a group, in the order of the first columns: equal views, equal bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    makers: dict[str, Callable[[], Any]] = {
        "time": lambda: pa.timestamp("us", tz="UTC"),
        "list of string": lambda: pa.list_(pa.string()),
        "list of float32": lambda: pa.list_(pa.float32()),
    }

    def arrow(kind: str) -> Any:
        return makers[kind]() if kind in makers else getattr(pa, kind)()

    schema = pa.schema(
        [pa.field(one.name, arrow(_TYPES[one.type][1]), metadata={"comment": one.meaning}) for one in columns]
    )
    selected = ", ".join(_TYPES[one.type][0].format(quoted(one.name)) for one in columns)
    # Names from the catalogue, quoted; no value is part of the statement.
    query = f"SELECT {selected} FROM {SERVING_SCHEMA}.{quoted(view)} ORDER BY 1, 2, 3"  # noqa: S608
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in _parts(connection, query):
            arrays = [
                pa.array(list(values), field.type)
                for values, field in zip(zip(*part, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(part)
    return count


def _parts(connection: Connection, query: str) -> Iterator[list[Any]]:
    result = connection.execution_options(yield_per=_ROWS_AT_A_TIME).exec_driver_sql(query)
    for part in result.partitions():
        yield [tuple(row) for row in part]


def _content_name(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        with file.open("rb") as content:
            while block := content.read(_BYTES_AT_A_TIME):
                digest.update(block)
    return digest.hexdigest()[:16]


def _lead_to(root: Path, name: str) -> None:
    link, new = root / CURRENT, root / f".{CURRENT}"
    if link.is_symlink() and link.readlink() == Path(name):
        return
    with contextlib.suppress(FileNotFoundError):
        new.unlink()
    new.symlink_to(name)
    new.replace(link)
