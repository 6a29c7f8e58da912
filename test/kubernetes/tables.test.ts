import { expect, it } from "vitest";
import { describeRendered, GROUPS, named, OVERLAYS, rendered } from "./rendered.ts";

/** The numbers of the design, written a second time, against what is rendered. */

const A = "gateway-error,connect-failure,refused-stream,5xx,retriable-4xx,reset";
const B = "gateway-error,connect-failure,refused-stream,reset";

const ROUTES = {
  member: { timeout: "10s", attempts: 5, perTryTimeout: "3s", retryOn: A },
  content: { timeout: "10s", attempts: 5, perTryTimeout: "3s", retryOn: A },
  timeline: { timeout: "10s", attempts: 5, perTryTimeout: "3s", retryOn: A },
  image: { timeout: "30s", attempts: 3, perTryTimeout: "10s", retryOn: B },
  search: { timeout: "15s", attempts: 5, perTryTimeout: "4s", retryOn: A },
  activity: { timeout: "10s", attempts: 5, perTryTimeout: "3s", retryOn: A },
};

const PATHS = {
  member: ["/api/authentication", "/api/token", "/api/members"],
  content: ["/api/posts", "/api/comments"],
  timeline: ["/api/timeline"],
  activity: ["/api/member-activities"],
  search: ["/api/search"],
  image: ["/api/images"],
};

const CONNECTIONS = {
  member: [100, 100, 500, 10, 3, "30s"],
  content: [100, 100, 500, 10, 3, "30s"],
  timeline: [100, 100, 500, 10, 3, "30s"],
  activity: [100, 100, 500, 10, 3, "30s"],
  search: [120, 120, 550, 10, 3, "45s"],
  image: [150, 150, 600, 5, 2, "60s"],
};

const SAME = { window: 60, up: [50, 2], down: [50, 2] };
const SCALE = {
  member: { max: 12, cpu: 70, memory: 90, ...SAME },
  content: { max: 10, cpu: 70, memory: 90, ...SAME },
  timeline: { max: 10, cpu: 70, memory: 90, ...SAME },
  activity: { max: 10, cpu: 70, memory: 90, ...SAME },
  search: { max: 12, cpu: 65, memory: 90, ...SAME },
  image: { max: 15, cpu: 65, memory: 90, window: 60, up: [50, 2], down: [40, 2] },
  frontend: { max: 15, cpu: 60, memory: 70, window: 0, up: [100, 5], down: [50, 3] },
};

describeRendered("the rules of the mesh", () => {
  for (const overlay of OVERLAYS) {
    const manifests = rendered(`overlays/${overlay}`);

    it.each(Object.entries(ROUTES))(`${overlay}: route of %s`, (group, route) => {
      const { spec } = named(manifests, "VirtualService", `dailyfeed-${group}`);
      const [reads, writes, ...more] = spec.http;
      expect(more).toEqual([]);
      expect(reads.match[0].method).toEqual({ regex: "GET|HEAD" });
      expect(writes.match[0].method).toBeUndefined();
      for (const [rule, retryOn] of [
        [reads, route.retryOn],
        [writes, "connect-failure,refused-stream"],
      ]) {
        expect(rule.timeout).toBe(route.timeout);
        expect(rule.retries).toEqual({
          attempts: route.attempts,
          perTryTimeout: route.perTryTimeout,
          retryOn,
          retryRemoteLocalities: true,
        });
      }
    });

    it.each(Object.entries(PATHS))(`${overlay}: paths of %s`, (group, prefixes) => {
      const { spec } = named(manifests, "VirtualService", `dailyfeed-${group}`);
      const others = Object.entries(PATHS).flatMap(([other, paths]) => (other === group ? [] : paths));
      for (const { match } of spec.http) {
        const path = new RegExp(`^(?:${match[0].uri.regex})$`);
        for (const prefix of prefixes) {
          for (const good of [prefix, `${prefix}/`, `${prefix}/1/like`])
            expect(path.test(good), good).toBe(true);
          expect(path.test(`${prefix}x`)).toBe(false);
        }
        for (const other of others) expect(path.test(`${other}/1`), other).toBe(false);
      }
    });

    it(`${overlay}: everything else goes to the frontend, and nothing that may be a write is sent twice`, () => {
      const { spec } = named(manifests, "VirtualService", "dailyfeed-frontend");
      expect(spec.http).toHaveLength(1);
      expect(spec.http[0]).toMatchObject({
        match: [{ uri: { prefix: "/" } }],
        retries: { retryOn: "connect-failure,refused-stream" },
      });
    });

    it.each(Object.entries(CONNECTIONS))(`${overlay}: connections of %s`, (group, numbers) => {
      const [maxConnections, pending, http2, perConnection, maxRetries, idleTimeout] = numbers;
      const { spec } = named(manifests, "DestinationRule", `dailyfeed-${group}`);
      expect(spec.trafficPolicy.connectionPool).toEqual({
        tcp: {
          maxConnections,
          connectTimeout: "3s",
          tcpKeepalive: { time: "7200s", interval: "75s", probes: 9 },
        },
        http: {
          h2UpgradePolicy: "UPGRADE",
          http1MaxPendingRequests: pending,
          http2MaxRequests: http2,
          maxRequestsPerConnection: perConnection,
          maxRetries,
          idleTimeout,
        },
      });
    });

    it.each(GROUPS)(`${overlay}: outliers of %s`, (group) => {
      const { spec } = named(manifests, "DestinationRule", `dailyfeed-${group}`);
      expect(spec.trafficPolicy.loadBalancer).toEqual({ simple: "LEAST_REQUEST" });
      expect(spec.trafficPolicy.outlierDetection).toEqual({
        consecutive5xxErrors: 5,
        consecutiveGatewayErrors: 3,
        interval: "1m",
        baseEjectionTime: "5m",
        maxEjectionPercent: 50,
        minHealthPercent: 30,
        splitExternalLocalOriginErrors: true,
      });
    });
  }
});

describeRendered("the autoscalers", () => {
  const manifests = rendered("overlays/production");

  it.each(Object.entries(SCALE))("of %s", (group, numbers) => {
    const { spec } = named(manifests, "HorizontalPodAutoscaler", `dailyfeed-${group}`);
    const target = (name: string) =>
      spec.metrics.find(
        (metric: { containerResource: { name: string } }) => metric.containerResource.name === name,
      ).containerResource.target;
    const policies = ([percent, pods]: readonly number[]) => [
      { type: "Percent", value: percent, periodSeconds: 60 },
      { type: "Pods", value: pods, periodSeconds: 60 },
    ];
    expect([spec.minReplicas, spec.maxReplicas]).toEqual([2, numbers.max]);
    expect(spec.metrics).toHaveLength(2);
    expect(target("cpu")).toEqual({ type: "Utilization", averageUtilization: numbers.cpu });
    expect(target("memory")).toEqual({ type: "Utilization", averageUtilization: numbers.memory });
    expect(spec.behavior.scaleUp).toEqual({
      stabilizationWindowSeconds: numbers.window,
      selectPolicy: "Max",
      policies: policies(numbers.up),
    });
    expect(spec.behavior.scaleDown).toEqual({
      stabilizationWindowSeconds: 300,
      selectPolicy: "Min",
      policies: policies(numbers.down),
    });
  });
});
