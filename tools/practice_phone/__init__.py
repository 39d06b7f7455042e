"""The practice phone: plays providers and their customers on this machine."""
