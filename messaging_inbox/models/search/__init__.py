"""Search by words and phone numbers: mixins and index functions."""

from . import (
    folded_text,
    phones,
)
