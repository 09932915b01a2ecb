"""What `venue-taste doctor` looks at of venues: the list of them, and the map of their hosts.

Checks of everything else are in `resources.doctor` and `resources.model_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from resources.doctor import Check, Finding, Verdict
from resources.settings import Settings
from venue_assets.host_map import load_host_map


def check_venue_list(settings: Settings) -> Iterator[Finding]:
    """VENUE_LIST, where it is set, can be read and names venues."""
    # Imported here: an asset's module brings Dagster's whole import, which the doctor's other checks do not need.
    from venue_assets.sites import read_venue_list

    if settings.venue_list is None:
        yield Finding("venue list", Verdict.NOTE, "none; venues come from `venue-taste venues add` only")
        return
    listed = read_venue_list(settings.venue_list)
    found = f"{len(listed.venues)} venues in {settings.venue_list}"
    if listed.refused:
        first = listed.refused[0]
        detail = f"{found}; {len(listed.refused)} lines refused, the first is {first.line} ({first.reason})"
        yield Finding("venue list", Verdict.NOTE, detail, f"correct those lines of {settings.venue_list}")
    else:
        yield Finding("venue list", Verdict.OK, found)


def check_host_map(settings: Settings) -> Iterator[Finding]:
    """CRAWL_HOST_MAP, where it is set, is JSON from host names to addresses with ports."""
    file = settings.crawl_host_map
    if file is None:
        return
    hosts = load_host_map(file)
    if hosts:
        yield Finding("host map", Verdict.OK, f"{len(hosts)} hosts in {file}")
    else:
        yield Finding("host map", Verdict.NOTE, f"{file} names no address: nothing serves those sites now")


ALL_CHECKS: Final[tuple[tuple[str, Check], ...]] = (("venue list", check_venue_list), ("host map", check_host_map))
"""The checks of this module, in the order they are reported."""
