/** Drawn for dailyfeed on a grid of 24, with a stroke of 1.75. */
const PATHS = {
  home: "M4 11.2 12 4.5l8 6.7M6 9.8V19h12V9.8",
  search: "M11 17.5a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13ZM16 16l4 4",
  activity: "M4 13h3.5L10 6l4 12 2.5-5H20",
  person: "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM5 20c.6-3.4 3.4-5.5 7-5.5s6.4 2.1 7 5.5",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM9 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  heart: "M12 19.5C7 16 4 13 4 9.3A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.3C20 13 17 16 12 19.5Z",
  comment: "M5 5.5h14v10.5H11l-4.5 3.5V16H5V5.5Z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  back: "M11 5.5 4.5 12l6.5 6.5M5 12h15",
  close: "M6 6l12 12M18 6 6 18",
  pen: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5l-4 1ZM14 7l3 3",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5",
  link: "M10 14a4 4 0 0 0 6 .4l2.5-2.5a4 4 0 0 0-5.7-5.7L11.5 7.5M14 10a4 4 0 0 0-6-.4l-2.5 2.5a4 4 0 0 0 5.7 5.7l1.3-1.3",
  check: "M5 12.5l4.5 4.5L19 7.5",
  up: "M12 19V5.5M6 11l6-5.5L18 11",
  reply: "M10 6 4.5 11.5 10 17M5 11.5h8a6 6 0 0 1 6 6V18",
  out: "M14 5H6v14h8M10.5 12H20M16.5 8.5 20 12l-3.5 3.5",
  pin: "M12 20.5s-6-5.4-6-10a6 6 0 0 1 12 0c0 4.6-6 10-6 10ZM12 12.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  offline: "M4 4l16 16M5 10.5a11 11 0 0 1 4-2.3M19 10.5a11 11 0 0 0-6.5-2.9M8 14a6 6 0 0 1 4-1.7M12 18h.01",
  alert: "M12 4 2.8 19.5h18.4L12 4ZM12 10v4M12 17h.01",
  verified:
    "M12 3.5l2.2 1.7 2.8-.2.7 2.7 2.3 1.6-1 2.6 1 2.6-2.3 1.6-.7 2.7-2.8-.2L12 20.3l-2.2-1.7-2.8.2-.7-2.7L4 14.5l1-2.6-1-2.6 2.3-1.6.7-2.7 2.8.2L12 3.5ZM9 12l2.2 2.2L15.2 10",
  keyboard: "M3.5 6.5h17v11h-17v-11ZM7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8",
  picture: "M4 5h16v14H4V5ZM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.5h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({
  name,
  size = 22,
  filled = false,
}: {
  name: IconName;
  size?: number;
  filled?: boolean;
}) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill={filled ? "currentColor" : "none"}
        stroke="currentColor"
        strokeWidth={name === "more" ? 2.5 : 1.75}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path d="M8 19a8 8 0 0 1 16 0" fill="var(--on-accent)" opacity="0.72" />
      <path d="M5.5 19.5h21M9 24h14" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
