"""A report about one company: its year in figures and pictures, as a page or as text."""
