/** Every service, in the order in which they start. `SERVICES` picks from these. */
export const SERVICE_NAMES = [
  "auth",
  "member",
  "content",
  "timeline",
  "activity",
  "image",
  "search",
  "batch",
  "api",
] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];
