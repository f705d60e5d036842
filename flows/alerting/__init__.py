"""What is wrong, who hears of it, and once only."""
