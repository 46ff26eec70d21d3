"""The whole API against its own description, with bodies and headers that nobody would think of."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from sync.central import people, store
from sync.central.web import openapi
from sync.feedback import wire
from tests import conftest, databases, office_process

schema = schemathesis.openapi.from_dict(openapi.described())
EXAMPLES = 300 if conftest.FULL else 30
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.unsupported_method,
    openapi_checks.allow_header_conformance,
    openapi_checks.ignored_auth,
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running office; gives its address and the headers of a kiosk and of a program."""
    folder = tmp_path_factory.mktemp("schema")
    with databases.sqlite(folder) as fresh:
        database = fresh()
        with store.open(database) as books:
            key = people.add_key(books, "test", "reader", databases.NOW)
        words = ("kiosk", "add", "--site", "Lund", "--touchpoint", "Exit A")
        code = office_process.central(*words, database=database).stdout.strip()
        token = secrets.token_hex(32)
        with office_process.office(database, folder) as running:
            message = {"format": 1, "code": code, "token": token}
            answer = requests.post(running.url + wire.ENROLMENTS, json=message, timeout=10)
            assert answer.status_code == 201
            yield {
                "url": running.url,
                openapi.KIOSK: {"Authorization": f"Bearer {token}"},
                openapi.OFFICE: {"Authorization": f"Bearer {key}"},
                openapi.NOBODY: {},
            }


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_to_its_description(
    case: schemathesis.Case[Any], office: dict[str, Any]
) -> None:
    """Whatever is sent, no answer is a 5xx or anything that the description does not have."""
    who = {(call.path, call.method): call.who for call in openapi.CALLS}
    headers = office[who[case.path, case.operation.method.lower()]]
    answer = case.call_and_validate(
        base_url=office["url"], headers=headers, checks=CHECKS, timeout=20
    )
    assert answer.status_code < 500
