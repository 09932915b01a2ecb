"""The operating-system account the embedded Postgres runs as, and its access to its files.

Postgres refuses to run as root. For an ordinary user everything here is the identity; for root (containers,
CI) a system account stands in.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Final, TypedDict

from resources.errors import SetupError

_ROOT_STAND_IN: Final = "venue-taste-pg"


def server_user() -> str | None:
    """Account to start the server as: None for our own; for root a system account, made when it is missing.

    Raises:
        SetupError: we are root and that account can't be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_ROOT_STAND_IN)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _ROOT_STAND_IN]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
        except (OSError, subprocess.CalledProcessError) as error:
            raise SetupError(
                f"Postgres does not run as root, and the account {_ROOT_STAND_IN!r} could not be made: {error}",
                "run as an ordinary user, or set DATABASE_URL to a Postgres server",
            ) from error
    return _ROOT_STAND_IN


class Identity(TypedDict, total=False):
    """Whom a subprocess runs as, in `subprocess.run`'s terms; empty for our own account."""

    user: int
    group: int
    extra_groups: list[int]


def server_identity() -> Identity:
    """Identity to start Postgres's programs with."""
    user = server_user()
    if user is None:
        return {}
    account = pwd.getpwnam(user)
    # Root's own group must go too: its members fall under a folder's group rights, which `let_traverse` leaves.
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def server_uid() -> int:
    """User id of the account the server runs as."""
    user = server_user()
    return os.geteuid() if user is None else pwd.getpwnam(user).pw_uid


def make_usable(directory: Path) -> None:
    """Give a new directory to the server's account and let that account reach it."""
    user = server_user()
    if user is not None:
        shutil.chown(directory, user, pwd.getpwnam(user).pw_gid)
        let_traverse(directory.parent)


def let_traverse(directory: Path) -> None:
    """As root, give everybody the search permission (not read) on a folder and those above it, where it lacks."""
    if os.geteuid() != 0:
        return
    for folder in (directory, *directory.parents):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def owner_of(path: Path) -> str:
    """Name of the account a file belongs to."""
    return user_name(path.stat().st_uid)


def user_name(uid: int) -> str:
    """Name of an account, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
