"""Block Kit as the workspace accepts it, beside an independent checker where that is at hand."""

from __future__ import annotations

import copy
import functools
import importlib.util
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings import ROOT
from tests.unit.test_workspace_blocks import GOOD_BLOCKS, plain
from workspace.blocks import message_problems
from workspace.kinds import Json

CHECKER = ROOT.parent / "shared" / "slack-truth" / "check_calls.py"


@functools.cache
def checker() -> Callable[[list[Json], str, list[str]], None]:
    """The independent checker's `blocks`, which appends what it finds to its last argument."""
    if not CHECKER.is_file():
        pytest.skip("The independent checker is not beside this repository (../shared/slack-truth/check_calls.py).")
    spec = importlib.util.spec_from_file_location("check_calls", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    check: Callable[[list[Json], str, list[str]], None] = module.blocks
    return check


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside a JSON value."""
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in [(*path, key), *paths(value, (*path, key))]]
    if isinstance(node, list):
        return [found for key, value in enumerate(node) for found in [(*path, key), *paths(value, (*path, key))]]
    return []


def put(node: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        node = node[key]
    if value is REMOVED:
        del node[path[-1]]
    else:
        node[path[-1]] = value


REMOVED = object()
SPOILT = ["", "x" * 76, "x" * 151, "x" * 3001, [], None, {}, 5, plain("x" * 3001), REMOVED]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_what_an_independent_checker_refuses_is_refused_here_too(data: st.DataObject) -> None:
    check = checker()
    block = copy.deepcopy(data.draw(st.sampled_from(GOOD_BLOCKS)))
    put(block, data.draw(st.sampled_from(paths(block))), data.draw(st.sampled_from(SPOILT)))
    refused: list[str] = []
    try:
        check([block], "message", refused)
    except (TypeError, AttributeError, KeyError):
        refused.append("the checker itself stumbled")
    found = message_problems([block])
    if any("action_id must have" not in one for one in refused):  # Slack gives an action without an id one
        assert found
