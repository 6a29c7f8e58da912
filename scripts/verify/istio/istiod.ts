import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Program } from "./program.ts";

/** Neither certificates nor the filters that only Istio's own build of Envoy has. */
const ENVIRONMENT = {
  PILOT_CERT_PROVIDER: "none",
  ENABLE_CA_SERVER: "false",
  XDS_AUTH: "false",
  PILOT_ENABLE_ALPN_FILTER: "false",
  PILOT_ENABLE_METADATA_EXCHANGE: "false",
  POD_NAME: "istiod-0",
  POD_NAMESPACE: "istio-system",
  CLUSTER_ID: "Kubernetes",
};

/**
 * Starts istiod on a control plane; it takes the port given and the three after it.
 * @returns the program, whose discovery listens at `port`
 * @throws Error with what it printed
 */
export async function startIstiodOrThrow(folder: string, kubeconfig: string, port: number): Promise<Program> {
  const mesh = join(folder, "mesh.json");
  const discoveryAddress = `127.0.0.1:${port}`;
  await writeFile(
    mesh,
    JSON.stringify({
      trustDomain: "cluster.local",
      enableAutoMtls: false,
      defaultConfig: { discoveryAddress },
    }),
  );
  const options = {
    kubeconfig,
    meshConfig: mesh,
    grpcAddr: discoveryAddress,
    httpAddr: `127.0.0.1:${port + 1}`,
    monitoringAddr: `127.0.0.1:${port + 2}`,
    ctrlz_address: "127.0.0.1",
    ctrlz_port: String(port + 3),
    httpsAddr: "",
    secureGRPCAddr: "",
  };
  return Program.startOrThrow("istiod", {
    args: ["discovery", ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
    folder,
    environment: ENVIRONMENT,
    readyUrl: `http://127.0.0.1:${port + 1}/ready`,
  });
}
