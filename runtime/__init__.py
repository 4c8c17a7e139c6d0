"""The rooms put together: one process of the bot, the ways it reaches Slack, its health, its logs."""
