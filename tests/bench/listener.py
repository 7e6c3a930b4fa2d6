#!/usr/bin/python3
"""What our listener costs beside the smallest libmicrohttpd server: POST of 300 bytes, answered 204,
over 64 kept connections by wrk, in turns on the same machine; medians and their ratio.

    tests/bench/listener.py [BUILD [ROUNDS]]     (an optimised build, default build/ and 5)"""

import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / 'build'
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
PUSH = 'wrk.method = "POST"\nwrk.body = string.rep ("x", 300)\n'
SERVERS = [('empty server', 'bench/empty-server', '/'), ('handler inline', 'http/echo-server', '/push'),
           ('handler on a worker', 'http/echo-server', '/work-push')]


def ticks(process):
    fields = Path(f'/proc/{process.pid}/stat').read_text().rpartition(')')[2].split()
    return int(fields[11]) + int(fields[12])


def measure(process, url, script):
    """Requests per second, p99 in ms, the server's CPU time in µs per request."""
    before = ticks(process)
    said = subprocess.run(['wrk', '-t1', '-c64', '-d4s', '--latency', '-s', script, url],
                          capture_output=True, text=True, check=True).stdout
    used = ticks(process) - before
    assert 'Non-2xx' not in said and 'Socket errors' not in said, said
    number, unit = re.search(r'99%\s+([\d.]+)(us|ms|s)', said).groups()
    return (float(re.search(r'Requests/sec:\s+([\d.]+)', said).group(1)),
            float(number) * {'us': 0.001, 'ms': 1, 's': 1000}[unit],
            used * 10000 / int(re.search(r'(\d+) requests in', said).group(1)))


def main():
    started = {}
    for _, program, _ in SERVERS:
        if program not in started:
            process = subprocess.Popen([BUILD / 'tests' / program], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
            started[program] = process, process.stdout.readline().split()[1]
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as script:
        script.write(PUSH)
        script.flush()
        rounds = [[measure(started[program][0], f'http://127.0.0.1:{started[program][1]}{path}',
                           script.name) for _, program, path in SERVERS] for _ in range(ROUNDS)]
    for process, _ in started.values():
        process.terminate()
        process.wait()
    floor = None
    for index, (name, _, _) in enumerate(SERVERS):
        speed, late, cost = (statistics.median(column) for column in zip(*(r[index] for r in rounds)))
        floor = floor or speed
        print(f'{name:20} {speed:8.0f} requests/s  p99 {late:5.2f} ms  {cost:5.1f} µs CPU each'
              f'  {speed / floor:4.0%} of the empty server')


if __name__ == '__main__':
    main()
