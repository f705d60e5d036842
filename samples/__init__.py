"""A small archive in the sources' real wire formats, with published figures and texts written for this project."""
