#!/usr/bin/python3
"""Adds up what the suites of ./test left in a results directory.

sum.py RESULTS SUITE          prints one line for the suite, with the names of what did not pass
sum.py --total RESULTS SUITE… prints the closing line; status 1 if anything failed

SUITE.json is meson's log (one JSON object per test program, with the TAP it printed), SUITE.xml is
pytest's JUnit file. A suite without either did not even start, which counts as one failure.
"""

import json
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

TAP = re.compile(r'^(not ok|ok)\b[ \t]*(\d*)[ \t]*-?[ \t]*(.*?)[ \t]*(?:#[ \t]*(SKIP|TODO)\b[ \t]*(.*))?$',
                 re.IGNORECASE)


class Sum:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        return f'{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped'


def of_meson(text):
    total = Sum()
    for line in text.splitlines():
        program = json.loads(line)
        name = program['name']
        one = Sum()
        for tap in (program.get('stdout') or '').splitlines():
            match = TAP.match(tap)
            if not match:
                continue
            word, number, title, directive, reason = match.groups()
            title = f'{name}: {title or number}'
            if directive and directive.upper() == 'SKIP':
                one.skipped.append(f'{title} ({reason})')
            elif word.lower() == 'ok':
                one.passed += 1
            else:
                one.failed.append(title)
        # The program as a whole can fail though no sub-test did: a crash, a leak, a time-out.
        if program['result'] not in ('OK', 'EXPECTEDFAIL', 'SKIP') and not one.failed:
            one.failed.append(f'{name}: ended with {program["result"]}')
        if program['result'] == 'SKIP' and not one.skipped:
            one.skipped.append(name)
        if not (one.passed or one.failed or one.skipped):
            one.failed.append(f'{name}: printed no test')
        total.add(one)
    return total


def of_pytest(text):
    total = Sum()
    for case in xml.fromstring(text).iter('testcase'):
        name = f'{case.get("classname")}::{case.get("name")}'
        skipped = case.find('skipped')
        if case.find('failure') is not None or case.find('error') is not None:
            total.failed.append(name)
        elif skipped is not None:
            total.skipped.append(f'{name} ({skipped.get("message")})')
        else:
            total.passed += 1
    return total


def of_suite(results, suite):
    tap, junit = results / f'{suite}.json', results / f'{suite}.xml'
    if tap.exists():
        total = of_meson(tap.read_text())
    elif junit.exists():
        total = of_pytest(junit.read_text())
    else:
        total = Sum()
        total.failed.append(f'{suite} did not run')
    if not (total.passed or total.failed or total.skipped):
        total.failed.append(f'{suite}: no tests')
    return total


def main(arguments):
    closing = arguments[0] == '--total'
    results, *suites = arguments[1:] if closing else arguments
    total = Sum()
    for suite in suites:
        total.add(of_suite(Path(results), suite))
    if closing:
        print(total)
        return 1 if total.failed else 0
    for what, names in (('failed', total.failed), ('skipped', total.skipped)):
        for name in names:
            print(f'  {what}: {name}')
    print(f'{suites[0]}: {total}')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
