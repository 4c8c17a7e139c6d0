"""From a question to an answer: entries, index, matching."""
