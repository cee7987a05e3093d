"""The accounts of the desk, and the links that let somebody choose a password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import RowMapping

from pipeline.errors import NotFoundError
from pipeline.records.account import Account, DeskRole
from pipeline.store.database import Database, upsert
from pipeline.store.schema_desk import account as table
from pipeline.store.schema_desk import invitation


class Accounts:
    """The tables `account` and `invitation`. Addresses are in lower case here."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Account]:
        """By address."""
        with self.database.reading() as connection:
            return [_account(row) for row in connection.execute(select(table).order_by(table.c.address)).mappings()]

    def find(self, address: str) -> Account | None:
        """None where there is none."""
        with self.database.reading() as connection:
            row = connection.execute(select(table).where(table.c.address == address)).mappings().one_or_none()
        return _account(row) if row else None

    def get(self, address: str) -> Account:
        """The same. Raises NotFoundError."""
        found = self.find(address)
        if found is None:
            raise _nobody(address)
        return found

    def password_of(self, address: str) -> str:
        """The hash of a password; '' where there is none."""
        with self.database.reading() as connection:
            return connection.execute(select(table.c.password).where(table.c.address == address)).scalar() or ""

    def add(self, new: Account) -> bool:
        """Whether it is new: one that is there stays as it is."""
        values = {"address": new.address, "name": new.name, "role": new.role.value, "created": new.created}
        with self.database.writing() as connection:
            statement = upsert(connection, table).values(values).on_conflict_do_nothing().returning(table.c.address)
            return connection.execute(statement).first() is not None

    def change(
        self, address: str, *, role: DeskRole | None = None, name: str | None = None, language: str | None = None
    ) -> None:
        """None leaves it as it is. Raises NotFoundError."""
        given = {"role": role.value if role else None, "name": name, "language": language}
        self._set(address, {key: value for key, value in given.items() if value is not None})

    def set_password(self, address: str, hashed: str) -> None:
        """Raises NotFoundError."""
        self._set(address, {"password": hashed})

    def disable(self, address: str, since: datetime | None) -> None:
        """None: they may sign in again. Raises NotFoundError."""
        self._set(address, {"disabled": since})

    def note_signed_in(self, address: str, now: datetime) -> None:
        """Raises NotFoundError."""
        self._set(address, {"signed_in": now})

    def count_of(self, role: DeskRole) -> int:
        """How many of this role may sign in."""
        able = (table.c.role == role.value, table.c.disabled.is_(None))
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(table).where(*able)).scalar_one()

    def invite(self, address: str, hashed: str, expires: datetime, now: datetime) -> None:
        """Keeps a new link by the hash of its secret; earlier ones of this account are good no more."""
        earlier = (invitation.c.account == address, invitation.c.used.is_(None))
        with self.database.writing() as connection:
            connection.execute(update(invitation).where(*earlier).values(used=now))
            connection.execute(insert(invitation).values(id=hashed, account=address, expires=expires, used=None))

    def invited(self, hashed: str, now: datetime) -> Account | None:
        """Whom a link that is still good is for."""
        good = (invitation.c.id == hashed, invitation.c.used.is_(None), invitation.c.expires > now)
        with self.database.reading() as connection:
            address = connection.execute(select(invitation.c.account).where(*good)).scalar()
        found = self.find(address) if address else None
        return found if found and found.disabled is None else None

    def use_invitation(self, hashed: str, now: datetime) -> str:
        """Takes it, once: the account, '' when it is good no more. One conditional UPDATE: of two only one has it."""
        good = (invitation.c.id == hashed, invitation.c.used.is_(None), invitation.c.expires > now)
        with self.database.writing() as connection:
            statement = update(invitation).where(*good).values(used=now).returning(invitation.c.account)
            return connection.execute(statement).scalar() or ""

    def _set(self, address: str, values: dict[str, object]) -> None:
        if not values:
            return
        with self.database.writing() as connection:
            if connection.execute(update(table).where(table.c.address == address).values(values)).rowcount == 0:
                raise _nobody(address)


def _nobody(address: str) -> NotFoundError:
    return NotFoundError("there is no such account", where=address, remedy="see `firstline user list`")


def _account(row: RowMapping) -> Account:
    given = {name: row[name] for name in ("address", "name", "language", "disabled", "created", "signed_in")}
    return Account(role=DeskRole(row["role"]), has_password=bool(row["password"]), **given)
