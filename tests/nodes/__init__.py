"""Two Odoo nodes behind nginx, people who write, and the ledger of what became of it.

`make bench-nodes`, `make faults` and the fault tests share them.
"""
