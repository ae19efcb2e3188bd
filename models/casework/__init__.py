"""What an office works on: questions, matters, and everything that may happen to them."""
