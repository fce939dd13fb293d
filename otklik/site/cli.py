"""The command `otklik`. Each command imports what it needs when it is called: `otklik sla` starts without Django."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Annotated, ClassVar

import typer
from typer.core import TyperGroup

from otklik.env import WrongEnv
from otklik.site.role import become


class Lazy(TyperGroup):
    """A group whose engine commands (`otklik mail …`) are imported only when they are called or listed."""

    engines: ClassVar[dict[str, str]] = {
        "coach": "otklik.site.cli_coach",
        "erase": "otklik.site.cli_erase",
        "keys": "otklik.site.cli_keys",
        "mail": "otklik.site.cli_mail",
        "sla": "otklik.site.cli_sla",
    }
    # single commands that are worth a file of their own
    single: ClassVar[dict[str, str]] = dict.fromkeys(
        ("backup", "restore", "revive", "move"), "otklik.site.cli_rescue"
    )

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer vendors click's Context
        there = [name for name, module in self.engines.items() if importlib.util.find_spec(module)]
        return [*super().list_commands(ctx), *self.single, *there]

    def get_command(self, ctx: typer.Context, name: str) -> object:  # type: ignore[override]  # the same
        if name in self.single:
            group = typer.main.get_command(importlib.import_module(self.single[name]).app)
            return group.commands[name]  # type: ignore[attr-defined]  # an app of several commands is a group
        if name not in self.engines:
            return super().get_command(ctx, name)
        command = typer.main.get_command(importlib.import_module(self.engines[name]).app)
        command.name = name
        return command


app = typer.Typer(
    cls=Lazy, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Отклик: служба работы с обращениями клиентов.",
)  # fmt: skip
Home = Annotated[Path | None, typer.Option("--home", help="Папка с данными.", show_default=False)]


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # slow to load, and only this wants it

        sys.stdout.write(f"Отклик {version('otklik')}\n")
        raise typer.Exit


@app.callback()
def _all(
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Говорит, какая это версия."),
    ] = False,
) -> None:
    """What every command takes."""


@app.command()
def demo(home: Home = None) -> None:
    """Запускает Отклик с примером компании."""
    become("demo", _full(home))


@app.command()
def up(home: Home = None) -> None:
    """Запускает Отклик: всё на одной машине."""
    become("up", _full(home))


@app.command()
def web() -> None:
    """Только страницы (для установки на нескольких машинах)."""
    become("web")


@app.command()
def live() -> None:
    """Только живая лента."""
    become("live")


@app.command()
def worker(
    with_intake: Annotated[bool, typer.Option("--with-intake", help="Заодно принимать письма.")] = False,
) -> None:
    """Только отправка, сроки и задания."""
    become("work", "worker", *(["intake"] if with_intake else []))


@app.command()
def intake() -> None:
    """Только приём писем: ящики IMAP, вход SMTP и LMTP."""
    become("work", "intake")


@app.command()
def migrate() -> None:
    """Приводит таблицы базы к этой версии."""
    become("migrate")


@app.command()
def admin(
    email: Annotated[str, typer.Argument(help="Почта, по которой он входит.")],
    name: Annotated[str, typer.Option("--name", prompt="Имя и фамилия")],
    no_second_step: Annotated[bool, typer.Option("--no-second-step", help="Снять второй шаг входа.")] = False,
) -> None:
    """Заводит администратора или меняет ему пароль."""
    from otklik.site import preparing

    password = typer.prompt("Пароль", hide_input=True, confirmation_prompt="Ещё раз")
    preparing.admin(email, name, password, no_second_step=no_second_step)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Для программ: список находок.")] = False,
) -> None:
    """Проверяет установку и говорит, что делать."""
    from otklik.site import doctor as checks

    raise typer.Exit(checks.tell(as_json=as_json))


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def manage(ctx: typer.Context) -> None:
    """Команды Django: otklik manage КОМАНДА …"""
    from otklik.site import roles

    roles.manage(ctx.args)


def _full(home: Path | None) -> str:
    return str(home.expanduser().absolute()) if home else ""


def main() -> None:
    """The entry point: faults of the environment are words, not a traceback."""
    try:
        app()
    except WrongEnv as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(2)
