// Writes N points (value i at START + i seconds) with InfluxDB's own client, then a line that is none
// between two good ones. Prints, as JSON, what the client was told.
const {InfluxDB, Point, HttpError} = require('@influxdata/influxdb-client');

const [url, token, start, count, retries] = process.argv.slice(2);
const told = {failed: [], retried: 0};
let done = 0;
const options = {
  batchSize: 1000, flushInterval: 0, minRetryDelay: 50, retryJitter: 10, maxRetryDelay: 500,
  maxRetries: Number(retries), maxRetryTime: 100000,
  writeSuccess (lines) { done += lines.length; },
  writeFailed (error, lines, attempt) {
    if (error instanceof HttpError && error.statusCode === 400) {
      told.failed.push({status: error.statusCode, message: error.message, lines: lines.length});
      done += lines.length;
    } else
      told.retried++;
  },
};

async function main () {
  const api = new InfluxDB({url, token}).getWriteApi('org', 'bucket', 's', options);

  for (let i = 0; i < Number(count); i++)
    api.writePoint(new Point('pcs').tag('device', 'pcs1').floatField('pv_power', i).booleanField('islanded', i % 2 === 0)
      .timestamp(Number(start) + i));
  await api.flush().catch(() => {});
  api.writeRecords([`pcs,device=pcs2 pv_power=1 ${start}`, 'this is no line', `pcs,device=pcs2 soc=2 ${start}`]);
  await api.flush().catch(() => {});
  // Closing forgets what waits to be tried again.
  while (done < Number(count) + 3)
    await new Promise(resolve => setTimeout(resolve, 20));
  await api.close().catch(() => {});
  console.log(JSON.stringify(told));
}

main().catch(error => { console.error(error); process.exitCode = 1; });
