from . import messaging_demo
