"""How many messages the conversations have, and when they were written.

Few conversations have very many messages, and many have few: sizes follow Zipf's law.
Messages come in bursts, by day, and more of them lately than long ago.
"""

from array import array
from dataclasses import dataclass
from math import log
from random import Random

DAY = 86_400
YEARS = 730 * DAY
# Two conversations that measurements compare: the first and the second one.
LONGEST, FIFTY = 0, 1
LONGEST_SHARE = 40
SIZE_OF_FIFTY = 50
FEWEST = 2
EXPONENT, OFFSET = 0.9, 20
# Messages in a burst, on average, and the seconds between two of them.
BURST = 8
PAUSES = tuple(int(5 - 150 * log(1 - n / 1024)) for n in range(1024))
# A key holds the time of a message and, in so many bits, its conversation.
BITS = 20


@dataclass(frozen=True)
class Size:
    """How many conversations there are, and messages in all of them together."""

    conversations: int
    messages: int


@dataclass(frozen=True)
class Plan:
    """When all messages were written.

    ``ages[n]``: how many seconds ago the messages of conversation ``n`` were written,
    the oldest first. ``order``: the conversation of each message, the oldest first.
    """

    ages: list
    order: array


def sizes(size):
    """Return how many messages each conversation has.

    The first has one in 40 of all messages, and the second has 50.
    """
    first = [size.messages // LONGEST_SHARE, SIZE_OF_FIFTY]
    count = size.conversations - len(first)
    spare = size.messages - sum(first) - FEWEST * count
    if spare < 0:
        raise ValueError(f"{size} has too few messages for its conversations.")
    weights = [(rank + OFFSET) ** -EXPONENT for rank in range(count)]
    each = spare / sum(weights)
    others = [FEWEST + int(each * weight) for weight in weights]
    for place in range(size.messages - sum(first) - sum(others)):
        others[place % count] += 1
    return first + others


def make_plan(size, seed):
    """Return the Plan of a size: the same for the same seed."""
    random = Random(f"plan {seed}")
    counts = sizes(size)
    others = counts[2:]
    random.shuffle(others)
    ages, keys = [], []
    for number, count in enumerate(counts[:2] + others):
        birth, end = (YEARS, 0) if number in (LONGEST, FIFTY) else _life(random)
        own = _ages(random, count, birth, end)
        ages.append(array("i", own))
        keys += [(age << BITS) | number for age in own]
    keys.sort(reverse=True)
    mask = (1 << BITS) - 1
    return Plan(ages, array("i", [key & mask for key in keys]))


def _life(random):
    """Return how many seconds ago a conversation began, and came to its end."""
    birth = int(YEARS * random.random() ** 1.7)
    return birth, int(birth * random.random() ** 1.5)


def _ages(random, count, birth, end):
    """Return how many seconds ago messages were written, the oldest first."""
    draw, found = random.random, []
    start = birth
    while len(found) < count:
        age = _by_day(start)
        burst = 1 + int(random.expovariate(1 / BURST))
        for _ in range(min(burst, count - len(found))):
            found.append(age)
            age += PAUSES[int(1024 * draw())]
        start = end + int((birth - end) * draw())
    found.sort(reverse=True)
    return found


def _by_day(age):
    """Move a night to the day after it: the moment is the end of a working day."""
    return age - 10 * 3600 if age % DAY > 14 * 3600 else age
