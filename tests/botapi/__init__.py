"""A strict Bot API server for tests: it refuses whatever the published API does not promise, and records what it accepted."""
