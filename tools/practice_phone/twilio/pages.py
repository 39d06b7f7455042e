"""Lists of Twilio's newer APIs, in pages with a `meta`."""

from urllib.parse import urlencode

from .errors import TwilioError

WORDS = {"PageSize": (50, 1, 1000), "Page": (0, 0, 10**6)}


def check_query(request, words=()):
    """Refuse query parameters other than these and those of paging."""
    unknown = set(request.query_params) - {*WORDS, *words, "PageToken"}
    if unknown:
        raise TwilioError(20001, f"Unknown parameter '{sorted(unknown)[0]}'")


def page(request, product, key, rows, make, words=()):
    """Return a page of rows, with links to `{product}.twilio.com`.

    `words` are the list's own parameters, which its links keep.
    """
    check_query(request, words)
    size, index = _number(request, "PageSize"), _number(request, "Page")
    start = index * size
    root = f"https://{product}.twilio.com{request.url.path}"

    own = {name: request.query_params[name] for name in words}

    def link(number):
        token = {"PageToken": f"PA{number}"} if number else {}
        query = urlencode({**own, "PageSize": size, "Page": number, **token})
        return f"{root}?{query}"

    return {
        key: [make(row) for row in rows[start : start + size]],
        "meta": {
            "page": index,
            "page_size": size,
            "first_page_url": link(0),
            "previous_page_url": link(index - 1) if index else None,
            "next_page_url": link(index + 1) if start + size < len(rows) else None,
            "url": link(index),
            "key": key,
        },
    }


def _number(request, name):
    default, least, most = WORDS[name]
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or not least <= int(text) <= most:
        raise TwilioError(20001, f"Invalid value for parameter '{name}'")
    return int(text)
