"""A word to somebody when a run fails: in the log always, and to ALERT_WEBHOOK_URL if that is set."""

# No `from __future__ import annotations`: Dagster reads the parameters' annotations itself.
import logging
from typing import Any, Final

import dagster as dg
import httpx

from resources.settings import load_settings

TIMEOUT_S: Final = 5.0
"""For the whole of telling: the daemon's other sensors wait for as long."""

_MOST_CHARACTERS: Final = 1000


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Says that a run failed: in the log, and to ALERT_WEBHOOK_URL if that is set.",
)
def failure_alerts(context: dg.RunFailureSensorContext) -> None:
    """Tell of one failed run. That it cannot be told is logged, and fails nothing."""
    message = alert(context.dagster_run, _reason(context))
    context.log.error(message["text"])
    webhook = load_settings().alert_webhook_url
    if webhook is not None:
        post_alert(webhook.get_secret_value(), message, context.log)


def _reason(context: dg.RunFailureSensorContext) -> str:
    """What the steps that failed said; what the run said where it failed outside of them."""
    said = []
    for event in context.get_step_failure_events():
        error = event.step_failure_data.error
        if error is not None:
            said.append(f"{event.step_key}: {(error.cause or error).message.strip()}")
    return "; ".join(said) or context.failure_event.message or "no reason was given"


def alert(run: dg.DagsterRun, reason: str) -> dict[str, Any]:
    """What is sent: `text` for people (chat services show that field of a JSON body), the rest for machines."""
    partition = run.tags.get("dagster/partition")
    which = f"{run.job_name}, bucket {partition}" if partition else run.job_name
    reason = reason.strip()[:_MOST_CHARACTERS]
    return {
        "text": f"venue-taste: {which} failed (run {run.run_id}): {reason}",
        "job": run.job_name,
        "run_id": run.run_id,
        "partition": partition,
        "reason": reason,
    }


def post_alert(url: str, message: dict[str, Any], log: logging.Logger) -> bool:
    """POST the message as JSON; whether it was taken. The address may be a secret, and is not logged."""
    try:
        answer = httpx.post(url, json=message, timeout=TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the alert could not be sent to ALERT_WEBHOOK_URL: %s", type(error).__name__)
        return False
    if answer.is_error:
        log.warning("ALERT_WEBHOOK_URL answered the alert with %d", answer.status_code)
    return not answer.is_error
