"""Channels against the strict servers of the worlds they speak to."""
