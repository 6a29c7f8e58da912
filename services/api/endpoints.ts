import type { ServiceSchema } from "moleculer";
import type { PublishedAction, RestEndpoint } from "../../contracts/action.ts";

/** One path of a published action. An action with aliases makes several endpoints. */
export interface Endpoint extends PublishedAction {
  /** Full name, such as `content.createPost`. */
  readonly action: string;
  readonly method: RestEndpoint["method"];
  /** Under `/api`, with `{name}` for parameters. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  /** The first path of the action; false for its aliases. */
  readonly isMainPath: boolean;
}

/** Every endpoint that the schemas publish, literal paths before those with parameters in the same place. */
export function endpointsOf(schemas: readonly ServiceSchema[]): Endpoint[] {
  return schemas.flatMap(endpointsOfService).sort(byPrecedence);
}

function endpointsOfService(schema: ServiceSchema): Endpoint[] {
  return Object.entries(schema.actions ?? {}).flatMap(([name, definition]) => {
    const action: Partial<PublishedAction> = Object(definition);
    if (!isPublished(action)) return [];
    return [action.rest.path].flat().map((path, index) => ({
      ...action,
      action: `${schema.name}.${name}`,
      method: action.rest.method,
      path,
      pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1])),
      isMainPath: index === 0,
    }));
  });
}

function isPublished(action: Partial<PublishedAction>): action is PublishedAction {
  return typeof action.rest === "object";
}

/** `/a/b` before `/a/@{x}` before `/a/{x}`, whatever stands behind. */
function byPrecedence(a: Endpoint, b: Endpoint): number {
  const [left, right] = [a.path.split("/"), b.path.split("/")];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = openness(left[index]) - openness(right[index]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || a.path.localeCompare(b.path);
}

function openness(segment = ""): number {
  if (segment.startsWith("{")) return 2;
  return segment.includes("{") ? 1 : 0;
}

/** Tells which methods a path knows, for 405. */
export class AllowedMethods {
  readonly #paths: { readonly pattern: RegExp; readonly method: string }[];

  /** `paths`: method and full path with `{name}` for parameters. */
  constructor(paths: readonly { readonly method: string; readonly path: string }[]) {
    this.#paths = paths.map(({ method, path }) => ({
      method,
      pattern: new RegExp(
        `^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}/?$`,
        "i",
      ),
    }));
  }

  /** Empty when nothing is at this path. */
  of(path: string): string[] {
    const methods = new Set(
      this.#paths.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method),
    );
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods].sort();
  }
}
