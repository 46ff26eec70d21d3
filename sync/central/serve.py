"""Running the office's processes: sockets, workers, a clean stop.

Rule 1: the socket is opened before anything else is begun: a taken port is one sentence, at once.
Rule 2: SIGTERM and SIGINT end it cleanly: no new connection is taken, what has begun is finished
(at most `GRACE` seconds), exit code 0. SIGKILL is harmless: what was answered was committed before.
Rule 3: workers are processes with nothing in common but the socket and the database. The database's
address goes to them in the environment, where `ps` does not show it.
"""

import contextlib
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from types import FrameType

import uvicorn
from uvicorn import supervisors

from sync.central import app, logs, metrics, office, patience, store
from sync.central.store import errors, migrate
from sync.central.store import office as founding

GRACE = 25
"""Seconds; a kiosk itself gives an answer up after 20."""
BACKLOG = 2048
HEAD_BYTES = 32 << 10
"""A request's head: a kiosk's has some 500."""
KEPT_ALIVE = 75
"""Seconds an idle connection is kept: a kiosk's heartbeat every 5 minutes is not worth one."""

log = logs.logger("office.serve")


def run(host: str, port: int, workers: int, database: str) -> None:
    """Serve until told to stop. Raises errors.Wrong: address or database will not do."""
    logs.configure(os.environ.get(app.LEVEL, "INFO"))
    _end_cleanly()
    with _listening(host, port) as listener:
        _prepare(database)
        os.environ[app.DATABASE] = database
        shown = listener.getsockname()
        log.info("serving", host=shown[0], port=shown[1], workers=workers, pid=os.getpid())
        config = _config(workers)
        with _shared_figures(workers):
            if workers == 1:
                server = uvicorn.Server(config)
                server.run(sockets=[listener])
                failed = not server.started
            else:
                supervisors.Multiprocess(config, [listener]).run()
                failed = False
    if failed:
        sys.exit(1)
    log.info("stopped", pid=os.getpid())


def _config(workers: int) -> uvicorn.Config:
    return uvicorn.Config(
        "sync.central.app:from_environment",
        factory=True,
        http=patience.Connection,
        workers=workers,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # the address of a caller behind a proxy on this machine is what that proxy says
        proxy_headers=True,
        timeout_keep_alive=KEPT_ALIVE,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=HEAD_BYTES,
        backlog=BACKLOG,
    )


def _prepare(database: str) -> None:
    """Look at the books once before any worker does; a SQLite file is brought up to date."""
    with store.open(database) as books:
        if books.sqlite:
            founding.found(books, office.now_ms())
        else:
            migrate.check(books)
        log.info("books open", at=books.url, office=books.office)


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
    except OSError as error:
        raise errors.Wrong(
            f"cannot listen at {host!r}: {error.strerror}; name an address of this machine"
        ) from None
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError as error:
            raise errors.Wrong(
                f"cannot listen at {host}:{port}: {error.strerror}; choose another --host or --port"
            ) from None
        listener.set_inheritable(True)
        yield listener


@contextlib.contextmanager
def _shared_figures(workers: int) -> Iterator[None]:
    """Give several workers a folder to add their figures up in."""
    if workers == 1:
        os.environ.pop(metrics.FOLDER, None)
        yield
        return
    folder = tempfile.mkdtemp(prefix="smiley-central-")
    os.environ[metrics.FOLDER] = folder
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end_cleanly() -> None:
    """Exit with 0 for a signal before the server stands, and for what it passes on at its end."""

    def end(_number: int, _frame: FrameType | None) -> None:
        logging.shutdown()
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
