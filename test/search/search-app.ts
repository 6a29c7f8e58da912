import { ServiceBroker } from "moleculer";
import { vi } from "vitest";
import type { MemberSummaryDto } from "../../contracts/dto/member.ts";
import type { PageOf } from "../../contracts/dto/paging.ts";
import type { CommentDto, PostDto } from "../../contracts/dto/post.ts";
import type { FoundCommentDto, FoundPostDto } from "../../contracts/dto/search.ts";
import { AjvValidator } from "../../lib/validation/ajv-validator.ts";
import contentService from "../../services/content/content.service.ts";
import memberService from "../../services/member/member.service.ts";
import searchService from "../../services/search/search.service.ts";
import type { SearchThis } from "../../services/search/search.types.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { engineOf, MemoryIndex } from "./memory-index.ts";

/** The search service and those it asks, on an index in memory. */
export class SearchApp {
  readonly services: ServiceUnderTest;
  readonly index: MemoryIndex;

  constructor(services: ServiceUnderTest, index: MemoryIndex) {
    this.services = services;
    this.index = index;
  }

  /** `publishing`: whether what is written is indexed, as it is in life. */
  static async start(publishing: "on" | "off", index = new MemoryIndex()): Promise<SearchApp> {
    const services = await startServices(
      { publishing },
      memberService,
      contentService,
      timelineService,
      (config) => searchService(config, engineOf(index)),
    );
    // The service looks once for what the index lacks, in the background: before there is anything.
    await vi.waitUntil(() => index.lookups >= 3, { timeout: 30_000 });
    return new SearchApp(services, index);
  }

  /** A second search on the data of a running one, with an index of its own; it takes no events. */
  static async beside({ services }: SearchApp, index: MemoryIndex): Promise<{ stop(): Promise<void> }> {
    const { config } = services;
    const broker = new ServiceBroker({ logger: false, validator: new AjvValidator(), nodeID: "second" });
    broker.createService(memberService(config));
    broker.createService(contentService(config));
    const noEvents = {
      ...config,
      events: { ...config.events, namespace: `${config.events.namespace}-second` },
    };
    broker.createService(searchService(noEvents, engineOf(index)));
    await broker.start();
    return broker;
  }

  get database() {
    return this.services.database;
  }

  /** The service itself. */
  get search(): SearchThis {
    return this.services.broker.getLocalService("search") as unknown as SearchThis;
  }

  stop(): Promise<void> {
    return this.services.stop();
  }

  member(handle = `m_${crypto.randomUUID().slice(0, 8)}`): Promise<number> {
    return insertMember(this.database, handle);
  }

  post(memberId: number, content: string, title?: string): Promise<PostDto> {
    return this.services.call("content.createPost", { content, ...(title ? { title } : {}) }, memberId);
  }

  comment(memberId: number, postId: number, content: string, parentId?: number): Promise<CommentDto> {
    return parentId
      ? this.services.call("content.createReply", { postId, parentId, content }, memberId)
      : this.services.call("content.createComment", { postId, content }, memberId);
  }

  posts(keyword: string, memberId: number, paging: object = {}): Promise<PageOf<FoundPostDto>> {
    return this.services.call("search.searchPosts", { keyword, ...paging }, memberId);
  }

  comments(keyword: string, memberId: number, paging: object = {}): Promise<PageOf<FoundCommentDto>> {
    return this.services.call("search.searchComments", { keyword, ...paging }, memberId);
  }

  members(keyword: string, memberId: number, paging: object = {}): Promise<PageOf<MemberSummaryDto>> {
    return this.services.call("search.searchMembers", { keyword, ...paging }, memberId);
  }
}

export function idsOf(page: { readonly content: readonly { readonly id: number }[] }): number[] {
  return page.content.map(({ id }) => id);
}
