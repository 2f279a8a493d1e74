/**
 * The questions the IDE opens on, one tab each, in the order of their file names.
 *
 * `NN-name.graphql` is the operation; `NN-name.json` beside it, if there is one, holds its variables.
 * The same pair of files as in `docs/queries/`.
 */
const operations = import.meta.glob<string>('./*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./*.json', { query: '?raw', import: 'default', eager: true });

export interface Question {
  query: string;
  variables?: string;
}

export const questions: Question[] = Object.keys(operations)
  .sort()
  .map((path) => ({
    query: operations[path].trimEnd(),
    variables: variables[path.replace(/\.graphql$/, '.json')],
  }));
