"""From an older schema to this release's: Alembic's part, needed on the day of an upgrade only."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.database import MIGRATIONS
from models import tables


def upgrade(connection: Connection) -> None:
    """Run every migration the database has not seen, in the present transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = tables.metadata
    command.upgrade(config, "head")
