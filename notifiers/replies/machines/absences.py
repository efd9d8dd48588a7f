"""How notices of absence read, in the languages that people are absent in.

Latin script is written folded, other scripts as they are.
"""

from __future__ import annotations

import re

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
    r"autosvar|automatiskt? svar|franvar\w*|fravaer\w*|ikke til stede|ikke pa kontoret|automaticka odpoved|"
    r"nepritomnost|mimo kancelar|otomatik yanit|ofis disinda|automatikus valasz|hazon kivul|irodan kivul|"
    r"automaattinen vastaus|poissa (?:toimistolta|paikalta)|raspuns automat|in afara biroului|"
    r"balasan otomatis|"
    r"di luar kantor|"
    r"(?:thu )?tra loi tu dong|tu dong tra loi|thu tu dong|phan hoi tu dong|tu dong phan hoi|"
    r"(?:thong bao )?(?:vang mat|nghi phep|di cong tac|khong co mat|nghi le))\b|"
    r"(?:re: ?)?(?:автоответ|автоматический ответ|автоматична відповідь|вне офиса|"
    r"自動応答|自動返信|不在(?:の|通知|連絡)|自动回复|自動回覆|自动答复|不在办公室|"
    r"자동 ?(?:응답|회신)|부재중|поза офісом|αυτόματη απάντηση|εκτός γραφείου|מענה אוטומטי|תשובה אוטומטית|"
    r"מחוץ למשרד|رد تلقائي|خارج المكتب|ตอบกลับอัตโนมัติ|ไม่อยู่ที่สำนักงาน)"
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
    r"(?:jestem|bede|przebywam) (?:\w+ ){0,4}(?:poza biurem|na urlopie|nieobecn)|"
    r"(?:jag|jeg) (?:\w+ ){0,3}(?:semester|ferie|ledig|ikke til stede|ikke pa kontoret|inte pa kontoret|"
    r"bortrest|bortreist|fravaerende|franvarande|ude af kontoret|ute av kontoret)|"
    r"olen (?:\w+ ){0,3}(?:lomalla|vuosilomalla|poissa)|jsem (?:\w+ ){0,3}(?:mimo kancelar|na dovolene|"
    r"nepritom)|(?:ofis|is yeri) disinda|izinde(?:yim|yiz)?|izinli(?:yim)?|ofiste olmayaca\w+|"
    r"szabadsagon|irodan kivul|hazon kivul|nem vagyok az irodaban|(?:sunt|voi fi) (?:\w+ ){0,3}(?:concediu|"
    r"in afara biroului|plecat)|sedang cuti|di luar kantor)|"
    r"у відпустці|поза офісом|λείπω|σε άδεια|εκτός γραφείου|בחופשה|מחוץ למשרד|خارج المكتب|في إجازة|"
    r"휴가(?: ?중|입니다|를)|자리를 비|ลาพักร้อน|ไม่อยู่ที่สำนักงาน|"
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
    r"rientr|rispond|ritorn|retorn|terug|beantwoord|bereikbaar|piln|kontakt|wracam|powroc|wroc|odpowiem|"
    r"tilbage|tilbake|tillbaka|ater pa|haster|hastar|bradskande|akut|palaan|kiireel|zpet|vratim|naleha|"
    r"donece|acil|irtozik|surgos|vissza|revin|mendesak|kembali)|"
    r"срочн|свяжитесь|обращай|обращат|вернусь|отвечу|連絡|返信|対応|至急|戻り|联系|聯絡|回复|回覆|紧急|"
    r"повернусь|термінов|επιστρέφω|επιστρέψω|επείγ|אחזור|דחוף|أعود|عاجل|복귀|긴급|กลับ|ด่วน"
)
"""What happens until then."""
ASKS_OR_REPORTS = re.compile(
    r"\b(?:gia han|xin lui|lui (?:thoi )?han|nop (?:cham|muon|sau|tre)|bao cao (?:nhu sau|ket qua)|"
    r"dinh kem|"
    r"gui kem|kem theo|extension|more time|extend|as requested|attached|report as follows|nhu sau)\b"
)
"""What a person writes who answers although somebody is not there."""
