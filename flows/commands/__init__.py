"""The commands of `dragongate`, one file each."""
