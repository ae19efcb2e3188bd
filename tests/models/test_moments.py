"""Moments as people type them about something that has happened."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.dates import past

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)

TYPED = """
14h30 hôm qua           2026-11-22 14:30
14g30 hom qua           2026-11-22 14:30
22/11 08:15             2026-11-22 08:15
14 giờ 30 ngày 20/11    2026-11-20 14:30
8 giờ rưỡi              2026-11-23 08:30
8h tối qua              2026-11-22 20:00
1h trưa hôm qua         2026-11-22 13:00
2h đêm qua              2026-11-23 02:00
7:15                    2026-11-23 07:15
6h hôm kia              2026-11-21 06:00
bây giờ                 2026-11-23 08:00
31/12 9h                2025-12-31 09:00
23/11/2025 9h           2025-11-23 09:00
24/11 9h                2026-11-24 09:00
9h mai                  2026-11-24 09:00
hôm qua                 –
31/02 8h                –
25h hôm qua             –
sáng nay                –
không rõ                –
"""


@pytest.mark.parametrize("line", TYPED.strip().splitlines())
def test_moments_that_lie_behind(line: str) -> None:
    """An hour must be said; a day without a year is the last one; what lies ahead comes back for the caller to refuse."""
    typed, wanted = line[:24].strip(), line[24:].strip()
    found = past(typed, NOW, ZONE)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else "–") == wanted
