"""What can be typed: every command and group of commands by its name. A module is read when its command is asked for."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = {  # name → module and function below `bot.commands`; of a group, its own Typer
    "demo": "demo:demo",
    "run": "operate:run",
    "check": "check:check",
    "invite": "invite:invite",
    "import-cases": "cases:import_cases",
    "import-activities": "cases:import_activities",
    "route": "route:route",
    "retry": "operate:retry",
    "migrate": "operate:migrate",
    "backup": "safekeeping:backup",
    "restore": "safekeeping:restore",
    "unfence": "safekeeping:unfence",
    "directory": "directory:app",
    "log": "log:app",
    "report": "report:app",
    "letter": "letter:app",
    "calendar": "calendar:app",
    "law": "law:app",
}


class OnDemand(TyperGroup):
    """The commands of `COMMANDS`: who starts the machine does not wait for what makes a spreadsheet."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of a first day."""
        return [*COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One of them; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"bot.commands.{module}"), name)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False)
            single.command(cmd_name)(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


app = typer.Typer(cls=OnDemand, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def phatngon() -> None:
    """Mạng lưới người phát ngôn trong chat."""
