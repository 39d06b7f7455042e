{
    "name": "Empty route",
    "summary": "What a request costs when nothing is done: the measure of `make bench`",
    "version": "19.0.1.0.0",
    "author": "Messaging inbox contributors",
    "license": "LGPL-3",
    "depends": ["base"],
}
