"""What may be changed without a programmer: sentences, rules, topics, units. Read only by `models.content`."""
