"""What can be wrong with a catalogue's files, each with a sentence that says how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.problems import Problem

SENTENCES = {
    "unreadable": "The file cannot be read ({reason}).",
    "too_large": "The file has {size} bytes; at most {limit} are read. Split it up.",
    "too_many_lines": "The table has more than {limit} lines. The rest was not looked at; split it up.",
    "not_utf8": "The file is not UTF-8 (byte {byte}). Save it again as “CSV UTF-8”.",
    "bad_csv": "The line is not CSV ({reason}). Put a text with line breaks or commas in double quotes.",
    "bad_workbook": "The file is not an Excel workbook (.xlsx). Save it again in Excel or LibreOffice.",
    "nothing_there": "There is no table here. Name a folder with courses.csv, competencies.csv or levels.csv, "
    "one of these files, or a workbook with sheets of these names.",
    "no_header": "The first line must name the columns: {known}.",
    "unknown_column": "There is no column “{name}”. Those there are: {known}.",
    "duplicate_column": "The column “{name}” is there twice. Keep one of them.",
    "missing_column": "The column “{name}” is missing. Add it to the first line.",
    "too_many_cells": "The line has {count} cells, the first line only {limit}. "
    "Put a text with commas in double quotes.",
    "formula": "“{column}” holds a formula. Replace it by its value.",
    "control_character": "“{column}” holds a control character. Delete it.",
    "empty": "“{column}” is empty. Fill it in.",
    "too_long": "“{column}” has {length} characters; at most {limit} fit. Shorten it.",
    "bad_code": "“{value}” cannot be a code. Use at most 32 letters, digits and hyphens: RM-101.",
    "duplicate_code": "The code “{code}” is on line {line} already. Keep one of the two.",
    "similar_code": "The code “{code}” differs from “{other}” on line {line} only by case or hyphens, so that nobody "
    "could tell them apart. Change one of them.",
    "bad_languages": "“{value}” in “{column}” is not a language. Write en, fr, or en; fr.",
    "bad_choice": "“{value}” in “{column}” is not one of {known}.",
    "bad_length": "“{value}” is not a length. Write a number and its unit: 2 days, 3 h, 90 min.",
    "bad_cost": "“{value}” is not a cost. Write dollars such as 250 or 250.00, 0 when it is free, "
    "nothing when it is not known.",
    "bad_date": "“{value}” is not a date. Write year, month and day: 2026-11-01.",
    "future_date": "“{value}” is in the future. Write the day on which somebody last verified the line.",
    "bad_level": "“{value}” in “{column}” is not a level. Write a whole number from 1 to {limit}.",
    "bad_pair": "“{value}” must be a competency and the level reached: RM:2.",
    "bad_yes": "“{value}” in “{column}” must be yes or no.",
    "unknown_competency": "There is no competency “{code}”. Correct the code, or add the competency.",
    "unknown_level": "The scale has no level {level}. Those there are: {known}.",
    "unknown_course": "There is no course “{code}”. Correct the code, or add the course.",
    "repeated": "“{value}” is there twice in “{column}”. Keep one of them.",
    "own_prerequisite": "The course names itself in “{column}”. Remove it there.",
    "circle": "These courses require each other: {codes}. Remove one of the prerequisites.",
    "kept_similar_code": "The code “{code}” differs from “{other}”, which was added in Slack, only by case or hyphens. "
    "Change one of them, retire the other in Slack, or import with --overwrite.",
    "kept_circle": "With what was changed in Slack, these courses require each other: {codes}. Remove one of the "
    "prerequisites, here or there, or import with --overwrite.",
    "kept_course": "With what was changed in Slack, “{course}” would require “{code}”, which would not be there. "
    "Change the table, or the course in Slack, or import with --overwrite.",
    "kept_competency": "As it was changed in Slack, “{course}” develops “{code}”, which would not be there. "
    "Change the table, or the course in Slack, or import with --overwrite.",
    "kept_level": "As it was changed in Slack, “{course}” leads to level {level}, which the scale would not have. "
    "Those there are: {known}. Change the table, or the course in Slack, or import with --overwrite.",
    "own_parent": "These competencies are each other's parents: {codes}. Change one of the parents.",
    "duplicate_level": "Level {level} of “{code}” is on line {line} already. Keep one of the two.",
    "duplicate_step": "Level {level} of the scale is on line {line} already. Keep one of the two.",
    "shared_name": "“{name}” is also what “{other}” is called: nobody could tell which is meant. Change one of them.",
}  # fmt: skip


@dataclass(frozen=True)
class TableProblem(Problem):
    """Something wrong in a table: `line` counts from 1, the line with the columns' names included."""

    @property
    def sentence(self) -> str:
        """In English, for the command line."""
        return SENTENCES[self.code].format_map(self.params)
