"""The office's log: one JSON object a line on standard error, for a journal or a collector to keep.

Rule: a line names what happened to whom (kiosk, stream, numbers, times), never what was said: no
comment's text, no token, no code, no password, no cookie, no query string. Callers hand over names
and numbers only; as a second net `_masked` blanks the values of keys that could hold a secret.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from sync.central.store import errors

SECRET = (
    "token",
    "code",
    "password",
    "cookie",
    "authorization",
    "secret",
    "text",
    "body",
    "database",
)
_NEVER = "(not logged)"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def configure(level: str = "INFO") -> None:
    """Send everything, uvicorn's own lines included, as JSON to standard error.

    Raises errors.Wrong for a level that there is none of.
    """
    wanted = level.strip().upper() or "INFO"
    if wanted not in LEVELS:
        raise errors.Wrong(f"SMILEY_LOG_LEVEL={level!r} is no level: choose of {', '.join(LEVELS)}")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _masked,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_colour,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(wanted)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "sqlalchemy"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    # the requests are our own lines; migrations speak only when something is wrong
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("alembic").setLevel("WARNING")
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Give the logger of one room of the office; lines carry its name."""
    made: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return made


def _masked(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in line:
        if any(word in key.lower() for word in SECRET):
            line[key] = _NEVER
    return line


def _without_colour(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    # uvicorn hands a second, coloured copy of each message along
    line.pop("color_message", None)
    return line
