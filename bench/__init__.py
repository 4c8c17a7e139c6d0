"""What speed and cost are, measured beside their peers in the same run."""
