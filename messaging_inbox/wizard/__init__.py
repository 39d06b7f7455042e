from . import messaging_assign, messaging_connect, messaging_transfer_installer
