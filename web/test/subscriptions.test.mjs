// The official clients against a running musubi: what they take for the protocol is the protocol.
//
//   MUSUBI_URL=http://localhost:8080/graphql node --experimental-websocket --test test/subscriptions.test.mjs
//
// TestDoTheOfficialClientsUnderstand in internal/cli starts a server and runs this. It writes: use no map that matters.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { parse } from 'graphql';
import { createClient as createSSE } from 'graphql-sse';
import { createClient as createWS } from 'graphql-ws';

const url = process.env.MUSUBI_URL ?? '';
const skip = url ? false : 'MUSUBI_URL is not set';
const socketURL = url.replace(/^http/, 'ws');

/**
 * @param {string} query
 * @param {Record<string, unknown>} variables
 * @param {Record<string, string>} headers
 */
async function post(query, variables, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return { data, revision: response.headers.get('musubi-revision') ?? '' };
}

let made = 0;
async function write() {
  const name = `題目${++made}`;
  const { data } = await post('mutation($name: String!) { create(input: {topic: {name: $name}}) { revision } }', { name });
  return data.create.revision;
}

const changes = 'subscription($since: String) { changes(since: $since) { revision after } }';

/**
 * Reads n events and leaves.
 * @param {AsyncIterable<any>} iterator
 * @param {number} n
 */
async function take(iterator, n) {
  const events = [];
  for await (const { data, errors } of iterator) {
    assert.equal(errors, undefined);
    events.push(data.changes);
    if (events.length === n) break;
  }
  return events;
}

/** @typedef {{ iterate(r: { query: string, variables?: Record<string, unknown> }): AsyncIterableIterator<any>, dispose(): void }} Client */

/** @type {Record<string, () => Client>} */
const clients = {
  'graphql-ws': () => {
    const client = createWS({ url: socketURL, retryAttempts: 0 });
    return { iterate: (r) => client.iterate(r), dispose: () => client.dispose() };
  },
  'graphql-sse': () => {
    const client = createSSE({ url, retryAttempts: 0 });
    return { iterate: (r) => client.iterate(r), dispose: () => client.dispose() };
  },
};

for (const [name, create] of Object.entries(clients)) {
  test(name, { skip }, async (t) => {
    const client = create();
    t.after(() => client.dispose());

    await t.test('asks a question', async () => {
      await write();
      const answers = [];
      for await (const answer of client.iterate({ query: '{ topics(first: 1) { nodes { __typename } } }' })) answers.push(answer);
      assert.deepEqual(answers.map((a) => a.data.topics.nodes), [[{ __typename: 'Topic' }]]);
      assert.match(answers[0].extensions.revision, /^r\d+$/);
    });

    await t.test('follows the log, leaves, and comes back where it was', async () => {
      const since = await write();
      const wanted = [];
      for (let i = 0; i < 5; i++) wanted.push(await write());
      const first = await take(client.iterate({ query: changes, variables: { since } }), 2);
      const rest = await take(client.iterate({ query: changes, variables: { since: first[1].revision } }), 3);
      assert.deepEqual([...first, ...rest].map((e) => e.revision), wanted);
    });

    await t.test('is told live', async () => {
      const since = await write();
      const live = take(client.iterate({ query: changes, variables: { since } }), 1);
      const next = await write();
      assert.equal((await live)[0].revision, next);
    });

    await t.test('runs several at a time', async () => {
      const since = await write();
      const all = Array.from({ length: 5 }, () => take(client.iterate({ query: changes, variables: { since } }), 1));
      const next = await write();
      assert.deepEqual((await Promise.all(all)).map(([e]) => e.revision), Array(5).fill(next));
    });

    await t.test('is told what is wrong', async () => {
      const codes = [];
      for (const query of ['{ nothing }', 'subscription { changes(since: "yesterday") { revision } }']) {
        try {
          for await (const { errors } of client.iterate({ query })) codes.push(errors[0].extensions.code);
        } catch (refused) {
          codes.push(/** @type {any} */ (refused)[0].extensions.code);
        }
      }
      assert.deepEqual(codes, ['GRAPHQL_VALIDATION_FAILED', 'INVALID_VALUE']);
    });
  });
}

test('a client reads its own writes', { skip }, async () => {
  const revision = await write();
  const { revision: seen } = await post('{ topics(first: 1) { nodes { name } } }', {}, { 'musubi-at-least': revision });
  assert.ok(Number(seen.slice(1)) >= Number(revision.slice(1)));
});

test('the IDE runs a subscription', { skip }, async () => {
  const fetcher = createGraphiQLFetcher({ url, subscriptionUrl: socketURL, enableIncrementalDelivery: false, fetch });
  const since = await write();
  const request = { query: changes, variables: { since } };
  const events = /** @type {any} */ (await fetcher(request, { documentAST: parse(changes), headers: { 'musubi-at-least': since } }));
  const iterator = events[Symbol.asyncIterator]();
  const next = iterator.next();
  const revision = await write();
  assert.equal((await next).value.data.changes.revision, revision);
  await iterator.return();
});
