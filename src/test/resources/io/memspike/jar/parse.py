"""Reads an exposition with the parsers of Prometheus' Python client: parse.py text|openmetrics < exposition."""

import sys

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

parse = {"text": parser, "openmetrics": openmetrics}[sys.argv[1]].text_string_to_metric_families
text = sys.stdin.buffer.read().decode("utf-8")
print(sum(len(family.samples) for family in parse(text)), "samples")
