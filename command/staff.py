"""`./dangol human …` and `./dangol voice …`, for the shop's own people; `command.human` and
`command.voice` do what they say."""

from __future__ import annotations

from typing import Annotated

import typer

import settings as settings_module
from command.frame import Who, plainly, transaction

human = typer.Typer(
    help="Customers who asked for a person: who waits, take, say, close.", no_args_is_help=True
)


@human.command("list")
@plainly
def human_list() -> None:
    """Who waits for a person, and who is being talked to."""
    from command import human as people
    from command import words

    with transaction() as connection:
        people.show_queue(connection, words.language())


@human.command("show")
@plainly
def human_show(customer: Who) -> None:
    """What is known of a customer, and the end of the conversation."""
    from command import human as people
    from command import words

    with transaction() as connection:
        people.show_customer(connection, customer, words.language())


@human.command("take")
@plainly
def human_take(
    customer: Who,
    by: Annotated[str | None, typer.Option("--as", help="Your name; default: your log-in.")] = None,
) -> None:
    """Talk to a customer from now on; the assistant is silent."""
    from getpass import getuser

    from command import human as people
    from command import words

    with transaction() as connection:
        people.take(connection, customer, words.language(), by=by or getuser())


@human.command("say")
@plainly
def human_say(
    customer: Who, text: Annotated[str, typer.Argument(help="What the customer is to read.")]
) -> None:
    """Say something to a customer whom you have taken."""
    from command import human as people
    from command import words

    with transaction() as connection:
        people.say(
            connection,
            customer,
            text,
            words.language(),
            shop_url=settings_module.read().public_base_url,
        )


@human.command("close")
@plainly
def human_close(customer: Who) -> None:
    """Let the assistant answer again."""
    from command import human as people
    from command import words

    with transaction() as connection:
        people.close(connection, customer, words.language())


@human.command("token")
@plainly
def human_token(
    name: Annotated[str, typer.Argument(help="Whose token it is.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it counts.")] = 30,
    revoke: Annotated[bool, typer.Option("--revoke", help="End every token of theirs.")] = False,
) -> None:
    """A token for /studio/api/hand-overs, shown once; or the end of them."""
    from command import human as people
    from command import words

    with transaction() as connection:
        if revoke:
            people.revoke_tokens(connection, name, words.language())
        else:
            people.give_token(connection, name, words.language(), days=days)


@human.command("accesses")
@plainly
def human_accesses(
    customer: Annotated[str | None, typer.Argument(help="Of one customer only.")] = None,
) -> None:
    """Who of the shop's people saw or did what; 1 if that record was changed."""
    from command import human as people
    from command import words

    with transaction() as connection:
        people.show_accesses(connection, customer, words.language())


voice = typer.Typer(
    help="What customers say the shop should hear: list, show, route, done, dismiss.",
    no_args_is_help=True,
)
Item = Annotated[int, typer.Argument(help="Its number, as the list shows it.")]


@voice.command("list")
@plainly
def voice_list(
    kind: Annotated[str | None, typer.Option(help="complaint, wish, praise …")] = None,
    topic: Annotated[str | None, typer.Option(help="One of the shop's voice_topics.")] = None,
    team: Annotated[str | None, typer.Option(help="Who it was handed to.")] = None,
) -> None:
    """What is open, what most people say first."""
    from command import voice as items
    from command import words

    with transaction() as connection:
        items.show(connection, words.language(), kind=kind, topic=topic, team=team)


@voice.command("show")
@plainly
def voice_show(item: Item) -> None:
    """Everything that is kept of one."""
    from command import voice as items
    from command import words

    with transaction() as connection:
        items.show_item(connection, item, words.language())


@voice.command("route")
@plainly
def voice_route(item: Item, team: Annotated[str, typer.Argument(help="Who has it now.")]) -> None:
    """Hand it to another team."""
    from command import voice as items
    from command import words

    with transaction() as connection:
        items.route(connection, item, team, words.language())


@voice.command("done")
@plainly
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
    with transaction() as connection:
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
@plainly
def voice_dismiss(item: Item) -> None:
    """Close it; nothing was done, and nobody hears of it."""
    from command import voice as items
    from command import words

    with transaction() as connection:
        items.dismiss(connection, item, words.language())
