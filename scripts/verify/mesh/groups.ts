import { gatewayPlace, type Mesh } from "../events/mesh.ts";
import type { NodeProcess } from "../events/node-process.ts";
import type { Operation } from "../load/operations.ts";

/** The scale-out groups and what a process of each runs, besides its gateway. */
export const GROUPS = {
  member: "auth,member",
  content: "content",
  timeline: "timeline",
  activity: "activity",
  search: "search",
  image: "image",
  batch: "batch",
} as const;

export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[];

/** One process of a group. */
export interface GroupProcess {
  readonly group: GroupName;
  /** Of its gateway. */
  readonly url: string;
  node: NodeProcess;
  /** Starts it again at the same place, after it has ended. */
  restart(): Promise<void>;
}

/** Starts a process of a group in a mesh. */
export async function startGroup(
  mesh: Mesh,
  group: GroupName,
  variables: Readonly<Record<string, string>> = {},
): Promise<GroupProcess> {
  const place = await gatewayPlace();
  const start = () => mesh.start(`api,${GROUPS[group]}`, { ...place.variables, ...variables });
  const started: GroupProcess = {
    group,
    url: place.url,
    node: await start(),
    restart: async () => {
      started.node = await start();
    },
  };
  return started;
}

/** Starts one process of each group, side by side. */
export async function startGroups(
  mesh: Mesh,
  variables: Readonly<Record<string, string>> = {},
): Promise<GroupProcess[]> {
  return Promise.all(GROUP_NAMES.map((group) => startGroup(mesh, group, variables)));
}

export function processOf(processes: readonly GroupProcess[], group: GroupName): GroupProcess {
  const found = processes.find((process) => process.group === group);
  if (!found) throw new Error(`No process of ${group}`);
  return found;
}

const OWNERS: Readonly<Record<Operation, GroupName>> = {
  feed: "timeline",
  recent: "timeline",
  detail: "timeline",
  post: "content",
  comment: "content",
  like: "content",
  search: "search",
  activities: "activity",
  summary: "member",
  logIn: "member",
  upload: "image",
};

/** Sends each request where the ingress does: to the group that owns its path. */
export function ownersOf(processes: readonly GroupProcess[]): (operation: Operation) => string {
  return (operation) => processOf(processes, OWNERS[operation]).url;
}

/** Whose path it is. */
export function ownerOf(operation: Operation): GroupName {
  return OWNERS[operation];
}
