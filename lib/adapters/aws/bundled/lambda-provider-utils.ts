import { publicFetch } from '../../../outbound/index.ts';

/**
 * Takes the place of `@ai-sdk/provider-utils` in bundles. The package's own way of fetching what a message refers
 * to asks Node for `undici` when it runs, which no bundle has. Ours looks at addresses in the same manner.
 * `ai` and the packages of providers bring a patch of 4.0 each; a bundle has the newest one only, which is `ai`'s.
 */
// By its file: its name would lead back here.
export * from '../../../../node_modules/ai/node_modules/@ai-sdk/provider-utils/dist/index.mjs';

interface Asked {
  url: string;
  headers?: Record<string, string>;
  abortSignal?: AbortSignal;
}

export const fetchWithValidatedRedirects = ({ url, headers, abortSignal }: Asked): Promise<Response> =>
  publicFetch(url, {
    ...(headers === undefined ? {} : { headers }),
    ...(abortSignal === undefined ? {} : { signal: abortSignal }),
  });

const neverAsked = (): Promise<never> =>
  Promise.reject(new Error('Bundles fetch nothing for the AI SDK: `fetchPicture` does, before it is asked'));

/** What else of the package would fetch by itself: pictures to be edited, lists of models. None of ours asks. */
export { neverAsked as downloadBlob, neverAsked as fetchWithValidatedEndpoint, neverAsked as getFromApi };
