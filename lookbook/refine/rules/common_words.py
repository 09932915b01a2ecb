"""Words that ask nothing by themselves, and words worth recognising when they are misspelt. Data, folded."""

from __future__ import annotations

from typing import Final

_FILLER: Final = """
a about above absolutely access actually after afterwards again all allow allowed allows almost along already also
although always am an and another any anybody anymore anyone anything anyway anywhere are area areas around as ask at
available away back bad be because been before being best better between big bit bonus book booking both bring but by
can cannot can't care celebrate celebration ceremonies ceremony check choice choose close come comes coming consider
cool could couple couples cover covered currently cute day days dead decent deal definitely did dinner do does doesn't
doing don't done down drive driving each easy either else end enough especially essential etc evening even event
events ever every everybody everyone everything exactly expect expecting extra far feel feeling feels few find fine
first fit fits folk folks for found friends from full fully future get gets getting give giving go going good got
great group guest guests guys had half happy has hasn't have haven't having he hear hello help her here hers hey hi
him his hold holding holds home hope hopefully hour hours how however husband hubby i i'd i'll i'm i've idea ideal
ideally if important in included includes including inside instead into is isn't it it's its just keep kind know large
last later lead least less let let's like liked likes list little ll local long look looking looks lot lots love loved
lovely loves made main make makes making many married marry marrying marriage matter matters may maybe me mean means
mind mine more morning most mostly move much must my near need needed needs never new next nice no nobody none nor not
note nothing now number of off often oh ok okay on once one ones only onto open option options or order other others
our ours out over overall own partner party pay per perfect perfectly perhaps place places plan planning plans please
plenty plus possible possibly prefer preferably preferred preference pretty price priority probably put quite rather
re real really reception receptions region relatives requirement requirements right room rooms round said same
say search searching see seem seen sit site sits size small so some somebody somehow someone something
sometime somewhere soon sort sound space spaces special spend spending spot spots start stay still stuff style styles
such suit suits suitable summer spring autumn winter fall super sure sweet take taking tell than thank thanks that
that's the their them then there there's these they they're thing things think thinking this those though through time
times to today together tomorrow too top total totally towards traditional tried trip try trying two type under until
up upon us use used using ve venue venues very via vibe vibes visit wait walk want wanted wanting wants was wasn't way
we we'd we'll we're we've weather wedding weddings wed week weekend well went were what what's whatever when where
where's whether which while who whole why wife fiance fiancee will wish wishes with within without won't work works
would wouldn't year years yes yet you you'd you'll you're your yours bride brides groom grooms mum mom dad parents
family families relative trust willing require required requires show shows atmosphere ambience ambiance mood
aesthetic theme themed decor setting scene anniversary maximum minimum max min approx approximately roughly ish circa
ca exceed budget budgets cost costs costing priced prices capacity seat seats seated
tops below hate hates walking old raise increase lower wih wit teh adn hte fro mile-radius micro intimate-ish hire fee
fees limit should rain shine neither sick fan fans keen bothered dial reachable accessible lieber erlaubt nearby
ready hoping looking-for people-ish somewhat fairly slightly seating host hosts hosting accommodate
accommodates accommodating fitting people person persons attend attending attendees invited inviting invite miles mile
km kilometres kilometers minutes minute mins distance radius outskirts city town village licensed spacious proper
actual kinda gonna wanna gotta bits loads tons ton super-duper honestly basically literally ab aber alle alles als
auch auf aus bei bin bis bitte brauchen braucht da das dass dem den der des die diese dieser dieses doch du durch ein
eine einem einen einer eines eher er es etwas euch fest feier feiern fur ganz gaste gasten gerne gern gibt gut haben
hallo hat hatten hier hochzeit hochzeiten ich ihr im irgendwas irgendwo ist ja jede jeder kann keine kein keinen
keiner konnen leute mal man mehr mein mit mochte mochten moglich moglichst muss mussen nach nahe nicht noch nur ob
oder ohne ort orte personen platz raum schon schone schoner schones sehr sein sich sie sind soll sollte sollten suchen
suche uber um und uns unser unsere unter von vom vor war ware weniger wenn wie wir wird wo wollen wunschen wurde zu
zum zur zwei stunde stunden entfernt umkreis richtung hochstens maximal mindestens insgesamt pro kopf gegend umgebung
etwa ungefahr unbedingt liebsten idealerweise location locations gesucht bevorzugt dort
zwischen ausser except avoid avoiding exclude leave fewer forget add necessary unnecessary nope
non anti un statt anstatt nein danke nichts bloss mogen weder keinesfalls keineswegs skip hide heiraten
"""
_SPELT: Final = """
accessible accommodation access acoustic allowed anywhere around austin balcony ballroom bathroom beach bedrooms
between bohemian boho bridal bride budget campfire candles candlelit castle castles caterer catering ceremony chair
chandeliers chapel children civil classic coastal coordinator countryside courtyard dance dancing definitely dinner
disabled dollars downtown elegant essential estate euros exclusive exposed factory fairy family farmhouse fire
fireplace fireworks floor flowers forest friendly garden gardens glamorous greenhouse guests heating heritage historic
historical hours ideally indoor indoors industrial inside intimate kilometres kitchen lakeside lawn library licence
license licensed lights luxurious luxury maximum marquee mediterranean miles minimalist minutes modern mountain
mountains music option outdoor outdoors outside overnight parking patio people person place playground pounds
preferably prefer preferred private quiet rainy reception relaxed restaurant romantic rooftop rooms rustic seaside
secluded shuttle similar small somewhere space stage stay system tables tents terrace thousand toilets tropical under
urban vegan venue venues view views village vineyard vineyards vintage warehouse wedding wheelchair windows winery
within without wooden woodland woods garten gaste hochstens parkplatz personen scheune schloss weingut ubernachtung
draussen drinnen
"""

FILLER: Final = frozenset(_FILLER.split())
"""What may stand around what is asked without being mentioned as not understood."""

FILLER_BESIDE: Final = {
    "cheap": "budget", "cheaper": "budget", "afford": "budget", "affordable": "budget", "expensive": "budget",
    "country": "country", "countries": "country",
    "kid": "amenity:children_welcome", "kids": "amenity:children_welcome", "sleep": "amenity:accommodation",
    "sleeps": "amenity:accommodation",
}  # fmt: skip
"""Words that ask something, filler only where an ask of this kind or slot was understood from their turn."""

SPELT: Final = frozenset(_SPELT.split())
"""A word that is unknown and one typing error away from one of these (two, when it is long) is read as it."""
