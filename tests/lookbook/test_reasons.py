"""Which of its reasons a venue is shown by, and how they are said together."""

from __future__ import annotations

import uuid
from typing import Any

from lookbook.reading.venues import ListedVenue, Reason
from lookbook.wishes import Verdict

NOTHING: dict[str, Any] = dict.fromkeys(ListedVenue.model_fields)


def reason(label: str | None, standing: float, *, weight: float = 0.5, photo_id: str | None = "p") -> Reason:
    return Reason(
        cluster_id=uuid.uuid4(), label=label, weight=weight, photo_id=photo_id, similarity=0.5, standing=standing,
        contribution=weight, medoid_pin_id=None, medoid_photo_id=None,
    )  # fmt: skip


def listed(*reasons: Reason, verdicts: tuple[Verdict, ...] = (), price: float | None = 1.0) -> ListedVenue:
    return ListedVenue(**{
        **NOTHING, "venue_id": uuid.uuid4(), "name": "v", "site_url": "https://v.test", "rank": 1, "score": 1.0,
        "kind": "taste", "reasons": list(reasons), "photos": [], "verdicts": list(verdicts), "price_min": price,
    })  # fmt: skip


def test_a_venue_is_shown_by_what_it_is_on_the_list_for() -> None:
    rare, main = reason("castle", 2.0, weight=0.1), reason("barn", 1.8, weight=0.9)
    assert listed(rare, main).best == main, "not by a taste of little weight that stands out a little more"
    assert listed(reason("castle", 3.0, weight=0.1), reason("barn", 0.1, weight=0.9)).best.label == "castle"  # type: ignore[union-attr]
    assert listed(reason("barn", -0.1, weight=0.9), reason("castle", -2.0, weight=0.1)).best.label == "barn"  # type: ignore[union-attr]
    assert listed(reason("barn", 2.0, photo_id=None)).best is None, "its photograph is gone"
    assert listed().best is None


def test_reasons_are_said_together_and_each_name_once() -> None:
    verdicts = (
        Verdict(wish="guests", outcome="met", words="room for your 80 guests"),
        Verdict(wish="distance", outcome="unsaid", words="does not say how far it is"),
        Verdict(wish="setting", outcome="broken", words="is indoors only"),
    )
    venue = listed(
        reason("barn", 2.0), reason("barn", 1.9), reason(None, 1.6), reason("vineyard", 0.7), reason("beach", 0.2),
        reason("city", -1.0), reason("attic", -1.0, weight=0.05), verdicts=verdicts, price=None,
    )  # fmt: skip
    assert venue.why == [
        "very close to your tastes for barn and a look of your own", "close to your taste for vineyard",
        "room for your 80 guests",
    ]  # fmt: skip
    assert venue.why_not == [
        "does not say how far it is", "is indoors only", "further than most venues from your taste for city",
        "states no price",
    ]  # fmt: skip
