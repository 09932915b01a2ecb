"""Names of regions, so that no town of the same or a similar name far away is read into them. Words only.

Where a region is, is told by the venues that state it (`Catalogue.regions`). Names that are at least as often a town's
(New York, Washington, Durham, Salzburg) are not listed.
"""

from __future__ import annotations

from typing import Final

_TEXT: Final = """
alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii, idaho,
illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, minnesota, mississippi,
missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, north carolina, north dakota, ohio,
oklahoma, oregon, pennsylvania, rhode island, south carolina, south dakota, tennessee, texas, utah, vermont, virginia,
west virginia, wisconsin, wyoming, new england, cape cod, the hamptons, hudson valley, catskills, adirondacks, sonoma,
alberta, british columbia, manitoba, new brunswick, newfoundland, nova scotia, ontario, quebec, saskatchewan, yukon,
new south wales, queensland, south australia, tasmania, victoria, western australia, yarra valley, barossa valley,
england, scotland, wales, northern ireland, bedfordshire, berkshire, buckinghamshire, cambridgeshire, cheshire,
cornwall, cumbria, derbyshire, devon, dorset, essex, gloucestershire, hampshire, herefordshire, hertfordshire, kent,
lancashire, leicestershire, lincolnshire, norfolk, north yorkshire, northamptonshire, northumberland, nottinghamshire,
oxfordshire, rutland, shropshire, somerset, staffordshire, suffolk, surrey, sussex, east sussex, west sussex,
warwickshire, wiltshire, worcestershire, yorkshire, cotswolds, lake district, peak district, highlands, aberdeenshire,
perthshire, pembrokeshire, snowdonia, connemara, connacht, leinster, munster, ulster, kerry, donegal, mayo,
abruzzo, apulia, puglia, basilicata, calabria, campania, emilia romagna, friuli, lazio, liguria, lombardy, marche,
molise, piedmont, sardinia, sicily, tuscany, toscana, trentino, umbria, veneto, amalfi coast, chianti, dolomites,
alsace, aquitaine, auvergne, brittany, burgundy, champagne, dordogne, gascony, languedoc, loire valley, lorraine,
luberon, normandy, occitanie, picardy, provence, savoy, french riviera, corsica, vaucluse, gironde,
andalusia, aragon, asturias, balearic islands, basque country, canary islands, cantabria, castile, catalonia, costa
brava, extremadura, galicia, navarre, rioja, alentejo, algarve, douro valley, madeira, azores,
bavaria, brandenburg, franconia, hesse, lower saxony, saarland, saxony, thuringia, swabia, black forest, bayern,
hessen, niedersachsen, sachsen, toskana, carinthia, styria, tyrol, south tyrol, vorarlberg, tirol, karnten,
steiermark, valais, graubunden, ticino, engadin, crete, peloponnese, cyclades, dalmatia, istria, transylvania, bohemia,
moravia, flanders, wallonia, zeeland, scandinavia, lapland
"""
REGIONS: Final = frozenset(" ".join(name.split()).removeprefix("the ") for name in _TEXT.split(","))
"""Folded names, without an article."""
