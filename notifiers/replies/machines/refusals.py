"""The words with which servers say that a mail was not delivered, and why, in the languages that they speak.

Latin script is written folded, other scripts as they are. All patterns are linear: no repeat within a repeat.
"""

from __future__ import annotations

import re

SUBJECT = re.compile(
    r"(?:\w+ ){0,3}?(?:undeliver|(?:mail |message )?delivery (?:status|has fail|fail|error|"
    r"report|notif|problem|warning|delay|unsuccess|impossible)|mail delivery|message delivery|"
    r"returned (?:mail|message|to sender)|failure (?:notice|delivery)|"
    r"fail(?:ed|ure) (?:mail|delivery|to deliver)|failed mail|"
    r"mail (?:fail|not deliver|could not be|system error|error|returned)|"
    r"permanent (?:delivery )?fail|non ?deliver|not delivered|message status|"
    r"message (?:not|un|could not be|you sent (?:blocked|could)) ?deliver|message you sent blocked|"
    r"warning (?:message|could not|[a-z ]{0,80}user unknown)|message delayed|"
    r"delayed (?:mail|delivery|message)|processing error|rejected mail|automatically rejected|"
    r"your (?:e ?mail )?message (?:to .{1,100})?(?:could not|not) be|mail could not be delivered|"
    r"there was an error sending|email .{0,20}not delivered|unable to deliver|address not found|"
    r"message (?:blocked|rejected|bounced)|user unknown|bounced? (?:mail|message)|"
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, the north
    r"unzustellbar|nicht zustellbar|zustell(?:ung|fehler|bericht)|(?:nachricht|mail) nicht zugestellt|"
    r"echec de (?:la )?(?:remise|distribution|livraison|notification)|non remis|non delivre|non distribue|"
    r"notification d etat de remise|retour a l expediteur|"
    r"no se (?:ha )?(?:puede|podido|pudo) entregar|no entregado|error de entrega|fallo (?:en la|"
    r"de) entrega|"
    r"devuelto al remitente|correo devuelto|"
    r"(?:avviso di )?mancat[oa] (?:recapito|consegna)|impossibile (?:consegnare|recapitare)|non recapitat|"
    r"errore di (?:consegna|recapito)|"
    r"falha (?:na|de) entrega|nao (?:foi )?(?:entregue|entregavel)|mensagem nao|devolvid|"
    r"onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging|"
    r"niedostarcz|nie dostarczon|zwrocon|nedorucen|olevererbar|kan inte levereras|kunne ikke leveres|"
    r"oleverert|leverans|"
    # Vietnamese
    r"(?:thu |email |tin nhan )?(?:khong|chua) the (?:gui|chuyen|phan phoi|phat)|"
    r"(?:thu|email) (?:bi )?(?:khong gui duoc|tra lai|hoan lai)|khong gui duoc (?:thu|email)|loi gui thu|"
    r"thong bao (?:thu )?(?:khong (?:the )?gui|gui thu (?:that bai|khong thanh cong)|tra (?:lai )?thu|"
    r"trang thai (?:gui|phan phoi)|loi gui|phat thu|chua gui duoc)|"
    r"gui (?:thu |email )?(?:that bai|khong thanh cong)|khong (?:phan phoi|chuyen|phat) duoc|tri hoan gui|"
    r"thu (?:chua|khong) (?:duoc )?(?:gui|chuyen|phat)|hoan thu)|"
    r"[^\n]{0,60}(?:退信|退回|投递失败|投遞失敗|无法投递|無法投遞|无法送达|無法傳遞|未送达|"
    r"配信(?:できません|エラー|不能|失敗)|送信(?:できません|エラー)|不達|"
    r"не доставлен|недоставлен|не удалось доставить|ошибка доставки|сбой доставки|невозможно доставить|"
    r"не доставлено|не може бути доставлен|배달(?:되지| 실패|할 수)|반송)"
)
"""How the subject of a bounce begins."""

TEXT = re.compile(
    r"(?:could|can) ?not (?:be )?(?:deliver|sent|reach)|(?:was|were|been|is) (?:un|not )deliver|"
    r"undeliver|deliver(?:y|ing)?(?: \w+){0,8} (?:has )?fail|fail(?:ed|ure)(?: \w+){0,6} deliver|"
    r"unable to (?:be )?deliver|(?:wasn t|not) able to (?:be )?deliver|trouble delivering|"
    r"did not reach|has been delayed|not (?:yet )?been delivered|being delayed|"
    r"deliver(?:y|ies) (?:status|errors?|delay|problems?)|permanent (?:fatal )?error|user (?:is )?unknown|"
    r"unknown user|no such (?:user|account|recipient|address)|unknown (?:address|recipient)|"
    r"not (?:a )?(?:known|valid|listed)|mailbox (?:is )?(?:full|unavailable|not found)|over ?quota|"
    r"does(?: not|n t) exist|failed recipient|"
    r"(?:mail|message|email) (?:was |is |has been )?(?:returned|rejected|refused|bounced|blocked)|"
    r"returned (?:to sender|mail)|address (?:rejected|not found)|recipient rejected|returning it|"
    r"zugestellt werden|nicht zustell|nachrichtenzustellung|unzustellbar|"
    r"echec de (?:la )?remise|n a pas (?:pu )?(?:etre|ete) (?:remis|delivre|distribue|livre)|"
    r"impossible de remettre|"
    r"no (?:se )?(?:ha )?(?:puede|pudo|podido) (?:ser )?(?:entrega|enviad)|no ha sido entregado|"
    r"non (?:e stato )?(?:possibile|potuto|recapitat|consegnat)|rilevato un errore|rifiutat|"
    r"nao (?:pode|foi|pode ser|pôde ser)[a-z ]{0,10} (?:entregue|enviada)|nao pode ser entregue|"
    r"niet (?:worden )?(?:bezorgd|afgeleverd)|nie (?:mogla|moze|zostala|zostal)(?: \w+){0,2} dostarcz|"
    r"(?:khong|chua) (?:the )?(?:gui|chuyen|phan phoi|phat)(?: \w+){0,6} (?:duoc|den|toi|cho)|"
    r"khong (?:gui|chuyen|phat) duoc|khong ton tai|gui (?:thu )?(?:that bai|khong thanh cong)|bi tu choi|"
    r"hop thu (?:\w+ ){0,4}(?:da )?day|tam thoi chua|thu bi tra lai|"
    r"被退回|无法送达|投递|退信|配信|送信できません|届けられません|"
    r"не (?:смогли|удалось|может быть|был[ои]?) (?:доставить|доставлен)|не доставлен|недоставлен"
)
"""What the text of a bounce says."""

REASONS = tuple(
    (re.compile(pattern), status)
    for pattern, status in (
        (
            r"has moved|moved (?:permanently|to (?:another|a new))|please (?:use|try) (?:the )?new address",
            "5.1.6",
        ),
        (
            (
                r"mail(?:box|folder|drop)? (?:is |was |has |storage )?(?:full|over\b|exceed)|full mailbox|"
                r"over ?(?:the |its |disk |storage )?quota|quota (?:usage )?(?:is )?(?:exceed|full|limit|"
                r"violation|has been)|"
                r"exceed\w* .{0,40}(?:quota|storage|mailbox|allowed size|disk|space)|account is full|"
                r"(?:not enough|out of|no) (?:storage|disk|mailbox )?(?:space|storage)|insufficient (?:disk|"
                r"mailbox)|"
                r"mailbox .{0,40}(?:size limit|exceed|local limit)|recipient s mailbox exceeded|disk quota|"
                r"too many messages|exceeds allowed size|"
                r"hop thu (?:\w+ ){0,4}(?:da )?day|vuot (?:qua )?(?:han muc|dung luong)|het dung luong|"
                r"(?:buzon|casilla|correo) .{0,20}(?:lleno|llena)|espacio .{0,30}agotado|"
                r"boite .{0,40}(?:pleine|saturee)|"
                r"postfach .{0,30}voll|quota (?:uberschritten|superata|depassee)|casella .{0,20}piena|"
                r"caixa (?:postal|de correio) (?:esta )?(?:cheia|lotada)|skrzynka .{0,20}(?:pelna|"
                r"przepelniona)|"
                r"(?:mailbox|postvak) (?:is )?vol\b|邮箱(?:空间)?(?:已满|不足)|信箱已滿|"
                r"容量.{0,10}(?:超|いっぱい)|"
                r"メールボックス.{0,12}(?:いっぱい|一杯|満杯)|переполнен|превыше.{0,12}квот"
            ),
            "5.2.2",
        ),
        (
            r"insufficient system (?:storage|resources)|system storage",
            "5.3.1",
        ),
        (
            (
                r"(?:account|mailbox|user|recipient|address|domain)\b.{0,40}\b(?:disabled|suspended|inactive|"
                r"deactivated|locked|closed|frozen|expired)|(?:inactive|disabled|suspended) (?:user|account|"
                r"mailbox)|"
                r"(?:tai khoan|hop thu|dia chi) (?:\w+ ){0,4}(?:bi |tam )khoa|ha expirado|gesperrt|"
                r"заблокирован|"
                r"ngung (?:hoat dong|su dung)"
            ),
            "5.2.1",
        ),
        (
            (
                r"host (?:or domain )?(?:name )?(?:is )?(?:unknown|not found|not exist)|"
                r"unknown (?:mail )?(?:host|domain)|"
                r"unrout|(?:mail )?domain (?:name )?(?:\w+ ){0,6}(?:not (?:found|exist|valid)|"
                r"does ?n[o ]?t exist|unknown|"
                r"no (?:mx|dns))|non ?existent (?:host|domain)|no such (?:host|domain)|"
                r"\bno (?:mx|dns|a record|valid mx|mail exchange)|mx records? .{0,30}(?:not|non|invalid)|"
                r"dns (?:error|lookup|fail|hard)|name (?:service |server )?error|bad destination|"
                r"nameserver error|"
                r"could ?n[o ]?t find any host|(?:illegal|invalid) (?:host|domain)|ten mien khong ton tai|"
                r"域名|ドメイン.{0,6}(?:存在|見つか)|домен.{0,12}не (?:найден|существует)"
            ),
            "5.1.2",
        ),
        (
            (
                r"user (?:is )?(?:unknown|not found|not known|not exist)|unknown (?:local )?user|"
                r"no such (?:user|account|recipient|address|mailbox|person)|no mailbox here|not listed in|"
                r"(?:address|account|user|recipient|mailbox|person|name) .{0,60}(?:does ?n[o ]?t exist|"
                r"not found|"
                r"unknown|not (?:a )?(?:valid|recogni[sz]ed|known)|could ?n[o ]?t be found|no longer|"
                r"not in our)|"
                r"unknown (?:address|recipient|local part|mailbox|account)|recipient ?not ?found|"
                r"recip ?not ?found|"
                r"(?:invalid|bad|no valid|nonexistent|unrecogni[sz]ed) (?:recipient|address|mailbox|user|"
                r"account|local)|"
                r"(?:address|recipient|rcpt|user) (?:address )?(?:rejected|refused)|rejected (?:recipient|"
                r"address)|"
                r"does ?n[o ]?t have (?:a|an) (?:\w+ ){1,5}account|"
                r"not (?:a )?(?:local|our) (?:user|customer)|"
                r"mailbox (?:name )?(?:is )?(?:unavailable|not available|not allowed|invalid)|"
                r"not like recipient|"
                r"unavailable to take delivery|"
                r"khong ton tai|khong tim thay|khong (?:co|dung) (?:dia chi|nguoi nhan)|"
                r"unbekannt|existiert nicht|nicht gefunden|n existe pas|inconnu|introuvable|no existe|"
                r"desconocid|"
                r"nao existe|inexistente|non esiste|sconosciut|inesistente|indirizzo non valido|onbekend|"
                r"bestaat niet|"
                r"nie istnieje|nie ma takiego|nieznan|不存在|查无此|宛先不明|見つかりません|存在しません|"
                r"не существует|не найден|неизвестн|нет такого"
            ),
            "5.1.1",
        ),
        (r"too (?:large|big)|size limit|exceeds? .{0,30}size|message size|qua lon|zu gross", "5.3.4"),
        (r"(?:mail|routing|forwarding) loop|loops? back|too many hops|hop count", "5.4.6"),
        (
            (
                r"gr[ae]y ?list|\bspam|block(?:ed|list|ing)|blacklist|block list|policy|"
                r"(?<!anti)(?<!anti )\bvirus|"
                r"content reject|unauthenticated|reputation|\bdmarc\b|\bspf\b|"
                r"not (?:authori[sz]ed|permitted|allowed)|relay(?:ing)? (?:access )?denied|access denied|"
                r"relaying|bi tu choi|bi chan|prohibited"
            ),
            "5.7.1",
        ),
        (
            (
                r"(?:connection|connect) (?:was )?(?:timed|time|refused|reset|lost|dropped|closed|failed)|"
                r"(?:could|can) ?n[o ]?t (?:be )?connect|unable to connect|"
                r"not accept our requests to connect|"
                r"no route to host|network (?:is )?unreachable|network error|not respond|"
                r"host (?:is )?(?:not reachable|"
                r"unreachable|down)|no answer from host|khong ket noi duoc"
            ),
            "4.4.1",
        ),
        (r"temporary (?:lookup|dns|name)|lookup fail|dns.{0,20}tempor|server ?fail", "4.4.3"),
    )
)
"""Reasons in the order in which they are believed, with what each comes to when no code is given."""

WAITING = re.compile(
    r"time(?:d )?[ -]?out|retry timeout|too long|temporar|try (?:again|later)|expired|not been able to|"
    r"deferred|delivered for \d|tam thoi|thu lai"
)
"""Words of a mail that was tried in vain, and tried again."""

NOT_YET = re.compile(
    r"\bdelay|will (?:be )?(?:retr|tried|keep|continue|attempt)|still (?:being )?(?:re)?tr(?:y|ied)|"
    r"warning (?:message )?only|not (?:yet )?been delivered (?:yet|after)|(?:not|no) need to resend|"
    r"do not (?:need to )?(?:resend|re send|send)|has not yet been|could not be delivered (?:yet|for more)|"
    r"continue (?:to )?try|keep trying|delivery attempts will|temporary failure report|"
    r"verzoger|retarde|en retard|se seguira intentando|demorado|ritard|opoznion|vertraag|"
    r"tam thoi chua|se (?:duoc )?(?:tiep tuc )?(?:thu )?(?:gui )?lai|tri hoan|chua gui duoc|"
    r"задерж|延迟|遅延"
)
"""Words of a mail that is still being tried."""

OVER = re.compile(
    r"permanent|(?<!non )fatal|g(?:iv|av)\w{1,3} up|\bfinal|has failed|not be (?:retried|tried again)|"
    r"unknown user|user unknown|no such|will not be|(?:being|been) returned|returned to|undeliverable|"
    r"deleted from queue|removed from the|khong ton tai"
)
"""Words of a mail that is not tried any more."""
