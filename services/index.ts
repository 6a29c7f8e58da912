import type { ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import type { ServiceName } from "../config/services.ts";
import { highlights, searchIndex } from "../lib/search/engine.ts";
import activityService from "./activity/activity.service.ts";
import apiService from "./api/api.service.ts";
import { type Endpoint, endpointsOf } from "./api/endpoints.ts";
import authService from "./auth/auth.service.ts";
import batchService from "./batch/batch.service.ts";
import contentService from "./content/content.service.ts";
import imageService from "./image/image.service.ts";
import memberService from "./member/member.service.ts";
import searchService from "./search/search.service.ts";
import timelineService from "./timeline/timeline.service.ts";

type ServiceFactory = (config: Config) => ServiceSchema;

/** Every domain service. A new one is added here and in `config/services.ts`; the gateway finds its endpoints. */
const DOMAIN_SERVICES: Partial<Record<ServiceName, ServiceFactory>> = {
  auth: authService,
  member: memberService,
  content: contentService,
  timeline: timelineService,
  activity: activityService,
  image: imageService,
  search: (config) => searchService(config, { makeIndex: searchIndex, highlights }),
  batch: batchService,
};

/** Everything that the mesh publishes, whichever process serves it. */
export function publishedEndpoints(config: Config): Endpoint[] {
  return endpointsOf(Object.values(DOMAIN_SERVICES).map((factory) => factory(config)));
}

/** The services that a process of this configuration runs. */
export function servicesOf(config: Config): ServiceSchema[] {
  return config.mesh.services.flatMap((name) => {
    if (name === "api") return [apiService(config, publishedEndpoints(config))];
    const factory = DOMAIN_SERVICES[name];
    return factory ? [factory(config)] : [];
  });
}
