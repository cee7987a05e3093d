"""Labelled mail comes in: cleaned, redacted, once, whole or not at all."""

from __future__ import annotations

import mailbox
from contextlib import closing
from pathlib import Path

import pytest
from imapclient import IMAPClient

from pipeline.config.load import load
from pipeline.desk import collect
from pipeline.errors import FirstlineError, UsageError
from pipeline.learn import grouping, split
from pipeline.learn.dataset import Columns, Row
from pipeline.learn.importing import Terms
from pipeline.learn.shelf import Shelf
from pipeline.wiring.live_doors import build
from tests.data_folder import CONFIG, DataFolder
from tests.desk import Desk, letter
from tests.samples import NOON
from tests.servers.pymap_server import PymapServer

HEAD = "subject,text,topic,sentiment,complaint\n"
MAIL = (
    b"From: Eve <eve@example.org>\nTo: support@example.com\nSubject: Where is it\n"
    b"Date: Wed, 18 Nov 2026 12:00:00 +0000\nMessage-ID: <%s@example.org>\n"
    b"Content-Type: text/plain; charset=utf-8\n\n%s\n"
)


@pytest.fixture
def place(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def mail(number: int, text: str = "The parcel has not come. Call 0171 2345678.\n\n-- \nEve, Sales") -> bytes:
    return MAIL % (b"m%d" % number, f"{number} times: {text}".encode())


def test_a_table_is_cleaned_redacted_and_given_its_provenance(place: DataFolder) -> None:
    text = (
        '"Hello there,\r\n\r\nI wonder why my order 48213 is late again: eve@example.org\n\n'
        'On 1 May 2026, Shop <a@shop.example> wrote:\n> hi"'
    )
    told = place.json("data", "import", place.file("Mails 2026.csv", HEAD + f"Late,{text},Delivery,negative,yes\n"))
    assert {name: told[name] for name in ("read", "imported", "duplicates")} == {
        "read": 1,
        "imported": 1,
        "duplicates": 0,
    }
    (row,) = place.rows("mails-2026")
    assert row["text"] == "Hello there,\n\nI wonder why my order <order> is late again: <email>"
    assert (row["topic"], row["sentiment"], row["complaint"]) == ("delivery", "negative", "true")
    assert (row["source"], row["language"]) == ("Mails 2026.csv", "en")
    assert row["labelled_by"]
    assert row["labelled_at"].startswith("20")


def test_columns_names_and_provenance_can_be_said(place: DataFolder) -> None:
    table = "betreff;inhalt;art;stimmung;beschwerde;sprache\nSpät;Wo bleibt mein Paket denn nur;Versand;negative;1;de\n"
    columns = {
        "text": "inhalt",
        "subject": "betreff",
        "topic": "art",
        "sentiment": "stimmung",
        "complaint": "beschwerde",
    }
    options = [word for name, column in columns.items() for word in (f"--{name}-column", column)]
    more = ["--language-column", "sprache", "--map", "Versand=delivery", "--by", "alice", "--source", "old desk"]
    place.say("data", "import", place.file("x.csv", table), *options, *more, "--name", "spring")
    (row,) = place.rows("spring")
    assert (row["topic"], row["language"], row["source"]) == ("delivery", "de", "old desk")


GERMAN = "Betreff;Nachricht;Kategorie;Stimmung;Beschwerde;Sprache\nSpät;Die Grüße kamen, das Päckchen nicht;{};{};{}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "mac_roman", "cp850"])
def test_a_table_in_any_encoding_with_german_headings_is_read(place: DataFolder, encoding: str) -> None:
    table = place.file("x.csv", GERMAN.format("delivery", "negativ", "ja").encode(encoding))
    told = place.json("data", "import", table)
    assert told["topics"] == {"delivery": 1}
    (row,) = place.rows("x")
    assert row["text"] == "Die Grüße kamen, das Päckchen nicht"
    assert (row["subject"], row["sentiment"], row["complaint"]) == ("Spät", "negative", "true")


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("SUBJECT,Text,Topic,Sentiment,Is Complaint", "a,hello there,billing,4,no"),
        ("Objet,Texte,Catégorie,Humeur,Réclamation", "a,hello there,billing,positif,non"),
        ("Asunto,Mensaje,Categoría,Valoración,Queja", "a,hello there,billing,5 estrellas,no"),
        ("Aihe,Viesti,Luokka,Sävy,Valitus", "a,hello there,billing,myönteinen,ei"),
        ("Titel,Inhalt,Thema,Sterne,Reklamation", "a,hello there,billing,★★★★☆,nein"),
    ],
)
def test_headings_and_labels_are_known_in_five_languages(place: DataFolder, head: str, cells: str) -> None:
    place.say("data", "import", place.file("x.csv", f"{head}\n{cells}\n"))
    (row,) = place.rows("x")
    assert [row[name] for name in ("subject", "text", "topic", "sentiment", "complaint")] == [
        *("a", "hello there", "billing", "positive", "false")
    ]


def test_a_wrong_guess_can_be_mended_with_map(place: DataFolder) -> None:
    table = (
        "Text,Body,What,Who,When,Mood,Bad,Tongue\nnote,the mail itself,Versand,eve@x.example,2026-02-01,sauer,jup,xx\n"
    )
    words = ["Body=text", "WHAT=topic", "Who=sender", "when=received_at", "Mood=sentiment", "Bad=complaint"]
    words += ["Tongue=language", "Versand=delivery", "sentiment:sauer=negative", "complaint:jup=yes", "language:xx=de"]
    options = [part for word in words for part in ("--map", word)]
    assert place.json("data", "import", place.file("x.csv", table), *options)["topics"] == {"delivery": 1}
    (row,) = place.rows("x")
    assert [row[name] for name in ("text", "received_at", "sentiment", "complaint", "language")] == [
        *("the mail itself", "2026-02-01", "negative", "true", "de")
    ]
    assert len(row["sender"]) == 16
    with pytest.raises(UsageError, match="there is no column 'Whom'"):
        place.say("data", "import", place.file("y.csv", table), *options, "--map", "Whom=sender")


def test_a_file_whose_encoding_breaks_off_is_refused_with_the_line(place: DataFolder) -> None:
    rows = b"".join(b"Das P\xe4ckchen ist besch\xe4digt %d,delivery\n" % number for number in range(900))
    with pytest.raises(UsageError, match=r"line 902 is not CP125., as other lines are"):
        place.say("data", "import", place.file("x.csv", b"text,topic\n" + rows + b"\x81\x8d,delivery\n" * 2))


def test_one_broken_line_does_not_garble_the_others(place: DataFolder) -> None:
    rows = b"text,topic\n" + "Grüße,delivery\nKäse,billing\n".encode() + b"gr\xfc\xdfe,delivery\n"
    with pytest.raises(UsageError, match="line 4 is not UTF-8, as other lines are"):
        place.say("data", "import", place.file("x.csv", rows))


def test_a_table_in_training_data_in_another_encoding_stays_whole_when_rows_are_added(place: DataFolder) -> None:
    place.training_data.mkdir()
    place.file("training_data/mine.csv", "text,topic\nGrüße aus Köln,delivery\n".encode("cp1252"))
    place.say("data", "import", place.file("x.csv", "text,topic\nÄrger mit der Rechnung,billing\n"), "--name", "mine")
    assert [row["text"] for row in place.rows("mine")] == ["Grüße aus Köln", "Ärger mit der Rechnung"]


def exported(place: DataFolder, change: tuple[str, str] = ("", "")) -> str:
    """An export, edited."""
    out = place.folder / f"out-{len(list(place.folder.glob('out-*')))}.csv"
    place.say("data", "export", str(out))
    out.write_text(out.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    return str(out)


def test_corrections_come_back_and_win(place: DataFolder) -> None:
    first = "text,topic,labelled_at,labelled_by\nMy parcel is late,billing,2026-01-01,alice\n"
    place.say("data", "import", place.file("x.csv", first))
    told = place.json("data", "import", exported(place, ("billing", "delivery")), "--name", "x", "--by", "bob")
    assert (told["imported"], told["corrected"], told["conflicting"]) == (1, 1, 0)
    rows = place.rows("x")
    assert len({row["labelled_by"] for row in rows}) == 2
    assert [row["topic"] for row in rows] == ["billing", "delivery"]
    again = place.json("data", "import", exported(place), "--name", "x")  # an export as it is changes nothing
    assert (again["imported"], again["duplicates"], again["conflicting"]) == (0, 2, 0)
    assert place.json("data", "audit")["contradictions"] == []
    old = "text,topic,labelled_at\nMy parcel is late,billing,2020-01-01\n"  # before both
    told = place.json("data", "import", place.file("old.csv", old))
    assert (told["imported"], told["conflicting"]) == (0, 0)
    new = "text,topic,labelled_at\nMy parcel is late,order,2030-01-01\n"
    assert place.json("data", "import", place.file("new.csv", new))["corrected"] == 1


ROBOT = b"From: MAILER-DAEMON@example.org\nAuto-Submitted: auto-replied\n" + MAIL.partition(b"\n")[2]


def test_what_no_person_wrote_is_kept_apart_where_the_audit_tells_of_it(place: DataFolder) -> None:
    box = mailbox.mbox(place.folder / "delivery")
    for raw in (mail(1), ROBOT % (b"r1", b"I am away. Call 0171 2345678."), ROBOT % (b"r2", b"Undeliverable")):
        box.add(raw)
    box.close()
    for _again in range(2):
        told = place.json("data", "import", f"mbox:{place.folder}/delivery")
        assert told["robots"] == 2
    assert [row["topic"] for row in place.rows("delivery")] == ["delivery"]
    aside = place.rows("left_out/delivery")
    assert [row["text"] for row in aside] == ["I am away. Call <phone>.", "Undeliverable"]
    assert all(row["why"].startswith("no person wrote it: ") for row in aside)
    place.say("data", "import", place.file("x.csv", "text,topic\none,spam\ntwo,\nthree,billing\n"), "--map", "spam=")
    left_out = place.json("data", "audit")["left_out"]
    assert left_out.pop("--map spam=") == left_out.pop("no label") == 1
    assert sum(left_out.values()) == 2
    assert "training_data/left_out" in place.say("data", "audit")
    assert place.json("data", "stats")["rows"] == 2


def test_the_count_moves_while_a_table_is_read(place: DataFolder) -> None:
    table = place.file("x.csv", "text,topic\n" + "".join(f"mail {number},billing\n" for number in range(5)))
    told: list[int] = []
    with closing(build(load(place.folder / "config.toml"))) as doors:
        collected = collect.collect(doors, [table], Columns(), progress=told.append)
        assert told == [1, 2, 3, 4, 5]
        terms = Terms(login="alice", labelled_at=NOON, pseudonym=doors.signer.pseudonym)
        collect.bring_in(doors, collected, terms, "x", told.append)
    assert told == [1, 2, 3, 4, 5] * 2


def test_what_is_there_already_is_not_taken_twice(place: DataFolder) -> None:
    first = place.file("a.csv", HEAD + ",My order 4821 is late,delivery,,\n,my  ORDER 4999 is late,delivery,,\n")
    told = place.json("data", "import", first)
    assert (told["imported"], told["duplicates"]) == (1, 1)  # the same once the numbers are gone
    again = place.json("data", "import", place.file("b.csv", HEAD + ",My order 1234 is late,billing,,\n"))
    assert (again["imported"], again["duplicates"], again["conflicting"]) == (0, 1, 1)
    assert not (place.training_data / "b.csv").exists()
    place.file(
        "training_data/old.csv", "text,topic\nCall 0171 2345678 please,delivery\n"
    )  # written before there was redaction
    assert (
        place.json("data", "import", place.file("c.csv", HEAD + ",Call 0171 9999999 please,delivery,,\n"))["imported"]
        == 0
    )


def test_an_import_adds_to_its_file_and_keeps_what_stands_there(place: DataFolder) -> None:
    place.training_data.mkdir()
    place.file("training_data/mine.csv", "text,topic,colour\nby hand,delivery,red")
    for number in (1, 2):
        place.say(
            "data", "import", place.file("x.csv", f"text,topic\nmail number {number},billing\n"), "--name", "mine"
        )
    rows = place.rows("mine")
    assert [(row["text"], row["colour"]) for row in rows] == [
        ("by hand", "red"),
        ("mail number 1", ""),
        ("mail number 2", ""),
    ]
    assert rows[2]["labelled_by"]
    assert sorted(path.name for path in place.training_data.iterdir()) == [".lock", "mine.csv"]


WRONG = (
    HEAD
    + ",fine,delivery,neutral,no\n,bad,delivery,grumpy,no\n,,delivery,neutral,no\n,worse,delivery,neutral,perhaps\n"
)


def test_a_wrong_file_is_refused_with_row_and_column_and_nothing_is_half_imported(place: DataFolder) -> None:
    with pytest.raises(UsageError) as refused:
        place.say("data", "import", place.file("wrong.csv", WRONG))
    for part in (
        *(
            "row 3, column 'sentiment': expected negative, neutral or positive, or 1 to 5 stars, found 'grumpy'",
            "row 4, column 'text'",
        ),
        *("row 5, column 'complaint'", "wrong.csv", "--good-rows", "the 1 good ones"),
    ):
        assert part in str(refused.value)
    assert refused.value.exit_code == 2
    assert not place.training_data.exists()


def test_the_good_rows_are_taken_when_that_is_asked_for(place: DataFolder) -> None:
    told = place.json("data", "import", place.file("wrong.csv", WRONG), "--good-rows")
    assert (told["imported"], told["refused_rows"], len(told["refused"])) == (1, 3, 3)
    assert [row["text"] for row in place.rows("wrong")] == ["fine"]


@pytest.mark.parametrize(
    ("source", "content", "told"),
    [
        ("x.csv", "colour,topic\na,b\n", "no column 'text'"),
        ("x.csv", "text,colour\na,b\n", "none of the columns topic"),
        ("x.jsonl", '{"text": 1', "line 1 is not JSON"),
        ("x.csv", f"text,topic\nhello,{'long ' * 50}\n", "expected a topic"),
        ("x.docx", "", "what is that?"),
        ("mbox:x", "no mail at all", "not an mbox file"),
        ("maildir:.", None, "not a Maildir"),
        ("imap:support", None, "which folder?"),
        ("imap:nowhere/INBOX", None, r"no \[mailbox.nowhere\]"),
        ("missing.csv", None, "No such file"),
        ("mbox:missing", None, "can't be read"),
    ],
)
def test_what_can_not_be_read_is_said_clearly(
    place: DataFolder, monkeypatch: pytest.MonkeyPatch, source: str, content: str | bytes | None, told: str
) -> None:
    monkeypatch.chdir(place.folder)
    if content is not None:
        place.file(source.partition(":")[2] or source, content)
    with pytest.raises(UsageError, match=told):
        place.say("data", "import", source)
    assert not place.training_data.exists()


def test_a_topic_to_rename_must_be_there(place: DataFolder) -> None:
    table = place.file("x.csv", "text,topic\none,a\ntwo,b\n")
    with pytest.raises(UsageError, match="the topics are: a, b"):
        place.say("data", "import", table, "--map", "c=delivery")
    with pytest.raises(UsageError, match="says nothing"):
        place.say("data", "import", table, "--map", "delivery")
    told = place.json("data", "import", table, "--map", "a=", "--map", "b=billing")
    assert (told["left_out"], told["topics"]) == (1, {"billing": 1})


def test_a_name_can_not_lead_out_of_the_folder(place: DataFolder) -> None:
    with pytest.raises(UsageError, match="can't be the name"):
        place.say("data", "import", place.file("x.csv", "text,topic\none,a\n"), "--name", "../elsewhere")


def test_nothing_is_imported_into_the_file_that_is_never_learned_from(place: DataFolder) -> None:
    place.file("confirmed.csv", "text,topic\nWhere is my parcel?,delivery\n")
    with pytest.raises(UsageError, match="never learned from") as refused:
        place.say("data", "import", str(place.folder / "confirmed.csv"))
    assert "--name" in refused.value.remedy
    assert not (place.training_data / "confirmed.csv").exists()


def test_an_mbox_and_a_maildir_give_their_folders_as_topics(place: DataFolder) -> None:
    box = mailbox.mbox(place.folder / "delivery")
    for number in (1, 2):
        box.add(mail(number))
    box.close()
    tree = mailbox.Maildir(place.folder / "tree", create=True)
    tree.add_folder("billing").add(mail(3, "A wrong invoice."))
    told = place.json("data", "import", f"mbox:{place.folder}/delivery", f"maildir:{place.folder}/tree")
    assert told["topics"] == {"billing": 1, "delivery": 2}
    rows = place.rows("delivery")
    assert rows[0]["text"] == "1 times: The parcel has not come. Call <phone>."  # without the signature
    assert rows[0]["received_at"] == "2026-11-18"


def test_nothing_odd_in_a_file_makes_it_fail(place: DataFolder) -> None:
    odd = (
        '{"text": "what \\ud800 is\\u0000 this \\u202e thing", '
        '"topic": "a\\ud800\\nb", "sender": "\\ud800x", "thread": ["t"], "subject": 5}'
    )
    assert place.json("data", "import", place.file("x.jsonl", odd + "\n"))["topics"] == {"a b": 1}
    (row,) = place.rows("x")
    assert (row["text"], row["subject"]) == ("what  is this  thing", "5")


def test_people_are_in_it_only_as_keyed_hashes(place: DataFolder, tmp_path: Path) -> None:
    box = mailbox.mbox(place.folder / "delivery")
    for number in (1, 2):
        box.add(mail(number))
    box.close()
    place.say("data", "import", f"mbox:{place.folder}/delivery")
    one, two = place.rows("delivery")
    assert one["sender"] == two["sender"] != ""
    assert one["thread"] != two["thread"]
    assert "eve" not in (place.training_data / "delivery.csv").read_text(encoding="utf-8").lower()
    (tmp_path / "other").mkdir()
    other = DataFolder(tmp_path / "other")  # another key
    other.say("data", "import", f"mbox:{place.folder}/delivery")
    assert other.rows("delivery")[0]["sender"] != one["sender"]


def test_what_was_exported_comes_in_again_as_it_was(place: DataFolder, tmp_path: Path) -> None:
    box = mailbox.mbox(place.folder / "delivery")
    box.add(mail(1))
    box.close()
    place.say("data", "import", f"mbox:{place.folder}/delivery", "--by", "alice")
    (tmp_path / "other").mkdir()
    for suffix in ("csv", "jsonl"):
        out = str(tmp_path / f"all.{suffix}")
        assert place.json("data", "export", out)["rows"] == 1
        other = DataFolder(tmp_path / "other")
        other.say("data", "import", out, "--name", suffix, code=0)
        if suffix == "csv":
            assert other.rows("csv") == place.rows("delivery")
    with pytest.raises(UsageError, match="exists already"):
        place.say("data", "export", str(tmp_path / "all.csv"))
    with pytest.raises(UsageError, match="format"):
        place.say("data", "export", str(tmp_path / "all.xlsx"))


def test_mails_of_one_thread_or_writer_stand_on_one_side(place: DataFolder) -> None:
    words = "anchor bottle candle desert engine forest garden hammer island jacket kettle ladder".split()
    rows = [
        Row(text=" ".join(words[at : at + 4]) + f" {at}", topic="a", thread=f"t{at % 5}", sender=f"s{at % 10}")
        for at in range(40)
    ]
    grouped = grouping.with_groups(rows)
    parts = split.split_newest_fifth(grouped)
    for key in ("thread", "sender"):
        assert not {getattr(row, key) for row in parts.train} & {getattr(row, key) for row in parts.test}


def test_a_form_that_writes_everything_is_no_writer() -> None:
    rows = [Row(text=f"{'abcdefgh'[at % 8] * 3}{chr(97 + at // 8) * 3}", topic="a", sender="form") for at in range(200)]
    assert len({row.group for row in grouping.with_groups(rows)}) > 100


def test_imap_folders_are_only_read(pymap: PymapServer, tmp_path: Path) -> None:
    user = pymap.fresh_user()
    desk = Desk(tmp_path / "desk", pymap.port, 1, user, more=CONFIG)
    with IMAPClient("127.0.0.1", pymap.port, ssl=False) as client:
        client.login(user, "pw-support")
        for folder in ("Sorted", "Sorted/Delivery", "Sorted/Billing"):
            client.create_folder(folder)
        client.append("Sorted/Delivery", letter(1))
        client.append("Sorted/Delivery", letter(2))
        client.append("Sorted/Billing", letter(3, subject="A wrong invoice"))
    told = desk.json("data", "import", "imap:support/Sorted/*")
    assert told["topics"] == {"billing": 1, "delivery": 2}
    assert told["file"].endswith("support-sorted.csv")
    assert desk.json("data", "import", "imap:support/Sorted/Delivery", "--name", "more")["duplicates"] == 2
    with IMAPClient("127.0.0.1", pymap.port, ssl=False) as client:
        client.login(user, "pw-support")
        client.select_folder("Sorted/Delivery", readonly=True)
        assert len(client.search("UNSEEN")) == 2
    assert "INBOX" in desk.run("data", "import", "imap:support/Nowhere", expect=3).stderr
    assert "there are:" in desk.run("data", "import", "imap:support/Nowhere/*", expect=2).stderr


def test_stats_count_what_is_there(place: DataFolder) -> None:
    rows = "\n,the parcel is late today,delivery,negative,true\n,the invoice has a mistake,billing,neutral,false\n"
    place.say("data", "import", place.file("x.csv", HEAD.strip() + rows), "--by", "alice")
    told = place.json("data", "stats")
    assert (told["rows"], told["topic"]) == (2, {"billing": 1, "delivery": 1})
    ((who, rows),) = told["labelled_by"].items()
    assert rows == 2
    assert len(who) == 16, "a keyed hash: whose labels are whose can be told, not who that is"
    assert "alice" not in (place.training_data / "x.csv").read_text()
    assert "delivery" in place.say("data", "stats")


def test_a_file_is_never_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path)
    shelf.append("x", [Row(text="one", topic="a")])
    before = (tmp_path / "x.csv").read_bytes()

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.learn.shelf.os.fsync", broken)
    with pytest.raises(FirstlineError, match="No space left"):
        shelf.append("x", [Row(text="two", topic="a")])
    assert (tmp_path / "x.csv").read_bytes() == before
    assert not list(tmp_path.glob(".*unfinished"))


def test_who_wrote_a_row_is_kept_as_the_hash_that_an_erasure_looks_for(place: DataFolder) -> None:
    written = ["Eve.Example+shop@googlemail.com", "Eve <eveexample@gmail.com>", "bob@example.org", "customer 17", ""]
    lines = "".join(f'"{who}",mail number {number} about it,billing\n' for number, who in enumerate(written))
    table = place.file("x.csv", f"customer,text,topic\n{lines}")
    place.say("data", "import", table, "--sender-column", "customer", "--name", "x")
    with closing(build(load(place.folder / "config.toml"))) as doors:
        signer = doors.signer
    eve = signer.person("eveexample@gmail.com")
    assert [row["sender"] for row in place.rows("x")] == [
        *(eve, eve, signer.person("bob@example.org")),
        *(signer.person("customer 17"), ""),
    ]


def test_a_column_of_writers_that_is_named_must_be_there(place: DataFolder) -> None:
    with pytest.raises(UsageError, match="there is no column 'customer'"):
        place.say("data", "import", place.file("x.csv", "text,topic\na,b\n"), "--sender-column", "customer")
