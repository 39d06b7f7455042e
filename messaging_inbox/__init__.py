from . import controllers, demo, models, private_logs, wizard
from .hooks import post_init_hook, uninstall_hook

private_logs.install()
