"""The addon is upgraded while the other node serves."""

from tests.faults.campaigns.registry import fault
from tools.dev import databases


@fault("the addon is upgraded, while the other node serves", 3, pause=(1, 3))
def addon_upgraded(ground):
    node, name = ground.node(), ground.database.name
    with ground.supervisor.hands_off(node):
        node.stop()
        try:
            databases.odoo(name, "-u", databases.ADDON_NAME, "--stop-after-init")
        finally:
            node.start()
