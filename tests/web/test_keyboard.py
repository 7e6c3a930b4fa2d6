"""The main ways with the keyboard alone: whoever cannot use a mouse sees where they are and gets on."""

import re

from selenium.webdriver.common.keys import Keys

from harness.shop import PASSWORD, Shop
from harness.wait import wait_for

FORM = {
    'name': '御室 太郎', 'kana': 'オムロ タロウ', 'mail': 'taro@example.jp', 'mail_again': 'taro@example.jp',
    'dealer_name': '御室電設', 'phone': '026-123-4567', 'postal_code': '380-0838', 'prefecture': 'Nagano',
    'address': '長野市大字南長野 1-1', 'user_id': 'hanbai_ten',
}


class Keyboard:
    def __init__(self, browser):
        self.browser = browser

    @property
    def focus(self):
        return self.browser.driver.switch_to.active_element

    def tab_to(self, selector):
        """Goes on with Tab until the element has the focus, which is to be seen on the way."""
        wanted = self.browser.all(selector)
        assert wanted, f'{selector} on {self.browser.url}'
        for _ in range(60):
            self.focus.send_keys(Keys.TAB)
            if self.focus.tag_name == 'body':
                continue
            assert self.focus.value_of_css_property('outline-style') != 'none', self.focus.get_attribute('outerHTML')
            assert self.focus.size['width'] > 1, self.focus.get_attribute('outerHTML')
            if self.focus in wanted:
                return self
        raise AssertionError(f'Tab does not lead to {selector} on {self.browser.url}')

    def type(self, name, text):
        self.tab_to(f'[name="{name}"]:not([type="hidden"])')
        self.focus.send_keys(text)
        return self

    def enter(self):
        """Presses Enter and waits for the next page."""
        before = self.browser._document()
        self.focus.send_keys(Keys.ENTER)
        wait_for(lambda: self.browser._document() != before, 30, 'the next page')
        return self


def test_dealer_registers_and_signs_in(make_server, smtp, browser):
    server = make_server('--smtp', smtp.url, '--smtp-starttls', 'none')
    keys = Keyboard(browser)
    browser.open(server.url + '/')
    keys.tab_to('.skip').focus.send_keys(Keys.ENTER)
    keys.tab_to('main a[href="/register/dealer"]').enter()
    keys.tab_to('button[name="go"][value="form"]').enter()
    for name, text in FORM.items():
        keys.type(name, text)
    keys.enter()  # in a field: on, not back
    assert '御室電設' in browser.text and browser.all('button[value="register"]')
    keys.tab_to('button[name="go"][value="register"]').enter()
    assert browser.url.endswith('/register/sent')
    browser.open(re.search(r'http://\S+/confirm\?token=[\w-]+', smtp.wait('taro@example.jp').text)[0])
    keys.tab_to('button[name="go"][value="agree"]').enter()
    keys.type('password', PASSWORD).type('password_again', PASSWORD).type('phone', '0261234567').enter()
    keys.tab_to('main a[href="/sign-in"]').enter()
    keys.type('user_id', 'hanbai_ten').type('password', PASSWORD).enter()
    assert browser.url.endswith('/menu')
    keys.tab_to('a[href="/account"]').enter()
    keys.tab_to('a[href="/account/edit"]').enter()
    keys.type('contacts[0]', 'hoshu@example.jp').enter()
    keys.tab_to('button[name="go"][value="execute"]').enter()
    assert browser.url.endswith('/account/done')
    keys.tab_to('header form button').enter()
    assert browser.open(server.url + '/menu').url.endswith('/sign-in?next=/menu')


def test_customer_links_and_ends(server, browser):
    shop = Shop(server)
    shop.dealer()
    gateway = shop.customer().gateway['id']
    keys = Keyboard(browser)
    browser.open(server.url + '/link?dealer=Omuro-Ten')
    keys.type('user_id', 'hanako@house.example').type('password', PASSWORD).enter()
    assert browser.url.endswith(f'/my/gateways/{gateway}/link?dealer=Omuro-Ten')
    keys.type('phone', '026-123-4567').tab_to('[name="history"]').focus.send_keys(Keys.SPACE)
    keys.tab_to('main .buttons button').enter()
    assert '御室電設' in browser.text
    keys.tab_to('main .buttons button').enter()
    assert browser.url.endswith('/done')
    keys.tab_to('main .button').enter()
    assert 'history from before' in browser.text
    keys.tab_to('.access button.danger').enter()
    assert 'Nobody has access' in browser.text
