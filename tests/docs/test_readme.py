"""What the README and CONTRIBUTING promise in tables is what the code has: no more, no less."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot import app
from handlers.commands import COMMANDS, named
from knowledge import files
from settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md")),
]


def table(name: str, page: str = README) -> list[list[str]]:
    """The rows of the table between the markers of that name, without its header."""
    part = page.split(f"<!-- {name} -->\n", 1)[1].split(f"<!-- /{name} -->", 1)[0]
    rows = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def code(cell: str) -> str:
    """What stands between the first pair of backticks."""
    found = re.search(r"`([^`]+)`", cell)
    assert found, f"no code in {cell!r}"
    return found[1]


def setting_name(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    return str(alias or f"PRAXIS_{field.upper()}")


def test_settings_table_has_every_setting_and_its_default() -> None:
    rows = table("settings")
    documented = {code(row[0]): row[1] for row in rows}
    assert list(documented) == [setting_name(field) for field in Settings.model_fields]
    for field, info in Settings.model_fields.items():
        shown, default = documented[setting_name(field)], info.default
        if default is None or default == ():
            assert shown == "", field
        elif field == "database_url":
            assert code(shown) in default.get_secret_value()
        else:
            assert code(shown) == str(default), field


def commands(group: Any, prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= commands(command, f"{prefix}{name} ")
        else:
            found[f"{prefix}{name}"] = command
    return found


def test_command_table_has_every_command_of_the_command_line() -> None:
    there = commands(typer.main.get_command(app))
    rows = {code(row[0]): row for row in table("commands")}
    named_commands = {re.sub(r'( (\[?[A-Z]+\]?|"QUESTION"))+$', "", shown): row for shown, row in rows.items()}
    assert sorted(named_commands) == sorted(there)
    for name, row in named_commands.items():
        options = {option for parameter in there[name].params for option in parameter.opts if option.startswith("--")}
        assert options - {"--help"} == set(re.findall(r"--[a-z-]+", " ".join(row))), name


def test_make_table_has_every_target_that_make_help_lists() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    targets = [line.split()[0] for line in listed.splitlines() if line.strip()]
    documented = [code(row[0]).removeprefix("make ") for row in table("make")]
    assert sorted(documented) == sorted(targets)


def test_scope_table_has_the_manifest_s_scopes_and_marks_the_optional_ones() -> None:
    scopes = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))["oauth_config"]["scopes"]
    rows = {code(row[0]): row[1] for row in table("scopes")}
    assert sorted(rows) == sorted([*scopes["bot"], *scopes.get("bot_optional", [])])
    for scope, reason in rows.items():
        assert reason.startswith("optional") == (scope in scopes.get("bot_optional", [])), scope


def test_sub_command_table_has_every_sub_command_in_both_languages() -> None:
    rows = table("sub-commands")
    english = [code(row[0]).split()[1] for row in rows]
    assert sorted(english) == sorted(COMMANDS)
    for row, word in zip(rows, english, strict=True):
        assert named(code(row[1]).split()[1]) == word


def test_rooms_table_has_every_room_and_the_contract_s_floors() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = {code(row[0]).rstrip("/"): row[2] for row in table("rooms", CONTRIBUTING)}
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms | {"bot.py", "settings.py", "docs"} <= set(rows)
    assert set(config["root_packages"]) <= set(rows)
    for name in rows:
        assert (ROOT / name).exists(), f"{name} is described and not there"
    layers = next(contract for contract in config["contracts"] if contract["type"] == "layers")["layers"]
    floor = {room.strip(): level for level, line in enumerate(layers) for room in line.split("|")}
    forbidden = {
        (source, target)
        for contract in config["contracts"]
        if contract["type"] == "forbidden"
        for source in contract["source_modules"]
        for target in contract["forbidden_modules"]
    }
    for name, level in floor.items():
        below = {other for other, depth in floor.items() if depth > level and (name, other) not in forbidden}
        told = rows[name]
        if told == "everything":
            assert level == 0, f"{name} is not at the top, so it may not import everything"
        elif told == "the same as `handlers`":
            assert below == {other for other, depth in floor.items() if depth > floor["handlers"]}
        else:
            assert set(re.findall(r"`([a-z]+)`", told)) == below, name


def test_example_entry_is_one_that_the_validator_accepts(tmp_path: Path) -> None:
    example = re.search(r"```markdown\n(---\n.*?)```", README, re.DOTALL)
    assert example
    (tmp_path / "parking.md").write_text(example[1], encoding="utf-8")
    entries, problems = files.read_folder(tmp_path, known=["course-registration"])
    assert [entry.slug for entry in entries] == ["parking"]
    assert problems == []


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.exists(), f"{page} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in anchors, f"{page} links to {target}"


def test_every_file_named_in_the_readme_s_commands_is_there() -> None:
    scripts = set(re.findall(r"`?\.venv/bin/python ([\w/]+\.py)", README + CONTRIBUTING))
    modules = set(re.findall(r"\.venv/bin/python -m ([\w.]+)", README + CONTRIBUTING))
    assert scripts
    assert modules
    for script in scripts:
        assert (ROOT / script).exists()
    for module in modules:
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()
