"""Several actions at the same instant."""

import threading


def at_once(*actions):
    """Run all actions at the same instant; return what each returned, or its error."""
    barrier, outcomes = threading.Barrier(len(actions)), [None] * len(actions)

    def one(index, action):
        barrier.wait()
        try:
            outcomes[index] = action()
        except Exception as error:
            outcomes[index] = error

    threads = [threading.Thread(target=one, args=item) for item in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return outcomes
