"""Matters: opened, timed, shown, spoken about, closed."""
