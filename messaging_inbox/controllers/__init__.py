from . import health, help, mail, media, story, webhook, webmanifest
