// Loads the IDE in a real Chromium: it must work under our policy, from our origin alone, and open on a question.
//
//   npm test                                               the preview of the build, with a made-up answer behind /graphql
//   MUSUBI_URL=http://localhost:8080/graphiql npm test    a running musubi
//   MUSUBI_SCREENSHOT=/tmp/ide.png      also keeps a picture;  CHROMIUM=/path/to/chromium
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { buildSchema, graphql } from 'graphql';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const root = new URL('..', import.meta.url).pathname;

const skip = !existsSync(executablePath)
  ? `no Chromium at ${executablePath}: install it or set CHROMIUM`
  : !process.env.MUSUBI_URL && !existsSync(join(root, 'dist/index.html'))
    ? 'nothing built: run `npm run build` first, or set MUSUBI_URL'
    : false;

// The real schema, with an answer made up for the first question.
const sdl = ['schema.graphqls', ...readdirSync(join(root, '../graph/schema')).map((name) => `graph/schema/${name}`)];
const schema = buildSchema(sdl.map((name) => readFileSync(join(root, '..', name), 'utf8')).join('\n'));
const rootValue = {
  roleMap: () => ({
    initiative: { name: '共創共学プラットフォーム', stage: 'PREPARATION' },
    ...Object.fromEntries(['activities', 'functions', 'gaps', 'overlaps', 'conflicts', 'load'].map((name) => [name, []])),
    coverage: { activities: 0, withResponsible: 0, withAccountable: 0, complete: 0, share: 1 },
  }),
};

test('the IDE opens on a question, from our own origin alone', { skip, timeout: 90_000 }, async (t) => {
  const address = process.env.MUSUBI_URL ?? (await startPreview(t));
  const browser = await startBrowser(t);
  const page = await browser.newPage();

  /** @type {string[]} */
  const foreign = [];
  /** @type {string[]} */
  const complaints = [];
  browser.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== new URL(address).origin) foreign.push(request.url());
  });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (!process.env.MUSUBI_URL) await page.route('**/graphql', answerMadeUp);

  const response = await page.goto(address);
  assert.match(response?.headers()['content-security-policy'] ?? '', /default-src 'none'/);
  assert.equal(await page.title(), 'musubi 結び — GraphQL');

  const editor = page.locator('.graphiql-query-editor .CodeMirror');
  await editor.getByText('query', { exact: true }).first().waitFor();
  assert.match(await editor.innerText(), /query RoleMap/, 'the first tab asks for the role map');
  assert.equal(await page.locator('.graphiql-tab').first().innerText(), 'RoleMap');

  await t.test('runs the question', async () => {
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.result-window .CodeMirror').getByText('"data"').waitFor();
    const answer = await page.locator('.result-window .CodeMirror').innerText();
    assert.match(answer, /共創共学プラットフォーム/);
    assert.doesNotMatch(answer, /"errors"/);
  });

  await t.test('shows documentation and the explorer', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Root Types').waitFor();
    await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click();
    await page.locator('.graphiql-explorer-root').getByText('initiatives').first().waitFor();
  });

  if (process.env.MUSUBI_SCREENSHOT) await page.screenshot({ path: process.env.MUSUBI_SCREENSHOT });
  assert.deepEqual(foreign, [], 'requests to other hosts');
  assert.deepEqual(complaints, [], 'errors in the console');
});

/** @param {import('node:test').TestContext} t */
async function startPreview(t) {
  const server = await preview({ root, logLevel: 'error', preview: { host: '127.0.0.1', port: 41730, open: false } });
  t.after(() => server.close());
  const [url] = server.resolvedUrls?.local ?? [];
  return url;
}

/**
 * A fresh profile that can resolve nothing but this machine, so that even a request nobody noticed fails.
 * @param {import('node:test').TestContext} t
 */
async function startBrowser(t) {
  const profile = mkdtempSync(join(tmpdir(), 'musubi-chromium-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1400, height: 860 },
    colorScheme: process.env.MUSUBI_COLORS === 'dark' ? 'dark' : 'light',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
  t.after(async () => {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  });
  return browser;
}

/** @param {import('playwright-core').Route} route */
async function answerMadeUp(route) {
  const { query, variables, operationName } = route.request().postDataJSON();
  const result = await graphql({ schema, rootValue, source: query, variableValues: variables, operationName });
  await route.fulfill({ json: result });
}
