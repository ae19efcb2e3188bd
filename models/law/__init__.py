"""The law as dated data: packs, the calendar, and how a clock is counted and explained."""
