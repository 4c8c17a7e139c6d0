"""What happens by itself: the clock and its jobs."""
