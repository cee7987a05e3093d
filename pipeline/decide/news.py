"""Does a further mail only ask how it stands? Few words, all of them known; when unsure it is an ordinary one.

Each sentence must be a greeting, thanks, a name or a reference, and at least one asks for news. Anything else (a new
fact, another wish, a file, a number) is for a person to read.
"""

from __future__ import annotations

import re

from pipeline.records.mail import Mail
from pipeline.tokens import REF

MOST_WORDS = 30  # in all
NAMED_WORDS = 3  # of a name, in a greeting or as the last line
_EDGES = " \t,.!-–—\"'()"
# What asks for news: a whole sentence of these, with nothing else in it.
_ASKING = {
    "en": (
        r"(is|are) there (any|some) (news|updates?)|(any|some) (news|updates?|progress)|(what is|what's|whats) "
        r"(the|my) (status|state)|(do|did|would) you have (any|some|an) (news|updates?)|(can|could|would|will) "
        r"(you|i|we) (please )?(give|send|tell|let|get|have|provide|update) (me|us)?( with)?( have| know)?( an?| "
        r"any| some| me| us)* ?(updates?|news|status|on this|how it (stands|is going))|how (is it|are things|does "
        r"it) (going|look|looking|stand)|where do (we|i|things) stand|status( update)?|i am still waiting( for "
        r"(an|your) (answer|reply|response))?|(i'm|im) still waiting( for (an|your) (answer|reply|response))?|"
        r"still no (answer|reply|news|response)|when (can|will|may) i (expect|get|have|hear) (an |your |any |a "
        r")?(answer|reply|response|news|back)( from you)?|i (have not|haven't) heard (anything|back)( from you)?( "
        r"yet)?|just (checking in|following up)"
    ),
    "de": (
        r"gibt es (schon |bereits |inzwischen |denn )*(etwas )?(neues|neuigkeiten|eine rückmeldung|eine antwort|"
        r"einen neuen stand)|(schon |gibt's |gibts )*(etwas |was )?neues|wie ist (der|denn der) (aktuelle "
        r")?(stand|status)( der dinge)?|wie (sieht es|sieht's|siehts|steht es|steht's) (denn )?(aus|damit|darum)|"
        r"(haben sie|hast du) (schon |bereits )*(etwas )?(neues|neuigkeiten|eine antwort)|ich warte (immer "
        r")?noch( immer)?( auf (eine|ihre) (antwort|rückmeldung))?|wann (kann ich|darf ich|können wir) (mit "
        r")?(einer|eine|ihre|ihrer) (antwort|rückmeldung) (rechnen|erwarten)|(aktueller )?(stand|status)|ich habe "
        r"(noch |bisher )*(nichts|keine (antwort|rückmeldung)) (gehört|bekommen|erhalten)( von ihnen)?|können sie "
        r"mir (bitte )?(den|einen) (aktuellen )?(stand|zwischenstand) (mitteilen|geben|nennen|sagen)"
    ),
    "fr": (
        r"(avez[- ]vous|y a[- ]t[- ]il|est[- ]ce qu'il y a|auriez[- ]vous) (déjà )?(des|du) (nouvelles?|nouveau)|"
        r"(des|du) (nouvelles?|nouveau)|(où en est|quel est l'état de|quel est l'avancement de) (ma|mon|notre|"
        r"cette|ce) (demande|dossier|réclamation|message)|où en (êtes[- ]vous|sommes[- ]nous|est[- ]on)|j'attends "
        r"(toujours|encore) (une|votre) réponse|(je suis )?toujours (sans|pas de) (réponse|nouvelles?)( de votre "
        r"part)?|je n'ai (toujours|encore) (rien reçu|pas (reçu|eu) de (réponse|nouvelles?))( de votre part)?|"
        r"quand (puis[- ]je|pourrai[- ]je|vais[- ]je) (avoir|recevoir|attendre) (une|votre) réponse"
    ),
    "es": (
        r"(hay|tienen|tiene|tenéis) (ya )?(alguna|algunas)? ?(novedad|novedades|noticia|noticias|respuesta)|"
        r"(alguna|algunas) (novedad|novedades|noticia|noticias)|cómo (va|está|sigue) (mi|el|este|nuestro) (caso|"
        r"asunto|consulta|reclamación|solicitud|tema)|cuál es el estado( de (mi|la|este) (caso|consulta|"
        r"reclamación|solicitud))?|(sigo|seguimos|todavía estoy) (esperando|a la espera)( de)?( una| su| la)?( "
        r"respuesta)?|(todavía|aún) no (he recibido|tengo) (ninguna |una )?(respuesta|noticia|noticias)( de "
        r"ustedes)?|cuándo (puedo esperar|tendré|recibiré) (una|su) respuesta"
    ),
    "fi": (
        r"onko (jo |tässä |asiassa |asiasta |teillä )*(mitään |jotain )?(uutta|uutisia|edistystä|tietoa)|mikä (on "
        r"|mahtaa olla )?(tilanne|asian tila|asiani tila)( (on|nyt|tällä hetkellä))*|miten (asia|asiani|juttu) "
        r"(etenee|edistyy|on edennyt)|odotan (yhä|edelleen|vielä) (vastausta|vastaustanne)|(en ole|emme ole) "
        r"(vielä |yhä )*(kuullut|saanut) (teistä|teiltä|vastausta|mitään)( (mitään|vielä|teiltä))*|milloin (saan|"
        r"voin odottaa|saamme) (vastauksen|vastausta|vastauksenne)|(mitään |jotain )?(uutta|uutisia)|missä mennään"
    ),
}
# What may stand around it without adding anything.
_COURTESY = {
    "en": (
        r"hi|hello|hey|dear( sir| madam| sirs| all| team| support| support team)*|good (morning|afternoon|evening|"
        r"day)|thanks?( you)?( very much| so much| a lot| again| in advance)*|(kind|best|many|warm)? ?regards|"
        r"best( wishes)?|sincerely|yours( sincerely| faithfully| truly)?|cheers|please"
    ),
    "de": (
        r"hallo|guten (tag|morgen|abend)|moin|sehr geehrte (damen und herren|frau|herr)|liebes? (team|"
        r"support-team)|(vielen |besten |herzlichen )?dank( im voraus| vorab)?|danke( schön| sehr| im voraus)*|"
        r"(mit )?(freundlichen|besten|herzlichen|lieben|viele|beste|liebe|freundliche) grüßen?|mfg|gruß|bitte"
    ),
    "fr": (
        r"bonjour|bonsoir|madame,? monsieur|cher(s)? (tous|service)|merci( beaucoup| bien| d'avance| par avance)*|"
        r"(bien )?cordialement|(meilleures )?salutations( distinguées)?|bien à vous|s'il vous plaît|svp"
    ),
    "es": (
        r"hola|buen(os|as) (días|tardes|noches)|estimad[oa]s?( señores| señor| señora| equipo)*|(muchas |mil "
        r")?gracias( de antemano| por adelantado)*|(un )?(cordial )?saludos?( cordiales)?|atentamente|por favor"
    ),
    "fi": (
        r"hei|moi|terve|hyvää (päivää|huomenta|iltaa)|(paljon )?kiitos( paljon| jo etukäteen| etukäteen)*|"
        r"kiitoksia|(ystävällisin|parhain) terveisin|t(erv|erveisin)?|yt"
    ),
}
_REFERENCE = r"(re|reference|referenz|vorgang|ticket|my ticket|référence|ref|referencia|viite)?[ :#]*REFERENCE"
_SENTENCES = re.compile(r"[.!?¿¡\n…;:]+|,\s")
_ABOUT = (
    r"( (on|of|about|regarding|concerning|for|with) (this|it|that|my (ticket|case|complaint|request|order|"
    r"mail|message))| (zu|bei|in|mit) (meinem (vorgang|anliegen|fall|ticket)|meiner (anfrage|beschwerde|"
    r"bestellung|sache)|dieser sache)| (sur|pour|concernant|de|à propos de) (ma|mon|cette|ce) (demande|"
    r"dossier|réclamation|affaire|commande)| (sobre|de|con|en) (mi|este|esta) (caso|asunto|consulta|"
    r"reclamación|solicitud|pedido)| (asiasta|asiassani|tästä|tilauksestani|valituksestani)|( REFERENCE| yet| "
    r"please| bitte| jetzt| already| so far| now))*"
)
_BEFORE = r"((so|and|but|und|also|et|y|ja|well|sorry|excuse me|please|bitte) )*"
_ASKS = re.compile(_BEFORE + "(" + "|".join(_ASKING.values()) + ")" + _ABOUT)
_SAYS_NOTHING = re.compile("|".join([*_COURTESY.values(), _REFERENCE]))
_GREETS = re.compile(
    r"(hi|hello|hey|dear( mr| mrs| ms)?|hallo|guten (tag|morgen|abend)|sehr geehrter? (frau|herr)|liebe[rs]?|bonjour|"
    r"hola|estimad[oa]|hei|moi|hyvä)\b"
)


def asks_for_news(mail: Mail) -> bool:
    """Is that all that a further mail wants?"""
    text = REF.sub("REFERENCE", mail.text).replace("’", "'")
    if mail.attachments or len(text.split()) > MOST_WORDS or re.search(r"\d", text):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip(_EDGES)]
    if len(lines) > 1 and _is_name(lines[-1]):
        lines.pop()
    kinds = {_kind(part.strip(_EDGES)) for line in lines for part in _SENTENCES.split(line) if part.strip(_EDGES)}
    return "asks" in kinds and "other" not in kinds


def _kind(part: str) -> str:
    """asks, courtesy, or other."""
    folded = " ".join(part.split()).lower().replace("reference", "REFERENCE")
    if _ASKS.fullmatch(folded):
        return "asks"
    greeting = _GREETS.match(folded)
    greets = greeting and _is_name(part[greeting.end() :])
    return "courtesy" if greets or _SAYS_NOTHING.fullmatch(folded) else "other"


def _is_name(text: str) -> bool:
    words = text.strip(_EDGES).split()
    return 0 < len(words) <= NAMED_WORDS and all(word[:1].isupper() for word in words)
