"""Assignees and availability, as the screen shows them."""

ALBA, BRUNO = "Alba Agent", "Bruno Agent"


def set_available(person, available):
    person.call("res.users", "action_messaging_set_available", [person.id], available)


def picker(screen):
    return screen.page.locator(".o-messaging-AssigneeMenu")


def choose(screen, text):
    screen.page.locator(".o-messaging-Assignee").click()
    picker(screen).get_by_text(text, exact=True).click()


def in_picker(screen, text):
    return picker(screen).locator(".dropdown-item", has_text=text)


def available_dot(place):
    return place.locator(".o-messaging-Availability-dot.o-available")
