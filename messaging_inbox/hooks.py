def post_init_hook(env):
    """Give every Agent that exists already a row of availability."""
    env["messaging.availability"]._sync()


def uninstall_hook(env):
    """Take along what Odoo knows of our models by their names alone."""
    ours = [name for name in env if env[name]._original_module == "messaging_inbox"]
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", ours)]).unlink()
    env["ir.exports"].search([("resource", "in", ours)]).unlink()
    selections = env["ir.model.fields.selection"]
    _forget_names(selections.search([("field_id.model", "in", ours)]))
    _forget_names(env["ir.model.inherit"].search([("model_id.model", "in", ours)]))
    # What browsers may still fetch names customers.
    env.cr.execute("DELETE FROM bus_bus WHERE messaging_about IS NOT NULL")
    # With the indexes that use it
    env.cr.execute("DROP FUNCTION messaging_fold(text) CASCADE")


def _forget_names(records):
    """Other modules named parts of our models, as mail the states of activities."""
    names = records.env["ir.model.data"]
    names.search(
        [
            ("model", "=", records._name),
            ("res_id", "in", records.ids),
            ("module", "!=", "messaging_inbox"),
        ]
    ).unlink()
