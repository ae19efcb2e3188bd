"""What exists in a press office: tables with their own rules, and every query.

::

    law/            the law as dated data: packs, the calendar, counting and explaining
    clocks/         clocks that run, their ladders, who is told at night
    casework/       questions, matters, and what may happen to them
    people/         who takes part, and who may speak
    directory/      units and outlets, dated
    routing/        from a question to the unit that answers; pure
    messages/       what comes in and goes out
    evidence/       the chained log, the words and files it names
    reports/        counted from the log
    migrations/     how older databases become this one

`store.py` is what all rows share, `content.py` the only reader of `content/`, `office.py` everything read from it.
"""
