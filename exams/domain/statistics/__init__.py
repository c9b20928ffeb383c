"""Classical statistics of questions and exams, from the answers that were really given."""

""
