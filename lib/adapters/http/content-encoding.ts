import { Refused } from '../../apis/operation/refusal.ts';
import type { HttpRequest } from './request.ts';

/**
 * Bodies come as they are: one that would have to be unpacked first may be a thousand times larger than it looks.
 * @throws Refused `unsupported_media_type` for a body that is encoded.
 */
export function assertPlain({ header, body }: Pick<HttpRequest, 'header' | 'body'>): void {
  const codings = (header('content-encoding') ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  if (body === undefined || codings.every((coding) => coding === '' || coding === 'identity')) return;
  throw new Refused({
    category: 'unsupported_media_type',
    message: 'A body must be sent without a content encoding.',
    // RFC 9110, 12.5.3: by it a client tells this from a wrong type.
    headers: { 'accept-encoding': 'identity' },
  });
}
