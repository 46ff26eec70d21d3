"""The words that tell `privacy` what a number is, in every language the kiosk speaks.

Parts of regular expressions (`AT`, `DOT`, `MONEY`, `DIGITS`, `DOUBLE`) are joined with ``|``; the
others are compared with lower-case words. A `CONTACT` stem begins the word; a `REFERENCE` or
`PERSONAL` stem may stand anywhere in it, because Swedish, Norwegian, Danish, German and Finnish
join words (*ordernummer*, *kvittonumret*, *tilausnumero*); `REFERENCE_WORDS` and `MINE` are whole
words, too short to be looked for inside others.
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
    "null nul en ein et to fire seks syv sju åtte otte ni "
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
MINE = frozenset(
    [
        "my",
        "mitt",
        "min",
        "mit",
        "meine",
        "mein",
        "mon",
        "ma",
        "mi",
        "akong",
        "nummeret",
        "numeroni",
    ]
)
REFERENCE = (
    # order, receipt, article, barcode, invoice, parcel …
    *("order", "ordre", "beställ", "bestill", "bestell", "tilaus", "command", "pedido", "kvitt"),
    *("receipt", "kuitti", "quittung", "kassenbon", "kassenzettel", "ticket", "recibo", "resibo"),
    *("reçu", "beleg", "artik", "article", "artícul", "barcode", "streckkod", "strekkode"),
    *("stregkode", "viivakood", "strichcode", "barres", "barras", "faktura", "invoice", "rechnung"),
    *("factur", "lasku", "model", "modèl", "serie", "serial", "tuote", "produk", "product"),
    *("produit", "referen", "référen", "ärende", "kolli", "spårning", "tracking", "sporing"),
    *("sendung", "paket", "paquet", "pakke", "package", "parcel", "colis", "seurant", "lähetys"),
    *("kampanj", "código", "codigo", "coupon", "kupon", "rabatt", "voucher", "presentkort"),
    *("gavekort", "lahjakort", "geschenk", "cadeau", "regalo", "medlem", "member", "kundnum"),
    *("kunden", "asiakas", "client", "charge-nr"),
)
REFERENCE_WORDS = frozenset(
    {
        *("ref", "bon", "bong", "item", "items", "sku", "ean", "gtin", "isbn", "case", "code"),
        *("kode", "koden", "vare", "varenr", "varenummer", "sak", "saksnr", "sag", "sagsnr"),
        *("lot", "batch", "parti", "gift"),
    }
)
PERSONAL = ("personn", "pnr", "fødselsn", "fodselsn", "cpr", "samordning", "ssn")
