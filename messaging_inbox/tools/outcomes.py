"""The outcome of a request that a provider may have accepted although it failed."""

from ..providers.errors import ProviderError, Reason, Refused, SendError, Unsettled


def outcome_of(request, log):
    """Return what ``request()`` returns, or its error as a SendError.

    ``log()`` logs an internal error, after which the outcome is unknown.
    """
    try:
        return request()
    except SendError as error:
        return error
    except ProviderError as error:
        return Refused(Reason.OTHER, detail=str(error))
    except Exception:
        log()
        return Unsettled(Reason.OTHER)
