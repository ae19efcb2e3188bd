"""What an import would change, as one page to send round before anybody says yes: readable on a phone, nothing loaded from elsewhere."""

import html
from collections.abc import Sequence

from models.directory.parts import PARTS

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem;color:#1d1d1f;background:#fff}
h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem;margin:1.2rem 0 .3rem}
p.bad{border-left:.3rem solid #a3160e;padding:.2rem .7rem;background:#fdecea}
p.note{border-left:.3rem solid #8a5a00;padding:.2rem .7rem;background:#fff6e0}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d0d0d4;overflow-wrap:anywhere}
th{background:#f2f2f4}del{color:#6b1d17}ins{color:#0c4d1c;font-weight:600;text-decoration:none}
@media(max-width:40rem){thead{position:absolute;left:-999rem}tr{display:block;border:1px solid #d0d0d4;border-radius:.5rem;margin:.6rem 0}
td{display:block;border:0;padding:.15rem .6rem}td[data-head]::before{content:attr(data-head) ": ";color:#555}td:empty{display:none}}
"""


def page(title: str, summary: Sequence[str], changes: Sequence[tuple[str, str, str, str]], faults: Sequence[tuple[str, str, str]]) -> str:
    """The whole page: what is worth knowing, what is wrong (place, column, why), what would change (what, field, before, after)."""
    heads, wrong = ("Ở đâu", "Mục", "Đang ghi", "Sẽ ghi"), ("Chỗ sai", "Cột", "Vì sao")
    said = "".join(
        f'<p class="{"bad" if faults and number == 0 else "note"}">{html.escape(line)}</p>' for number, line in enumerate(summary)
    )
    body = said + (_table("Cần sửa trong tệp", wrong, faults) if faults else "") + (_table("Thay đổi", heads, changes) if changes else "")
    return (
        '<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>\n<body><main><h1>{html.escape(title)}</h1>\n{body}</main></body></html>\n"
    )


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ("", "", "del", "ins") if len(heads) == 4 else ("",) * len(heads)
    top = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
    lines = "\n".join("<tr>" + "".join(_cell(*one) for one in zip(heads, marks, row, strict=True)) + "</tr>" for row in rows)
    return f"<h2>{html.escape(title)} ({len(rows)})</h2><table><thead><tr>{top}</tr></thead>\n<tbody>{lines}</tbody></table>"


def _cell(head: str, mark: str, value: str) -> str:
    """One cell; on a phone its heading stands before it."""
    words = html.escape(value)
    return f'<td data-head="{html.escape(head)}">{f"<{mark}>{words}</{mark}>" if mark and words else words}</td>'


def heading(field: str) -> str:
    """A column as people call it."""
    return next((column.heading for columns in PARTS.values() for column in columns if column.name == field), field)
