"""`make faults`: breaks things again and again under load, and counts what is lost.

`registry.py` has the faults, a file per subject registers them, `ground.py` is what
they break, `campaign.py` runs one, and `__main__.py` prints the table.
"""
