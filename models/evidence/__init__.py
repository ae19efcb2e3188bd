"""What proves what was said: the chained log, the words and files it names, and what may be covered or erased."""
