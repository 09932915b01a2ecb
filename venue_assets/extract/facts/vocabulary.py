"""The fixed words for amenities and styles, and the wordings that evidence each. Data and its compilation only.

docs/facts.md says what each word means. A pattern is matched as whole words on what `statements.folded` gives:
casefolded, plain apostrophes and dashes, no accents. Adding a word is compatible, renaming one is not: the words are
stored.
"""

from __future__ import annotations

import re
from typing import Final

AMENITIES: Final[dict[str, tuple[str, ...]]] = {
    "accommodation": (
        "(?:overnight|on-?site|guest) accommodation", r"accommodation (?:on-?site|for (?:up to )?\d+|available)",
        r"(?:\d+|\w+ty|\w+teen|two|three|four|five|six|seven|eight|nine|ten) (?:en-?suite |double |guest )*bedrooms",
        "guest ?rooms", "rooms (?:&|and) suites", r"sleeps (?:up to )?\d+", "hebergement", "chambres d'hotes",
        "gites?", "ubernachtungsmoglichkeit(?:en)?", "gastezimmer",
    ),
    "air_conditioning": (
        "air[- ]?con(?:ditioning|ditioned|ditioner)?", "climatisee?s?", "climatisation", "klimaanlage",
        "klimatisiert",
    ),
    "alcohol_allowed": (
        "alcohol (?:is |are |both )?(?:permitted|allowed|welcome)",
        "(?:bring|byo) your own (?:alcohol|drinks?|wine|bar)", "byob", "alcohol may be brought(?: in)?",
        "food (?:&|and) alcohol (?:are both |are )?permitted",
    ),
    "av_equipment": (
        "projectors?", "(?:av|audio-?visual) (?:equipment|support|system)", "presentation screen", "professional av",
        "videoprojecteurs?", "beamer",
    ),
    "bar": (
        "(?:licen[cs]ed|private|dedicated|full|cash|open|fully[- ]stocked|cocktail|piano|wine|in-?house|on-?site) bar",
        "bar (?:service|staff|on-?site)", "bar a cocktails",
    ),
    "bridal_suite": (
        "bridal (?:suites?|rooms?|cottages?)", "bride'?s'? (?:suites?|rooms?)", "getting[- ]ready (?:rooms?|suites?)",
        "(?:ready|dressing) rooms?", "honeymoon suites?", "suite nuptiale", "brautzimmer", "hochzeitssuite",
    ),
    "catering_in_house": (
        "in-?house (?:catering|caterers?|chefs?|kitchen team)",
        "our (?:own )?(?:executive )?(?:chefs?|caterers|culinary team)", "bespoke catering",
        "catering (?:is )?(?:provided|included)", "traiteur maison", "hauseigenes catering", "eigene kuche",
    ),
    "ceremony_licence": (
        r"licen[cs]ed (?:for|to (?:hold|host)) (?:\w+ ){0,3}(?:ceremon(?:y|ies)|weddings?|marriages?)",
        "(?:wedding|ceremony|marriage) licen[cs]e", "civil ceremon(?:y|ies) (?:on-?site|licen[cs]ed?|licen[cs]e)",
        "trauzimmer", "standesamtliche trauung(?:en)?",
    ),
    "ceremony_space": (
        "(?:ceremony (?:room|space|area|site|barn|garden|arch|lawn)s?)", "(?:indoor|outdoor) ceremon(?:y|ies)",
        "ceremon(?:y|ies) (?:&|and) receptions?", "ceremonie laique", "union laique", "freie trauung(?:en)?",
    ),
    "chapel": ("chapels?", "chapelle", "kapelle"),
    "children_welcome": (
        "(?:child(?:ren)?|famil(?:y|ies)|kid)s?[- ](?:friendly|welcome)", "children are (?:very )?welcome", "nursery",
        "creche", "kids'? (?:club|room|area)", "playground", "aire de jeux", "spielplatz", "kinderfreundlich",
    ),
    "coordinator": (
        "(?:wedding|event|on-?site|on-?the-?day|dedicated|calm|experienced) (?:co-?ordinators?|planners?)",
        "dedicated planning", "special events team", "hochzeitsplaner(?:in)?",
    ),
    "dance_floor": ("dance ?floors?", "piste de danse", "tanzflache"),
    "exclusive_use": (
        "exclusive (?:use|hire)", "privatisation",
        "whole (?:site|estate|venue|house) (?:is )?(?:yours|to yourselves)", "exklusiv(?:e nutzung|nutzung)",
    ),
    "fire_pit": ("fire ?pits?", "braseros?", "feuerschale"),
    "fireplace": (
        "fire ?places?", "log (?:fires?|burners?)", "wood[- ]burn(?:er|ing stove)s?", "cheminees?", "kamin",
    ),
    "fireworks_allowed": ("fireworks? (?:are |is )?(?:allowed|permitted|welcome)", "feux? d'artifice autorises?"),
    "furniture_included": (
        "tables (?:&|and) chairs(?: included)?", "chairs,? (?:and )?(?:tables|linens?)", r"\d+ chairs,? \d+ tables",
    ),
    "garden": ("gardens?", "jardins?", "garten"),
    "garden_games": ("(?:garden|lawn) games", "lawn and garden games"),
    "golf": ("golf course", r"\d+-hole", "parcours de golf", "golfplatz"),
    "heating": ("(?:under ?floor|central) heating", "heaters?", "underfloor warmth", "chauffage", "fussbodenheizung"),
    "kitchen": (
        "(?:full|commercial|catering|prep|professional|caterer'?s'?|equipped) kitchen",
        "cuisine (?:equipee|professionnelle)", "profikuche",
    ),
    "lake": ("lakes?", "lakefront", "lakeside", "am see"),
    "late_licence": ("late licen[cs]e", r"licen[cs]e until \d", "until (?:1|2|3|4) ?am", "music until midnight"),
    "lawn": ("lawns?", "pelouses?", "rasen"),
    "linen_included": (
        "linens", "table ?linen", "linen tablecloths", "(?<=chairs, )linen", "tablecloths", "nappages?",
        "tischwasche",
    ),
    "live_music": ("live (?:music|bands?)", "musique live", "live-?musik"),
    "marquee": ("marquees?", "tipis?", "tepees?", "(?:sperry|event|wedding) tents?", "chapiteaux?", "festzelt"),
    "meeting_rooms": (
        "(?:meeting|conference|board) ?(?:rooms?|halls?)", "salles? de (?:reunion|seminaire|conference)",
        "tagungsraume?",
    ),
    "outside_catering_allowed": (
        "(?:outside|external|own|outdoor) cater(?:ing|ers?) (?:is |are )?(?:also )?(?:welcome|allowed|permitted)",
        "bring your own cater(?:er|ing)s?", "(?:choose|yours?) (?:own )?caterer", "set up for outside catering",
        "traiteur (?:libre|au choix)", "freie catererwahl", "externes? catering (?:erlaubt|moglich)",
    ),
    "parking": (
        "parking", "car ?parks?", "valet", "parkings?", "stationnement", "parkplatze?", "parkplatz",
        "parkmoglichkeit(?:en)?",
    ),
    "pet_friendly": (
        "(?:dogs?|pets?) (?:are |is )?(?:very |also )?(?:welcome|allowed|permitted|friendly)", "(?:dog|pet)-friendly",
        "(?:chiens|animaux) (?:sont )?(?:acceptes|admis|bienvenus)", "hunde (?:sind )?(?:willkommen|erlaubt)",
        "haustiere (?:sind )?(?:willkommen|erlaubt)", "pets?(?= (?:are )?(?:not|strictly))",
        "(?:accept|allow) (?:pets|dogs)",
    ),
    "pool": ("(?<!reflecting )(?<!car )pools?", "piscines?", "schwimmbad"),
    "restrooms": ("rest ?rooms?", "(?:luxury )?(?:toilets?|loos)", "sanitaires", "toiletten"),
    "sound_system": (
        "(?:sound|pa|audio|music) systems?", "integrated sound", "sonorisation", "tonanlage", "musikanlage",
    ),
    "spa": ("spa", "massages?", "hammam", "sauna", "wellness (?:area|centre|center|spa)", "wellnessbereich"),
    "stage": ("stage (?:area|lighting)", "(?:av|sound) & stage", "raised stage", "buhne"),
    "tennis": ("tennis(?: courts?)?",),
    "terrace": ("(?:roof ?top )?terraces?", "patios?", "terrasses?", "terrassen"),
    "transfers": (
        "shuttles?", "airport transfers?", "(?:private )?transfers? to", "coach transfers?", "navettes?",
        "transferservice",
    ),
    "views": (
        "(?:sea|ocean|lake|mountain|valley|panoramic|uninterrupted|skyline|garden|countryside|sunset) views?",
        "views (?:over|of|across)", "vue (?:sur|panoramique)", "(?:meer|berg|see|panorama)blick",
    ),
    "water_feature": ("fountains?", "water ?(?:wall|fall|feature)s?", "fontaines?", "brunnen"),
    "weather_backup": ("(?:wet|rain|bad)[- ]weather (?:plan|backup|option)s?", "weather backup", "rain plan"),
    "wheelchair_access": (
        "wheelchairs?", "step-?free", "disabled access", "acces (?:pmr|handicapes?)", "barrierefrei",
        "rollstuhlgerecht",
    ),
    "wifi": ("wi-?fi", "internet access", "wlan", "high-?speed (?:internet|fiber|fibre)"),
}  # fmt: skip
"""Word -> the wordings that say a venue has it."""

STYLES: Final[dict[str, tuple[str, ...]]] = {
    "alpine": ("alpine", "chalets?", "snowy", "alpin"),
    "art_deco": ("art[- ]deco",),
    "asian": ("asian", "chinese", "hong kong", "japanese", "oriental", r"asiatisch\w*"),
    "ballroom": ("ball ?rooms?", "chandeliers?", "gilded", "salle de bal", "ballsaal"),
    "barn": ("barns?", "grange", "scheune"),
    "beach": ("beach(?:es|front|side)?", "seaside", "sandy?", "driftwood", "plage", "strand"),
    "boho": ("boho", "bohemian", "macrame", "pampas", "tasselled", "free-spirited", "boheme"),
    "castle": (
        "castles?", "chateaux?", "battlements", "medieval", "drawbridge", "regal", "suits? of armou?r", "schloss",
        "burg",
    ),
    "coastal": ("coastal", "ocean(?:front|side)?", "cliff-?top", "by the sea"),
    "contemporary_art": ("gallery space", "pop[- ]art", "contemporary art"),
    "country_house": (
        "country house", "manors?", "manor house", "stately", "mansion", "manoir", "herrenhaus", "gutshof",
    ),
    "countryside": ("countryside", "rural", "farmland", "pastoral", "campagne", "landlich"),
    "elegant": ("elegant", "elegance", "refined", "sophisticated", "opulent", "grandeur"),
    "farmhouse": ("farm ?house", "farm", "ferme", "bauernhof"),
    "forest": ("forests?", "woodlands?", "tall pines", "forest clearing", "mossy", "foret", "wald"),
    "garden": (
        "garden (?:weddings?|part(?:y|ies)|venue|spirit|setting|from)",
        "(?:walled|formal|manicured|lush|botanic(?:al)?|landscaped|english) gardens?", "rose arch", "pergola",
        "hedges", "climbing roses", "floral", "blooming", "jardins?",
    ),
    "glamorous": ("glamorous", "glamour", "glitz"),
    "greenhouse": ("greenhouses?", "glass ?houses?", "conservator(?:y|ies)", "orangery", "orangerie", "gewachshaus"),
    "historic": (
        "historic(?:al)?", "heritage", "listed building", "georgian", "victorian", "tudor", "storied",
        "centur(?:y|ies)[- ]old", "historique", r"historisch\w*",
    ),
    "industrial": (
        "industrial", "warehouse", "exposed brick", "brick walls", "concrete floor", "steel windows",
        "filament bulbs", "loft", "iron columns",
    ),
    "intimate": ("intimate", "cosy", "cozy", "cocooning"),
    "lakeside": ("lakeside", "lakefront", "lake ?house", "am see"),
    "library": (
        "librar(?:y|ies)", "leather-bound", "bookish", "scholarly", "panelling", "panelled", "bibliotheque",
        "bibliothek",
    ),
    "luxury": ("luxur(?:y|ious)", "five-star", "four-star", "luxe", "luxurios"),
    "mediterranean": ("mediterranean", "terracotta", "olive groves?", "cypresses", "tuscan", "riviera"),
    "minimalist": ("minimalist", "minimal", "clean lines", "sleek"),
    "modern": ("modern", "contemporary", "glass pavilion", "floor-to-ceiling", "glazing", "moderne?"),
    "moroccan": ("moroccan", "riad", r"marocain\w*", r"marokkanisch\w*"),
    "mountain": ("mountains?(?:side)?", "peaks", "montagne", "berge?"),
    "outdoorsy": ("wilderness", "open sky", "under the stars", "canopy of stars", "ecrin de nature"),
    "romantic": ("romantic", "romance", "enchanting", "fairy-?tale", "romantique", r"romantisch\w*"),
    "rooftop": ("roof ?tops?", "skyline", "city lights", "toit-terrasse", "dachterrasse"),
    "rustic": ("rustic", "timber(?:ed)?", "oak beams", "hay bales", "homespun", "rustique", r"rustikal\w*"),
    "tented": ("marquees?", "tents?", "canvas (?:tents?|tipis?|drapes)", "sailcloth", "tipis?"),
    "tropical": ("tropical", "palms", "palm (?:trees|leaves)", "monstera", "orchids", "jungle"),
    "urban": ("urban", "downtown", "city[- ]cent(?:re|er)", "metropolitan", "neon"),
    "vineyard": ("vineyards?", "winer(?:y|ies)", "vines", "grapes", "oak barrels", "vignobles?", "weingut"),
    "vintage": ("vintage", "retro", "antiques?"),
    "whimsical": ("whimsical", "cinderella", "magical", "playful"),
}  # fmt: skip
"""Word -> the wordings that describe it."""


def _compiled(wordings: dict[str, tuple[str, ...]]) -> dict[str, re.Pattern[str]]:
    return {word: re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)") for word, alternatives in wordings.items()}


AMENITY_PATTERNS: Final = _compiled(AMENITIES)
STYLE_PATTERNS: Final = _compiled(STYLES)
