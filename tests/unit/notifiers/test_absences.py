"""Notices of absence and other mail of machines, in the languages that agencies and their partners write."""

from __future__ import annotations

from datetime import date
from email.header import Header

import pytest

from notifiers.replies import ReplyKind, Understood, understand
from notifiers.replies.machines.back import return_on

SENT = "Tue, 12 Nov 2024 09:00:00 +0700"


def _read(subject: str, text: str, headers: str = "") -> Understood:
    head = f"From: Lan <lan@xa.example>\nTo: baocao@dondoc.example\nSubject: {Header(subject, 'utf-8').encode()}\n"
    kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    return understand(f"{headers}{head}Date: {SENT}\n{kind}\n{text}\n".encode())


@pytest.mark.parametrize(
    ("subject", "text", "back"),
    [
        (
            "Tự động trả lời: Báo cáo năm",
            "Tôi đang đi công tác, trở lại làm việc ngày 05/12. Cần gấp xin liên hệ đ/c Lan, lan@xa.example.",
            "2024-12-05",
        ),
        (
            "Re: Báo cáo năm 2024",
            "Cảm ơn anh/chị đã gửi thư. Hiện tôi đang nghỉ phép đến hết ngày 22/11/2024. Tôi sẽ phản hồi khi trở lại cơ quan.",
            "2024-11-23",
        ),
        (
            "Re: Report",
            "I am out of the office until Monday, December 7th. For urgent matters please contact Lan at lan@xa.example.",
            "2024-12-07",
        ),
        (
            "Re: Report",
            "Thank you for your email. I am currently on annual leave and will be back on Monday.",
            "2024-11-18",
        ),
        (
            "Absence : Rapport",
            "Bonjour,\nJe suis absente du bureau du 3 au 12 décembre 2024. En cas d'urgence, vous pouvez contacter Mme Lan : lan@xa.example.\nCordialement",
            "2024-12-12",
        ),
        (
            "Re : Rapport",
            "Bonjour, je suis actuellement en congés, de retour le 25 novembre 2024. En cas d'urgence contacter le secrétariat.",
            "2024-11-25",
        ),
        (
            "Abwesenheitsnotiz: Bericht",
            "Ich bin bis einschließlich 22.11.2024 nicht im Büro. In dringenden Fällen wenden Sie sich bitte an lan@xa.example.",
            "2024-11-23",
        ),
        (
            "AW: Bericht",
            "Vielen Dank für Ihre Nachricht. Ich bin derzeit im Urlaub und ab dem 25. November wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet.",
            "2024-11-25",
        ),
        (
            "Respuesta automática: Informe",
            "Estoy fuera de la oficina hasta el 2 de diciembre. Para asuntos urgentes contacte con lan@xa.example.",
            "2024-12-02",
        ),
        (
            "Re: Informe",
            "Buenos días: me encuentro de vacaciones. Regreso el lunes 25 de noviembre. Para temas urgentes, contactar con Lan.",
            "2024-11-25",
        ),
        (
            "Re: Rapporto",
            "Sono fuori ufficio fino al 20 novembre. Per urgenze rivolgersi a lan@xa.example. Rientrerò il 21 novembre.",
            "2024-11-21",
        ),
        (
            "Re: Relatório",
            "Estarei ausente até dia 20 de novembro, com acesso limitado. Em caso urgente, contactar lan@xa.example. Responderei quando voltar.",
            "2024-11-20",
        ),
        (
            "Re: Rapport",
            "Ik ben momenteel met vakantie en ben vanaf 25 november weer aanwezig. Bij dringende zaken kunt u contact opnemen met Lan.",
            "2024-11-25",
        ),
        (
            "Re: Raport",
            "Dzień dobry, jestem na urlopie do 22 listopada. W pilnych sprawach proszę o kontakt z lan@xa.example.",
            "2024-11-22",
        ),
        (
            "Re: Отчёт",
            "Здравствуйте! Я нахожусь в отпуске до 25 ноября. По срочным вопросам обращайтесь к Лан: lan@xa.example.",
            "2024-11-25",
        ),
        (
            "Re: 報告",
            "お世話になっております。11月22日まで休暇を取得しております。お急ぎの場合は lan@xa.example までご連絡ください。",
            "2024-11-23",
        ),
        (
            "Re: 報告",
            "不在にしております。11月25日に出社いたしますので、改めてご連絡いたします。",
            "2024-11-25",
        ),
        ("Re: 报告", "您好，我正在休假，11月25日返回。如有紧急事务请联系 lan@xa.example。", "2024-11-25"),
        ("自动回复: 报告", "我不在办公室，请稍后联系。", None),
        (
            "Re: Báo cáo",
            "Hiện nay tôi đang nghỉ thai sản. Mọi việc xin liên hệ chị Hoa (hoa@xa.example).",
            None,
        ),
        (
            "Re: bao cao",
            "Toi dang di cong tac tai Ha Noi, se tra loi sau khi tro lai co quan ngay 18/11.",
            "2024-11-18",
        ),
        (
            "Re: Báo cáo",
            "Anh/chị thân mến, tôi vắng mặt tại cơ quan từ 11-11 đến 15-11, xin liên hệ đ/c Hùng 0912345678 nếu có việc gấp.",
            "2024-11-15",
        ),
        (
            "Trả lời tự động: Báo cáo",
            "Tôi nghỉ phép từ ngày 18/11/2024, ngày 25/11/2024 trở lại làm việc.",
            "2024-11-25",
        ),
        (
            "Trả lời tự động: Báo cáo",
            "Hiện tôi đang đi học tập trung, đến 02/12 mới có mặt tại cơ quan.",
            "2024-12-02",
        ),
        (
            "Trả lời tự động: Báo cáo",
            "Tôi nghỉ đến hết ngày 22/11/2024. Tôi trở lại sẽ trả lời ngay.",
            "2024-11-23",
        ),
        ("Automatic reply: x", "See you.", None),
        ("부재중 자동 응답", "11월 15일까지 휴가입니다. 11월 18일 복귀합니다.", "2024-11-18"),
    ],
)
def test_a_notice_without_headers_is_known_by_its_words_and_tells_the_day_of_return(
    subject: str, text: str, back: str | None
) -> None:
    mail = _read(subject, text)

    assert mail.kind is ReplyKind.AUTO_REPLY
    assert (mail.return_on.isoformat() if mail.return_on else None) == back


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Re: x",
            "Thank you for contacting us. Your request has been received, ticket number 4411. Please do not reply to this message.",
        ),
        (
            "[#4411] Đã tiếp nhận",
            "Yêu cầu của quý vị đã được tiếp nhận, mã yêu cầu 4411. Vui lòng không trả lời thư này.",
        ),
        (
            "Please confirm your message",
            "To deliver your message to lan@xa.example please click the link below to verify that you are a human sender.",
        ),
        (
            "Your message to ds-xa awaits moderator approval",
            "Your mail to 'ds-xa' with the subject x is being held until the list moderator can review it for approval.",
        ),
        ("Đã đọc: Báo cáo", "Thư của quý vị gửi lúc 9 giờ đã được đọc ngày 12/11/2024."),
        ("Read: Report", "Your message\n   To: lan\n   Subject: Report\nwas read on 12/11/2024."),
    ],
)
def test_receipts_challenges_and_moderators_are_machines(subject: str, text: str) -> None:
    assert _read(subject, text).kind is ReplyKind.AUTO_REPLY


def test_an_answer_to_an_invitation_is_no_answer_to_a_request() -> None:
    raw = (
        b"From: lan@xa.example\nSubject: Accepted: Giao ban\nMIME-Version: 1.0\n"
        b'Content-Type: text/calendar; method=REPLY; charset="utf-8"\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n'
    )

    assert understand(raw).kind is ReplyKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Re: Báo cáo",
            "Kính gửi phòng, đồng chí phụ trách đang nghỉ phép, xã xin gia hạn đến ngày 20/11. Trân trọng.",
        ),
        ("Re: Báo cáo", "Chào chị, em vừa đi công tác về. Em gửi báo cáo ạ.\nSố tin, bài: 12"),
        (
            "Re: Báo cáo",
            "Trong tháng, 02 cán bộ nghỉ phép, 01 nghỉ thai sản; xã vẫn hoàn thành. Cần gấp số liệu nào xin liên hệ văn phòng. Báo cáo như sau: đã đăng 12 tin.",
        ),
        (
            "Re: Report",
            "Sorry for the delay, I was out of the office last week. We published 12 items. Please contact me if urgent.",
        ),
        ("Re: Report", "We have received your request and will report by Friday."),
        (
            "Re: Báo cáo",
            "Đã nhận được thư của phòng. Xã sẽ báo cáo sau khi đồng chí Chủ tịch đi công tác về.",
        ),
        ("Re: Báo cáo", "Thư trả lời tự động của hệ thống hôm qua là nhầm, xã gửi lại số liệu: 12 tin."),
        ("Re: Báo cáo", "Đồng chí Lan hiện không còn phụ trách, xin liên hệ đồng chí Hoa, hoa@xa.example."),
        ("Re: Report", "Could you confirm your deadline? Do we have to click the link to release the form?"),
        ("Re: Báo cáo", "Đề nghị phòng cho biết báo cáo có cần số liệu hết ngày 15/11 hay không?"),
    ],
)
def test_a_person_who_speaks_of_such_things_is_a_person(subject: str, text: str) -> None:
    assert _read(subject, text).kind.by_person


def test_a_notice_names_who_deputises() -> None:
    mail = _read(
        "Tự động trả lời: x",
        "Tôi đang nghỉ phép. Việc gấp xin liên hệ đ/c Hoa (Hoa@xa.example), không gửi lan@xa.example.",
    )

    assert mail.handed_to == "hoa@xa.example"


@pytest.mark.parametrize(
    ("text", "back"),
    [
        (
            "I will be out of the office starting 07/21/2025 and will not return until 08/04/2025.",
            "2025-08-04",
        ),
        ("I am on leave until August 4th inclusive.", "2025-08-05"),
        ("I'm out of office until the 25th.", "2025-07-25"),
        ("I am out of the office today and will be back tomorrow.", "2025-07-19"),
        ("I'll return 8/4 and will answer then.", "2025-08-04"),
        ("I am out of the office July 21-25.", "2025-07-25"),
        (
            "Ich bin vom 21.07. bis zum 01.08.2025 im Urlaub. Am 4. August bin ich wieder erreichbar.",
            "2025-08-04",
        ),
        ("Je suis absent jusqu'au 4 août 2025.", "2025-08-04"),
        ("Je suis en congés du 21 juillet au 1er août inclus.", "2025-08-02"),
        ("Jag är på semester till den 4 augusti.", "2025-08-04"),
        ("Jeg holder ferie og er tilbage mandag den 4. august.", "2025-08-04"),
        ("Jeg er på ferie til og med 1. august.", "2025-08-02"),
        ("Jeg er tilbake på kontoret 4. august 2025.", "2025-08-04"),
        ("Olen lomalla 1.8.2025 asti.", "2025-08-01"),
        ("Palaan töihin 4. elokuuta.", "2025-08-04"),
        ("Jsem na dovolené do 4. srpna.", "2025-08-04"),
        ("Vrátím se 4. srpna 2025.", "2025-08-04"),
        ("28 Temmuz 2025 tarihinde ofiste olacağım.", "2025-07-28"),
        ("4 Ağustos'a kadar izindeyim.", "2025-08-04"),
        ("Augusztus 4-én térek vissza.", "2025-08-04"),
        ("Szabadságon vagyok augusztus 4-ig.", "2025-08-04"),
        ("Sunt în concediu până la 4 august.", "2025-08-04"),
        ("Revin pe 4 august.", "2025-08-04"),
        ("Я у відпустці до 4 серпня.", "2025-08-04"),
        ("Повернусь 4 серпня.", "2025-08-04"),
        ("7月25日まで休暇をいただいております。7月28日より順次ご返信いたします。", "2025-07-28"),
        ("Tôi nghỉ phép từ ngày 21/7 đến hết ngày 01/8/2025.", "2025-08-02"),
        ("Tôi sẽ đi làm lại vào thứ Hai tuần sau.", "2025-07-21"),
        ("Saya cuti sampai 4 Agustus 2025.", "2025-08-04"),
        ("Λείπω έως 4 Αυγούστου.", "2025-08-04"),
        ("I'm on vacation till 04-Aug-2025.", "2025-08-04"),
        ("Will be back on Aug. 4, 2025", "2025-08-04"),
        ("Out of office: Jul 21 to Aug 1, both days included.", "2025-08-02"),
    ],
)
def test_the_first_day_back_is_read_in_the_languages_of_those_who_are_away(text: str, back: str) -> None:
    assert return_on(text, date(2025, 7, 18)) == date.fromisoformat(back)


def test_an_answer_to_a_subject_that_speaks_of_absence_is_a_persons() -> None:
    text = "We open at eight.\n\nOn Mon, Nov 11, 2024 at 8:00 AM Office <office@dondoc.example> wrote:\n> When?\n"

    assert _read("Re: Out of office hours service", text).kind.by_person


def test_a_day_far_off_is_read_as_america_writes_it_when_that_is_near() -> None:
    assert return_on("I return on 8/4.", date(2025, 7, 18)) == date(2025, 8, 4)
    assert return_on("Tôi trở lại làm việc ngày 8/9.", date(2025, 7, 18)) == date(2025, 9, 8)
