from . import mail, media, webhook
