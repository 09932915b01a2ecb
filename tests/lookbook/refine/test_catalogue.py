"""What is read of the venues as a whole: their regions as circles that hold them."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import update

from lookbook.refine import Catalogue, Context, PlaceAsk, catalogue_of
from lookbook.refine.rules.interpreter import RuleInterpreter
from resources.gazetteer import country_code
from resources.identity import venue_id
from resources.schema import venues
from taste_assets.model.wishes import distance_km
from tests.lookbook.refine.conftest import reading
from tests.taste_assets.list_lineage import Lists, near

TEXAS = {"v0.test": (30.27, -97.74, "TX", None), "v1.test": (33.58, -101.86, "Texas", "United States")}
OTHERS = {
    "v2.test": (43.77, 11.26, "Tuscany", "Italy"),
    "v3.test": (43.58, 11.32, "Tuscany", "IT"),
    "v4.test": (-37.8, 145.0, "Victoria", "Australia"),
    "v5.test": (48.4, -123.4, "Victoria", "Canada"),
    "v6.test": (0.0, 0.0, "an hour from everywhere, and as near to the sea as a region can be", "IT"),
    "v7.test": (None, None, "Umbria", "IT"),
}


@pytest.fixture
def catalogue(lists: Lists) -> Catalogue:
    for number, (host, (lat, lon, region, country)) in enumerate((TEXAS | OTHERS).items()):
        lists.venue(host, near(number % 4, count=1), "a place")
        with lists.engine.begin() as connection:
            code = country_code(country) or "US"  # as a crawl finds it: by the site's word, else by its town
            where = {"lat": lat, "lon": lon, "region": region, "country": country, "country_code": code}
            connection.execute(update(venues).where(venues.c.venue_id == venue_id(host)).values(**where))
    with reading(lists.engine) as connection:
        return catalogue_of(connection)


def test_a_region_is_the_circle_that_holds_its_venues_however_they_write_it(catalogue: Catalogue) -> None:
    regions = {(region.name, region.country): region for region in catalogue.regions}
    assert regions.keys() == {("Texas", "US"), ("Tuscany", "IT"), ("Victoria", "AU"), ("Victoria", "CA")}
    texas = regions["Texas", "US"]
    lats, lons = (np.array(values) for values in zip(*((lat, lon) for lat, lon, *_ in TEXAS.values()), strict=True))
    assert (distance_km(texas.lat, texas.lon, lats, lons) <= texas.radius_km).all()
    assert texas.radius_km < 300
    assert regions["Tuscany", "IT"].radius_km == 25, "no narrower than a town"


def test_what_is_said_of_regions_is_read_with_what_the_venues_state(catalogue: Catalogue) -> None:
    context = Context(catalogue)
    for said in ("in TX", "in Texas", "somewhere in texas, USA"):
        (chip,) = RuleInterpreter().read(said, context).chips
        assert isinstance(chip.ask, PlaceAsk)
        assert chip.ask.name == "the middle of Texas"
    (question,) = RuleInterpreter().read("in Victoria", context).questions
    assert {"Victoria, AU, the region", "Victoria, CA, the region"} <= {option.text for option in question.options}
    assert RuleInterpreter().read("in Umbria", context).not_understood == ("Umbria",)
