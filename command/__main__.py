"""`./dangol …`: every command in one place; what they do is in the files beside this one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

import settings as settings_module
from marketing.errors import DangolError
from memory.embedded_errors import EmbeddedServerError
from settings import SettingsError
from shops.errors import ShopError

if TYPE_CHECKING:
    from memory.engine import Connection

app = typer.Typer(
    help="Dangol: one continuing conversation with every customer of a shop.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _plainly[**Given, Result](command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Errors of ours are one line on stderr and exit status 1; anything else keeps its trace."""

    @wraps(command)
    def run(*given: Given.args, **named: Given.kwargs) -> Result:
        try:
            return command(*given, **named)
        except (DangolError, EmbeddedServerError, SettingsError, ShopError) as error:
            _fail(str(error))

    return run


def _fail(message: str) -> NoReturn:
    typer.secho(f"dangol: {message}", err=True, fg=typer.colors.RED)
    raise typer.Exit(1)


Port = Annotated[int | None, typer.Option(help="Port of the web part.", min=1, max=65535)]


@app.command()
@_plainly
def up(
    port: Port = None,
    detach: Annotated[bool, typer.Option("--detach", help="Leave it running.")] = False,
    is_detached: Annotated[bool, typer.Option("--is-detached", hidden=True)] = False,
) -> None:
    """Start everything that is needed and run the shop; prints one `ready` line."""
    from command import up as steps
    from command.console import Console

    settings = settings_module.read(port=port)
    if detach:
        steps.up_detached(settings, port, Console())
    else:
        steps.up(settings, Console(lines_until_ready=is_detached))


@app.command()
@_plainly
def down() -> None:
    """Stop all of it, the embedded database included."""
    from command import up as steps
    from command.console import Console

    if not steps.down(settings_module.read(), Console()):
        typer.echo("Nothing was running.")


@app.command()
@_plainly
def status() -> None:
    """What runs, and how it is. Exit status 0 only if all parts are ready."""
    from command import status as look

    if not look.show(settings_module.read()):
        raise typer.Exit(1)


@app.command()
@_plainly
def doctor() -> None:
    """What is wrong here, and how to mend it. Exit status 0 only if nothing is."""
    from command import doctor as checks

    if not checks.show(settings_module.read()):
        raise typer.Exit(1)


@app.command()
@_plainly
def restart(part: Annotated[str, typer.Argument(help="web, agent, outreach or phone")]) -> None:
    """Stop one part in good order; the supervisor starts it again."""
    from command import status as look

    look.restart(settings_module.read(), part)


@app.command()
@_plainly
def train() -> None:
    """Train a model and publish it: running agents take it over at once."""
    from command import database, up
    from command.console import Console
    from memory import migrate
    from memory.sealing import Keyring

    with database.borrowed(settings_module.read()) as settings:
        migrate.upgrade(settings.database_url, Keyring.of(settings.secret_keys))
        up.train(settings, Console(), always=True)


@app.command()
@_plainly
def understand(
    text: Annotated[str, typer.Argument(help="What a customer says; - reads lines from stdin.")],
) -> None:
    """How a text is understood: one JSON object a line."""
    from agent import understanding
    from command.console import Console

    texts = (line.rstrip("\n") for line in sys.stdin) if text == "-" else iter((text,))
    for found in understanding.understand(
        texts,
        project=settings_module.PROJECT,
        home=settings_module.read().home,
        progress=Console(to_stderr=True).progress,
    ):
        typer.echo(json.dumps(found, ensure_ascii=False))


@app.command("test")
@_plainly
def run_tests(
    suites: Annotated[
        list[str] | None,
        typer.Argument(help="unit, integration, acceptance, conversations, browser; all if none"),
    ] = None,
) -> None:
    """Set up and run the tests."""
    from command import testing

    if not testing.run(suites or []):
        raise typer.Exit(1)


@app.command()
@_plainly
def migrate() -> None:
    """Bring the database's tables to today's form."""
    from command import database
    from memory import migrate as migrations
    from memory.sealing import Keyring

    with database.borrowed(settings_module.read()) as settings:
        keyring = Keyring.of(settings.secret_keys)
        moved = migrations.upgrade(settings.database_url, keyring)
    typer.echo("Tables brought up to date." if moved else "Tables were up to date.")


@app.command()
@_plainly
def unmerge(
    merge: Annotated[
        str, typer.Argument(metavar="MERGE|CUSTOMER", help="Number of a merge; of a customer, all.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make two customers of one again, who was merged by mistake."""
    from rich.console import Console

    from command import unmerge as merges
    from memory import clock, customers, unmerging

    console = Console(soft_wrap=True, highlight=False)
    with _memory() as connection:
        if not merge.isdecimal():
            merges.show(connection, customers.resolve(connection, merge), console)
            return
        console.print(merges.line(unmerging.get(connection, int(merge))))
        if yes or typer.confirm("Undo it? Both must log in anew."):
            now = clock.business_now(connection)
            unmerging.undo(connection, int(merge), now=now)
            console.print("They are two again.")


@app.command("rotate-keys")
@_plainly
def rotate_keys() -> None:
    """Seal telephone numbers and e-mail addresses again under today's DANGOL_SECRET_KEY."""
    from rich.console import Console

    from command import database, keys

    with database.opened(settings_module.read()) as engine:
        keys.rotate(engine, Console(soft_wrap=True, highlight=False))


@app.command()
@_plainly
def relearn(
    rule: Annotated[str, typer.Argument(help="Name of a rule of data/facts")],
    apply: Annotated[bool, typer.Option("--apply", help="Change what is known.")] = False,
) -> None:
    """Read what was said again by one rule of data/facts, and show what would change."""
    from command import relearn as again

    again.relearn(settings_module.read(), rule, apply=apply)


@app.command()
@_plainly
def bench(
    name: Annotated[str, typer.Argument(help="facts, memory, nlu, recall, stop, turn, or all.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the data sets.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write figures here.")] = None,
    minutes: Annotated[
        float | None, typer.Option(help="nlu: let Rasa's DIET train too, this long at most.")
    ] = None,
) -> None:
    """Measure, beside the bound or the peer, in one run."""
    from command import benches

    if not benches.run(name, data, json_file, minutes):
        raise typer.Exit(1)


@app.command()
@_plainly
def torture(
    suite: Annotated[str, typer.Argument(help="dialogue, send, sending or turn.")],
    minutes: Annotated[float | None, typer.Option(help="How long; default: its count.")] = None,
) -> None:
    """Run the full counts of a fault suite and write its report."""
    from command import benches

    if not benches.torture(suite, minutes):
        raise typer.Exit(1)


@app.command("import")
@_plainly
def import_file(
    kind: Annotated[
        Literal["products", "customers", "orders", "events", "consents", "suppressions"],
        typer.Argument(help="What the file holds; suppressions first."),
    ],
    file: Annotated[str, typer.Argument(help="CSV, JSON lines or .xlsx; - reads stdin.")],
    face: Annotated[
        Literal["ko", "en"],
        typer.Option(help="Whose clock and money count where the file names none."),
    ] = "ko",
) -> None:
    """Bring a file of the shop's in. Exit status 3 if some rows could not be taken."""
    from command import imports, words

    if not imports.run(settings_module.read(), kind, file, face, words.language()):
        raise typer.Exit(3)


Who = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help="Customer id, user id, phone or e-mail.")
]


@app.command(context_settings={"ignore_unknown_options": True})
@_plainly
def clock(
    to: Annotated[
        str | None,
        typer.Argument(
            metavar="[+3d|+2h|+30m|TIME]", help="How far, or to when; TIME is ISO 8601."
        ),
    ] = None,
) -> None:
    """The shop's clock, moved forward: what falls due on the way happens. Development only."""
    from command import clock as shop_clock
    from command import database, words

    settings = settings_module.read()
    if not settings.is_development:
        raise shop_clock.DevelopmentOnly
    with database.opened(settings) as engine:
        if to is None:
            shop_clock.show(engine, words.language())
        else:
            shop_clock.move(engine, to, words.language(), is_quiet=not sys.stdout.isatty())


@app.command()
@_plainly
def why(
    customer: Who,
    campaign: Annotated[str | None, typer.Argument(help="browse, anniversary …")] = None,
    language: Annotated[
        Literal["ko", "en"] | None, typer.Option(help="Default: as LC_ALL or LANG says.")
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Why something was sent to a customer, and why not."""
    from command import why as answer
    from command import words

    chosen = language or words.language()
    with _memory() as connection:
        answer.show(connection, customer, campaign, language=chosen, is_json=is_json)


@app.command("export-customer")
@_plainly
def export_customer(
    customer: Who,
    to: Annotated[
        str | None, typer.Option(help="ID.zip; a name in .json is one object; - is stdout.")
    ] = None,
) -> None:
    """Everything that is kept of a customer, as a file for them."""
    from command import database, rights, words

    with database.opened(settings_module.read()) as engine:
        rights.export(engine, customer, to, words.language(), say=_aside)


@app.command("erase-customer")
@_plainly
def erase_customer(
    customer: Who,
    purge: Annotated[
        bool, typer.Option("--purge", help="Also from every file in reach; then look for it.")
    ] = False,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    look_for: Annotated[
        list[str] | None, typer.Option(help="Look for this as well; may be repeated.")
    ] = None,
) -> None:
    """Erase a customer; orders stay, without any link to a person."""
    from command import rights

    settings = settings_module.read()
    if not rights.run_erasure(
        settings, customer, is_sure=is_sure, look_for=look_for or (), purges=purge, say=typer.echo
    ):
        raise typer.Exit(1)


def _aside(line: str) -> None:
    typer.echo(line, err=True)


@app.command()
@_plainly
def timeline(
    customer: Who,
    limit: Annotated[int, typer.Option(help="Entries of a page.", min=1, max=1000)] = 30,
    before: Annotated[
        str | None, typer.Option(metavar="PLACE", help="Older than that; a page ends with one.")
    ] = None,
    language: Annotated[
        Literal["ko", "en"] | None, typer.Option(help="Default: as LC_ALL or LANG says.")
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """What a customer said, did, bought and told, and what was offered: the newest first."""
    from command import timeline as entries
    from command import words

    chosen = language or words.language()
    with _memory() as connection:
        entries.show(
            connection, customer, before=before, limit=limit, language=chosen, is_json=is_json
        )


human = typer.Typer(
    help="Customers who asked for a person: who waits, take, say, close.", no_args_is_help=True
)
app.add_typer(human, name="human")


@human.command("list")
@_plainly
def human_list() -> None:
    """Who waits for a person, and who is being talked to."""
    from command import human as people
    from command import words

    with _memory() as connection:
        people.show_queue(connection, words.language())


@human.command("show")
@_plainly
def human_show(customer: Who) -> None:
    """What is known of a customer, and the end of the conversation."""
    from command import human as people
    from command import words

    with _memory() as connection:
        people.show_customer(connection, customer, words.language())


@human.command("take")
@_plainly
def human_take(
    customer: Who,
    by: Annotated[str | None, typer.Option("--as", help="Your name; default: your log-in.")] = None,
) -> None:
    """Talk to a customer from now on; the assistant is silent."""
    from getpass import getuser

    from command import human as people
    from command import words

    with _memory() as connection:
        people.take(connection, customer, words.language(), by=by or getuser())


@human.command("say")
@_plainly
def human_say(
    customer: Who, text: Annotated[str, typer.Argument(help="What the customer is to read.")]
) -> None:
    """Say something to a customer whom you have taken."""
    from command import human as people
    from command import words

    with _memory() as connection:
        people.say(
            connection,
            customer,
            text,
            words.language(),
            shop_url=settings_module.read().public_base_url,
        )


@human.command("close")
@_plainly
def human_close(customer: Who) -> None:
    """Let the assistant answer again."""
    from command import human as people
    from command import words

    with _memory() as connection:
        people.close(connection, customer, words.language())


@human.command("token")
@_plainly
def human_token(
    name: Annotated[str, typer.Argument(help="Whose token it is.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it counts.")] = 30,
    revoke: Annotated[bool, typer.Option("--revoke", help="End every token of theirs.")] = False,
) -> None:
    """A token for /studio/api/hand-overs, shown once; or the end of them."""
    from command import human as people
    from command import words

    with _memory() as connection:
        if revoke:
            people.revoke_tokens(connection, name, words.language())
        else:
            people.give_token(connection, name, words.language(), days=days)


@human.command("accesses")
@_plainly
def human_accesses(
    customer: Annotated[str | None, typer.Argument(help="Of one customer only.")] = None,
) -> None:
    """Who of the shop's people saw or did what; 1 if that record was changed."""
    from command import human as people
    from command import words

    with _memory() as connection:
        people.show_accesses(connection, customer, words.language())


voice = typer.Typer(
    help="What customers say the shop should hear: list, show, route, done, dismiss.",
    no_args_is_help=True,
)
app.add_typer(voice, name="voice")
Item = Annotated[int, typer.Argument(help="Its number, as the list shows it.")]


@voice.command("list")
@_plainly
def voice_list(
    kind: Annotated[str | None, typer.Option(help="complaint, wish, praise …")] = None,
    topic: Annotated[str | None, typer.Option(help="One of the shop's voice_topics.")] = None,
    team: Annotated[str | None, typer.Option(help="Who it was handed to.")] = None,
) -> None:
    """What is open, what most people say first."""
    from command import voice as items
    from command import words

    with _memory() as connection:
        items.show(connection, words.language(), kind=kind, topic=topic, team=team)


@voice.command("show")
@_plainly
def voice_show(item: Item) -> None:
    """Everything that is kept of one."""
    from command import voice as items
    from command import words

    with _memory() as connection:
        items.show_item(connection, item, words.language())


@voice.command("route")
@_plainly
def voice_route(item: Item, team: Annotated[str, typer.Argument(help="Who has it now.")]) -> None:
    """Hand it to another team."""
    from command import voice as items
    from command import words

    with _memory() as connection:
        items.route(connection, item, team, words.language())


@voice.command("done")
@_plainly
def voice_done(
    numbers: Annotated[list[int], typer.Argument(help="Their numbers.")],
    and_all_like_it: Annotated[
        bool, typer.Option("--all-like-it", help="And all that say the same.")
    ] = False,
    product: Annotated[str | None, typer.Option(help="The product that came of it.")] = None,
    ko: Annotated[str | None, typer.Option(help="What came of it, in Korean.")] = None,
    en: Annotated[str | None, typer.Option(help="What came of it, in English.")] = None,
    points: Annotated[int, typer.Option(help="Thanks for each of them.", min=0)] = 0,
) -> None:
    """It is done: whoever said it hears of it, once."""
    from command import voice as items
    from command import words

    note = {name: text for name, text in (("ko", ko), ("en", en)) if text}
    with _memory() as connection:
        items.done(
            connection,
            numbers,
            words.language(),
            and_all_like_it=and_all_like_it,
            product_id=product,
            note=note or None,
            thanks=points,
        )


@voice.command("dismiss")
@_plainly
def voice_dismiss(item: Item) -> None:
    """Close it; nothing was done, and nobody hears of it."""
    from command import voice as items
    from command import words

    with _memory() as connection:
        items.dismiss(connection, item, words.language())


@contextmanager
def _memory() -> Iterator[Connection]:
    """One transaction on the database of this command."""
    from command import database
    from memory import engine as memory_engine

    with (
        database.opened(settings_module.read()) as engine,
        memory_engine.transaction(engine) as connection,
    ):
        yield connection


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
    add_help_option=False,
)
@_plainly
def rasa(context: typer.Context) -> None:
    """Rasa's own command line in our environment; --stock: in the published set."""
    from command import rasa as rasa_command

    raise typer.Exit(rasa_command.run(context.args))


if __name__ == "__main__":
    app(prog_name="dangol")
