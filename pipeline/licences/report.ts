import type { Package } from './packages.ts';

/** The licences in Markdown: how many packages are under each, and every package that ships. */
export function licenceReport(packages: readonly Package[]): string {
  const licences = [...new Set(packages.map(({ licence }) => licence))].toSorted();
  const rows = licences.map((licence) => {
    const under = packages.filter((found) => found.licence === licence);
    const ships = under.filter((found) => found.ships).length;
    return `| ${licence} | ${ships} | ${under.length - ships} |\n`;
  });
  const shipped = packages
    .filter(({ ships }) => ships)
    .map((found) => `| ${found.name} ${found.version} | ${found.licence} |\n`);
  return [
    '### Licences\n\n| licence | packages in the image | tools |\n| --- | --- | --- |\n',
    ...rows,
    '\n<details><summary>In the image</summary>\n\n| package | licence |\n| --- | --- |\n',
    ...shipped,
    '\n</details>\n',
  ].join('');
}
