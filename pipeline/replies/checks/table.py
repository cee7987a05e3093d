"""The table of the checks, in order. A new one: a file beside this, a line here, and a test of its finding."""

from __future__ import annotations

from pipeline.replies.bench import Check, CheckStage
from pipeline.replies.checks import (
    empty_in_sentence,
    finished_page,
    five_steps,
    head,
    lost,
    no_reference,
    own_words,
    page_alone,
    page_differs,
    page_of_letter,
    page_source,
    samples,
    saved_reply,
    statements,
    subject,
    syntax,
    typed_promise,
    used_files,
)
from pipeline.replies.files import is_answer, is_complaint, is_letter, is_page, is_saved, is_text


def _any_file(_file: str) -> bool:
    return True


CHECKS = (
    Check(head.check, CheckStage.ALONE, is_text),
    Check(subject.check, CheckStage.ALONE, is_letter),
    Check(syntax.check, CheckStage.ALONE, _any_file),
    Check(statements.check, CheckStage.ALONE, _any_file),
    Check(typed_promise.check, CheckStage.ALONE, is_text),
    Check(page_source.check, CheckStage.ALONE, is_page),
    Check(used_files.check, CheckStage.TOGETHER, _any_file),
    Check(lost.check, CheckStage.TOGETHER, _any_file),
    Check(page_alone.check, CheckStage.LETTER, is_page),
    Check(page_of_letter.check, CheckStage.LETTER, is_letter),
    Check(five_steps.check, CheckStage.LETTER, is_complaint),
    Check(saved_reply.check, CheckStage.LETTER, is_saved),
    Check(samples.check, CheckStage.FINISHED, is_letter),
    Check(finished_page.check, CheckStage.FINISHED, is_letter),
    Check(page_differs.check, CheckStage.FINISHED, is_letter),
    Check(no_reference.check, CheckStage.FINISHED, is_letter),
    Check(own_words.check, CheckStage.FINISHED, is_answer),
    Check(empty_in_sentence.check, CheckStage.FINISHED, is_letter),
)
