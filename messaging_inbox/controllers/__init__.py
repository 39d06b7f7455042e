from . import help, mail, media, story, webhook, webmanifest
