"""What a person does after a run: take back what it wrote, answer what it proposed.

RunFolder ──offers_of──▶ Offer ──Reviewer.answer──▶ the seed's new bytes, a line of .decisions.jsonl
RunFolder ──put_back──▶ the seeds as they were before the run
"""
