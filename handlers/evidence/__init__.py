"""What is kept, covered, erased, reported and put on paper."""
