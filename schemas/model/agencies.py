"""Who there is: agencies with their superiors, mailboxes and people, and groups of them."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

from schemas.model.base import LANGUAGE_VERSION, Id, Language, Sourced, SpecModel, Text
from schemas.model.dates import Day

Mailbox = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
    ),
]
"""A mail address alone, without accents, such as `vanthu@caungang.example`."""


NO_SUCCESSOR: Final = "none"
"""What stands for a successor when there is none, and that is known."""


Domain = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=253),
]
"""A mail domain, such as `caungang.example`."""


Channel = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""The name of a chat channel or webhook, such as `chat-vp`; its address is a setting of the machine."""


class Contact(SpecModel):
    """A person of an agency. Một người của cơ quan."""

    name: Text | None = None
    """Họ và tên."""
    title: Text | None = None
    """Chức vụ, such as "Chủ tịch"."""
    mailbox: Mailbox | None = None
    """The person's own mail address; without one, mail goes to the agency's mailbox, for their attention."""
    notify: Channel | None = None
    """The channel in which the person also gets short notices. Kênh nhận tin ngắn."""


class Validity(SpecModel):
    """When an agency exists. Thời gian tồn tại của cơ quan."""

    since: Day | None = Field(default=None, alias="from")
    """The first day it exists."""
    until: Day | None = None
    """The last day it exists."""
    successor: Id | None = None
    """The agency that took its place and owes what it owed; `none` when its tasks ended with it.
    Cơ quan kế thừa; `none` khi không có."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise PydanticCustomError("validity_backwards", "it ends before it begins", {})
        return self

    @property
    def heir(self) -> str | None:
        """The successor, if there is one."""
        return None if self.successor == NO_SUCCESSOR else self.successor


class Agency(Sourced):
    """An agency: one that owes reports, receives them, or stands above those that do. Cơ quan, đơn vị."""

    id: Id
    name: Text
    """The full name, as in an official document. Tên đầy đủ."""
    short: Text | None = None
    """The name as it is said in a table or a subject, such as "UBND xã Mỹ Hòa". Tên gọi tắt."""
    level: Text | None = None
    """The tier it stands on: central, province, district, commune, department … Cấp."""
    superior: Id | None = None
    """The agency directly above (cấp trên trực tiếp); delays climb to it."""
    mailbox: Mailbox | None = None
    """Where mail to the agency goes. Hộp thư công vụ."""
    notify: Channel | None = None
    """The channel in which it also gets short notices of what it coordinates or stands above: only its name,
    for the address is a setting where dondoc runs. Kênh nhận tin ngắn: chỉ ghi tên kênh."""
    head: Contact | None = None
    """Người đứng đầu."""
    deputy: Contact | None = None
    """Cấp phó, người được ủy quyền."""
    focal_point: Contact | None = None
    """Đầu mối, cán bộ theo dõi."""
    aliases: list[Mailbox] = Field(default_factory=list)
    """Other addresses that it writes from. Địa chỉ khác mà cơ quan dùng để gửi thư."""
    domains: list[Domain] = Field(default_factory=list)
    """Domains any of whose addresses are its own, those below them included. Tên miền thư của cơ quan."""
    language: Language = Language.VI
    valid: Validity | None = None

    @property
    def called(self) -> str:
        """The short name, or the full one."""
        return self.short or self.name

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses that stand in the directory as its own, or as those of its people, in one case."""
        people = (self.head, self.deputy, self.focal_point)
        known = {self.mailbox, *self.aliases, *(person.mailbox for person in people if person is not None)}
        return frozenset(one.casefold() for one in known if one is not None)

    def has_address(self, address: str) -> bool:
        """Whether an address is one of those."""
        return address.casefold() in self.addresses

    def writes_from(self, address: str) -> bool:
        """Whether an address is one that this agency, or one of its people, is known to write from: one that
        stands in the directory, or any of a domain of its own.
        """
        host = address.casefold().rpartition("@")[2]
        return self.has_address(address) or any(
            host == domain or host.endswith(f".{domain}") for domain in map(str.casefold, self.domains)
        )


class Selector(SpecModel):
    """All agencies below one, at any depth, as the hierarchy stands in each period. Các cơ quan cấp dưới."""

    under: Id
    """The agency that they stand below; it is not one of them itself."""
    level: Text | None = None
    """Only those on this tier, as their `level` says. Chỉ những cơ quan thuộc cấp này."""


def _arm(value: object) -> str:
    return "<selector>" if isinstance(value, dict | Selector) else "<id>"


Owner = Annotated[
    Annotated[Id, Tag("<id>")] | Annotated[Selector, Tag("<selector>")],
    Discriminator(_arm),
]
"""An agency or a group by its id, or a selector."""


class Group(SpecModel):
    """A named set of agencies, so that a task can be given to all of them at once. Nhóm cơ quan."""

    id: Id
    name: Text
    members: list[Owner] = Field(min_length=1)
    """Agencies, other groups, or `under` and `level` for all agencies below one."""


Column = Literal[
    "id",
    "name",
    "short",
    "level",
    "superior",
    "mailbox",
    "notify",
    "language",
    "source",
    "head_name",
    "head_title",
    "head_mailbox",
    "head_notify",
    "deputy_name",
    "deputy_title",
    "deputy_mailbox",
    "deputy_notify",
    "focal_point_name",
    "focal_point_title",
    "focal_point_mailbox",
    "focal_point_notify",
    "from",
    "until",
    "successor",
]
"""What a column of a table may hold."""


class Table(SpecModel):
    """Agencies kept as a CSV or Excel file, a row each. Danh bạ dạng bảng (CSV, Excel)."""

    file: Annotated[
        str,
        StringConstraints(strip_whitespace=True, pattern=r'^[^\\:*?"<>|]+\.([cC][sS][vV]|[xX][lL][sS][xX])$'),
    ]
    """The file, seen from the folder of this one. Tên tệp, tính từ thư mục của tệp này."""
    sheet: Text | None = None
    """Of a workbook, the sheet; by default the first one. Trang tính."""
    columns: dict[Column, Text] = Field(default_factory=dict)
    """Columns that are not called as the keys they fill: the key, and the column's heading."""
    prefix: Id | None = None
    """What is put before the ids of the table, with a hyphen, such as `dvhc` for `dvhc-00004`."""
    superior: Id | None = None
    """The superior of rows that name none."""


class DirectoryFile(SpecModel):
    """A file of agencies and groups. Danh bạ cơ quan."""

    dondoc: Literal[1] = LANGUAGE_VERSION
    """The version of the language."""
    agencies: list[Agency] = Field(default_factory=list)
    """The agencies."""
    tables: list[Table] = Field(default_factory=list)
    """Agencies kept in CSV or Excel files."""
    groups: list[Group] = Field(default_factory=list)
    """Groups of agencies, of whatever file."""

    @model_validator(mode="after")
    def _holds_agencies(self) -> Self:
        if not (self.agencies or self.tables):
            raise PydanticCustomError("empty_directory", "a directory holds agencies or tables of them", {})
        return self
