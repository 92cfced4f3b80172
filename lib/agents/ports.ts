export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** What running an agent needs from outside. */
export interface AgentPlatform {
  /**
   * The value behind a reference. References are written by whoever manages agents: resolve them only below
   * a prefix of that workspace's own, or a workspace could send any secret of the platform to its own server.
   */
  resolveSecret(ref: string): Promise<string>;
  /** Refuses addresses of model servers that may not be called from here; all may without it. */
  mayCall?: ((url: URL) => boolean) | undefined;
  /** How model servers are called that a workspace has named; Node's own `fetch` without it. */
  fetchProvider?: typeof fetch | undefined;
  /** How pictures are fetched; `publicFetch` without it. */
  fetchPicture?: typeof fetch | undefined;
  /** For Bedrock; the usual AWS environment variables without it. */
  awsCredentials?: (() => Promise<AwsCredentials>) | undefined;
  /** Stands in for Bedrock's address of the region. */
  bedrockEndpoint?: string | undefined;
}
