"""Charsets: labels that mean more than they say, wrong ones, none at all, and words of headers cut anywhere."""

from __future__ import annotations

import pytest

from pipeline.parse import headers
from pipeline.parse.message import content_hash, parse
from pipeline.text import charsets

GERMAN = "Grüße aus Köln, das Paket ist beschädigt"
POLISH = "Przesyłka dotarła uszkodzona, proszę o zwrot pieniędzy"
RUSSIAN = "Где мой заказ номер 5? Жду уже неделю."
UKRAINIAN = "Доброго дня, моя посилка прийшла пошкоджена, прошу надіслати іншу."
JAPANESE = "注文した商品が壊れていました"
CHINESE = "我的包裹坏了,我要退款"
PORTUGUESE = "NÃO CHEGOU, JÁ SÃO VINTE DIAS. DEVOLUÇÃO"
KOREAN = "소포가 파손되어 도착했습니다"


@pytest.mark.parametrize(
    ("label", "text", "codec"),
    [
        ("gb2312", "请寄到镕基路,谢谢", "gb18030"),  # 镕 is not in GB 2312
        ("ks_c_5601-1987", "똠방각하 주문", "cp949"),
        ("ks_c_5601", KOREAN, "cp949"),
        ("shift_jis", "髙橋です。①番の商品", "cp932"),
        ("big5", "我喺香港，包裹壞咗", "big5hkscs"),
        ("iso-8859-1", "“quoted” – 5 €", "cp1252"),
        ("iso-8859-9", "fiyatı 5 € – lütfen", "cp1254"),
        ("euc-jp", "①番の商品", "euc_jis_2004"),
        ("iso-2022-jp", JAPANESE, "iso2022_jp"),
        ("koi8-u", UKRAINIAN, "koi8_u"),
        ("KOI8-RU", UKRAINIAN, "koi8_u"),
        ("x-mac-cyrillic", RUSSIAN, "mac_cyrillic"),
        ("x-mac-ce", POLISH, "mac_latin2"),
        ("macintosh", GERMAN, "mac_roman"),
        ("x-mac-croatian", "Paket je oštećen, molim čašu", "mac_croatian"),
        ("ibm850", GERMAN, "cp850"),
        ("cp-852", POLISH, "cp852"),
        ("x-cp866", RUSSIAN, "cp866"),
        ("cp737", "Το δέμα έφτασε σπασμένο", "cp737"),
        ("windows-874", "พัสดุเสียหาย", "cp874"),
        ("tis-620", "พัสดุเสียหาย", "cp874"),
        ("iso-8859-8-i", "החבילה הגיעה שבורה", "cp1255"),
        ("utf8mb4", GERMAN, "utf-8"),
        ("", JAPANESE, "utf-16"),  # told by the mark that it begins with
    ],
)
def test_a_label_is_read_as_it_is_used(label: str, text: str, codec: str) -> None:
    assert charsets.decode(text.encode(codec), label) == (text, "")


def test_japanese_mail_may_have_the_signs_that_only_microsoft_knows() -> None:
    mail = b"\x1b$B-!$N>&IJ\x1b(B\n\x1b(IC=D\x1b(B end"  # ①の商品, and kana of half width
    assert charsets.decode(mail, "iso-2022-jp") == ("①の商品\nﾃｽﾄ end", "")


@pytest.mark.parametrize(
    ("label", "text", "codec"),
    [
        ("iso-8859-1", GERMAN, "utf-8"),
        ("windows-1251", RUSSIAN, "utf-8"),
        ("iso-8859-15", "Köln", "utf-8"),
        ("gb2312", CHINESE, "utf-8"),
        ("gb2312", "Grüße", "utf-8"),
        ("shift_jis", JAPANESE, "utf-8"),
        ("iso-8859-1", RUSSIAN, "koi8_r"),
        ("iso-8859-1", UKRAINIAN, "cp1251"),
        ("us-ascii", RUSSIAN, "cp1251"),
        ("iso-8859-1", POLISH, "iso8859_2"),
        ("windows-1252", POLISH, "cp1250"),
        ("iso-8859-1", "Paketim hasarlı geldi, lütfen değiştirin", "cp1254"),
        ("iso-8859-1", "Příliš žluťoučký kůň", "cp852"),
        ("utf-8", GERMAN, "cp1252"),
        ("utf-8", GERMAN, "cp850"),
        ("utf-8", "Où est passé mon colis", "mac_roman"),
        ("utf-8", JAPANESE, "cp932"),
        ("iso-2022-jp", JAPANESE, "cp932"),
        ("big5", JAPANESE + "。交換してください。", "utf-8"),
    ],
)
def test_a_wrong_label_is_found_out(label: str, text: str, codec: str) -> None:
    read, note = charsets.decode(text.encode(codec), label)
    assert read == text
    assert label in note or label == "us-ascii"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (UKRAINIAN, "koi8_u"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859_5"),
        (GERMAN, "cp1252"),
        ("Grüße", "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "cp852"),
        (CHINESE, "gb18030"),
        ("我的包裹壞了,我要退款", "big5"),
        (JAPANESE, "cp932"),
        (KOREAN, "cp949"),
        ("Το δέμα έφτασε σπασμένο", "iso8859_7"),
        ("החבילה הגיעה שבורה", "cp1255"),
        ("وصل الطرد تالفا", "cp1256"),
    ],
)
@pytest.mark.parametrize("label", ["", "x-unknown"])
def test_without_a_usable_label_the_text_tells(label: str, text: str, codec: str) -> None:
    read, note = charsets.decode(text.encode(codec), label)
    assert read == text
    assert note.startswith("unknown charset x-unknown" if label else "no charset")


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        (PORTUGUESE, "latin-1", "iso-8859-1"),
        ("È ARRIVATO ROTTO, PERCHÉ?", "cp1252", "iso-8859-1"),
        ("40 m² für 5 € à Zürich, nº 7, 5°C", "cp1252", "iso-8859-1"),
        ("Þetta er það sem ég fékk, ýmsir hlutir brotnir", "latin-1", "iso-8859-1"),
        ("联通", "gbk", "gb2312"),  # well known for looking like UTF-8
        ("用QQ联系我", "gbk", "gb2312"),
        (RUSSIAN.upper(), "cp1251", "windows-1251"),
        ("ﾃｽﾄﾃﾞｽ", "cp932", "shift_jis"),
    ],
)
def test_a_right_label_is_believed(text: str, codec: str, label: str) -> None:
    assert charsets.decode(text.encode(codec), label) == (text, "")


@pytest.mark.parametrize("label", ["utf-8", "", "gb2312"])
def test_one_broken_character_ruins_no_text(label: str) -> None:
    """A text that was cut in the middle of a character, or lost a byte on its way."""
    codec = label or "utf-8"
    data = (CHINESE * 20).encode("gb18030" if codec == "gb2312" else codec)
    read, note = charsets.decode(data[:-1] + b"\xff", label)
    assert read[:-2] == (CHINESE * 20)[: len(read) - 2]
    assert note == "some characters can't be read"


@pytest.mark.parametrize(
    "label", ["utf-8", "utf-16", "utf-7", "iso-2022-jp", "hz", "gb18030", "cp437", "x", "cp1252", ""]
)
@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\x00" * 9, bytes(range(256)) * 9, b"\x1b$B", b"\x1b$B\x1b\xff\x01\x7f"]
)
def test_no_bytes_and_no_label_are_too_odd(label: str, data: bytes) -> None:
    assert isinstance(charsets.decode(data, label)[0], str)


# --- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?UTF-8?Q?Wo_ist_mein_P=C3=A4ckchen??=", "Wo ist mein Päckchen?"),
        ("=?UTF-8?Q?Why??= =?UTF-8?Q?_Because!?=", "Why? Because!"),
        ("=?UTF-8?Q?Why?=C3=A4?=", "Why?ä"),
        ("=?UTF-8?Q?a?b?c?=", "a?b?c"),
        ("=?UTF-8?Q?a?==?UTF-8?Q?b?=", "ab"),
        ("=?UTF-8?Q?=E4=B8?= =?UTF-8?Q?=AD?=", "中"),
        ("=?UTF-8?Q?=E4=B?= =?UTF-8?Q?8=AD?=", "中"),
        ("=?UTF-8?B?5Lit5p?= =?UTF-8?B?aH?=", "中文"),
        ("=?gb2312?B?1tA=?= =?GB2312?B?zsQ=?=", "中文"),
        ("=?UTF-8?B?5A==?= =?UTF-8?Q?=B8=AD?=", "中"),
        ("=?iso-2022-jp?B?GyRCLSEbKEI=?=", "①"),
        ("=?iso-8859-1?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("What does =?UTF-8? in my letter mean?", "What does =?UTF-8? in my letter mean?"),
        ("=?utf-8?q?open =?utf-8?q?closed?=", "=?utf-8?q?open closed"),
    ],
)
def test_encoded_words_are_read_however_they_are_cut(value: str, text: str) -> None:
    assert headers.text(value) == text


@pytest.mark.parametrize("label", ["koi8-r", ""])
def test_a_raw_header_is_in_the_charset_of_the_body(label: str) -> None:
    named = f"; charset={label}" if label else ""
    raw = (f"From: Анна <anna@example.org>\nSubject: Мой заказ\nContent-Type: text/plain{named}\n\n{RUSSIAN}\n").encode(
        "koi8-r"
    )
    mail = parse(raw)
    assert mail.subject == "Мой заказ"
    assert mail.sender
    assert mail.sender.name == "Анна"
    assert mail.text == RUSSIAN
    assert mail.content_hash == content_hash(raw)


def test_an_encoded_word_without_a_charset_is_in_that_of_the_body() -> None:
    raw = b"Subject: =?unknown-8bit?B?7M/K?= \xda\xc1\xcb\xc1\xda\nContent-Type: text/plain; charset=koi8-r\n\n\xda\xc1"
    assert parse(raw).subject == "Лой заказ"


def test_who_is_who_does_not_change_with_what_is_read_better() -> None:
    """The hash as it was before any of this: of the raw header, western where it is no UTF-8."""
    raw = "Subject: Мой заказ\nContent-Type: text/plain; charset=koi8-r\n\nx\n".encode("koi8-r")
    assert parse(raw).content_hash == "feb3ed60f7cf806eaf88c3519a3cb6c656569542a03593378dd81aa4aadaf34e"
