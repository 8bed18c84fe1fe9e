/** The oldest Terraform, or OpenTofu, that applies these stacks. */
export const terraformVersion = '>= 1.11.0';

/** Upgrading Argo CD is this number: chart 10.1.1 carries Argo CD 3.4.4 (docs/adr/0012). */
export const argoCdChartVersion = '10.1.1';

/** The chart that makes projects and applications once Argo CD's kinds are there. */
export const argoCdAppsChartVersion = '2.0.5';

/** Where both charts are published. */
export const argoCdRepository = 'https://argoproj.github.io/argo-helm';
