"""What must be true of the machine around the models."""
