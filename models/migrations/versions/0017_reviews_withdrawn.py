"""A review may be taken back by whoever asked for it"""

from models.casework.review import ReviewOutcome
from models.widening import widen

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen("review", "outcome", ReviewOutcome)


def downgrade() -> None:
    """Nothing: a column that may hold more is no loss."""
