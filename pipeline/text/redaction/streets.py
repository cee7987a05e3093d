"""Streets with their numbers, and boxes, as a dozen countries write them: the first part of a postal address."""

from __future__ import annotations

from pipeline.text.redaction.rules import CAPITAL

_AMOUNT = r"(?![\w%€$£]|[.,:]\d)"  # what a house number is not followed by
NUMBER = rf"\d{{1,4}}(?:(?:[ ]?[A-Za-h]|[i-z])(?!\w))?(?:[-/]\d{{1,3}}[a-zA-Z]?){{0,3}}{_AMOUNT}"
_WORD = rf"{CAPITAL}[\w'’.]{{0,30}}(?:-[\w'’]{{1,30}}){{0,4}}"

# --- German, Dutch, Swedish, Danish, Finnish: the word for the street is the end of its name --------------------------

STREET_ENDS = """straße strasse str weg gasse allee platz damm ufer chaussee pfad stieg promenade ring straat laan
plein gracht
singel gatan vägen stigen gränd torget allén esplanaden backen esplanadi katu tie kuja polku kaari raitti rinne
penger vej gade allé"""
_ENDS = "(?:" + "|".join(STREET_ENDS.split()) + r")\.?"
# Words that end so and are none.
_OTHERS = (
    r"(?!(?:(?:Sitz|Stell|Park|Arbeits|Lade|Zelt|Camping|Speicher|Spiel|Steh|Schlaf|Steck)platz|(?:Um|Heim|Rück|Hin"
    r"|Vertriebs|Liefer)weg"
    r"|(?:Gar|Par|Amnes|Bat|Sor|Hot|Mel|Vuosi|Rauta|Vä)\w{0,3}tie|(?:Sp|St|Str|W|Ohr|Finger|Schlüssel|Ehe|Dichtungs"
    r"|Gummi)ring"
    r"|\w{0,20}(?:s|t|r|n|k|p|ll|nd)ing)\b)"
)
_BEFORE_NAME = (
    rf"(?:(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Unter den|Hinter der|Vor dem|Alte[rn]?"
    rf"|Neue[rn]?|"
    rf"Gro(?:ß|ss)e[rn]?|Kleine[rn]?|Obere[rn]?|Untere[rn]?|Norra|Södra|Östra|Västra|Stora|Lilla|Gamla|Nya|Vanha"
    rf"|Uusi|Iso|"
    rf"Pieni|{CAPITAL}[\w'’]{{2,30}}er|{CAPITAL}[\w'’]{{0,30}}(?:s|n|in)|Van|De|Lange|Korte)[ ])"
)
_ALONE = r"(?<=[ ])(?:Stra(?:ß|ss)e|Str\.|Weg|Allee|Gatan|Platz|Esplanaden|Esplanadi|Markt|Ring|Damm|Ufer|Hof)"
_NAMED_STREET = rf"(?:{_BEFORE_NAME}{{0,2}}{CAPITAL}[\w'’-]{{1,40}}?(?i:{_ENDS})|{_BEFORE_NAME}{{1,2}}{_ALONE})"
# "Am Alten Markt 7", "Im Winkel 3": only with a postcode behind it.
_BY_PREPOSITION = (
    rf"(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Zum|Zur|Unter den"
    rf"|Hinter der)[ ](?:{CAPITAL}[\w'’-]{{2,30}}[ ])?"
    rf"{CAPITAL}[\w'’-]{{2,30}}(?=[ ]\d{{1,4}}[ ]?[a-z]?,?\s{{1,2}}(?:[A-Z]{{1,2}}-)?\d{{4,5}}[ ])"
)
_OF_A_DAY = rf"(?:Stra(?:ß|ss)e|Platz|Allee)[ ](?:des|der)[ ](?:\d{{1,2}}\.[ ])?{CAPITAL}[\w-]{{2,30}}"
GERMANIC = rf"(?<![\w<]){_OTHERS}(?:{_OF_A_DAY}|{_NAMED_STREET}|{_BY_PREPOSITION})[ ]{{1,2}}{NUMBER}"

# --- French, Spanish, Italian, Portuguese, Polish: it stands in front of the name -------------------------------------

FRENCH_WORDS = """rue avenue av boulevard bd blvd allée chemin impasse quai cours route square passage sentier
faubourg résidence place
ruelle villa esplanade rond-point lieu-dit"""
SPANISH_WORDS = """calle avda avenida av plaza pza pl paseo ronda camino carretera ctra travesía glorieta rambla urb
urbanización
callejón via viale piazza corso largo vicolo strada rua travessa praça estrada ul al os ulica aleja"""
_SMALL = (
    r"(?:de la|de las|de los|del|de|du|des|la|le|les|los|las|el|l'|l’|d'|d’|da|do|das|dos|dei|delle|della|di|y|et|e"
    r"|en|sur|"
    r"sous|San|St)"
)
_ROMANCE_NAME = rf"(?:{_SMALL}[ ]?){{0,3}}{_WORD}(?:[ ](?:{_SMALL}[ ]?){{0,3}}{_WORD}){{0,4}}"
_FRENCH_WORD = "(?i:(?:" + "|".join(FRENCH_WORDS.split()) + r")\.?)"
_SPANISH_WORD = "(?i:(?:" + "|".join(SPANISH_WORDS.split()) + r")\.?|c/|c\.|pº|p\.º|r\.)"
FRENCH = (
    rf"(?<![\w<])(?:\d{{1,4}}[ ]?(?:(?:bis|ter|quater)|[A-D](?=[ ,]))?,?[ ]{_FRENCH_WORD}[ ]{_ROMANCE_NAME}"
    rf"|{_FRENCH_WORD}[ ]{_ROMANCE_NAME},?[ ]{{1,2}}(?:n°[ ]?)?{NUMBER})"
)
SPANISH = (
    rf"(?<![\w<])(?:{_SPANISH_WORD}[ ]?{_ROMANCE_NAME}|Gran V[ií]a(?:[ ]{_ROMANCE_NAME})?),?[ ]{{1,2}}"
    rf"(?:(?:nº|n\.º|núm\.|número|n°|no\.)[ ]?)?"
    rf"(?:s/n(?!\w)|\d{{1,4}}(?:(?:[ ]?[A-Z]|[a-z])(?!\w))?(?:/\d{{1,4}})?{_AMOUNT})"
)

# --- English: number, name, word --------------------------------------------------------------------------------------

ENGLISH_WORDS = """street st road rd lane ln avenue ave drive dr close court ct way place pl square sq terrace
crescent gardens grove
mews hill boulevard blvd highway hwy parkway pkwy row walk green circle cir trail quay parade park rise view loop
alley broadway
embankment heights turnpike wharf"""
_ENGLISH_WORD = "(?:" + "|".join(word.capitalize() for word in ENGLISH_WORDS.split()) + ")"
UNIT = r"(?:(?i:flat|apt\.?|apartment|unit|suite|ste\.?|floor|room|house)[ ]#?\w{1,5},?\s{1,2})"
ENGLISH = (
    rf"(?<![\w<.,-])(?:{UNIT}(?=\d)|{UNIT}(?=[A-Z][\w'’]{{1,20}}[ ]{_ENGLISH_WORD}\b))?"
    rf"(?:\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,?[ ])?"
    rf"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West|Old|New|Great|Upper|Lower|St|The)\.?[ ]){{0,2}}"
    rf"(?:[A-Z][\w'’.-]{{1,24}}[ ]|\d{{1,3}}(?:st|nd|rd|th)[ ]){{1,3}}{_ENGLISH_WORD}(?![\w'’])\.?"
)

# --- boxes ------------------------------------------------------------------------------------------------------------

_BOX = (
    r"(?i:p\.?[ ]?o\.?[ ]?box|postfach|apartado(?: de correos)?|apdo\.?(?: de correos)?|postbus|casella postale"
    r"|boîte postale|"
    r"packstation|caixa postal|skrytka pocztowa|postilokero)[ ](?:n[°º.]?[ ]?)?\d{1,6}(?:[ ]\d{2,3})?(?!\w)"
)
# So short that only the town behind it makes it a box.
_SHORT_BOX = r"(?:B\.?P\.?|PL|Box|CS|C\.P\.|CP)[ ]\d{1,6}(?=,?\s{1,2}(?:[A-Z]{1,3}-)?\d{3,5}[ ]?\d{0,2}[ ])"
BOX = rf"(?<![\w<])(?:{_BOX}|{_SHORT_BOX})"
