"""Reads the ZHUJI_* environment: every setting with its default and one line of help."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    help: str


SETTINGS = (
    Setting("ZHUJI_HOME", "var", "数据目录：数据库、快照、密钥、导出文件；相对路径从代码目录算起"),
    Setting(
        "ZHUJI_DATABASE_URL",
        "sqlite:///{home}/zhuji.sqlite3",
        "数据库：sqlite:///文件，或 postgres://用户:口令@主机:端口/库名",
    ),
    Setting(
        "ZHUJI_OWNER_DATABASE_URL",
        "",
        "数据表所有者的数据库地址：升级结构、夜间维护、清理留痕、恢复和演练用；"
        "留空则与 ZHUJI_DATABASE_URL 相同",
    ),
    Setting("ZHUJI_LANGUAGE", "zh-hans", "默认语言：zh-hans 或 en"),
    Setting("ZHUJI_TIME_ZONE", "Asia/Shanghai", "时区，决定“今天”是哪一天"),
    Setting("ZHUJI_SECRET_KEY", "", "签名密钥，不少于 32 个字符；留空则在数据目录中生成并保存一份"),
    Setting("ZHUJI_HOSTS", "localhost,127.0.0.1,[::1]", "网站对外的域名或地址，以逗号分隔"),
    Setting("ZHUJI_BIND", "127.0.0.1", "网站在哪个地址上监听；0.0.0.0 是本机所有地址"),
    Setting("ZHUJI_PORT", "8000", "网站监听的端口"),
    Setting("ZHUJI_SITE_PROCESSES", "2", "网站用几个进程，每个进程四个线程；一般与处理器核数相同"),
    Setting("ZHUJI_HTTPS", "no", "前面有提供 HTTPS 的反向代理：yes 或 no；yes 时只接受 HTTPS"),
    Setting("ZHUJI_MIGRATE", "yes", "zhuji serve 启动时自动升级数据库结构：yes 或 no"),
    Setting("ZHUJI_IMPORT_ROWS", "20000", "一个文件最多导入多少行，不超过 100000"),
    Setting(
        "ZHUJI_OIDC_ISSUER", "", "统一身份认证（OIDC）的签发者地址；留空则不用，不发出任何请求"
    ),
    Setting("ZHUJI_OIDC_CLIENT_ID", "", "在统一身份认证登记的客户端编号"),
    Setting("ZHUJI_OIDC_CLIENT_SECRET", "", "在统一身份认证登记的客户端密钥"),
    Setting("ZHUJI_OIDC_NAME", "统一身份认证", "登录页上统一身份认证的名称"),
    Setting("ZHUJI_OIDC_CLAIM", "preferred_username", "用哪一项声明认人"),
    Setting("ZHUJI_OIDC_MATCH", "username", "这项声明对应人员的哪一项：username 或 staff_no"),
    Setting("ZHUJI_DEBUG", "no", "开发时显示出错细节：yes 或 no；生产环境必须为 no"),
)


def read(name: str) -> str:
    """The value in force; a name that is not declared above is a mistake in the code."""
    declared = {setting.name: setting.default for setting in SETTINGS}
    return os.environ.get(name, "").strip() or declared[name]


def one_of(name: str, allowed: tuple[str, ...]) -> str:
    value = read(name)
    if value not in allowed:
        raise ImproperlyConfigured(
            f"设置 {name} 的值“{value}”不可用：请改为 {' 或 '.join(allowed)}"
        )
    return value


def whole(name: str, least: int, most: int) -> int:
    value = read(name)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"设置 {name} 的值“{value}”不可用：请写 {least} 到 {most} 之间的整数"
        )
    return int(value)


def home() -> Path:
    """The data directory, made readable by its owner only when it is missing."""
    path = (ROOT / Path(read("ZHUJI_HOME")).expanduser()).resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as refusal:
        raise ImproperlyConfigured(
            f"设置 ZHUJI_HOME 指向的目录“{path}”不能建立（{refusal.strerror}）："
            "请换一个目录，或授予写权限"
        ) from refusal
    return path


def secret_key(directory: Path) -> str:
    """The key from the environment, or the one kept in the data directory, made once."""
    given = read("ZHUJI_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured("设置 ZHUJI_SECRET_KEY 太短：请给出不少于 32 个字符")
        return given
    path = directory / "secret-key"
    if not path.exists():
        _keep(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _keep(path: Path, text: str) -> None:
    """Write whole or not at all; of two processes starting at once the first one wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text + "\n", encoding="ascii")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


@dataclass(frozen=True)
class Oidc:
    """A provider that vouches for people whom the county has already entered."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    claim: str
    match: str


def oidc() -> Oidc | None:
    """None without an issuer: then nothing of it exists and no request leaves the machine."""
    issuer = read("ZHUJI_OIDC_ISSUER").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise ImproperlyConfigured(
            f"设置 ZHUJI_OIDC_ISSUER 的值“{issuer}”不可用：请写 https:// 开头的地址"
        )
    for name in ("ZHUJI_OIDC_CLIENT_ID", "ZHUJI_OIDC_CLIENT_SECRET"):
        if not read(name):
            raise ImproperlyConfigured(f"设置了 ZHUJI_OIDC_ISSUER，还须设置 {name}")
    return Oidc(
        issuer,
        read("ZHUJI_OIDC_CLIENT_ID"),
        read("ZHUJI_OIDC_CLIENT_SECRET"),
        read("ZHUJI_OIDC_NAME"),
        read("ZHUJI_OIDC_CLAIM"),
        one_of("ZHUJI_OIDC_MATCH", ("username", "staff_no")),
    )


def time_zone() -> str:
    name = read("ZHUJI_TIME_ZONE")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ImproperlyConfigured(
            f"设置 ZHUJI_TIME_ZONE 的值“{name}”不是时区名：请写成 Asia/Shanghai 这样的名称"
        ) from unknown


def database(directory: Path, name: str = "ZHUJI_DATABASE_URL") -> dict[str, Any]:
    """Django's description of the database that a setting names."""
    try:
        parts = urlsplit(read(name))
        if parts.scheme == "sqlite" and parts.path.strip("/"):
            path = unquote(parts.path).removeprefix("/").replace("{home}", str(directory))
            return _sqlite(ROOT / path)
        if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
            return _postgres(parts)
    except ValueError:  # brackets or a port that make no address: told below like the rest
        pass
    raise ImproperlyConfigured(
        f"设置 {name} 不可用：请写成 sqlite:///文件，或 postgres://用户:口令@主机:端口/库名"
    )


def owners_database(directory: Path) -> dict[str, Any]:
    """The same database, as the owner of its tables comes to it."""
    name = "ZHUJI_OWNER_DATABASE_URL"
    return database(directory, name if read(name) else "ZHUJI_DATABASE_URL")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            # Without it two writers that both began by reading fail instead of waiting.
            "transaction_mode": "IMMEDIATE",
            # FULL: what was acknowledged survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        },
    }


def _postgres(parts: SplitResult) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
