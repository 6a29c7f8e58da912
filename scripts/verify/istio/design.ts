/** The numbers of the design, written a second time: what is rendered and what Envoy runs must both say the same. */

export interface GroupDesign {
  /** Seconds. */
  readonly timeout: number;
  readonly attempts: number;
  /** Seconds. */
  readonly perTryTimeout: number;
  readonly retryOn: string;
  readonly maxConnections: number;
  readonly pendingRequests: number;
  readonly http2Requests: number;
  readonly requestsPerConnection: number;
  readonly maxRetries: number;
  /** Seconds. */
  readonly idleTimeout: number;
}

export const WRITES_RETRY_ON = "connect-failure,refused-stream";
const A = "gateway-error,connect-failure,refused-stream,5xx,retriable-4xx,reset";
const B = "gateway-error,connect-failure,refused-stream,reset";

const USUAL: GroupDesign = {
  timeout: 10,
  attempts: 5,
  perTryTimeout: 3,
  retryOn: A,
  maxConnections: 100,
  pendingRequests: 100,
  http2Requests: 500,
  requestsPerConnection: 10,
  maxRetries: 3,
  idleTimeout: 30,
};

export const DESIGN = {
  member: USUAL,
  content: USUAL,
  timeline: USUAL,
  activity: USUAL,
  search: {
    ...USUAL,
    timeout: 15,
    perTryTimeout: 4,
    maxConnections: 120,
    pendingRequests: 120,
    http2Requests: 550,
    idleTimeout: 45,
  },
  image: {
    timeout: 30,
    attempts: 3,
    perTryTimeout: 10,
    retryOn: B,
    maxConnections: 150,
    pendingRequests: 150,
    http2Requests: 600,
    requestsPerConnection: 5,
    maxRetries: 2,
    idleTimeout: 60,
  },
} as const satisfies Readonly<Record<string, GroupDesign>>;

export type GroupName = keyof typeof DESIGN;
export const GROUP_NAMES = Object.keys(DESIGN) as GroupName[];

/** Times in seconds. */
export const CONNECT_TIMEOUT = 3;
export const KEEPALIVE = { time: 7_200, interval: 75, probes: 9 } as const;
export const OUTLIERS = {
  consecutive5xxErrors: 5,
  consecutiveGatewayErrors: 3,
  interval: 60,
  baseEjectionTime: 300,
  maxEjectionPercent: 50,
  minHealthPercent: 30,
  splitExternalLocalOriginErrors: true,
} as const;
