"""The numbers on the screen, compared with the server's."""

from tests.waiting import eventually

# All in one call: between two calls the screen may change.
NUMBERS = """() => Object.fromEntries(
    ["mine", "unassigned", "others"].map((section) => {
        const header = document.querySelector(`[data-section=${section}]`);
        const places = [".o-messaging-Section-total", ".o-messaging-Badge"];
        const numbers = places.map((one) => header.querySelector(one)?.innerText);
        return [section, numbers.map((number) => number ?? "0")];
    })
)"""


def numbers(screen):
    """Return the numbers in the sections' headers: {section: [total, unread]}."""
    return screen.page.evaluate(NUMBERS)


def counted(person):
    """Return the same as `numbers`, by RPC."""
    answer = person.call("messaging.conversation", "inbox_counters")
    text = {100: "99+"}
    return {
        section: [
            text.get(count, str(count))
            for count in (answer["totals"][section], answer[section])
        ]
        for section in ("mine", "unassigned", "others")
    }


def expect_same_numbers(screen, person):
    eventually(lambda: numbers(screen) == counted(person), what="the same numbers")


def expect_same_badges(person, systray, *pages):
    """Expect the server's number in the systray and in the titles."""

    def same():
        badge = person.call("messaging.conversation", "inbox_counters")["badge"]
        text = {0: "", 100: "99+"}.get(badge, str(badge))
        marks = [page.title().startswith(f"({badge})") for page in pages]
        return systray.inner_text().strip() == text and all(
            mark == bool(badge) for mark in marks
        )

    eventually(same, what="the server's number in the systray and the titles")
