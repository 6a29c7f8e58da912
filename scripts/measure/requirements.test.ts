import { expect, it } from "vitest";
import { requirementsOf } from "./requirements.ts";

it("a pod with its share of work stands at its autoscaler's target, rounded up", () => {
  expect(requirementsOf({ cpu: 140, memory: 180 }, { cpu: 70, memory: 90 })).toEqual({
    cpu: "200m",
    memory: "256Mi",
    memoryLimit: "512Mi",
  });
  expect(requirementsOf({ cpu: 141, memory: 200 }, { cpu: 70, memory: 70 })).toEqual({
    cpu: "250m",
    memory: "352Mi",
    memoryLimit: "704Mi",
  });
});
