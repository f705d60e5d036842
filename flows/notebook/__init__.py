"""The notebook that `dragongate notebook` writes."""
