"""Templates: messages written in advance, which a provider may have to approve."""

from . import (
    template,
    binding,
    rules,
    sending,
    editing,
    sample_file,
    submission,
    sync,
)
