"""The table `promise` and its record: from one to the other."""

from __future__ import annotations

from sqlalchemy.engine import RowMapping

from pipeline.records.promise import PromiseKind, PromiseState, WatchedPromise

_SAME = tuple("mail_id number ticket given due kept kept_by told warned look".split())


def promise_of(row: RowMapping) -> WatchedPromise:
    """A row as a record."""
    same = {name: row[name] for name in _SAME}
    return WatchedPromise(**same, kind=PromiseKind(row["kind"]), state=PromiseState(row["state"]))


def columns_of(promise: WatchedPromise) -> dict[str, object]:
    """A record as a row."""
    same = {name: getattr(promise, name) for name in _SAME}
    return {**same, "kind": promise.kind.value, "state": promise.state.value}
