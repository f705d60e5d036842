"""One module per source: how to ask, and how to read the answer strictly."""
