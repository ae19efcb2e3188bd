"""The least that verifies a chain: bare sqlite3 and hashlib over the same rows. `python -m tests.bench.peers.bare_verify FILE`."""

import hashlib
import sqlite3
import sys
import time
from contextlib import closing


def main() -> None:
    """Print how many entries a second."""
    begun, last, count = time.perf_counter(), "0" * 64, 0
    with closing(sqlite3.connect(sys.argv[1])) as database:
        for prev_hash, here, entry in database.execute("SELECT prev_hash, hash, entry FROM exchange_entry ORDER BY seq"):
            digest = hashlib.sha256(entry.encode()).digest()
            assert prev_hash == last
            assert hashlib.sha256(bytes.fromhex(prev_hash) + digest).hexdigest() == here
            last, count = here, count + 1
    print(count / (time.perf_counter() - begun))


if __name__ == "__main__":
    main()
