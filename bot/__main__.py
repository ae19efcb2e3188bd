"""The command line: `phatngon …`, one file per subject under `bot/commands/`."""

import sys

import typer

from bot.app import Occupied
from bot.commands import calendar, cases, check, demo, directory, invite, law, letter, log, operate, report, restructure, route, safekeeping
from bot.storage.fencing import Elsewhere
from models.content import ContentProblem
from models.schema import ContentProblems

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Mạng lưới người phát ngôn trong chat.")
app.command("demo")(demo.demo)
app.command("run")(operate.run)
app.command("check")(check.check)
app.command("invite")(invite.invite)
app.command("import-cases")(cases.import_cases)
app.command("import-activities")(cases.import_activities)
app.command("route")(route.route)
app.command("retry")(operate.retry)
app.command("migrate")(operate.migrate)
app.command("backup")(safekeeping.backup)
app.command("restore")(safekeeping.restore)
app.command("unfence")(safekeeping.unfence)
restructure.add_to(directory.app)
app.add_typer(directory.app, name="directory", help="Danh bạ đơn vị: nhập, xuất.")
app.add_typer(log.app, name="log", help="Nhật ký: kiểm tra, xuất hồ sơ.")
app.add_typer(report.app, name="report", help="Báo cáo tháng, báo cáo năm.")
app.add_typer(letter.app, name="letter", help="Công văn nhắc, phiếu chuyển.")
app.add_typer(calendar.app, name="calendar", help="Lịch nghỉ: xem thử, áp dụng, thêm ngày, nhập iCalendar.")
app.add_typer(law.app, name="law", help="Bộ quy tắc pháp luật: thời hạn, so sánh.")


def main() -> None:
    """Run a command; what its caller can mend is said in one sentence."""
    try:
        app()
    except (ContentProblem, ContentProblems) as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    except Elsewhere as elsewhere:
        print(
            f"Các máy khác đang dùng cơ sở dữ liệu này với một thư mục khác; {elsewhere} không phải thư mục chung. "
            "Hãy đặt PHATNGON_HOME là thư mục chung (ổ mạng) của các máy.",
            file=sys.stderr,
        )
        sys.exit(1)
    except Occupied as occupied:
        print(f"Một tiến trình khác đang chạy trong thư mục này ({occupied}). Hãy dừng tiến trình đó trước.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
