import type { InputShape, Operation, Success } from '../../apis/operation/operation.ts';
import { isStreaming } from '../../apis/operation/operation.ts';
import {
  type Answer,
  type HandlerPlatform,
  type Input,
  type Route,
  toHandler,
  toStreamHandler,
} from './handler.ts';

/**
 * The function of an operation: what Lambda calls, whole or streaming as the operation's answer is, and the route
 * that a laptop and tests bind to a platform of their own. The platform is a function, so that importing an entry
 * touches nothing.
 */
export function lambda<Shape extends InputShape, Ok extends Success, P extends HandlerPlatform>(
  operation: Operation<Shape, Ok>,
  platform: () => P,
  respond: (input: Input<Shape>, platform: P) => Promise<Answer<Ok>>,
) {
  const route: Route<Shape, Ok, P> = { operation, respond };
  const bind = isStreaming(operation) ? toStreamHandler : toHandler;
  return Object.assign(bind(route, platform), { route });
}
