"""A made-up year of a leadership programme, to try reports with: 23 people of 17 departments, 36 days, their surveys.

Their supervisors, one of each department, answer about them at the start and after 90 days.

It comes from `reports/sample/` and is marked as what it is wherever it shows. Its people are in no Slack, so nobody is
written to. What it says is recorded as for real people; every figure is then worked out by the same rules.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from community import people, series, supervision, survey_answers, survey_runs, surveys, times
from community.attendance_records import Attendance, Evidence, Status
from community.drafts import EventDraft
from community.group_records import Cohort, CohortMember, EventInvitation, InvitedBy
from community.people import Profile
from community.records import Community, Event, EventKind, EventState, Member, Reply, Rsvp
from community.series_records import Series, SeriesState
from community.survey_records import QuestionKind, SurveyPurpose, SurveyQuestion, SurveyRun, Wave
from settings import ROOT
from storage import Database

FOLDER = ROOT / "reports" / "sample"
EVERYBODY = "SAMPLE"
AT, MINUTES, ZONE = "09:00", 450, "America/Toronto"
NAMES = {
    "learning": (
        EventKind.learning_event,
        "Learning events (sample)",
        "Activités d’apprentissage (exemple)",
        EVERYBODY,
    ),
    "group_a": (EventKind.action_learning, "Group A (sample)", "Groupe A (exemple)", f"{EVERYBODY}-A"),
    "group_b": (EventKind.action_learning, "Group B (sample)", "Groupe B (exemple)", f"{EVERYBODY}-B"),
}
_STATUS = {"P": Status.present, "L": Status.late, "E": Status.excused, "A": Status.absent}


def is_loaded(session: Session, community_id: int) -> bool:
    """Whether the community holds the sample year."""
    return bool(session.scalar(select(func.count()).where(Member.community_id == community_id, Member.sample)))


def load(database: Database, community_id: int) -> bool:
    """Record the sample year; False when it is there already, and then nothing changes."""
    with database.begin() as session:
        if is_loaded(session, community_id):
            return False
        _Year(session, session.get_one(Community, community_id)).record()
        return True


def remove(database: Database, community_id: int) -> bool:
    """Take away the sample year and nothing else; False when there is none."""
    with database.begin() as session:
        if not is_loaded(session, community_id):
            return False
        own = select(Event.series_id).where(Event.community_id == community_id, Event.sample)
        series_ids = set(session.scalars(own.distinct())) - {None}
        session.execute(delete(Event).where(Event.community_id == community_id, Event.sample))
        session.execute(delete(Series).where(Series.id.in_(series_ids)))
        codes = [code for _, _, _, code in NAMES.values()]
        session.execute(delete(Cohort).where(Cohort.community_id == community_id, Cohort.code.in_(codes)))
        sample = (Member.community_id == community_id, Member.sample)
        session.execute(update(Member).where(*sample).values(supervisor_id=None))
        session.execute(delete(Member).where(*sample))
        return True


class _Year:
    def __init__(self, session: Session, community: Community) -> None:
        self.session, self.community = session, community
        self.zone = times.zone(ZONE)
        self.events = list(_lines("events.csv"))
        self.began = self._starts(self.events[0]["day"]) - timedelta(days=30)

    def record(self) -> None:
        self.members = {int(line["number"]): self._member(line) for line in _lines("people.csv")}
        self.groups = {line["number"]: line["group"] for line in _lines("people.csv")}
        self.series = {name: self._series(name) for name in NAMES}
        self.cohorts = {code: self._cohort(name, code) for name, (_, _, _, code) in NAMES.items()}
        for line in self.events:
            event = self._event(line)
            run = survey_runs.open_for_event(self.session, event, event.ends_at + survey_runs.SENT_AFTER)
            if run is not None:
                self._answer(run, line)
                survey_runs.settle(self.session, run)
        self._supervisors()

    def _member(self, line: dict[str, str], of: str = "USAMPLE") -> Member:
        profile = Profile(
            f"{of}{int(line['number']):02}", f"{line['name']} (sample)", time_zone=ZONE, locale=line["language"]
        )
        member = people.ensure_member(self.session, self.community, profile.slack_user_id, self.began, profile)
        member.department, member.sample = line["department"], True
        member.active = False  # there is nobody in Slack to write to
        return member

    def _series(self, name: str) -> Series:
        kind, title_en, title_fr, _ = NAMES[name]
        first = date.fromisoformat(next(line["day"] for line in self.events if line["series"] == name))
        draft = EventDraft(
            kind, title_en, title_fr, "", "", first, times.parse_time(AT), ZONE, MINUTES, "", None, None, "CSAMPLE"
        )
        row = Series(
            community_id=self.community.id,
            state=SeriesState.ended,
            rule="FREQ=MONTHLY;COUNT=12",
            local_start=f"{first}T{AT}",
            time_zone=ZONE,
            days_off=[],
            template=series.written(draft),
            created_by_id=self.members[1].id,
            created_at=self.began,
            updated_at=self.began,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def _cohort(self, name: str, code: str) -> Cohort:
        _, title_en, title_fr, _ = NAMES[name]
        whole = code == EVERYBODY
        cohort = Cohort(
            community_id=self.community.id,
            code=code,
            name_en="Leadership programme (sample)" if whole else title_en,
            name_fr="Programme de leadership (exemple)" if whole else title_fr,
            starts_on=date.fromisoformat(self.events[0]["day"]),
            ends_on=date.fromisoformat(self.events[-1]["day"]),
            created_at=self.began,
        )
        self.session.add(cohort)
        self.session.flush()
        inside = [m for number, m in self.members.items() if whole or code.endswith(f"-{self.groups[str(number)]}")]
        rows = [{"cohort_id": cohort.id, "member_id": member.id, "joined_at": self.began} for member in inside]
        self.session.execute(insert(CohortMember), rows)
        return cohort

    def _event(self, line: dict[str, str]) -> Event:
        kind = NAMES[line["series"]][0]
        starts_at = self._starts(line["day"])
        event = Event(
            community_id=self.community.id,
            kind=kind,
            state=EventState.closed,
            title_en=f"{line['title_en']} (sample)",
            title_fr=f"{line['title_fr']} (exemple)",
            description_en="",
            description_fr="",
            local_start=f"{line['day']}T{AT}",
            time_zone=ZONE,
            minutes=MINUTES,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=MINUTES),
            place="",
            channel="CSAMPLE",
            sample=True,
            series_id=self.series[line["series"]].id,
            occurrence=date.fromisoformat(line["day"]),
            created_by_id=self.members[1].id,
            created_at=self.began,
            updated_at=self.began,
        )
        self.session.add(event)
        self.session.flush()
        there = [(self.members[n], _STATUS[mark]) for n, mark in enumerate(line["attendance"], 1) if mark in _STATUS]
        invited = {"source": InvitedBy.cohort, "enrolled": True, "invited_at": self.began}
        self._insert(EventInvitation, event, [(member, invited) for member, _ in there])
        replies = [(member, Reply.not_going if status is Status.excused else Reply.going) for member, status in there]
        self._insert(Rsvp, event, [(m, {"reply": reply, "updated_at": self.began}) for m, reply in replies])
        self._insert(
            Attendance,
            event,
            [(m, {"status": s, "evidence": Evidence.organizer, "recorded_at": event.ends_at}) for m, s in there],
        )
        return event

    def _insert(self, record: type, event: Event, rows: list[tuple[Member, dict[str, object]]]) -> None:
        self.session.execute(insert(record), [{"event_id": event.id, "member_id": m.id} | more for m, more in rows])

    def _answer(self, run: SurveyRun, line: dict[str, str]) -> None:
        """Have as many of those asked answer as there are answers; which of them does not matter, nor is it kept."""
        asked = survey_runs.silent(self.session, run)
        given = list(zip(line["scale"], line["pace"], strict=True))
        comments = line["comments"].split("|") if line["comments"] else []
        questions = self.session.scalars(select(SurveyQuestion).where(SurveyQuestion.id.in_(run.question_ids))).all()
        for number, ((member, _), (scale, pace)) in enumerate(zip(asked, given, strict=False)):
            words = comments[number] if number < len(comments) else ""
            answers = {q.id: _fitting(q, int(scale), int(pace), words) for q in questions}
            survey_answers.answer(self.session, member, run.id, answers, run.opened_at + timedelta(hours=1))

    def _supervisors(self) -> None:
        """Those above the participants, asked about each of them at both times; some do not answer."""
        lines, asked = list(_lines("supervisors.csv")), []
        given: dict[tuple[Wave, int], str] = {}
        for line in lines:
            above = self._member(line, of="USAMPLEABOVE")
            for at, number in enumerate(line["participants"].split("|")):
                about = self.members[int(number)]
                about.supervisor_id = above.id
                asked.append((above, about))
                given |= {(wave, about.id): line[wave.value].split("|")[at] for wave in Wave}
        survey = surveys.ensure(self.session, self.community.id, SurveyPurpose.supervisor)
        cohort = self.cohorts[EVERYBODY]
        for wave, later in supervision.AFTER.items():
            now = self._starts(self.events[0]["day"]) + later
            run = survey_runs.open_run(self.session, survey, asked, now, cohort_id=cohort.id, wave=wave)
            if run is None:
                continue
            questions = surveys.questions(self.session, survey)
            for above, about in asked:
                if marks := given[wave, about.id]:
                    scale = [int(mark) for mark in marks]
                    answers = {q.id: _fitting(q, scale[n % len(scale)], 2, "") for n, q in enumerate(questions)}
                    survey_answers.answer(self.session, above, run.id, answers, now + timedelta(hours=1), about.id)
            survey_runs.settle(self.session, run)

    def _starts(self, day: str) -> datetime:
        return times.instant(date.fromisoformat(day), times.parse_time(AT), ZONE).astimezone(UTC)


def _fitting(question: SurveyQuestion, scale: int, pace: int, words: str) -> int | str:
    """The answer to a question, also where the community asks other ones than those it began with."""
    if question.kind is QuestionKind.text:
        return words
    if question.kind is QuestionKind.scale:
        return scale
    wanted = scale >= 4 if question.headline else pace == 2
    among = [n for n in range(1, len(question.choices_en) + 1) if (n in question.agreeing) is wanted]
    return among[-1 if pace > 2 else 0] if among else 1


def _lines(name: str) -> Iterator[dict[str, str]]:
    with Path(FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
