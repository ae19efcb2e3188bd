"""What happens to a machine: copied, stopped, full, locked, forgotten."""
