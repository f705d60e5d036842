"""The status service: a page for people, JSON for programs, metrics for Prometheus; it reads and never writes."""
