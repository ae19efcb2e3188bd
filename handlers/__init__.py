"""What people can do here: one file per conversation, each read top-down in the order it is held.

::

    routes.py       the table: role × words × step → handler; read it first
    contract.py     Context in, Outcome out
    inquiries/      a reporter asks, and follows their cases
    answering/      a unit answers: taking on, drafting, approving, sending, refusing, passing on
    matters/        something has happened: opened, timed, spoken about, closed
    people/         coming in, posts, mandates, absences, leaving
    directory/      who speaks for whom: looked up, cared for, changed by decision
    releases/       written once, sent to whoever wants them
    clocks/         what the clock brings, and why it is set as it is
    evidence/       what is kept, covered, erased, reported, put on paper

What stands beside the rooms is shared by them, or is the press office's own desk (`officer.py`). Flows do not import flows.
"""
