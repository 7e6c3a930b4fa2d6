"""A dealer with gateways that it may see, and what those send."""

import datetime
import sqlite3

from .shop import PASSWORD, link

DEALER_ID = 'Omuro-Ten'


def ago(**span):
    """The time so long ago (minutes=5), as gateways write it."""
    time = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**span)
    return time.isoformat().replace('+00:00', 'Z')


class Fleet:
    """shop: a Shop. The dealer DEALER_ID with PASSWORD sees the gateways GW-1 to GW-count of one customer."""

    user_id, password = DEALER_ID, PASSWORD

    def __init__(self, shop, count=3):
        self.shop, self.server = shop, shop.server
        self.gateways = {}
        self.dealer = shop.dealer(DEALER_ID)
        self.customer = None
        for number in range(1, count + 1):
            self.add(f'GW-{number}')
        self.api = shop.api(DEALER_ID)

    def add(self, name, *options, linked=True):
        """One more gateway of the customer, linked or not; options are those of `gateway add`."""
        gateway = self.shop.gateway(name, *options)
        if self.customer is None:
            self.customer = self.shop.customer(gateway=gateway)
        else:
            self.customer.post('/my/add', gateway_id=name,
                               activation_code=gateway['activation_code']).expect(303)
        self.gateways[name] = gateway
        if linked:
            link(self.customer, gateway=name, history='1').expect(303)
        return gateway

    def unlink(self, name):
        """The customer ends the link of this gateway."""
        link, = [link for link in self.api.get('/api/v1/links').expect(200).json()['links']
                 if link['gateway']['id'] == name]
        self.customer.post(f'/my/links/{link["id"]}/end').expect(303)

    def push(self, name, **body):
        """A push of this gateway; the fields are those of POST /ingest/v1."""
        return self.server.http.post('/ingest/v1', body, headers={
            'Authorization': f'Token {self.gateways[name]["key"]}'}).expect(200).json()

    def values(self, name, time=None, device='pcs1', **quantities):
        """Measurements, now or at a time: values('GW-1', pv_power=3120, soc=74.5)."""
        return self.push(name, readings=[{'t': time or ago(), 'device': device, 'v': quantities}])

    def fault(self, name, code='102', state='raised', time=None, device='pcs1'):
        """A fault comes or ('cleared') goes."""
        return self.push(name, events=[{'t': time or ago(), 'device': device, 'code': code, 'state': state}])

    def copy(self, count):
        """More gateways than a customer may link in an hour: GW-1's owner and link are copied with the server
        stopped. Returns their keys."""
        table = self.server.folder / 'gateways.csv'
        table.write_text('id\n' + ''.join(f'BENCH-{n:05}\n' for n in range(count)))
        made = self.server.cli('gateway', 'import', table)['gateways']
        self.server.stop()
        database = sqlite3.connect(next(path for path in self.server.data_dir.iterdir()
                                        if path.read_bytes()[:15] == b'SQLite format 3'))
        with database:
            database.execute("UPDATE gateway SET (owner, owned_since, hidden_before) = (SELECT owner, owned_since, "
                             "hidden_before FROM gateway WHERE public_id = 'GW-1') WHERE public_id LIKE 'BENCH-%'")
            database.execute(
                "INSERT INTO link (public_id, gateway, dealer, grants, since, until) "
                "SELECT 'bench-' || gateway.id, gateway.id, link.dealer, link.grants, link.since, NULL "
                "FROM gateway, link JOIN gateway AS first ON first.id = link.gateway AND first.public_id = 'GW-1' "
                "WHERE gateway.public_id LIKE 'BENCH-%'")
        database.close()
        self.server.start()
        return [gateway['key'] for gateway in made]
