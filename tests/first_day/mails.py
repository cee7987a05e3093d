"""Sixty-four mails to a shop, Monday to Wednesday: what was written, when, what a careful person makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a careful person would make of a mail."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    OTHER = "other"  # a person writes, about none of these
    FOLLOW_UP = "follow-up"  # in a thread that has been answered
    ROBOT = "robot"  # nobody to write to


@dataclass(frozen=True, kw_only=True)
class DayMail:
    """A mail of the day. `at`: day (0 is Monday), hour, minute, as it is on the wall of the office."""

    at: tuple[int, int, int]
    name: str
    kind: Kind
    subject: str
    text: str
    language: str = "en"
    topic: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    answers: str = ""  # name of a mail: this one replies to our letter to it

    @property
    def address(self) -> str:
        """The writer's."""
        return f"{self.name}@example.org"


def _mail(at: str, name: str, kind: Kind, subject: str, text: str, language: str = "en", **more: str) -> DayMail:
    day, hour, minute = (int(part) for part in at.replace(":", " ").split())
    return DayMail(at=(day, hour, minute), name=name, kind=kind, subject=subject, text=text, language=language, **more)


def _robot(at: str, name: str, subject: str, text: str, **headers: str) -> DayMail:
    mail = _mail(at, name, Kind.ROBOT, subject, text)
    mail.headers.update({key.replace("_", "-"): value for key, value in headers.items()})
    return mail


_Q, _C, _P, _O, _F = Kind.QUESTION, Kind.COMPLAINT, Kind.PRAISE, Kind.OTHER, Kind.FOLLOW_UP

QUESTIONS = (
    _mail(
        "0 8:03",
        "agnes",
        _Q,
        "Where is my parcel?",
        "Good morning, I ordered a lamp last Tuesday and it has not "
        "arrived yet. Could you tell me where my parcel is? Regards, Agnes Hill",
        topic="delivery",
    ),
    _mail(
        "0 8:11",
        "bernd",
        _Q,
        "Lieferung nach Österreich",
        "Guten Tag, liefern Sie auch nach Österreich, und wie "
        "lange dauert der Versand dorthin? Mit freundlichen Grüßen, Bernd Maier",
        "de",
        topic="delivery",
    ),
    _mail(
        "0 8:20",
        "claire",
        _Q,
        "Mot de passe oublié",
        "Bonjour, j'ai oublié mon mot de passe et le lien pour le "
        "réinitialiser ne m'arrive pas. Que puis-je faire ? Merci, Claire Morel",
        "fr",
        topic="account",
    ),
    _mail(
        "0 8:32",
        "diego",
        _Q,
        "Factura",
        "Buenos días, necesito una copia de la factura de mi último pedido con el "
        "NIF de mi empresa. Gracias, Diego Ruiz",
        "es",
        topic="billing",
    ),
    _mail(
        "0 8:47",
        "eino",
        _Q,
        "Palautus",
        "Hei, miten voin palauttaa kengät, jotka ovat liian pienet? Tarvitsenko "
        "palautuslomakkeen? Terveisin Eino Laine",
        "fi",
        topic="return",
    ),
    _mail(
        "0 9:05",
        "fiona",
        _Q,
        "Change of address",
        "Hello, I have moved. Please change the address in my customer account to 4 Mill Lane. Thank you, Fiona Reed",
        topic="account",
    ),
    _mail(
        "0 9:31",
        "georg",
        _Q,
        "Ersatzteil",
        "Guten Tag, passt die Glaskanne auch zur Kaffeemaschine von 2019? Welche Größe brauche ich? Georg Wolf",
        "de",
        topic="product",
    ),
    _mail(
        "0 10:02",
        "hanna",
        _Q,
        "Cancel my order",
        "Hi, I ordered a kettle this morning by mistake. Please cancel my order before it is sent. Hanna Cole",
        topic="order",
    ),
    _mail(
        "0 10:40",
        "ines",
        _Q,
        "Medios de pago",
        "Hola, ¿puedo pagar con tarjeta o por transferencia? ¿Aceptan PayPal? Un saludo, Inés Vega",
        "es",
        topic="payment",
    ),
    _mail(
        "0 11:15",
        "jukka",
        _Q,
        "Sopimuksen irtisanominen",
        "Hei, haluan irtisanoa lehtitilaukseni kuun loppuun. Vahvistattehan irtisanomisen. Jukka Salo",
        "fi",
        topic="cancellation",
    ),
    _mail(
        "0 12:25", "karl", _Q, "Opening hours", "Hello, are you open on Saturdays, and until when? Karl", topic="other"
    ),
    _mail(
        "0 13:40",
        "lea",
        _Q,
        "Question sur ma commande",
        "Bonjour, j'ai commandé hier deux chaises. Puis-je encore en ajouter une troisième à ma commande ? Léa Petit",
        "fr",
        topic="order",
    ),
    _mail(
        "0 15:10",
        "mona",
        _Q,
        "Invoice with VAT number",
        "Dear team, could you send me the invoice of order 4411 "
        "again, with our VAT number on it? Mona Hart, accounting",
        topic="billing",
    ),
    _mail(
        "0 19:45",
        "nils",
        _Q,
        "Wann kommt mein Geld?",
        "Guten Abend, ich habe am Freitag zurückgeschickt. Wann wird der Betrag erstattet? Nils Brandt",
        "de",
        topic="refund",
    ),
    _mail(
        "1 6:50",
        "olga",
        _Q,
        "App does not start",
        "Hi, since the update your app closes as soon as I open it, on Android 15. What can I do? Olga",
        topic="technical",
    ),
    _mail(
        "1 9:20",
        "petra",
        _Q,
        "Reklamation?",
        "Hej, var är mitt paket? Jag beställde förra veckan. Petra",
        "sv",
        topic="delivery",
    ),
    _mail(
        "1 10:05",
        "quirin",
        _Q,
        "Widerruf",
        "Guten Tag, ich widerrufe meinen Kauf vom 12. November. Bitte "
        "schicken Sie mir ein Rücksendeetikett. Quirin Haas",
        "de",
        topic="return",
    ),
)

COMPLAINTS = (
    _mail(
        "0 8:08",
        "rachel",
        _C,
        "Arrived broken",
        "The vase arrived in pieces, again. This is the second time that "
        "you send it badly packed. I am very disappointed and want my money back. Rachel Stone",
        topic="delivery",
    ),
    _mail(
        "0 8:41",
        "stefan",
        _C,
        "Falsche Ware",
        "Ich habe eine blaue Jacke bestellt und eine rote bekommen, dazu "
        "noch in der falschen Größe. Das ist ärgerlich! Ich erwarte sofort Ersatz. Stefan Kurz",
        "de",
        topic="order",
    ),
    _mail(
        "0 9:12",
        "therese",
        _C,
        "Livraison",
        "C'est la troisième fois que le livreur ne sonne pas et repart avec "
        "mon colis. C'est inadmissible, je suis furieuse. Thérèse Blanc",
        "fr",
        topic="delivery",
    ),
    _mail(
        "0 9:55",
        "ursula",
        _C,
        "Charged twice",
        "You have taken 89 euros from my card twice for one order. That is "
        "unacceptable. Give me back my money at once! Ursula King",
        topic="payment",
    ),
    _mail(
        "0 10:20",
        "victor",
        _C,
        "Reembolso",
        "Hace cinco semanas que devolví el abrigo y todavía no me han devuelto "
        "el dinero. Es una vergüenza. Exijo una respuesta hoy. Víctor Gil",
        "es",
        topic="refund",
    ),
    _mail(
        "0 10:58",
        "wilma",
        _C,
        "Huonoa palvelua",
        "Olen todella pettynyt. Paketti on myöhässä kaksi viikkoa eikä "
        "kukaan vastaa. Näin huonoa palvelua en ole koskaan saanut. Wilma Koski",
        "fi",
        topic="delivery",
    ),
    _mail(
        "0 11:30",
        "xaver",
        _C,
        "Express",
        "I paid extra for express delivery and today is day nine. Nobody tells me anything. This is a joke. Xaver Lang",
        topic="delivery",
    ),
    _mail(
        "0 12:05",
        "yvonne",
        _C,
        "Your colleague on the telephone",
        "Your colleague was rude and hung up on me while "
        "I was still speaking. I have never been treated like this. I want an apology. Yvonne Marsh",
        topic="other",
    ),
    _mail(
        "0 14:12",
        "zoe",
        _C,
        "Well done",
        "Bravo, really. Four weeks for a book, and then the wrong one. I could "
        "not have ruined a birthday better myself. Zoe Finch",
        topic="delivery",
    ),
    _mail(
        "0 16:20",
        "anton",
        _C,
        "Drei Mängel",
        "Guten Tag, an der gelieferten Kommode fehlen zwei Griffe, eine "
        "Schublade klemmt, und die Platte ist zerkratzt. Ich bitte um Ersatz. Anton Vogel",
        "de",
        topic="product",
    ),
    _mail(
        "0 20:15",
        "birgit",
        _C,
        "Faktura",
        "Jag är mycket missnöjd. Ni har skickat en påminnelse på en faktura som "
        "jag har betalat för länge sedan. Det här är oacceptabelt. Birgit Lund",
        "sv",
        topic="billing",
    ),
    _mail(
        "0 21:02",
        "carla",
        _C,
        "Pacco rotto",
        "Buonasera, il pacco è arrivato rotto e nessuno risponde al telefono. "
        "Sono molto delusa, voglio il rimborso. Carla Neri",
        "it",
        topic="delivery",
    ),
    _mail(
        "1 8:15",
        "dirk",
        _C,
        "Klacht",
        "Ik wacht al drie weken op mijn bestelling en niemand reageert. Dit is "
        "echt schandalig. Ik wil mijn geld terug. Dirk Visser",
        "nl",
        topic="delivery",
    ),
    _mail(
        "1 8:59",
        "ewa",
        _C,
        "Reklamacja",
        "Zamówiony czajnik przyszedł uszkodzony, a państwa infolinia nie odbiera. "
        "Jestem bardzo niezadowolona. Ewa Nowak",
        "pl",
        topic="product",
    ),
    _mail(
        "1 11:48",
        "frank",
        _C,
        "Thank you, but",
        "Thank you for the quick answer last week. Sadly the replacement "
        "is broken as well, the switch does not work, and I am getting tired of sending things back. Frank Odell",
        topic="product",
    ),
    _mail(
        "1 14:30",
        "gesa",
        _C,
        "Kündigung ignoriert",
        "Ich habe vor zwei Monaten gekündigt und Sie buchen weiter "
        "ab. Das ist Betrug! Ich fordere mein Geld zurück. Gesa Timm",
        "de",
        topic="cancellation",
    ),
    _mail(
        "2 9:10",
        "henri",
        _C,
        "Facture fausse",
        "Votre facture est fausse pour la troisième fois. C'est inacceptable, corrigez-la immédiatement. Henri Faure",
        "fr",
        topic="billing",
    ),
)

OTHERS = (
    _mail(
        "0 9:01",
        "isla",
        _P,
        "Thank you!",
        "I just wanted to say how happy I am with the chair. Wonderful service, thank you so much! Isla",
        topic="praise",
    ),
    _mail(
        "0 13:05",
        "jan",
        _P,
        "Danke",
        "Vielen Dank für die schnelle Hilfe, alles ist bestens angekommen. Sie sind großartig! Jan",
        "de",
        topic="praise",
    ),
    _mail(
        "1 12:40",
        "kaisa",
        _P,
        "Kiitos",
        "Kiitos paljon, paketti tuli ajoissa ja kaikki oli hienosti pakattu. Olen erittäin tyytyväinen! Kaisa",
        "fi",
        topic="praise",
    ),
    _mail(
        "1 13:15",
        "luis",
        _O,
        "Solicitud de empleo",
        "Estimados señores, me gustaría trabajar en su almacén. Adjunto les envío mi currículum. Luis Mora",
        "es",
    ),
    _mail(
        "1 15:02",
        "maud",
        _O,
        "Press enquiry",
        "Hello, I am writing an article about returns in online shops. Whom "
        "may I call for two questions? Maud Bell, The Courier",
    ),
    _mail(
        "1 16:30",
        "norah",
        _O,
        "My data",
        "Under article 17 of the GDPR I ask you to erase all personal data that "
        "you hold about me, and to confirm it. Norah Quinn",
    ),
    _mail(
        "1 17:20",
        "oskar",
        _O,
        "Anwalt",
        "Wenn bis Freitag nichts geschieht, übergebe ich die Sache meinem Anwalt. Oskar Behr",
        "de",
    ),
    _mail(
        "2 8:40",
        "paul",
        _O,
        "Sorry",
        "I am sorry, I was rude yesterday on the telephone. Your colleague had done everything right. Paul",
    ),
    _mail("2 10:25", "quentin", _O, "", "Où ?", "fr"),
    _mail(
        "2 11:11",
        "rosa",
        _O,
        "Offer for cardboard",
        "Dear purchasing team, we produce cardboard boxes and would like to offer you our price list. Rosa Paper Mills",
    ),
)

THREADS = (
    _mail(
        "0 10:30",
        "agnes",
        _F,
        "Re: Where is my parcel?",
        "Thank you for the quick answer. The tracking number is JD014600. Agnes",
        answers="agnes",
    ),
    _mail("1 9:40", "rachel", _F, "Re: Arrived broken", "Any news?", answers="rachel"),
    _mail(
        "1 10:15",
        "mona",
        _F,
        "Re: Invoice with VAT number",
        "I forgot the number: it is FI12345678. Mona",
        answers="mona",
    ),
    _mail(
        "2 12:00",
        "ursula",
        _F,
        "Re: Charged twice",
        "It is Wednesday and I still have not heard from you. Ursula",
        answers="ursula",
    ),
)

ROBOTS = (
    _robot(
        "0 8:15",
        "out",
        "Automatic reply: your letter",
        "I am out of the office until Thursday.",
        Auto_Submitted="auto-replied",
    ),
    _robot(
        "0 8:50",
        "leave",
        "Out of office: Re: Offer",
        "I am on leave until 4 December. Please contact my colleague.",
        X_Autoreply="yes",
    ),
    _robot(
        "0 9:25",
        "news",
        "Our November offers",
        "Twenty per cent off all cushions this week only.",
        List_Unsubscribe="<https://news.example.net/off>",
        List_Id="<offers.example.net>",
    ),
    _robot(
        "0 11:00",
        "no-reply",
        "Receipt for your payment",
        "We have received your payment of 12 euros.",
        Auto_Submitted="auto-generated",
    ),
    _robot(
        "0 14:50",
        "helpdesk",
        "[Request received] Re: question",
        "Your request has been received and is being reviewed by our support staff.",
        Auto_Submitted="auto-replied",
        X_Auto_Response_Suppress="All",
    ),
    _robot("0 22:10", "bulk", "Newsletter", "The newest from our gardens.", Precedence="bulk"),
    _robot(
        "1 7:30",
        "list",
        "[users] Re: build fails",
        "It works for me.",
        List_Id="<users.lists.example.net>",
        Precedence="list",
    ),
    _robot("1 18:00", "robot", "Nightly job done", "0 errors.", Auto_Submitted="auto-generated"),
)

ODD = (
    _mail("1 9:00", "sam", _O, "(no subject)", ""),
    _mail("1 11:05", "tilda", _O, "scan", "Sent from my iPhone"),
    _mail(
        "1 20:30",
        "uma",
        _Q,
        "größe",
        "passt das kleid auch bei 1,58 m oder lieber eine nummer kleiner? lg uma",
        "de",
        topic="product",
    ),
    _mail(
        "1 22:45",
        "vera",
        _Q,
        "payment",
        "hi my card was declined but the money is gone?? how do i pay now",
        topic="payment",
    ),
    _mail("2 7:05", "wes", _Q, "login", "cant log in since sunday, says account locked. help pls", topic="account"),
    _mail(
        "2 9:45",
        "xenia",
        _Q,
        "Retour",
        "Bonjour, je voudrais échanger la robe contre une taille plus grande. Comment faire ? Xenia",
        "fr",
        topic="return",
    ),
    _mail(
        "2 13:30",
        "yrjo",
        _Q,
        "Lasku",
        "Hei, laskussa on väärä viitenumero. Voitteko lähettää uuden laskun? Yrjö Aho",
        "fi",
        topic="billing",
    ),
    _mail(
        "2 15:15",
        "zdenek",
        _Q,
        "Size chart",
        "Hello, where do I find the size chart for children's boots? Zdenek",
        topic="product",
    ),
)

MAILS = tuple(sorted((*QUESTIONS, *COMPLAINTS, *OTHERS, *THREADS, *ROBOTS, *ODD), key=lambda mail: mail.at))
