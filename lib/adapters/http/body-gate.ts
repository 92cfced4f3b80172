import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Operation } from '../../apis/operation/operation.ts';
import { type Refusal, Refused } from '../../apis/operation/refusal.ts';
import { authenticate, permit } from './authorize.ts';
import type { HandlerPlatform } from './handler.ts';
import { toRequest } from './request.ts';

/**
 * Says why a caller may not call an operation, from the headers alone: what somebody sends who may not is not worth
 * being kept. The handler checks them again, which costs nothing: a known key is remembered.
 */
export const bodyGate =
  (operation: Operation, platform: () => HandlerPlatform) =>
  async (event: APIGatewayProxyEvent): Promise<Refusal | undefined> => {
    const { permission } = operation;
    if (permission === null) return undefined;
    const request = toRequest(event);
    try {
      const identity = await authenticate(operation, request, platform());
      await permit({ ...operation, permission }, identity, request, platform());
      return undefined;
    } catch (error) {
      if (error instanceof Refused) return error.refusal;
      throw error;
    }
  };
