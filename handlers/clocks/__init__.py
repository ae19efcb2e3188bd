"""What the clock brings, and why it is set as it is."""
