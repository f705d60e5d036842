"""Daily bars, realtime quotes, trading calendars and index members."""
