"""The command line as a whole: what it offers, and what starting the machine has to wait for."""

import importlib
import subprocess
import sys

import typer
from typer.testing import CliRunner

from bot.commands.line import COMMANDS, app

LATER = ("alembic", "jinja2", "openpyxl", "psycopg", "starlette", "telegram", "uvicorn", "xlsxwriter")  # libraries
BEHIND = ("bot.app", "bot.compass", "handlers.routes", "models.office", "models.tables")  # what the entrance leads to


def test_every_command_is_there() -> None:
    """Each name leads to a function or a group with a sentence about itself."""
    for place in COMMANDS.values():
        module, _, name = place.partition(":")
        found = getattr(importlib.import_module(f"bot.commands.{module}"), name)
        assert found.info.help if isinstance(found, typer.Typer) else found.__doc__


def test_help_names_every_command() -> None:
    """In the order of a first day."""
    shown = CliRunner().invoke(app, ["--help"]).output
    places = [shown.index(f"│ {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_an_unknown_command_is_said() -> None:
    """Not a traceback."""
    ran = CliRunner().invoke(app, ["chay"])
    assert ran.exit_code == 2
    assert "chay" in ran.output


def test_the_machine_opens_its_entrance_before_it_reads_the_rest() -> None:
    """Pages, channels and what is behind the entrance come in threads, the other libraries on their day."""
    program = f"import sys, bot.commands.operate; print(*sorted({{*{LATER + BEHIND!r}}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
