"""QTI 2.1, 2.2 and 3.0: an item to a draft."""

import re
from xml.etree.ElementTree import Element

from question_bank.content import letter
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import notes
from question_bank.reading.drafts import Draft, Found, RowProblem
from question_bank.reading.markup import text_of_html
from question_bank.reading.qti_elements import attribute, every, first, name, number, own_lines

OWN_TOOL, STEM_CLASS = "quality-knowledge", "stem"
"""An item that we wrote: its texts are meant as they stand."""

_NAMES = {
    "matchinteraction": "匹配题", "orderinteraction": "排序题", "gapmatchinteraction": "选词填空",
    "inlinechoiceinteraction": "选词填空", "associateinteraction": "匹配题", "hotspotinteraction": "热区题",
    "hottextinteraction": "选词题", "uploadinteraction": "上传题", "sliderinteraction": "滑块题",
    "selectpointinteraction": "热区题", "graphicgapmatchinteraction": "拖放题", "graphicorderinteraction": "排序题",
    "graphicassociateinteraction": "匹配题", "positionobjectinteraction": "拖放题", "drawinginteraction": "绘图题",
    "mediainteraction": "媒体题", "custominteraction": "自定义题", "portablecustominteraction": "自定义题",
}  # fmt: skip
_BLOCKS = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "br", "tr")
_UNSEEN = ("feedbackinline", "feedbackblock", "rubricblock", "templateblock", "templateinline", "stylesheet")


def draft_of(row: int, item: Element, found: Found) -> Draft:
    """An item as a draft. Interactions that the product has not are named."""
    body = first(item, "itembody")
    if body is None:
        return Draft("", row, item.get("title", ""), unsupported="没有题面的题")
    is_own = attribute(item, "toolName", "tool-name") == OWN_TOOL
    draft = Draft("", row, _own_stem(body) if is_own else text_of_html(_markup(body)), exact=is_own)
    interactions = [e for e in body.iter() if name(e).endswith("interaction") and name(e) != "endattemptinteraction"]
    kinds = {name(e) for e in interactions}
    if every(body, "printedvariable"):
        draft.unsupported = "带变量的题"
    elif kinds == {"choiceinteraction"} and len(interactions) == 1:
        _fill_choice(draft, item, interactions[0], found)
    elif kinds == {"textentryinteraction"}:
        _fill_blanks(draft, item, interactions)
    elif kinds == {"extendedtextinteraction"}:
        draft.kind = Kind.SHORT_ANSWER
        draft.key = "\n".join(text for each in interactions for text in _right(item, each))
    else:
        one = next((_NAMES[kind] for kind in sorted(kinds) if kind in _NAMES), "组合题")
        draft.unsupported = one if interactions else "没有作答处的题"
    notes.take_note(draft, _feedback(item, is_own))
    return draft


# --- texts -----------------------------------------------------------------------------------------------------------


def _own_stem(body: Element) -> str:
    return next((own_lines(e) for e in every(body, "p") if e.get("class") == STEM_CLASS), "")


def _markup(element: Element) -> str:
    """The body as HTML: interactions as blanks, with their prompts."""
    kind = name(element)
    if kind in ("textentryinteraction", "inlinechoiceinteraction"):
        return "____"
    if kind.endswith("interaction"):
        prompts = [e for e in element if name(e) == "prompt"]
        return "".join(f"<p>{_children(prompt)}</p>" for prompt in prompts)
    if kind in _UNSEEN:
        return ""
    inside = _children(element)
    if kind in ("img", "object"):
        return f'<img alt="{_escaped(element.get("alt", ""))}">' + inside
    return f"<p>{inside}</p>" if kind in _BLOCKS else inside


def _children(element: Element) -> str:
    is_kept = name(element) == "pre"
    parts = [_escaped(element.text, is_kept)]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_markup(child))
        parts.append(_escaped(child.tail, is_kept))
    return "".join(parts)


def _escaped(text: str | None, is_kept: bool = False) -> str:
    folded = (text or "") if is_kept else re.sub(r"\s+", " ", text or "")
    return folded.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _feedback(item: Element, is_own: bool) -> str:
    """What is said to everybody, else to the right answer; a lone feedback is for all."""
    all_of_it = every(item, "modalfeedback")
    for pattern in (r"general|solution|explanation|note", r"^(?!.*(?:in|not_?)correct).*correct", r"^right"):
        chosen = [e for e in all_of_it if re.search(pattern, e.get("identifier", ""), re.IGNORECASE)]
        if chosen:
            break
    else:
        chosen = all_of_it if len(all_of_it) == 1 else []
    return "\n".join(filter(None, (own_lines(e) if is_own else text_of_html(_children(e)) for e in chosen)))


# --- answers ---------------------------------------------------------------------------------------------------------


def _fill_choice(draft: Draft, item: Element, interaction: Element, found: Found) -> None:
    choices = every(interaction, "simplechoice")
    draft.options = [own_lines(e) if draft.exact else text_of_html(_children(e)) for e in choices]
    idents = [choice.get("identifier", "") for choice in choices]
    right = _right(item, interaction)
    numbers = [number for number, ident in enumerate(idents, 1) if ident in right]
    draft.choices, draft.key = frozenset(numbers), "、".join(map(letter, numbers))
    declaration = _declaration(item, interaction)
    is_several = declaration is not None and declaration.get("cardinality") == "multiple"
    if is_several and attribute(interaction, "maxChoices", "max-choices") != "1":
        draft.kind = Kind.MULTIPLE_CHOICE
    elif len(numbers) > 1:
        draft.kind = Kind.SINGLE_CHOICE  # a key of several for a choice of one: to be named
    if declaration is not None and _is_contradicted(item, declaration):
        draft.broken = "标出的正确答案与计分的规则不是同一个选项。请核对原题的答案，写成一致的。"
    if set(right) - set(idents):
        draft.broken = "标为正确的选项有的不在选项里，分不清哪些对。请核对原题的答案。"
    earning = {key for key, points in _mapping(declaration) if points > 0} if declaration is not None else set()
    part = [letter(n) for n, ident in enumerate(idents, 1) if ident in earning - set(right)]
    if part:
        message = f"选项 {'、'.join(part)} 原来可得部分分数，导入后算答错，请核对。"
        found.warnings.append(RowProblem("", draft.row, "答案", "partial_credit", message))


def _fill_blanks(draft: Draft, item: Element, interactions: list[Element]) -> None:
    draft.kind = Kind.FILL_BLANK
    blanks = [_right(item, each) for each in interactions]
    draft.blanks = tuple(blanks) if all(blanks) else None
    modes = {attribute(e, "toleranceMode", "tolerance-mode") for e in every(item, "equal")}
    if modes & {"absolute", "relative"}:
        draft.unsupported = "数值题"


def _declaration(item: Element, interaction: Element) -> Element | None:
    wanted = attribute(interaction, "responseIdentifier", "response-identifier")
    return next((e for e in every(item, "responsedeclaration") if e.get("identifier") == wanted), None)


def _mapping(declaration: Element) -> list[tuple[str, float]]:
    return [
        (attribute(e, "mapKey", "map-key").strip(), number(attribute(e, "mappedValue", "mapped-value")))
        for e in every(declaration, "mapentry")
    ]


def _right(item: Element, interaction: Element) -> tuple[str, ...]:
    """What the declaration calls correct; without that, what its mapping or its processing gives points for.

    For a typed text the mapping names further spellings that are worth as much.
    """
    declaration = _declaration(item, interaction)
    if declaration is None:
        return ()
    correct = first(declaration, "correctresponse")
    values = ["".join(e.itertext()).strip() for e in every(correct, "value")] if correct is not None else []
    entries = _mapping(declaration)
    most = max((points for _, points in entries), default=0)
    is_several = declaration.get("cardinality") == "multiple"
    if not values or name(interaction) == "textentryinteraction":
        values += [key for key, points in entries if points > 0 and (is_several or points == most)]
    values = values or _processed(item, declaration.get("identifier", ""))
    return tuple(dict.fromkeys(value for value in values if value))


def _is_contradicted(item: Element, declaration: Element) -> bool:
    """Whether the one right answer that is declared earns nothing, and another one does."""
    correct = first(declaration, "correctresponse")
    if correct is None or declaration.get("cardinality") != "single" or every(item, "correct"):
        return False
    declared = {"".join(e.itertext()).strip() for e in every(correct, "value")}
    processing = first(item, "responseprocessing")
    template = (processing.get("template") or "").lower() if processing is not None else ""
    if "map_response" in template or every(item, "mapresponse"):
        earning = {key for key, points in _mapping(declaration) if points > 0}
    else:
        earning = set(_processed(item, declaration.get("identifier", "")))
    return bool(declared and earning) and not declared & earning


def _processed(item: Element, ident: str) -> list[str]:
    """Values that a condition which sets a positive score compares the response with."""
    for condition in every(item, "responseif", "responseelseif"):
        asks = [e for e in every(condition, "variable", "correct") if e.get("identifier") == ident]
        scores = [
            number("".join(e.itertext())) for o in every(condition, "setoutcomevalue") for e in every(o, "basevalue")
        ]
        compared = [e for kind in ("match", "stringmatch", "equal", "member") for e in every(condition, kind)]
        if asks and max(scores, default=0) > 0 and compared and not every(condition, "not"):
            return ["".join(e.itertext()).strip() for c in compared for e in every(c, "basevalue")]
    return []
