"""The product with another number of calls in flight: `python -m tests.bench.narrowed NUMBER run`."""

import sys

from bot import flight
from bot.__main__ import main

if __name__ == "__main__":
    flight.IN_FLIGHT = int(sys.argv.pop(1))
    main()
