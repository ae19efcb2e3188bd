"""What phatngon is measured against, each a small program of its own: `python -m tests.bench.peers.NAME URL TOKEN …`."""
