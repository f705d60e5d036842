"""The DuckDB warehouse: table definitions, load, history, checks, publication. The only package that writes SQL."""
