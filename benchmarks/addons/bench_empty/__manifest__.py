{
    "name": "Empty route",
    "summary": "The cost of a request that does nothing: the baseline of `make bench`",
    "version": "19.0.1.0.0",
    "author": "Messaging inbox contributors",
    "license": "LGPL-3",
    "depends": ["base"],
}
