"""Feeds and article pages."""
