"""Figures into charts, tables and files."""
