import type { ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import { SERVICE_NAMES, type ServiceName } from "../config/services.ts";

type ServiceFactory = (config: Config) => ServiceSchema;

/** Every domain service. A new one is added here and in `config/services.ts`; the gateway finds its endpoints. */
const DOMAIN_SERVICES: Partial<Record<ServiceName, ServiceFactory>> = {};

/** The services that a process of this configuration runs. */
export function servicesOf(config: Config): ServiceSchema[] {
  const all = SERVICE_NAMES.flatMap((name) => {
    const schema = DOMAIN_SERVICES[name]?.(config);
    return schema ? [{ name, schema }] : [];
  });
  return all.filter(({ name }) => config.mesh.services.includes(name)).map(({ schema }) => schema);
}
