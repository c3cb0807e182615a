"""Each patch of Rasa: that it is still needed, and that it changes nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from agent import stand_ins

stand_ins.install()

import rasa  # noqa: E402
from jsonschema import ValidationError  # noqa: E402
from rasa.core.actions.action import RemoteAction  # noqa: E402

from agent import patches  # noqa: E402
from tests import unpatched_rasa  # noqa: E402
from tests.fork_server import fork_server  # noqa: E402

Printed = Callable[[str], str]
GOOD = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "size", "value": 270}], "responses": [{"text": "네"}]},
    {},
]
BAD = [{"events": "none"}, {"events": [{}]}, {"responses": [7]}, {"events": [{"event": 7}]}]


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    for patch in (patches.apply, patches.train_in_less_time):
        with pytest.raises(patches.OtherRasa, match=r"3\.6\.21"):
            patch()


@pytest.mark.parametrize("answer", GOOD)
def test_what_rasa_takes_is_taken(answer: dict[str, object]) -> None:
    patches.apply()
    assert RemoteAction("action_x", None)._validate_action_result(answer) is True


@pytest.mark.parametrize("answer", BAD)
def test_what_rasa_refuses_is_refused(answer: dict[str, object]) -> None:
    patches.apply()
    with pytest.raises(ValidationError):
        RemoteAction("action_x", None)._validate_action_result(answer)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    """Runs code where Rasa is loaded and not patched; what it prints."""
    log, output = (tmp_path_factory.mktemp("unpatched") / name for name in ("log", "output"))
    module = unpatched_rasa.__name__
    with fork_server(module, environment={"LANG": "C.UTF-8"}, log=log) as forks:

        def run(code: str) -> str:
            forks.begin(f"{module}:run", code=code, printed=str(output))
            assert forks.ended() == 0, log.read_text(encoding="utf-8")
            return output.read_text(encoding="utf-8")

        yield run


BUILDS = """
import jsonschema.validators as validators
from rasa.core.actions.action import RemoteAction
counted = []
for kind in {type for type in validators._META_SCHEMAS.values()}:
    original = kind.check_schema.__func__
    def check(cls, *given, original=original, **more):
        counted.append(cls)
        return original(cls, *given, **more)
    kind.check_schema = classmethod(check)
action = RemoteAction("action_x", None)
for _ in range(10):
    action._validate_action_result({"events": [], "responses": []})
print(len(counted))
"""


def test_rasa_checks_its_schema_at_every_action_and_the_patch_once(printed: Printed) -> None:
    assert printed(BUILDS) == "10\n"
    assert printed(f"from agent import patches; patches.apply()\n{BUILDS}") == "1\n"


READS = """
from rasa.shared.utils import io
from ruamel.yaml import resolver
class Counted:
    tries = 0
    def match(self, word):
        Counted.tries += 1
        return pattern.match(word)
*known, (versions, tag, pattern, first) = resolver.implicit_resolvers
resolver.implicit_resolvers[:] = [*known, (versions, tag, Counted(), first)]
io.read_yaml("[" + "note, " * 100 + "]")
print(Counted.tries, io.read_yaml("- ab${LANG}\\n- [ab, 1, 0.5, true, ~, 2026-01-31, '1']"))
"""


def test_rasas_pattern_is_tried_more_often_with_each_word_and_with_the_patch_once(
    printed: Printed,
) -> None:
    read = "['abC.UTF-8', ['ab', 1, 0.5, True, None, datetime.date(2026, 1, 31), '1']]\n"
    assert printed(READS) == f"{100 * 101 // 2} {read}"
    patched = f"from agent import patches; patches.read_yaml_in_linear_time()\n{READS}"
    assert printed(patched) == f"100 {read}"


LOGS = """
import asyncio
from rasa.core import processor
processor.structlogger.debug("processor.message.parse", parse_data_text="secretword")
"""


def test_rasa_prints_what_customers_write_and_the_patch_does_not(printed: Printed) -> None:
    assert "secretword" in printed(LOGS)
    assert printed(f"from agent import patches; patches.apply()\n{LOGS}") == ""


DOMAIN = """
version: "3.1"
intents: [greet, {buy: {use_entities: [size]}}]
entities: [size]
slots: {size: {type: any, mappings: [{type: custom}]}}
responses:
  utter_greet: [{text: "안녕하세요 👋\\n{x}", channel: sms},
    {text: "hi", buttons: [{title: a, payload: /b}]}]
actions: [action_x]
"""
LOADS = f"""
import contextlib, pathlib, tempfile
from agent import patches
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils import io
class Storage:
    read_from = staticmethod(contextlib.nullcontext)
parses, read_yaml = [], io.read_yaml
io.read_yaml = lambda *given, **typ: parses.append(1) or read_yaml(*given, **typ)
def loaded(folder):
    parses.clear()
    given = dict(config={{}}, model_storage=Storage, resource=folder, execution_context=None)
    domain = DomainProvider.load(**given).provide_inference()
    return len(parses), domain.as_dict(), domain.fingerprint()
as_yaml, as_json = pathlib.Path(tempfile.mkdtemp()), pathlib.Path(tempfile.mkdtemp())
domain = Domain.from_yaml({DOMAIN!r})
domain.persist(as_yaml / "domain.yml")
patches._persist_the_domain_as_json()
domain.persist(as_json / "domain.yml")
theirs = loaded(as_json)
patches.apply()
ours, unpatched_model = loaded(as_json), loaded(as_yaml)
print(theirs[0] > 0, ours[0], theirs[1:] == ours[1:] == unpatched_model[1:])
"""


def test_rasa_parses_the_domain_of_a_model_as_yaml_and_the_patch_as_what_it_is(
    printed: Printed,
) -> None:
    assert printed(LOADS) == "True 0 True\n"


NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - 안녕하세요
    - hello
- intent: buy
  examples: |
    - size [270](size)
    - hello
"""
TRAINS = f"""
import copy, tempfile, pathlib
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.utils import io
folder = pathlib.Path(tempfile.mkdtemp())
domain = Domain.from_yaml({DOMAIN!r})
domain.persist(folder / "domain.yml")
again = Domain.load(folder / "domain.yml")
print(again.as_dict() == domain.as_dict(), again.fingerprint() == domain.fingerprint())
data = RasaYAMLReader().reads({NLU!r})
merged = data.merge(RasaYAMLReader().reads({NLU!r}))
print([message.as_dict() for message in merged.training_examples])
one = data.training_examples[0]
other = copy.deepcopy(one)
other.get("metadata", {{}})["new"] = 1
other.output_properties.add("new")
other.set("text", "bye")
print(one.get("text"), one.get("metadata"), sorted(one.output_properties), one == other)
print(one == copy.deepcopy(one), hash(one) == hash(copy.deepcopy(one)))
cut = [copy.deepcopy(one) for _ in range(4)]
for message, words in zip(cut, (["안녕"], ["안녕"], ["안", "녕"], ["hello"])):
    hash(message)
    message.set("text_tokens", [Token(word, 0) for word in words])
print([cut[0] == message for message in cut], cut[0] == one)
renamed = copy.deepcopy(one)
renamed.set("intent", renamed.get("intent"))
print(renamed == one)
renamed.set("intent", "bye")
print(renamed == one)
renamed.get("metadata", {{}})["later"] = 1
renamed.set("metadata", renamed.get("metadata"))
renamed.set("intent", "greet")
print(renamed == one)
for broken in ("nlu: 7", "nlu: [", "nlu: [{{intnt: a}}]", "{{nlu: [], nlu: []}}"):
    for _ in range(2):
        try:
            RasaYAMLReader().reads(broken)
        except Exception as refused:
            print(type(refused).__name__, str(refused).splitlines())
"""


def test_rasa_reads_copies_and_keeps_training_data_patched_as_it_does_unpatched(
    printed: Printed,
) -> None:
    theirs = printed(TRAINS)
    assert "True True" in theirs.splitlines()[0]
    assert "YamlValidationException" in theirs
    assert printed(f"{PATCHED}\n{TRAINS}") == theirs


PATCHED = "from agent import patches; patches.train_in_less_time()"
WORKS = f"""
import tempfile
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.engine.storage import local_model_storage
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.utils import io, validation
hashed, read = [], []
hash_of, read_yaml = io.get_text_hash, io.read_yaml
io.get_text_hash = lambda *given: hashed.append(1) or hash_of(*given)
io.read_yaml = lambda *given, **typ: read.append((given[1:], typ)) or read_yaml(*given, **typ)
for _ in range(3):
    data = RasaYAMLReader().reads({NLU!r})
loaded = len(hashed) // 3
hashed.clear()
one = data.training_examples[0]
one.set("text_tokens", [Token("안녕", 0), Token("하세요", 2)])
hash(one)
one.set("intent", "greet")
hash(one)
print(sum("rt" in str(typ) for typ in read), loaded, len(hashed))
path = tempfile.mktemp()
local_model_storage.TarSafe.open(path, "w:gz").close()
print(open(path, "rb").read()[8])
"""


def test_rasa_parses_and_hashes_again_and_again_and_the_patch_does_not(printed: Printed) -> None:
    parses, hashes, again, level = map(int, printed(WORKS).split())
    assert parses == 3
    assert hashes > 5 * 4
    assert again > 2 * 10
    assert level == 2  # gzip's mark of the best compression; 4 is that of the fastest
    assert printed(f"{PATCHED}\n{WORKS}").split() == ["0", "4", "1", "4"]
