"""Follower counts."""
