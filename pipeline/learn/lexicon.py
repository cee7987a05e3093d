"""What people write to shops and services about, in words of five languages.

A model that has seen many English mails and few Finnish ones should know that `lasku` is an invoice. Each line is one
idea; its stems come from everyday vocabulary. A stem matches the beginning of a word, one with `$` the whole word.
The ideas become columns of the features beside the words themselves; what they mean for a topic is learnt from the
labelled mail, so in a house with other topics they do no harm.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

# idea: English | German | French | Spanish | Finnish; indented lines go on
_IDEAS = """
invoice: invoice bill$ bills$ billed billing receipt | rechnung beleg quittung | factur reçu$ recu$ | factura recibo
    | lasku kuiti kuitt
tax: vat$ tax$ taxes$ | mwst ust$ mehrwertsteuer umsatzsteuer steuer | tva$ taxe hors$ | iva$ impuesto nif$ cif$ |
    alv$ vero$ verot ytunnus
dunning: reminder overdue dunning collection collectors | mahnung mahn inkasso mahngebühr | relance impayé impaye
    recouvrement huissier | impago morosidad recordatorio requerimiento | maksumuistutus muistutus perintä perinnä
    karhu
charge: charge charged charges debit debited deducted | abgebucht abbuchung belastet berechnet lastschrift
    eingezogen | débit prélev prelev facturé | cobrado cobro cobrar cargo$ cargos$ adeudo cobran cobrasteis cobráis
    | veloit veloitt laskutett laskuta
price: price prices priced cost costs expensive cheap | preis kostet kosten teuer günstig | prix coût cout tarif
    cher chère | precio cuesta coste tarifa caro$ cara$ | hinta hinna hint maksaako kallis kalliimpi halpa halvem
pay: pay paid paying payment payments checkout | zahl bezahl bezahlt zahlung gezahlt | pay paie paiement règl regl |
    pag pagar pago pagos pagado pagué | maks$ maksu maksaa maksan maksoin maksaminen maksett
card: card cards visa mastercard amex credit | karte karten kreditkarte | carte cartes bancaire cb$ | tarjeta
    tarjetas | kortti kortin korttia kortilla luottokort pankkikort
declined: declined refused rejected decline fails failed | abgelehnt abgewiesen verweigert fehlgeschlagen | refus
    refusé refuse rejet échoué echoue | rechaza rechaz denegad denieg | hylkä hylä hylkäsi epäonnist
transfer: transfer transferred wire iban bank banking sepa | überweis überwies konto$ iban bank vorkasse | virement
    rib$ banque iban | transferencia banco iban ingreso | tilisiirto siirsin pankki pankin tilille viitenumer
    viitteellä
instalment: instalment installment klarna instalments installments | rate$ raten ratenzahlung teilzahlung klarna |
    mensualit échéance fois$ | plazo plazos cuotas fraccion | erä erissä osamaksu klarna
wallet: paypal applepay googlepay apple wallet | paypal | paypal lydia | paypal bizum | paypal mobilepay siirto$
voucher: voucher coupon gift code discount promo | gutschein rabatt rabattcode gutscheincode code | bon$ cadeau
    réduc reduc promo remise chèque | vale$ descuento cupón cupon regalo código | lahjakort alenn koodi alekood
    etukood
twice: twice double doubly duplicate | doppelt zweimal | deux double doublon | doble duplicad dos | kahdesti kahteen
    tuplana kaksi
refund: refund refunded reimburse reimbursed reimbursement | erstatt rückerstatt zurückerstatt gutschrift
    rückzahlung | rembours avoir$ | reembols abono reintegr | hyvity palautus rahat rahani palautett hyvitt
money: money euro euros pounds dollars | geld euro | argent euros sous | dinero euros pasta | rahaa rahat raha euro
    euroa
return: return returned returning returns sendback | retour rücksend zurückschick rücksendung zurücksend umtausch
    retoure zurückgeb rückgabe | retour renvoyer renvoi retourner échange echange renvoie | devol devuelv cambio$
    cambiar cambiarl | palaut vaihto vaihtaa vaihdan vaihtoon
label: label labels slip | etikett retourenschein retourenlabel paketschein | étiquette etiquette bordereau |
    etiqueta | palautuslap osoitelap lappu lapun pakettitarra
faulty: faulty broken defective broke crack cracked scratched torn wobbly leaks | kaputt defekt gebrochen riss
    zerbrochen zerkratzt mangel kaputtes | cassé casse défectueu fêlé abîmé déchir panne rayé | roto rota rotos
    defectuos rajad estropead romp | rikki rikkin viallin viallis särky hajo haljen naarmu
wrong: wrong incorrect mistake instead mixed | falsch falsche falschen statt verwechselt irrtum | mauvais erreur
    faux lieu$ trompé | equivocad erróne incorrect error | väärä väärän vääri virhe virheel sijaan
fit: fit fits size sizes small large tight bigger smaller | größe passt klein groß eng | taille petit grand serré |
    talla pequeñ grande queda | koko kokoa koon pieni liian iso$ isomp
parcel: parcel package packet parcels packages shipment | paket päckchen sendung | colis paquet | paquete envío
    envio | paketti paketin lähety lähetys
deliver: deliver delivered delivery deliveries shipping shipped dispatch dispatched arrive arrived | liefer
    geliefert lieferung zugestellt zustell versand verschickt versendet angekommen ankommt | livr livraison livré
    expédi exped arriv réception | entreg entrega llega llegad llegar enviad reparto reparti | toimit saapu perille
    tulossa
courier: courier driver dhl ups$ hermes dpd fedex postman carrier post | bote zusteller fahrer dhl dpd hermes post$
    paketbote | livreur chronopost colissimo facteur poste transporteur relais | repartidor seur correos mrw$
    mensajer transportista | posti postin kuski kuljettaja kuriiri matkahuolto pakettiautomaat noutopiste
tracking: tracking track tracked status | sendungsverfolg tracking sendungsnummer status | suivi suivre |
    seguimiento rastre localizador | seuranta seurannan seurantakoodi
neighbour: neighbour neighbor neighbours doorstep porch hallway | nachbar haustür hausflur briefkasten | voisin
    boîte palier paillasson | vecin portal$ buzón buzon rellano portería | naapuri ovelle rappu oven kuisti
late: late delay delayed still waiting overdue yet | verspät immer warte wartet noch überfällig | retard attends
    toujours encore attend | retraso tarde esper todavía sigo aún | myöhä viiväst odott odotan vieläkään vieläkin
    edelleen
customs: customs abroad international overseas duty | zoll ausland | douane étranger dédouan | aduana extranjero
    canarias | tulli ulkomai
lost: lost missing vanished disappeared | verloren verschwunden verschollen fehlt | perdu disparu manque | perdid
    desaparec extraviad falta | kadonn kadoks hukas hukku puuttu
address: address street flat postcode house | adresse straße hausnummer plz$ | adresse rue appartement | dirección
    direccion calle piso$ portal | osoite osoitte katu
order: order ordered orders ordering basket cart purchase | bestell bestellung auftrag warenkorb | command commande
    panier achat | pedido pedidos encarg comprado compra carrito | tilaus tilauks tilasin tilata ostoskor ostos
change: change amend add swap alter modify | ändern änder umändern hinzufüg ergänz tausch | modif chang ajout
    remplac | cambi modific añad | muuta vaihda muokata lisätä lisää
confirm: confirm confirmation confirmed | bestätig auftragsbestätigung | confirm confirmation | confirm confirmación
    | vahvist tilausvahvist
reserve: reserve reserved booking booked reservation hold | reservier gebucht buchung | réserv reserv | reserv |
    varaus varat varasin varattu
login: log login logged sign signin locked username | einlogg anmeld login passwort ausgeloggt gesperrt benutzername
    | connect connexion identifiant bloqué session | sesión sesion entrar acceder usuario bloquead | kirjaut kirjau
    tunnus tunnuks lukittu käyttäj
password: password passwords passcode pin$ | passwort kennwort pin$ | passe mdp$ | contraseña clave password |
    salasana salasan
twofactor: authenticator authentication verification 2fa sms code codes | authentifizierung bestätigungscode 2fa sms
    | authentif vérification sms | verificación autentic sms | kaksivaihei tunnistau vahvistuskood tekstiviest
account: account profile accounts | konto$ kundenkonto profil benutzerkonto | compte profil | cuenta perfil | tili$
    tilin tilini tiliä profiili käyttäjätil asiakastil
email: email mail mails inbox | mail mails mailadresse | mail courriel email adresse | correo mail email |
    sähköposti sähköpostio meili maili
newsletter: newsletter unsubscribe subscribed mailing marketing adverts | newsletter abmelden abbestell werbung |
    newsletter désinscri publicit désabonn | boletín newsletter publicidad bajas | uutiskirje mainos mainost
privacy: gdpr data privacy erase delete deletion personal | dsgvo daten löschen datenschutz gelöscht | rgpd données
    supprim cnil effac | rgpd datos borrar eliminar lopd$ protección | gdpr tietosuoj poistaa poistakaa tietoni
    henkilötie tiedot
app: app apps application android iphone ios$ | app android iphone | appli application android iphone | app
    aplicación móvil android iphone | sovellu appi äppi android iphone puhelim
website: website site page browser web chrome firefox safari link | webseite seite website browser link homepage |
    site page navigateur lien web | web página pagina navegador enlace | sivu sivusto verkkosivu selain nettisivu
    linkki
error: error bug crash crashes crashed freezes glitch blank hangs | fehler fehlermeldung absturz stürzt abstürz
    hängt bug | erreur bug plante plantage bloque fige | error fallo falla bloquea cuelga | virhe virheilm kaatu
    jumitt jumissa bugi
install: install installed update updated upgrade firmware version setup driver | installier update aktualisier
    version firmware einricht | install jour$ version firmware | instal actualiz versión firmware | asenn päivit
    versio
connect: wifi bluetooth router connect connection network pair usb cable sync | wlan bluetooth router verbind
    verbindung netz koppeln usb | wifi bluetooth box$ connexion appair réseau usb | wifi bluetooth router conect
    conexión emparej usb | wifi bluetooth reititin yhdist yhteys verkko usb wlan
button: button click press screen display menu | knopf taste klick bildschirm display menü | bouton clique écran
    appuie menu | botón pulso pantalla clic menú | nappi painan painike näyttö ruutu
stock: stock available availability restock sold back | lager verfügbar vorrätig lieferbar ausverkauft | stock
    disponible dispo rupture | stock disponib agotad existencias | varasto saatav loppu saada
material: material made cotton wool leather plastic wood steel | material baumwolle wolle leder holz kunststoff |
    matière matériau coton laine cuir bois | material algodón lana cuero madera hecho | materiaali puuvilla villa
    nahka muovi puu$ terä
measure: cm$ mm$ kg$ litre litres watt height width weight dimensions long wide deep | maße höhe breite gewicht tief
    liter watt | dimensions hauteur largeur poids litres | medidas alto ancho peso litros mide | mitat korkeus
    leveys paino litra
warranty: warranty guarantee | garantie gewährleistung | garantie | garantía garantia | takuu takuun
compatible: compatible suitable works fits suit | kompatibel geeignet passend eignet | compatible convient adapt |
    compatible sirve vale$ compatib | yhteensop sopiiko sopivat käykö
ingredient: allergy vegan gluten ingredients nuts contain safe | allergie vegan gluten zutaten enthält nüsse |
    allerg vegan gluten ingrédients contient | alerg vegan gluten ingredientes contiene | allerg vegaani gluteen
    ainesos sisältää
cancel: cancel cancelled canceled cancelling cancellation terminate scrap withdraw | kündig stornier storno widerruf
    kündigung gekündigt | annul résili resili annulation rétract | cancel anul baja$ rescind | peru perua perun
    peruut irtisano irtisanom lopettaa
subscription: subscription subscribe membership member plan renew renewed renewal trial monthly contract | abo$
    abonnement mitgliedschaft vertrag verlänger probeabo monatlich | abonnement abonné contrat renouvel essai |
    suscri abono contrato renov cuota mensual | tilaukseni jäseny sopimus kestotil kuukausimaks uusiutu kokeilu
notice: notice period deadline expire | kündigungsfrist frist | préavis délai échéance | preaviso plazo |
    irtisanomisaik määräaik
thanks: thank thanks thankyou cheers grateful | danke dank vielen bedank | merci remerci | gracias agradec | kiitos
    kiitän kiitoks kiitti
love: love lovely great brilliant wonderful perfect fantastic excellent amazing delighted happy best superb | toll
    super wunderbar perfekt großartig begeistert klasse spitze liebe lob | super génial parfait magnifique ravi
    bravo excellent adore | genial perfect maravill encanta excelente estupend enhorabuena fenomenal | ihana mahtav
    loistav upea täydelli erinoma huippu kehu rakast
staff: staff lady colleague team friendly helpful kind patient chap | mitarbeiter kollegin team freundlich
    hilfsbereit nett | équipe collègue gentil aimable conseill | equipo amable chica atención compañer | henkilökunt
    myyjä ystävälli tiimi avulias asiakaspalvelija
angry: ridiculous unacceptable disgrace joke shameful furious worst terrible awful rubbish scam | unverschämt
    frechheit unmöglich lächerlich witz schlecht katastrophe sauerei | honte inadmissible scandale ridicule nul$
    inacceptable arnaque | vergüenza inadmisible tomadura indignante estafa peor | törke häpeä naurettav käsittämät
    huono surkea huijaus pettyny
again: again third fourth times weeks months already nobody never | wieder drittes wochen monaten schon niemand
    mehrmals | encore fois semaines mois personne jamais déjà | vez semanas meses nadie nunca ya$ | taas kolmas
    viikkoa kuukautta kukaan koskaan jälleen
job: job jobs vacancy apply apprenticeship internship cv$ hiring position | stelle bewerbung praktikum ausbildung
    lebenslauf job | emploi stage candidature cv$ poste$ alternance | trabajo empleo prácticas currículum vacante
    candidatura | työpaik hakemus harjoittel kesätyö avoin cv$ töihin
press: journalist article interview press blog magazine radio newspaper podcast | journalist artikel interview
    presse zeitung magazin podcast | journaliste article interview presse magazine radio | periodista artículo
    entrevista prensa revista radio podcast | toimittaja lehti artikkeli haastatt juttu radio podcast
partner: partnership cooperation sponsor supplier wholesale offer collaboration seo$ influencer | kooperation
    sponsor partner lieferant angebot zusammenarbeit händler | partenariat collaboration fournisseur sponsor offre |
    colaboración patrocin proveedor propuesta distribuidor | yhteistyö sponsor tarjous jälleenmyy toimittajaksi
shop: shop store opening hours branch parking open closed sunday | laden filiale geöffnet öffnungszeiten geschäft
    parkplatz | magasin boutique ouvert horaires parking | tienda abierto horario abrís aparcamiento local | myymälä
    kauppa auki aukiolo liike parkki
found: found left forgot umbrella scarf glasses jacket | fundbüro liegengelassen vergessen schirm schal brille |
    oublié perdu trouvé parapluie écharpe lunettes | olvid perdido encontrado paraguas gafas bufanda | unohd löyty
    sateenvarjo huivi lasit jätin
group: school class charity club university students donation raffle | schule verein spende klasse tombola
    universität | école association classe don$ tombola | colegio asociación donación alumnos universidad | koulu
    luokka yhdistys lahjoit opiskelij arpajais
"""


def _stems() -> dict[str, tuple[str, ...]]:
    """stem → ideas."""
    table: dict[str, tuple[str, ...]] = {}
    for line in _IDEAS.replace("\n    ", " ").strip().splitlines():
        idea, _, words = line.partition(":")
        for stem in words.replace("|", " ").split():
            table[stem] = tuple(dict.fromkeys((*table.get(stem, ()), idea)))
    return table


_STEMS = _stems()
_LENGTHS = sorted({len(stem) for stem in _STEMS})
_WORD = re.compile(r"[^\W_]+")


def ideas_in(text: str) -> list[str]:
    """The ideas that the words of a text bring up, one entry for each word that does."""
    return list(chain.from_iterable(map(ideas_of, _WORD.findall(text.lower()))))


@lru_cache(maxsize=10_000)
def ideas_of(word: str) -> tuple[str, ...]:
    """The ideas of one lower-case word."""
    found = dict.fromkeys(_STEMS.get(word + "$", ()))
    for length in _LENGTHS:
        if length <= len(word):
            found.update(dict.fromkeys(_STEMS.get(word[:length], ())))
    return tuple(found)
