/**
 * The questions the IDE opens on, one tab each: the published ones, `docs/queries/NN-name.graphql` with
 * variables in `NN-name.json`, the role map first.
 */
const operations = import.meta.glob<string>('../../../docs/queries/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('../../../docs/queries/*.json', { query: '?raw', import: 'default', eager: true });

export interface Question {
  query: string;
  variables?: string;
}

const first = (path: string) => (path.includes('/03-') ? '' : path);

export const questions: Question[] = Object.keys(operations)
  .sort((a, b) => (first(a) < first(b) ? -1 : 1))
  .map((path) => ({
    query: operations[path].trimEnd(),
    variables: variables[path.replace(/\.graphql$/, '.json')],
  }));
