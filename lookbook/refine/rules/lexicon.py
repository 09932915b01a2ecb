"""How people say the words of the vocabularies, in English and German. Data, folded: lower case, no accents.

The words on the left are those that `serving.venues.amenities` and `styles` hold. How a site words them is another
matter, and other data. Each wording is a regular expression that is matched as whole words.
"""

from __future__ import annotations

import re
from typing import Final

AMENITIES: Final[dict[str, str]] = {
    "accommodation": r"(?:overnight |on-?site |guest )?accommodations?|(?:stay|sleep|staying|sleeping)(?: over"
    r"| overnight"
    r"| the night| on-?site| there)|sleeps?(?= (?:up to |at least |about )?\d)|bed ?rooms?|guest ?rooms?"
    r"|rooms for (?:the |our )?guests"
    r"|ubernachtung(?:smoglichkeit(?:en)?)?|gastezimmer|unterkunft",
    "air_conditioning": r"air[- ]?con(?:ditioning|ditioned)?|a/?c|klimaanlage|klimatisiert",
    "alcohol_allowed": r"byob?|(?:bring|our) own (?:alcohol|drinks|wine|booze|beer)|alcohol allowed",
    "av_equipment": r"projectors?|screens?|av equipment|beamer",
    "bar": r"(?:licen[cs]ed |cocktail |open |cash |private )?bar",
    "bridal_suite": r"bridal (?:suites?|rooms?)|bride'?s (?:suite|room)|getting[- ]ready (?:room|suite|space)"
    r"|dressing rooms?|honeymoon suite|brautzimmer|hochzeitssuite",
    "catering_in_house": r"in-?house cater(?:ing|er)|catering (?:included|provided)|own kitchen team"
    r"|hauseigenes catering",
    "ceremony_licence": r"(?:wedding |marriage |ceremony )?licen[cs]ed? (?:for )?(?:civil )?(?:ceremon(?:y|ies)"
    r"|weddings?)"
    r"|civil ceremon(?:y|ies)|(?:wedding|marriage) licen[cs]e|standesamtliche trauung|trauzimmer",
    "ceremony_space": r"ceremony (?:space|room|area|spot)|freie trauung",
    "chapel": r"chapels?|kapelle",
    "children_welcome": r"(?:kids?|child(?:ren)?|family)[- ](?:friendly|welcome)|kids (?:are )?(?:allowed|welcome)"
    r"|children (?:are )?(?:allowed|welcome)|kinderfreundlich|spielplatz|play ?ground",
    "coordinator": r"(?:wedding |event |on-?site |day-of )?(?:co-?ordinator|planner)|hochzeitsplaner(?:in)?",
    "dance_floor": r"dance ?floors?|(?:room|space|somewhere) (?:for|to) danc(?:e|ing)|tanzflache",
    "exclusive_use": r"exclusive (?:use|hire)|(?:to|for) ourselves|whole (?:venue|place|estate)|exklusiv(?:e nutzung)?",
    "fire_pit": r"fire ?pits?|bonfires?|camp ?fires?|feuerschale|lagerfeuer",
    "fireplace": r"fire ?places?|log (?:fires?|burners?)|open fires?|kamin",
    "fireworks_allowed": r"fire ?works?|feuerwerk",
    "furniture_included": r"(?:tables (?:and|&) chairs|furniture)(?: included)?",
    "garden": r"gardens?|garten",
    "garden_games": r"(?:garden|lawn) games|croquet",
    "golf": r"golf(?: ?courses?| clubs?)?|golfplatz",
    "heating": r"heating|heaters?|heizung",
    "kitchen": r"kitchens?|kuche",
    "lake": r"lakes?|see",
    "late_licence": r"late licen[cs]e|late (?:night )?bar|(?:party|music|dance) (?:until|till|til) late|till late"
    r"|until late",
    "lawn": r"lawns?|rasen|wiese",
    "linen_included": r"(?:table ?)?linens?|table ?cloths?|tischwasche",
    "live_music": r"live (?:music|bands?)|(?:own )?bands?|live-?musik",
    "marquee": r"marquees?|gazebos?|festzelt",
    "meeting_rooms": r"(?:meeting|conference) rooms?",
    "outside_catering_allowed": r"(?:own|outside|external|other) cater(?:ers?|ing)|bring (?:our|my"
    r"|in our) (?:own )?cater(?:er|ing)"
    r"|food trucks?|eigene[nrs]? cater(?:er|ing)|freie catererwahl",
    "parking": r"(?:free |on-?site |car |guest )?parking(?: spaces?| lot)?|car ?parks?|park(?:platz|platze"
    r"|moglichkeit(?:en)?)",
    "pet_friendly": r"(?:pet|dog)s?[- ](?:friendly|welcome|allowed)|(?:dogs?|pets?) (?:are |is )?(?:allowed|welcome"
    r"|permitted|ok(?:ay)?|fine)|pets?"
    r"|(?:bring|with|take) (?:our|my|the) (?:dogs?|pets?|pup(?:py)?)|(?:our|my) (?:dogs?|pup(?:py)?)"
    r"|hunde(?:freundlich)?"
    r"|haustiere?",
    "pool": r"(?:swimming )?pools?|schwimmbad",
    "restrooms": r"(?:rest ?rooms?|toilets?|loos?|toiletten)",
    "sound_system": r"(?:sound|pa|music|speaker) ?systems?|speakers|musikanlage",
    "spa": r"spas?|sauna|massages?|wellness(?:bereich)?",
    "stage": r"stages?|buhne",
    "tennis": r"tennis(?: courts?)?",
    "terrace": r"terraces?|patios?|decks?|terrasse",
    "transfers": r"shuttles?(?: bus)?|transfers?|coach(?:es)? for (?:our |the )?guests|shuttle-?bus",
    "views": r"(?:(?:sea|ocean|lake|mountain|valley|panoramic|skyline|city|countryside|sunset|great|amazing|nice"
    r"|good|beautiful"
    r"|stunning|gorgeous) )?views?|(?:meer|berg|see|panorama)blick|aussicht",
    "water_feature": r"fountains?|water ?(?:fall|feature)s?|brunnen",
    "weather_backup": r"(?:rain|wet[- ]weather|bad[- ]weather|weather) (?:plans?|backup|back-up|options?)|plan b"
    r"|in case it rains|if it rains",
    "wheelchair_access": r"wheel ?chair(?: (?:access(?:ible)?|friendly|users?|ramps?))?|step[- ]?free(?: access)?"
    r"|disabled access|accessib(?:le|ility)|barrierefrei|rollstuhlgerecht",
    "wifi": r"wi-?fi|internet|wlan",
}  # fmt: skip

STYLES: Final[dict[str, str]] = {
    "alpine": r"alpine|chalets?|ski lodges?|almhutte",
    "art_deco": r"art[- ]deco|gatsby|(?:19)?20s|twenties",
    "asian": r"asian|japanese|chinese",
    "ballroom": r"(?:hotel )?ball ?rooms?|ballsa(?:al|le)",
    "barn": r"barns?|scheunen?",
    "beach": r"beach(?:es|y|front|side)?|strand|strande",
    "boho": r"boho(?:-chic)?|bohemian|hippie",
    "castle": r"castles?|chateaux?|palaces?|schloss(?:er)?|schlosser|burg(?:en)?",
    "coastal": r"coastal|coast|seaside|by the (?:sea|ocean)|(?:sea|ocean)(?:front|side)|am meer|nautical",
    "contemporary_art": r"(?:art )?galler(?:y|ies)|museums?|contemporary art|museum",
    "country_house": r"country (?:house|home|estate)s?|manors?(?: houses?)?|mansions?|stately homes?|estates?|gutshof"
    r"|herrenhaus",
    "countryside": r"countryside|rural|in the country|on the land|landlich|auf dem land",
    "elegant": r"elegant(?:e[rsn]?)?|elegance|classy|sophisticated|refined|stylish",
    "farmhouse": r"farm ?houses?|farms?|ranch(?:es)?|bauernhof|bauernhofe",
    "forest": r"forests?|woods|wood ?lands?|wald|im wald",
    "garden": r"garden (?:party|wedding|vibes?|style)|florals?|flower(?:s|y)|botanic(?:al)?(?: gardens?)?|roses",
    "glamorous": r"glam(?:orous|our)?|glitzy",
    "greenhouse": r"greenhouses?|glass ?houses?|orangery|orangeries|conservator(?:y|ies)|gewachshaus|orangerie",
    "historic": r"historic(?:al)?|heritage|georgian|victorian|tudor|medieval|old building|historisch(?:e[rsn]?)?",
    "industrial": r"industrial|ware ?houses?|lofts?|factor(?:y|ies)|mills?|fabrik|industriell",
    "intimate": r"intimate|small and (?:cosy|cozy)|intim",
    "lakeside": r"lake ?(?:side|front|house)s?|by (?:a|the) lake|on (?:a|the) lake|am see",
    "library": r"librar(?:y|ies)|bibliothek",
    "luxury": r"luxur(?:y|ious)|five[- ]star|5[- ]star|high[- ]end|upscale|luxus|luxurios",
    "mediterranean": r"mediterran(?:ean)?|tuscan|italian|olive (?:groves?|trees?)|villas?|spanish|provencale?",
    "minimalist": r"minimal(?:ist(?:ic)?|ism)?|clean lines|pared[- ]back|minimalistisch",
    "modern": r"modern(?:e[rsn]?)?|contemporary|sleek",
    "moroccan": r"moroccan|marrakech|riad",
    "mountain": r"mountains?(?:side)?|peaks|berge?|hills?|hilltop",
    "outdoorsy": r"outdoorsy|wild(?:erness)?|camping|glamping|festival(?: style)?|under the stars",
    "romantic": r"romantic|fairy-?tale|dreamy|romantisch(?:e[rsn]?)?|marchenhaft",
    "rooftop": r"roof ?tops?|roof terrace|dachterrasse",
    "rustic": r"rustic|timber|wooden|rustikal(?:e[rsn]?)?|country[- ]style",
    "tented": r"tents?|tipis?|teepees?|yurts?|canvas|zelte?",
    "tropical": r"tropical|palms?|palm trees|jungle",
    "urban": r"urban|downtown|city[- ]?(?:centre|center|style)?|stadtisch",
    "vineyard": r"vine ?yards?|winer(?:y|ies)|wine estates?|weing(?:ut|uter)|weinberge?",
    "vintage": r"vintage|retro|antiques?|old-?fashioned",
    "whimsical": r"whimsical|quirky|magical|playful|alternative",
}  # fmt: skip

SETTINGS: Final[dict[str, str]] = {
    "both": r"(?:both )?(?:indoors?|inside)(?: and|/| ?& ?|, ?| as well as| plus)(?: an?)? ?(?:outdoors?"
    r"|outside)(?: spaces?| areas?)?"
    r"|(?:both )?(?:outdoors?|outside)(?: and|/| ?& ?| as well as| plus)(?: an?)? ?(?:indoors?|inside)(?: spaces?"
    r"| areas?)?"
    r"|drinnen und draussen|innen und aussen",
    "outdoor": r"out ?doors?|outside|open[- ]?air|al ?fresco|in the open(?: air)?|under the (?:open )?sky|im freien"
    r"|draussen"
    r"|unter freiem himmel|out in nature",
    "indoor": r"in ?doors?|inside|under (?:a|one) roof|drinnen|innen",
}  # fmt: skip

PICTURED: Final = (
    r"fairy lights|string lights|festoon lights|exposed (?:beams|brick)|(?:oak |wooden )?beams|(?:exposed "
    r"|bare )?brick(?: walls?)?"
    r"|(?:crystal )?chandeliers?|candle(?:s|lit|light)|lanterns?|stone (?:walls?|arch(?:es)?)|(?:high|vaulted) ceilings"
    r"|(?:big|large|floor-to-ceiling) windows|stained glass|pampas(?: grass)?|macrame|wildflowers|greenery|ivy"
    r"|long (?:wooden )?tables|hay bales|neon(?: signs?)?|marble|velvet|gold(?: details)?|white (?:walls?"
    r"|interiors?)|pastels?"
    r"|(?:grand |sweeping )?stair(?:case|s)|courtyards?|arch(?:es|way)|columns|pergolas?|bright|light and airy|airy"
    r"|moody|dark"
    r"|colou?rful|sunsets?|trees|leafy|waterfront|river(?:side)?|lichterketten?|kerzen(?:licht|schein)?"
    r"|kronleuchter|hell"
)  # fmt: skip
"""What can be seen on a photograph and is no word of the vocabulary: shown to the picture encoder as it was said."""

FELT: Final = (
    r"relax(?:ed|ing)|laid[- ]back|chilled?|friendly|welcoming|warm|cos(?:y|ier)|coz(?:y|ier)|quiet|secluded"
    r"|private|peaceful|calm"
    r"|tranquil|fun|lively|family[- ]run|family[- ]owned|independent|personal|informal|casual|formal|traditional"
    r"|unusual|unique|hidden|homely|luxe|eco[- ]?(?:friendly)?|sustainable|charming|gemutlich|entspannt|ruhig|familiar"
    r"|personlich|feierlich"
)  # fmt: skip
"""How a place feels: compared with what the venues' summaries say."""


def whole_words(wordings: str) -> re.Pattern[str]:
    """A pattern for these wordings as whole words."""
    return re.compile(rf"(?<![\w])(?:{wordings})(?![\w])")


def compiled(wordings: dict[str, str]) -> dict[str, re.Pattern[str]]:
    """A pattern for each word."""
    return {word: whole_words(said) for word, said in wordings.items()}
