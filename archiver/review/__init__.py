"""What a person does after a run: answer what it proposed, take back what it wrote.

    RunFolder ──offers_of──▶ OpenOffer ──Reviewer.answer──▶ the seed's new bytes, a line of .decisions.jsonl
    RunFolder ──put_back──▶ the seeds as they were before the run

Answers come from a terminal, from the page that `web.py` serves, or from a file that a report has saved.
"""
