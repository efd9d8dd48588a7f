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
        "lahettaja", "gonderen", "kimden", "felado", "kuldo", "de la", "expediteur", "remitente", "mittente",
        "afzender", "absender", "remetente", "nadawca", "avsandare", "afsender", "avsender", "odesilatel",
        "от", "от кого", "від", "από", "מאת", "من", "差出人", "发件人", "寄件者", "寄件人", "보낸 사람",
    )
)  # fmt: skip
"""The first name of a header block that is written above a quote."""

OTHER_NAMES = frozenset(
    (
        "sent", "date", "to", "cc", "bcc", "subject", "importance", "reply to", "sent at", "sent time",
        "attachments",
        "sent by",
        "da gui", "da gui luc", "ngay", "ngay gui", "thoi gian", "gui", "luc", "den", "toi", "nguoi nhan",
        "chu de", "tieu de",
        "dong kinh gui", "kinh gui", "gui luc", "gui den", "gui toi", "vao", "vao ngay", "tep dinh kem",
        "gesendet", "datum", "an", "betreff", "kopie", "envoye", "envoye le", "a", "objet", "sujet", "copie",
        "destinataire", "enviado", "enviado el", "para", "cco", "prioridad", "importancia",
        "asunto", "fecha", "enviada em", "enviado em", "assunto", "data", "inviato", "oggetto",
        "destinatario",
        "verzonden", "aan", "onderwerp", "sendt", "dato", "til", "emne", "skickat", "till", "amne", "kopia",
        "lahetetty", "vastaanottaja", "aihe", "paivamaara", "paivays", "wyslano", "do", "adresat", "dw",
        "dnia",
        "temat",
        "odeslano", "komu", "predmet", "kopi", "tarih", "gonderildi", "gonderilme tarihi", "kime", "konu",
        "bilgi",
        "kuldve", "cimzett", "targy", "masolatot kap", "trimis", "catre", "subiect", "poslano", "prejemnik",
        "дата", "кому", "тема", "отправлено", "копия", "надіслано", "копія", "στάλθηκε", "προς", "θέμα",
        "ημερομηνία", "κοιν", "נשלח", "אל", "נושא", "תאריך", "עותק", "إلى", "الى", "الموضوع", "تاريخ الإرسال",
        "التاريخ", "تم الإرسال", "送信日時", "日付", "宛先", "件名", "发送时间", "发送日期", "收件人",
        "主题", "抄送",
        "日期", "寄件日期", "收件者", "主旨", "副本", "보낸 날짜", "날짜", "받는 사람", "제목", "참조",
    )
)  # fmt: skip

_SEPARATOR = re.compile(
    r"(?:original messages?|original appointment|(?:begin )?forwarded (?:message|by)|forwarded mail|"
    r"reply message|(?:please )?(?:type |write |enter )?(?:your )?reply above this line|"
    r"ursprungliche nachricht|weitergeleitete nachricht|"
    r"urspr ?ungliche nachricht|anfang der weitergeleiteten nachricht|"
    r"message d origine|message transfere|debut du message (?:transfere|reexpedie)|"
    r"message original|mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|"
    r"messaggio originale|messaggio inoltrato|inizio messaggio inoltrato|oorspronkelijk bericht|"
    r"doorgestuurd bericht|original(?:t)? ?meddelande|ursprungligt meddelande|vidarebefordrat meddelande|"
    r"oprindelig (?:besked|meddelelse)|videresendt (?:besked|meddelelse|melding)|opprinnelig melding|"
    r"alkuperainen viesti|valitetty viesti|edelleenlahetetty viesti|"
    r"wiadomosc oryginalna|oryginalna wiadomosc|(?:przekazana|przeslana dalej) wiadomosc|"
    r"wiadomosc przekazana|"
    r"puvodni (?:zprava|e ?mail)|preposlana zprava|orijinal (?:ileti|mesaj)|iletilen (?:ileti|mesaj)|"
    r"eredeti uzenet|tovabbitott uzenet|mesaj original|mesaj redirectionat|"
    r"thu goc|tin nhan goc|thu ban dau|thu da chuyen tiep|thu da duoc chuyen tiep|"
    r"tin nhan (?:da )?(?:duoc )?chuyen tiep|bat dau thu (?:duoc )?chuyen tiep|"
    r"thu (?:duoc )?chuyen tiep|noi dung thu goc|noi dung goc|bat dau thu chuyen tiep)\b"
)
_SEPARATOR_RAW = re.compile(
    r"[-\s]{2,20}(?:исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригинальное сообщение|"
    r"перенаправленное сообщение|початкове повідомлення|переслане повідомлення|αρχικό μήνυμα|"
    r"προωθημένο μήνυμα|元のメッセージ|転送されたメッセージ|原始邮件|原始郵件|转发邮件|轉寄郵件|转发的邮件|"
    r"원본 메시지|원본 메일|원본 이메일|전달된 메시지|"
    r"ההודעה המקורית|הודעה שהועברה|الرسالة الأصلية|رسالة محولة|"
    r"رسالة معاد توجيهها)\b",
    re.IGNORECASE,
)
_ARROWED = re.compile(r">>> [^>\s].{3,200} >>>\s{0,3}")
_DRAWN = "-_*=>#"

_WROTE = (
    "wrote", "writes", "viet", "da viet", "da gui", "schrieb", "a ecrit", "ecrit", "escribio", "escreveu",
    "ha scritto", "scritto", "scrisse", "skrev", "schreef", "geschreven", "napisal", "napisal a",
    "napisala", "napsal", "napsal a", "napsala", "kirjoitti", "yazdi", "sunu yazdi", "said", "posted", "irta",
    "ezt irta", "a scris", "je napisao", "napisao", "kirjutas", "va escriure",
)  # fmt: skip
_WROTE_BEHIND = tuple(f" {verb}" for verb in _WROTE)
_WROTE_RAW = (
    "написал", "написал(а)", "написала", "пишет", "пише", "написав", "написав(ла)", "έγραψε", "כתב", "כתבה",
    "كتب", "كتبت", "写道", "寫道", "のメール", "さんは書きました", "作成", "작성", "님이 작성",
)  # fmt: skip
WROTE_START = re.compile(
    r"(?:on|vao|ngay|luc|trong ngay|am|le|el|em|il|op|den|dne|dnia|w dniu|at|pa|de|in data|ven|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|man|tir|ons|tor|fre|lor|son|lun|mar|mer|jeu|ven|sam|dim|pon|wt|sr|czw|"
    r"chu nhat|t[2-7]|cn|th [2-7])[a-z]{0,9}|(?:ma|ti|ke|to|pe|la|su|mo|di|mi|do|fr|sa|so|za|zo|wo|vr|"
    r"ut|st|ct|"
    r"pa|so|ne) \d{1,2}|\d{1,4})\b"
)
VERB_INSIDE = re.compile(
    r"\b(?:schrieb|skrev|napisal|napsal|schreef|heeft|ecrivait|kirjoitti|scrisse|escribio|escreveu|wrote)\b"
)

# TIME and DAY begin with a digit, so that a text without one is passed over at once
TIME = re.compile(r"\d(?:\d?[:hg.]\d\d|\d?[/.-]\d{1,2}[/.-]\d{2,4}|(?<!\w\d)(?:(?<=1)9|(?<=2)0)\d\d\b)")
CLOCK = re.compile(r"(?<![\d.])\d{1,2}[:hg.]\d{2}(?![\d.]\d|\d)")
DAY = re.compile(
    r"\d(?:\d?[/.-]\d{1,2}[/.-]\d{2,4}|\d{3}[/.-]\d{1,2}[/.-]\d{1,2}|"
    r"(?<!\w\d)(?:(?<=1)9|(?<=2)[05])\d\d(?!\d))"
)

APP_LINE = re.compile(
    r"(?:sent (?:from|via|with|using) [a-z0-9 ]{1,60}$|"
    r"(?:[a-z]{2,14} ){0,3}outlook (?:fur|pour|voor|para|per|for|til|pa|dla|pro) (?:ios|android)\b.{0,30}$|"
    r"get (?:outlook|bluemail|mymail|typeapp) |download |via mobile$|"
    r"(?:da )?(?:duoc )?gui (?:tu|bang|qua) (?:my |iphone|ipad|dien thoai|may tinh bang|outlook|ung dung|"
    r"thiet bi|samsung|galaxy|may\b|zalo|yahoo|gmail|thu danh cho|thu cho windows|mail danh cho|mail cho|"
    r"oppo|xiaomi|vivo|realme|android|zimbra|lark|spark|hop thu|nokia|vsmart)|"
    r"tai (?:xuong )?(?:outlook|ung dung outlook)|nhan outlook cho|lay outlook cho|tai xuong tu|"
    r"von meinem [a-z0-9 ]{2,30} gesendet|gesendet (?:von|mit|uber|aus) |diese nachricht wurde von meinem|"
    r"envoye (?:de(?:puis)? |a partir de |via )|enviado desde |enviado a partir d|telecharger outlook|"
    r"enviado (?:do|pelo|de) m|enviado (?:del?|via|con) |obtener outlook|obter o outlook|inviato da |"
    r"ottieni outlook|scarica outlook|verzonden (?:vanaf|via|met)|verstuurd (?:vanaf|via|met)|skickat fran |"
    r"hamta outlook|sendt fra |hent outlook|lahetetty |hanki outlook|wyslan[oey] z |"
    r"pobierz (?:aplikacje )?outlook|"
    r"odeslano z |ziskat outlook|[a-z0-9 ]{2,40}(?:dan|den|ndan) gonderildi$|"
    r"[a-z0-9 ]{2,40} kuldve$|trimis de pe |poslano z |"
    r"virus free |this e ?mail has been (?:checked|scanned) for|skannad|avast )"
)
APOLOGY = re.compile(
    r"an at t\b|.{0,60}\b(?:excuse|forgive|pardon|sorry|apologi[a-z]{1,8}|brevity|typos?|errors|"
    r"mistakes|spelling|auto ?correct|dictated|entschuldig[a-z]{1,4}|kurze|fehler|excusez|fautes|"
    r"disculp[a-z]{1,4}|mong thong cam|xin loi|loi chinh ta)\b"
)
"""What follows an app's line in the same line: "Sent from my iPad, please forgive any typos."."""

APP_LINE_RAW = re.compile(
    r"(?:Отправлено (?:с|из) |Надіслано з |Στάλθηκε από |נשלח מה|أُرسلت من |أرسل من |تم الإرسال من |"
    r"iPhoneから送信|iPadから送信|Android ?から送信|发自我的|發自我的|从我的.{1,20}发送|從我的|"
    r"나의 i(?:Phone|Pad)에서 보냄|내 .{1,20}에서 보냄|Outlook for (?:iOS|Android) を入手)"
)

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

LABEL = re.compile(
    r"(?:[a-z0-9]+ ){0,3}(?:internal|official|business|public|company|"
    r"restricted) use(?: only)?(?: [a-z]+){0,3}|"
    r"(?:classification|sensitivity|do mat|phan loai) ?(?: [a-z]+){1,4}|external e?mail|"
    r"(?:this )?(?:e ?mail|message) (?:is )?from (?:an )?external (?:sender|source)|"
    r"external e?mail use caution.{0,60}"
)
"""One line that an office's rules put above or below a letter: "Internal Use - Confidential"."""

DISCLAIMER_START = re.compile(
    r"(?:this (?:e ?mail|communication|transmission|electronic mail)(?: message)? "
    r"(?:and|is (?:intended|for|confidential|private|only|privileged|sent)|may|contains|message|or|including|"
    r"has been (?:sent|scanned|checked))|"
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
    r"\b(?:intended (?:solely|only|for the (?:sole|exclusive))|intended recipient|received this (?:e ?mail|"
    r"message|"
    r"communication) in error|(?:strictly|private and|privileged and) confidential|"
    r"contain[s]? (?:proprietary (?:or|and) )?confidential|confidential (?:or|and|"
    r"and or) (?:proprietary|privileged)|"
    r"proprietary (?:or|and) confidential|unauthori[sz]ed (?:use|disclosure|review|distribution)|"
    r"not the intended|"
    r"(?:scanned|swept|checked) for (?:computer )?virus|computer virus|"
    r"monitored centrally|routinely monitor|monitor(?:ed|ing|s)?.{0,60}(?:e ?mail|message)|(?:e ?mail|"
    r"message).{0,80}monitored|"
    r"nguoi nhan (?:du dinh|duoc chi dinh|khong phai)|khong phai la nguoi nhan|gui nham|"
    r"nhan duoc thu nay do|vertraulich[a-z ]{0,60}(?:informationen|bestimmt)|nicht der (?:richtige|"
    r"beabsichtigte)|"
    r"(?:strictement )?confidentiel[a-z ]{0,80}destinataire|destine exclusivement|"
    r"si vous n etes pas le destinataire|"
    r"contiene informacion confidencial|si usted no es el destinatario|informacoes confidenciais|"
    r"le informazioni contenute in questo messaggio|uso esclusivo del destinatario|"
    r"alleen bestemd voor de geadresseerde|vertrouwelijke informatie)"
)
FOOTER = re.compile(
    rf"{DISCLAIMER_INSIDE.pattern}|\b(?:avast|antivirus|anti virus)\b|"
    r"mailing list|listinfo|unsubscribe|majordomo|list archive|groups google com"
)
"""What stands below a line that a program drew: a notice, or what a list says of itself."""

SIGNATURE_MARK = re.compile(r"\s*(?:--|—|–|__|\*\*|~~)\s*")
SCRUBBED = re.compile(r"-{3,20} ?next part ?-{3,20}$")
"""Where the archive of a list tells of files that it took out."""
RULER = re.compile(r"\s{0,3}(?:[_=*#~—–-][ ]?){3,200}\s{0,3}")


_SEE_HTML = re.compile(
    r"(?:mail|reader|client|program|trinh|phan mem|ung dung)[a-z ]{0,60}(?:not (?:support|display|able)|"
    r"khong (?:ho tro|hien thi|doc duoc))[a-z ]{0,40}html|html[a-z ]{0,40}(?:khong (?:ho tro|"
    r"hien thi)|not supported)|"
    r"(?:view|xem|doc) (?:this |thu |email )?(?:message |nay )?(?:in|as|duoi dang|o dang) html|"
    r"this is a message in mime format|this (?:is an? )?html (?:message|e ?mail)"
)
_LONGEST_EXCUSE = 400


def header_name(text: str) -> str:
    """The name in front of the first colon, as it is compared; empty when there is none."""
    name, colon, _ = text[:60].replace("：", ":").partition(":")
    if not colon:
        return ""
    return fold(name) or name.strip(" \t*_").casefold()


def is_between_arrows(text: str) -> bool:
    """Whether the line names who is quoted between arrows: ">>> A <a@b.example> 03.02.2015 16:25 >>>"."""
    return text.startswith(">>>") and _ARROWED.fullmatch(text) is not None and TIME.search(text) is not None


def is_separator(text: str, folded: str) -> bool:
    """Whether the line is what stands between a mail and the one it answers: "----- Thư gốc -----"."""
    if len(text) > 120 or (text.lstrip()[:1] not in _DRAWN and not text.rstrip().endswith((":", "-", "_"))):
        return False
    if text.isascii() or folded:
        return _SEPARATOR.match(folded) is not None or _SEPARATOR_RAW.match(text) is not None
    return _SEPARATOR_RAW.match(text) is not None


def says_wrote(text: str) -> bool:
    """Whether the line ends as the one above a quote does: "… đã viết:"."""
    bare = text.rstrip().rstrip(":：").rstrip()
    folded = fold(bare[-60:])
    return (
        f" {folded}".endswith(_WROTE_BEHIND)
        or folded.endswith("wrote")
        or bare.casefold().endswith(_WROTE_RAW)
    )


def says_see_html(text: str) -> bool:
    """Whether a plain text only tells that the mail is to be read as HTML."""
    return len(text) < _LONGEST_EXCUSE and _SEE_HTML.search(fold(text)) is not None
