/**
 * What a node has counted since its start.
 * @returns the sum over the labels of a metric
 * @throws Error when it doesn't answer
 */
export async function countOf(port: number, metric: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (!response.ok) throw new Error(`the metrics at ${port} answered ${response.status}`);
  const lines = (await response.text()).split("\n").filter((line) => new RegExp(`^${metric}[ {]`).test(line));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
