import { answer } from '../../../lib/agents/run-agent.ts';

/** Both ways to a picture, as a bundle has them: ours, and the one of the AI SDK that a provider could take. */
export async function fetchPictures(image: string): Promise<string[]> {
  const { createDownload } = await import('ai');
  const version = {
    ...{ model: { provider_id: 'provider', name: 'model' }, maxSteps: 1, output: 'text' as const },
    messages: [{ role: 'user' as const, content: [{ type: 'image' as const, image }] }],
  };
  const provider = { type: 'openai-compatible' as const, baseUrl: 'https://models.example.com/v1' };
  const request = { version, provider, variables: {}, timeoutMs: 5000 };
  const ours = answer(request, { resolveSecret: () => Promise.reject(new Error('There is none')) });
  return Promise.all([ours, createDownload()({ url: new URL(image) })].map(reasonOf));
}

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fetched',
    (error: unknown) => {
      const { reason, cause, message } = error as { reason?: string; cause?: unknown; message: string };
      return reason ?? (cause instanceof Error ? cause.name : message);
    },
  );
