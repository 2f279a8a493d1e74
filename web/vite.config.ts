import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const musubi = 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/graphiql/',
  build: {
    // One page for the browsers people have: nothing to polyfill, nothing inline.
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Licence texts of what is bundled travel with it.
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // "use client" marks in libraries mean nothing outside server rendering; they would fill the screen.
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: {
    // `npm run dev` beside a running musubi. It refuses foreign origins, so the proxy speaks as its own.
    proxy: {
      '/graphql': { target: musubi, changeOrigin: true, ws: true, rewriteWsOrigin: true, headers: { origin: musubi } },
    },
  },
  preview: {
    // What the Go server sends, so that the smoke test runs under the same policy.
    headers: {
      'Content-Security-Policy': readFileSync(new URL('./csp.txt', import.meta.url), 'utf8').trim(),
    },
  },
});
