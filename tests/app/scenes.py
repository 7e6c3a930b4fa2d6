"""What there is to see of the app: each scene brings it to one state and returns the Desk.

tests/app/pictures takes them in every look; test_pictures.py looks at those that are `watched`. A scene
gets a Stage: stage.desk(…) starts the app in the look that is wanted, stage.fleet(…) a server with a
dealer and gateways. desk.word('Sign in') is what the app shows for it in the language that is wanted."""

import re
from dataclasses import dataclass
from typing import Callable

import walking
from harness.fleet import ago
from harness.hosting import go, host, open_host, operator

SCENES = {}


@dataclass(frozen=True)
class Scene:
    name: str
    play: Callable
    watched: bool


def scene(name, watched=False):
    """Registers the function as a scene; watched ones are judged in ./test, too."""
    def register(play):
        assert name not in SCENES, name
        SCENES[name] = Scene(name, play, watched)
        return play
    return register


class Stage:
    def __init__(self, make_desk, make_fleet, language='en', width=1280, dark=False, contrast=False):
        """make_desk(*arguments, language=…, width=…, dark=…, contrast=…) and make_fleet('--public-url', …, count=…)."""
        self._desk, self._fleet = make_desk, make_fleet
        self.look = {'language': language, 'width': width, 'dark': dark, 'contrast': contrast}

    def desk(self, *arguments, **more):
        return self._desk(*arguments, **self.look, **more)

    def fleet(self, *arguments, count=3):
        return self._fleet(*arguments, count=count)

    def server(self):
        """A server with a dealer, and nothing else."""
        return self.fleet(count=0).server

    def signed_in(self, fleet, page=None):
        """The app with a dealer signed in; page: the page of the sidebar, in English."""
        desk = self.desk().sign_in(fleet)
        if page:
            desk.show_page(page)
        return desk


@scene('welcome', watched=True)
def welcome(stage):
    return stage.desk()


@scene('sign-in')
def sign_in(stage):
    desk = stage.desk()
    desk.click('button', desk.word('Sign in'))
    desk.find('entry', desk.word('Password'))
    return desk


@scene('overview', watched=True)
def overview(stage):
    fleet = stage.fleet()
    fleet.values('GW-1', pv_power=3120, soc=74.5)
    fleet.fault('GW-2')
    return stage.signed_in(fleet)


@scene('overview-none')
def overview_none(stage):
    desk = stage.signed_in(stage.fleet(count=0))
    desk.wait_text(desk.word('No gateway is linked yet'))
    return desk


def storm(stage):
    """A fleet on a bad evening: every status there is, and more trouble than fits the screen."""
    fleet = stage.fleet(count=0)
    for number, (municipality, prefecture) in enumerate(TOWNS, 1):
        fleet.add(f'GW-{number}', '--name', f'{municipality}の家', '--prefecture', prefecture,
                  '--municipality', municipality)
    for number in range(1, 14):
        fleet.values(f'GW-{number}', pv_power=number * 310, load_power=640, grid_power=-number * 90,
                     battery_power=-400, soc=number * 7, time=ago(seconds=40))
    for number, code in ((1, '102'), (2, '307'), (3, '475'), (4, 'E2-1.A'), (5, '102'), (6, '509'), (8, '102')):
        fleet.fault(f'GW-{number}', code)
    return fleet


TOWNS = [('長野市', '長野県'), ('松本市', '長野県'), ('上田市', '長野県'), ('かすみがうら市', '茨城県'), ('京都市左京区', '京都府'),
         ('浜松市中央区', '静岡県'), ('飯田市', '長野県'), ('南魚沼市', '新潟県'), ('札幌市', '北海道'), ('那覇市', '沖縄県'),
         ('諏訪市', '長野県'), ('岡谷市', '長野県'), ('小諸市', '長野県'), ('佐久市', '長野県'), ('塩尻市', '長野県'),
         ('茅野市', '長野県')]


@scene('overview-storm')
def overview_storm(stage):
    desk = stage.signed_in(storm(stage))
    desk.wait_text(re.compile('GW-1'))
    return desk


@scene('gateways')
def gateways(stage):
    fleet = stage.fleet()
    fleet.values('GW-1', pv_power=3120, soc=74.5)
    fleet.values('GW-2', pv_power=845, soc=15)
    desk = stage.signed_in(fleet, 'Gateways')
    desk.wait_text('GW-3')
    return desk


@scene('gateways-none')
def gateways_none(stage):
    desk = stage.signed_in(stage.fleet(count=0), 'Gateways')
    desk.wait_text(desk.word('No gateway is linked yet'))
    return desk


@scene('gateways-no-match')
def gateways_no_match(stage):
    desk = gateways(stage)
    desk.fill(desk.word('Search gateways'), 'どこにもない')
    desk.wait_text(desk.word('No gateway fits'))
    return desk


@scene('gateways-storm')
def gateways_storm(stage):
    desk = stage.signed_in(storm(stage), 'Gateways')
    desk.wait_text('GW-1')
    return desk


@scene('gateways-offline')
def gateways_offline(stage):
    fleet = storm(stage)
    desk = stage.signed_in(fleet, 'Gateways')
    desk.wait_text('GW-1')
    fleet.server.kill9()
    desk.find('button', desk.word('Try again'), timeout=30)
    return desk


def house(stage, desk_of=None):
    fleet = stage.fleet(count=0)
    fleet.add('GW-1', '--prefecture', '長野県', '--municipality', '長野市')
    for minutes in range(600, 0, -15):
        fleet.values('GW-1', time=ago(minutes=minutes), pv_power=max(0, 3400 - abs(minutes - 300) * 11),
                     load_power=700 + minutes % 7 * 60, soc=90 - minutes / 10)
    fleet.push('GW-1', devices=[{'device': 'pcs1', 'kind': 'pcs', 'maker': 'オムロン', 'model': 'KPV-A55',
                                 'serial': 'S-1'}])
    fleet.values('GW-1', pv_power=3120, load_power=850, grid_power=-1200, battery_power=-1070, soc=74,
                 temperature_inverter=41.2)
    return fleet


def at_house(stage, fleet):
    desk = stage.desk().sign_in(fleet)
    desk.open_gateway('GW-1')
    return desk


@scene('gateway')
def gateway(stage):
    desk = at_house(stage, house(stage))
    desk.wait_text('3.12')
    return desk


@scene('gateway-fault')
def gateway_fault(stage):
    fleet = house(stage)
    fleet.fault('GW-1')
    desk = at_house(stage, fleet)
    desk.find('button', desk.word('Acknowledge'))
    return desk


@scene('gateway-never')
def gateway_never(stage):
    desk = at_house(stage, stage.fleet(count=1))
    desk.wait_text(desk.word('Not connected yet'))
    return desk


@scene('gateway-offline')
def gateway_offline(stage):
    fleet = house(stage)
    desk = at_house(stage, fleet)
    desk.wait_text('3.12')
    fleet.server.kill9()
    desk.key('F5')
    desk.wait_text(desk.word('The server cannot be reached.'), timeout=30)
    return desk


@scene('gateway-alerts')
def gateway_alerts(stage):
    fleet = house(stage)
    fleet.fault('GW-1')
    fleet.fault('GW-1', state='cleared')
    fleet.fault('GW-1', '307')
    desk = at_house(stage, fleet)
    desk.click('tab', desk.word('Alerts'))
    return desk


@scene('gateway-customer')
def gateway_customer(stage):
    desk = at_house(stage, house(stage))
    desk.click('tab', desk.word('Customer'))
    desk.wait_text('ミマモリ ハナコ')
    return desk


@scene('shortcuts')
def shortcuts(stage):
    desk = stage.desk()
    desk.key('ctrl+question')
    desk.wait_text(desk.word('Keyboard shortcuts'))
    return desk


@scene('customers', watched=True)
def customers(stage):
    desk = stage.signed_in(stage.fleet('--public-url', 'http://mimamori.example'), 'What to tell customers')
    desk.find('button', desk.word('Print the sheet…'))
    return desk


@scene('customers-unreachable')
def customers_unreachable(stage):
    desk = stage.signed_in(stage.fleet(), 'What to tell customers')
    desk.find('button', desk.word('Set the address'))
    return desk


# The registration of a dealer, page by page


@scene('register-server')
def register_server(stage):
    return walking.to_server(stage.desk())


@scene('register-terms')
def register_terms(stage):
    return walking.to_terms(stage.desk(), stage.server())


@scene('register-form', watched=True)
def register_form(stage):
    desk = walking.to_form(stage.desk(), stage.server())
    desk.fill(desk.word('Name'), '御室 太郎')
    desk.fill(desk.word('Name in katakana'), 'Omuro')
    desk.focus(desk.find('entry', desk.word('Mail address')))
    desk.find('entry', desk.word('Name in katakana')).refresh()
    return desk


@scene('register-user-id')
def register_user_id(stage):
    desk = walking.to_form(stage.desk(), stage.server())
    desk.focus(desk.find('entry', desk.word('User ID (dealer ID)')))
    desk.type('Taro-Denki')
    desk.wait_text(desk.word('This user ID is free.'))
    return desk


@scene('register-confirm')
def register_confirm(stage):
    return walking.to_confirm(stage.desk(), stage.server())


@scene('register-mail')
def register_mail(stage):
    return walking.to_mail(stage.desk(), stage.server())


@scene('register-link')
def register_link(stage):
    desk = stage.desk()
    desk.click('row', desk.word('I have a link from a mail'))
    desk.find('entry', desk.word('Address in the mail (URL)'))
    return desk


@scene('register-dead-link')
def register_dead_link(stage):
    server = stage.server()
    desk = walking.to_mail(stage.desk(), server)
    server.advance(80 * 3600)
    desk.fill(desk.word('Address in the mail (URL)'), walking.mailed_link(server))
    walking.press(desk, 'Open the link')
    desk.wait_text(desk.word('This link is no longer valid'))
    return desk


@scene('register-agree')
def register_agree(stage):
    return walking.to_agree(stage.desk(), stage.server())


@scene('register-password')
def register_password(stage):
    desk = walking.to_password(stage.desk(), stage.server())
    walking.fill_password(desk, 'Abcdefgh', 'Abc')
    desk.focus(desk.find('entry', desk.word('Phone number')))
    return desk


@scene('register-complete')
def register_complete(stage):
    return walking.to_complete(stage.desk(), stage.server())


@scene('welcome-again')
def welcome_again(stage):
    desk = walking.to_form(stage.desk(), stage.server())
    desk.fill(desk.word('Name'), '御室 太郎')
    desk.key('Escape', 'Escape', 'Escape')
    desk.find('button', desk.word('Continue'))
    return desk


@scene('link-from-outside')
def link_from_outside(stage):
    desk = stage.desk('mimamori:confirm?server=https%3A%2F%2Fmimamori.example.jp&token=' + 'A' * 43)
    desk.find('button', desk.word('Go on'))
    return desk


@scene('sign-in-wrong')
def sign_in_wrong(stage):
    fleet = stage.fleet(count=1)
    desk = stage.desk()
    desk.click('button', desk.word('Sign in'))
    desk.fill(desk.word('Server'), fleet.server.url)
    desk.fill(desk.word('User ID (dealer ID)'), fleet.user_id)
    desk.fill(desk.word('Password'), 'Wrong123')
    desk.click('button', desk.word('Sign in'))
    desk.wait_text(desk.word('The user ID or mail address, or the password, is wrong.'))
    return desk


@scene('forgotten')
def forgotten(stage):
    fleet = stage.fleet(count=1)
    desk = stage.desk()
    desk.click('button', desk.word('Sign in'))
    desk.fill(desk.word('Server'), fleet.server.url)
    desk.fill(desk.word('User ID (dealer ID)'), fleet.user_id)
    desk.click('button', desk.word('Forgotten password'))
    desk.find('button', desk.word('Send the mail'))
    return desk


def account_of(stage):
    desk = stage.signed_in(stage.fleet(count=1), 'My account')
    desk.find('button', desk.word('Edit'))
    return desk


@scene('account', watched=True)
def account(stage):
    return account_of(stage)


@scene('account-edit')
def account_edit(stage):
    desk = account_of(stage)
    desk.click('button', desk.word('Edit'))
    desk.fill(desk.word('Name in katakana'), 'kana')
    desk.click('button', desk.word('Next'))
    desk.wait_text(desk.word('Please write the reading in katakana.'))
    return desk


@scene('account-confirm')
def account_confirm(stage):
    desk = account_of(stage)
    desk.click('button', desk.word('Edit'))
    desk.fill(desk.word('Name'), '御室 次郎')
    desk.click('button', desk.word('Add an address'))
    desk.fill(desk.word('Address 1'), 'hoshu@dealer.example')
    desk.click('button', desk.word('Next'))
    desk.find('button', desk.word('Execute the edit'))
    return desk


def account_part(stage, name):
    desk = account_of(stage)
    desk.click('row', desk.word(name))
    return desk


@scene('account-password')
def account_password(stage):
    desk = account_part(stage, 'Change the password')
    desk.fill(desk.word('New password'), 'abcdefgh1')
    return desk


@scene('account-sessions')
def account_sessions(stage):
    desk = account_part(stage, 'Where you are signed in')
    desk.wait_text(desk.word('This one'))
    return desk


@scene('account-two-factor')
def account_two_factor(stage):
    desk = account_part(stage, 'Two-factor sign-in')
    desk.fill(desk.word('Present password'), 'Abcdef12')
    desk.click('button', desk.word('Set it up'))
    desk.find('entry', desk.word('Code'))
    return desk


@scene('account-close')
def account_close(stage):
    desk = account_part(stage, 'Close my account')
    desk.find('button', desk.word('Close the account for good'))
    return desk


@scene('alerts', watched=True)
def alerts(stage):
    fleet = stage.fleet()
    for name, code in (('GW-1', 'E3-1'), ('GW-2', 'E2-1.A'), ('GW-3', 'E1-0')):
        fleet.push(name, devices=[{'device': 'pcs1', 'kind': 'pv_inverter', 'maker': 'オムロン', 'model': 'KPV-A55'}])
        fleet.fault(name, code)
    desk = stage.signed_in(fleet, 'Alerts')
    desk.wait_text('GW-3')
    return desk


@scene('alerts-none')
def alerts_none(stage):
    desk = stage.signed_in(stage.fleet(), 'Alerts')
    desk.wait_text(desk.word('No open alert'))
    return desk


@scene('host-setup')
def host_setup(stage):
    desk = stage.desk()
    open_host(desk)
    desk.find('entry', desk.word('Port'))
    return desk


@scene('host-running', watched=True)
def host_running(stage):
    return host(stage.desk())


def with_gateways(stage):
    desk = host(stage.desk())
    for number, (name, municipality) in enumerate([('御室 太郎', '長野市'), ('見守 花子', '松本市')], 1):
        operator(desk, 'POST', '/operator/v1/gateways', json_body={
            'id': f'GW-{number}', 'name': name, 'prefecture': '長野県', 'municipality': municipality}).expect(201)
    return desk


@scene('host-gateways')
def host_gateways(stage):
    desk = with_gateways(stage)
    go(desk, 'Gateways')
    desk.wait_text('GW-2')
    return desk


@scene('host-add')
def host_add(stage):
    desk = host(stage.desk())
    go(desk, 'Gateways')
    desk.click('button', desk.word('Add a gateway'))
    desk.find('entry', desk.word('Municipality'))
    return desk


@scene('host-issued')
def host_issued(stage):
    desk = host_add(stage)
    desk.fill(desk.word('ID'), 'GW-1')
    desk.click('button', desk.word('Add the gateway'))
    desk.find('button', desk.word('Print labels…'))
    return desk


@scene('host-mail')
def host_mail(stage):
    desk = host(stage.desk())
    go(desk, 'Mail server')
    desk.find('entry', desk.word('Sender'))
    return desk


@scene('host-outbox')
def host_outbox(stage):
    desk = host(stage.desk())
    operator(desk, 'POST', '/operator/v1/mails/test', json_body={'address': 'taro@example.jp'}).expect(201)
    go(desk, 'Outbox')
    desk.wait_text('taro@example.jp')
    return desk


@scene('demo')
def demo(stage):
    desk = stage.desk('--demo')
    desk.wait_gone(None, desk.word('Demo fleet'), timeout=60)
    desk.click('row', desk.word('Gateways'))
    return desk
