/**
 * The questions the IDE opens on, one tab each, from the published ones: `docs/queries/NN-name.graphql` with
 * variables in `NN-name.json`, the role map first, and the live one from `docs/subscriptions`.
 */
const operations = import.meta.glob<string>('../../../docs/{queries,subscriptions}/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('../../../docs/{queries,subscriptions}/*.json', { query: '?raw', import: 'default', eager: true });

export interface Question {
  query: string;
  variables?: string;
}

/** The ones it opens on, in this order; the others stand in docs/queries, and the tab bar would not hold them all. */
const opened = ['03-', '02-', '04-', '05-', '16-', '25-', '17-live-changes'];

export const questions: Question[] = opened.flatMap((number) =>
  Object.keys(operations)
    .filter((path) => path.includes(`/${number}`))
    .map((path) => ({
      query: operations[path].trimEnd(),
      variables: variables[path.replace(/\.graphql$/, '.json')],
    })),
);
