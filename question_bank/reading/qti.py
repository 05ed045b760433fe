"""QTI 1.2, 2.1, 2.2 and 3.0: items, and the packages and cartridges that hold them."""

import re
import zipfile
from xml.etree.ElementTree import Element, tostring

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft, Found, Unreadable
from question_bank.reading.markup import local, text_of_html, xml_of

_WRITTEN = {"essay_question", "cc.essay.v0p1", "file_upload_question"}
_NO_QUESTION = {"text_only_question"}
_NAMES = {
    "matching_question": "匹配题", "numerical_question": "数值题", "calculated_question": "计算题（公式）",
    "multiple_dropdowns_question": "选词填空", "matchinteraction": "匹配题", "orderinteraction": "排序题",
    "gapmatchinteraction": "选词填空", "inlinechoiceinteraction": "选词填空", "associateinteraction": "匹配题",
    "hotspotinteraction": "热区题", "hottextinteraction": "选词题",
    "uploadinteraction": "上传题", "sliderinteraction": "滑块题",
    "selectpointinteraction": "热区题", "graphicgapmatchinteraction": "拖放题", "graphicorderinteraction": "排序题",
    "graphicassociateinteraction": "匹配题", "positionobjectinteraction": "拖放题", "drawinginteraction": "绘图题",
    "mediainteraction": "媒体题", "custominteraction": "自定义题", "portablecustominteraction": "自定义题",
    "endattemptinteraction": "自定义题",
}  # fmt: skip


def name(element: Element) -> str:
    """An element's name in one spelling: choiceInteraction and qti-choice-interaction are the same."""
    return local(element).lower().removeprefix("qti-").replace("-", "")


def is_qti(root: Element) -> bool:
    return name(root) in ("questestinterop", "assessmentitem")


def found_in_package(archive: zipfile.ZipFile) -> Found | None:
    """The items of all QTI files in a package; None if it holds none. A quiz that stands there twice counts once."""
    quizzes: dict[str, list[Element]] = {}
    for path in sorted(archive.namelist(), key=_natural):
        if not re.search(r"\.(xml|qti)$", path, re.IGNORECASE) or path.lower().endswith("imsmanifest.xml"):
            continue
        try:
            root = xml_of(archive.read(path))
        except Unreadable as why:
            if why.code == "hostile_xml":
                raise
            continue
        if is_qti(root):
            quiz = next((e.get("ident", "") for e in root.iter() if name(e) == "assessment"), "") or path
            items = items_of(root)
            if len(items) > len(quizzes.get(quiz, [])):
                quizzes[quiz] = items
    seen: set[str] = set()
    items = []
    for item in (item for quiz in quizzes.values() for item in quiz):
        ident = item.get("ident") or item.get("identifier") or ""
        if ident and name(item) == "item" and ident in seen:
            continue
        seen.add(ident)
        items.append(item)
    return drafts_of_items(items) if quizzes else None


def _natural(path: str) -> list[tuple[int, str]]:
    """q2 before q10; the fuller form of a Canvas quiz first."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", path)]


def items_of(root: Element) -> list[Element]:
    return [element for element in root.iter() if name(element) in ("item", "assessmentitem")]


def drafts_of_items(items: list[Element]) -> Found:
    """Items as drafts; the row is the item's ordinal."""
    drafts = [_draft_1(row, item) if name(item) == "item" else _draft_2(row, item) for row, item in enumerate(items, 1)]
    return Found([draft for draft in drafts if draft is not None])


def _all(element: Element, wanted: str) -> list[Element]:
    return [e for e in element.iter() if name(e) == wanted]


def _first(element: Element, wanted: str) -> Element | None:
    return next((e for e in element.iter() if name(e) == wanted), None)


# --- QTI 1.2 ---------------------------------------------------------------------------------------------------------


def _draft_1(row: int, item: Element) -> Draft | None:
    kind = _metadata(item)
    if kind in _NO_QUESTION:
        return None
    presentation = _first(item, "presentation")
    if presentation is None:
        return Draft("", row, "", unsupported="没有题面的题")
    responses = [
        e for e in presentation.iter() if name(e) in ("responselid", "responsestr", "response_lid", "response_str")
    ]
    draft = Draft("", row, _stem_1(presentation), explanation=_feedback(item))
    if kind in _NAMES:
        draft.unsupported = _NAMES[kind]
    elif kind in _WRITTEN or not responses:
        draft.kind = Kind.SHORT_ANSWER
    elif all("lid" in name(response) for response in responses):
        if len(responses) > 1:
            draft.unsupported = "匹配题"
        else:
            _fill_choice_1(draft, item, responses[0], kind)
    else:
        _fill_blanks_1(draft, item, responses)
    return draft


def _metadata(item: Element) -> str:
    for entry in _all(item, "qtimetadatafield"):
        label = "".join(e.text or "" for e in entry if name(e) == "fieldlabel")
        if label in ("question_type", "cc_profile", "qmd_questiontype"):
            return "".join(e.text or "" for e in entry if name(e) == "fieldentry").strip()
    return ""


def _material(element: Element) -> str:
    texts = []
    for text in _all(element, "mattext"):
        inner = "".join(text.itertext()) if len(text) == 0 else _inner(text)
        texts.append(text_of_html(inner) if text.get("texttype", "text/html") != "text/plain" else inner.strip())
    return "\n".join(filter(None, texts))


def _inner(element: Element) -> str:
    return (element.text or "") + "".join(tostring(child, encoding="unicode") for child in element)


def _stem_1(presentation: Element) -> str:
    parts = []
    for element in presentation:
        if name(element) == "material":
            parts.append(_material(element))
        elif name(element) == "flow":
            parts.append(_stem_1(element))
        elif "response" in name(element):
            parts += [_material(e) for e in element if name(e) == "material"]
    return "\n".join(filter(None, parts))


def _feedback(item: Element) -> str:
    general = [e for e in _all(item, "itemfeedback") if "general" in (e.get("ident") or "")]
    return "\n".join(filter(None, (_material(e) for e in general)))


def _fill_choice_1(draft: Draft, item: Element, response: Element, kind: str) -> None:
    labels = [e for e in response.iter() if name(e) in ("responselabel", "response_label")]
    draft.options = [_material(label) for label in labels]
    idents = [label.get("ident", "") for label in labels]
    right = _right_1(item)
    draft.choices = frozenset(number for number, ident in enumerate(idents, 1) if ident in right)
    is_multiple = response.get("rcardinality", "Single").lower() == "multiple" or "multiple_answers" in kind
    if "true_false" not in kind:
        draft.is_choice = True
        draft.kind = Kind.MULTIPLE_CHOICE if is_multiple or "multiple_response" in kind else None


def _right_1(item: Element) -> set[str]:
    """Idents that a condition with points asks for, and that it does not forbid."""
    best: set[str] = set()
    most = 0.0
    for condition in _all(item, "respcondition"):
        points = max((_number(e.text) for e in condition.iter() if name(e) == "setvar"), default=0)
        variable = next((e for e in condition if name(e) == "conditionvar"), None)
        if variable is None or points <= 0:
            continue
        asked = _asked(variable)
        is_added = any(e.get("action", "").lower() == "add" for e in condition.iter() if name(e) == "setvar")
        if is_added:
            best |= asked
        elif points > most:
            best, most = asked, points
        elif points == most:
            best |= asked
    return best


def _asked(element: Element) -> set[str]:
    asked: set[str] = set()
    for child in element:
        if name(child) == "varequal":
            asked.add((child.text or "").strip())
        elif name(child) != "not":
            asked |= _asked(child)
    return asked


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0


def _fill_blanks_1(draft: Draft, item: Element, responses: list[Element]) -> None:
    draft.kind = Kind.FILL_BLANK
    by_response: dict[str, list[str]] = {}
    for condition in _all(item, "respcondition"):
        if max((_number(e.text) for e in condition.iter() if name(e) == "setvar"), default=0) <= 0:
            continue
        for equal in _all(condition, "varequal"):
            by_response.setdefault(equal.get("respident", ""), []).append((equal.text or "").strip())
    blanks = [tuple(dict.fromkeys(by_response.get(response.get("ident", ""), ()))) for response in responses]
    draft.blanks = tuple(blanks) if blanks and all(blanks) else None


# --- QTI 2 and 3 -----------------------------------------------------------------------------------------------------


def _draft_2(row: int, item: Element) -> Draft:
    body = _first(item, "itembody")
    if body is None:
        return Draft("", row, item.get("title", ""), unsupported="没有题面的题")
    interactions = [e for e in body.iter() if name(e).endswith("interaction")]
    kinds = {name(e) for e in interactions}
    draft = Draft("", row, "", explanation=_feedback_2(item))
    if kinds == {"choiceinteraction"} and len(interactions) == 1:
        _fill_choice_2(draft, item, interactions[0])
    elif kinds == {"textentryinteraction"}:
        draft.kind = Kind.FILL_BLANK
        blanks = [_right_2(item, e) for e in interactions]
        draft.blanks = tuple(blanks) if all(blanks) else None
    elif kinds == {"extendedtextinteraction"}:
        draft.kind = Kind.SHORT_ANSWER
        draft.key = "\n".join(_right_2(item, interactions[0]))
    elif not interactions:
        draft.unsupported = "没有作答处的题"
    else:
        draft.unsupported = next((_NAMES[kind] for kind in sorted(kinds) if kind in _NAMES), "组合题")
    draft.stem = _stem_2(body)
    return draft


def _stem_2(body: Element) -> str:
    return text_of_html(_markup(body))


def _markup(element: Element) -> str:
    """The body as HTML: interactions as blanks, with their prompts."""
    kind = name(element)
    if kind in ("textentryinteraction", "inlinechoiceinteraction"):
        return "____"
    if kind.endswith("interaction"):
        prompts = [e for e in element if name(e) == "prompt"]
        return "".join(f"<p>{_children(prompt)}</p>" for prompt in prompts)
    if kind in ("feedbackinline", "feedbackblock", "rubricblock", "templateblock", "stylesheet"):
        return ""
    inside = _children(element)
    if kind in ("img", "object"):
        return f'<img alt="{element.get("alt", "")}">' + inside
    return (
        f"<p>{inside}</p>" if kind in ("p", "div", "li", "h1", "h2", "h3", "pre", "blockquote", "br", "tr") else inside
    )


def _children(element: Element) -> str:
    parts = [_escaped(element.text)]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_markup(child))
        parts.append(_escaped(child.tail))
    return "".join(parts)


def _escaped(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").replace("&", "&amp;").replace("<", "&lt;")


def _feedback_2(item: Element) -> str:
    return "\n".join(filter(None, (text_of_html(_children(e)) for e in _all(item, "modalfeedback")[:1])))


def _fill_choice_2(draft: Draft, item: Element, interaction: Element) -> None:
    choices = [e for e in interaction.iter() if name(e) == "simplechoice"]
    draft.options = [text_of_html(_children(choice)) for choice in choices]
    right = _right_2(item, interaction)
    draft.choices = frozenset(n for n, choice in enumerate(choices, 1) if choice.get("identifier") in right)
    declaration = _declaration(item, interaction)
    is_multiple = declaration is not None and declaration.get("cardinality") == "multiple"
    if is_multiple and _attribute(interaction, "maxChoices", "max-choices") != "1":
        draft.kind = Kind.MULTIPLE_CHOICE


def _attribute(element: Element, *names: str) -> str:
    return next((element.get(key, "") for key in names if element.get(key)), "")


def _declaration(item: Element, interaction: Element) -> Element | None:
    wanted = _attribute(interaction, "responseIdentifier", "response-identifier")
    return next((e for e in _all(item, "responsedeclaration") if e.get("identifier") == wanted), None)


def _right_2(item: Element, interaction: Element) -> tuple[str, ...]:
    """What the declaration calls correct; without that, what its mapping gives the most points for."""
    declaration = _declaration(item, interaction)
    if declaration is None:
        return ()
    correct = _first(declaration, "correctresponse")
    values = [(e.text or "").strip() for e in _all(correct, "value")] if correct is not None else []
    entries = [
        (_attribute(e, "mapKey", "map-key"), _number(_attribute(e, "mappedValue", "mapped-value")))
        for e in _all(declaration, "mapentry")
    ]
    most = max((points for _, points in entries), default=0)
    if not values or name(interaction) == "textentryinteraction":
        is_multiple = declaration.get("cardinality") == "multiple"
        values += [key for key, points in entries if points > 0 and (is_multiple or points == most)]
    return tuple(dict.fromkeys(value for value in values if value))
