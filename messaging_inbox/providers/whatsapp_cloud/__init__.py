from .provider import WhatsAppCloud

__all__ = ["WhatsAppCloud"]
