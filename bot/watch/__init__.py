"""Watching that it runs: beats, figures, lost work, what can be known to be wrong, and the daily head that proves it."""
