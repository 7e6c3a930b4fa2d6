"""A server ends soon, in order and with nothing lost, whatever others do meanwhile."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from harness.client import Http
from harness.places import BUILD
from harness.server import complaints, private_environment
from harness.wait import patient, wait_for


def test_a_silent_mail_server_holds_nothing_up(make_server):
    """The letter under way waits in the outbox as if it had never been tried."""
    with socket.create_server(('127.0.0.1', 0)) as silent:
        server = make_server('--smtp', f'smtp://127.0.0.1:{silent.getsockname()[1]}')
        server.run('mail', 'test', 'a@example.jp')
        silent.settimeout(20)
        connection, _ = silent.accept()
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < patient(10)
        connection.close()
    server.arguments.clear()
    server.start()
    letter, = server.cli('mail', 'list')['mails']
    assert letter['state'] == 'waiting' and letter['tries'] == 0


# A program that starts a server with a pipe, says where it listens, and waits to be killed.
STARTER = '''
import subprocess, sys
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(server.pid, server.stdout.readline(), end='', flush=True)
sys.stdin.read()
'''


def die_with_stdin(folder):
    return [BUILD / 'src' / 'mimamori-server', 'serve', '--data-dir', folder / 'data',
            '--listen', '127.0.0.1:0', '--die-with-stdin']


def test_ends_in_order_with_its_standard_input(folder):
    with open(folder / 'log', 'w+', encoding='utf-8') as log:
        server = subprocess.Popen(die_with_stdin(folder), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=log, text=True,
                                  env=private_environment(folder / 'home'))
        with server:
            url = server.stdout.readline().split()[-1]
            server.stdin.write('what is said there means nothing\n')
            server.stdin.flush()
            Http(url).get('/healthz').expect(200)
            server.stdin.close()
            assert server.wait(20) == 0
        log.seek(0)
        assert not complaints(log.read())
    assert not (folder / 'data' / 'control.sock').exists()


def test_never_outlives_a_killed_starter(folder):
    starter = subprocess.Popen([sys.executable, '-c', STARTER, *die_with_stdin(folder)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True,
                               env=private_environment(folder / 'home'))
    with starter:
        pid, line = starter.stdout.readline().split(' ', 1)
        Http(line.split()[-1]).get('/healthz').expect(200)
        starter.kill()
        starter.wait()
    wait_for(lambda: not (folder / 'data' / 'control.sock').exists(), 20)
    wait_for(lambda: is_gone(pid), 20)


def is_gone(pid):
    """Ended; whoever inherited it may not have asked for its status yet."""
    try:
        return (Path('/proc') / pid / 'stat').read_text().rpartition(')')[2].split()[0] == 'Z'
    except FileNotFoundError:
        return True
