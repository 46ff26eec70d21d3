"""The words that tell `privacy` what a number is, in every language the kiosk speaks.

Parts of regular expressions (`AT`, `MONEY`, `DIGITS` and other texts) are joined with ``|``; the
others are compared with lower-case words. A `CONTACT` stem begins the word; a `REFERENCE` or
`PERSONAL` stem may stand anywhere in it, because Swedish, Norwegian, Danish, German and Finnish
join words (*ordernummer*, *kvittonumret*, *tilausnumero*); `REFERENCE_WORDS` and `MINE` are whole
words, too short to be looked for inside others. `ADDRESSING` stems begin the word as well; `ITEMS`,
`PLACES` and `AND` are whole words.
"""

from __future__ import annotations

AT = r"at|ät|snabel-?a|snabela|krøllalfa|alfakrøll|miuku(?:mauku)?|klammeraffe|arobase|arroba|att"
DOT = r"dot|punkt|punktum|prikk|prik|piste|point|punto|tuldok"

# Words that mean @ and nothing else, so that they need no dot after them.
AT_ALONE = r"snabel-?a|snabela|krøllalfa|alfakrøll|miukumauku|klammeraffe|arobase|arroba"
# Words that ask for an answer by mail, and begin so.
MAIL = (
    r"e-?mail|mail|e-?post|mejl|maila|sähköpost|courriel|correo|écri[sv]|ecri[sv]|escrib|skriv|"
    r"schreib|kirjoit|write|answer|reply|svar|antwort|vasta"
)
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
    *(
        "stregkode",
        "viivakood",
        "koodi",
        "strichcode",
        "barres",
        "barras",
        "faktura",
        "invoice",
        "rechnung",
    ),
    *("factur", "lasku", "model", "modèl", "serie", "serial", "tuote", "produk", "product"),
    *("produit", "referen", "référen", "ärende", "kolli", "spårning", "tracking", "sporing"),
    *("sendung", "paket", "paquet", "pakke", "package", "parcel", "colis", "seurant", "lähetys"),
    *("kampanj", "código", "codigo", "coupon", "kupon", "rabatt", "voucher", "presentkort"),
    *("gavekort", "lahjakort", "geschenk", "cadeau", "regalo", "medlem", "member", "kundnum"),
    *("kunden", "asiakas", "client", "charge-nr"),
)
REFERENCE_WORDS = frozenset(
    {
        *(
            "ref",
            "bon",
            "bong",
            "item",
            "items",
            "sku",
            "ean",
            "gtin",
            "isbn",
            "case",
            "code",
            "kod",
        ),
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
# What a bare number just behind is the number of: "vara 12345678", "Größe 38 40 44 46". Not where a
# 0 or + stands in front: in Swedish *vara* is *be*, too.
ITEMS = frozenset(
    {
        *("size", "sizes", "thing"),
        *("vara", "varan", "varor", "varorna", "pryl", "plagg", "storlek", "storlekar", "strl"),
        *("vare", "varen", "varer", "varene", "varerne", "størrelse", "størrelser", "str"),
        *("tavara", "tavarat", "tuotenro", "koko", "koot", "ware", "waren", "stück", "größe"),
        *("größen", "pièce", "taille", "tailles", "prenda", "prendas", "pieza"),
        *("talla", "tallas", "butang", "gidak"),
    }
)

# What people call the places where they go by a handle; letters may follow ("instassa").
NETWORKS = (
    r"insta(?:gram)?|ig|snap(?:chat)?|tik-?tok|fb|face(?:book)?|twitter|telegram|threads|messenger|"
    r"discord|linkedin|youtube|vk|kik|wechat|bluesky|mastodon|pinterest"
)
IS = r"is|är|er|on|ist|est|es|kay|ko|name|namn|navn|nimi|user|konto|account|compte|cuenta"
# Words that speak to or of somebody, and begin so: write, follow, tag, thanks, greetings.
ADDRESSING = (
    *("dm", "follow", "tag", "add", "find", "message", "write", "contact", "thank", "regards"),
    *("följ", "tagg", "skriv", "kontakt", "tack", "häls", "mvh", "hilsen", "hils", "følg"),
    *("tak", "seura", "kirjoit", "kiit", "terv", "folg", "schreib", "dank", "gruß", "grüße"),
    *("suivez", "suis", "écri", "ecri", "merci", "sígan", "sigan", "sígue", "sigue", "escrib"),
    *("gracias", "saludos", "salamat", "sundan", "pangita", "pm", "kudos", "shoutout"),
    *("user", "handle", "name", "namn", "navn"),
)
# What "@" may stand before and mean only *at*, or everybody.
PLACES = frozenset(
    {
        *("home", "work", "the", "checkout", "till", "tills", "store", "shop", "reception", "desk"),
        *("entrance", "exit", "parking", "café", "cafe", "night", "noon", "least", "once"),
        *("lunch", "midday", "midnight", "opening", "closing", "weekends", "christmas", "lunchen"),
        *("hemma", "hem", "jobbet", "kassa", "kassan", "kassorna", "butiken", "entrén", "ingången"),
        *("hjemme", "jobb", "kasse", "kassen", "kassa", "butikken", "inngangen", "indgangen"),
        *(
            "butik",
            "arbejde",
            "kassassa",
            "kassalla",
            "kassoilla",
            "kaupassa",
            "koti",
            "kotona",
            "töissä",
            "kauppa",
            "zuhause",
            "hause",
        ),
        *("kasse", "eingang", "laden", "arbeit", "maison", "lamaison", "caisse", "magasin"),
        *(
            "all",
            "everyone",
            "everybody",
            "staff",
            "team",
            "alla",
            "personalen",
            "alle",
            "personalet",
        ),
        *("allesammen", "kaikki", "kaikille", "tous", "toutes", "todos", "todas", "tod", "tanan"),
        *("casa", "caja", "tienda", "trabajo", "balay", "tindahan", "kahera", "cashier"),
    }
)
