"""`otklik keys new`, `check`, `rotate`: changing the secret key without losing what it sealed."""

from __future__ import annotations

import secrets
import sys

import typer

from otklik.env import env

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Секретный ключ: новый, проверка, смена.")


@app.command()
def new() -> None:
    """Делает новый ключ в папке данных, прежний кладёт рядом (secret.key.old)."""
    from otklik.site import home as homes

    folder = env().home
    key, old = folder / "secret.key", folder / "secret.key.old"
    if homes.is_set("SECRET_KEY") or not key.exists():
        _fail(
            "Ключ задан переменной OTKLIK_SECRET_KEY. Сделайте новый сами (openssl rand -base64 48), прежний впишите в "
            "OTKLIK_OLD_SECRET_KEYS, запустите Отклик заново и выполните otklik keys rotate."
        )
    kept = [
        key.read_text(encoding="utf-8").strip(),
        *(old.read_text(encoding="utf-8").split() if old.exists() else []),
    ]
    homes.write_private(old, "\n".join(kept))  # first: a key that is nowhere would lose all that it sealed
    homes.write_private(key, secrets.token_urlsafe(48))
    _say(f"Новый ключ: {key}. Прежний: {old}.")
    _say(
        "Запустите Отклик заново и выполните otklik keys rotate. В копиях (otklik backup) ключи лежат отдельно."
    )


@app.command()
def check() -> None:
    """Сколько секретов под каким ключом."""
    from otklik.site import roles

    roles.django()
    from otklik.channels import resealing

    standing = resealing.standing()
    _say(f"Под нынешним ключом: {standing.fresh}, под прежним: {standing.old}.")
    if standing.unreadable:
        _fail(f"Ни один ключ не открывает: {', '.join(standing.unreadable)}.")
    if env().old_secret_keys and not standing.old:
        _say(
            "Прежний ключ нужен теперь только ссылкам из писем старше смены (живут 90 дней) и адресам для ответов. "
            "Ключ утёк? Уберите его сейчас же: клиенты попросят новые ссылки."
        )


@app.command()
def rotate() -> None:
    """Закрывает все секреты нынешним ключом. Можно прервать и повторить."""
    from otklik.site import roles

    roles.django()
    from otklik.channels import resealing

    done = 0
    for count in resealing.reseal():
        done += count
        _say(f"  закрыто заново: {done}")
    standing = resealing.standing()
    _say(f"Под нынешним ключом: {standing.fresh}, под прежним: {standing.old}.")
    if standing.unreadable:
        _fail(f"Ни один ключ не открывает: {', '.join(standing.unreadable)}.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _fail(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    raise typer.Exit(1)
