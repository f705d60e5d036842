"""A home in order: looked over, thinned out, backed up, restored, rebuilt."""
