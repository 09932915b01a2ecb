"""Interactive search over venues: nearest photographs, venues by weighted max-sim, nearest summaries, with filters.

Plain SQL on the pipeline's tables, for those who have a person's vectors at hand. The stored recommendations do not
come from here: they compare every venue (`taste_assets`).
"""

from resources.search.filters import Budget, Near, VenueFilter
from resources.search.photos import PhotoHit, nearest_photos
from resources.search.summaries import SummaryHit, nearest_summaries
from resources.search.venues import VenueHit, VenueMatch, VenueRanking, nearest_venues

__all__ = [
    "Budget",
    "Near",
    "PhotoHit",
    "SummaryHit",
    "VenueFilter",
    "VenueHit",
    "VenueMatch",
    "VenueRanking",
    "nearest_photos",
    "nearest_summaries",
    "nearest_venues",
]
