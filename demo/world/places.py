"""Real towns the made-up venues stand near, and what a country means for money and post codes.

Coordinates are the towns' own, good to about a kilometre. Venues, streets and numbers are invented elsewhere.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Country(NamedTuple):
    """What addresses and prices look like; `cost` scales prices against the British ones."""

    currency: str
    cost: float
    streets: tuple[str, ...]


class Place(NamedTuple):
    """A town; `postcode` has `#` for a digit and `@` for a letter; `kinds` says what stands nearby."""

    city: str
    region: str
    country: str
    postcode: str
    lat: float
    lon: float
    kinds: tuple[str, ...]


COUNTRIES: Final[dict[str, Country]] = {
    "United Kingdom": Country(
        "GBP", 1.0, ("{n} Mill Lane", "{word} House, Church Road", "{n} High Street", "{word} Estate")
    ),
    "United States": Country(
        "USD", 1.5, ("{n}0 Old {word} Road", "{n} Main Street", "{n}1 {word} Avenue", "{n}5 County Road {n}")
    ),
    "France": Country("EUR", 1.2, ("{n} rue des Tilleuls", "{n} chemin du Moulin", "{n} allée des Cèdres")),
    "Italy": Country("EUR", 1.2, ("Via del Poggio {n}", "Strada dei Cipressi {n}", "Via Vecchia {n}")),
    "Spain": Country("EUR", 1.0, ("Calle del Olivar {n}", "Camino Viejo {n}", "Carrer del Mar {n}")),
    "Portugal": Country("EUR", 0.9, ("Rua do Pinhal {n}", "Estrada da Quinta {n}")),
    "Ireland": Country("EUR", 1.1, ("{word} Demesne", "{n} Abbey Road", "{word} House")),
    "Greece": Country("EUR", 0.9, ("{n} Odos Elaion", "{n} Odos Thalassis")),
    "Switzerland": Country("CHF", 1.9, ("Alpweg {n}", "Dorfstrasse {n}")),
    "Austria": Country("EUR", 1.2, ("Bergstraße {n}", "Am Waldrand {n}")),
    "Canada": Country("CAD", 1.5, ("{n}4 Cedar Road", "{n} {word} Street")),
    "Australia": Country("AUD", 1.6, ("{n}2 {word} Road", "{n} Gum Tree Lane")),
}

_UK, _US, _FR, _IT = "United Kingdom", "United States", "France", "Italy"

PLACES: Final[tuple[Place, ...]] = (
    Place("Stow-on-the-Wold", "Gloucestershire", _UK, "GL54 #@@", 51.930, -1.723, ("country", "forest")),
    Place("Bath", "Somerset", _UK, "BA1 #@@", 51.381, -2.359, ("city", "country", "old")),
    Place("Frome", "Somerset", _UK, "BA11 #@@", 51.231, -2.320, ("country",)),
    Place("York", "North Yorkshire", _UK, "YO1 #@@", 53.960, -1.082, ("city", "country", "old")),
    Place("Helmsley", "North Yorkshire", _UK, "YO62 #@@", 54.246, -1.061, ("country", "forest", "old")),
    Place("St Ives", "Cornwall", _UK, "TR26 #@@", 50.211, -5.480, ("coast",)),
    Place("Padstow", "Cornwall", _UK, "PL28 #@@", 50.541, -4.938, ("coast", "country")),
    Place("Whitby", "North Yorkshire", _UK, "YO21 #@@", 54.486, -0.615, ("coast",)),
    Place("Southwold", "Suffolk", _UK, "IP18 #@@", 52.326, 1.680, ("coast", "country")),
    Place("London", "Greater London", _UK, "E1 #@@", 51.515, -0.072, ("city", "old")),
    Place("Manchester", "Greater Manchester", _UK, "M4 #@@", 53.484, -2.229, ("city",)),
    Place("Sheffield", "South Yorkshire", _UK, "S3 #@@", 53.388, -1.473, ("city",)),
    Place("Bristol", "Bristol", _UK, "BS1 #@@", 51.451, -2.593, ("city", "country")),
    Place("Edinburgh", "Midlothian", _UK, "EH1 #@@", 55.951, -3.190, ("city", "old")),
    Place("Glasgow", "Lanarkshire", _UK, "G1 #@@", 55.860, -4.250, ("city",)),
    Place("Inverness", "Highland", _UK, "IV2 #@@", 57.478, -4.225, ("forest", "old", "country")),
    Place("Aviemore", "Highland", _UK, "PH22 #@@", 57.195, -3.826, ("forest", "alpine")),
    Place("Oxford", "Oxfordshire", _UK, "OX1 #@@", 51.752, -1.258, ("city", "old")),
    Place("Cambridge", "Cambridgeshire", _UK, "CB2 #@@", 52.205, 0.122, ("city", "old", "country")),
    Place("Alfriston", "East Sussex", _UK, "BN26 #@@", 50.808, 0.157, ("country", "wine")),
    Place("Tenterden", "Kent", _UK, "TN30 #@@", 51.069, 0.689, ("country", "wine")),
    Place("Arundel", "West Sussex", _UK, "BN18 #@@", 50.855, -0.554, ("old", "country")),
    Place("Conwy", "Conwy", _UK, "LL32 #@@", 53.281, -3.829, ("old", "coast")),
    Place("Ludlow", "Shropshire", _UK, "SY8 #@@", 52.368, -2.718, ("old", "country", "forest")),
    Place("Healdsburg", "California", _US, "9544#", 38.611, -122.869, ("wine", "country", "forest")),
    Place("Mendocino", "California", _US, "9546#", 39.308, -123.799, ("coast", "forest")),
    Place("Napa", "California", _US, "9455#", 38.297, -122.287, ("wine", "country")),
    Place("Brooklyn", "New York", _US, "1124#", 40.713, -73.957, ("city",)),
    Place("Hudson", "New York", _US, "1253#", 42.253, -73.791, ("country", "forest")),
    Place("Chicago", "Illinois", _US, "6060#", 41.884, -87.648, ("city",)),
    Place("Savannah", "Georgia", _US, "3140#", 32.077, -81.091, ("city", "old", "coast")),
    Place("Charleston", "South Carolina", _US, "2940#", 32.776, -79.931, ("city", "coast", "old")),
    Place("Austin", "Texas", _US, "7870#", 30.267, -97.743, ("city", "country")),
    Place("Asheville", "North Carolina", _US, "2880#", 35.595, -82.552, ("forest", "country")),
    Place("Aspen", "Colorado", _US, "8161#", 39.191, -106.818, ("alpine", "forest")),
    Place("Stowe", "Vermont", _US, "0567#", 44.465, -72.687, ("alpine", "country", "forest")),
    Place("Portland", "Oregon", _US, "9720#", 45.515, -122.679, ("city", "forest")),
    Place("Saint-Émilion", "Gironde", _FR, "33###", 44.894, -0.156, ("wine", "old")),
    Place("Beaune", "Côte-d'Or", _FR, "21###", 47.026, 4.840, ("wine", "country")),
    Place("Amboise", "Indre-et-Loire", _FR, "37###", 47.413, 0.983, ("old", "country", "wine")),
    Place("Sarlat-la-Canéda", "Dordogne", _FR, "24###", 44.889, 1.217, ("old", "country", "forest")),
    Place("Gordes", "Vaucluse", _FR, "84###", 43.911, 5.200, ("country", "wine")),
    Place("Paris", "Île-de-France", _FR, "750##", 48.857, 2.352, ("city", "old")),
    Place("Biarritz", "Pyrénées-Atlantiques", _FR, "64###", 43.483, -1.559, ("coast", "city")),
    Place("Megève", "Haute-Savoie", _FR, "74###", 45.857, 6.618, ("alpine",)),
    Place("Greve in Chianti", "Tuscany", _IT, "500##", 43.584, 11.317, ("wine", "country")),
    Place("Montepulciano", "Tuscany", _IT, "530##", 43.093, 11.781, ("wine", "old", "country")),
    Place("Florence", "Tuscany", _IT, "501##", 43.770, 11.256, ("city", "old")),
    Place("Positano", "Campania", _IT, "840##", 40.628, 14.485, ("coast",)),
    Place("Bellagio", "Lombardy", _IT, "220##", 45.987, 9.262, ("country", "old")),
    Place("Cortina d'Ampezzo", "Veneto", _IT, "320##", 46.540, 12.136, ("alpine", "forest")),
    Place("Ronda", "Andalusia", "Spain", "294##", 36.742, -5.167, ("country", "old", "wine")),
    Place("Deià", "Balearic Islands", "Spain", "071##", 39.748, 2.648, ("coast", "country")),
    Place("Barcelona", "Catalonia", "Spain", "080##", 41.385, 2.173, ("city",)),
    Place("Sintra", "Lisbon", "Portugal", "2710-###", 38.803, -9.382, ("old", "forest", "country")),
    Place("Comporta", "Setúbal", "Portugal", "7580-###", 38.380, -8.786, ("coast",)),
    Place("Porto", "Porto", "Portugal", "4050-###", 41.149, -8.611, ("city", "wine", "old")),
    Place("Westport", "County Mayo", "Ireland", "F28 @#@#", 53.800, -9.519, ("coast", "country", "forest")),
    Place("Kilkenny", "County Kilkenny", "Ireland", "R95 @#@#", 52.654, -7.245, ("old", "country")),
    Place("Dublin", "County Dublin", "Ireland", "D02 @#@#", 53.344, -6.263, ("city", "old")),
    Place("Chania", "Crete", "Greece", "731 3#", 35.514, 24.018, ("coast", "wine")),
    Place("Zermatt", "Valais", "Switzerland", "39##", 46.021, 7.748, ("alpine",)),
    Place("Kitzbühel", "Tyrol", "Austria", "63##", 47.446, 12.392, ("alpine", "forest")),
    Place("Banff", "Alberta", "Canada", "T1L #@#", 51.178, -115.571, ("alpine", "forest")),
    Place("Toronto", "Ontario", "Canada", "M5V #@#", 43.642, -79.395, ("city",)),
    Place("Byron Bay", "New South Wales", "Australia", "248#", -28.643, 153.612, ("coast", "country")),
    Place("Healesville", "Victoria", "Australia", "377#", -37.654, 145.517, ("wine", "country", "forest")),
)
"""The towns, in their stable order."""

KINDS_OF_AESTHETIC: Final[dict[str, tuple[str, ...]]] = {
    "rustic_barn": ("country",),
    "garden": ("country",),
    "industrial_loft": ("city",),
    "classic_ballroom": ("city", "old"),
    "beach": ("coast",),
    "vineyard": ("wine",),
    "modern_glass": ("city", "country"),
    "castle": ("old",),
    "forest_clearing": ("forest",),
    "boho_tent": ("country", "forest"),
    "rooftop_night": ("city",),
    "historic_library": ("old",),
    "tropical_conservatory": ("city", "country"),
    "alpine_chalet": ("alpine",),
}
"""Where a venue of each aesthetic may stand."""
