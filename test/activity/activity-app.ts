import type { FollowedActivityDto, MemberActivityDto } from "../../contracts/dto/activity.ts";
import type { ScrollOf } from "../../contracts/dto/paging.ts";
import type { CommentDto, PostDto } from "../../contracts/dto/post.ts";
import type { RecordedEvent } from "../../lib/documents/activity-record.ts";
import { MAX_BATCH } from "../../lib/documents/activity-repository.ts";
import activityService from "../../services/activity/activity.service.ts";
import contentService from "../../services/content/content.service.ts";
import memberService from "../../services/member/member.service.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

/** The activity service and those it asks. */
export class ActivityApp {
  readonly services: ServiceUnderTest;

  constructor(services: ServiceUnderTest) {
    this.services = services;
  }

  static async start(): Promise<ActivityApp> {
    return new ActivityApp(await startServices(activityService, contentService, memberService));
  }

  get database() {
    return this.services.database;
  }

  stop(): Promise<void> {
    return this.services.stop();
  }

  call<T = MemberActivityDto>(action: string, params: object, memberId: number): Promise<T> {
    return this.services.call<T>(`activity.${action}`, params, memberId);
  }

  member(): Promise<number> {
    return insertMember(this.database, `member_${crypto.randomUUID().slice(0, 8)}`);
  }

  follow(followerId: number, memberId: number): Promise<unknown> {
    return this.services.call("member.follow", { memberId }, followerId);
  }

  post(memberId: number): Promise<PostDto> {
    return this.services.call("content.createPost", { content: "A post" }, memberId);
  }

  comment(memberId: number, postId: number): Promise<CommentDto> {
    return this.services.call("content.createComment", { postId, content: "A comment" }, memberId);
  }

  /** Lets events happen, as if they came by a call. */
  async happen(...events: readonly RecordedEvent[]): Promise<void> {
    const messages = events.map(({ messageKey, at, ...fields }) => {
      const time = new Date(at).toISOString();
      return { key: messageKey, value: JSON.stringify({ ...fields, createdAt: time, updatedAt: time }) };
    });
    let recorded = 0;
    for (let start = 0; start < messages.length; start += MAX_BATCH) {
      const batch = { messages: messages.slice(start, start + MAX_BATCH) };
      recorded += (await this.services.call<{ recorded: number }>("activity.applyEvents", batch)).recorded;
    }
    if (recorded !== events.length)
      throw new Error(`Only ${recorded} of ${events.length} events were recorded`);
  }

  own(memberId: number, paging: object = {}): Promise<ScrollOf<MemberActivityDto>> {
    return this.call("listOwnActivities", paging, memberId);
  }

  banner(memberId: number, paging: object = {}): Promise<ScrollOf<FollowedActivityDto>> {
    return this.call("listFollowingsActivities", paging, memberId);
  }
}

/** All rows of a list, walked page by page by cursor or by number. */
export async function walk<T>(
  by: "cursor" | "page",
  read: (paging: object) => Promise<ScrollOf<T>>,
  size: number,
): Promise<T[][]> {
  const pages: T[][] = [];
  for (let cursor: string | null = null, page = 0; ; page++) {
    const scroll: ScrollOf<T> = await read(by === "cursor" && cursor ? { size, cursor } : { size, page });
    pages.push(scroll.content);
    cursor = scroll.nextCursor;
    if (!scroll.hasNext) return pages;
  }
}
