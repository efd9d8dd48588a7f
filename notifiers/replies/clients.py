"""What mail programs write by themselves, in the languages that are met: around quotes and below letters.

Patterns here are held against folded text (see `folding`), unless their name says raw. None can backtrack
beyond one line, and lines are cut before they are looked at.
"""

from __future__ import annotations

import re

from notifiers.replies.folding import fold

FROM_NAMES = frozenset(
    (
        "from", "tu", "nguoi gui", "gui tu", "duoc gui tu", "von", "de", "da", "van", "fra", "od", "fran",
        "gonderen", "kimden", "от", "от кого", "差出人", "发件人", "寄件者", "보낸 사람",
    )
)  # fmt: skip
"""The first name of a header block that is written above a quote."""

OTHER_NAMES = frozenset(
    (
        "sent", "date", "to", "cc", "bcc", "subject", "importance", "reply to", "sent at", "attachments",
        "da gui", "da gui luc", "ngay", "ngay gui", "thoi gian", "gui", "luc", "den", "toi", "nguoi nhan",
        "chu de", "tieu de",
        "dong kinh gui", "kinh gui", "gui luc", "gui den", "gui toi", "vao", "vao ngay", "tep dinh kem",
        "gesendet", "datum", "an", "betreff", "kopie", "envoye", "a", "objet", "enviado", "enviado el",
        "para",
        "asunto", "fecha", "enviada em", "assunto", "data", "inviato", "oggetto", "verzonden", "aan",
        "onderwerp", "sendt", "dato", "til", "emne", "skickat", "till", "amne", "wyslano", "do",
        "temat", "dw",
        "odeslano", "komu", "predmet", "tarih", "kime", "konu",
        "дата", "кому", "тема", "отправлено", "копия", "送信日時", "宛先", "件名", "发送时间", "收件人", "主题",  # noqa: E501
        "抄送", "日期",
    )
)  # fmt: skip

SEPARATOR = re.compile(
    r"(?:original message|original appointment|(?:begin )?forwarded (?:message|by)|forwarded mail|"
    r"reply message|reply above this line|ursprungliche nachricht|weitergeleitete nachricht|"
    r"message d origine|"
    r"message original|mensaje original|mensaje reenviado|messaggio originale|oorspronkelijk bericht|"
    r"doorgestuurd bericht|original(?:t)? meddelande|oprindelig (?:besked|meddelelse)|wiadomosc oryginalna|"
    r"thu goc|tin nhan goc|thu ban dau|thu da chuyen tiep|thu da duoc chuyen tiep|"
    r"tin nhan (?:da )?(?:duoc )?chuyen tiep|bat dau thu (?:duoc )?chuyen tiep|"
    r"thu (?:duoc )?chuyen tiep|noi dung thu goc|noi dung goc|bat dau thu chuyen tiep)\b"
)
FORWARDED = re.compile(r"forwarded|chuyen tiep|weitergeleitet|reenviado|doorgestuurd")

WROTE = (
    "wrote", "writes", "viet", "da viet", "da gui", "schrieb", "a ecrit", "ecrit", "escribio", "escreveu",
    "ha scritto", "scritto", "scrisse", "skrev", "schreef", "geschreven", "napisal", "napisal a",
    "napisala",
    "napsal", "napsal a", "napsala", "kirjoitti", "yazdi", "said", "posted",
)  # fmt: skip
WROTE_RAW = ("написал", "написал(а)", "написала", "пишет", "пише", "写道", "寫道", "のメール", "작성")
WROTE_START = re.compile(
    r"(?:on|vao|ngay|luc|trong ngay|am|le|el|em|il|op|den|dne|dnia|w dniu|at|pa|de|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|man|tir|ons|tor|fre|lor|son|lun|mar|mer|jeu|ven|sam|dim|pon|wt|sr|czw|"
    r"chu nhat|t[2-7]|cn|th [2-7])[a-z]{0,9}|\d{1,4})\b"
)
VERB_INSIDE = re.compile(r"\b(?:schrieb|skrev|napisal|napsal|schreef|heeft|ecrivait)\b")

TIME = re.compile(r"\d{1,2}[:hg.]\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b(?:19|20)\d\d\b")
CLOCK = re.compile(r"(?<!\d)\d{1,2}[:hg]\d{2}(?!\d)")
DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\b(?:19|20)\d\d\b")

APP_LINE = re.compile(
    r"(?:sent (?:from|via|with|using) (?:an? )?(?:my |outlook|yahoo|mail\b|samsung|galaxy|gmail|iphone|"
    r"ipad|"
    r"proton|android|blackberry|mobile|mailbox|spark|airmail|windows mail|nine|bluemail|the )|"
    r"sent from [a-z ]{0,30}(?:phone|device|mobile|pixels|tablet|android)|"
    r"get (?:outlook|bluemail|mymail|typeapp) |download |via mobile$|"
    r"(?:da )?(?:duoc )?gui (?:tu|bang|qua) (?:my |iphone|ipad|dien thoai|may tinh bang|outlook|ung dung|"
    r"thiet bi|samsung|galaxy|may\b|zalo|yahoo|gmail|thu danh cho|thu cho windows|mail danh cho|mail cho|"
    r"oppo|xiaomi|vivo|android|zimbra|lark|spark)|"
    r"tai (?:xuong )?(?:outlook|ung dung outlook)|nhan outlook cho|lay outlook cho|"
    r"von meinem [a-z ]{2,30} gesendet|gesendet von |envoye de(?:puis)? m|enviado desde (?:mi|el)|"
    r"enviado do m|enviado (?:del?|via) |inviato da|verzonden vanaf|verstuurd vanaf|skickat fran min|"
    r"sendt fra min|wyslane z |odeslano z |virus free |this e ?mail has been (?:checked|scanned) for)"
)
APP_LINE_RAW = re.compile(r"(?:Отправлено с|Отправлено из|iPhoneから送信|发自我的|從我的)")

BANNER = re.compile(
    r"(?:caution (?:this|external)|external (?:e ?mail|sender|message)|\[?external\]?$|"
    r"this (?:e ?mail|message) (?:originated|was sent|came) from (?:outside|an external)|"
    r"you don t often get e ?mail from|warning this e ?mail|"
    r"canh bao (?:thu|email|e mail|thu dien tu) (?:nay )?(?:duoc gui )?(?:tu|den tu)|"
    r"luu y (?:thu|email) (?:nay )?(?:duoc gui )?(?:tu|den tu) (?:ben )?ngoai|"
    r"(?:thu|email) nay (?:duoc gui )?(?:den )?tu (?:ben )?ngoai|"
    r"ban khong thuong xuyen nhan duoc (?:email|thu))"
)
"""What a server puts above a letter."""

DISCLAIMER_START = re.compile(
    r"(?:this (?:e ?mail|communication|transmission|electronic mail)(?: message)? "
    r"(?:and|is|may|contains|message|or|including|was|has)|"
    r"this message (?:and|is (?:intended|for|confidential|private|only)|may|contains|w attachments|"
    r"including)|"
    r"the (?:information|contents?)(?: contained| transmitted)? (?:in|of|by) this (?:e ?mail|message|"
    r"communicat)|"
    r"(?:confidentiality|privacy|legal|important) (?:notice|note|disclaimer|statement)|disclaimer\b|"
    r"please (?:consider|think of) the environment|internet e ?mail is not|"
    r"you (?:are receiving|received) this (?:e ?mail|message|because)|to unsubscribe|unsubscribe|"
    r"reply to this e ?mail directly|view it on|any opinions expressed|"
    r"mien tru trach nhiem|tuyen bo mien tru|"
    r"(?:thu dien tu|email|e mail|thong diep|buc thu|thu) nay (?:va (?:cac|moi|bat|tep|file|noi)|"
    r"co the chua|"
    r"chi danh|chua (?:dung )?(?:thong tin|noi dung))|"
    r"(?:noi dung|thong tin) (?:trong|cua) (?:thu|email|e mail|thong diep) (?:dien tu )?nay|"
    r"luu y bao mat|thong bao bao mat|canh bao bao mat|tuyen bo bao mat|thong bao ve tinh bao mat|"
    r"hay (?:can nhac|suy nghi|nghi).{0,20} truoc khi in|vui long can nhac .{0,30}truoc khi in)"
)
DISCLAIMER_INSIDE = re.compile(
    r"intended (?:solely|only|for the (?:sole|exclusive))|intended recipient|received this (?:e ?mail|"
    r"message|"
    r"communication) in error|(?:strictly|private and|privileged and) confidential|"
    r"contain[s]? confidential|"
    r"(?:scanned|swept|checked) for (?:computer )?virus|computer virus|mailing list|listinfo|"
    r"monitored centrally|routinely monitor|monitor(?:ed|ing|s)?.{0,60}(?:e ?mail|message)|(?:e ?mail|"
    r"message).{0,80}monitored|"
    r"nguoi nhan (?:du dinh|duoc chi dinh|khong phai)|khong phai la nguoi nhan|gui nham|"
    r"nhan duoc thu nay do"
)

SIGNATURE_MARKS = re.compile(r"\s*(?:--+|—+|–|__+|-- |\*\*|~~+)\s*")
RULER = re.compile(r"\s{0,3}(?:[_=*#~—–-][ ]?){5,200}\s{0,3}")


def header_name(text: str) -> str:
    """The name in front of the first colon, as it is compared; empty when there is none."""
    name, colon, _ = text[:60].replace("：", ":").partition(":")
    if not colon:
        return ""
    return fold(name) or name.strip(" \t*_").casefold()


def says_wrote(text: str) -> bool:
    """Whether the line ends as the one above a quote does: "… đã viết:"."""
    bare = text.rstrip().rstrip(":：").rstrip()
    folded = fold(bare[-60:])
    return (
        any(folded == verb or folded.endswith((f" {verb}", f"com {verb}")) for verb in WROTE)
        or folded.endswith("wrote")
        or bare.casefold().endswith(WROTE_RAW)
    )
