"""`make bench` measures the addon against Odoo itself, both in one run."""
