{
    "name": "Baselines",
    "summary": "Routes that do less than a webhook, for `make bench`",
    "version": "19.0.1.0.0",
    "author": "Messaging inbox contributors",
    "license": "LGPL-3",
    "depends": ["base"],
}
