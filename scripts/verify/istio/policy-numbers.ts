import { CONNECT_TIMEOUT, type GroupDesign, KEEPALIVE, OUTLIERS } from "./design.ts";
import type { RenderedPolicy } from "./manifests.ts";

/** A number in the design, in a manifest, and in what Envoy runs. */
export type Number3 = readonly [design: unknown, rendered: unknown, running: unknown];

const HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** The parts of a cluster in Envoy's configuration that a DestinationRule decides. */
export interface RunningCluster {
  readonly lb_policy?: string;
  readonly least_request_lb_config?: { readonly choice_count?: number };
  readonly connect_timeout: string;
  readonly circuit_breakers: { readonly thresholds: readonly Readonly<Record<string, number>>[] };
  readonly upstream_connection_options: { readonly tcp_keepalive: Readonly<Record<string, number>> };
  readonly typed_extension_protocol_options: {
    readonly [HTTP_OPTIONS]: {
      readonly common_http_protocol_options: {
        readonly idle_timeout?: string;
        readonly max_requests_per_connection?: number;
      };
      readonly explicit_http_config?: { readonly http2_protocol_options?: object };
    };
  };
  readonly outlier_detection: Readonly<Record<string, number | string | boolean>>;
  readonly common_lb_config: { readonly healthy_panic_threshold: { readonly value: number } };
}

export function connectionNumbers(
  design: GroupDesign,
  { loadBalancer, connectionPool }: RenderedPolicy,
  running: RunningCluster,
) {
  const { tcp, http } = connectionPool;
  const [limits = {}] = running.circuit_breakers.thresholds;
  const keepalive = running.upstream_connection_options.tcp_keepalive;
  const options = running.typed_extension_protocol_options[HTTP_OPTIONS];
  const common = options.common_http_protocol_options;
  const choices = running.least_request_lb_config?.choice_count ?? 2;
  const { time, interval, probes } = tcp.tcpKeepalive as { time: string; interval: string; probes: number };
  return {
    "load balancer": ["LEAST_REQUEST", (loadBalancer as { simple: string }).simple, running.lb_policy],
    // No field of Istio's: Envoy's default.
    "choices of the load balancer": [2, 2, choices],
    connectTimeout: [CONNECT_TIMEOUT, seconds(tcp.connectTimeout), seconds(running.connect_timeout)],
    "keepalive time": [KEEPALIVE.time, seconds(time), keepalive.keepalive_time],
    "keepalive interval": [KEEPALIVE.interval, seconds(interval), keepalive.keepalive_interval],
    "keepalive probes": [KEEPALIVE.probes, probes, keepalive.keepalive_probes],
    maxConnections: [design.maxConnections, tcp.maxConnections, limits.max_connections],
    http1MaxPendingRequests: [
      design.pendingRequests,
      http.http1MaxPendingRequests,
      limits.max_pending_requests,
    ],
    http2MaxRequests: [design.http2Requests, http.http2MaxRequests, limits.max_requests],
    maxRetries: [design.maxRetries, http.maxRetries, limits.max_retries],
    maxRequestsPerConnection: [
      design.requestsPerConnection,
      http.maxRequestsPerConnection,
      common.max_requests_per_connection,
    ],
    idleTimeout: [design.idleTimeout, seconds(http.idleTimeout), seconds(common.idle_timeout)],
    h2UpgradePolicy: [
      true,
      http.h2UpgradePolicy === "UPGRADE",
      options.explicit_http_config?.http2_protocol_options !== undefined,
    ],
  } satisfies Record<string, Number3>;
}

export function outlierNumbers({ outlierDetection: rendered }: RenderedPolicy, running: RunningCluster) {
  const detection = running.outlier_detection;
  return {
    consecutive5xxErrors: [
      OUTLIERS.consecutive5xxErrors,
      rendered.consecutive5xxErrors,
      detection.consecutive_5xx,
    ],
    consecutiveGatewayErrors: [
      OUTLIERS.consecutiveGatewayErrors,
      rendered.consecutiveGatewayErrors,
      detection.consecutive_gateway_failure,
    ],
    "both enforced": [
      [100, 100],
      [100, 100],
      [detection.enforcing_consecutive_5xx, detection.enforcing_consecutive_gateway_failure],
    ],
    interval: [OUTLIERS.interval, seconds(rendered.interval), seconds(detection.interval)],
    baseEjectionTime: [
      OUTLIERS.baseEjectionTime,
      seconds(rendered.baseEjectionTime),
      seconds(detection.base_ejection_time),
    ],
    maxEjectionPercent: [
      OUTLIERS.maxEjectionPercent,
      rendered.maxEjectionPercent,
      detection.max_ejection_percent,
    ],
    minHealthPercent: [
      OUTLIERS.minHealthPercent,
      rendered.minHealthPercent,
      running.common_lb_config.healthy_panic_threshold.value,
    ],
    splitExternalLocalOriginErrors: [
      OUTLIERS.splitExternalLocalOriginErrors,
      rendered.splitExternalLocalOriginErrors,
      detection.split_external_local_origin_errors,
    ],
  } satisfies Record<string, Number3>;
}

/** Of a duration as manifests (`1m`, `3s`) or Envoy (`60s`) write it. */
export function seconds(duration: unknown): unknown {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(String(duration)) ?? [];
  return count === undefined ? duration : Number(count) * (unit === "m" ? 60 : 1);
}
