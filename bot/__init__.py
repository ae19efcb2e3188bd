"""The machine, in the order a message travels.

::

     Telegram ─┐                                                       ┌─▶ Telegram
     Zalo ─────┤          one transaction per message                  ├─▶ Zalo
     web chat ─┼─▶ INBOX ─▶ dispatcher ─▶ route ─▶ handler ─▶ OUTBOX ─▶ sender
     console ──┤                │                    │                 ├─▶ web chat
     clock ────┘                │      domain rows + exchange entries  └─▶ e-mail
          ▲                     └──────────────────────────┘
          └──────── delivery failures come back as inbox messages ◀──── sender

Models are true, handlers decide, bot makes it happen. `entrance.py` lets messages in as soon as the database is open, `app.py` puts
the parts behind it together; in order a message meets `channels/`, `inbox.py`, `dispatcher.py`, `handling.py`, `recording.py`, `outbox.py`, `sender.py`. Beside its way: `web/` (pages), `commands/` (the command line),
`dossier/`, `papers/`, `sheets/` (what leaves as a file), `storage/` (the database and the disk), `watch/` (whether it runs), `year/` (the demo's).
"""
