"""Servers with a certificate of their own, and connections that anybody can read: architecture.md,
"Trust and reach"."""

import re
import subprocess

import pytest
from harness.shop import PASSWORD

USER = 'Omuro-Ten'


def certificate(folder, name):
    """A self-signed certificate for this computer; returns the value of --tls and the fingerprint."""
    cert, key = folder / f'{name}.pem', folder / f'{name}.key'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                    '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1',
                    '-keyout', key, '-out', cert], check=True, capture_output=True)
    key.chmod(0o600)
    public = subprocess.run(['openssl', 'x509', '-in', cert, '-pubkey', '-noout'], check=True,
                            capture_output=True).stdout
    der = subprocess.run(['openssl', 'pkey', '-pubin', '-outform', 'der'], input=public, check=True,
                         capture_output=True).stdout
    digest = subprocess.run(['openssl', 'dgst', '-sha256'], input=der, check=True, capture_output=True).stdout.decode().split()[-1]
    return f'{cert},{key}', digest


def grouped(digest):
    words = re.findall('....', digest.upper())
    return '\n'.join(' '.join(words[at:at + 4]) for at in range(0, len(words), 4))


@pytest.fixture
def secure(shop, folder):
    """The server with a dealer, started anew with TLS; how to renew its certificate."""
    shop.dealer(USER)

    def serve(name):
        shop.server.stop()
        value, digest = certificate(folder, name)
        shop.server.arguments = ['--tls', value]
        shop.server.start()
        return digest

    return serve


def sign_in(desk, url):
    desk.click('button', 'Sign in')
    desk.fill('Server', url)
    desk.fill('User ID (dealer ID)', USER)
    desk.fill('Password', PASSWORD)
    desk.click('button', 'Sign in')


def cancel(desk, dialog):
    """In the dialog: the view behind it has such a button, too."""
    desk.click(desk.find('button', 'Cancel', inside=desk.window(dialog)))


@pytest.mark.gtk_keeps_memory
def test_trusted_at_first_use_and_refused_after_a_change(make_desk, display, shop, secure):
    digest = secure('first')
    desk = make_desk(display=display)
    sign_in(desk, shop.server.url)
    desk.wait_text('Do you trust this server?')
    desk.wait_text(grouped(digest))
    cancel(desk, 'Do you trust this server?')
    desk.wait_text('You are not signed in: the server is not trusted.')
    desk.click('button', 'Sign in')
    desk.wait_text('Do you trust this server?')
    desk.click('button', 'Trust this server')
    desk.find('row', 'My account')
    desk.stop()

    # Pinned: no question any more.
    desk = make_desk(display=display)
    desk.find('row', 'My account')
    desk.click('button', 'Main menu')
    desk.click('menu item', 'Sign out')
    desk.fill('Password', PASSWORD)
    renewed = secure('second')
    desk.click('button', 'Sign in')
    desk.wait_text('Stop: this may not be your server')
    desk.wait_text(grouped(digest))
    desk.wait_text(grouped(renewed))
    trust = desk.find('button', 'Trust the new certificate')
    assert 'sensitive' not in trust.states
    desk.key('Escape')
    desk.wait_text('You are not signed in: the server is not trusted.')
    desk.click('button', 'Sign in')
    desk.focus(desk.find('check box', re.compile('^I have asked')))
    desk.key('space')
    desk.click('button', 'Trust the new certificate')
    desk.find('row', 'My account')


def test_a_password_in_the_clear_is_warned_about(desk, shop):
    # An address of a network for documentation: nothing is there, and nothing is sent.
    sign_in(desk, 'http://192.0.2.1:8470')
    desk.wait_text('Your password could be read on its way')
    cancel(desk, 'Your password could be read on its way')
    desk.wait_gone(None, 'Your password could be read on its way')
    assert 'sensitive' in desk.find('button', 'Sign in').states
