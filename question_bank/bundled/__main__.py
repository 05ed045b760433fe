"""``python -m question_bank.bundled`` writes each bundled workbook from the texts beside it."""

from pathlib import Path

from question_bank.bundled import BANKS
from question_bank.bundled.source import questions_of
from question_bank.writing import bank_workbook

HERE = Path(__file__).parent

if __name__ == "__main__":
    for name in BANKS:
        questions = questions_of(HERE / name)
        (HERE / f"{name}.xlsx").write_bytes(bank_workbook(questions))
        print(f"{name}.xlsx: {len(questions)}")
