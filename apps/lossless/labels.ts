/** The label that the Service, the Deployment, its budget and its network policy select pods by. Selectors can't change. */
export function selectorLabels(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name };
}
