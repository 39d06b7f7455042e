from . import health, help, mail, media, privacy, story, webhook, webmanifest
