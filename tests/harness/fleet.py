"""A dealer with gateways that it may see, and what those send."""

import datetime

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
