"""When sources are asked by itself: schedules, the scheduler in one command, deployments."""
