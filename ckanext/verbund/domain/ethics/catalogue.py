# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogue of questions as values; a faulty file is refused with line and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml

YES, NO, UNCLEAR, NONE = "yes", "no", "unclear", "none"
# All that a decision can hang on: the hash covers them. The last two are read by
# ``short_check`` and ``prefill``.
FILES = (
    "catalogue.yaml",
    "references.yaml",
    "grounds.yaml",
    "kurzpruefung.yaml",
    "prefilled.yaml",
)
_FOLDER = files("ckanext.verbund.schemas") / "ethics"
_QUESTION_KEYS = frozenset(
    {"id", "de", "en", "help", "weight", "trigger", "effects", "refs", "ground", "after"}
    | {"duty", "none_if", "lifts", "contradicted_by", "sealed"}
)


class CatalogueError(ValueError):
    """A file of the catalogue is faulty. The text names file, line, reason."""


class Effect(str, Enum):
    """What an answer can bring about (publish-or-not, section 5.2)."""

    KO = "KO"
    ANON = "ANON"
    DSB = "DSB"
    SEC = "SEC"
    STAT = "STAT"
    RECHT = "RECHT"
    ETHIK = "ETHIK"
    AUFL = "AUFL"


COMMENTS = frozenset({Effect.DSB, Effect.SEC, Effect.STAT, Effect.RECHT, Effect.ETHIK})
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Consequence:
    """One effect of a question.

    Attributes:
        effect: What follows.
        lifted_by: The measure that settles it, empty if none does.
        objection: Only if a specialist of this kind objects.
    """

    effect: Effect
    lifted_by: str = ""
    objection: Effect | None = None


@dataclass(frozen=True)
class Lift:
    """An answer that takes an effect of another question away."""

    answer: str
    question: str
    effect: Effect


@dataclass(frozen=True)
class Question:
    """One question of the catalogue."""

    id: str
    texts: Texts = field(hash=False)
    help: Texts = field(hash=False)
    weight: int
    trigger: str
    consequences: tuple[Consequence, ...]
    refs: tuple[str, ...] = ()
    ground: str = ""
    after: tuple[str, ...] = ()
    duty: bool = False
    none_if: tuple[str, ...] = ()
    lifts: Lift | None = None
    contradicted_by: frozenset[str] = frozenset()
    sealed: bool = False

    @property
    def group(self) -> str:
        """Return the letter of its group."""
        return self.id[0]

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the answers that it takes."""
        return (YES, NO, UNCLEAR, NONE) if self.none_if else (YES, NO, UNCLEAR)

    def triggered(self, answer: str) -> bool:
        """Return whether an answer brings the effects about; unclear protects."""
        return answer in {self.trigger, UNCLEAR}


@dataclass(frozen=True)
class Reference:
    """A provision or source, and to whom it applies (empty: to everybody)."""

    key: str
    cite: str
    name: str
    lands: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    checked: str = "unverified"

    def applies(self, land: str, kind: str) -> bool:
        """Return whether it concerns a member of a Land and an organisation type."""
        return (not self.lands or land in self.lands) and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Catalogue:
    """The questions in force with everything they name.

    Attributes:
        version: Number that goes up with each change.
        hash: SHA-256 over the files; each decision keeps it.
    """

    version: int
    hash: str
    reason_length: int
    questions: tuple[Question, ...]
    groups: Mapping[str, Texts] = field(hash=False)
    effects: Mapping[str, Texts] = field(hash=False)
    answers: Mapping[str, Texts] = field(hash=False)
    measures: Mapping[str, Texts] = field(hash=False)
    grounds: Mapping[str, Texts] = field(hash=False)
    sealed_grounds: frozenset[str]
    references: Mapping[str, Reference] = field(hash=False)

    def __getitem__(self, id: str) -> Question:
        """Return a question by its ID.

        Raises:
            KeyError: There is none.
        """
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)

    def references_for(self, question: Question, land: str, kind: str) -> list[Reference]:
        """Return the references of a question that concern a member.

        Args:
            question: The question.
            land: Key of the Land, the first two digits of the AGS.
            kind: ``organization_type`` of the member.
        """
        found = (self.references[key] for key in question.refs)
        return [reference for reference in found if reference.applies(land, kind)]


def text_of(file: str) -> str:
    """Return the text of one of ``FILES`` as it comes with the package."""
    return (_FOLDER / file).read_text(encoding="utf-8")


@cache
def load() -> Catalogue:
    """Return the catalogue that comes with the package."""
    return read({name: text_of(name) for name in FILES})


def read_folder(folder: Path) -> Catalogue:
    """Read a catalogue that a town keeps itself."""
    return read({name: (folder / name).read_text(encoding="utf-8") for name in FILES})


def read(texts: Mapping[str, str]) -> Catalogue:
    """Build the catalogue from the texts of its files.

    Args:
        texts: YAML by name of the file, as in ``FILES``.

    Raises:
        CatalogueError: With file, line and reason.
    """
    main = Node.parse("catalogue.yaml", texts["catalogue.yaml"])
    references = _references(Node.parse("references.yaml", texts["references.yaml"]))
    grounds = Node.parse("grounds.yaml", texts["grounds.yaml"]).get("grounds")
    names = _Names(
        groups=_texts(main.get("groups")),
        effects=_texts(main.get("effects")),
        measures=_texts(main.get("measures")),
        grounds=_texts(grounds),
        references=references,
    )
    for effect in Effect:
        if effect.value not in names.effects:
            raise main.get("effects").error(f"der Effekt {effect.value} fehlt")
    questions = tuple(_questions(main.get("questions"), names))
    digest = hashlib.sha256("\0".join(texts[name] for name in FILES).encode())
    return Catalogue(
        version=main.get("version").whole(1, 10**6),
        hash=digest.hexdigest(),
        reason_length=main.get("reason_length").whole(0, 1000),
        questions=questions,
        groups=names.groups,
        effects=names.effects,
        answers=_texts(main.get("answers")),
        measures=names.measures,
        grounds=names.grounds,
        sealed_grounds=frozenset(
            k for k, g in grounds.items() if g.value.get("sealed") == "true"
        ),
        references=references,
    )


@dataclass(frozen=True)
class _Names:
    groups: Mapping[str, Texts]
    effects: Mapping[str, Texts]
    measures: Mapping[str, Texts]
    grounds: Mapping[str, Texts]
    references: Mapping[str, Reference]


def _questions(nodes: Node, names: _Names) -> Iterator[Question]:
    known: dict[str, Question] = {}
    for node in nodes:
        question = _question(node, names, known)
        known[question.id] = question
        yield question


def _question(node: Node, names: _Names, known: Mapping[str, Question]) -> Question:
    if unknown := set(node.value) - _QUESTION_KEYS:
        raise node.error(f"unbekannte Angabe „{min(unknown)}“")
    id = node.get("id").text()
    if id in known:
        raise node.error(f"die Frage {id} gibt es schon")
    if id[:1] not in names.groups:
        raise node.error(f"die Gruppe „{id[:1]}“ der Frage {id} gibt es nicht")
    ground = node.value.get("ground", "")
    consequences = tuple(_consequence(n, names) for n in node.get("effects"))
    if ground and ground not in names.grounds:
        raise node.get("ground").error(f"den Grund „{ground}“ gibt es nicht")
    if consequences and not ground:
        raise node.error(f"der Frage {id} fehlt der Grund für das Register")
    for key in (refs := tuple(node.value.get("refs", ()))):
        if key not in names.references:
            raise node.get("refs").error(f"die Fundstelle „{key}“ gibt es nicht")
    for group in (after := tuple(node.value.get("after", ()))):
        if group not in names.groups:
            raise node.get("after").error(f"die Gruppe „{group}“ gibt es nicht")
    for other in (none_if := tuple(node.value.get("none_if", ()))):
        if other not in known:
            raise node.get("none_if").error(f"die Frage {other} steht nicht davor")
    return Question(
        id=id,
        texts=node.texts(),
        help=node.get("help").texts(),
        weight=node.get("weight").whole(0, 5),
        trigger=node.get("trigger").answer(),
        consequences=consequences,
        refs=refs,
        ground=ground,
        after=after,
        duty=node.value.get("duty") == "true",
        none_if=none_if,
        lifts=_lift(node.get("lifts"), known) if "lifts" in node.value else None,
        contradicted_by=frozenset(node.value.get("contradicted_by", ())),
        sealed=node.value.get("sealed") == "true",
    )


def _consequence(node: Node, names: _Names) -> Consequence:
    measure = node.value.get("lifted_by", "")
    if measure and measure not in names.measures:
        raise node.error(f"die Maßnahme „{measure}“ gibt es nicht")
    objection = node.get("objection").effect() if "objection" in node.value else None
    if objection and objection not in COMMENTS:
        raise node.error(f"{objection.value} ist keine Stellungnahme")
    return Consequence(node.get("effect").effect(), measure, objection)


def _lift(node: Node, known: Mapping[str, Question]) -> Lift:
    other, effect = node.get("question").text(), node.get("effect").effect()
    if other not in known:
        raise node.error(f"die Frage {other} steht nicht davor")
    if effect not in {c.effect for c in known[other].consequences}:
        raise node.error(f"die Frage {other} hat den Effekt {effect.value} nicht")
    return Lift(node.get("answer").answer(), other, effect)


def _references(root: Node) -> dict[str, Reference]:
    found = {}
    for key, node in root.get("references").items():
        found[key] = Reference(
            key,
            node.get("cite").text(),
            node.get("de").text(),
            frozenset(node.value.get("lands", ())),
            frozenset(node.value.get("kinds", ())),
            node.get("checked").text(),
        )
    return found


def _texts(node: Node) -> dict[str, Texts]:
    return {key: entry.texts() for key, entry in node.items()}


@dataclass(frozen=True)
class Node:
    """A value of a YAML file that knows where it stands; faults raise ``CatalogueError``."""

    file: str
    value: Any
    node: yaml.Node

    @classmethod
    def parse(cls, file: str, text: str) -> Node:
        """Return the root of a file that holds names and values."""
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise CatalogueError(f"{file}, Zeile {line}: {error.problem}") from None
        if not isinstance(node, yaml.MappingNode):
            raise CatalogueError(f"{file}, Zeile 1: Angaben der Form „Name: Wert“ fehlen")
        return cls._of(file, node)

    @classmethod
    def _of(cls, file: str, node: yaml.Node) -> Node:
        return cls(file, _plain(node), node)

    def error(self, reason: str) -> CatalogueError:
        """Return the fault of this value, with file and line."""
        return CatalogueError(f"{self.file}, Zeile {self.node.start_mark.line + 1}: {reason}")

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield names and values."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("hier stehen Angaben der Form „Name: Wert“")
        for key, value in self.node.value:
            yield str(key.value), self._of(self.file, value)

    def __iter__(self) -> Iterator[Node]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("hier steht eine Liste")
        for entry in self.node.value:
            yield self._of(self.file, entry)

    def get(self, name: str) -> Node:
        """Return the value of a name."""
        for key, value in self.items():
            if key == name:
                return value
        raise self.error(f"„{name}“ fehlt")

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("hier steht ein Text")
        return self.value

    def texts(self) -> Texts:
        """Return the text in German and English."""
        return {lang: self.get(lang).text() for lang in ("de", "en")}

    def whole(self, least: int, most: int) -> int:
        """Return a whole number between two limits."""
        try:
            number = int(self.value)
        except (TypeError, ValueError):
            number = least - 1
        if not least <= number <= most:
            raise self.error(f"hier steht eine ganze Zahl von {least} bis {most}")
        return number

    def answer(self) -> Literal["yes", "no"]:
        """Return an answer that can be a trigger."""
        if self.value not in {YES, NO}:
            raise self.error("hier steht „yes“ oder „no“")
        return self.value

    def effect(self) -> Effect:
        """Return an effect by its name."""
        if self.value not in Effect.__members__:
            raise self.error(f"den Effekt „{self.value}“ gibt es nicht")
        return Effect(self.value)


def _plain(node: yaml.Node) -> Any:
    # Every scalar is text here: "yes" and "no" are answers, not booleans.
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(entry) for entry in node.value]
    return node.value
