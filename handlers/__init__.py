"""What people can do here: one file per conversation, each read top-down in the order it is held."""
