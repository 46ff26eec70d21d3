"""The office as one ASGI application. The only file that knows all the others."""

import asyncio
import contextlib
import importlib.resources
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from concurrent import futures

from litestar import Litestar, datastructures
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from sync.central import collector, logs, office, store
from sync.central.pages import log_in, overview
from sync.central.store import errors
from sync.central.web import answers, api, envelope, figures, openapi, operations

DATABASE = "SMILEY_DATABASE"
THREADS = 20
LEVEL = "SMILEY_LOG_LEVEL"
AN_HOUR = datastructures.CacheControlHeader(public=True, max_age=3600)

CALLS = [
    api.enrol,
    api.roll,
    api.batch,
    api.heartbeat,
    api.config,
    figures.completeness,
    operations.health,
    operations.ready,
    operations.figures,
]
PAGES = [overview.page, log_in.page, log_in.log_in, log_in.log_out]


def create(at: office.Office, *, closing: bool = False) -> ASGIApp:
    """Compose an office around its books; `closing`: they are closed when it stops.

    The last worker that closes a SQLite file leaves nothing beside it.
    """
    folder = str(importlib.resources.files("sync.central").joinpath("static"))
    static = create_static_files_router("/static", [folder], cache_control=AN_HOUR)
    with contextlib.suppress(errors.Error):
        _ = at.id  # known from now on, also while the database is away
    app = Litestar(
        route_handlers=[*CALLS, *openapi.ROUTES, *PAGES, static],
        exception_handlers={Exception: answers.to_exception},
        openapi_config=None,
        logging_config=None,
        on_startup=[_threads],
        on_shutdown=[at.store.close] if closing else [],
        state=datastructures.State({"office": at}),
        # web.bodies reads bodies, within the limits of each call
        request_max_body_size=None,
    )
    return envelope.Envelope(app, at)


async def _threads() -> None:
    """Give the work with the books its threads: no more than there are connections to it."""
    pool = futures.ThreadPoolExecutor(THREADS, "books")
    asyncio.get_running_loop().set_default_executor(pool)


def from_environment() -> ASGIApp:
    """Compose the office that the environment names: what each worker process calls."""
    logs.configure(os.environ.get(LEVEL, "INFO"))
    collector.look_rarely()
    if supervisor := multiprocessing.parent_process():
        threading.Thread(target=_end_after, args=(supervisor.sentinel,), daemon=True).start()
    return create(office.Office(store.open(os.environ[DATABASE])), closing=True)


def _end_after(sentinel: int) -> None:
    """End this worker, cleanly, when its supervisor is gone: killed, it tells nobody to stop."""
    multiprocessing.connection.wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
