"""Runs every benchmark of this folder and prints one table of ratios; writes bench.json as well.

Each ``bench_*.py`` has a function ``run()`` that returns entries by name, each of the shape
``{"value": …, "goal": …, "better": "lower" | "higher", "against": "what it is divided by"}``.
Every module runs in a process of its own, so that none inherits another's memory or caches. A
benchmark that ends badly is named and the run goes on; the exit code is 1 then. A goal missed is
shown, and is no failure: times move with the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
OUTPUT = Path("bench.json")


def run_module(path: Path) -> dict[str, dict[str, Any]]:
    """One benchmark module's entries, measured in a fresh process."""
    code = (
        "import importlib.util, json, sys;"
        "spec = importlib.util.spec_from_file_location('bench', sys.argv[1]);"
        "module = importlib.util.module_from_spec(spec); sys.modules['bench'] = module;"
        "spec.loader.exec_module(module);"
        "print('\\n' + json.dumps(module.run()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True, check=True
    )
    entries: dict[str, dict[str, Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return entries


def reached(entry: dict[str, Any]) -> str:
    """Whether the goal is reached, in a word; empty where there is none."""
    if entry.get("goal") is None:
        return ""
    value, goal = float(entry["value"]), float(entry["goal"])
    good = value <= goal if entry.get("better", "lower") == "lower" else value >= goal
    return "yes" if good else "no"


def table(entries: dict[str, dict[str, Any]]) -> Table:
    """The entries as people read them."""
    result = Table(title="benchmarks: ratios measured in one run")
    for heading in ("figure", "value", "goal", "reached", "against"):
        result.add_column(heading, justify="right" if heading in {"value", "goal"} else "left")
    for name, entry in sorted(entries.items()):
        sign = "≤" if entry.get("better", "lower") == "lower" else "≥"
        goal = "" if entry.get("goal") is None else f"{sign} {entry['goal']:g}"
        result.add_row(
            name, f"{entry['value']:.4g}", goal, reached(entry), str(entry.get("against", ""))
        )
    return result


def main(words: list[str]) -> int:
    """Run the benchmarks whose file name holds one of the words; all without words."""
    console = Console()
    entries: dict[str, dict[str, Any]] = {}
    failed: list[str] = []
    for path in sorted(HERE.glob("bench_*.py")):
        if words and not any(word in path.stem for word in words):
            continue
        console.print(f"[dim]{path.stem} …[/dim]")
        try:
            entries.update(run_module(path))
        except (subprocess.CalledProcessError, ValueError, IndexError) as error:
            failed.append(path.stem)
            console.print(f"{path.stem} did not finish: {error}", style="red")
    OUTPUT.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(table(entries))
    console.print(f"also in {OUTPUT}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
