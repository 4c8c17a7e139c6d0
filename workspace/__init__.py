"""A local Slack, for a first run, for demos, for tests. Imports nothing else of ours."""

import zoneinfo

# Alone or beside the bot, it lives by the clock changes of the pinned tzdata package, not by this machine's files.
zoneinfo.reset_tzpath(())
