"""Clocks that run: when they ring, and who is told, also at night and when somebody is away."""
