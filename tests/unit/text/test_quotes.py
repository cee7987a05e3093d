"""What is new in a mail: with the evidence for each cut, in all languages, and never less than the writer wrote."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipeline.records.mail import _MARKS
from pipeline.text import clean
from pipeline.text.language import LANGUAGES
from pipeline.text.mail_words import _table, mail_words
from pipeline.text.passages import LineKind
from pipeline.text.quotes import Context, read

OURS = frozenset({"support@example.com", "example support"})
ANSWER = Context(answers=True, ours=OURS, writer=frozenset({"anna@customer.example", "anna vale"}))
NO_ANSWER = Context(answers=False, ours=OURS, writer=ANSWER.writer)
FORWARD = Context(answers=False, forwards=True, ours=OURS, writer=ANSWER.writer)
MATTER = "The vase arrived broken and I want my money back."
LETTER = "Thank you for your message, we have packed your order today.\n\nWhich size do you need?"
WORDS = _table("mail_words.toml")


# --- the table of words -----------------------------------------------------------------------------------------------


def test_every_language_that_can_be_told_has_its_words_and_their_source() -> None:
    assert set(LANGUAGES) <= set(WORDS)
    for language, words in WORDS.items():
        assert words["source"], language
        for kind in (
            "from",
            "date",
            "to",
            "subject",
            "wrote",
            "original",
            "forwarded",
            "sent_from",
            "reply",
            "forward",
        ):
            assert words[kind], (language, kind)
        assert all(word == word.lower() for kind in words if kind != "source" for word in words[kind]), language


def test_every_mark_of_a_subject_counts_where_subjects_are_compared() -> None:
    marks = mail_words().reply_marks | mail_words().forward_marks
    assert not [mark for mark in marks if mark not in _MARKS and mark != "fwd"]


@pytest.mark.parametrize("language", list(WORDS))
def test_the_block_of_outlook_is_known_in_every_language(language: str) -> None:
    words = WORDS[language]
    labels = [words[kind][0].capitalize() for kind in ("from", "date", "to", "subject")]
    values = ["Example Support <support@example.com>", "9.11.2026 10:12", "Anna Vale", "4711"]
    block = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    assert read(f"{MATTER}\n\n{block}\n\n{LETTER}", ANSWER).new == MATTER
    bold = "\n".join(f"*{label}:* {value}" for label, value in zip(labels, values, strict=True))
    assert read(f"{MATTER}\n\n{bold}\n\n{LETTER}", ANSWER).new == MATTER


@pytest.mark.parametrize("language", list(WORDS))
def test_a_forward_is_known_in_every_language(language: str) -> None:
    words = WORDS[language]
    label = words["from"][0].capitalize()
    for said in words["forwarded"]:
        mail = f"FYI\n\n---------- {said.capitalize()} ----------\n{label}: Bob <bob@customer.example>\n\n{MATTER}"
        reading = read(mail, NO_ANSWER)
        assert reading.new.endswith(MATTER)
        assert "bob@customer.example" in reading.forwarded
    for said in words["original"]:
        assert read(f"{MATTER}\n\n----- {said.capitalize()} -----\n{label}: Shop\n\n{LETTER}", ANSWER).new == MATTER


ATTRIBUTIONS = {
    "en": "On Mon, 9 Nov 2026 at 10:12, Example Support <support@example.com> wrote:",
    "en phone": "On Nov 9, 2026, at 10:12 AM, Example Support wrote:",
    "airmail": "On 9 November 2026 at 10:12:33, Example Support (support@example.com) said:",
    "de": "Am 09.11.2026 um 10:12 schrieb Example Support <support@example.com>:",
    "de gmail": "Am Mo., 9. Nov. 2026 um 10:12 Uhr schrieb Example Support <\nsupport@example.com>:",
    "fr": "Le lun. 9 nov. 2026 à 10:12, Example Support <support@example.com> a écrit :",
    "es": "El lun, 9 nov 2026 a las 10:12, Example Support (<support@example.com>) escribió:",
    "it": "Il giorno lun 9 nov 2026 alle ore 10:12 Example Support <support@example.com> ha scritto:",
    "pt": "Em seg., 9 de nov. de 2026 às 10:12, Example Support <support@example.com> escreveu:",
    "nl": "Op ma 9 nov 2026 om 10:12 schreef Example Support <support@example.com>:",
    "sv": "Den mån 9 nov. 2026 kl 10:12 skrev Example Support <support@example.com>:",
    "da": "Den man. 9. nov. 2026 kl. 10.12 skrev Example Support <support@example.com>:",
    "no": "man. 9. nov. 2026 kl. 10:12 skrev Example Support <support@example.com>:",
    "fi": "ma 9. marrask. 2026 klo 10.12 Example Support (support@example.com) kirjoitti:",
    "pl": "pon., 9 lis 2026 o 10:12 Example Support <support@example.com> napisał(a):",
    "cs": "po 9. 11. 2026 v 10:12 odesílatel Example Support <support@example.com> napsal:",
    "sk": "po 9. 11. 2026 o 10:12 Example Support <support@example.com> napísal(a):",
    "hu": "Example Support <support@example.com> ezt írta (időpont: 2026. nov. 9., H, 10:12):",
    "ro": "În lun., 9 nov. 2026 la 10:12, Example Support <support@example.com> a scris:",
    "tr": "Example Support <support@example.com>, 9 Kas 2026 Pzt, 10:12 tarihinde şunu yazdı:",
    "et": "Example Support <support@example.com> kirjutas kuupäeval E, 9. november 2026 kell 10:12:",
    "lv": "pirmd., 2026. g. 9. nov., plkst. 10:12 — lietotājs Example Support (<support@example.com>) rakstīja:",
    "lt": "2026-11-09, pr, 10:12 Example Support <support@example.com> rašė:",
    "hr": "pon, 9. stu 2026. u 10:12 Example Support <support@example.com> napisao je:",
    "sl": "V V pon., 9. nov. 2026 ob 10:12 je oseba Example Support <support@example.com> napisala:",
    "el": "Στις Δευ 9 Νοε 2026 στις 10:12 π.μ., ο χρήστης Example Support <support@example.com> έγραψε:",
    "ru": "пн, 9 нояб. 2026 г. в 10:12, Example Support <support@example.com>:",
    "ru yandex": "09.11.2026, 10:12, Example Support <support@example.com> написал:",
    "uk": "пн, 9 лист. 2026 р. о 10:12 Example Support <support@example.com> пише:",
    "bg": "На пн, 9.11.2026 г. в 10:12 Example Support <support@example.com> написа:",
    "ca": "Missatge de Example Support <support@example.com> del dia dl., 9 de nov. 2026 a les 10:12:",
    "ar": "في الاثنين، 9 نوفمبر 2026 في 10:12 ص تمت كتابة ما يلي بواسطة Example Support <support@example.com>:",
    "he": "‫בתאריך יום ב׳, 9 בנוב׳ 2026 ב-10:12 מאת ‪Example Support‬‏ <‪support@example.com‬‏>:‬",
    "zh": "Example Support <support@example.com> 于2026年11月9日周一 10:12写道：",
    "zh tw": "Example Support <support@example.com> 於 2026年11月9日 週一 上午10:12寫道：",
    "ja": "2026年11月9日(月) 10:12 Example Support <support@example.com>:",
    "ko": "2026년 11월 9일 (월) 오전 10:12, Example Support <support@example.com>님이 작성:",
    "vi": "Vào Th 2, 9 thg 11, 2026 vào lúc 10:12 Example Support <support@example.com> đã viết:",
    "id": "Pada tanggal Sen, 9 Nov 2026 pukul 10.12 Example Support <support@example.com> menulis:",
    "notes": "-----Support/EXAMPLE wrote: -----\nTo: Anna Vale\nFrom: Support/EXAMPLE\nDate: 11/09/2026\nSubject: x",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
def test_the_line_above_a_quotation_is_known(attribution: str, marked: bool) -> None:
    quoted = "\n".join(f"> {line}" for line in LETTER.split("\n")) if marked else LETTER
    mail = clean.tidy(f"Large, please.\n\n{attribution}\n\n{quoted}")
    assert read(mail, ANSWER).new == "Large, please."


# --- what a person writes is no older mail ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "own",
    [
        "about my shipment:\nFrom: Berlin\nTo: Helsinki\nDate: 3 November 2026\nTracking: 4711",
        "my flight:\nFrom: Berlin\nTo: Helsinki\nDate: 3 November 2026 10:12\nSeat: 4",
        "hier die Angaben:\nVon: Berlin\nAn: Helsinki\nDatum: 3.11.2026",
        "voici le colis :\nDe : Lyon\nÀ : Nice\nDate : 3/11/2026",
        "the label reads\n\nFrom: Maker Studio\nTo: Mira Lund, 12 Elm Street\nSubject to customs: no",
        'yesterday your driver wrote:\n\n"left behind the door"',
        "on 3 May your colleague wrote:\nWe refund within 5 days.",
        "on 3 May 2026 at 10:15 your colleague Tom wrote:\nWe refund within 5 days.",
        "am 3.5.2026 um 10:15 schrieb Ihr Kollege:\nWir erstatten in 5 Tagen.",
        "on 3 May support@example.com wrote:\nWe refund within 5 days.",
        "Original message of the box:\nhandle with care",
        "a table\n---------- ----------\n1 2",
        "From: me\nSubject: my order\nMessage: it is broken",
        "- the lamp\n- the vase\n-- both of them",
        "> is what the screen shows, and nothing more",
    ],
)
def test_what_a_person_lists_or_cites_stays(own: str) -> None:
    mail = f"Hello,\n\n{own}\n\n{MATTER}"
    assert read(mail, NO_ANSWER).new.endswith(MATTER)
    if not own.startswith(">"):
        assert " ".join(read(mail, NO_ANSWER).new.split()) == " ".join(mail.split())


@pytest.mark.parametrize(
    "own",
    [
        "about my shipment:\nFrom: Berlin\nTo: Helsinki\nDate: 3 November 2026\nTracking: 4711",
        "hier die Angaben:\nVon: Berlin\nAn: Helsinki\nDatum: 3.11.2026",
        "on 3 May your colleague wrote:\nWe refund within 5 days.",
    ],
)
def test_it_stays_in_an_answer_too(own: str) -> None:
    assert read(f"Hello,\n\n{own}\n\n{MATTER}", ANSWER).new.endswith(MATTER)


def test_the_fields_of_a_form_are_the_mail() -> None:
    form = f"From: Bob Falk <bob@customer.example>\nDate: 9.11.2026\nSubject: My vase\n\n{MATTER}"
    assert MATTER in read(form, NO_ANSWER).new
    assert MATTER in read(f"New message from your site\n\n{form}", NO_ANSWER).new


def test_what_is_cut_on_less_than_proof_is_judged_too() -> None:
    mail = f"Hi.\n\nFrom: Somebody Else\nSent: Monday, 9 November 2026 10:12\nTo: You\nSubject: x\n\n{MATTER}"
    reading = read(mail, ANSWER)
    assert reading.new == "Hi."
    assert MATTER in reading.doubtful


def test_a_letter_of_ours_is_no_doubt() -> None:
    block = "From: Example Support <support@example.com>\nSent: Monday, 9 November 2026 10:12\nTo: Anna\nSubject: x"
    assert read(f"Fine.\n\n{block}\n\n{LETTER}", ANSWER).doubtful == ""


# --- forwards ---------------------------------------------------------------------------------------------------------

BLOCK = "From: Bob Falk <bob@customer.example>\nSent: Tuesday, 17 November 2026 10:00\nTo: Anna Vale\nSubject: Terrible"


@pytest.mark.parametrize(
    ("mail", "context"),
    [
        (f"FYI\n\n---------- Forwarded message ---------\n{BLOCK}\n\n{MATTER}", FORWARD),
        (f"FYI\n\n---------- Forwarded message ---------\n{BLOCK}\n\n{MATTER}", ANSWER),
        (f"Dear support, please see below.\n\n{BLOCK}\n\n{MATTER}", FORWARD),
        (f"Dear support, please see below.\n\n{BLOCK}\n\n{MATTER}", NO_ANSWER),
        (f"{BLOCK}\n\n{MATTER}", FORWARD),
        (f"Begin forwarded message:\n\n> From: Bob <bob@customer.example>\n> Subject: x\n> \n> {MATTER}\n", FORWARD),
        (f"See this.\n\nBegin forwarded message:\n\nFrom: Bob <bob@customer.example>\n\n{MATTER}", NO_ANSWER),
        (f"x\n\nAm 17.11.2026 um 10:00 schrieb Bob <bob@customer.example>:\n\n{MATTER}", FORWARD),
    ],
)
def test_what_is_passed_on_is_judged_with_what_was_written_above_it(mail: str, context: Context) -> None:
    reading = read(mail, context)
    assert reading.new.endswith(MATTER)
    assert "bob@customer.example" in reading.forwarded
    assert "Sent:" not in reading.new


def test_below_a_forward_the_writer_may_go_on() -> None:
    mail = f"Begin forwarded message:\n\n> From: Bob <b@customer.example>\n>\n> {MATTER}\n\nWhat do you say to this?"
    assert read(mail, FORWARD).new == f"{MATTER}\n\nWhat do you say to this?"


def test_our_own_letter_that_is_passed_on_to_us_is_a_quotation() -> None:
    block = BLOCK.replace("Bob Falk <bob@customer.example>", "Example Support <support@example.com>")
    assert read(f"What is this?\n\n{block}\n\n{LETTER}", FORWARD).new == "What is this?"


def test_of_a_mail_that_is_passed_on_our_letter_in_it_is_a_quotation() -> None:
    quoted = "\n".join(f"> {line}" for line in LETTER.split("\n"))
    mail = f"FYI\n\n{BLOCK}\n\n{MATTER}\n\nOn Mon, 9 Nov 2026 at 10:12, Shop <support@example.com> wrote:\n{quoted}"
    assert read(mail, FORWARD).new == f"FYI\n\n{MATTER}"


# --- answers inside ---------------------------------------------------------------------------------------------------

HEAD = "From: Example Support <support@example.com>\nSent: Monday, 9 November 2026 10:12\nTo: Anna\nSubject: Your order"
SENT = "Thank you for your message.\n\nWhich colour was it?\nWhich size do you need?\n\nExample Support"
ANSWERED = SENT.replace("it?", "it?\nBlue, and it arrived broken.").replace("need?", "need?\nLarge.")


def test_answers_in_a_letter_that_we_know_are_found() -> None:
    knowing = Context(answers=True, ours=OURS, sent=(SENT,))
    reading = read(f"Hello,\n\n{HEAD}\n\n{ANSWERED}", knowing)
    assert reading.new == "Hello,\n\nBlue, and it arrived broken.\nLarge."
    assert read(f"{HEAD}\n\n{SENT}\n\nLarge, and it broke.", knowing).new == "Large, and it broke."


@pytest.mark.parametrize(
    "said", ["See my answers below.", "Antworten unten in rot.", "Svar nedan.", "My answers inline"]
)
def test_where_we_do_not_know_it_the_whole_of_it_is_new(said: str) -> None:
    assert "Blue, and it arrived broken." in read(f"{said}\n\n{HEAD}\n\n{ANSWERED}", ANSWER).new


def test_a_short_answer_is_no_pointer() -> None:
    assert read(f"That works for me.\n\n{HEAD}\n\n{SENT}", ANSWER).new == "That works for me."


@pytest.mark.parametrize("marks", ["> ", ">", ">> "])
def test_answers_between_and_below_quotations_are_new(marks: str) -> None:
    mail = (
        f"On Mon, 9 Nov 2026 at 10:12, Shop <support@example.com> wrote:\n{marks}Colour?\n\nBlue.\n\n{marks}Size?\n\nL."
    )
    assert read(mail, ANSWER).new == "Blue.\n\n\nL."


def test_what_stands_below_the_signature_and_the_quotation_is_new() -> None:
    mail = f"-- \nAnna Vale\n\nOn Mon, 9 Nov 2026 at 10:12, S <support@example.com> wrote:\n> Size?\n\n{MATTER}"
    assert read(clean.tidy(mail), ANSWER).new == MATTER


def test_our_letter_is_known_without_any_line_above_it() -> None:
    knowing = Context(answers=True, sent=(LETTER,))
    assert read(f"{MATTER}\n\n{LETTER}", knowing).new == MATTER
    assert (
        read(f"{MATTER}\n\n{LETTER}\n\nAnd the lamp broke too.", knowing).new == f"{MATTER}\n\nAnd the lamp broke too."
    )
    assert read(f"You wrote: which size do you need? {MATTER}", knowing).new.startswith("You wrote")


# --- signatures and frames --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "signature",
    [
        "Kind regards\nAnna Vale",
        "Kind regards, Anna",
        "Best,\nAnna",
        "Mit freundlichen Grüßen\nAnna Vale\nVale GmbH\nTel. 030 1234567",
        "MfG\nA. Vale",
        "Mit freundlichen Grüßen Anna Vale",
        "Cordialement,\nAnna",
        "Un saludo,\nAnna Vale",
        "Ystävällisin terveisin\nAnna Vale",
        "Med vänlig hälsning\nAnna",
        "Med venlig hilsen\nAnna",
        "Z poważaniem\nAnna Vale",
        "S pozdravem\nAnna",
        "Üdvözlettel\nAnna",
        "Saygılarımla\nAnna",
        "Lugupidamisega\nAnna",
        "С уважением,\nАнна",
        "З повагою\nАнна",
        "Με εκτίμηση\nΆννα",
        "Thanks,\nAnna",
        "Vielen Dank\nAnna Vale",
        "Thanks,\nAnna Vale\n+44 20 7946 0000",
        "Anna Vale\nanna@customer.example\nwww.customer.example",
        "Anna Vale\nvia mobile",
        "-Anna Vale",
        "----------\nAnna Vale\nVale Ltd\nhttps://customer.example",
        "-- \nAnna Vale\nVale Ltd",
        "Sent from my iPhone",
        "Von meinem iPad gesendet",
        "Envoyé de mon iPhone",
        "Odesláno z iPhonu",
        "Skickat från Outlook för Android",
        "Wysłane z iPhone'a",
        "iPhone'umdan gönderildi",
        "Отправлено с iPhone",
        "Надіслано з iPhone",
        "iPhoneから送信",
        "发自我的iPhone",
        "나의 iPhone에서 보냄",
        "Trimis de pe iPhone",
        "Στάλθηκε από το iPhone μου",
        "Kind regards\nAnna\n\nSent from my iPhone",
        "Kind regards\nAnna\n\nThis e-mail is confidential and may be privileged. If you are not the intended "
        "recipient, please delete it.",
        "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Wenn Sie sie irrtümlich erhalten haben, "
        "löschen Sie sie bitte.",
    ],
)
def test_a_signature_is_not_new(signature: str) -> None:
    assert read(clean.tidy(f"{MATTER}\n\n{signature}"), ANSWER).new == MATTER


@pytest.mark.parametrize(
    "end",
    [
        "Thank you",
        "Thank you,\nand please hurry up with it, I have waited for weeks.",
        "Kind regards\nAnna\n\nPS: the lamp is broken too.",
        "-- \nAnna Vale\n\nPS: the lamp is broken too.",
        "-- \nAnna Vale\n\nAnd please tell me when the other one will come.",
        "Best,\nthat is what you promised me in May, and what I paid for.",
        "Sent from the warehouse on Monday, it never came.",
        "My name is Anna Vale",
        "Please write to\nanna@customer.example",
        "- the vase\n- the Lamp\n- The Table",
        "I want:\n\na refund\nan answer",
    ],
)
def test_what_only_looks_like_a_signature_stays(end: str) -> None:
    new = read(clean.tidy(f"{MATTER}\n\n{end}"), ANSWER).new
    assert new.endswith(end.splitlines()[-1])


@pytest.mark.parametrize(
    "warning",
    [
        "CAUTION: This email originated from outside of the organization. Do not click links or open attachments "
        "unless you recognize the sender.",
        "[EXTERNAL]",
        "[EXTERN]",
        "ACHTUNG: Diese E-Mail kommt von außerhalb der Organisation. Klicken Sie auf keine Links.",
        "ATTENTION : ce message provient de l'extérieur. Ne cliquez sur aucun lien.",
        "OBS! Detta meddelande kommer utifrån. Klicka inte på länkar.",
    ],
)
def test_the_warning_of_a_gateway_is_not_new(warning: str) -> None:
    assert read(f"{warning}\n\n{MATTER}", NO_ANSWER).new == MATTER


@pytest.mark.parametrize(
    "own",
    [
        "CAUTION: this vase comes out of your box so hot that it burns.\n\nWhy is there no warning on it?",
        "The message on the outside of the box says nothing.\n\nWhy?",
        "[EXTERNAL]",
        "This e-mail is confidential: only the recipient may know that I complain.",
    ],
)
def test_a_persons_own_words_of_warning_stay(own: str) -> None:
    assert read(own, NO_ANSWER).new == own


def test_the_lines_of_pgp_are_a_frame() -> None:
    mail = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{MATTER}\n\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
        "-----END PGP SIGNATURE-----"
    )
    reading = read(mail, NO_ANSWER)
    assert reading.new == MATTER
    assert [passage.kind for passage in reading.passages] == [LineKind.FRAME, LineKind.NEW, LineKind.FRAME]


# --- never more, never less -------------------------------------------------------------------------------------------

_SENTENCES = [
    *("My vase arrived broken.", "I want my money back!", "Where is it?", "On 3 May your colleague wrote:", "Hello,"),
    *("From: Berlin", "To: Helsinki", "Date: 3 November 2026", "Subject: lamp", "Re: my order", "Blue.", "FYI", ""),
    *("Kind regards", "Anna", "-- ", "Sent from my iPhone", "Thanks,", "PS: and the lamp", "that works for me"),
    *("see my answers below", "Grüße aus Köln", "Das Paket ist kaputt.", "* one", "- two", "1) three", "====="),
]
_WRITTEN = some.lists(some.sampled_from(_SENTENCES), min_size=1, max_size=8).map(lambda one: clean.tidy("\n".join(one)))
_LETTERS = [
    "Dear Anna,\n\nthank you for your message. We are sorry that your order did not arrive as it should.\n\nYou hear "
    "from us by Monday, 10:00.\n\nKind regards\nExample Support\n\nReference: 7K3M-9QTX",
    "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Wir kümmern uns darum und melden uns bis Montag, 10:00 Uhr.\n\nMit "
    "freundlichen Grüßen\nIhr Kundendienst",
]
_HEADS = ["On Mon, 9 Nov 2026 at 10:12, Example Support <support@example.com> wrote:", HEAD, f"{'_' * 32}\n{HEAD}"]


@given(_WRITTEN, some.sampled_from(_LETTERS), some.sampled_from(_HEADS), some.booleans())
def test_a_quotation_of_our_letter_changes_nothing_and_no_word_is_lost(
    written: str, letter: str, head: str, marked: bool
) -> None:
    knowing = Context(answers=True, ours=OURS, writer=ANSWER.writer, sent=tuple(_LETTERS))
    quoted = "\n".join(f"> {line}" for line in letter.split("\n")) if marked else letter
    alone, both = read(written, knowing), read(clean.tidy(f"{written}\n\n{head}\n\n{quoted}"), knowing)
    if not alone.is_all:
        assert both.new == alone.new
        assert both.doubtful == alone.doubtful
    kept = "\n".join(passage.text for passage in both.passages)
    assert all(line.strip() in kept for line in written.split("\n"))


@given(some.text(max_size=300) | _WRITTEN, some.booleans(), some.booleans())
def test_the_passages_are_the_whole(text: str, answers: bool, forwards: bool) -> None:
    text = clean.tidy(text)
    reading = read(text, Context(answers=answers, forwards=forwards))
    if LineKind.FORWARDED not in {passage.kind for passage in reading.passages}:
        assert "\n".join(passage.text for passage in reading.passages) == text


@pytest.mark.parametrize(
    "mail",
    [
        "From: x\nDate: 1\nTo: y\n" * 5_000,
        "-----Original Message-----\n" * 4_000,
        "----- x wrote: -----\n" * 4_000,
        "Kind regards\n" * 8_000,
        "> a\nb\n" * 15_000,
        "Begin forwarded message:\n> x\n" * 3_000,
        ":" * 100_000,
        "a: \n" * 25_000,
        "below " * 16_000 + "\n\n" + HEAD + "\n\nx",
        "external message click " * 4_000,
    ],
    ids=lambda mail: mail[:12],
)
@pytest.mark.parametrize("context", [ANSWER, Context(answers=True, sent=("x\n" * 5_000, LETTER))], ids=["a", "b"])
def test_hostile_text_is_read_in_bounded_time(mail: str, context: Context) -> None:
    began = time.thread_time()
    read(clean.tidy(mail), context)
    assert time.thread_time() - began < 2
