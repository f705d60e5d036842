"""The prompt of `dragongate sql`: one question after the other, against the newest generation."""
