"""A past window: its plan, its years one by one, what is left of it."""
