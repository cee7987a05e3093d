"""A claimed effect → the letter and its message; and what the server's word about it means for the effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.config.settings import Config
from pipeline.doors import AnswerFiles, KnownProblems, Letters
from pipeline.errors import DamagedError, FirstlineError, TemplateError, UnreachableError
from pipeline.letter import links, message, values
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome, SentVersion
from pipeline.records.letter import ANSWER, AttachedFile, Letter, Reply, recorded_name
from pipeline.records.payload import AcknowledgementPayload, AnswerPayload, LetterPayload, NoticePayload
from pipeline.retry import LETTER, Retry, given_up_after, outcome_of
from pipeline.tokens import Signer


@dataclass(frozen=True, kw_only=True)
class Writer:
    """The settings and templates that letters are written with."""

    config: Config
    signer: Signer
    letters: Letters
    problems: KnownProblems | None = None
    files: AnswerFiles | None = None  # that go with what people write

    def written(self, effect: Effect, now: datetime) -> tuple[Letter, Reply] | Outcome:
        """The letter and its message, or why there is none."""
        try:
            letter = self.letter(effect, now)
            if letter is None:
                return Outcome(key=effect.key, state=EffectState.CANCELLED, error="could not be sent within max_age")
            smtp = self.config.of_mailbox(effect.letter.mailbox).smtp
            assert smtp is not None  # noqa: S101  (no acknowledgement is journalled without [smtp])
            return letter, message.compose(effect, letter, smtp, now, self._files(effect.letter))
        except Exception as error:  # composing failed: this one is set aside, the others go on
            return outcome_of(effect, error, LETTER, now)

    @property
    def retry(self) -> Retry:
        """How often a letter is tried of which the server says "not now"."""
        return given_up_after(self.config.smtp.give_up, LETTER) if self.config.smtp else LETTER

    def outcome(
        self, effect: Effect, letter: Letter, error: FirstlineError | None, now: datetime
    ) -> Outcome | UnreachableError:
        """What the outgoing server's word means for the effect."""
        if error is None:
            return Outcome(key=effect.key, state=EffectState.DONE, sent=_sent(letter), error=letter.problem)
        return error if isinstance(error, UnreachableError) else outcome_of(effect, error, self.retry, now)

    def letter(self, effect: Effect, now: datetime) -> Letter | None:
        """The rendered letter; the one named `late` when it is late; None when it is too late and there is none."""
        about = effect.letter
        if isinstance(about, AnswerPayload):  # whatever becomes of its template, a person's words are sent
            return self._rendered(ANSWER, about, effect.message_id, now)
        if effect.kind is not EffectKind.ACKNOWLEDGE:
            return self._notice(effect, now)
        box = self.config.boxes.get(about.mailbox)
        late = box is not None and now - about.decided > box.max_age
        held = isinstance(about, AcknowledgementPayload) and about.held
        has_late = self.letters.of_mailbox(about.mailbox).has(values.LATE)
        if late and (held or not has_late):
            return None
        late = late or (held and has_late)
        return self._rendered(values.LATE if late else about.template, about, effect.message_id, now)

    def _notice(self, effect: Effect, now: datetime) -> Letter | None:
        """None when a time that it names is over: a later one says how it stands; but words of a person are sent,
        without that time. Raises TemplateError: no other letter can stand in for it."""
        about = effect.letter
        respond_by, resolve_by = (None if at and at <= now else at for at in (about.respond_by, about.resolve_by))
        is_over = (respond_by, resolve_by) != (about.respond_by, about.resolve_by)
        has_words = isinstance(about, NoticePayload) and about.said_since
        if is_over and not has_words:
            return None
        about = replace(about, respond_by=respond_by, resolve_by=resolve_by)
        letter = self._rendered(about.template, about, effect.message_id, now)
        if letter.template != about.template:
            raise TemplateError(letter.problem or f"there is no letter {about.template}")
        return letter

    def _rendered(self, name: str, about: LetterPayload, message_id: str, now: datetime) -> Letter:
        config, letters = self.config.of_mailbox(about.mailbox), self.letters.of_mailbox(about.mailbox)
        language = letters.language(name, about.language)
        own = links.of_letter(config, self.signer, about, now)
        told = self._known_problems(about, language, now)
        found = values.values(about, message_id, config, language, now, own, [text for _, text in told])
        letter = letters.render(name, language, found)
        return replace(letter, problems=_really_told(told, letter)) if told else letter

    def _files(self, about: LetterPayload) -> Sequence[AttachedFile]:
        """Raises DamagedError when one is missing: what the words speak of must be there."""
        if not isinstance(about, AnswerPayload) or not about.files:
            return ()
        found = self.files.of(about.draft) if self.files else ()
        if [one.name for one in found] != list(about.files):
            raise DamagedError(
                "an attached file is missing", where=about.ref, remedy="take the answer back, attach anew"
            )
        return found

    def _known_problems(self, about: LetterPayload, language: str, now: datetime) -> list[tuple[int, str]]:
        """Those that hold while it is sent: in the answer to a mail, not in later letters."""
        if self.problems is None or not isinstance(about, AcknowledgementPayload):
            return []
        return self.problems.told(about.topic, language, now)


def _really_told(told: Sequence[tuple[int, str]], letter: Letter) -> tuple[int, ...]:
    """Which of them stand in it: a template may have no place for them, or have failed."""
    text = " ".join(letter.text.split())
    return tuple(number for number, words in told if " ".join(words.split()) in text)


def _sent(letter: Letter) -> SentVersion:
    return SentVersion(
        template=recorded_name(letter.mailbox, letter.template),
        version=letter.version,
        language=letter.language,
        problems=letter.problems,
    )
