from . import mail, media, webhook, webmanifest
