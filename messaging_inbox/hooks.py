def post_init_hook(env):
    """Give every Agent that exists already a row of availability."""
    env["messaging.availability"]._sync()
