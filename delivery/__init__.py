"""How what Slack sends is written down first, and how a message reaches Slack exactly once."""
