from .provider import Messenger

__all__ = ["Messenger"]
