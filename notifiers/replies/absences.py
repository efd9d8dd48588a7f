"""How notices of absence read, in the languages that people are absent in, and when they are back.

Latin script is written folded, other scripts as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from notifiers.replies.days import DAY, WEEKDAY, day_of, foldable, weekday_of

SUBJECT = re.compile(
    r"(?:re |aw |auto )?(?:automatic reply|automatic response|auto ?reply|auto ?response|auto re\b|"
    r"autoresponder|automated (?:reply|response)|out of (?:the )?office|ooo\b|"
    r"away (?:from|until|on)|vacation (?:reply|message|notice|response|auto)|on (?:vacation|leave|holiday)|"
    r"annual leave|(?:i am|i m) (?:away|on leave|out of)|currently (?:away|out)|absence\b|"
    r"abwesenheit|automatische antwort|nicht im buro|"
    r"reponse automatique|message automatique|absent\w? (?:du bureau|jusqu)|en conges?\b|"
    r"respuesta automatica|fuera de (?:la )?oficina|"
    r"risposta automatica|fuori (?:ufficio|sede)|"
    r"resposta automatica|fora do escritorio|ausencia temporaria|"
    r"automatisch antwoord|automatische (?:reactie|beantwoording)|afwezig|"
    r"automatyczna odpowiedz|autoodpowiedz|poza biurem|nieobecnosc|"
    r"autosvar|automatiskt? svar|franvaro|fravaer|automaticka odpoved|otomatik yanit|automatikus valasz|"
    r"automaattinen vastaus|"
    r"(?:thu )?tra loi tu dong|tu dong tra loi|thu tu dong|phan hoi tu dong|tu dong phan hoi|"
    r"(?:thong bao )?(?:vang mat|nghi phep|di cong tac|khong co mat|nghi le))\b|"
    r"(?:re: ?)?(?:автоответ|автоматический ответ|автоматична відповідь|вне офиса|"
    r"自動応答|自動返信|不在(?:の|通知|連絡)|自动回复|自動回覆|自动答复|不在办公室|"
    r"자동 ?(?:응답|회신)|부재중)"
)
AWAY = re.compile(
    r"\b(?:(?<!was )(?<!were )(?<!been )out of (?:the )?office|on (?:annual |sick |maternity |"
    r"paternity |parental |study )?(?:leave|"
    r"vacation|holiday)|away from (?:the|my) (?:office|desk)|not in the office|"
    r"limited access to (?:my )?e ?mail|"
    r"(?:dang|hien|se|toi) (?:\w+ ){0,2}(?:nghi phep|vang mat|nghi om|nghi thai san|di hoc|nghi che do|"
    r"nghi le|nghi tet)|(?:dang|hien) (?:\w+ ){0,2}di cong tac|vang mat tai co quan|"
    r"(?:bin|befinde|bis) (?:\w+ ){0,7}(?:nicht im (?:buro|haus)|abwesend|im urlaub|nicht erreichbar|"
    r"ausser haus)|"
    r"(?:suis|serai) (?:\w+ ){0,4}(?:absente?|en conges?|en deplacement|en vacances)|actuellement absente?|"
    r"(?:estoy|estare|encuentro|encontrare) (?:\w+ ){0,4}(?:fuera de|ausente|de vacaciones|de baja)|"
    r"(?:sono|saro) (?:\w+ ){0,4}(?:fuori (?:ufficio|sede)|assente|in ferie)|"
    r"(?:estou|estarei|encontro me) (?:\w+ ){0,4}(?:fora d|ausente|de ferias|em ferias)|"
    r"(?:ben|zal) (?:\w+ ){0,7}(?:afwezig|niet aanwezig|niet op kantoor|(?:met|op) vakantie)|"
    r"(?:jestem|bede|przebywam) (?:\w+ ){0,4}(?:poza biurem|na urlopie|nieobecn))|"
    r"(?:нахожусь|буду|я|сейчас) .{0,30}(?:в отпуске|в командировке|отсутству)|вне офиса|"
    r"不在にして|不在と|不在で|休暇(?:中|を|の|で)|お休みを|出張(?:中|の)|"
    r"(?:正在|目前|现在|我在|我将|本人).{0,12}(?:休假|出差|外出|度假|不在)|不在办公室"
)
"""Somebody is not there."""
MEANWHILE = re.compile(
    r"\b(?:will (?:respond|reply|answer|return|be back|get back|read)|urgent|in my absence|"
    r"immediate assistance|please contact|when i (?:return|am back)|until|"
    r"(?:se|xin) (?:phan hoi|tra loi|lien he lai|hoi am)|"
    r"(?:can|viec|truong hop) (?:\w+ ){0,2}(?:gap|khan)|(?:xin|vui long) lien he|"
    r"tro lai (?:co quan|lam viec)|"
    r"dringend|wenden sie sich|vertret|wieder (?:da|erreichbar|im|zuruck)|zuruck|nicht weitergeleitet|"
    r"urgence|urgente|de retour|mon retour|repondrai|contact|regres|a mi vuelta|responder|"
    r"rientr|rispond|ritorn|retorn|terug|beantwoord|bereikbaar|piln|kontakt|wracam|powroc|wroc|odpowiem)|"
    r"срочн|свяжитесь|обращай|обращат|вернусь|отвечу|連絡|返信|対応|至急|戻り|联系|聯絡|回复|回覆|紧急"
)
"""What happens until then."""
ASKS_OR_REPORTS = re.compile(
    r"\b(?:gia han|xin lui|lui (?:thoi )?han|nop (?:cham|muon|sau|tre)|bao cao (?:nhu sau|ket qua)|"
    r"dinh kem|"
    r"gui kem|kem theo|extension|more time|extend|as requested|attached|report as follows|nhu sau)\b"
)
"""What a person writes who answers although somebody is not there."""

_RETURNS = (
    r"(?:tro lai|quay lai|lam viec lai|di lam lai|co mat (?:lai|tai)|lam viec binh thuong|"
    r"\bback|\breturn(?:ing)?|be in the office|\bresume|"
    r"wieder|zuruck|\bab (?:dem)?|de retour|retour|reprend\w*|vuelvo|regres\w*|de vuelta|a partir d|"
    r"torno|rientr\w*|ritorn\w*|a partire d|volto|retorn\w*|de volta|terug|vanaf|aanwezig|bereikbaar|"
    r"wracam|wroce|powr\w*|bede ponownie|dostepn\w*|"
    r"вернусь|выхожу|буду (?:на месте|в офисе|доступ[а-я]*)|начиная с) ?"
    r"(?:[^\W\d_]+[,.:]? ){0,8}?"
)
_BACK = re.compile(f"{_RETURNS}{DAY}")
_BACK_ON = re.compile(f"{_RETURNS}{WEEKDAY}")
_RETURNED = re.compile(
    rf"{DAY},? (?:[^\W\d_]+ ){{0,3}}?(?:tro lai|quay lai|lam viec lai|di lam|co mat|tro ve)\b"
)
_BACK_EAST = re.compile(
    rf"{DAY} ?(?:から|より|に|以降|起|后|後)?.{{0,6}}(?:出社|復帰|戻り|戻る|返回|回来|回到|上班|"
    r"出勤|복귀|출근)"
)
_UNTIL_WORD = re.compile(
    r"\b(?:(?P<whole>den het|het|through|until the end of|up to and including|bis einschliesslich|"
    r"bis einschl\.|t/m|tot en met|jusqu au .{0,12}inclus|hasta el .{0,12}inclusive)|den|until|till|to|"
    r"bis(?: zum)?|jusqu au|au|hasta(?: el)?|fino al|al|ate(?: o)?(?: dia)?|tot|do|по|до) "
)
_UNTIL = re.compile(rf"(?:ngay |the end of |dia |am |den )?(?:[^\W\d_]+[,.]? ){{0,4}}?{DAY}")
_WHOLE_EAST = re.compile(rf"{DAY} ?(?:\(.\) ?)?(?:まで|까지|止|为止|為止)")
_UNTIL_EAST = re.compile(rf"[至到] ?{DAY}")


def return_on(text: str, sent_on: date | None) -> date | None:
    """The first day back that a notice names; a day without a year is the next after `sent_on`.

    A day that somebody is away "until" counts as the first day back, unless the notice says that the whole of
    it is meant. A day of the week alone is the next of that name.
    """
    folded = foldable(text[:3000])
    back = _BACK.search(folded)
    if back:
        return day_of(back, sent_on)
    for pattern in (_RETURNED, _BACK_EAST):
        if found := pattern.search(folded):
            return day_of(found, sent_on)
    end = max(_ends(folded, sent_on), default=None)
    named = _BACK_ON.search(folded) if end is None and sent_on is not None else None
    return weekday_of(named["weekday"], sent_on) if named and sent_on is not None else end


def _ends(folded: str, sent_on: date | None) -> Iterator[date]:
    """The days until which somebody is away, moved to the day after when the whole day is meant."""
    for word in _UNTIL_WORD.finditer(folded):
        until = _UNTIL.match(folded, word.end())
        day = day_of(until, sent_on) if until else None
        if day is not None:
            yield _after(day) if word["whole"] else day
    for pattern, whole in ((_WHOLE_EAST, True), (_UNTIL_EAST, False)):
        for found in pattern.finditer(folded):
            day = day_of(found, sent_on)
            if day is not None:
                yield _after(day) if whole else day


def _after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
