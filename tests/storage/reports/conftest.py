"""Reports are worked out from one database on each engine, each test in a community of its own."""

from __future__ import annotations

from tests.storage.community.conftest import database as database
from tests.storage.community.conftest import town as town
