"""Refuse a wrong Python in one sentence, then hand over. Older Pythons parse this."""

import sys

if not (3, 10) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "Odoo 19 needs Python 3.10 to 3.13, and this is Python %d.%d: run"
        " `make PYTHON=/path/to/python3.12 <target>`." % sys.version_info[:2]
    )

from tools.dev.commands import main

sys.exit(main(sys.argv[1:]))
