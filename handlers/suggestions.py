"""What a select offers while an organizer types: more than a form could hold, and nothing to anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import Ack, BoltContext
from sqlalchemy.orm import Session

from handlers.channels import acts_for_organizer
from handlers.payloads import place_of
from handlers.profiles import manner
from handlers.services import Services
from views.inputs import found_options

Named = Iterable[tuple[object, str]]


def for_organizers(named: Callable[[Session, int, str], Named]) -> Callable[[Ack, dict[str, Any], BoltContext], None]:
    """A listener that offers those (value, name) of `named` (session, community, language) that fit what was typed."""

    def offer(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        services: Services = context["services"]
        user = place_of(body).user or ""
        offered: list[dict[str, Any]] = []
        if acts_for_organizer(services, user):
            locale = manner(services, user).locale
            with services.database.read() as session:
                offered = found_options(named(session, services.community_id, locale), str(body.get("value") or ""))
        ack(options=offered)

    return offer
