"""QTI 1.2 as Canvas, Blackboard, D2L, Respondus and Common Cartridges write it: an item to a draft."""

import re
from xml.etree.ElementTree import Element

from question_bank.content import letter
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import notes
from question_bank.reading.drafts import Draft, Found, RowProblem
from question_bank.reading.markup import text_of_html
from question_bank.reading.qti_elements import KINDS, every, first, inner_markup, name, number

_RESPONSES = ("responselid", "responsestr", "responsenum", "responsegrp", "responsexy")
_WRITTEN = re.compile(r"essay|long.?answer|short.?response", re.IGNORECASE)
_SEVERAL = re.compile(r"multiple.?(answers|answer|response|select)|multi.?select", re.IGNORECASE)
_MANY_BLANKS = re.compile(r"fill_in_multiple_blanks", re.IGNORECASE)
_RANGES = ("vargt", "vargte", "varlt", "varlte")
_VERDICT_KEY = re.compile(r"(?:true_false|yes_no|right_wrong|agree_disagree)\.(true|false)")


def draft_of(row: int, item: Element, found: Found) -> Draft | None:
    """An item as a draft; None for a text that asks nothing."""
    kind = _kind(item)
    presentation = first(item, "presentation")
    if presentation is None:
        return Draft("", row, item.get("title", ""), unsupported="没有题面的题")
    responses = every(presentation, *_RESPONSES)
    draft = Draft("", row, _stem(presentation, responses))
    if kind == "text_only_question":
        found.warnings.append(RowProblem("", row, "", "description", "有一段说明文字，没有当作试题。"))
        return None
    draft.unsupported = _unsupported(kind, item, responses)
    if draft.unsupported:
        return draft
    if _WRITTEN.search(kind):
        draft.kind, draft.key = Kind.SHORT_ANSWER, _solution(item)
    elif _MANY_BLANKS.search(kind):
        _fill_named_blanks(draft, responses)
    elif name(responses[0]) == "responselid":
        _fill_choice(draft, item, responses[0], kind, found)
    else:
        _fill_blanks(draft, item, responses, found)
    feedback = _feedback(item)
    notes.take_note(draft, feedback if draft.kind is Kind.SHORT_ANSWER else feedback or _solution(item))
    return draft


def _kind(item: Element) -> str:
    """What the metadata call the kind: as Canvas, as Common Cartridge, as Respondus and D2L, as Blackboard."""
    for entry in every(item, "qtimetadatafield"):
        label = "".join(e.text or "" for e in entry if name(e) == "fieldlabel").strip()
        if label in ("question_type", "cc_profile", "qmd_questiontype"):
            return "".join(e.text or "" for e in entry if name(e) == "fieldentry").strip()
    stated = first(item, "bbmdquestiontype")
    return (stated.text or "").strip() if stated is not None else ""


def _unsupported(kind: str, item: Element, responses: list[Element]) -> str:
    named = next((label for pattern, label in KINDS if pattern.search(kind)), "")
    if named:
        return named
    names = {name(response) for response in responses}
    if not responses and not _WRITTEN.search(kind):
        return "没有作答处的题"
    if any(response.get("rcardinality", "").lower() == "ordered" for response in responses):
        return "排序题"
    if "responsexy" in names:
        return "热区题"
    if "responsenum" in names or every(item, *_RANGES):
        return "数值题"
    if _MANY_BLANKS.search(kind):
        types = {label.get("answer_type", "openEntry") for label in every(item, "responselabel")}
        return "" if types <= {"openEntry"} else "选词填空"
    if "responsegrp" in names or (len(responses) > 1 and "responselid" in names):
        return "匹配题"
    return ""


# --- texts -----------------------------------------------------------------------------------------------------------


def _material(element: Element) -> str:
    texts = []
    for text in every(element, "mattext", "matformattedtext", "matimage"):
        if name(text) == "matimage":
            texts.append(text.text or "")
            continue
        inside = "".join(text.itertext()) if len(text) == 0 else inner_markup(text)
        stated = text.get("texttype") or text.get("type") or "text/html"
        is_html = "html" in stated.lower() or len(text) > 0
        texts.append(text_of_html(inside) if is_html else inside.strip())
    return "\n".join(filter(None, texts))


def _stem(presentation: Element, responses: list[Element]) -> str:
    """The materials in their order; a blank where one is typed in amid the words, or where its name stands."""
    parts = _stem_parts(presentation)
    names = [place for response in responses for place in _places(response)]
    words = [part for part in parts if part and not (part in names and any(f"[{part}]" in p for p in parts if p))]
    if any(f"[{place}]" in word for place in names for word in words):
        stem = "\n".join(words)
        for place in names:
            stem = stem.replace(f"[{place}]", "____")
        return stem
    if parts.count(None) == 1 and parts[-1] is None:
        parts.pop()  # asked below the stem: no blank is drawn in it
    if None in parts:
        return " ".join(part or "____" for part in parts if part is None or part)
    return "\n".join(words)


def _places(response: Element) -> list[str]:
    """What a stem may call the place of a response: its identifier, or the words above it in Canvas's own form."""
    words = [_material(e) for e in response if name(e) == "material"]
    return list(filter(None, [response.get("ident", "").removeprefix("response_"), *words]))


def _stem_parts(element: Element) -> list[str | None]:
    """Texts, and None where something is typed in."""
    parts: list[str | None] = []
    for child in element:
        if name(child) == "material":
            parts.append(_material(child))
        elif name(child) == "flow":
            parts += _stem_parts(child)
        elif name(child) == "responselid":
            parts += [_material(e) for e in child if name(e) == "material"]
        elif name(child) in ("responsestr", "responsenum"):
            parts += [_material(e) for e in child if name(e) == "material"]
            parts.append(None)
    return parts


def _feedback(item: Element) -> str:
    """What everybody is told, else what is said to the right answer."""
    linked = {e.get("linkrefid", "") for e in every(item, "displayfeedback")}
    earning = {e.get("linkrefid", "") for c in _earning(item) for e in every(c, "displayfeedback")}
    by_ident = {e.get("ident", ""): _material(e) for e in every(item, "itemfeedback") if first(e, "solution") is None}
    general = [text for ident, text in by_ident.items() if _is_for_all(ident) or ident not in linked]
    right = [text for ident, text in by_ident.items() if ident in earning]
    return "\n".join(dict.fromkeys(filter(None, general))) or "\n".join(dict.fromkeys(filter(None, right)))


def _is_for_all(ident: str) -> bool:
    return "general" in ident.lower() and "correct" not in ident.lower()


def _solution(item: Element) -> str:
    return "\n".join(filter(None, map(_material, every(item, "solution"))))


# --- what earns points -----------------------------------------------------------------------------------------------


def _points(condition: Element, item: Element) -> float:
    """The most that a condition gives; SCORE.max is the outcome's greatest value."""
    most = 0.0
    for setvar in every(condition, "setvar"):
        text = (setvar.text or "").strip()
        if "incorrect" in (setvar.get("varname") or "").lower() or setvar.get("action", "").lower() == "subtract":
            continue
        if text.lower().endswith(".max"):
            outcome = first(item, "decvar")
            most = max(most, number(outcome.get("maxvalue")) if outcome is not None else 0, 1.0)
        else:
            most = max(most, number(text))
    return most


def _earning(item: Element) -> list[Element]:
    """The conditions that give points; where none says how many, those that call themselves correct."""
    conditions = every(item, "respcondition")
    earning = [condition for condition in conditions if _points(condition, item) > 0]
    return earning or [condition for condition in conditions if _is_called_correct(condition)]


def _is_called_correct(condition: Element) -> bool:
    """By its title, or by the feedback it shows, as in Blackboard's blanks."""
    links = [e.get("linkrefid", "") for e in every(condition, "displayfeedback")]
    named = any(text.lower().startswith("correct") for text in [condition.get("title") or "", *links])
    return named and not every(condition, "setvar")


def _asked(element: Element, respident: str | None = None) -> list[str]:
    """Values that a condition asks for, and does not forbid."""
    asked: list[str] = []
    for child in element:
        if name(child) in ("varequal", "varsubset") and respident in (None, child.get("respident")):
            texts = (child.text or "").split(",") if name(child) == "varsubset" else [child.text or ""]
            asked += [text.strip() for text in texts]
        elif name(child) in ("conditionvar", "and", "or"):
            asked += _asked(child, respident)
    return asked


# --- choices ---------------------------------------------------------------------------------------------------------


def _fill_choice(draft: Draft, item: Element, response: Element, kind: str, found: Found) -> None:
    labels = every(response, "responselabel")
    draft.options = [_option(label) for label in labels]
    idents = [label.get("ident", "") for label in labels]
    is_several = response.get("rcardinality", "").lower() == "multiple" or bool(_SEVERAL.search(kind))
    right, part = _right(item, is_several)
    numbers = [number for number, ident in enumerate(idents, 1) if ident in right]
    draft.choices, draft.key = frozenset(numbers), "、".join(map(letter, numbers))
    if is_several or len(numbers) > 1:
        draft.kind = Kind.MULTIPLE_CHOICE if is_several else Kind.SINGLE_CHOICE
    if right - set(idents):
        draft.broken = "标为正确的选项有的不在选项里，分不清哪些对。请核对原题的答案。"
    elif is_several and any(len(_asked(choice)) > 1 for c in _earning(item) for choice in every(c, "or")):
        draft.broken = "多选题的评分条件写的是“或”，分不清哪些选项要同时选。请核对原题的答案。"
    if part:
        letters = "、".join(letter(n) for n, ident in enumerate(idents, 1) if ident in part)
        message = f"选项 {letters} 原来可得部分分数，导入后算答错，请核对。"
        found.warnings.append(RowProblem("", draft.row, "答案", "partial_credit", message))


def _option(label: Element) -> str:
    text = _material(label)
    key = _VERDICT_KEY.fullmatch(text.strip().lower())
    return key[1] if key else text


def _right(item: Element, is_several: bool) -> tuple[set[str], set[str]]:
    """Idents that are right, and those that earn less. Conditions that each name one option are added up for 多选."""
    earning = [(_points(c, item), set(_asked(c)), c) for c in _earning(item)]
    most = max((points for points, asked, _ in earning if asked), default=0)
    best = [asked for points, asked, _ in earning if points == most]
    adds = any(e.get("action", "").lower() == "add" for _, _, c in earning for e in every(c, "setvar"))
    if is_several and (adds or all(len(asked) == 1 for _, asked, _ in earning)):
        return set().union(*(asked for _, asked, _ in earning)), set()
    right = set().union(*best)
    part = set() if is_several else set().union(*(asked for _, asked, _ in earning)) - right
    return right, part


# --- typed answers ---------------------------------------------------------------------------------------------------


def _fill_named_blanks(draft: Draft, responses: list[Element]) -> None:
    """Canvas lists each accepted text of a blank as a label, and names only the first of them in its conditions."""
    draft.kind = Kind.FILL_BLANK
    blanks = [tuple(dict.fromkeys(filter(None, map(_option, every(r, "responselabel"))))) for r in responses]
    draft.blanks = tuple(blanks) if blanks and all(blanks) else None
    if any("Regex" in label.get("scoring_algorithm", "") for r in responses for label in every(r, "responselabel")):
        draft.unsupported = "按规则匹配的填空题"


def _fill_blanks(draft: Draft, item: Element, responses: list[Element], found: Found) -> None:
    draft.kind = Kind.FILL_BLANK
    fields = every(responses[0], "renderfib")
    if not every(item, "varequal") and any(number(fib.get("rows")) > 1 or fib.get("prompt") == "Box" for fib in fields):
        draft.kind, draft.key = Kind.SHORT_ANSWER, _solution(item)
        return
    if len(responses) == 1 and len(every(responses[0], "responselabel")) > 1:
        draft.broken = "几个空写在同一个作答处，分不清各空的答案。请拆开，或写进空白导入模板。"
        return
    blanks = [_accepted(item, response.get("ident", "")) for response in responses]
    draft.blanks = tuple(blanks) if all(blanks) else None
    if every(item, "varsubstring"):
        message = "原来只要答案里含有某些文字就算对，这里要全部相同，请核对。"
        found.warnings.append(RowProblem("", draft.row, "答案", "partial_credit", message))


def _accepted(item: Element, ident: str) -> tuple[str, ...]:
    """The texts that earn the most in one blank."""
    earning = [(_points(c, item), _asked(c, ident)) for c in _earning(item)]
    most = max((points for points, asked in earning if asked), default=0)
    return tuple(dict.fromkeys(text for points, asked in earning if points == most for text in asked if text))
