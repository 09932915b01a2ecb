"""The crawler's command: `python -m venue_assets.crawler --job FILE`, by hand or started by Dagster through Pipes."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dagster_pipes import PipesContext, PipesEnvVarParamsLoader, open_dagster_pipes
from pydantic import ValidationError

from resources.processes import die_with_parent
from venue_assets.crawler.job import CrawlJob, VenueResult
from venue_assets.crawler.process import Summary, run

_ENVIRONMENT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONPATH")
_PIPES: Final = "DAGSTER_PIPES_"

logger = logging.getLogger("venue_assets.crawler")


def main() -> int:
    """Run the command; returns the exit status: 0 all venues visited, 1 ended early by a signal."""
    job = _job()
    _forget_environment()
    with _reporting():
        summary = run(job, _report)
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(summary.outcomes.items())) or "none"
        logger.info(
            "venues visited: %s; already in the spool: %d; %d requests, %.1f MB",
            outcomes,
            summary.already_finished,
            summary.requests,
            summary.bytes_downloaded / 1e6,
        )
        return 0 if summary.is_over else 1


def _job() -> CrawlJob:
    parser = argparse.ArgumentParser(
        prog="python -m venue_assets.crawler",
        description="Visit venue sites and leave what they say in a spool folder. "
        "Needs no database and reads no settings from the environment.",
        epilog="The job's fields, and what the spool then holds, are described in venue_assets/crawler/job.py. "
        "Started by Dagster Pipes, log lines go to the Dagster run. Exit status: 0 all venues visited, "
        "1 ended early (finished venues are in the spool), 2 the job cannot be read.",
    )
    parser.add_argument("--job", type=Path, required=True, metavar="FILE", help="a CrawlJob as JSON")
    file = parser.parse_args().job
    try:
        return CrawlJob.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        parser.error(f"the job {file} cannot be read: {error}")


def _forget_environment() -> None:
    """Drop inherited variables: a process that reads strangers' pages has no use for database URLs or API keys."""
    for name in list(os.environ):
        if name not in _ENVIRONMENT and not name.startswith(_PIPES):
            del os.environ[name]


@contextmanager
def _reporting() -> Iterator[None]:
    """Send log lines to the Dagster run that started this process, or else to standard error."""
    logger.setLevel(logging.INFO)
    if not PipesEnvVarParamsLoader().is_dagster_pipes_process():  # type: ignore[no-untyped-call]
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        _listen(handler)
        yield
        return
    # When the run is killed, its crawl must not go on and write into the spool of the next one: not even for the time
    # an orderly end takes.
    die_with_parent(signal.SIGKILL)
    with open_dagster_pipes() as pipes:
        _listen(_PipesHandler(pipes))
        yield


def _listen(handler: logging.Handler) -> None:
    # Scrapy sets its own loggers to DEBUG; a line per request is more than anyone reads.
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name.startswith(logger.name))
    logging.getLogger().addHandler(handler)


class _PipesHandler(logging.Handler):
    def __init__(self, pipes: PipesContext) -> None:
        super().__init__()
        self._pipes = pipes

    def emit(self, record: logging.LogRecord) -> None:
        self._pipes.log.log(record.levelno, self.format(record))


def _report(summary: Summary, result: VenueResult) -> None:
    photos = sum(photo.rejection is None for photo in result.photos)
    pages = sum(page.rejection is None for page in result.pages)
    logger.info(
        "%d. %s: %s%s, %d pages, %d photos, %d requests (%d conditional), %.1f MB, %.0f s",
        summary.venues,
        result.site_url,
        result.outcome,
        f" ({result.reason})" if result.reason else "",
        pages,
        photos,
        result.requests,
        result.conditional_requests,
        result.bytes_downloaded / 1e6,
        result.seconds,
    )


if __name__ == "__main__":
    sys.exit(main())
