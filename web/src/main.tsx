import { explorerPlugin } from '@graphiql/plugin-explorer';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './ide.css';
import { questions } from './questions';

// Same origin only. Subscriptions go over the same path as WebSocket; the headers typed into the IDE
// (Authorization) travel as the connection's parameters there, since browsers cannot set them.
const endpoint = new URL('/graphql', window.location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = createGraphiQLFetcher({
  url: endpoint.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
});

// Made once: a plugin of a new identity on every render would remount its panel.
const plugins = [explorerPlugin({ showAttribution: false })];

createRoot(document.getElementById('ide')!).render(
  <GraphiQL fetcher={fetcher} plugins={plugins} defaultTabs={questions} shouldPersistHeaders={false}>
    <GraphiQL.Logo>
      <span className="musubi-logo">
        musubi <span lang="ja">結び</span>
      </span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
