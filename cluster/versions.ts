/** The oldest Terraform, or OpenTofu, that applies these stacks. */
export const terraformVersion = '>= 1.11.0';

/** Upgrading Argo CD is this number: chart 10.1.1 carries Argo CD 3.4.4 (docs/adr/0012). */
export const argoCdChartVersion = '10.1.1';

/** The chart that makes projects and applications once Argo CD's kinds are there. */
export const argoCdAppsChartVersion = '2.0.5';

/** The chart of the admission controller: 0.10.6 carries policy-controller 0.13.1 (docs/adr/0070). */
export const policyControllerChartVersion = '0.10.6';

/** Its image, as that chart names it. */
export const policyControllerDigest = 'sha256:0bcd60beb93f4427c29cf3a669743caf58490e98ded4380c33c09f092734a6ab';

/** Where that chart is published. */
export const policyControllerRepository = 'https://sigstore.github.io/helm-charts';

/** Where both charts of Argo CD are published. */
export const argoCdRepository = 'https://argoproj.github.io/argo-helm';
