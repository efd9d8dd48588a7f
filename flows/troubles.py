"""Troubles: what an operator is told that he can mend, in one line and in his language."""

from __future__ import annotations

from flows.environment import SettingError
from flows.speech import LANGUAGE
from schemas.model import Language

_TEXTS: dict[Language, dict[str, str]] = {
    Language.EN: {
        "LedgerUnreachable": "the ledger {url} cannot be opened: {reason}; check DONDOC_DATABASE_URL, and that the database can be reached",
        "LedgerBusy": "the ledger could not write now: {reason}; nothing is lost, please try again",
        "MailServerUnavailable": "mail server {host}:{port} cannot be used: {reason}; check DONDOC_SMTP_HOST, DONDOC_SMTP_PORT, DONDOC_SMTP_TLS and, for a certificate that is not trusted, DONDOC_CERTIFICATES",
        "MailLoginRefused": "mail server {host}:{port} refused the login of {username}: {reason}; check DONDOC_SMTP_USERNAME and DONDOC_SMTP_PASSWORD, or DONDOC_OAUTH_…",
        "MailboxUnavailable": "the mailbox at {host}:{port} cannot be read: {reason}; check DONDOC_IMAP_HOST, DONDOC_IMAP_PORT, DONDOC_IMAP_TLS and DONDOC_IMAP_FOLDER",
        "MailboxLoginRefused": "the IMAP server {host}:{port} refused the login of {username}: {reason}; check DONDOC_IMAP_USERNAME and DONDOC_IMAP_PASSWORD, or DONDOC_OAUTH_…",
        "UnusableCertificate": "the certificate {file} cannot be used with its key: {reason}; check DONDOC_LISTEN_CERTIFICATE and DONDOC_LISTEN_KEY",
        "mails-wait": "{trouble}. Mails wait in the ledger, and go out as soon as the server takes them.",
        "tried-again": "{trouble}. It is tried again for as long as dondoc runs.",
        "read-again": "the mailbox is read again",
    },
    Language.VI: {
        "LedgerUnreachable": "không mở được sổ theo dõi {url}: {reason}; kiểm tra DONDOC_DATABASE_URL và kết nối đến cơ sở dữ liệu",
        "LedgerTooNew": "sổ theo dõi {url} do một bản dondoc mới hơn ghi ({revision}); hãy cài bản đó",
        "LedgerBusy": "lúc này chưa ghi được vào sổ theo dõi: {reason}; không mất gì, hãy thử lại",
        "ClockUnreadable": "tệp đồng hồ {path} không ghi thời điểm nào, ví dụ 2024-11-25T08:00:00+07:00",
        "AlreadyServing": "một dondoc serve khác đang chạy với thư mục {home}; hãy dừng nó, hoặc đặt DONDOC_HOME khác",
        "HomeUnusable": "không dùng được thư mục {home}: {reason}; hãy đặt DONDOC_HOME là một thư mục ghi được",
        "MailPortTaken": "không nhận được thư tại {host}:{port} ({reason}); hãy đặt DONDOC_LISTEN_HOST và DONDOC_LISTEN_PORT là địa chỉ còn trống",
        "PortInUse": "không nhận được thư tại {host}:{port}: {reason}; hãy đặt DONDOC_LISTEN_HOST và DONDOC_LISTEN_PORT là địa chỉ còn trống",
        "MailServerUnavailable": "không dùng được máy chủ thư {host}:{port}: {reason}; kiểm tra DONDOC_SMTP_HOST, DONDOC_SMTP_PORT, DONDOC_SMTP_TLS và, nếu chứng thư không được tin cậy, DONDOC_CERTIFICATES",
        "MailLoginRefused": "máy chủ thư {host}:{port} không cho {username} đăng nhập: {reason}; kiểm tra DONDOC_SMTP_USERNAME và DONDOC_SMTP_PASSWORD, hoặc DONDOC_OAUTH_…",
        "MailboxUnavailable": "không đọc được hộp thư tại {host}:{port}: {reason}; kiểm tra DONDOC_IMAP_HOST, DONDOC_IMAP_PORT, DONDOC_IMAP_TLS và DONDOC_IMAP_FOLDER",
        "MailboxLoginRefused": "máy chủ IMAP {host}:{port} không cho {username} đăng nhập: {reason}; kiểm tra DONDOC_IMAP_USERNAME và DONDOC_IMAP_PASSWORD, hoặc DONDOC_OAUTH_…",
        "TokenUnavailable": "chưa lấy được mã truy cập từ {source}: {reason}; sẽ lấy lại",
        "TokenRefused": "{source} không cấp mã truy cập: {reason}; kiểm tra các thiết lập DONDOC_OAUTH_…",
        "UnusableCertificate": "không dùng được chứng thư {file} với khóa của nó: {reason}; kiểm tra DONDOC_LISTEN_CERTIFICATE và DONDOC_LISTEN_KEY",
        "ServerUnreachableError": "máy chủ Prefect tại {api_url} không trả lời: {reason}; kiểm tra PREFECT_API_URL",
        "mails-wait": "{trouble}. Thư nằm chờ trong sổ theo dõi, sẽ được gửi ngay khi máy chủ nhận.",
        "tried-again": "{trouble}. Việc này được thử lại chừng nào dondoc còn chạy.",
        "read-again": "đã đọc lại được hộp thư",
    },
}

_SETTINGS: dict[str, str] = {
    "number": "“{given}” không phải là số nguyên từ {least} đến {most}",
    "choice": "“{given}” ghi chưa đúng; chọn một trong: {allowed}",
    "unreadable": "không đọc được {given}: {reason}",
    "empty": "tệp {given} không có nội dung",
    "address": "“{given}” không phải là địa chỉ thư; ghi như baocao@tinh.gov.vn",
    "folder": "“{given}” không phải là thư mục",
    "listen-tls": "DONDOC_LISTEN_TLS đặt là “{given}” nên phải đặt thiết lập này",
    "too": "đã đặt {other} nên phải đặt cả thiết lập này",
    "either": "đã đặt {other} nên phải đặt cả thiết lập này, hoặc {instead}",
    "not-both": "chỉ đặt thiết lập này hoặc {other}, không đặt cả hai",
    "always-tls": "cổng {port} mã hóa ngay từ đầu: ghi “tls”, không ghi “{given}”",
    "https": "“{given}” không bắt đầu bằng https://",
    "quotes": "dấu nháy không khớp nhau: {reason}",
    "no-program": "chưa nêu chương trình nào",
}
"""What may be wrong with a setting; the exception says it in English."""

_REASONS = {
    "No such file or directory": "không có tệp hoặc thư mục này",
    "Permission denied": "không có quyền",
    "Is a directory": "đây là thư mục",
    "Not a directory": "đây không phải là thư mục",
    "Read-only file system": "hệ thống tệp chỉ cho đọc",
    "(an address that is not understood)": "(địa chỉ không hiểu được)",
    "write it as postgresql+psycopg://user@host/name": "ghi như postgresql+psycopg://user@host/name",
    "unable to open database file": "không mở được tệp",
    "Address already in use": "địa chỉ đang được dùng",
    "address already in use": "địa chỉ đang được dùng",
}
"""What the system says most often; all else is told as it says it."""


def told(trouble: BaseException) -> str:
    """What an operator is told of an exception; of one that has no words here, what it says itself."""
    known = {name: _reason(its) for name, its in vars(trouble).items()}
    if isinstance(trouble, SettingError):
        if LANGUAGE is Language.EN:
            return str(trouble)
        said = {name: _reason(its) for name, its in trouble.said.items()}
        return f"{trouble.name}: {_SETTINGS[trouble.rule].format(**said)}"
    words = _TEXTS[LANGUAGE].get(type(trouble).__name__)
    return words.format(**known) if words is not None else str(trouble)


def text(key: str, **said: object) -> str:
    """A sentence about a trouble."""
    return _TEXTS[LANGUAGE][key].format(**said)


def _reason(said: object) -> object:
    return _REASONS.get(said, said) if isinstance(said, str) and LANGUAGE is Language.VI else said
