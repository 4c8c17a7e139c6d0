"""What people see: pure functions from records and a locale to Block Kit."""
