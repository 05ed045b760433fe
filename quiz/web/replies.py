"""The two ways to answer: a page for people, JSON for programs."""

from flask import Response, jsonify, request


def wants_json() -> bool:
    """Whether the caller asked for JSON; a browser's ``*/*`` is a wish for a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json" and request.accept_mimetypes["application/json"] > 0


def refusal_as_json(reason: str, message: str, status: int, **more: object) -> Response:
    """CONTRACT §4: a refusal in JSON."""
    response = jsonify({"reason": reason, "message": message, **more})
    response.status_code = status
    return response


def is_local_path(target: str | None) -> bool:
    """Whether ``next`` leads to a page of this platform and nowhere else."""
    if not target or not target.startswith("/") or any(ord(c) < 32 for c in target):
        return False
    return not target.startswith(("//", "/\\")) and "\\" not in target


def next_or(default: str) -> str:
    """Where the form or the address says to go on, if that is a page of ours."""
    target = request.form.get("next") or request.args.get("next")
    return target if target is not None and is_local_path(target) else default
