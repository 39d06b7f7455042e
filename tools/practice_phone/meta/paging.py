"""Pages of a list, as Graph answers them."""


def page_of(rows, values, path):
    """Return one page of the rows, by the parameters `limit` and `after`."""
    start, size = _whole(values.get("after"), 0), _whole(values.get("limit"), 25)
    shown, more = rows[start : start + size], len(rows) > start + size
    paging = {"cursors": {"before": str(start), "after": str(start + size)}}
    if more:
        query = f"limit={size}&after={start + size}"
        paging["next"] = f"https://graph.facebook.com/v25.0/{path}?{query}"
    return {"data": shown, "paging": paging}


def _whole(text, default):
    return int(text) if str(text or "").isdigit() else default
