import { isLabel, labelRule, says } from '../value.ts';
import { defaultName } from './resolve.ts';

/** What an owner gave, not checked yet. */
type Given = Readonly<Record<string, unknown>>;

// A service account's id has at most 30 characters, and the longest made here is `<name>-verify`.
const longestName = 23;

/** The project, the region, the zone and the size: where the cluster is. */
export function* placeProblems(google: Given): Generator<string> {
  const { project, region, size, zone } = google;
  if (typeof project !== 'string' || !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) {
    yield `google.project ${says(project)}, expected a project id: 6 to 30 lower case letters, digits and hyphens, a letter first.`;
  }
  if (typeof region !== 'string' || !/^[a-z]+-[a-z]+\d{1,2}$/.test(region)) {
    yield `google.region ${says(region)}, expected a region such as 'europe-west1', not a zone.`;
  }
  if (size !== undefined && size !== 'production' && size !== 'demo') {
    yield `google.size ${says(size)}, expected production or demo.`;
  }
  if (zone === undefined) return;
  if (size !== 'demo') {
    yield `google.zone ${says(zone)}, but a production cluster takes three zones of its region. Leave it out, or set google.size to demo.`;
  } else if (typeof zone !== 'string' || !/^[a-f]$/.test(zone.slice(`${String(region)}-`.length))) {
    yield `google.zone ${says(zone)}, expected a zone of google.region such as '${String(region)}-b'.`;
  } else if (!zone.startsWith(`${String(region)}-`)) {
    yield `google.zone is '${zone}', which is not in ${String(region)}. Use one of google.region's, such as '${String(region)}-b'.`;
  }
}

/** The names that are given to Google, within what it takes. */
export function* nameProblems(google: Given): Generator<string> {
  const { name, project, stateBucket } = google;
  if (name !== undefined && !isLabel(name, longestName)) {
    yield `google.name ${says(name)}, expected a name of ${labelRule(longestName)}: a service account's id, such as <name>-verify, has at most 30.`;
  }
  if (typeof name === 'string' && /^gcp(?:-|$)/.test(name)) {
    yield `google.name is '${name}', but Google keeps names of identity pools that begin with 'gcp-' for itself. Choose another.`;
  }
  if (stateBucket === undefined) {
    const made = `${String(project)}-${typeof name === 'string' ? name : defaultName}-state`;
    if (made.includes('goog')) {
      yield `google.stateBucket is missing, and its default '${made}' holds 'goog', which Google keeps for itself. Name a bucket.`;
    }
  } else if (typeof stateBucket !== 'string' || !/^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/.test(stateBucket)) {
    yield `google.stateBucket ${says(stateBucket)}, expected 3 to 63 lower case letters, digits, hyphens and underscores.`;
  } else if (stateBucket.includes('goog')) {
    yield `google.stateBucket is '${stateBucket}', but Google keeps names with 'goog' for itself. Choose another.`;
  }
}
