"""The words that tell `privacy` what a number is, in every language the kiosk speaks.

Parts of regular expressions (`AT`, `DOT`, `MONEY`, `DIGITS`, `DOUBLE`) are joined with ``|``; stems
(`CONTACT`, `REFERENCE`, `PERSONAL`) are compared with lower-case words: a *contact* stem begins the
word, the other two may stand anywhere in it, because Swedish, Norwegian, Danish, German and Finnish
join words (*ordernummer*, *kvittonumret*, *tilausnumero*).
"""

from __future__ import annotations

AT = r"at|ät|snabel-?a|snabela|krøllalfa|alfakrøll|miuku(?:mauku)?|klammeraffe|arobase|arroba|att"
DOT = r"dot|punkt|punktum|prikk|prik|piste|point|punto|tuldok"

MONEY = (
    r"kr(?:onor|oner|\.)?|sek|nok|dkk|eur(?:os?|oa)?|€|£|\$|usd|gbp|php|₱|pesos?|piso|chf|spänn|"
    r"öre|pounds?|dollars?"
)

_DIGITS = (
    "zero oh one two three four five six seven eight nine "
    "noll ett två tre fyra fem sex sju åtta nio "
    "null nul en ein to fire seks syv sju åtte otte ni "
    "nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän "
    "eins zwei drei vier fünf sechs sieben acht neun zwo "
    "zéro un deux trois quatre cinq six sept huit neuf "
    "cero uno dos tres cuatro cinco seis siete ocho nueve "
    "usa duha tulo upat lima unom pito walo siyam wala"
)
DIGITS = "|".join(sorted(set(_DIGITS.split()), key=len, reverse=True)) + r"|\d"
DOUBLE = "double|dubbel|dobbelt|tupla|doppel|double|doble"

CONTACT = (
    # call, phone, text, reach, mobile …
    *("call", "phone", "text", "reach", "mobile", "cell", "contact", "tel", "whatsapp", "sms"),
    *("ring", "kontakt", "mobil", "nås", "nå", "tlf", "fon", "messa", "melding", "besked"),
    *("soita", "soitt", "puh", "tavoit", "matkapuh", "gsm", "anruf", "ruf", "handy", "erreich"),
    *("appel", "joind", "joign", "portable", "tél", "llám", "llam", "móvil", "movil", "tawag"),
    *("selpon", "kontaka", "tekst", "rückruf", "zurückruf", "viber", "signal", "telegram"),
)
REFERENCE = (
    # order, receipt, article, barcode, invoice, parcel …
    *(
        "order",
        "ordre",
        "beställ",
        "bestill",
        "bestell",
        "tilaus",
        "command",
        "pedido",
        "bestilling",
    ),
    *("kvitt", "receipt", "bong", "bon", "kuitti", "quittung", "kassenzettel", "ticket", "recibo"),
    *("resibo", "reçu", "beleg", "artik", "article", "artícul", "item", "sku", "ean", "gtin"),
    *("barcode", "streckkod", "strekkode", "stregkode", "viivakood", "strichcode", "barres"),
    *("barras", "faktura", "invoice", "rechnung", "factura", "facture", "lasku", "model", "modell"),
    *("serie", "serial", "vare", "tuote", "produk", "product", "produit", "referen", "ref", "case"),
    *("ärende", "sak", "sag", "kolli", "spår", "tracking", "sporing", "sendung", "paket", "pakke"),
    *("package", "parcel", "paquet", "colis", "seurant", "lähetys", "kampanj", "kampanje", "koden"),
    *("code", "kode", "código", "codigo", "kassa", "kasse", "butik", "store", "coupon", "kupon"),
    *("rabatt", "voucher", "gift", "present", "gave", "lahjakort", "geschenk", "cadeau", "regalo"),
    *("medlem", "member", "kund", "kunde", "asiakas", "client", "cliente", "isbn", "charge", "lot"),
    *("batch", "parti", "numér", "número"),
)
PERSONAL = (
    *("personnummer", "personnr", "pnr", "fødselsnummer", "fodselsnummer", "fødselsnr", "cpr"),
    *("personnumm", "samordning", "ssn", "personal"),
)
