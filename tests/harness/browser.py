"""Headless Chromium for the pages, with JavaScript of pages switched off, as the pages promise to
work without it. It reaches nothing but this machine."""

import base64
import shutil
import subprocess

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from .places import PICTURES
from .server import private_environment
from .wait import wait_for

SWITCHES = [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-default-apps', '--disable-extensions', '--disable-dev-shm-usage', '--no-pings',
    '--password-store=basic', '--use-mock-keychain', '--hide-scrollbars', '--ignore-certificate-errors',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]


def available():
    return bool(shutil.which('chromium') and shutil.which('chromedriver'))


class Browser:
    def __init__(self, folder, language='en', width=1280, height=900, dark=False, scripts=False):
        """folder is private to this browser; language, size in CSS pixels and colour scheme are
        those of its person."""
        self.folder = folder
        options = Options()
        options.binary_location = shutil.which('chromium')
        for switch in SWITCHES:
            options.add_argument(switch)
        options.add_argument(f'--user-data-dir={folder / "profile"}')
        options.add_argument(f'--lang={language}')
        options.add_argument(f'--accept-lang={language}')
        options.add_experimental_option('prefs', {
            'intl.accept_languages': language,
            'profile.managed_default_content_settings.javascript': 1 if scripts else 2,
            'credentials_enable_service': False,
            'profile.password_manager_leak_detection': False,
        })
        options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
        service = Service(shutil.which('chromedriver'), log_output=subprocess.DEVNULL,
                          env=private_environment(folder / 'home'))
        self.driver = webdriver.Chrome(service=service, options=options)
        self.driver.set_page_load_timeout(60)
        self.resize(width, height)
        self.set_dark(dark)

    def close(self):
        self.driver.quit()

    # Looks

    def command(self, name, **parameters):
        """A command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def resize(self, width, height=900):
        self.width = width
        self.command('Emulation.setDeviceMetricsOverride', width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 600)

    def set_dark(self, dark):
        self.command('Emulation.setEmulatedMedia', features=[
            {'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}])

    def content_width(self):
        """How wide the page is laid out; more than the window means that it scrolls sideways."""
        return self.command('Page.getLayoutMetrics')['cssContentSize']['width']

    def picture(self, name):
        """Keeps a picture of the whole page for people to look at."""
        size = self.command('Page.getLayoutMetrics')['cssContentSize']
        shot = self.command('Page.captureScreenshot', format='png', captureBeyondViewport=True, clip={
            'x': 0, 'y': 0, 'width': max(size['width'], self.width), 'height': size['height'],
            'scale': 1})
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f'{name}.png'
        path.write_bytes(base64.b64decode(shot['data']))
        return path

    def complaints(self):
        """What the browser's console holds against the page, such as a breach of its policy."""
        return [entry['message'] for entry in self.driver.get_log('browser')
                if entry['level'] in ('SEVERE', 'WARNING')]

    # The walk

    def open(self, url):
        self.driver.get(url)
        return self

    @property
    def url(self):
        return self.driver.current_url

    @property
    def title(self):
        return self.driver.title

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, 'body').text

    def find(self, selector):
        """The element by CSS selector; fails if there is not exactly one."""
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        assert len(found) == 1, f'{selector}: {len(found)} of them on {self.url}\n{self.text[:2000]}'
        return found[0]

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def fill(self, **fields):
        """Types into fields by name; True and False tick and untick; a choice takes its value."""
        for name, value in fields.items():
            selector = f'[name="{name}"]'
            kind = self.all(selector)[0].get_attribute('type') if self.all(selector) else None
            if kind == 'radio':
                self.find(f'{selector}[value="{value}"]').click()
                continue
            element = self.find(f'{selector}:not([type="hidden"])')
            if isinstance(value, bool):
                if element.is_selected() != value:
                    element.click()
            elif element.tag_name == 'select':
                self.find(f'{selector} option[value="{value}"]').click()
            else:
                element.clear()
                element.send_keys(value)
        return self

    def press(self, text):
        """Presses the button or link with this text and waits until the next page is there."""
        label = text.replace('"', '')
        found = [element for element in self.driver.find_elements(
            By.XPATH, f'//button[normalize-space()="{label}"] | //a[normalize-space()="{label}"]'
                      f' | //input[@type="submit" and @value="{label}"]')
                 if element.is_displayed() and element.get_attribute('aria-hidden') != 'true']
        assert len(found) == 1, f'"{text}": {len(found)} of them on {self.url}\n{self.text[:2000]}'
        return self.click(found[0])

    def click(self, element):
        """Clicks and waits until the next page is there: the old document is gone."""
        before = self._document()
        element.click()
        wait_for(lambda: self._document() != before, 30, 'the next page')
        return self

    def _document(self):
        frame = self.command('Page.getFrameTree')['frameTree']['frame']
        return frame['loaderId']
