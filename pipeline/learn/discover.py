"""Mail that nobody has labelled → proposed topics: how many mails, which words, which mails are typical.

Words of a mail and its ideas (lexicon.py, the same in all languages) → TF-IDF → the main directions (SVD) → k-means,
with as many topics as fit best by silhouette. What all mails of one language have in common is taken out first, else
the topics would be the languages. Seeded: the same mails give the same topics.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from pipeline.errors import UsageError
from pipeline.learn.data_document import DiscoveredDocument, ProposalDocument
from pipeline.learn.dataset import Row
from pipeline.learn.lexicon import ideas_in
from pipeline.learn.terms import words

LEAST_MAILS = 20
MOST_TOPICS = 30
_PER_TOPIC = 8  # mails a topic has at least on average
_DIRECTIONS = 60
_SEED = 20260131
_NEARLY = 0.85  # of the best silhouette: it grows with every further topic, and few are easier to name than many
_MANY = 10_000  # mails beyond which k-means works in small batches
_JUDGED = 2_000  # mails by which a number of topics is judged
_CHARACTERS = 3_000  # of a mail that are read
_COMMON = 0.25  # a word in more of a language's mails says nothing about any
_LANGUAGE_MAILS = 10  # fewer are no language but a mistake in telling it
_WORDS_SHOWN, _TYPICAL_SHOWN, _WORDS_IN_NAME = 8, 3, 2
_PLACEHOLDER = re.compile(r"<[^<>]*>")


def discover(rows: Sequence[Row], wanted: int = 0) -> tuple[DiscoveredDocument, list[Row]]:
    """The proposal, and all mails with it as their topic. `wanted`: number of topics, 0 for the best. UsageError."""
    mails = list({row.hash: row for row in rows if row.text or row.subject}.values())
    if len(mails) < LEAST_MAILS:
        raise UsageError(
            f"{len(mails)} different mails are too few to see topics in",
            remedy=f"at least {LEAST_MAILS}, better some hundreds",
        )
    matrix, names = _matrix(mails)
    # One thread: sums come out the same each time, and beside a busy worker many threads mostly wait for each other.
    with threadpool_limits(1):
        places = _places(matrix, mails)
        centres, quality = _best(places, wanted)
    nearest = np.asarray((places @ centres.T).argmax(axis=1))
    topics, name_of = _proposals(mails, matrix, names, places, centres, nearest)
    proposed = [replace(row, topic=name_of[int(place)]) for row, place in zip(mails, nearest, strict=True)]
    return {"mails": len(mails), "silhouette": round(quality, 4), "topics": topics}, proposed


def _matrix(mails: Sequence[Row]) -> tuple[sparse.csr_matrix, list[str]]:
    """TF-IDF of words and ideas, and what each column stands for ('' for an idea)."""
    tokens = [_tokens(row) for row in mails]
    common = _common(mails, tokens)
    vectorizer = TfidfVectorizer(
        analyzer=lambda at: _telling(mails[at], tokens[at], common), min_df=2, sublinear_tf=True
    )
    try:
        matrix = sparse.csr_matrix(vectorizer.fit_transform(range(len(mails))))
    except ValueError:  # no word occurs in two of them
        raise UsageError("these mails have no words in common", remedy="are they mails?") from None
    names = ["" if name.startswith("idea:") else name for name in vectorizer.get_feature_names_out()]
    return matrix, names


def _tokens(row: Row) -> list[str]:
    text = _PLACEHOLDER.sub(" ", f"{row.subject} {row.text}"[:_CHARACTERS])
    found = [word for word in words(text) if len(word) > 2 and not any(letter.isdigit() for letter in word)]
    return [*found, *(f"idea:{idea}" for idea in ideas_in(text))]


def _common(mails: Sequence[Row], tokens: Sequence[list[str]]) -> dict[str, set[str]]:
    """Per language the words that are everywhere: articles, greetings."""
    sizes = Counter(row.language for row in mails)
    seen: dict[str, Counter[str]] = {language: Counter() for language in sizes}
    for row, found in zip(mails, tokens, strict=True):
        seen[row.language].update({token for token in found if not token.startswith("idea:")})
    return {
        language: {token for token, count in counts.items() if count > max(2, _COMMON * sizes[language])}
        for language, counts in seen.items()
    }


def _telling(row: Row, tokens: list[str], common: dict[str, set[str]]) -> list[str]:
    return [token for token in tokens if token not in common[row.language]]


def _places(matrix: sparse.csr_matrix, mails: Sequence[Row]) -> NDArray[np.float64]:
    """Each mail as a point of unit length, without what its language has in common."""
    directions = min(_DIRECTIONS, min(matrix.shape) - 1)
    if directions < 2:
        raise UsageError("these mails are all alike", remedy="topics need mails about different things")
    places = TruncatedSVD(directions, random_state=_SEED).fit_transform(matrix)
    languages = np.array([row.language for row in mails])
    for language, count in Counter(languages.tolist()).items():
        if count >= _LANGUAGE_MAILS:
            places[languages == language] -= places[languages == language].mean(axis=0)
    return np.asarray(normalize(places), dtype=np.float64)


def _best(places: NDArray[np.float64], wanted: int) -> tuple[NDArray[np.float64], float]:
    """Centres of the topics, and the silhouette they reach: the fewest topics that are nearly as good as any number."""
    most = max(2, min(MOST_TOPICS, len(places) // _PER_TOPIC))
    if wanted and not 2 <= wanted <= len(places) // 2:
        raise UsageError(f"{wanted} topics of {len(places)} mails?", remedy=f"--topics 2 … {len(places) // 2}")
    numbers = [wanted] if wanted else [number for number in (*range(2, 13), 15, 20, 25, 30) if number <= most]
    dice = np.random.default_rng(_SEED)
    judged = dice.choice(len(places), min(_JUDGED, len(places)), replace=False)
    found = [_centres(places, number, judged) for number in numbers]
    enough = _NEARLY * max(quality for _centres_found, quality in found)
    return next(one for one in found if one[1] >= enough)


def _centres(places: NDArray[np.float64], number: int, judged: NDArray[np.intp]) -> tuple[NDArray[np.float64], float]:
    kind = MiniBatchKMeans if len(places) > _MANY else KMeans
    centres = normalize(kind(number, n_init=4, random_state=_SEED).fit(places).cluster_centers_)
    labels = (places[judged] @ centres.T).argmax(axis=1)
    several = 1 < len(set(labels.tolist())) < len(labels)
    return centres, float(silhouette_score(places[judged], labels)) if several else -1.0


def _proposals(
    mails: Sequence[Row],
    matrix: sparse.csr_matrix,
    names: Sequence[str],
    places: NDArray[np.float64],
    centres: NDArray[np.float64],
    nearest: NDArray[np.intp],
) -> tuple[list[ProposalDocument], dict[int, str]]:
    """The topics, largest first, and the name of each centre."""
    everywhere = np.asarray(matrix.mean(axis=0)).ravel()
    sizes = Counter(nearest.tolist())
    topics: list[ProposalDocument] = []
    name_of: dict[int, str] = {}
    for number, (place, size) in enumerate(sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])), start=1):
        members = np.flatnonzero(nearest == place)
        more = np.asarray(matrix[members].mean(axis=0)).ravel() - everywhere
        telling = [names[at] for at in np.argsort(-more, kind="stable")[:60] if names[at] and more[at] > 0]
        name_of[place] = f"cluster-{number} {'/'.join(telling[:_WORDS_IN_NAME])}".strip()
        closest = members[np.argsort(-(places[members] @ centres[place]), kind="stable")[:_TYPICAL_SHOWN]]
        topics.append(
            {
                "name": name_of[place],
                "mails": size,
                "words": telling[:_WORDS_SHOWN],
                "typical": [_shown(mails[int(mail)]) for mail in closest],
                "languages": dict(Counter(mails[int(mail)].language for mail in members).most_common()),
            }
        )
    return topics, name_of


def _shown(row: Row) -> str:
    return " ".join((f"{row.subject} · {row.text}" if row.subject else row.text).split())[:300]
