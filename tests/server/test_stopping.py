"""A server ends soon, in order and with nothing lost, whatever others do meanwhile."""

import socket
import time


def test_a_silent_mail_server_holds_nothing_up(make_server):
    """The letter under way waits in the outbox as if it had never been tried."""
    with socket.create_server(('127.0.0.1', 0)) as silent:
        server = make_server('--smtp', f'smtp://127.0.0.1:{silent.getsockname()[1]}')
        server.run('mail', 'test', 'a@example.jp')
        silent.settimeout(20)
        connection, _ = silent.accept()
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 10
        connection.close()
    server.arguments.clear()
    server.start()
    letter, = server.cli('mail', 'list')['mails']
    assert letter['state'] == 'waiting' and letter['tries'] == 0
