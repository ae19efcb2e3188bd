"""What must be true of the models."""
