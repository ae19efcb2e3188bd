"""One outside world each. Adding a channel: `docs/channels.md`."""
