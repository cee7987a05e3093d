"""Who only wants to know how it stands: few words in five languages, and nothing else."""

from __future__ import annotations

import pytest

from pipeline.decide.news import asks_for_news
from pipeline.records.mail import Attachment
from tests.samples import mail

ASKING = [
    "Any news?",
    "Hello,\n\nis there any news on my ticket 7K3M-9QTX?\n\nThanks\nEve Miller",
    "Hi, any update on this?",
    "I’m still waiting for your reply.",
    "Still no answer?",
    "What is the status of my complaint?",
    "Could you please give me an update?",
    "Dear support team,\nwhen can I expect an answer?\nBest regards,\nEve",
    "Dear Ms Smith, any news?",
    "Gibt es schon etwas Neues?",
    "Guten Tag,\nwie ist der aktuelle Stand?\nMit freundlichen Grüßen\nHans Meier",
    "Ich warte immer noch auf eine Antwort.",
    "Sehr geehrter Herr Maier, gibt es Neuigkeiten?",
    "Bonjour, avez-vous des nouvelles ?\nMerci d'avance",
    "Où en est mon dossier ?",
    "Hola, ¿hay alguna novedad?",
    "Sigo esperando una respuesta. Gracias",
    "Hei, onko asiassa mitään uutta?",
    "Mikä on tilanne?\nTerveisin\nMatti",
]
NOT_ASKING = [
    "",
    "Hello",
    "Eve",
    "Thanks, solved.",
    "I have bad news",
    "Any news? The parcel is broken too.",
    "Any news? Cancel it.",
    "Any news? Please cancel it.",
    "Any news? Otherwise I will go to court.",
    "Any news? My number is 0401234567",
    "Is there any news about the refund? I want my money back.",
    "No news from you means I cancel",
    "Gibt es etwas Neues? Die Adresse hat sich geändert.",
    "Avez-vous des nouvelles ? Le colis est arrivé cassé.",
    "¿Hay novedades? Quiero devolverlo.",
    "Onko uutta? Paketti hajosi matkalla.",
    "Any news? " * 20,
]


@pytest.mark.parametrize("text", ASKING)
def test_somebody_asks_for_news_and_nothing_else(text: str) -> None:
    assert asks_for_news(mail(text=text))


@pytest.mark.parametrize("text", NOT_ASKING)
def test_whatever_says_more_or_something_else_is_for_a_person(text: str) -> None:
    assert not asks_for_news(mail(text=text))


def test_a_file_says_more() -> None:
    attachment = Attachment(name="proof.jpg", content_type="image/jpeg", size=1000)
    assert not asks_for_news(mail(text="Any news?", attachments=(attachment,)))
