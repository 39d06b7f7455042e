"""Refusals of the control API."""


class Refused(Exception):
    """A refusal whose reason is one sentence for the caller."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
