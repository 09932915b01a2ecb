"""A failed run is told of, over a real socket; whoever does not answer is no reason to fail."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import dagster as dg
import pytest

from sensors import alerts
from sensors.alerts import alert, failure_alerts, post_alert

SECRET = "the-secret-part"


class Webhook(BaseHTTPRequestHandler):
    """Takes what is posted to it; the path is the status it answers with."""

    taken: list[dict[str, object]]

    def do_POST(self) -> None:
        self.taken.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(int(self.path.strip("/").partition("/")[0]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def webhook() -> Iterator[str]:
    """Address of a server."""
    Webhook.taken = []
    server = HTTPServer(("127.0.0.1", 0), Webhook)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def failed(instance: dg.DagsterInstance) -> dg.RunFailureSensorContext:
    """What the daemon hands over after a run of a job has failed."""

    @dg.op
    def breaks() -> None:
        raise RuntimeError("the disk is full")

    @dg.job
    def breaking() -> None:
        breaks()

    result = breaking.execute_in_process(instance=instance, raise_on_error=False, tags={"dagster/partition": "07"})
    return dg.build_run_status_sensor_context(
        sensor_name="failure_alerts",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()


def test_a_failed_run_is_posted_with_what_a_person_and_a_program_want_to_know(
    failed: dg.RunFailureSensorContext, webhook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERT_WEBHOOK_URL", f"{webhook}/200/{SECRET}")
    failure_alerts(failed)
    (message,) = Webhook.taken
    assert message["job"] == "breaking"
    assert message["run_id"] == failed.dagster_run.run_id
    assert message["partition"] == "07"
    assert str(message["text"]).startswith("venue-taste: breaking, bucket 07 failed")
    assert message["reason"] == "breaks: RuntimeError: the disk is full"


def test_without_an_address_it_is_only_logged(failed: dg.RunFailureSensorContext, webhook: str) -> None:
    failure_alerts(failed)
    assert Webhook.taken == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "not an address", "{webhook}/500/"])
def test_an_address_that_does_not_take_it_fails_nothing_and_is_not_logged(
    failed: dg.RunFailureSensorContext, webhook: str, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = alert(failed.dagster_run, "x" * 5000)
    assert len(message["reason"]) == 1000
    with caplog.at_level(logging.WARNING):
        assert not post_alert(url.format(webhook=webhook) + SECRET, message, logging.getLogger("alerts"))
    assert "ALERT_WEBHOOK_URL" in caplog.text
    assert SECRET not in caplog.text


def test_a_server_that_takes_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = HTTPServer(("127.0.0.1", 0), Webhook)  # accepts, and never reads
    monkeypatch.setattr(alerts, "TIMEOUT_S", 0.05)
    assert not post_alert(f"http://127.0.0.1:{silent.server_port}/", {}, logging.getLogger("alerts"))
    silent.server_close()
