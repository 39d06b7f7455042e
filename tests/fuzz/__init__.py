"""Fuzzing: what strangers can send us never ends in a crash.

``python -m tests.fuzz`` (``make fuzz``) runs everything for long, with libFuzzer. The
short form is part of ``make test``: tests/unit/test_fuzz.py and
messaging_inbox/tests/fuzz/.
"""
