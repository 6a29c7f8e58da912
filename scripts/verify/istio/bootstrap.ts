export interface EnvoyOptions {
  readonly name: string;
  readonly kind: "router" | "sidecar";
  /** By which istiod finds the services that it is a pod of. */
  readonly address: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly adminPort: number;
  /** Of istiod. */
  readonly discoveryPort: number;
  readonly folder: string;
}

/** What an Envoy starts with: who it is, and where istiod is. */
export function bootstrap({
  name,
  kind,
  address,
  namespace,
  labels,
  adminPort,
  discoveryPort,
}: EnvoyOptions): object {
  const http2 = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  const ads = { ads: {}, resource_api_version: "V3" };
  return {
    node: {
      id: `${kind}~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `${name}.${namespace}`,
      metadata: {
        NAMESPACE: namespace,
        ISTIO_VERSION: "1.31.0",
        LABELS: labels,
        WORKLOAD_NAME: name,
        CLUSTER_ID: "Kubernetes",
        MESH_ID: "cluster.local",
        INTERCEPTION_MODE: "NONE",
      },
    },
    admin: { address: socketAddress(adminPort) },
    dynamic_resources: {
      ads_config: {
        api_type: "GRPC",
        transport_api_version: "V3",
        set_node_on_first_message_only: true,
        grpc_services: [{ envoy_grpc: { cluster_name: "xds-grpc" } }],
      },
      lds_config: ads,
      cds_config: ads,
    },
    static_resources: {
      clusters: [
        {
          name: "xds-grpc",
          type: "STATIC",
          connect_timeout: "1s",
          typed_extension_protocol_options: {
            [http2]: {
              "@type": `type.googleapis.com/${http2}`,
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
          load_assignment: {
            cluster_name: "xds-grpc",
            endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(discoveryPort) } }] }],
          },
        },
      ],
    },
  };
}

function socketAddress(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
