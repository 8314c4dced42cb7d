# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kurzprüfung: who may take the short way, and what its answers stand for.

The short way asks one screen per group instead of thirty questions with thirty reasons
(publish-or-not, section 5.4). Its texts and lists are ``schemas/ethics/kurzpruefung.yaml``.
It is never a way around the decision: a second person signs, as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from ckanext.verbund.domain import vocab

from .assess import Answer, asked
from .catalogue import NO, NONE, UNCLEAR, YES, Catalogue, Node, Texts, load, text_of

FILE = "kurzpruefung.yaml"
#: The group of the three ticks; all others are asked on a screen of their own.
TICKED = "G"
#: What comes before the groups: what it is about, and whether the short way is open.
FIRST_SCREEN = "begin"
#: What comes after them: the ticks, the one reason, all answers at a glance, and sending.
LAST_SCREEN = "last"


@dataclass(frozen=True)
class Column:
    """A column of a table as the check knows it."""

    name: str
    type: str
    free_text: bool = False


@dataclass(frozen=True)
class Facts:
    """What decides whether a dataset may take the short way.

    Attributes:
        type: Code, IRI or name of its Musterdatensatz, empty without.
        adopted: Codes that the member's Leitung put on its list.
        screened: The automatic check read every file completely; a file that it cannot read
            counts as not read.
        open_findings: How many findings nobody has explained.
        columns: Columns of all files, or None if those of one file are not known.
        own: The member collects or keeps the data itself.
        open_licence: Every file has an open licence.
    """

    type: str = ""
    adopted: frozenset[str] = frozenset()
    screened: bool = False
    open_findings: int = 0
    columns: tuple[Column, ...] | None = None
    own: bool = False
    open_licence: bool = False


@dataclass(frozen=True)
class Miss:
    """A condition that does not hold, and what to do about it."""

    code: str
    texts: Texts = field(hash=False)
    remedy: Texts = field(hash=False)


@dataclass(frozen=True)
class Never:
    """Kinds of data that always take the long form, and why."""

    types: tuple[str, ...]
    texts: Texts = field(hash=False)

    def covers(self, code: str) -> bool:
        """Return whether a Musterdatensatz is meant."""
        return any(
            code.startswith(one) if one.endswith("/") else code == one for one in self.types
        )


@dataclass(frozen=True)
class ShortCheck:
    """The rules of the Kurzprüfung in force.

    Attributes:
        catalogue: The questions that they are about; its hash covers these rules too.
        conditions: What must hold, by code.
        proposed: Kinds of data that Leitung may adopt.
        never: Kinds that it cannot adopt.
        statements: Questions of the groups as statements, by ID.
        ticks: What is confirmed one by one, by ID.
        helps: What helps to answer, by ID, in place of the help of the question.
        relieved: Answer that stands for "does not hold", by ID.
    """

    catalogue: Catalogue
    conditions: Mapping[str, Miss] = field(hash=False)
    proposed: tuple[str, ...]
    never: tuple[Never, ...]
    statements: Mapping[str, Texts] = field(hash=False)
    ticks: Mapping[str, Texts] = field(hash=False)
    helps: Mapping[str, Texts] = field(hash=False)
    relieved: Mapping[str, str] = field(hash=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups that have a screen, in order."""
        return tuple(dict.fromkeys(id[0] for id in self.statements))

    @property
    def screens(self) -> tuple[str, ...]:
        """Return the screens that the author sees, in order."""
        return (FIRST_SCREEN, *self.groups, LAST_SCREEN)

    def help(self, id: str) -> Texts:
        """Return what helps with a statement or a tick."""
        return self.helps.get(id) or self.catalogue[id].help

    def forbidden(self, type: str) -> Never | None:
        """Return why a kind of data always takes the long form, or None."""
        code = _code(type)
        return next((one for one in self.never if one.covers(code)), None)


# -- Who may ----------------------------------------------------------------------------------

#: Each condition of the file and how it is checked; ``read`` refuses a file that lacks one.
CONDITIONS: Mapping[str, Callable[[ShortCheck, Facts], bool]] = {
    "not_never": lambda rules, facts: rules.forbidden(facts.type) is None,
    "adopted": lambda _, facts: _code(facts.type) in facts.adopted,
    "screened": lambda _, facts: facts.screened,
    "no_findings": lambda _, facts: not facts.open_findings,
    "columns_known": lambda _, facts: bool(facts.columns),
    "no_free_text": lambda _, facts: not any(c.free_text for c in facts.columns or ()),
    "own": lambda _, facts: facts.own,
    "open_licence": lambda _, facts: facts.open_licence,
}


def misses(rules: ShortCheck, facts: Facts) -> list[Miss]:
    """Return what speaks against the short way; nothing means that it is open.

    Args:
        rules: The rules in force.
        facts: What is known of the dataset. What is not known counts against it.
    """
    found = []
    for code, holds in CONDITIONS.items():
        if holds(rules, facts):
            continue
        miss = rules.conditions[code]
        if code == "not_never" and (why := rules.forbidden(facts.type)):
            both = {lang: f"{text} {why.texts[lang]}" for lang, text in miss.texts.items()}
            miss = replace(miss, texts=both)
        found.append(miss)
    return found


def adoptable(rules: ShortCheck, types: Iterable[str]) -> tuple[frozenset[str], list[str]]:
    """Sort what Leitung wants on its list.

    Args:
        rules: The rules in force.
        types: Codes, IRIs or names of Musterdatensätze.

    Returns:
        Codes that may be adopted, and the entries that may not: unknown or "never".
    """
    may, may_not = set(), []
    for type in types:
        code = _code(type)
        if code and not rules.forbidden(code):
            may.add(code)
        else:
            may_not.append(type)
    return frozenset(may), may_not


def _code(type: str) -> str:
    concept = vocab.load("musterdatensatz").get(type)
    return concept.code if concept else ""


# -- What the short answers stand for ---------------------------------------------------------


@dataclass(frozen=True)
class Short:
    """What somebody entered in the Kurzprüfung.

    Attributes:
        groups: Answer to "does any of these hold?" by group: yes, no or unclear.
        ticks: IDs of what was confirmed.
        reason: The one reason of the case.
    """

    groups: Mapping[str, str] = field(default_factory=dict, hash=False)
    ticks: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class Expanded:
    """Full answers made of short ones.

    Attributes:
        answers: By ID; those "über Kurzprüfung" have ``short`` set and no reason of their own.
        opened: Groups whose questions are to be answered in the long form.
        pending: Groups that nobody has answered yet.
        needs_reason: The one reason is missing or too short.
    """

    answers: Mapping[str, Answer] = field(hash=False)
    opened: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    needs_reason: bool = False

    @property
    def done(self) -> bool:
        """Return whether the author may send the case without the long form."""
        return not (self.opened or self.pending or self.needs_reason)


def expand(rules: ShortCheck, short: Short, given: Mapping[str, Answer]) -> Expanded:
    """Turn short answers into full ones.

    A group of which nothing holds gets for each question the answer that triggers nothing. A
    group that was opened keeps what was entered in the long form, confirmed proposals
    included, and nothing else; so nobody's text is lost and nothing is answered for anybody.

    Args:
        rules: The rules in force.
        short: What was entered in the Kurzprüfung.
        given: Answers that exist already. Long ones win over short ones. One that triggers
            effects opens its group, whatever the screen says.

    Returns:
        The answers, and which groups are open.
    """
    answers = {id: answer for id, answer in given.items() if not answer.short}
    opened, pending = [], []
    for group in rules.groups:
        said = short.groups.get(group, "")
        if said not in {YES, NO, UNCLEAR}:
            pending.append(group)
        elif said != NO or _triggers(rules.catalogue, group, answers):
            opened.append(group)
        else:
            for id in rules.statements:
                if id[0] == group:
                    answers.setdefault(id, Answer(_relieved(rules, id), short=True))
    unticked = [id for id in rules.ticks if id not in short.ticks and id not in answers]
    for id in set(rules.ticks) - set(unticked):
        answers.setdefault(id, Answer(_relieved(rules, id), short=True))
    if unticked or _triggers(rules.catalogue, TICKED, answers):
        opened.append(TICKED)
    # B5 "does not apply" holds only as long as B1 and B2 do.
    for id, answer in list(answers.items()):
        if answer.short and answer.value == NONE and not _stands(rules.catalogue, id, answers):
            del answers[id]
    needs_reason = len(short.reason.strip()) < rules.catalogue.reason_length
    return Expanded(answers, tuple(opened), tuple(pending), needs_reason)


def lengthen(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the answers for the long form once the short way is closed.

    The values stay as a start; each question now needs a reason of its own, so none counts as
    answered until somebody gives one.
    """
    return {id: replace(answer, short=False) for id, answer in answers.items()}


def open_questions(rules: ShortCheck, expanded: Expanded) -> list[str]:
    """Return the questions of opened groups that still want an answer, in order."""
    return [
        q.id
        for q in asked(rules.catalogue, expanded.answers)
        if q.group in expanded.opened and q.id not in expanded.answers
    ]


def _relieved(rules: ShortCheck, id: str) -> str:
    return rules.relieved.get(id) or _other(rules.catalogue[id].trigger)


def _other(value: str) -> str:
    return NO if value == YES else YES


def _triggers(catalogue: Catalogue, group: str, answers: Mapping[str, Answer]) -> bool:
    # A duty to publish (A2) has no effects: a known duty opens nothing.
    return any(
        q.group == group and q.consequences and q.triggered(answers[q.id].value)
        for q in catalogue.questions
        if q.id in answers
    )


def _stands(catalogue: Catalogue, id: str, answers: Mapping[str, Answer]) -> bool:
    return all(o in answers and answers[o].value == NO for o in catalogue[id].none_if)


# -- Batches of alike datasets ----------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A dataset that may be decided together with others.

    Attributes:
        id: Of the dataset.
        member: Organisation that owns it.
        type: Its ``dcat_type``.
        licence: IRI of the licence of its files.
        musterdatensatz: Its kind of data.
        columns: Its columns.
        source: Where the data come from, as the description says it.
    """

    id: str
    member: str
    type: str
    licence: str
    musterdatensatz: str
    columns: tuple[Column, ...]
    source: str = ""


#: What alike datasets share, and what it is called.
ALIKE: Mapping[str, Texts] = {
    "member": {"de": "Mitglied", "en": "member"},
    "musterdatensatz": {"de": "Musterdatensatz", "en": "Musterdatensatz"},
    "type": {"de": "Art", "en": "type"},
    "licence": {"de": "Lizenz", "en": "licence"},
    "columns": {"de": "Spalten", "en": "columns"},
    "source": {"de": "Quelle", "en": "source"},
}


def batches(candidates: Iterable[Candidate]) -> list[tuple[Candidate, ...]]:
    """Return the groups of two and more alike datasets, the largest first.

    Each dataset keeps a case, an audit entry and a decision of its own; a batch only saves
    entering the same thing again.

    Args:
        candidates: Datasets; one whose kind or columns are not known is alike to none.
    """
    found: dict[tuple[object, ...], list[Candidate]] = {}
    for one in candidates:
        if not (_code(one.musterdatensatz) and one.columns):
            continue
        found.setdefault(tuple(_shared(one, name) for name in ALIKE), []).append(one)
    groups = [tuple(group) for group in found.values() if len(group) > 1]
    return sorted(groups, key=lambda group: (-len(group), group[0].id))


def differences(one: Candidate, other: Candidate) -> list[str]:
    """Return in what two datasets are not alike, as keys of ``ALIKE``."""
    return [name for name in ALIKE if _shared(one, name) != _shared(other, name)]


def _shared(one: Candidate, name: str) -> object:
    if name == "columns":
        return _shape(one.columns)
    if name == "musterdatensatz":
        return _code(one.musterdatensatz)
    return getattr(one, name)


def _shape(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    # The order of columns says nothing about people; a name in other capitals is another name
    # to a program and may be another thing, so it counts.
    return tuple(sorted((c.name, c.type) for c in columns))


# -- Yearly files under a dynamic decision ----------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """What a dynamic decision is about.

    Attributes:
        columns: Names and types.
        source: System or address that the data come from.
        rows: Which rows they are, such as ``Spielplätze im Stadtgebiet``.
        spatial: Places that they cover, as IRIs or names.
    """

    columns: tuple[Column, ...]
    source: str
    rows: str
    spatial: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Renewal:
    """A new file of the same kind.

    Attributes:
        scope: What it is about.
        screened: The automatic check read it completely.
        findings: How many findings it has that nobody has explained.
    """

    scope: Scope
    screened: bool = False
    findings: int = 0


#: Why a new file does not go public by a dynamic decision.
HELD: Mapping[str, Miss] = {
    code: Miss(code, {"de": de, "en": en}, {"de": remedy_de, "en": remedy_en})
    for code, de, en, remedy_de, remedy_en in (
        (
            "in_force",
            "Die Entscheidung gilt nicht mehr.",
            "The decision is no longer in force.",
            "Legen Sie die neue Datei zur Entscheidung vor.",
            "Submit the new file for a decision.",
        ),
        (
            "columns",
            "Die Spalten sind andere als bei der Entscheidung.",
            "The columns differ from those decided about.",
            "Prüfen Sie, ob die Datei die richtige ist. Sonst braucht sie eine Entscheidung.",
            "See whether the file is the right one; else it needs a decision.",
        ),
        (
            "source",
            "Die Daten kommen aus einer anderen Quelle.",
            "The data come from another source.",
            "Eine neue Quelle braucht eine neue Entscheidung.",
            "A new source needs a new decision.",
        ),
        (
            "rows",
            "Die Datei umfasst etwas anderes als bei der Entscheidung.",
            "The file covers something else than was decided about.",
            "Ein anderer Umfang braucht eine neue Entscheidung.",
            "Another scope needs a new decision.",
        ),
        (
            "screened",
            "Die automatische Prüfung der neuen Datei ist nicht vollständig.",
            "The automatic check of the new file is not complete.",
            "Warten Sie, bis sie fertig ist.",
            "Wait until it is done.",
        ),
        (
            "findings",
            "Die automatische Prüfung hat in der neuen Datei etwas gefunden.",
            "The automatic check found something in the new file.",
            "Sehen Sie sich die Treffer an. Die bisherige Datei bleibt öffentlich.",
            "Look at the findings. The present file stays public.",
        ),
    )
}


def held_back(decided: Scope, renewal: Renewal, *, in_force: bool) -> list[Miss]:
    """Return why a new file does not go public under a dynamic decision; nothing: it does.

    A finding holds the new file back; the one that is public stays (contracts, section 4).
    The period may differ, that is what a yearly file is for.

    Args:
        decided: What the decision is about.
        renewal: The new file.
        in_force: The decision is valid, not expired, suspended or revoked.
    """
    new = renewal.scope
    holds = {
        "in_force": in_force,
        "columns": _shape(new.columns) == _shape(decided.columns)
        and not any(c.free_text for c in set(new.columns) - set(decided.columns)),
        "source": bool(new.source) and new.source == decided.source,
        "rows": (new.rows, new.spatial) == (decided.rows, decided.spatial),
        "screened": renewal.screened,
        "findings": not renewal.findings,
    }
    return [HELD[code] for code, held in holds.items() if not held]


# -- The file ---------------------------------------------------------------------------------


@cache
def rules() -> ShortCheck:
    """Return the rules that come with the package."""
    return read(text_of(FILE), load())


def read(text: str, catalogue: Catalogue) -> ShortCheck:
    """Build the rules from the text of their file.

    Args:
        text: YAML, as in ``schemas/ethics/kurzpruefung.yaml``.
        catalogue: The questions that it is about.

    Raises:
        CatalogueError: With file, line and reason.
    """
    root = Node.parse(FILE, text)
    never = tuple(
        Never(tuple(_types(node.get("types"), branches=True)), node.texts())
        for node in root.get("never")
    )
    proposed = tuple(_types(root.get("proposed"), branches=False))
    for node in root.get("proposed"):
        if any(one.covers(node.text()) for one in never):
            raise node.error(f"„{node.text()}“ steht auch unter „never“")
    statements, ticks = root.get("statements"), root.get("ticks")
    return ShortCheck(
        catalogue=catalogue,
        conditions=_conditions(root.get("conditions")),
        proposed=proposed,
        never=never,
        statements=_questions(statements, catalogue, lambda group: group != TICKED),
        ticks=_questions(ticks, catalogue, lambda group: group == TICKED),
        helps={
            id: entry.get("help").texts()
            for id, entry in statements.items()
            if "help" in entry.value
        },
        relieved=dict(_relieving(statements, catalogue)),
    )


def _conditions(node: Node) -> dict[str, Miss]:
    found = {}
    for code, entry in node.items():
        if code not in CONDITIONS:
            raise entry.error(f"die Bedingung „{code}“ gibt es nicht")
        found[code] = Miss(code, entry.texts(), entry.get("remedy").texts())
    for code in CONDITIONS:
        if code not in found:
            raise node.error(f"die Bedingung „{code}“ fehlt")
    return found


def _types(nodes: Node, *, branches: bool) -> Iterable[str]:
    codes = {concept.code for concept in vocab.load("musterdatensatz").concepts}
    for node in nodes:
        type = node.text()
        branch = branches and type.endswith("/") and any(c.startswith(type) for c in codes)
        if type not in codes and not branch:
            raise node.error(f"den Musterdatensatz „{type}“ gibt es nicht")
        yield type


def _questions(
    node: Node, catalogue: Catalogue, belongs: Callable[[str], bool]
) -> dict[str, Texts]:
    wanted = [q.id for q in catalogue.questions if belongs(q.group) and not q.after]
    found = {}
    for id, entry in node.items():
        if id not in wanted:
            raise entry.error(f"die Frage {id} gehört nicht hierher")
        if id in found:
            raise entry.error(f"die Frage {id} steht schon da")
        found[id] = entry.texts()
    for id in wanted:
        if id not in found:
            raise node.error(f"die Frage {id} fehlt")
    return {id: found[id] for id in wanted}


def _relieving(node: Node, catalogue: Catalogue) -> Iterable[tuple[str, str]]:
    for id, entry in node.items():
        if "relieved" not in entry.value:
            continue
        question, value = catalogue[id], entry.value["relieved"]
        if value not in question.answers or (value != NONE and question.triggered(value)):
            raise entry.error(f"„{value}“ entlastet bei der Frage {id} nicht")
        yield id, value
