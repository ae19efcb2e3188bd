"""The machine, in the order a message travels.

::

     Telegram ─┐                                                       ┌─▶ Telegram
     Zalo ─────┤          one transaction per message                  ├─▶ Zalo
     web chat ─┼─▶ INBOX ─▶ dispatcher ─▶ route ─▶ handler ─▶ OUTBOX ─▶ sender
     console ──┤                │                    │                 ├─▶ web chat
     clock ────┘                │      domain rows + exchange entries  └─▶ e-mail
          ▲                     └──────────────────────────┘
          └──────── delivery failures come back as inbox messages ◀──── sender

Models are true, handlers decide, bot makes it happen.
"""
