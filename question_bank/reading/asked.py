"""The questions of a text by their sections, while they are read: each is looked at once, however often one asks."""

from question_bank.reading.pieces import Piece, Section


class Asked:
    """Keeps up with ``pieces`` as they grow."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self._known = 0
        self._sections: dict[int, Section] = {}
        self._by_section: dict[int, list[Piece]] = {}
        self._by_number: dict[int, Piece] = {}
        self._repeats = False

    def _catch_up(self) -> None:
        for piece in self.pieces[self._known :]:
            self._sections[piece.section.number] = piece.section
            self._by_section.setdefault(piece.section.number, []).append(piece)
            if piece.number:
                self._repeats = self._repeats or piece.number in self._by_number
                self._by_number[piece.number] = piece
        self._known = len(self.pieces)

    def sections(self) -> list[Section]:
        """Those that have questions, in their order."""
        self._catch_up()
        return list(self._sections.values())

    def of(self, section: Section) -> list[Piece]:
        self._catch_up()
        return self._by_section.get(section.number, [])

    def numbered(self, number: int) -> Piece | None:
        """The last question that bears a number."""
        self._catch_up()
        return self._by_number.get(number)

    def numbers_repeat(self) -> bool:
        self._catch_up()
        return self._repeats
