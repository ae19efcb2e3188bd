"""A reporter asks: from the first words to the open case, and everything they may do with it afterwards."""
