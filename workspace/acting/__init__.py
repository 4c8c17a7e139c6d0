"""Acting as people over HTTP: what the page does, and what tests and other programs do."""
