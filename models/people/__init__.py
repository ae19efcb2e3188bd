"""Who takes part: people and their accounts, posts, mandates and ways in."""
