"""`make bench`: every measurement one after the other. Compare figures within one run only: machines are noisy."""

from bench import classifier, latency, parse

for title, measure in (("parse", parse.main), ("classifier", classifier.main), ("latency", latency.main)):
    print(f"\n== {title}")
    measure()
