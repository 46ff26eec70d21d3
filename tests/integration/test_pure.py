"""What calls itself PURE is: it decides, and others do."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOING = {"os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess"}
DOING |= {"threading", "time", "asyncio", "select", "signal", "shutil", "tempfile", "uuid"}


def module(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {
    module(path): ast.parse(path.read_text(encoding="utf-8"))
    for top in ("kiosk", "sync")
    for path in sorted((ROOT / top).rglob("*.py"))
}
# the shared words are pure as a whole (house rule), whether a module of theirs says so or not
WORDS = {name for name in TREES if name.startswith("sync.feedback")}
PURE = {
    name for name, tree in TREES.items() if re.search(r"\bPURE\b", ast.get_docstring(tree) or "")
}


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports, at its head or later."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{name.name}" for name in node.names]
            modules = [name for name in inner if name in TREES]
            yield from modules or [node.module]


def test_there_are_many() -> None:
    """The test sees the modules that the house rules name."""
    named = {
        "kiosk.session",
        "sync.uplink.protocol",
        "sync.uplink.backoff",
        "sync.central.guessing",
    }
    assert named <= PURE
    assert len(PURE) >= 30


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_module_imports_what_is_pure(name: str) -> None:
    """The standard library without clock, chance, thread, socket and file; msgspec; each other."""
    for found in imported(TREES[name]):
        top = found.split(".", maxsplit=1)[0]
        if top in ("kiosk", "sync"):
            assert found in PURE | WORDS, f"{name} imports {found}, which does not say PURE"
        else:
            assert top not in DOING, f"{name} imports {found}"
            assert top == "msgspec" or top in sys.stdlib_module_names, f"{name} imports {found}"
