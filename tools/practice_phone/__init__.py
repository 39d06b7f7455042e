"""The practice phone: plays the provider and its customers on this machine."""
