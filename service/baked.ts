import type { Faults } from './faults.ts';

// bundle.ts puts the values in place of these names; outside a bundle they don't exist.
declare const BAKED_VERSION: string;
declare const BAKED_REVISION: string;
declare const BAKED_FAULTS: Faults;

/** What was decided when the bundle was built, so that only a new image can change it, never a manifest. */
export const baked = { version: BAKED_VERSION, revision: BAKED_REVISION, faults: BAKED_FAULTS };
