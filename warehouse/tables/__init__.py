"""Every table as data: a page of the data dictionary that happens to be executable."""
