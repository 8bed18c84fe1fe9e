type Attributes = Readonly<Record<string, string | number>>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// XML allows no control characters but these three, and a pod's last words may bring others.
const unprintable = /[^\P{Cc}\t\n\r]/gu;

/** Text as it may stand in HTML, SVG and XML, in an attribute too. */
export function escape(text: string): string {
  return text.replace(unprintable, '').replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** An element of HTML, SVG or XML. Attributes are escaped; children are markup, text among them escaped by the caller. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(rounded(value)))}"`);
  const opening = `<${name}${written.join('')}`;
  return children.length === 0 ? `${opening}/>` : `${opening}>${children.join('')}</${name}>`;
}

/** A tenth of a pixel is as fine as a screen shows, and keeps the files small. */
function rounded(value: string | number): string | number {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}
