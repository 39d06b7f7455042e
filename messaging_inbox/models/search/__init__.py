"""Finding records by words and numbers: mixins, and functions for indexes."""

from . import (
    folded_text,
    phones,
)
