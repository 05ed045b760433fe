"""What a style sheet or a script asks of a browser that Chromium 86 or iOS 13 does not know (newer.json)."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import esprima
import tinycss2

NEWER: dict[str, Any] = json.loads(Path(__file__).with_name("newer.json").read_text())
OLDER_FUNCTIONS = {
    *[
        "attr",
        "calc",
        "counter",
        "cubic-bezier",
        "env",
        "format",
        "hsl",
        "hsla",
        "linear-gradient",
        "local",
        "max",
        "min",
    ],
    *[
        "minmax",
        "rect",
        "repeat",
        "rgb",
        "rgba",
        "rotate",
        "scale",
        "translate",
        "translateX",
        "translateY",
        "url",
        "var",
    ],
}
OLDER_UNITS = {"px", "rem", "em", "ch", "vh", "vw", "vmin", "vmax", "s", "ms", "deg", "fr", "mm", "cm", "in", "pt"}
HARMLESS = {
    "appearance": "-webkit-appearance stands beside it",
    "text-size-adjust": "-webkit-text-size-adjust stands beside it",
    "word-wrap": "the old name of overflow-wrap, for those who know no anywhere",
    "overflow-wrap: anywhere": "word-wrap stands beside it",
    "text-wrap": "lines break where they did before",
    "text-underline-offset": "the underline is nearer",
    "text-decoration-thickness": "the underline is thinner",
    "scroll-behavior": "only there to switch movement off",
    "cursor": "a phone has none",
    "resize": "a phone has none",
    "outline": "known, though not round corners",
    "break-after": "a page of paper may break elsewhere",
    "font-family: ui-monospace": "others follow it",
    "grid-gap": "the old name of gap",
    "grid-column-gap": "the old name of column-gap",
    "page-break-after": "the old name of break-after",
}
"""What an older browser passes over without loss, and why."""
GAPS = {"gap", "row-gap", "column-gap"}  # iOS 13 knows them in grids, not in flex boxes


def faults_of_style(css: str) -> list[str]:
    """Every newer property, value, function, unit, selector or condition, with its line."""
    return list(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)))


def _rules(rules: Iterable[Any]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "error":
            yield f"{rule.source_line}: {rule.message}"
        elif rule.type == "at-rule":
            yield from _at_rule(rule)
        elif rule.type == "qualified-rule":
            yield from _selectors(rule)
            yield from _declarations(rule.content)


def _at_rule(rule: Any) -> Iterator[str]:
    if rule.at_keyword in NEWER["newer at-rules"] and rule.at_keyword != "page":  # which only paper needs
        yield f"{rule.source_line}: @{rule.at_keyword}"
    if rule.at_keyword == "supports":
        return  # what stands inside is guarded
    if rule.at_keyword == "media":
        features = re.findall(r"\(\s*(?:min-|max-)?([a-z-]+)\s*[:)]", tinycss2.serialize(rule.prelude))
        yield from (
            f"{rule.source_line}: @media ({name})" for name in features if name in NEWER["newer media features"]
        )
        yield from _rules(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))


def _selectors(rule: Any) -> Iterator[str]:
    """One that a browser does not know makes it pass over the whole rule."""
    text = tinycss2.serialize(rule.prelude)
    for name in re.findall(r"(?<!:)::?([a-z][a-z-]*)", text):  # what begins with - is for one maker's browser alone
        is_for_newer_ones = all(f":{name}" in each for each in text.split(","))
        if name in NEWER["newer selectors"] and not (name == "focus-visible" and is_for_newer_ones):
            yield f"{rule.source_line}: :{name} in {text.strip()}"
    for inside in re.findall(r":not\(([^)]*)\)", text):
        if re.search(r"[,\s>+~]", inside.strip()):
            yield f"{rule.source_line}: a list in :not()"


def _declarations(content: Sequence[Any]) -> Iterator[str]:
    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    declared = {each.lower_name: tinycss2.serialize(each.value) for each in found if each.type == "declaration"}
    for each in found:
        if each.type != "declaration":
            yield f"{each.source_line}: {getattr(each, 'message', 'a rule inside a rule')}"
            continue
        name = each.lower_name
        if not name.startswith(("--", "-webkit-")):
            if name in HARMLESS:
                continue
            if name not in NEWER["properties"] or name in NEWER["newer properties"]:
                yield f"{each.source_line}: {name}"
            elif name in GAPS and "grid" not in declared.get("display", ""):
                yield f"{each.source_line}: {name} outside a grid"
        yield from _values(name, each)


def _values(name: str, declaration: Any) -> Iterator[str]:
    for token in _tokens(declaration.value):
        where = f"{declaration.source_line}: {name}:"
        if token.type == "function" and token.name not in OLDER_FUNCTIONS:
            yield f"{where} {token.name}()"
        elif token.type == "dimension" and token.lower_unit not in OLDER_UNITS:
            yield f"{where} the unit {token.unit}"
        elif (
            token.type == "ident"
            and token.lower_value in NEWER["newer values"].get(name, [])
            and f"{name}: {token.value}" not in HARMLESS
        ):
            yield f"{where} {token.value}"


def _tokens(values: Iterable[Any]) -> Iterator[Any]:
    for each in values:
        yield each
        yield from _tokens(getattr(each, "arguments", None) or getattr(each, "content", None) or [])


def own_names(scripts: Iterable[str]) -> frozenset[str]:
    """What our scripts call the parts of their own objects."""
    nodes = [node for script in scripts for node in _nodes(esprima.parseScript(script))]
    return frozenset(node.key.name for node in nodes if node.type == "Property" and node.key.type == "Identifier")


def faults_of_script(script: str, own: frozenset[str] = frozenset()) -> list[str]:
    """Syntax after ES2017, and names that only newer browsers have.

    Not those of our own objects, nor those that the script asks for before it uses them.
    """
    try:
        tree = esprima.parseScript(script, {"loc": True})
    except esprima.Error as error:
        return [str(error)]
    nodes = list(_nodes(tree))
    asked = {name for node in nodes for name in _asked_for(node)}
    declared = {node.id.name for node in nodes if node.type in ("VariableDeclarator", "FunctionDeclaration")}
    found = []
    for node in nodes:
        name = None
        if node.type == "MemberExpression" and not node.computed and node.property.name in NEWER["newer members"]:
            name = node.property.name
        elif node.type == "MemberExpression" and node.object.type == "Identifier":
            holder = node.object.name
            name = holder if holder in NEWER["newer globals"] and holder not in declared else None
        elif node.type in ("CallExpression", "NewExpression") and node.callee.type == "Identifier":
            callee = node.callee.name
            name = callee if callee in NEWER["newer globals"] and callee not in declared else None
        elif node.type in ("ObjectExpression", "ObjectPattern"):
            rest = any(each.type in ("SpreadElement", "RestElement") for each in node.properties)
            name = "... in an object" if rest else None
        elif node.type == "Literal" and getattr(node, "regex", None) and re.search(r"\(\?<", node.regex.pattern):
            name = "a group with a name, or looking back"
        if name and name not in asked | own:
            found.append(f"{node.loc.start.line}: {name}")
    return found


def _asked_for(node: Any) -> list[str]:
    """Names that are looked for before they are used: ``"name" in thing``, ``if (thing.name)``, ``thing.name && …``."""
    if node.type == "BinaryExpression" and node.operator == "in" and node.left.type == "Literal":
        return [node.left.value]
    tests = []
    if node.type in ("IfStatement", "ConditionalExpression"):
        tests = [node.test]
    elif node.type == "LogicalExpression":
        tests = [node.left]
    return [
        each.property.name
        for test in tests
        for each in _nodes(test)
        if each.type == "MemberExpression" and not each.computed
    ]


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for each in node:
            yield from _nodes(each)
    elif hasattr(node, "type") and isinstance(node.type, str):
        yield node
        for name, value in vars(node).items():
            if name not in ("loc", "range") and (isinstance(value, list) or hasattr(value, "type")):
                yield from _nodes(value)
