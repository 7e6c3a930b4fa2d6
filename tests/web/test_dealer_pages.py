"""A dealer's way through the pages in Chromium: without scripts, in both languages, wide and narrow,
light and dark. Pictures of every page are kept to be looked at."""

import re

import pytest
from harness.looks import LOOKS

FORM = {
    'name': '御室 太郎', 'kana': 'オムロ タロウ', 'mail': 'taro@example.jp', 'mail_again': 'taro@example.jp',
    'dealer_name': '御室電設', 'phone': '026-123-4567', 'postal_code': '380-0838', 'prefecture': '長野県',
    'address': '長野市大字南長野 1-1', 'user_id': 'hanbai_ten',
}
PASSWORD = 'Abcdef12'

WORDS = {
    'ja': {'dealer': '販売店様のご登録', 'agree': '同意する', 'next': '次に進む', 'back': '前に戻る',
           'register': '登録', 'resend': 'メールを再送する', 'correct': 'メールアドレスを訂正する',
           'login': 'ログインへ', 'sign_in': 'ログイン', 'edit': '編集', 'execute': '編集を実行',
           'required': 'この項目を入力してください。', 'menu': 'メインメニュー', 'other': 'English',
           'correct_send': '訂正して送信', 'wrong_phone': '登録された電話番号と一致しません。'},
    'en': {'dealer': 'Register as a dealer', 'agree': 'I agree', 'next': 'Next', 'back': 'Back',
           'register': 'Register', 'resend': 'Send the mail again',
           'correct': 'Correct the mail address', 'login': 'To the sign-in page',
           'sign_in': 'Sign in', 'edit': 'Edit', 'execute': 'Execute the edit',
           'required': 'Please fill in this field.', 'menu': 'Main menu', 'other': '日本語',
           'correct_send': 'Correct the address and send',
           'wrong_phone': 'This is not the phone number that was registered.'},
}


def link_in(mail, path='/confirm'):
    return re.search(r'http://\S+' + re.escape(path) + r'\?token=[\w-]+', mail.text)[0]


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
        self.browser.picture(f'dealer-{self.name}-{self.number:02}-{page}')


@pytest.mark.parametrize('language,width,dark', LOOKS)
def test_whole_way(make_server, smtp, make_browser, language, width, dark):
    server = make_server('--smtp', smtp.url, '--smtp-starttls', 'none')
    browser = make_browser(language=language, width=width, dark=dark)
    look = Look(browser, f'{language}-{width}-{"dark" if dark else "light"}')
    word = WORDS[language]

    browser.open(server.url + '/')
    assert browser.find('html').get_attribute('lang') == language
    look('entry')
    browser.click(browser.find('a[href="/register/dealer"]'))
    look('terms')
    browser.press(word['agree'])
    look('form')

    # Nothing entered: each field says what is wrong, and the summary leads to it.
    browser.press(word['next'])
    assert len(browser.all('.error')) == 10 and word['required'] in browser.text
    assert browser.find('#f-name').get_attribute('aria-invalid') == 'true'
    look('form-wrong')
    browser.fill(**FORM).press(word['next'])
    assert 'hanbai_ten' in browser.text and '御室電設' in browser.text
    look('confirm')

    # Back and forth, and into the other language and back: nothing is lost.
    browser.press(word['back'])
    assert browser.find('[name=address]').get_attribute('value') == FORM['address']
    browser.press(word['other'])
    assert browser.find('[name=address]').get_attribute('value') == FORM['address']
    browser.press({'ja': '日本語', 'en': 'English'}[language])
    browser.press(word['back'])
    browser.press(word['agree'])
    assert browser.find('[name=kana]').get_attribute('value') == FORM['kana']
    browser.press(word['next'])
    browser.press(word['register'])
    assert browser.url.endswith('/register/sent') and 'taro@example.jp' in browser.text
    look('sent')
    first = link_in(smtp.wait('taro@example.jp'))

    # The wrong address is corrected; the first link is dead.
    browser.press(word['correct'])
    look('correct')
    browser.fill(mail='hanako@example.jp', mail_again='hanako@example.jp').press(word['correct_send'])
    assert 'hanako@example.jp' in browser.text
    link = link_in(smtp.wait('hanako@example.jp'))
    browser.open(first)
    assert browser.find('img.sign')
    look('dead-link')

    browser.open(link)
    browser.open(link)  # looking consumes nothing
    assert browser.all('a[href^="mimamori:confirm?server="]')
    look('confirm-terms')
    browser.press(word['agree'])
    look('password')
    browser.fill(password=PASSWORD, password_again=PASSWORD, phone='026-123-4568')
    browser.press(word['register'])
    assert word['wrong_phone'] in browser.text
    assert not browser.find('[name=password]').get_attribute('value')
    look('password-wrong')
    browser.fill(password=PASSWORD, password_again=PASSWORD, phone='(026)1234567')
    browser.press(word['register'])
    look('complete')
    browser.press(word['login'])
    look('sign-in')
    browser.fill(user_id='hanbai_ten', password='Wrong123').click(browser.find('main form button'))
    assert browser.find('.summary')
    look('sign-in-wrong')
    browser.fill(user_id='hanbai_ten', password=PASSWORD).click(browser.find('main form button'))
    assert browser.url.endswith('/menu') and '0261234567' in browser.text.replace('-', '')
    look('menu')

    # My account: view, edit, confirm, execute, done.
    browser.click(browser.find('a[href="/account"]'))
    look('account')
    browser.press(word['edit'])
    look('account-edit')
    browser.fill(**{'contacts[0]': 'hoshu1@example.jp', 'contacts[1]': 'hoshu1'}).press(word['next'])
    assert len(browser.all('.error')) == 1
    look('account-wrong')
    browser.fill(**{'contacts[1]': 'hoshu2@example.jp'}, alert_own_mail=True).press(word['next'])
    look('account-confirm')
    browser.press(word['execute'])
    assert browser.url.endswith('/account/done')
    look('account-done')
    smtp.wait('hanako@example.jp')
    browser.open(server.url + '/account')
    assert 'hoshu2@example.jp' in browser.text
    look('account-contacts')
    for page in ('password', 'sessions', 'monitoring'):
        browser.open(f'{server.url}/{page}')
        look(page)

    # The reader of a contact's mail confirms, then removes itself.
    contact = link_in(smtp.wait('hoshu1@example.jp'), '/contact')
    browser.open(contact)
    look('contact')
    browser.click(browser.find('form[action="/contact"] button'))
    look('contact-confirmed')
    browser.open(contact)
    browser.click(browser.find('form[action="/contact/remove"] button'))
    look('contact-removed')
    browser.open(server.url + '/account')
    assert 'hoshu1@example.jp' not in browser.text
    browser.open(server.url + '/nothing-here')
    look('missing')
    browser.open(server.url + '/forgotten')
    look('forgotten')
