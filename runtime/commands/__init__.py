"""The commands of `bot.py`, one module per subject; `bot.py` adds each. Heavy rooms are imported when one runs."""
