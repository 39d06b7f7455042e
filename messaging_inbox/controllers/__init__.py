from . import mail, media, story, webhook, webmanifest
