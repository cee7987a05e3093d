"""`make bench`: every measurement one after the other. Compare figures within one run only: machines are noisy."""

from bench import classifier, latency, letters, parse, templates

MEASUREMENTS = (
    ("parse", parse.main),
    ("classifier", classifier.main),
    ("latency", latency.main),
    ("templates", templates.main),
    ("letters", letters.main),
)
for title, measure in MEASUREMENTS:
    print(f"\n== {title}")
    measure()
