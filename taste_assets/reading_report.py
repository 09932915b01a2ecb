"""What reading boards and pins says of itself in Dagster: counts per bucket, and the checks on them. No names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import dagster as dg
from sqlalchemy import Connection, func, select

from resources.partitions import PARTITION_ROWS
from resources.schema import boards, pins, users
from resources.sync import Written
from taste_assets.reading import ReadUser

MAX_FAILING_SHARE: Final = 0.2
"""Share of the people read whose source may fail before it is worth a warning."""

MIN_STOPPING: Final = 3
"""People from which on it stops the run when every one of them fails: one revoked account of one is just that."""

MAX_REJECTED_SHARE: Final = 0.2
"""Share of pins without a photograph before it is worth a warning."""

_STOPS: Final = f"Stops what stands on it where all fail, {MIN_STOPPING} people or more: the fault is ours."

BOARD_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "boards_readable", asset="boards", blocking=True,
        description=f"The boards of at most {MAX_FAILING_SHARE:.0%} of the people asked could not be listed. {_STOPS}",
    ),
]  # fmt: skip
"""Checks that `boards` reports itself, over the people it asked."""

PIN_CHECKS: Final[list[dg.AssetCheckSpec]] = [
    dg.AssetCheckSpec(
        "pins_readable", asset="pins", blocking=True,
        description=f"The pins of at most {MAX_FAILING_SHARE:.0%} of the people asked could not be listed. {_STOPS}",
    ),
    dg.AssetCheckSpec(
        "pins_have_photos", asset="pins",
        description=f"At most {MAX_REJECTED_SHARE:.0%} of the pins have no photograph.",
    ),
]  # fmt: skip
"""Checks that `pins` reports itself."""


def boards_metadata(connection: Connection, bucket: int, read: Sequence[ReadUser]) -> dict[str, dg.MetadataValue]:
    """Metadata of `boards` for one bucket, of whose people a run has asked `read`."""
    in_bucket = users.c.bucket == bucket
    rows = connection.scalar(select(func.count()).select_from(boards.join(users)).where(in_bucket)) or 0
    written = sum((user.written for user in read), Written())
    return _common(read, rows, written) | {
        "boards": dg.MetadataValue.int(rows),
        "boards listed": dg.MetadataValue.int(sum(user.boards for user in read)),
    }


def pins_metadata(connection: Connection, bucket: int, read: Sequence[ReadUser]) -> dict[str, dg.MetadataValue]:
    """Metadata of `pins` for one bucket, of whose people a run has read `read`."""
    rejected = rejections(connection, [bucket])
    rows = rejected.total()
    synced = [board for user in read for board in user.synced]
    written = sum((board.written for board in synced), Written())
    return _common(read, rows, written) | {
        "pins": dg.MetadataValue.int(rows),
        "boards synced": dg.MetadataValue.int(len(synced)),
        "boards incomplete": dg.MetadataValue.int(sum(not board.is_complete for board in synced)),
        "boards vanished": dg.MetadataValue.int(sum(user.vanished for user in read)),
        "downloaded": dg.MetadataValue.int(sum(board.downloaded for board in synced)),
        "bytes": dg.MetadataValue.int(sum(board.bytes for board in synced)),
        "rejects": _counts({reason: count for reason, count in rejected.items() if reason}),
    }


def rejections(connection: Connection, buckets: Sequence[int]) -> Counter[str]:
    """Pins of these buckets by the reason they have no photo; "" for those that have one."""
    query = (
        select(pins.c.rejection, func.count())
        .join(users, users.c.user_id == pins.c.user_id)
        .where(users.c.bucket.in_(buckets))
        .group_by(pins.c.rejection)
    )
    return Counter({row[0] or "": row[1] for row in connection.execute(query)})


def readable_check(name: str, asset: str, read: Sequence[ReadUser]) -> dg.AssetCheckResult:
    """`boards_readable` or `pins_readable` for the people a run has read."""
    failing = sum(bool(user.failures) for user in read)
    share = failing / len(read) if read else 0.0
    stops = failing == len(read) >= MIN_STOPPING
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=asset,
        passed=share <= MAX_FAILING_SHARE,
        severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
        description=f"{failing} of {len(read)} people; `venue-taste users list --failing` names them",
        metadata={"share": share, "limit": MAX_FAILING_SHARE, "kinds": _counts(_failures(read))},
    )


def pin_check_results(
    connection: Connection, buckets: Sequence[int], read: Sequence[ReadUser]
) -> Iterator[dg.AssetCheckResult]:
    """Results of `PIN_CHECKS`: of the people read, and of the pins as they stand in the database."""
    yield readable_check("pins_readable", "pins", read)
    by_reason = rejections(connection, buckets)
    total = by_reason.total()
    share = 1 - by_reason[""] / total if total else 0.0
    yield dg.AssetCheckResult(
        check_name="pins_have_photos",
        asset_key="pins",
        passed=share <= MAX_REJECTED_SHARE,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{total - by_reason['']} of {total} pins have none",
        metadata={"share": share, "limit": MAX_REJECTED_SHARE, "rejects": _counts(by_reason - Counter({"": total}))},
    )


def _common(read: Sequence[ReadUser], rows: int, written: Written) -> dict[str, dg.MetadataValue]:
    return {
        PARTITION_ROWS: dg.MetadataValue.int(rows),
        "users": dg.MetadataValue.int(len(read)),
        "failing users": dg.MetadataValue.int(sum(bool(user.failures) for user in read)),
        "failures": _counts(_failures(read)),
        "requests": dg.MetadataValue.int(sum(user.requests for user in read)),
        "rate-limit waits": dg.MetadataValue.int(sum(user.limit_waits for user in read)),
        "rows written": dg.MetadataValue.int(written.inserted + written.updated + written.deleted),
    }


def _failures(read: Sequence[ReadUser]) -> Counter[str]:
    return sum((user.failures for user in read), Counter[str]())


def _counts(counts: Mapping[str, int]) -> dg.MetadataValue:
    return dg.MetadataValue.json(dict(sorted(counts.items())))
