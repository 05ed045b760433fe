"""Ways questions come in: one file for each. All end in ``Draft``s, which ``question_bank.rows`` judges."""
