"""Courses and competencies: what is on record of them, their files, and questions answered from those records."""
