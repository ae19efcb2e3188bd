"""The channel: what Telegram can carry, sending, fetching, and the life of its connections."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Mapping
from typing import IO, Any, cast

import telegram
from telegram.error import TelegramError

from bot.channels.base import Capabilities, Loop, Menu, Parcel, Put, Reading, Receipt, RemoteFile, Retry, SendError, Uncertain, split, token
from bot.channels.telegram import reading
from bot.channels.telegram.errors import fate
from bot.channels.telegram.polling import POLL, Poller
from bot.channels.telegram.request import AioRequest
from bot.channels.telegram.shape import key, text, thing, things
from bot.channels.telegram.startup import Startup, code_of, commands_of
from bot.channels.telegram.uploads import FIELDS, Uploads, check
from bot.channels.telegram.webhook import Webhook
from bot.files import Files
from bot.pacer import Pacer
from bot.settings import Settings
from models.evidence.item import TOMBSTONE, Attachment
from models.texts import LANGUAGES

log = logging.getLogger(__name__)

CALLBACK = 64  # bytes of callback data
CONNECTIONS = 256
PATIENCE = 20.0  # seconds without a byte of an answer
NO_PREVIEW = {"is_disabled": True}  # a previewer must not open one-time links, nor tell others what is being read


class Bot(telegram.Bot):
    """python-telegram-bot's, asked for plain answers: an accepted message must not fail because its copy cannot be parsed."""

    async def ask(self, method: str, **parameters: Any) -> Any:
        """One method of the Bot API; the result as JSON. Without files it goes the short way, as JSON."""
        given = {name: value for name, value in parameters.items() if value is not None}
        if any(isinstance(value, telegram.InputFile) for value in given.values()):
            return await self._post(method, given)
        request = cast("AioRequest", self.request)
        return request.parse_json_payload(await request.ask(f"{self.base_url}/{method}", given))["result"]


class TelegramChannel:
    """One bot."""

    name = reading.NAME
    capabilities = Capabilities(text_limit=4096, buttons=True, bundles_files=False, upload_limit=50 * 1024 * 1024, edits=True)

    def __init__(self, settings: Settings, *, patience: float = PATIENCE, poll: int = POLL) -> None:
        for chatty in ("telegram", "aiohttp"):  # at DEBUG they write whole messages
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self.settings = settings
        self.poll_seconds = poll
        api = settings.telegram_api.rstrip("/")
        calls = AioRequest(connections=CONNECTIONS, patience=patience, proxy=settings.telegram_proxy)
        polls = AioRequest(connections=1, patience=poll + 10.0, proxy=settings.telegram_proxy)
        self.requests = (calls, polls)
        self.bot = Bot(
            settings.telegram_token.get_secret_value(), f"{api}/bot", f"{api}/file/bot", request=calls, get_updates_request=polls
        )
        self.pacer = Pacer(
            settings.telegram_rate,
            per_chat=settings.telegram_chat_rate,
            per_group=settings.telegram_group_rate,
            is_group=lambda chat: chat.startswith("-"),
        )
        self.uploads = Uploads(Files(settings.home / "files"))
        self.webhook: Webhook | None = None
        self.poller: Poller | None = None
        self._progress: dict[int, int] = {}  # row → how many of its parts have arrived, while it is retried
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def last_poll(self) -> float | None:
        """When polling last had an answer (`time.monotonic`); None before the first, and under a webhook."""
        return self.poller.last_poll if self.poller is not None else None

    async def open(self) -> None:
        """Open the connections; nothing is called yet."""
        for request in self.requests:
            await request.initialize()

    async def close(self) -> None:
        """End what still runs, close the connections."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        for request in self.requests:
            await request.shutdown()

    def receivers(self, put: Put) -> Mapping[str, Loop]:
        """The way in the settings choose: a webhook needs no loop."""
        secret = self.settings.telegram_webhook_secret.get_secret_value()
        if secret:
            self.webhook = Webhook(put, secret, self.acknowledge)
            return {}
        self.poller = Poller(self.bot, self.requests[1], put, self.acknowledge, seconds=self.poll_seconds)
        return {"telegram-poll": self.poller.run}

    def startup(self, menu: Menu) -> Mapping[str, Loop]:
        """The menu of commands, and where to push."""
        secret = self.settings.telegram_webhook_secret.get_secret_value()
        address = f"{self.settings.url}/hooks/telegram" if secret else ""
        startup = Startup(self.bot, menu)
        return {"telegram-startup": lambda: startup.run(address, secret)}

    async def receive(self, body: bytes, secret: str | None) -> int:
        """One push to the webhook; the status to answer with."""
        return 404 if self.webhook is None else await self.webhook.receive(body, secret)

    async def username(self) -> str | None:
        """The bot's name in links such as `t.me/NAME?start=CODE`; None while Telegram does not say it."""
        try:
            return text(thing(await self.bot.ask("getMe")).get("username")) or None
        except TelegramError as error:
            log.warning("the bot's name is not known", extra={"action": "name", "channel": self.name, "problem": type(error).__name__})
            return None

    async def show_menu(self, chat: str, menu: Menu | None) -> None:
        """A menu of its own for one private chat, in every language; None takes it away again."""
        scope = {"type": "chat", "chat_id": int(chat)}
        try:
            for language, commands in (menu or {}).items():
                await self.bot.ask("setMyCommands", **commands_of(language, commands), scope=scope)
            for language in LANGUAGES if menu is None else ():
                await self.bot.ask("deleteMyCommands", scope=scope, language_code=code_of(language))
        except TelegramError as error:
            raise self._fate(error) from None

    def acknowledge(self, callback: str) -> None:
        """Answer a tap at once, so that its button stops waiting; whatever it starts comes as a message of its own."""
        self._errand(self._answer(callback))

    def read(self, payload: str) -> Reading:
        """What a stored update says."""
        return reading.read(payload)

    async def send(self, parcel: Parcel) -> Receipt:
        """Files first, one message each, then the text; a retry goes on where the last attempt stopped."""
        row = parcel.row.id
        done, receipt = self._progress.pop(row, 0), Receipt("")
        steps = [*parcel.files, *self._texts(parcel)]
        for number in range(done, len(steps)):
            step = steps[number]
            begun = await self.pacer.turn(parcel.chat) if number > done else None
            self.pacer.sent(parcel.chat)
            try:
                if isinstance(step, Attachment):
                    sent, reference = await self._send_file(parcel, step, last=number == len(steps) - 1)
                    receipt = Receipt(sent, {**receipt.uploaded, **({step.id: reference} if reference else {})})
                else:
                    receipt = Receipt(await self._send_text(parcel, step, last=number == len(steps) - 1), receipt.uploaded)
            except Retry:
                self._progress[row] = number
                raise
            finally:
                if begun is not None:
                    self.pacer.over(begun)
        return receipt

    async def fetch(self, file: RemoteFile) -> AsyncGenerator[bytes]:
        """Download a file of at most 20 MB."""
        try:
            found = thing(await self.bot.ask("getFile", file_id=file.reference))
            path = text(found.get("file_path"))
            async for piece in self.requests[0].stream(f"{self.bot.base_file_url}/{path}"):
                yield piece
        except TelegramError as error:
            raise self._fate(error) from None

    def _texts(self, parcel: Parcel) -> list[str]:
        """Already split, except for texts shared by many and those that grew by "sent again"."""
        if not parcel.text and parcel.files:
            return []
        return split(parcel.text, self.capabilities.text_limit) if parcel.text.strip() else [TOMBSTONE]

    async def _send_text(self, parcel: Parcel, words: str, *, last: bool) -> str:
        """Without parse_mode: nothing in people's words can be markup, so nothing needs escaping and nothing is refused for it."""
        return self._key(await self._call(parcel, "sendMessage", last=last, text=words, link_preview_options=NO_PREVIEW))

    async def _send_file(self, parcel: Parcel, file: Attachment, *, last: bool) -> tuple[str, str]:
        check(file, self.capabilities.upload_limit)

        async def call(method: str, file_id: str | None) -> tuple[str, str]:
            if file_id is not None:
                return self._key(await self._call(parcel, method, last=last, **{FIELDS[method]: file_id})), file_id
            with await asyncio.to_thread(self._opened, file) as content:
                upload = telegram.InputFile(content, filename=file.name or file.id, read_file_handle=False)
                answer = await self._call(parcel, method, last=last, **{FIELDS[method]: upload})
            return self._key(answer), _file_id(answer, FIELDS[method])

        return await self.uploads.send(file, parcel.uploaded.get(file.id), call)

    def _opened(self, file: Attachment) -> IO[bytes]:
        return self.uploads.files.path(file.id).open("rb")

    async def _call(self, parcel: Parcel, method: str, *, last: bool, **what: Any) -> Any:
        paid = True if self.settings.telegram_paid_broadcast and parcel.row.broadcast_id is not None else None
        keyboard = self._keyboard(parcel) if last else None
        try:
            return await self.bot.ask(method, chat_id=int(parcel.chat), reply_markup=keyboard, allow_paid_broadcast=paid, **what)
        except TelegramError as error:
            raise self._fate(error) from None

    def _keyboard(self, parcel: Parcel) -> Mapping[str, Any] | None:
        """One button per line: labels are sentences."""
        keys = [
            [{"text": choice["label"], "callback_data": token(choice["action"], parcel.row.id, number, CALLBACK)}]
            for number, choice in enumerate(parcel.choices)
        ]
        return {"inline_keyboard": keys} if keys else None

    def _fate(self, error: TelegramError) -> SendError:
        following = fate(error)
        if isinstance(following, Retry) and following.after is not None:
            self.pacer.pause(following.after)  # 429 is about the bot, not about one chat: everything waits
        return following

    def _key(self, answer: object) -> str:
        found = key(thing(answer).get("message_id"))
        if found is None:
            raise Uncertain("accepted, but the answer names no message")
        return found

    def _errand(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _answer(self, callback: str) -> None:
        try:
            await self.bot.ask("answerCallbackQuery", callback_query_id=callback)
        except TelegramError as error:  # too old, or no connection: the button stops by itself
            log.info("a tap was not answered", extra={"action": "callback", "channel": self.name, "problem": type(error).__name__})


def _file_id(answer: object, field: str) -> str:
    """The file_id an upload got; of a photo, that of its largest size."""
    found = thing(answer).get(field)
    sizes = things(found)
    return text(sizes[-1].get("file_id")) if sizes else text(thing(found).get("file_id"))
