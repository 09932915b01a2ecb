"""A look-alike of the Pinterest API v5 over the demo world's people and boards, for loopback only.

`build_pinterest_app` gives the Starlette application. Where things are: `state` the boards as they now stand,
`paging` the bookmarks, `tokens` the OAuth grants, `limits` the request windows, `faults` the switch that makes
it misbehave, `render` the JSON, `media` the pictures, `resources`/`oauth`/`control` the end points, `service`
what all of them share. No end point writes boards on a caller's behalf: only the control API changes the world.

Shapes follow the official OpenAPI description 5.23.0. What live accounts return differs from it in places, and
then the description wins unless a quirk (see `faults.Quirks`) is switched on:

* Live timestamps have no zone ("2021-06-08T09:37:18"); the description says date-time, which needs one, so "Z" is
  added. Quirk `naive_timestamps` leaves it out, and such a page does *not* validate.
* Live pins carry `note`, `product_tags` and at times an `originals` image; the description has none of them, nor has
  this server. `pin_metrics` is null in both. Live boards lack `is_ads_only`; it is sent, as described.
* The image called `600x` may say width 564 and point at `/564x/`, as one live record does (quirk `width_564`, on).
* The description declares no 429 for board pins and sections; live ones answer 429, and at times 400 with body code 8.
* The description types an error's `code` as any integer and shows 404 for a missing board; live bodies say 40, and so
  does this server.
* `continuous_refresh` is in the description's prose but not in its request schema; it is honoured.
"""

from demo.servers.pinterest.app import build_pinterest_app
from demo.servers.pinterest.faults import Fault, Quirks
from demo.servers.pinterest.limits import STANDARD_ACCESS, TRIAL_ACCESS, Limit
from demo.servers.pinterest.oauth import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET

__all__ = [
    "DEMO_CLIENT_ID",
    "DEMO_CLIENT_SECRET",
    "STANDARD_ACCESS",
    "TRIAL_ACCESS",
    "Fault",
    "Limit",
    "Quirks",
    "build_pinterest_app",
]
