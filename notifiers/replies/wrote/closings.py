"""Closing formulas and thanks at the end of a letter, in the languages that are met.

Patterns are held against folded text (see `folding`), unless their name says raw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifiers.replies.folding import fold

_FORMULA = re.compile(
    # Vietnamese
    r"(?:xin |rat |kinh )?tran trong(?: (?:va|kinh|chao|cam on|bao cao|kinh bao|cac|cua|dong chi|quy|co quan|"
    r"don vi|anh|chi|anh chi|a|nhe|bc|bao|thong bao|kinh trinh|kinh gui))*|"
    r"kinh (?:thu|chao|bao|bao cao|trinh|gui|chuc)(?: (?:a|anh|chi|anh chi))?|than(?: (?:ai|men|chao|kinh))?|"
    r"thay mat don vi|(?:xin|kinh) (?:chan thanh |tran trong )?cam on(?: (?:a|anh|chi|anh chi|cac|quy|"
    r"co quan|don vi|dong chi|phong|so|nhieu|va tran trong|rat nhieu))*|chan thanh cam on(?: a)?|"
    # English
    r"(?:with )?(?:my |our )?(?:kind|kindest|best|warm|warmest|many|good)? ?(?:regards|"
    r"rgds)(?: and thanks)?|(?:with )?(?:best|kind|warm|good) wishes|all the best|best|warmly|br|kr|b rgds|"
    r"yours|yours ever|(?:yours )?(?:very )?(?:sincerely|faithfully|truly|respectfully|cordially)(?: yours)?|"
    r"respectfully submitted|many thanks(?: and)?(?: best| kind)?(?: regards)?|take care|"
    r"(?:many )?thank(?:s| you)(?: and| in advance and)?(?: with)? (?:best|kind|warm)? ?regards|"
    r"thanks best regards|thanks and best|thanks and regards|cheers|happy hacking|have a (?:nice|good|great) "
    r"(?:day|one|weekend|week|evening)|talk soon|speak soon|"
    # German, French, Spanish, Portuguese, Italian, Dutch
    r"mit (?:freundlichen?|besten|lieben|herzlichen) gr[a-z ]{0,3}en?|"
    r"(?:viele|beste|liebe|schone|freundliche|herzliche|sonnige)? ?gr(?:uss|uess|u ss)e?"
    r"(?: aus [a-z ]{2,30})?|"
    r"(?:viele|beste|liebe|schone|freundliche|herzliche) gr[a-z ]{0,3}e|mfg|lg|vg|"
    r"(?:bonne|belle|excellente) (?:fin de )?(?:journee|soiree|semaine|reception)|a bientot|"
    r"(?:bien |tres )?cordialement|(?:meilleures|sinceres|cordiales) salutations|salutations"
    r"(?: distinguees)?|bien a (?:vous|toi)|amicalement|cdlt|cdt|"
    r"saludos(?: cordiales)?|(?:un )?(?:cordial )?saludo|que tenga (?:un )?buen dia|"
    r"(?:muy )?atentamente|cordialmente|"
    r"atenciosamente|cumprimentos|(?:com os )?melhores cumprimentos|abracos?|abs|att|grat[oa]|"
    r"un saluto|a presto|buona giornata|buon lavoro|fijne dag|salutacions|"
    r"(?:cordiali|distinti) saluti|saluti|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groeten|"
    r"groet|mvg|"
    r"(?:de )?bedste hilsner|ha det (?:bra|godt|fint)|(?:parhain|yst) terv(?:eisin)?|terv|"
    r"z pozdrowieniami|pozdrawiam (?:serdecznie|cieplo)|s (?:pranim |uctou)(?: ?[a-z]+ dne)?|hezky den|"
    r"kolay gelsin|iyi gunler|selamlar|sevgiler|koszonettel|o zi buna|"
    r"(?:lep|lijep|srdacan|lepi) pozdrav[i]?|lp|s postovanjem|su pagarba|ar cienu|lugupidamisega|"
    r"hormat kami|salam(?: hormat)?|"
    # Nordic, Slavic, Turkish, Hungarian, Romanian
    r"(?:med )?(?:venlig|vennlig|bedste|mange|kaerlig|beste) hilsen(?:er)?|mvh|vh|kh|hilsen|"
    r"(?:med )?(?:vanliga?|basta|varma) halsning(?:ar)?|(?:basta |vanliga )?halsning(?:ar)?|"
    r"ystavallisin terveisin|"
    r"terveisin|pozdrawiam|z (?:wyrazami szacunku|powazaniem)|(?:s |srdecny |se srdecnym )?pozdrave?m?|"
    r"saygilarimla|iyi calismalar|(?:szivelyes )?udvozlettel|tisztelettel|udv|cu (?:stima|respect)"
)
_FORMULA_RAW = (
    "с уважением", "з повагою", "с наилучшими пожеланиями", "με εκτίμηση", "φιλικά", "בברכה", "בכבוד רב",
    "تحياتي", "مع التحية", "مع خالص التحية", "よろしくお願いします", "よろしくお願いいたします",
    "よろしくお願い致します", "以上、よろしくお願いいたします", "以上、よろしくお願いします",
    "顺颂商祺", "顺祝商祺", "此致", "敬礼", "祝好", "감사합니다", "드림",
    "поздрави", "с уважение", "مع تحياتي", "ขอแสดงความนับถือ",
)  # fmt: skip
_THANKS = re.compile(
    r"(?:many |much |big )?thanks(?: (?:again|a lot|so much|very much|in advance|for (?:your|"
    r"the) (?:help|time)|"
    r"all))?|many thanks in advance|tia|hth|"
    r"(?:muchas|mil) gracias|gracias de antemano|merci (?:beaucoup|bien|d avance|par avance)|grazie mille|"
    r"alvast bedankt|bedankt alvast|hartelijk dank|vielen dank(?: im voraus)?|danke (?:schon|im voraus|sehr)|"
    r"tack (?:pa forhand|sa mycket)|(?:pa forhand|mange) tak|(?:pa forhand|mange|tusen) takk|takk|"
    r"kiitos (?:etukateen|paljon)|dziekuje(?: i pozdrawiam| z gory)?|dekuji predem|tesekkur ederim|"
    r"multumesc(?: anticipat| mult)?|muito obrigad[oa]|terima kasih|gracies|"
    r"thank you(?: (?:again|so much|very much|in advance|all))?|thx|tks|ty|merci|gracias|danke|grazie|"
    r"bedankt|tack|tak|dzieki|(?:em |chau |minh |toi |xa |don vi )?(?:xin )?cam on(?: (?:a|anh|chi|"
    r"anh chi|em|"
    r"cac|quy|dong chi|nhieu|rat|co|chu|ban|nhe|nha|a))*|obrigado|obrigada|kiitos|hvala|"
    r"dekuji|tesekkurler|koszonom"
)
_THANKS_RAW = frozenset(
    (
        "спасибо", "спасибо большое", "большое спасибо", "заранее спасибо", "дякую", "щиро дякую", "תודה",
        "תודה רבה", "شكرا", "شكرًا", "شكراً", "ευχαριστώ", "ευχαριστώ πολύ",
        "谢谢", "謝謝", "ขอบคุณครับ", "ขอบคุณค่ะ", "多谢", "ありがとうございます",
        "благодаря",
    )
)  # fmt: skip
_AROUND_RAW = " .,!:。、！，"
_LONGEST = 100
_GREETING = re.compile(
    r"(?:kinh (?:gui|thua|chao)|dear|hi|hello|hey|chao|thua|good (?:morning|afternoon|evening)|bonjour|salut|"
    r"hallo|guten tag|sehr geehrte|liebe|hola|estimad|ola|prezad|ciao|buongiorno|gentile|beste|hej|hei)\b"
)
_CORE = frozenset(("regards", "rgds", "wishes", "sincerely", "cheers"))
_AROUND = _CORE | frozenset(
    (
        "and",
        "best",
        "good",
        "kind",
        "many",
        "my",
        "thank",
        "thanks",
        "the",
        "thx",
        "truly",
        "very",
        "warm",
        "with",
        "you",
        "your",
        "yours",
        "advance",
        "in",
        "again",
        "br",
    )
)
_SENTENCES = re.compile(r"[.!?]\s+\S")
_MOST_GREETING = 7
_MOST_WORDS = 4
_MOST_THANKS = 9


def is_formula(text: str, folded: str) -> bool:
    """Whether the line is nothing but a formula: "Trân trọng./.", "Best regards,"."""
    if _FORMULA.fullmatch(folded) or _is_of(folded.split()):
        return True
    first, slash, second = text.partition("/")
    if slash and len(text) < _LONGEST:
        # in two languages, one beside the other
        return is_formula(first.strip(), fold(first)) and is_formula(second.strip(), fold(second))
    return not text.isascii() and text.strip(_AROUND_RAW).casefold() in _FORMULA_RAW


def _is_of(words: Sequence[str]) -> bool:
    """Whether the words are those of English formulas, in whatever order: "Thanks & warm regards"."""
    return bool(_CORE.intersection(words)) and len(words) <= _MOST_GREETING and _AROUND.issuperset(words)


def is_thanks(text: str, folded: str) -> bool:
    """Whether the line only thanks: it closes a letter when a name follows, and is a word of it otherwise."""
    if _THANKS.fullmatch(folded):
        return True
    return not text.isascii() and text.strip(_AROUND_RAW).casefold() in _THANKS_RAW


def is_greeting(text: str, folded: str) -> bool:
    """Whether the line greets and says no more: "Kính gửi: UBND huyện", "Hi Lan,"."""
    if _GREETING.match(folded) is None:
        return False
    return folded.startswith("kinh") or (
        len(folded.split()) <= _MOST_GREETING and _SENTENCES.search(text) is None
    )


def leads_to_name(text: str) -> bool:
    """Whether a name may follow, whatever the words: "Happy hacking," on a line of its own."""
    words = text.split()
    most = _MOST_THANKS if words and words[0].casefold() in ("thanks", "thank", "cảm", "xin") else _MOST_WORDS
    return text.rstrip().endswith(",") and len(words) <= most and not is_greeting(text, fold(text))
