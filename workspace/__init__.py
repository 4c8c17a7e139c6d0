"""A local Slack, for a first run, for demos, for tests. Imports nothing else of ours."""
