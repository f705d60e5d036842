"""When and in which order: the daily flow, the command line. The only package that imports Prefect."""
