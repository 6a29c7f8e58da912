import { type Check, unmet } from "./check.ts";
import { GROUP_NAMES, type GroupName } from "./design.ts";
import type { Pod } from "./pod.ts";

const READS: Readonly<Partial<Record<GroupName, string>>> = {
  member: "/members/summary",
  timeline: "/timeline/posts",
  activity: "/member-activities",
  search: "/search/posts?keyword=feed",
};
const SAME = "/members/summary";

/** A token from member's gateway is good in every group's: by path through the ingress, and the same request to each. */
export const signedIn: Check = async ({ stage }) => {
  for (const group of GROUP_NAMES) await stage.deploy(group, ["v1"]);
  const gateway = await stage.openGateway();
  const token = stage.member.accessToken;
  const figures: Record<string, string> = {};
  const differences: string[] = [];
  try {
    for (const [group, path] of Object.entries(READS) as [GroupName, string][]) {
      const [pod] = stage.product.pods[group] as readonly [Pod];
      const known = await gateway.client.send(path, { token });
      const stranger = await gateway.client.send(path);
      figures[`GET ${path} through the ingress`] = `${known.status}, without a token ${stranger.status}`;
      differences.push(
        ...unmet(
          [known.status === 200 && pod.hits.reads === 2, `${path}: ${known.status} from ${group}`],
          [stranger.status === 401, `${path} without a token: ${stranger.status}`],
        ),
      );
    }
    const [rest] = stage.product.pods.frontend as readonly [Pod];
    stage.count([rest]);
    const unknown = await gateway.client.send("/unknown", { token });
    figures["GET /api/unknown through the ingress"] = `${unknown.status} from the frontend's gateway`;
    differences.push(...unmet([rest.hits.reads === 1, "a path of no group does not reach the frontend"]));
    const answers = await Promise.all(
      [...GROUP_NAMES, "frontend" as const].map(async (group) => {
        const [pod] = stage.product.pods[group] as readonly [Pod];
        const response = await fetch(`http://127.0.0.1:${pod.port}/api${SAME}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const { data } = (await response.json()) as { data?: { id?: number } };
        return { group, status: response.status, text: JSON.stringify(data) };
      }),
    );
    figures[`the same GET ${SAME} to each group's sidecar`] = answers
      .map(({ group, status }) => `${group} ${status}`)
      .join(", ");
    for (const { group, status, text } of answers) {
      const isSame = status === 200 && text === answers[0]?.text;
      if (!isSame) differences.push(`${group}'s gateway answers ${status} ${text.slice(0, 200)}`);
    }
    return { figures, differences };
  } finally {
    await gateway.close();
  }
};
