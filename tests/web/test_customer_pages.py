"""A customer's way through the pages in Chromium: without scripts, in both languages, wide and
narrow, light and dark. Pictures of every page are kept to be looked at."""

import re

import pytest
from harness.looks import LOOKS

DEALER = {
    'name': '御室 太郎', 'kana': 'オムロ タロウ', 'mail': 'ten@example.jp', 'mail_again': 'ten@example.jp',
    'dealer_name': '御室電設', 'phone': '026-123-4567', 'postal_code': '380-0838', 'prefecture': '長野県',
    'address': '長野市大字南長野 1-1', 'user_id': 'Hanbai_ten',
}
FORM = {
    'name': '見守 花子', 'kana': 'ミマモリ ハナコ', 'mail': 'hanako@example.jp',
    'mail_again': 'hanako@example.jp', 'phone': '090-1111-2222', 'postal_code': '380-0921',
    'prefecture': '長野県', 'municipality': '長野市', 'address': '大字栗田 2-2',
}
PASSWORD = 'Abcdef12'

WORDS = {
    'ja': {'agree': '同意する', 'next': '次に進む', 'register': '登録', 'other': 'English', 'own': '日本語',
           'wrong_label': 'アクティベーションコードの組み合わせが正しくない',
           'wrong_pair': '組み合わせは確認できませんでした', 'link_next': '確認画面へ進む',
           'give': '保守を依頼する', 'end': '今すぐ終了する', 'save': '保存する', 'nobody': '保守を依頼している販売店はありません'},
    'en': {'agree': 'I agree', 'next': 'Next', 'register': 'Register', 'other': '日本語', 'own': 'English',
           'wrong_label': 'do not belong together', 'wrong_pair': 'No dealer has this ID',
           'link_next': 'Next: confirm', 'give': 'Give access', 'end': 'End access now', 'save': 'Save',
           'nobody': 'Nobody has access to this system.'},
}


def link_in(mail):
    return re.search(r'http://\S+/confirm\?token=[\w-]+', mail.text)[0]


def go(browser, value):
    """Presses the visible button of the walk that goes to this step."""
    return browser.click([b for b in browser.all(f'button[name="go"][value="{value}"]')
                          if 'hidden' not in (b.get_attribute('class') or '').split()][0])


def set_password(browser, word, phone):
    browser.press(word['agree'])
    browser.fill(password=PASSWORD, password_again=PASSWORD, phone=phone)
    browser.click(browser.find('main form .buttons button:not(.plain)'))


def sign_in(browser, server, name):
    browser.open(server.url + '/sign-in').fill(user_id=name, password=PASSWORD)
    browser.click(browser.find('main form .buttons button'))


class Look:
    """One page after the other: nothing scrolls sideways, nothing is held against it, a picture."""

    def __init__(self, browser, name):
        self.browser, self.name, self.number = browser, name, 0

    def __call__(self, page):
        self.number += 1
        assert self.browser.content_width() <= self.browser.width, page
        # Chromium notes every status above 399, which are meant here.
        held = [words for words in self.browser.complaints() if 'responded with a status' not in words]
        assert not held, page
        self.browser.picture(f'customer-{self.name}-{self.number:02}-{page}')


@pytest.mark.parametrize('language,width,dark', LOOKS)
def test_whole_way(make_server, smtp, make_browser, language, width, dark):
    server = make_server('--smtp', smtp.url, '--smtp-starttls', 'none')
    word = WORDS[language]
    dealer = make_browser(language=language, width=width, dark=dark)
    dealer.open(server.url + '/register/dealer').press(word['agree'])
    dealer.fill(**DEALER)
    go(dealer, 'confirm')
    go(dealer, 'register')
    dealer.open(link_in(smtp.wait('ten@example.jp')))
    set_password(dealer, word, DEALER['phone'])

    label = server.cli('gateway', 'add', 'GW-0A31')
    browser = make_browser(language=language, width=width, dark=dark)
    look = Look(browser, f'{language}-{width}-{"dark" if dark else "light"}')

    # Registering, with a wrong label first; into the other language and back loses nothing.
    browser.open(server.url + '/').click(browser.find('a[href="/register/customer"]'))
    assert browser.find('html').get_attribute('lang') == language
    look('terms')
    browser.press(word['agree'])
    browser.fill(gateway_id='GW-0A31', activation_code='0000-0000-0000-0000', **FORM)
    go(browser, 'confirm')
    assert word['wrong_label'] in browser.text
    look('form-wrong')
    browser.press(word['other'])
    browser.press(word['own'])
    assert browser.find('[name=municipality]').get_attribute('value') == '長野市'
    browser.fill(activation_code=label['activation_code'].lower())
    go(browser, 'confirm')
    assert '見守 花子' in browser.text
    look('confirm')
    go(browser, 'register')
    look('sent')
    browser.open(link_in(smtp.wait('hanako@example.jp')))
    look('confirm-terms')
    set_password(browser, word, '09011112222')
    look('complete')
    sign_in(browser, server, 'hanako@example.jp')
    browser.open(server.url + '/my')
    assert 'GW-0A31' in browser.text
    look('home')

    # The dealer's QR code leads to the form; a wrong phone; then the dealer's name is shown.
    browser.open(server.url + '/link?dealer=Hanbai_ten')
    assert browser.find('[name=user_id]').get_attribute('value') == 'Hanbai_ten'
    assert [browser.find(f'[name={grant}]').is_selected()
            for grant in ('see', 'told', 'settings', 'history')] == [True, True, True, False]
    look('link-form')
    browser.fill(phone='0260000000').press(word['link_next'])
    assert word['wrong_pair'] in browser.text and '御室電設' not in browser.text
    look('link-wrong')
    browser.fill(phone='０２６ー１２３ー４５６７').press(word['link_next'])
    assert '御室電設' in browser.text
    look('link-confirm')
    browser.press(word['give'])
    assert '御室電設' in browser.text
    look('link-done')
    smtp.wait('ten@example.jp', 2)
    smtp.wait('hanako@example.jp', 2)

    # What it allows is changed, then ended; the log says so.
    browser.open(server.url + '/my/gateways/GW-0A31')
    look('gateway')
    browser.click(browser.find('.access a.button'))
    look('link-change')
    browser.fill(settings=False).press(word['save'])
    assert browser.find('.notice').is_displayed()
    sign_in(dealer, server, 'Hanbai_ten')
    assert 'GW-0A31' in dealer.open(server.url + '/links').text
    Look(dealer, look.name)('dealer-links')
    browser.press(word['end'])
    assert word['nobody'] in browser.text
    assert 'GW-0A31' not in dealer.open(server.url + '/links').text
    look('ended')
    smtp.wait('hanako@example.jp', 3)
    smtp.wait('ten@example.jp', 4)
    browser.open(server.url + '/my/gateways/GW-0A31/log')
    assert len(browser.all('.things > li')) == 3
    look('log')
    browser.open(server.url + '/my/account')
    look('account')
    browser.open(server.url + '/my/account/edit')
    look('account-edit')
    browser.open(server.url + '/my/add')
    look('add')
