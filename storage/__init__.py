"""Where records are kept: engine and transactions, migrations, backup."""

from storage.base import Base, UtcDateTime, unindexed, utc
from storage.database import Database, after_commit

__all__ = ["Base", "Database", "UtcDateTime", "after_commit", "unindexed", "utc"]
