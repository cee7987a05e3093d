"""Mail that nobody has labelled → groups of mails about the same thing, to be named and so labelled by a person.

Points (points.py) → k-means, with as many groups as tell mails apart (topic_count.py), or as many as one asks for: many
small groups are purer than few large ones, and the same name may be given to several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pipeline.errors import UsageError
from pipeline.learn.data_document import DiscoveredDocument, ProposalDocument, beginning
from pipeline.learn.dataset import Row
from pipeline.learn.points import IDEA, Points, points_of
from pipeline.learn.terms import Floats, Item
from pipeline.learn.topic_count import Progress, best_number, centres_of, nearest_centre

LEAST_MAILS = 20
PROPOSED = "cluster-"  # how the name of a group begins that nobody has named
TYPICAL, FARTHEST = 3, 5  # mails shown of a group, from its centre and from its edge
_WORDS_SHOWN, _WORDS_IN_NAME = 8, 2

Encode = Callable[[Sequence[Item]], Floats | None]  # the encoder's vectors, None where there is no encoder


def discover(
    rows: Sequence[Row],
    wanted: int = 0,
    encode: Encode = lambda _items: None,
    progress: Progress = lambda _step: None,
) -> tuple[DiscoveredDocument, list[Row]]:
    """The proposal, and all mails with their group as topic: the largest group first, each from its centre outwards.

    `wanted`: number of groups, 0 for as many as there are topics. Raises UsageError.
    """
    mails = list({row.hash: row for row in rows if row.text or row.subject}.values())
    if len(mails) < LEAST_MAILS:
        raise UsageError(
            f"{len(mails)} different mails are too few to see topics in",
            remedy=f"at least {LEAST_MAILS}, better some hundreds",
        )
    if wanted and not 2 <= wanted <= len(mails) // 2:
        raise UsageError(f"{wanted} topics of {len(mails)} mails?", remedy=f"--topics 2 … {len(mails) // 2}")
    # One thread: sums come out the same each time, and beside a busy worker many threads mostly wait for each other.
    with threadpool_limits(1):
        points = points_of(mails, encode([row.item for row in mails]))
        number, quality = (wanted, None) if wanted else best_number(points.places, progress)
        progress(f"grouping {len(mails)} mails")
        centres = centres_of(points.places, number)
        groups = _groups(points.places, centres)
    topics, proposed = _proposals(mails, points, groups)
    document: DiscoveredDocument = {"mails": len(mails), "topics": topics}
    if quality is not None:
        document["silhouette"] = round(quality, 4)
    return document, proposed


def _groups(places: Floats, centres: Floats) -> list[NDArray[np.intp]]:
    """The mails of each group from its centre outwards, the largest group first."""
    nearest = nearest_centre(places, centres)
    near = np.einsum("ij,ij->i", places, centres[nearest])
    sizes = sorted(Counter(nearest.tolist()).items(), key=lambda pair: (-pair[1], pair[0]))
    members = [np.flatnonzero(nearest == place) for place, _size in sizes]
    return [one[np.argsort(-near[one], kind="stable")] for one in members]


def _proposals(
    mails: Sequence[Row], points: Points, groups: Sequence[NDArray[np.intp]]
) -> tuple[list[ProposalDocument], list[Row]]:
    everywhere = np.asarray(points.words.mean(axis=0)).ravel()
    topics: list[ProposalDocument] = []
    proposed: list[Row] = []
    for number, members in enumerate(groups, start=1):
        more = np.asarray(points.words[members].mean(axis=0)).ravel() - everywhere
        telling = _telling(points.names, more)
        name = f"{PROPOSED}{number} {'/'.join(telling[:_WORDS_IN_NAME])}".strip()
        of_group = [mails[int(mail)] for mail in members]
        proposed += [replace(row, topic=name) for row in of_group]
        topics.append(
            {
                "name": name,
                "mails": len(members),
                "words": telling[:_WORDS_SHOWN],
                "typical": [beginning(row) for row in of_group[:TYPICAL]],
                "farthest": [{"hash": row.hash, "text": beginning(row)} for row in farthest(of_group)],
                "languages": dict(Counter(row.language for row in of_group).most_common()),
            }
        )
    return topics, proposed


def _telling(names: Sequence[str], more: Floats) -> list[str]:
    """The words that are more frequent in a group than elsewhere, the most telling ones first."""
    first = np.argsort(-more, kind="stable")[:60]
    return [names[at] for at in first if more[at] > 0 and not names[at].startswith(IDEA)]


def farthest(group: Sequence[Row]) -> Sequence[Row]:
    """The mails of a group that belong to it least, the last of which least; its rows come from its centre outwards."""
    return group[TYPICAL:][-FARTHEST:]
