"""A unit answers: taking on, drafting, approving, sending, refusing, passing on, and being asked to look again."""
