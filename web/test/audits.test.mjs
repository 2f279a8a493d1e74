// The audits of graphql-http, which hold a server against the specification of GraphQL over HTTP.
//
//   MUSUBI_URL=http://localhost:8080/graphql MUSUBI_GET=1 node --test test/audits.test.mjs
//
// MUSUBI_GET says that queries by GET are answered: then all audits must pass, and without it all that are a MUST or a SHOULD.
// TestIsTheServerGraphQLOverHTTP in internal/cli starts a server and runs this.
import assert from 'node:assert/strict';
import test from 'node:test';
import { serverAudits } from 'graphql-http';

const url = process.env.MUSUBI_URL ?? '';
const get = process.env.MUSUBI_GET === '1';
const skip = url ? false : 'MUSUBI_URL is not set';

const audits = serverAudits({ url });

test('there are the audits we know', () => {
  assert.equal(audits.length, 61);
  assert.equal(audits.filter((a) => !a.name.startsWith('MAY')).length, 36);
});

for (const audit of audits) {
  test(`${audit.id} ${audit.name}`, { skip }, async (t) => {
    const result = await audit.fn();
    if (result.status === 'ok') return;
    const why = `${result.reason}: ${'response' in result ? await result.response.text() : ''}`;
    if (!get && audit.name.startsWith('MAY')) t.diagnostic(`not so, which is allowed: ${why}`);
    else assert.fail(why);
  });
}
