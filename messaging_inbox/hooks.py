from .models.ingest.monitoring import SCOPE


def post_init_hook(env):
    """Create the availability of users who already are Agents."""
    env["messaging.availability"]._sync()


def uninstall_hook(env):
    """Delete records that refer to the addon's models only by name."""
    ours = [name for name in env if env[name]._original_module == "messaging_inbox"]
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search([("model_id", "in", ours)]).unlink()
    env["ir.exports"].search([("resource", "in", ours)]).unlink()
    selections = env["ir.model.fields.selection"]
    _forget_names(selections.search([("field_id.model", "in", ours)]))
    _forget_names(env["ir.model.inherit"].search([("model_id.model", "in", ours)]))
    # Browsers may still fetch these messages, which contain customers' names.
    env.cr.execute("DELETE FROM bus_bus WHERE messaging_about IS NOT NULL")
    env.cr.execute("DELETE FROM res_users_apikeys WHERE scope = %s", [SCOPE])
    # CASCADE drops the indexes that use it.
    env.cr.execute("DROP FUNCTION messaging_fold(text) CASCADE")


def _forget_names(records):
    """Delete the XML ids that other modules gave to parts of our models.

    For example, mail names the selection values of ``activity_state``.
    """
    names = records.env["ir.model.data"]
    names.search(
        [
            ("model", "=", records._name),
            ("res_id", "in", records.ids),
            ("module", "!=", "messaging_inbox"),
        ]
    ).unlink()
