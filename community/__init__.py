"""Records and rules of a community. No Slack call here, and no clock: `now` is passed in."""
