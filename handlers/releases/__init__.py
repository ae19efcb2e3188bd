"""Releases: written once, sent to whoever wants them, accounted for."""
