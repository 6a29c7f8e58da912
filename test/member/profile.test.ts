import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemberProfileDto, MemberSummaryDto } from "../../contracts/dto/member.ts";
import memberService from "../../services/member/member.service.ts";
import { insertMember, withdrawMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { statementsOf } from "../support/statements.ts";

let app: ServiceUnderTest;
let minji: number;
let jun: number;
let gone: number;
const LONG_AGO = Date.UTC(2020, 0, 1);
const UNKNOWN = 999_999_999;

beforeAll(async () => {
  app = await startServices(memberService);
  minji = await insertMember(app.database, "Minji_Kim", LONG_AGO);
  jun = await insertMember(app.database, "jun", LONG_AGO);
  gone = await insertMember(app.database, "gone", LONG_AGO);
  await withdrawMember(app.database, gone);
});
afterAll(() => app.stop());

const update = (params: object, memberId = minji) =>
  app.call<MemberProfileDto>("member.updateProfile", params, memberId);
const profile = (memberId: number, readerId: number) =>
  app.call<MemberProfileDto>("member.getProfile", { memberId }, readerId);

test("names, summaries and profiles are found by id and by handle in any case", async () => {
  expect(await app.call("member.getOwnName", {}, minji)).toEqual({ id: minji, name: "Name of Minji_Kim" });
  expect(await app.call("member.getName", { id: jun }, minji)).toEqual({ id: jun, name: "Name of jun" });
  expect(await app.call("member.getOwnSummary", {}, minji)).toMatchObject({
    memberId: minji,
    id: minji,
    memberName: "Minji_Kim",
    handle: "Minji_Kim",
    memberHandle: "Minji_Kim",
    avatarUrl: "no-image",
    following: false,
  });
  expect(await app.call("member.getMemberSummary", { memberId: minji }, jun)).toMatchObject({
    memberName: null,
  });
  for (const handle of ["Minji_Kim", "minji_kim", "MINJI_KIM"]) {
    expect(await app.call("member.getProfileByHandle", { handle }, jun)).toMatchObject({ memberId: minji });
  }
  expect(await app.call("member.getOwnProfile", {}, minji)).toMatchObject({ email: "minji_kim@example.com" });
  expect(await profile(minji, jun)).not.toHaveProperty("email");
});

test("the internal summary is the member's own, whoever calls", async () => {
  const params = { memberId: minji };
  const summary = await app.call<MemberSummaryDto>("member.getSummary", params);
  expect(summary).toMatchObject({ memberId: minji, memberName: "Minji_Kim", following: false });
});

test("unknown and withdrawn members are not found", async () => {
  for (const id of [UNKNOWN, gone]) {
    for (const [action, params] of [
      ["getName", { id }],
      ["getProfile", { memberId: id }],
      ["getMemberSummary", { memberId: id }],
      ["getSummary", { memberId: id }],
      ["listFollowers", { memberId: id }],
      ["listFollowings", { memberId: id }],
      ["getFollowersFollowings", { memberId: id }],
      ["follow", { memberId: id }],
      ["unfollow", { memberId: id }],
    ] as const) {
      await expect(app.call(`member.${action}`, params, minji), action).rejects.toMatchObject({
        type: "MEMBER_NOT_FOUND",
        code: 404,
      });
    }
  }
  for (const handle of ["gone", "nobody", "jun ", "", "이름"]) {
    await expect(app.call("member.getProfileByHandle", { handle }, minji), handle).rejects.toMatchObject({
      type: "MEMBER_NOT_FOUND",
    });
  }
  for (const action of ["getOwnName", "getOwnProfile", "getOwnSummary"]) {
    await expect(app.call(`member.${action}`, {}, gone)).rejects.toMatchObject({ type: "MEMBER_NOT_FOUND" });
  }
  await expect(update({ bio: "x" }, gone)).rejects.toMatchObject({ type: "MEMBER_NOT_FOUND" });
  await expect(app.call("member.changeHandle", { newHandle: "ghost" }, gone)).rejects.toMatchObject({
    type: "MEMBER_NOT_FOUND",
  });
});

test("an update stores what is given, keeps the rest, and clears what is empty", async () => {
  const given = {
    memberName: "김민지",
    displayName: "  민지 😀 ",
    bio: "line\nline",
    location: "Seoul",
    websiteUrl: "https://example.com",
    birthDate: "1999-12-31",
    gender: "FEMALE",
    timezone: "Asia/Seoul",
    languageCode: "ko",
    countryCode: "KR",
    privacyLevel: "PRIVATE",
    avatarUrl: "/api/proxy/images/view/0f1e2d",
    coverUrl: "https://example.com/c.png",
  };
  const stored = await update({ ...given, isActive: false, verificationStatus: "VERIFIED" });
  expect(stored).toMatchObject({ ...given, isActive: true, verificationStatus: "UNVERIFIED" });
  expect(stored.profileCompletionScore).toBe(100);
  expect(Date.parse(stored.updatedAt)).toBeGreaterThan(LONG_AGO);
  expect(Date.parse(stored.createdAt)).toBe(LONG_AGO);

  const kept = await update({ bio: null, displayName: "", gender: "", languageCode: "", privacyLevel: "" });
  expect(kept).toMatchObject({
    ...given,
    displayName: "Minji_Kim",
    gender: null,
    languageCode: "en",
    profileCompletionScore: 80,
  });
  expect(await app.call("member.getOwnName", {}, minji)).toEqual({ id: minji, name: "Minji_Kim" });
});

test("an update without changes leaves updatedAt, and previous pictures never fail it", async () => {
  const before = await app.call<MemberProfileDto>("member.getOwnProfile", {}, jun);
  expect(before.updatedAt).toBe(new Date(LONG_AGO).toISOString());
  expect(await update({ bio: null }, jun)).toEqual(before);
  expect(await update({ previousAvatarUrl: ["/api/images/view/no-such", "nonsense"] }, jun)).toEqual(before);
});

test.each([
  { memberName: "" },
  { displayName: 5 },
  { avatarUrl: "//x.example/a" },
  { previousAvatarUrl: "x" },
])("a wrong update is refused: %j", async (params) => {
  await expect(update(params)).rejects.toMatchObject({ type: "VALIDATION_ERROR", code: 400 });
});

test("FRIENDS shows private fields only while both follow each other, in one statement", async () => {
  const owner = await insertMember(app.database, "friendly");
  await update({ location: "Busan", privacyLevel: "FRIENDS" }, owner);
  expect(await profile(owner, jun)).toMatchObject({ location: null, memberName: null });
  await app.call("member.follow", { memberId: owner }, jun);
  expect(await profile(owner, jun)).toMatchObject({ location: null, following: true });
  await app.call("member.follow", { memberId: jun }, owner);
  const statements = await statementsOf(app.database, async () => {
    expect(await profile(owner, jun)).toMatchObject({ location: "Busan", memberName: "friendly" });
  });
  expect(statements).toHaveLength(1);
  await app.call("member.unfollow", { memberId: owner }, jun);
  expect(await profile(owner, jun)).toMatchObject({ location: null, memberName: null });
});

test("a handle changes, also only in case, and the old one is free again", async () => {
  const id = await insertMember(app.database, "first");
  expect(await app.call("member.changeHandle", { newHandle: "Second" }, id)).toBe("Second");
  expect(await app.call("member.changeHandle", { newHandle: "SECOND" }, id)).toBe("SECOND");
  expect(await app.call("member.changeHandle", { newHandle: "SECOND" }, id)).toBe("SECOND");
  expect(await app.call("member.getMemberSummary", { memberId: id }, jun)).toMatchObject({
    handle: "SECOND",
  });
  expect(await app.call("member.changeHandle", { newHandle: "FIRST" }, jun)).toBe("FIRST");
  await expect(app.call("member.changeHandle", { newHandle: "first" }, id)).rejects.toMatchObject({
    type: "MEMBER_HANDLE_ALREADY_EXISTS",
    code: 400,
  });
  await expect(app.call("member.changeHandle", { newHandle: "a b" }, id)).rejects.toMatchObject({
    type: "VALIDATION_ERROR",
  });
});

test("of 20 members who take one handle at the same time, one gets it", async () => {
  const ids: number[] = [];
  for (let index = 0; index < 20; index++) ids.push(await insertMember(app.database, `racer_${index}`));
  const results = await Promise.allSettled(
    ids.map((id, index) =>
      app.call("member.changeHandle", { newHandle: index % 2 ? "Winner" : "winner" }, id),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason.type] : []));
  expect(new Set(errors)).toEqual(new Set(["MEMBER_HANDLE_ALREADY_EXISTS"]));
});
