"""Pure functions: records in, tidy rows out. Units, currency, time zone and identity are settled here."""
