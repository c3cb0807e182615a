"""`./dangol …`: every command in one place; what they do is in the files beside this one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

import settings as settings_module
from command import staff
from command.frame import Who, plainly, transaction

app = typer.Typer(
    help="Dangol: one continuing conversation with every customer of a shop.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


Port = Annotated[int | None, typer.Option(help="Port of the web part.", min=1, max=65535)]


@app.command()
@plainly
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
@plainly
def down() -> None:
    """Stop all of it, the embedded database included."""
    from command import up as steps
    from command.console import Console

    if not steps.down(settings_module.read(), Console()):
        typer.echo("Nothing was running.")


@app.command()
@plainly
def status() -> None:
    """What runs, and how it is. Exit status 0 only if all parts are ready."""
    from command import status as look

    if not look.show(settings_module.read()):
        raise typer.Exit(1)


@app.command()
@plainly
def doctor() -> None:
    """What is wrong here, and how to mend it. Exit status 0 only if nothing is."""
    from command import doctor as checks

    if not checks.show(settings_module.read()):
        raise typer.Exit(1)


@app.command()
@plainly
def restart(part: Annotated[str, typer.Argument(help="web, agent, outreach or phone")]) -> None:
    """Stop one part in good order; the supervisor starts it again."""
    from command import status as look

    look.restart(settings_module.read(), part)


@app.command()
@plainly
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
@plainly
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
@plainly
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
@plainly
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
@plainly
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
    with transaction() as connection:
        if not merge.isdecimal():
            merges.show(connection, customers.resolve(connection, merge), console)
            return
        console.print(merges.line(unmerging.get(connection, int(merge))))
        if yes or typer.confirm("Undo it? Both must log in anew."):
            now = clock.business_now(connection)
            unmerging.undo(connection, int(merge), now=now)
            console.print("They are two again.")


@app.command("rotate-keys")
@plainly
def rotate_keys() -> None:
    """Seal telephone numbers and e-mail addresses again under today's DANGOL_SECRET_KEY."""
    from rich.console import Console

    from command import database, keys

    with database.opened(settings_module.read()) as engine:
        keys.rotate(engine, Console(soft_wrap=True, highlight=False))


@app.command()
@plainly
def relearn(
    rule: Annotated[str, typer.Argument(help="Name of a rule of data/facts")],
    apply: Annotated[bool, typer.Option("--apply", help="Change what is known.")] = False,
) -> None:
    """Read what was said again by one rule of data/facts, and show what would change."""
    from command import relearn as again

    again.relearn(settings_module.read(), rule, apply=apply)


@app.command()
@plainly
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
@plainly
def torture(
    suite: Annotated[str, typer.Argument(help="dialogue, send, sending or turn.")],
    minutes: Annotated[float | None, typer.Option(help="How long; default: its count.")] = None,
) -> None:
    """Run the full counts of a fault suite and write its report."""
    from command import benches

    if not benches.torture(suite, minutes):
        raise typer.Exit(1)


@app.command("import")
@plainly
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


@app.command(context_settings={"ignore_unknown_options": True})
@plainly
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
@plainly
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
    with transaction() as connection:
        answer.show(connection, customer, campaign, language=chosen, is_json=is_json)


@app.command("export-customer")
@plainly
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
@plainly
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
@plainly
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
    with transaction() as connection:
        entries.show(
            connection, customer, before=before, limit=limit, language=chosen, is_json=is_json
        )


app.add_typer(staff.human, name="human")
app.add_typer(staff.voice, name="voice")


@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
    add_help_option=False,
)
@plainly
def rasa(context: typer.Context) -> None:
    """Rasa's own command line in our environment; --stock: in the published set."""
    from command import rasa as rasa_command

    raise typer.Exit(rasa_command.run(context.args))


if __name__ == "__main__":
    app(prog_name="dangol")
