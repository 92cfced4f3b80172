import type { Client } from './client.ts';
import { heyApi } from './clients/hey-api.ts';
import { openapiFetch } from './clients/openapi-fetch.ts';
import { csharp, go, java, python, typescriptFetch } from './clients/openapi-generator.ts';
import { openapiPythonClient } from './clients/openapi-python-client.ts';
import { orval } from './clients/orval.ts';

/** In the order in which they are tried: what is quick first. */
export const CLIENTS: readonly Client[] = [
  openapiFetch,
  heyApi,
  orval,
  openapiPythonClient,
  typescriptFetch,
  python,
  csharp,
  go,
  java,
];
