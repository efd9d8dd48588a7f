from __future__ import annotations

from email.message import EmailMessage

import pytest

from notifiers.replies import understand

OWN = "Kính gửi phòng,\nXã đã gửi số liệu."


def _text(text: str, sender: str = "Văn thư <vanthu@xa.example>") -> str:
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = "Re: Báo cáo"
    message.set_content(text)
    return understand(message.as_bytes()).text


@pytest.mark.parametrize(
    "introduction",
    [
        "Vào Th 2, 4 thg 11, 2024 vào lúc 08:00 Phòng VH-TT <baocao@dondoc.example> đã viết:",
        "Vào 08:00, T.2, 4 Th11, 2024 Phòng VH-TT <baocao@dondoc.example> đã viết:",
        "Ngày 04/11/2024 lúc 08:00, Phòng VH-TT viết:",
        "Lúc 08:00 ngày 4/11/2024, baocao@dondoc.example đã viết:",
        "On Mon, Nov 4, 2024 at 8:00 AM Office <office@dondoc.example> wrote:",
        "On 4 Nov 2024, at 08:00, Office <office@dondoc.example> wrote:",
        "On 2024-11-04 08:00, office@dondoc.example wrote:",
        "On Monday, November 4, 2024 at 08:00:12 AM GMT+7, Office wrote:",
        "Am 04.11.2024 um 08:00 schrieb Büro <office@dondoc.example>:",
        "Le lun. 4 nov. 2024 à 08:00, Bureau <office@dondoc.example> a écrit :",
        "El lun, 4 nov 2024 a las 8:00, Oficina (<office@dondoc.example>) escribió:",
        "Em seg., 4 de nov. de 2024 às 08:00, Gabinete <office@dondoc.example> escreveu:",
        "Il giorno lun 4 nov 2024 alle ore 08:00 Ufficio <office@dondoc.example> ha scritto:",
        "Op ma 4 nov 2024 om 08:00 schreef Kantoor <office@dondoc.example>:",
        "Den mån 4 nov. 2024 kl 08:00 skrev Kontoret <office@dondoc.example>:",
        "Den man. 4. nov. 2024 kl. 08.00 skrev Kontoret <office@dondoc.example>:",
        "man. 4. nov. 2024 kl. 08:00 skrev Kontoret <office@dondoc.example>:",
        "ma 4. marrask. 2024 klo 8.00 Toimisto (office@dondoc.example) kirjoitti:",
        "pon., 4 lis 2024 o 08:00 Biuro <office@dondoc.example> napisał(a):",
        "W dniu 4.11.2024 o 08:00, Biuro pisze:",
        "po 4. 11. 2024 v 8:00 odesílatel Kancelář <office@dondoc.example> napsal:",
        "пн, 4 нояб. 2024 г. в 08:00, Офис <office@dondoc.example>:",
        "4 ноября 2024, 08:00, Офис <office@dondoc.example> написал:",
        "пн, 4 лист. 2024 р. о 08:00 Офіс <office@dondoc.example> пише:",
        "4 Kas 2024 Pzt 08:00 tarihinde Ofis <office@dondoc.example> şunu yazdı:",
        "Ofis <office@dondoc.example>, 4 Kas 2024 Pzt, 08:00 tarihinde şunu yazdı:",
        "2024年11月4日(月) 8:00 事務所 <office@dondoc.example>:",
        "办公室 <office@dondoc.example> 于2024年11月4日周一 08:00写道：",
        "2024년 11월 4일 (월) 오전 8:00, 사무실 <office@dondoc.example>님이 작성:",
        "في الاثنين، 4 نوفمبر 2024 في 8:00 ص تمت كتابة ما يلي بواسطة <office@dondoc.example>:",
        "בתאריך יום ב׳, 4 בנוב׳ 2024 ב-8:00 מאת משרד <office@dondoc.example>:",
        "Στις Δευ 4 Νοε 2024 στις 8:00 π.μ., ο χρήστης Γραφείο <office@dondoc.example> έγραψε:",
        "Iroda <office@dondoc.example> ezt írta (időpont: 2024. nov. 4., H, 8:00):",
        "În lun., 4 nov. 2024 la 08:00, Birou <office@dondoc.example> a scris:",
        "---- On Mon, 04 Nov 2024 08:00:00 +0700 Office <office@dondoc.example> wrote ---",
        "From: office@dondoc.example\nDate: Mon, 04 Nov 2024 08:00:00 +0700",
        "On Mon, 4 Nov 2024 08:00:00 +0700\nOffice of the District <office@dondoc.example> wrote:",
        "Vào Th 2, 4 thg 11, 2024 vào lúc 08:00 Phòng Văn hóa - Thông tin <\nbaocao@dondoc.example> đã viết:",
        "On Mon, Nov 4, 2024 at 8:00 AM Office\n<office@dondoc.example>\nwrote:",
        "Office <office@dondoc.example> writes:",
        "Excerpts from Office's message of Mon Nov 04 08:00:00 +0700 2024:",
        "* Office <office@dondoc.example> [2024-11-04 08:00]:",
        "[2024-11-04 08:00] Office <office@dondoc.example>:",
        "Quoting Office <office@dondoc.example>:",
        "Zitat von Office <office@dondoc.example>:",
    ],
)
def test_what_stands_above_a_marked_quote_is_not_the_senders(introduction: str) -> None:
    assert _text(f"{OWN}\n\n{introduction}\n> Kính gửi: UBND xã\n> Đề nghị báo cáo.\n") == OWN
    assert _text(f"{introduction}\n> Đề nghị báo cáo.\n\n{OWN}\n") == OWN


@pytest.mark.parametrize(
    "introduction",
    [
        "На 4 ноември 2024 г., 8:00, Служба <office@dondoc.example> написа:",
        "Kirjeldas Amet <office@dondoc.example> kuupäeval E, 4. november 2024 kell 08:00:",
        "Pada 4 November 2024 08.00, Kantor <office@dondoc.example> menulis:",
        "เมื่อ 4 พฤศจิกายน 2567 08:00 สำนักงาน <office@dondoc.example> เขียนว่า:",
        "2024年11月4日 8:00 事務所 <office@dondoc.example>:",
        "Amt <office@dondoc.example> schrieb am Mo., 4. Nov. 2024 08:00:",
        "Am 04.11.2024 um 08:00 schrieb Amt:",
        "Office <office@dondoc.example> wrote on November 4, 2024:",
        ">>> Office <office@dondoc.example> 04.11.2024 08:00 >>>",
        "##- Please type your reply above this line -##",
    ],
)
def test_what_stands_above_a_quote_without_marks_is_not_the_senders(introduction: str) -> None:
    assert _text(f"{OWN}\n\n{introduction}\n\nKính gửi: UBND xã\nĐề nghị báo cáo.\n") == OWN


def test_lines_under_the_name_of_who_wrote_them_are_not_the_senders() -> None:
    quoted = '>>>>> "Beth" == Beth Lee <beth@x.example> writes:\n\n    Beth> Xã đã họp chưa?\n'
    assert (
        _text(f"{quoted}\nĐã họp hôm qua.\n\n    Beth> Còn gì nữa?\n\nKhông.\n")
        == "Đã họp hôm qua.\n\nKhông."
    )


def test_an_item_keeps_the_space_that_its_writer_put_before_it() -> None:
    assert _text("Đã làm:\n\n - họp xã\n - phát tờ rơi\n") == "Đã làm:\n\n - họp xã\n - phát tờ rơi"


def test_an_answer_of_one_word_below_a_question_is_no_signature() -> None:
    assert _text("> Còn vướng mắc gì?\nKhông.\n\n-- \nNguyễn Văn A\n") == "Không."


def test_spaces_that_a_flowed_text_was_stuffed_with_are_taken_off() -> None:
    message = EmailMessage()
    message["From"] = "Văn thư <vanthu@xa.example>"
    message.set_content("Đã làm:\n\n  - họp xã\n  - phát tờ rơi\n From UBND xã\n")
    message.set_param("format", "flowed")

    assert understand(message.as_bytes()).text == "Đã làm:\n\n - họp xã\n - phát tờ rơi\nFrom UBND xã"


@pytest.mark.parametrize(
    "names",
    [
        ("Từ", "Đã gửi", "Tới", "Chủ đề"),
        ("Từ", "Ngày", "Đến", "Tiêu đề"),
        ("Người gửi", "Ngày gửi", "Người nhận", "Chủ đề"),
        ("From", "Sent", "To", "Subject"),
        ("Von", "Gesendet", "An", "Betreff"),
        ("De", "Envoyé", "À", "Objet"),
        ("De", "Enviado", "Para", "Asunto"),
        ("De", "Enviada em", "Para", "Assunto"),
        ("Da", "Inviato", "A", "Oggetto"),
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        ("Från", "Skickat", "Till", "Ämne"),
        ("Fra", "Sendt", "Til", "Emne"),
        ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
        ("Od", "Wysłano", "Do", "Temat"),
        ("Od", "Odesláno", "Komu", "Předmět"),
        ("От", "Отправлено", "Кому", "Тема"),
        ("Від", "Надіслано", "Кому", "Тема"),
        ("Kimden", "Gönderildi", "Kime", "Konu"),
        ("差出人", "送信日時", "宛先", "件名"),
        ("发件人", "发送时间", "收件人", "主题"),
        ("寄件者", "寄件日期", "收件者", "主旨"),
        ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
        ("من", "تم الإرسال", "إلى", "الموضوع"),
        ("מאת", "נשלח", "אל", "נושא"),
        ("Από", "Στάλθηκε", "Προς", "Θέμα"),
        ("Feladó", "Küldve", "Címzett", "Tárgy"),
        ("De la", "Trimis", "Către", "Subiect"),
    ],
)
def test_a_block_of_headers_begins_what_was_written_before(names: tuple[str, ...]) -> None:
    values = ("Phòng VH-TT <baocao@dondoc.example>", "2024-11-04 08:00", "Văn thư", "Báo cáo năm 2024")
    block = "\n".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    bold = "\n".join(f"*{name}:* {value}" for name, value in zip(names, values, strict=True))

    assert _text(f"{OWN}\n\n{block}\n\nĐề nghị báo cáo.\n") == OWN
    assert _text(f"{OWN}\n\n{bold}\n\nĐề nghị báo cáo.\n") == OWN
    assert _text(f"{OWN}\n\n________________________________\n{block}\n\nĐề nghị báo cáo.\n") == OWN


@pytest.mark.parametrize(
    "separator",
    [
        "-----Thư gốc-----", "----- Original Message -----", "-----Original Messages-----",
        "-------- Ursprüngliche Nachricht --------", "-------- Message d'origine --------",
        "-------- Mensaje original --------", "-------- Mensagem original --------",
        "-------- Messaggio originale --------", "-------- Oorspronkelijk bericht --------",
        "-------- Originalmeddelande --------", "-------- Oprindelig besked --------",
        "-------- Opprinnelig melding --------", "-------- Alkuperäinen viesti --------",
        "-------- Oryginalna wiadomość --------", "-------- Původní zpráva --------",
        "-------- Исходное сообщение --------", "-------- Orijinal mesaj --------",
        "-------- 元のメッセージ --------", "------------------ 原始邮件 ------------------",
        "-------- 원본 이메일 --------", "-------- Eredeti üzenet --------",
        "-------- Αρχικό μήνυμα --------", "-------- Mesaj original --------",
    ],
)  # fmt: skip
def test_a_separator_begins_what_was_written_before(separator: str) -> None:
    assert _text(f"{OWN}\n\n{separator}\nKính gửi: UBND xã\nĐề nghị báo cáo.\n") == OWN


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPad, please forgive any typos.", "Outlook für Android herunterladen",
        "Sent from my Android device with K-9 Mail. Please excuse my brevity.", "Obtenir Outlook pour iOS",
        "\u2063Get BlueMail for Android",
        "Sent via the Samsung Galaxy S7, an AT&T 4G LTE smartphone",
        "Gửi từ iPhone của tôi", "Được gửi từ iPhone", "Gửi từ điện thoại Samsung Galaxy của tôi.",
        "Đã gửi từ Outlook cho Android<https://aka.ms/AAb9ysg>", "Tải Outlook cho iOS",
        "Gửi từ Thư dành cho Windows", "Sent from my iPhone", "Sent from my Galaxy",
        "Sent from Yahoo Mail on Android",
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
        "Get Outlook for iOS<https://aka.ms/o0ukef>", "Sent with Proton Mail secure email.",
        "Sent via BlackBerry from T-Mobile", "Von meinem iPhone gesendet", "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone", "Envoyé à partir de Outlook pour iOS", "Enviado desde mi iPhone",
        "Enviado do meu iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone", "Lähetetty iPhonesta", "Wysłane z iPhone'a", "Odesláno z iPhonu",
        "Отправлено с iPhone", "Отправлено из мобильной Почты Mail.ru",
        "Надіслано з iPhone",
        "iPhone'umdan gönderildi",
        "iPhoneから送信", "发自我的iPhone", "從我的 iPhone 傳送", "나의 iPhone에서 보냄",
        "أُرسلت من الـ iPhone", "נשלח מה-iPhone שלי", "Στάλθηκε από το iPhone μου",
        "Az iPhone készülékemről küldve",
        "Trimis de pe iPhone-ul meu", "Virus-free. www.avast.com",
    ],
)  # fmt: skip
def test_what_an_app_adds_is_not_the_senders(line: str) -> None:
    assert _text(f"{OWN}\n\n{line}\n") == OWN
    assert _text(f"{OWN}\n\n{line}\n\nOn Mon, Nov 4, 2024 at 8:00 AM A <a@b.example> wrote:\n> x\n") == OWN


@pytest.mark.parametrize(
    "closing",
    [
        "Trân trọng./.", "Trân trọng cảm ơn!", "Kính thư,", "Thân ái,", "Xin trân trọng cảm ơn.",
        "Kính trình",
        "Best regards,", "Kind regards", "Sincerely yours,", "Mit freundlichen Grüßen", "Cordialement,",
        "Bien à vous,", "Saludos cordiales,", "Atenciosamente,", "Cordiali saluti", "Met vriendelijke groet,",
        "Med vänliga hälsningar", "Med venlig hilsen", "Ystävällisin terveisin", "Z poważaniem",
        "S pozdravem",
        "С уважением,", "З повагою,", "Saygılarımla,", "Με εκτίμηση,", "Üdvözlettel", "Cu stimă,",
        "Viele Grüße aus Berlin", "Bonne journée", "Un saluto", "De bedste hilsner", "Pozdrawiam serdecznie",
        "S přáním hezkého dne", "Lep pozdrav", "Su pagarba", "ขอบคุณครับ", "祝好！", "Muchas gracias",
        "Med venlig hilsen / Best regards", "Med vänlig hälsning", "תודה,", "Спасибо,",
        "よろしくお願いいたします。", "此致", "감사합니다.", "مع التحية", "בברכה,",
    ],
)  # fmt: skip
def test_a_closing_formula_ends_the_letter(closing: str) -> None:
    assert _text(f"{OWN}\n\n{closing}\nLan Nguyen\n") == OWN


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Xã đã gửi.\n\nT/M UBND xã\nChủ tịch\n\nĐã ký\n\nNguyễn Văn Tám\n", "Xã đã gửi."),
        ("Xã đã gửi.\n\nThừa lệnh Chủ tịch\nVăn thư\nLê Thị Bé\n", "Xã đã gửi."),
        ("Xã đã gửi.\n\nMỹ Long Bắc, ngày 15 tháng 11 năm 2024\nTHỦ TRƯỞNG\nLê Thị Bé\n", "Xã đã gửi."),
        ("Xã đã gửi.\n\nLan | Văn hóa - Xã hội\nM: 0912 345 678 | E: lan@xa.example\n", "Xã đã gửi."),
        ("Cán bộ đầu mối:\nNguyễn Văn Tám\n0912345678", None),
        (
            "Internal Use - Confidential\n\nXã đã gửi.\n\nLan Nguyen\nInternal Use - Confidential\n",
            "Xã đã gửi.",
        ),
        ("External email: Use caution opening links or attachments\n\n\nXã đã gửi.", "Xã đã gửi."),
        ("Xã đã gửi.\n\nThanks & warm regards,\nLan\n", "Xã đã gửi."),
        ("Xã đã gửi.\n\n-- \nLan\n\nP.S. Còn một biểu em gửi sau.\n", "Xã đã gửi."),
        ("Xã đã gửi.\n\n  -- Lan\n", "Xã đã gửi."),
        (
            "Xã đã gửi.\n-Lan\n\n[1] https://xa.example/bao-cao\n",
            "Xã đã gửi.\n\n[1] https://xa.example/bao-cao",
        ),
        ("Số liệu:\n\n-----\n1. Tăng so với năm trước.\n2. Giảm so với kế hoạch.\n", None),
        ("Người phụ trách:\nNguyễn Thị Lan\nTrần Văn Nam\n", None),
        ("Xã gửi từ máy của ấp, số liệu chưa đủ.\nCòn lại gửi sau.", None),
    ],
)
def test_a_letter_ends_where_the_sender_ends_it(text: str, own: str | None) -> None:
    assert _text(text) == (text.strip() if own is None else own)


def test_answers_in_an_unmarked_quote_that_bear_the_senders_name_are_the_senders() -> None:
    text = (
        "Em trả lời trong thư, bên dưới ạ.\n\nTừ: Phòng VH-TT <baocao@dondoc.example>\nĐã gửi: 1/11/2024\n"
        "Đến: Lan\nChủ đề: Báo cáo\n\nXã đã họp chưa?\n[Lan] Đã họp ngày 5/11.\n\n"
        "Còn gì vướng mắc?\n[Lan] Không ạ.\n"
    )

    assert _text(text, "Nguyễn Thị Lan <lan@xa.example>") == (
        "Em trả lời trong thư, bên dưới ạ.\n\n[Lan] Đã họp ngày 5/11.\n[Lan] Không ạ."
    )
