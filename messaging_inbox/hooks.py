def post_init_hook(env):
    """Give every Agent that exists already a row of availability."""
    env["messaging.availability"]._sync()


def uninstall_hook(env):
    """Take along what users keep of our models, which Odoo knows by name alone."""
    ours = [name for name in env if env[name]._original_module == "messaging_inbox"]
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", ours)]).unlink()
    env["ir.exports"].search([("resource", "in", ours)]).unlink()
