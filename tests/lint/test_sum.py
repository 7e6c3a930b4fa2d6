"""The closing line of ./test counts everything once, and a program that died is a failure."""

import json
import subprocess
import sys

import pytest

from harness.places import TOP

sys.path.insert(0, str(TOP / 'build-aux'))
import sum as sums  # noqa: E402

sys.path.pop(0)


def program(stdout='', result='OK', name='clock'):
    return json.dumps({'name': name, 'stdout': stdout, 'result': result, 'returncode': 0})


@pytest.mark.parametrize('log, line', [
    ([program('TAP version 13\nok 1 /a/b\nok 2 /a/c\n1..2\n')], '2 passed, 0 failed, 0 skipped'),
    ([program('ok 1 /a\n# ok 7 is a comment\nnot ok 2 /b\n', 'FAIL')], '1 passed, 1 failed, 0 skipped'),
    ([program('ok 1 /a # SKIP no data\n')], '0 passed, 0 failed, 1 skipped'),
    ([program('ok 1 /a\nok 2 /b\n', 'ERROR')], '2 passed, 1 failed, 0 skipped'),
    ([program('ok 1 /a\n', 'TIMEOUT')], '1 passed, 1 failed, 0 skipped'),
    ([program('', 'OK')], '0 passed, 1 failed, 0 skipped'),
    ([program('1..0 # SKIP all\n', 'SKIP')], '0 passed, 0 failed, 1 skipped'),
    ([program('ok 1 /a\n'), program('ok 1 /a\n', name='error')], '2 passed, 0 failed, 0 skipped'),
])
def test_unit_programs(log, line):
    assert str(sums.of_meson('\n'.join(log))) == line


def test_pytest_cases():
    report = '''<testsuites><testsuite tests="5">
        <testcase classname="a" name="good"/>
        <testcase classname="a" name="bad"><failure message="no"/></testcase>
        <testcase classname="a" name="broken"><error message="no"/></testcase>
        <testcase classname="a" name="absent"><skipped message="no data"/></testcase>
        </testsuite></testsuites>'''
    total = sums.of_pytest(report)
    assert str(total) == '1 passed, 2 failed, 1 skipped'
    assert total.failed == ['a::bad', 'a::broken']
    assert total.skipped == ['a::absent (no data)']


def test_a_suite_that_did_not_run_is_a_failure(tmp_path):
    (tmp_path / 'unit.json').write_text(program('ok 1 /a\n'))
    run = subprocess.run([TOP / 'build-aux' / 'sum.py', '--total', tmp_path, 'unit', 'server'],
                         capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1] == '1 passed, 1 failed, 0 skipped'


@pytest.mark.parametrize('command', [['./run', '--nonsense'], ['./test', 'nonsense']])
def test_wrong_usage(command):
    run = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    assert run.returncode == 2
    assert 'nonsense' in run.stderr and 'Usage:' in run.stderr
