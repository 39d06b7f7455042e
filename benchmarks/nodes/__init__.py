"""`make bench-nodes`: two Odoo nodes behind nginx, one of them always restarting."""
