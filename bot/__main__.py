"""The command line: `phatngon …`, one file per subject under `bot/commands/`."""

import sys

from bot import memory


def main() -> None:
    """Run a command; what its caller can mend is said in one sentence."""
    memory.collect_seldom()  # before anything is read: looking through half-read modules is a tenth of a start
    from bot.commands.line import app  # noqa: PLC0415
    from bot.storage.fencing import Elsewhere  # noqa: PLC0415
    from bot.storage.occupancy import Occupied  # noqa: PLC0415
    from models.content import ContentProblem  # noqa: PLC0415
    from models.schema import ContentProblems  # noqa: PLC0415

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
