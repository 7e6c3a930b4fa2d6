"""Letters on their way: accepted, refused, tried again, given up; and never twice."""

from harness.wait import wait_for


def letter(server, mail):
    return next(m for m in server.cli('mail', 'list')['mails'] if m['id'] == mail['id'])


def send(server, address='one@example.com'):
    return server.cli('mail', 'test', address)


def wait_state(server, mail, state, tries=None):
    def is_there():
        found = letter(server, mail)
        assert found['state'] == state and (tries is None or found['tries'] == tries), found
        return found
    return wait_for(is_there, 20)


def post_server(make_server, smtp):
    return make_server('--smtp', smtp.url, '--mail-from', 'no-reply@mimamori.example')


def test_accepted(make_server, smtp):
    server = post_server(make_server, smtp)
    mail = send(server)
    got = smtp.wait('one@example.com')
    found = wait_state(server, mail, 'accepted', 1)
    assert found['finished'] and found['answer'].startswith('250')
    assert mail['id'] in got.message['Message-ID']
    server.restart()
    assert len(smtp.to('one@example.com')) == 1


def test_refused_for_good(make_server, smtp):
    smtp.refuse('one@example.com', '550 5.1.1 no such person')
    server = post_server(make_server, smtp)
    mail = send(server)
    found = wait_state(server, mail, 'refused', 1)
    assert 'no such person' in found['answer']
    smtp.accept('one@example.com')
    server.advance(86400)
    other = send(server, 'two@example.com')
    wait_state(server, other, 'accepted')
    assert smtp.to('one@example.com') == []


def test_not_now(make_server, smtp):
    smtp.refuse('one@example.com', '451 4.3.0 later', times=2)
    server = post_server(make_server, smtp)
    mail = send(server)
    first = wait_state(server, mail, 'waiting', 1)
    assert first['next_try'] and first['answer'].startswith('451')
    # A letter that waits stops no other.
    wait_state(server, send(server, 'two@example.com'), 'accepted', 1)
    server.advance(60)
    wait_state(server, mail, 'waiting', 2)
    server.advance(600)
    wait_state(server, mail, 'accepted', 3)
    assert len(smtp.to('one@example.com')) == 1


def test_down_for_a_day_loses_nothing(make_server, smtp):
    server = post_server(make_server, smtp)
    smtp.stop()
    mails = [send(server, f'p{number}@example.com') for number in range(5)]
    for mail in mails:
        wait_state(server, mail, 'waiting')
    server.advance(86400)
    server.kill9()
    server.start()
    smtp.start()
    server.advance(86400)
    for number, mail in enumerate(mails):
        wait_state(server, mail, 'accepted')
        assert len(smtp.to(f'p{number}@example.com')) == 1


def test_given_up(make_server, smtp):
    smtp.refuse('one@example.com', '451 4.3.0 never now')
    server = post_server(make_server, smtp)
    mail = send(server)
    wait_state(server, mail, 'waiting', 1)
    server.advance(6 * 86400)
    assert wait_state(server, mail, 'given-up', 2)['finished']
