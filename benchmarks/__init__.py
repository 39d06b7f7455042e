"""Measures the addon against Odoo itself, both in one run: `make bench`."""
