import { all, type Rule } from './body.ts';

interface LambdaFunction {
  Runtime: string;
  Architectures?: string[];
  Handler: string;
  MemorySize?: number;
  Timeout?: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, and what we bundle for. */
export const functionsAsBundled: Rule = (body) =>
  all<LambdaFunction>(body, 'AWS::Lambda::Function').flatMap(
    ([id, { Runtime, Architectures = ['x86_64'], Handler, MemorySize = 128, Timeout = 3 }]) => {
      const wrong: [boolean, string][] = [
        [Runtime !== 'nodejs24.x', `the runtime ${Runtime}, and is bundled for nodejs24.x`],
        [Architectures.join() !== 'arm64', `the architecture ${Architectures.join()}, not arm64`],
        [Handler !== 'index.handler', `the handler ${Handler}, not index.handler`],
        [MemorySize < 128 || MemorySize > 10_240, `${MemorySize} MB; Lambda has 128 to 10,240`],
        [Timeout < 1 || Timeout > 900, `${Timeout} s; Lambda has 1 to 900`],
      ];
      return wrong.flatMap(([isWrong, what]) => (isWrong ? [`${id} has ${what}`] : []));
    },
  );
