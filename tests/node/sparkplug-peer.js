// An edge node of Sparkplug B by sparkplug-client: node sparkplug-peer.js URL GROUP NODE.
// It is told what to do by lines of JSON on standard input, and tells what happens on standard output.
'use strict';

const readline = require('readline');
const { newClient } = require('sparkplug-client');

const [serverUrl, groupId, edgeNode] = process.argv.slice(2);
const client = newClient({ serverUrl, groupId, edgeNode, username: '', password: '', clientId: `peer-${edgeNode}`,
                           keepalive: 60, publishDeath: false });
let births = [];

const say = (word) => process.stdout.write(`${word}\n`);

function bear() {
  for (const { device, metrics } of births) {
    const payload = { timestamp: Date.now(), metrics: structuredClone(metrics) };
    if (device)
      client.publishDeviceBirth(device, payload);
    else
      client.publishNodeBirth(payload);
  }
  say('born');
}

const actions = {
  // {"births": [{"metrics": […]}, {"device": "meter", "metrics": […]}]}: the node first
  birth({ births: given }) { births = given; bear(); },
  data({ device, metrics, timestamp }) {
    const payload = { timestamp: timestamp || Date.now(), metrics };
    if (device)
      client.publishDeviceData(device, payload);
    else
      client.publishNodeData(payload);
  },
  // As if a message had been lost.
  skip() { client.seq += 1; },
  devicedeath({ device }) { client.publishDeviceDeath(device, { timestamp: Date.now(), metrics: [] }); },
  // The connection breaks: the broker publishes the will.
  die() { client.client.options.reconnectPeriod = 0; client.client.stream.destroy(); },
};

client.on('birth', () => say('connected'));
client.on('ncmd', (payload) => {
  for (const metric of payload.metrics)
    if (metric.name === 'Node Control/Rebirth' && metric.value === true) {
      say('rebirth');
      bear();
    }
});
readline.createInterface({ input: process.stdin })
  .on('line', (line) => { const action = JSON.parse(line); actions[action.do](action); })
  .on('close', () => process.exit(0));
