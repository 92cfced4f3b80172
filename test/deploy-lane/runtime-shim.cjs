// What Lambda's runtime gives to functions that stream, for an emulator that has none: metadata as JSON, at most
// 16 KB, and then the body, which arrives whole.
// https://docs.aws.amazon.com/lambda/latest/dg/response-streaming-tutorial.html
const dns = require('node:dns');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const { Writable } = require('node:stream');
const tls = require('node:tls');

const MOST_METADATA = 16_384 - 8;

if (globalThis.awslambda === undefined) {
  const metadataOf = new WeakMap();
  const streamifyResponse = (handler) => async (event, context) => {
    const pieces = [];
    const stream = new Writable({
      write(piece, _encoding, done) {
        pieces.push(Buffer.from(piece));
        done();
      },
    });
    await handler(event, stream, context);
    const metadata = metadataOf.get(stream);
    if (metadata === undefined) throw new Error('A streamed answer has to begin with its metadata');
    if (!stream.writableEnded) throw new Error('The handler returned before it had ended its stream');
    const body = Buffer.concat(pieces).toString('base64');
    return { ...metadata, body, isBase64Encoded: true, wasStreamed: true };
  };
  const from = (stream, metadata) => {
    const text = JSON.stringify(metadata);
    if (Buffer.byteLength(text) > MOST_METADATA) throw new Error('Metadata is longer than 16 KB');
    for (const [name, value] of Object.entries(metadata.headers ?? {}))
      if (typeof value !== 'string') throw new Error(`The header ${name} is no string`);
    metadataOf.set(stream, JSON.parse(text));
    return stream;
  };
  globalThis.awslambda = { streamifyResponse, HttpResponseStream: { from } };
}

// Addresses that nobody answers at here are the emulator's: that of StartSyncExecution, which the SDK calls at
// `sync-<host>`, and that of a user pool's keys, which its tokens name.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
const emulated = (host) => (typeof host === 'string' ? host.replace(/^sync-(?=127\.)/, '') : host);
const POOL = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(?=\/)/;
const { lookup } = dns;
dns.lookup = (host, ...others) => lookup(emulated(host), ...others);
const { checkServerIdentity } = tls;
tls.checkServerIdentity = (host, certificate) => checkServerIdentity(emulated(host), certificate);
const { request } = https;
https.request = (asked, ...others) =>
  request(typeof asked === 'string' ? asked.replace(POOL, process.env.AWS_ENDPOINT_URL) : asked, ...others);
syncBuiltinESMExports();

// Says in its log where the lines of a call end, so that logs.py knows when it has them all.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...others) => {
  if (/^\{"status":"(?:ok|error)"/.test(text)) process.stderr.write('\x01end of the call\n');
  return write(text, ...others);
};
