from . import messaging_assign, messaging_transfer_installer
