"""Settings: `PHATNGON_…` in the environment, over an optional `phatngon.yaml`, typed."""

from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource


class Settings(BaseSettings):
    """One office's installation. A channel without its token is simply off."""

    model_config = SettingsConfigDict(env_prefix="PHATNGON_", yaml_file="phatngon.yaml", extra="ignore")

    home: Path = Field(default=Path("home"), description="everything this installation keeps")
    database_url: str = Field(default="", description="empty: a SQLite file under home; or postgresql+psycopg://…")
    listen: str = "127.0.0.1:8080"
    public_url: str = ""
    metrics_listen: str = Field(default="127.0.0.1:9464", description="where /metrics is served; empty: nowhere")
    timezone: str = "Asia/Ho_Chi_Minh"
    law_pin: str = ""
    semantic: bool = Field(default=True, description="route by meaning too, where the extra phatngon[semantic] is installed")
    undo_seconds: float = Field(default=30, ge=0, description="how long a confirmed answer can be taken back")
    telegram_token: SecretStr = SecretStr("")
    telegram_api: str = "https://api.telegram.org"
    telegram_proxy: str = ""
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_rate: float = Field(default=30, gt=0, description="messages per second")
    telegram_chat_rate: float = Field(default=1, ge=0, description="messages per second in one private chat; 0: no limit")
    telegram_group_rate: int = Field(default=20, ge=0, description="messages per minute in one group; 0: no limit")
    telegram_paid_broadcast: bool = Field(default=False, description="pay for more than 30 messages per second; raise telegram_rate too")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is said in code beats the environment, which beats the file."""
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """The database to use."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.home / 'phatngon.db').resolve()}"

    @property
    def shares_database(self) -> bool:
        """Whether other machines may work on the same database."""
        return not self.database.startswith("sqlite")

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def host_port(self) -> tuple[str, int]:
        """Where the web server listens."""
        host, _, port = self.listen.rpartition(":")
        return host or "127.0.0.1", int(port)

    @property
    def url(self) -> str:
        """The address people reach the web chat at, without a slash at the end."""
        return (self.public_url or f"http://{self.listen}").rstrip("/")
