"""What an analyst takes along: answers and marts as files, and whole generations as Parquet."""
