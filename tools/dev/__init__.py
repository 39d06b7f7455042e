"""The development environment: gets Odoo 19, PostgreSQL and Chromium, runs and checks.

It needs only the standard library, so it works on a bare machine:
`python3 -m tools.dev <command>`. Its output is in `.dev/`.
"""
