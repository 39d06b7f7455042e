import httpx


def local_client(url, timeout):
    """Return an HTTP client of a server on this machine; the timeout is in seconds."""
    # Without `verify=False`, each client would read all certificates of authorities
    return httpx.Client(base_url=url, trust_env=False, timeout=timeout, verify=False)
