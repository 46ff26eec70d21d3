"""The words that tell `privacy` what a number is, in every language the kiosk speaks.

Parts of regular expressions (`AT`, `MONEY`, `DIGITS` and other texts) are joined with ``|``; the
others are compared with lower-case words. A `CONTACT` stem begins the word; a `REFERENCE` or
`PERSONAL` stem may stand anywhere in it, because Swedish, Norwegian, Danish, German and Finnish
join words (*ordernummer*, *kvittonumret*, *tilausnumero*); `REFERENCE_WORDS` and `MINE` are whole
words, too short to be looked for inside others.
"""

from __future__ import annotations

AT = r"at|ät|snabel-?a|snabela|krøllalfa|alfakrøll|miuku(?:mauku)?|klammeraffe|arobase|arroba|att"
DOT = r"dot|punkt|punktum|prikk|prik|piste|point|punto|tuldok"

# Words that mean @ and nothing else, so that they need no dot after them.
AT_ALONE = r"snabel-?a|snabela|krøllalfa|alfakrøll|miukumauku|klammeraffe|arobase|arroba"
PROVIDERS = "gmail|googlemail|hotmail|outlook|yahoo|icloud|telia|gmx|luukku|wanadoo|laposte"
ENDINGS = "se|no|dk|fi|de|fr|es|ph|uk|eu"

MONEY = (
    r"kr(?:onor|oner|\.)?|sek|nok|dkk|eur(?:os?|oa)?|€|£|\$|usd|gbp|php|₱|pesos?|piso|chf|spänn|"
    r"öre|pounds?|dollars?"
)

# One language a line, from 0 to 9; a slash between words for the same digit.
_DIGITS = (
    "zero/oh one two three four five six seven eight nine "
    "noll ett/en två tre fyra fem sex sju åtta nio "
    "null en/ein/et to tre fire fem seks sju/syv åtte ni "
    "nul en/et to tre fire fem seks syv otte ni "
    "nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän "
    "null eins/ein zwei/zwo drei vier fünf sechs sieben acht neun "
    "zéro un deux trois quatre cinq six sept huit neuf "
    "cero uno dos tres cuatro cinco seis siete ocho nueve "
    "wala usa duha tulo upat lima unom pito walo siyam"
)
VALUES = {
    word: place % 10 for place, cell in enumerate(_DIGITS.split()) for word in cell.split("/")
}
DIGITS = "|".join(sorted(VALUES, key=len, reverse=True)) + r"|\d"
FRENCH_DIGITS = "un|deux|trois|quatre|cinq|six|sept|huit|neuf"
_FRENCH_TEENS = "dix(?:[- ](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize"
FRENCH_PAIRS = (
    rf"(?:(?:quatre[- ]vingts?|soixante)(?:[- ](?:et[- ])?(?:{_FRENCH_TEENS}|{FRENCH_DIGITS}))?"
    rf"|(?:vingt|trente|quarante|cinquante)(?:[- ](?:et[- ])?(?:{FRENCH_DIGITS}))?"
    rf"|{_FRENCH_TEENS}|z[ée]ro(?:[- ](?:z[ée]ro|{FRENCH_DIGITS}))?)"
)
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
    *(
        "order",
        "ordre",
        "ordrar",
        "beställ",
        "bestill",
        "bestell",
        "tilaus",
        "command",
        "pedido",
        "kvitt",
    ),
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
        *("lot", "lotten", "batch", "parti", "gift", "lens", "lenses", "linser"),
        # where things stand: "shelf 41-23-45-67"
        *("shelf", "aisle", "hylla", "hyllan", "hylle", "hylde", "hylly", "hyllyssä", "regal"),
        *("rayon", "étagère", "estante", "pasillo"),
    }
)
# Between two numbers these do not end what a word before the first says of both.
AND = frozenset(
    {
        "and",
        "och",
        "og",
        "und",
        "ja",
        "sekä",
        "et",
        "y",
        "ug",
        "or",
        "eller",
        "oder",
        "tai",
        "ou",
        "o",
    }
)
PERSONAL = ("personn", "persnr", "pnr", "fnr", "fødselsn", "fodselsn", "cpr", "samordning", "ssn")
