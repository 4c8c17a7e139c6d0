"""A sentence for everything that can go wrong with questions, entries, courses and those who answer, by its code."""

from __future__ import annotations

from views.i18n import mark

KNOWLEDGE: dict[str, str] = {
    "question_unknown": mark("This question is not there any more. Please ask it again."),
    "question_not_yours": mark("Only the person who asked can do this. Ask the question yourself, and it is yours."),
    "course_unknown": mark("This course is not in the catalogue any more. `/praxis courses` shows those that are."),
    "course_required": mark(
        "Other courses name this one as a prerequisite: {courses}. Take it out of their records first, then retire it."
    ),
    "course_needs_retired": mark(
        "Courses that must be taken before this one are retired: {courses}. Bring them back first."
    ),
    "course_code_similar": mark(
        "Another course has a code that differs only by case or hyphens. Retire that one first, or add this one anew."
    ),
    "competency_unknown": mark(
        "This competency is not in the framework any more. `/praxis competencies` shows those that are."
    ),
    "request_unknown": mark("This question is not there any more, so nobody waits for an answer to it."),
    "request_claimed": mark("{person} has taken this question up already. Nothing is left for you to do."),
    "request_answered": mark("{person} has answered this question already. Nothing is left for you to do."),
    "request_own": mark("This is your own question; somebody else is to answer it. I will tell you when they do."),
    "request_needs_person": mark("A bot or a deactivated account cannot answer. Pick somebody else."),
    "request_to_asker": mark("This person asked the question. Pick somebody else."),
    "request_to_self": mark("That is you. Pick somebody else, or answer it yourself."),
    "experts_wait_range": mark("Enter from {low} to {high} hours."),
    "request_unanswered": mark("There is no answer yet that could become an entry."),
    "expertise_many": mark(
        "You offer {most} competencies already, which is as many as anybody can. Withdraw one first, then try again."
    ),
    "level_unknown": mark("There is no such level. Pick one from the list, or leave it empty."),
    "course_needs_session": mark(
        "Only a course session belongs to a course. Change the kind of event, or leave this empty."
    ),
    "gap_settled": mark(
        "Somebody has taken care of these questions before you. Open the list again with `/praxis review`."
    ),
    "entry_gone": mark("This entry is not there any more. Look for it in `/praxis entries`."),
    "revision_unknown": mark("This entry has no such revision. Open its history again to see those it has."),
    "entry_changed": mark(
        "Somebody changed this entry before you. Nothing was overwritten; open it again to see how it stands."
    ),
    "entry_retired": mark("This entry was retired. Restore it first, then publish it."),
    "entry_untranslated": mark(
        "This text is still to be translated: it begins with “{mark}”. Write it anew, without that."
    ),
    "entry_one_language": mark(
        "This entry has no text in one of the two languages, and both are required to publish it. "
        "Write the title and the answer in the other language too."
    ),
    "entry_slug_form": mark(
        "“{slug}” cannot be an id. Use at most 100 small letters, digits and single hyphens, such as imli-participants."
    ),
    "entry_self_related": mark("An entry cannot be related to itself. Take it off this list."),
    "entry_slug_taken": mark("There is an entry with the id “{slug}” already. Choose another id."),
    "review_months_range": mark("Pick how long a review holds from the list; at most {high} months."),
    "phrasing_wordless": mark("“{text}” has no words to match. Write what a person would ask."),
    "phrasing_shared": mark(
        "“{text}” is already how people ask for “{other}”; nobody could tell which is meant. Change one of them."
    ),
    "phrasings_many": mark("There are {count} phrasings; at most {limit} fit. Keep those that differ most."),
    "message_empty": mark("This message has no text that could be an answer. Choose another."),
    "owner_needs_person": mark("A bot or a deactivated account cannot own an entry. Pick somebody else."),
    "answer_marker": mark("A line of the answer looks like “<!-- fr -->”, which parts languages in files. Reword it."),
    "entry_unknown": mark("This answer is not there any more. Please ask again to see what there is now."),
}
