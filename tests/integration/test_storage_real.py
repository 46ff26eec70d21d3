"""A journal on a real file system that takes only part of a line."""

import subprocess
import sys
from pathlib import Path

from sync.buffer import storage

WRITING = """
import resource, signal, sys
from sync.buffer import errors, storage
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
db = storage.JournalDB(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
taken = []
for number in range(100):
    try:
        db.insert({"number": number})
        taken.append(number)
    except errors.Card as error:
        if "File too large" not in str(error):
            raise
        if number > 60:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(*taken)
"""


def test_a_file_that_takes_part_of_a_line(tmp_path: Path) -> None:
    """The kernel writes half a line and refuses the rest: what was taken is there, and goes on."""
    path = tmp_path / "db"
    done = subprocess.run(
        [sys.executable, "-c", WRITING, str(path)], capture_output=True, text=True, check=True
    )
    taken = [int(word) for word in done.stdout.split()]
    assert 5 < len(taken) < 95
    assert taken[-1] == 99
    with storage.JournalDB(str(path)) as db:
        assert [document["number"] for document in db] == taken
        assert isinstance(db.storage, storage.JournalStorage)
        assert db.storage.damaged == []
