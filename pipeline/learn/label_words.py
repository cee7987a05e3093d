"""What people write into a column of labels: yes and no, negative to positive, stars; in five languages."""

from __future__ import annotations

import re

_YES = "true 1 yes y ja j wahr oui o vrai sí si verdadero cierto kyllä k tosi x ✓"
_NO = "false 0 no n nein falsch non faux falso ei epätosi ✗"
TRUTH = {**dict.fromkeys(_YES.split(), "true"), **dict.fromkeys(_NO.split(), "false")}
_MOODS = {
    "negative": "negative neg negativ négatif négative negativo negativa negatiivinen kielteinen - :-( 🙁",
    "neutral": "neutral neu neutrum neutre neutro neutra neutraali neutraalinen :-| 😐",
    "positive": "positive pos positiv positif positivo positiva positiivinen myönteinen + :-) 🙂",
}
_MOOD_OF = {word: mood for mood, words in _MOODS.items() for word in words.split()}
_STARS = re.compile(r"([1-5])(?:[.,]0+)?(?:\s*/\s*5|\s*(?:\*|★|stars?|sterne?|étoiles?|estrellas?|tähte?ä?))?")
_DRAWN = re.compile(r"([★*⭐]{1,5})[☆ ]*")


def truth_of(text: str) -> str | None:
    """`true` or `false`, None where it is neither."""
    return TRUTH.get(text.strip().casefold())


def sentiment_of(text: str) -> str | None:
    """`negative`, `neutral` or `positive`; of one to five stars the third is neutral. None where it is none of them."""
    word = text.strip().casefold()
    if word in _MOOD_OF:
        return _MOOD_OF[word]
    written, drawn = _STARS.fullmatch(word), _DRAWN.fullmatch(word)
    if not written and not drawn:
        return None
    stars = int(written[1]) if written else len(drawn[1]) if drawn else 0
    return "negative" if stars < 3 else "neutral" if stars == 3 else "positive"
