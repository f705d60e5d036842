"""Dragongate as its three users meet it: the real command line in processes of its own, over the sample archive."""
