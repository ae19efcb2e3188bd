"""Which unit must answer a question: pure, deterministic, explained."""

from models.routing.facts import UnitFacts
from models.routing.learned import Learned
from models.routing.lexicon import Lexicon
from models.routing.proposal import Proposal, Scored, Semantic
from models.routing.router import Router

__all__ = ["Learned", "Lexicon", "Proposal", "Router", "Scored", "Semantic", "UnitFacts"]
