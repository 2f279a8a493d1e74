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

// GraphiQL takes the variables of the first tab from here, not from defaultTabs; a browser with stored tabs has its own.
const firstVariables = localStorage.getItem('graphiql:tabState') ? undefined : questions[0].variables;

createRoot(document.getElementById('ide')!).render(
  <GraphiQL fetcher={fetcher} plugins={plugins} defaultTabs={questions} variables={firstVariables} shouldPersistHeaders={false}>
    <GraphiQL.Logo>
      <span className="musubi-logo">
        musubi <span lang="ja">結び</span>
      </span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
