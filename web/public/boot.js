// Before the first paint: the theme that this browser chose.
try {
  const theme = localStorage.getItem("dailyfeed.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {}
