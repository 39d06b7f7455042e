"""The development environment: gets Odoo 19, PostgreSQL and Chromium, runs and checks.

Needs nothing but the standard library, so that it works before anything is there:
`python3 -m tools.dev <command>`. What it makes lies in `.dev/`.
"""
