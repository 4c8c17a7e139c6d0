"""`python -m workspace`: a local Slack by itself."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from workspace.envelopes import RETRY_SECONDS
from workspace.server import PortTaken, serve
from workspace.state_file import StateError


def main() -> int:
    """Serve until interrupted; 2 when the port, the manifest or the state cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m workspace", description=__doc__)
    parser.add_argument("--port", type=int, default=3000, help="port on 127.0.0.1; 0 takes a free one (default 3000)")
    parser.add_argument("--record", type=Path, help="append every Web API call to this file, one JSON object a line")
    parser.add_argument("--manifest", type=Path, help="the app's manifest: its commands, shortcuts, scopes and events")
    parser.add_argument("--no-limits", action="store_true", help="switch Slack's rate limits off")
    parser.add_argument("--request-url", help="deliver over signed HTTP to this address instead of Socket Mode")
    parser.add_argument(
        "--retry-seconds",
        default=",".join(f"{seconds:g}" for seconds in RETRY_SECONDS),
        help="after how many seconds an unanswered event is sent again, separated by commas (default %(default)s)",
    )
    parser.add_argument("--state", type=Path, help="keep everything in this file, from one run to the next")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to end by it is to end well
    try:
        retries = [float(part) for part in options.retry_seconds.split(",") if part.strip()]
        serve(
            options.port,
            options.record,
            options.manifest,
            limits=not options.no_limits,
            retry_seconds=retries,
            request_url=options.request_url,
            state=options.state,
        )
    except (PortTaken, StateError, OSError, ValueError) as error:
        print(f"The workspace cannot start: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
