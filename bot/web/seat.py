"""Who is asking: a browser holds a token in a cookie; the chat it opens is the token's SHA-256 and nothing else is kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import chat_of
from bot.web import guard
from bot.web.problem import Problem

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
_YEAR = 366 * 24 * 3600
CSRF_HEADER = "x-phatngon-token"


@dataclass(frozen=True)
class Session:
    """One browser's way into one chat."""

    token: str

    @property
    def chat(self) -> str:
        """The external id of the account behind it."""
        return chat_of(self.token)

    @property
    def csrf(self) -> str:
        """What a page of this session must show with everything it sends."""
        return hashlib.sha256(f"csrf:{self.token}".encode()).hexdigest()


@dataclass(frozen=True)
class Seat:
    """A place where the chat is served: the site itself, or one persona of the demo with a token of its own.

    Personas share one origin, so each has its cookie under its own path.
    """

    name: str = ""
    fixed: str | None = None
    secure: bool = False

    @property
    def path(self) -> str:
        """What the seat's addresses begin with."""
        return f"/demo/{self.name}" if self.name else ""

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return f"phatngon-{self.name}" if self.name else "phatngon"

    def session(self, request: Request) -> Session | None:
        """The session the browser brought, if any."""
        token = request.cookies.get(self.cookie, "")
        if not _TOKEN.fullmatch(token):
            return None
        if self.fixed is not None and not hmac.compare_digest(token, self.fixed):
            return None
        return Session(token)

    def required(self, request: Request) -> Session:
        """The session the browser brought.

        Raises:
            Problem: it brought none.
        """
        session = self.session(request)
        if session is None:
            raise Problem(401, "web.no_session")
        return session

    def acting(self, request: Request) -> Session:
        """The session of a request that changes something: from our own page, with its token.

        Raises:
            Problem: it comes from elsewhere.
        """
        guard.same_origin(request)
        session = self.required(request)
        if not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), session.csrf.encode()):
            raise Problem(403, "web.foreign")
        return session

    def issue(self) -> Session:
        """A new session; a persona's is always the same."""
        return Session(self.fixed or secrets.token_urlsafe(32))

    def seal(self, response: Response, session: Session) -> None:
        """Hand the session to the browser, out of reach of scripts and of other sites."""
        response.set_cookie(
            self.cookie, session.token, max_age=_YEAR, path=self.path or "/", secure=self.secure, httponly=True, samesite="strict"
        )

    def unseal(self, response: Response) -> None:
        """Take the session back."""
        response.delete_cookie(self.cookie, path=self.path or "/", secure=self.secure, httponly=True, samesite="strict")
