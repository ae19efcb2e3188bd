"""What exists in a press office: tables with their own rules, and every query."""
