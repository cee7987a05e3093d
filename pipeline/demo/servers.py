"""The mail servers of `firstline demo`, inside our own process: nothing to install, nothing to configure.

Both run on free ports of the loopback address and forget everything when they stop. The tests use them too. They need
the extra `demo` (pymap and aiosmtpd).
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import ssl
import threading
import weakref
from abc import ABC, abstractmethod
from argparse import Namespace
from collections.abc import Coroutine, Mapping, MutableSet
from datetime import UTC, datetime
from typing import Any, Self, TypeVar
from uuid import uuid4

from pipeline.demo.delivery import ACCEPT, Accepted, Behaviour
from pipeline.errors import FirstlineError

HOST = "127.0.0.1"

T = TypeVar("T")


def _missing(error: ImportError) -> FirstlineError:
    return FirstlineError(
        f"the package '{(error.name or '').partition('.')[0]}' is not installed",
        where="firstline demo",
        remedy="install Firstline with its extra: pip install 'firstline[demo]'",
    )


class LoopThread(ABC):
    """A thread with an event loop of its own, for one asyncio server."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: asyncio.Server | None = None
        self.lines: MutableSet[asyncio.BaseTransport] = weakref.WeakSet()  # to be ended with the server
        self.port = 0

    def start(self) -> Self:
        """Listens when it returns; `port` says where."""
        loop = self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=loop.run_forever, name=type(self).__name__, daemon=True)
        self._thread.start()
        try:
            self._server = self.run(self._listen())
        except BaseException:
            self.stop()
            raise
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        """Ends every connection and the thread."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._wind_down(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(10)
        loop.close()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Has the server's own thread do something, and waits for it."""
        if self._loop is None:
            work.close()
            raise RuntimeError("the server is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    async def _listen(self) -> asyncio.Server:
        """Begins to accept connections."""

    async def _wind_down(self) -> None:
        await asyncio.sleep(0.01)  # what is just being accepted becomes a connection, which can be ended
        if self._server:
            self._server.close()
        me = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not me]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for line in list(self.lines):
            if isinstance(line, asyncio.WriteTransport):
                line.abort()
        await asyncio.sleep(0.01)  # the loop closes their sockets in its next rounds
        await asyncio.get_running_loop().shutdown_default_executor()


class EmbeddedImap(LoopThread):
    """pymap, an IMAP server that keeps its mail in memory: IDLE, MOVE and UIDPLUS, but no keywords and no NAMESPACE."""

    def __init__(self, users: Mapping[str, str] | None = None) -> None:
        """`users`: name → password."""
        super().__init__()
        self.users = dict(users or {"support@example.com": "demo"})
        self._config: Any = None  # of pymap, which is loaded when it is needed; so below
        self._login: Any = None
        self._at_work: set[asyncio.Task[object]] = set()

    def add_user(self, name: str, password: str) -> None:
        """One more user with an empty mailbox, while it runs."""
        self.run(self._add_user(name, password))

    def deliver(self, raw: bytes, internaldate: datetime | None = None, user: str = "", folder: str = "INBOX") -> int:
        """Puts a message into a mailbox (the first user's, unless named), as now, and returns its UID."""
        return self.run(self._deliver(raw, internaldate or datetime.now(UTC), user or next(iter(self.users)), folder))

    async def _deliver(self, raw: bytes, when: datetime, user: str, folder: str) -> int:
        from pymap.parsing.message import AppendMessage

        self._config.apply_context()
        async with self._identity(user).new_session() as session:
            done, _ = await session.append_messages(folder, [AppendMessage(raw, when)])
            return int(next(iter(done.uids)))

    def _identity(self, user: str) -> Any:
        from pymap.backend.dict import Identity

        return Identity(user, self._login, None, frozenset())

    async def _listen(self) -> asyncio.Server:
        try:
            from proxyprotocol.result import ProxyResultLocal
            from proxyprotocol.sock import SocketInfo
            from pymap.backend.dict import DictBackend
            from pymap.concurrent import Subsystem
            from pymap.imap import IMAPServer
            from pysasl.hashing import BuiltinHash
        except ImportError as error:
            raise _missing(error) from error
        logging.getLogger("pymap").setLevel(logging.CRITICAL)  # it logs every client that hangs up
        name, password = next(iter(self.users.items()))
        backend, self._config = await DictBackend.init(
            _arguments(name, password),
            invalid_user_sleep=0.0,
            # Slow hashes protect passwords on a disk; these never leave the memory, and need no threads of their own.
            hash_context=BuiltinHash(rounds=1),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._config.apply_context()
        self._login = backend.login
        for name, password in list(self.users.items())[1:]:
            await self._add_user(name, password)
        serve = IMAPServer(backend.login, self._config)

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.lines.add(writer.transport)
            peer = SocketInfo.get(writer, ProxyResultLocal(), unique_id=uuid4().bytes)
            # Python 3.13 may collect a connection's task while it waits, unless somebody holds on to it.
            task = asyncio.get_running_loop().create_task(serve(reader, writer, peer))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

        return await asyncio.start_server(connected, HOST, 0)

    async def _add_user(self, name: str, password: str) -> None:
        from pymap.user import Passwords, UserMetadata

        hashed = await Passwords(self._config).hash_password(password)
        await self._identity(name).set(UserMetadata(self._config, name, password=hashed))


def _arguments(name: str, password: str) -> Namespace:
    """What pymap's command line would have made of `pymap --no-tls dict --demo-user NAME --demo-password PASSWORD`."""
    return Namespace(
        demo_user=name,
        demo_password=password,
        demo_data=False,
        tls=False,
        host=None,
        port="0",
        cert=None,
        key=None,
        proxy_protocol=None,
        inherited_sockets=None,
        passlib_cfg=None,
        debug=False,
    )


class EmbeddedSmtp(LoopThread):
    """aiosmtpd as a server that takes every message and keeps it; or does what `behaviour` says."""

    def __init__(
        self,
        behaviour: Behaviour | None = None,
        *,
        users: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        immediate_tls: bool = False,
        smtputf8: bool = True,
        pipelining: bool = True,
        chunking: bool = False,
    ) -> None:
        """`users`: who may log in, and then everybody must. `tls`: an SSLContext: for STARTTLS, or `immediate_tls`."""
        super().__init__()
        self.behaviour = behaviour
        self.users: Mapping[str, str] = dict(users or {})
        self.tls, self.immediate_tls, self.smtputf8, self.pipelining = tls, immediate_tls, smtputf8, pipelining
        self.chunking = chunking
        self.accepted: list[Accepted] = []
        self.connections = 0
        self._changed = threading.Condition()

    def wait_for(self, count: int, seconds: float = 10.0) -> list[Accepted]:
        """All accepted messages, as soon as there are `count`, or when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.accepted) >= count, seconds)
            return list(self.accepted)

    def keep(self, message: Accepted) -> None:
        """Adds a message to those accepted, and wakes who waits for it. Any thread."""
        with self._changed:
            self.accepted.append(message)
            self._changed.notify_all()

    async def ask(self, stage: str, argument: str) -> str:
        """What `behaviour` says to this stage."""
        answer = self.behaviour(stage, argument) if self.behaviour else ACCEPT
        return await answer if inspect.isawaitable(answer) else answer

    async def _listen(self) -> asyncio.Server:
        try:
            from pipeline.demo.conversation import Conversation
        except ImportError as error:
            raise _missing(error) from error
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd logs every line
        loop = asyncio.get_running_loop()
        tls = self.tls if self.immediate_tls else None
        return await loop.create_server(lambda: Conversation(self, loop), HOST, 0, ssl=tls)
