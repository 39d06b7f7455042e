"""What the practice phone says when it is asked for something impossible."""


class Refused(Exception):
    """The caller of the control API is told why, in one sentence."""

    def __init__(self, sentence, status=400):
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
